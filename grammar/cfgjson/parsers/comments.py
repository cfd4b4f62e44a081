"""How the real readers take comments out before they parse, each in its own way.

The old readers run the text through JSMin (class ``JSMin`` of Felix Configurator, after Douglas Crockford), which
also turns control characters into blanks and knows three kinds of quotes and regular expressions. The new ones
have removers of their own (class ``JsonSupport`` of Felix CM JSON 1.x and 2.x), for which a quote after any
backslash is an escaped one. Everything here is linear in the length of the text.
"""

from __future__ import annotations

from grammar import patterns
from grammar.java import units as java

_BUFFER = 64 * 1024
"""johnzon asks the remover of CM JSON 2.x for this many characters at a time."""

_EOF = ""
_OPENERS = frozenset("{[(+-!~")
_CLOSERS = frozenset("}])+-\"'`")
_QUOTES = frozenset("\"'`")
_SIGNS = frozenset("+-*/")
_BEFORE_REGEX = frozenset("(,=:[!&|?+-~*/{\n")
_CONTROL = patterns.lazy("[\x00-\x09\x0b-\x1f]")
_WORD = patterns.lazy(r"[a-zA-Z0-9_$\\\x7f-\U0010ffff]")


class CommentError(Exception):
    """The remover itself gives up, and with it the reader."""


def jsmin(text: str) -> str:
    """The text as JSMin leaves it.

    Raises:
        CommentError: an unterminated comment, string or regular expression.
    """
    return _JsMin(text).run()


class _JsMin:
    """Two characters of look-ahead, A and B; a string counts as one character."""

    def __init__(self, text: str) -> None:
        self._text = _CONTROL.sub(lambda found: "\n" if found[0] == "\r" else " ", text)
        self._at = 0
        self._out: list[str] = []
        self._a = "\n"
        self._b = self._x = self._y = _EOF

    def run(self) -> str:
        self._read_b()
        while self._a != _EOF:
            keep_a, keep_b = self._verdict()
            if keep_a:
                self._write_a()
            if keep_b:
                self._b_to_a()
            self._read_b()
        return "".join(self._out)

    def _verdict(self) -> tuple[bool, bool]:
        """Whether A is written, and whether B moves on to A or is dropped."""
        a, b = self._a, self._b
        if a == "\n":
            return (False, False) if b == " " else (b in _OPENERS or bool(_WORD.match(b)), True)
        if b == " " or (b == "\n" and a not in _CLOSERS):
            return False, False
        return True, True

    def _write_a(self) -> None:
        self._out.append(self._a)
        if self._y in ("\n", " ") and self._a in _SIGNS and self._b in _SIGNS:
            self._out.append(self._y)

    def _b_to_a(self) -> None:
        self._a = self._b
        if self._a not in _QUOTES:
            return
        while True:
            self._out.append(self._a)
            self._a = self._get()
            if self._a == self._b:
                return
            if self._a == "\\":
                self._out.append(self._a)
                self._a = self._get()
            if self._a == _EOF:
                raise CommentError("Unterminated string literal.")

    def _read_b(self) -> None:
        self._b = self._next()
        if self._b == "/" and self._a in _BEFORE_REGEX:
            self._regular_expression()
            self._b = self._next()

    def _regular_expression(self) -> None:
        """Copied as it is, because to JavaScript a slash after these characters begins one."""
        self._out.append(self._a + (" " if self._a in ("/", "*") else "") + self._b)
        while True:
            self._a = self._get()
            if self._a == "[":
                self._character_set()
            elif self._a == "/":
                if self._peek() in ("/", "*"):
                    raise CommentError("Unterminated set in Regular Expression literal.")
                return
            elif self._a == "\\":
                self._out.append(self._a)
                self._a = self._get()
            elif self._a == _EOF:
                raise CommentError("Unterminated Regular Expression literal.")
            self._out.append(self._a)

    def _character_set(self) -> None:
        while True:
            self._out.append(self._a)
            self._a = self._get()
            if self._a == "]":
                return
            if self._a == "\\":
                self._out.append(self._a)
                self._a = self._get()
            if self._a == _EOF:
                raise CommentError("Unterminated set in Regular Expression literal.")

    def _get(self) -> str:
        char = self._peek()
        self._at += 1
        return char

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _next(self) -> str:
        char = self._get()
        if char == "/" and self._peek() == "/":
            end = self._text.find("\n", self._at)
            char = _EOF if end < 0 else "\n"
            self._at = len(self._text) if end < 0 else end + 1
        elif char == "/" and self._peek() == "*":
            end = self._text.find("*/", self._at + 1)
            if end < 0:
                raise CommentError("Unterminated comment.")
            char, self._at = " ", end + 2
        self._y, self._x = self._x, char
        return char


_SPECIAL = patterns.lazy('["/]')


def without_comments_1(text: str) -> str:
    """The text as CM JSON 1.x (installer core 3.11.4 to 3.12) parses it.

    The character after a comment is not looked at, so a quote or a comment there is not noticed; line breaks of a
    block comment stay.
    """
    out: list[str] = []
    at, inside = 0, False
    while (found := _SPECIAL.search(text, at)) is not None:
        start = found.start()
        out.append(text[at:start])
        at = start + 1
        if found[0] == '"':
            previous = text[start - 1] if start > 0 else ""
            inside ^= previous != "\\"
            out.append('"')
            continue
        following = text[at : at + 1]
        if inside or following not in ("/", "*") or not following:
            out.append("/")
            continue
        kept, at = _comment_1(text, start)
        out.append(kept)
    return "".join([*out, text[at:]])


def _comment_1(text: str, start: int) -> tuple[str, int]:
    """What stays of a comment, the unexamined character after it included, and where reading goes on."""
    if text[start + 1] == "/":
        end = text.find("\n", start + 2)
        return ("", len(text)) if end < 0 else ("\n", end + 1)
    end = text.find("*/", start + 1)
    if end < 0:
        return text[start:], len(text)
    lines = text.count("\n", start, end)
    return ("\n" * lines, end + 2) if lines else (text[end + 2 : end + 3], end + 3)


def without_comments_2(text: str) -> str:
    """The text as CM JSON 2.0.6 (installer core 3.14.2) parses it.

    A chunk of which nothing is left looks like the end of the file to johnzon, and a slash is held back until the
    next character that is neither a quote nor in a string.
    """
    units = java.to_units(text)
    remover = _Remover()
    out: list[str] = []
    for start in range(0, len(units), _BUFFER):
        kept = remover.feed(units[start : start + _BUFFER])
        if not kept:
            break
        out.append(kept)
    return java.from_units("".join(out))


class _Remover:
    """The state that outlives a chunk."""

    def __init__(self) -> None:
        self._in_string = False
        self._comment = ""
        """``/`` in a line comment, ``*`` in a block comment."""
        self._held_slash = False
        self._old = ""

    def feed(self, chunk: str) -> str:
        """What is left of the next chunk."""
        out: list[str] = []
        for char in chunk:
            out.append(self._in_comment(char) if self._comment else self._outside(char))
            self._old = char
        return "".join(out)

    def _in_comment(self, char: str) -> str:
        if char == "\n":
            if self._comment == "/":
                self._comment = ""
            return char
        if self._comment == "*" and char == "/" and self._old == "*":
            self._comment = ""
        return ""

    def _outside(self, char: str) -> str:
        if char == '"':
            self._in_string ^= self._old != "\\"
            return char
        if self._in_string:
            return char
        if char == "/":
            self._comment = "/" if self._old == "/" else ""
            self._held_slash = not self._comment
            return ""
        if char == "*":
            if self._old != "/":
                return char
            self._comment, self._held_slash = "*", False
            return ""
        if self._held_slash:
            self._held_slash = False
            return "/" + char
        return char
