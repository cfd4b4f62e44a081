"""Models of the two Felix readers of ``.config``: what AEM loads, computed for any bytes.

``org.apache.felix.cm.file.ConfigurationHandler.read`` of Felix ConfigAdmin 1.8.12 (embedded in Sling's
installer, so the one that counts for AEM 6.5) and 1.9.26 (ConfigAdmin's own store). Both never look back: text
that does not fit is dropped in silence or shifts everything after it, and only some mistakes raise. These
models repeat that character by character, including what the pushback of end-of-file does (Java casts -1 to
U+FFFF); the differential tests in tests/live hold them to the jars.
"""

from __future__ import annotations

import re

from grammar import patterns
from grammar.config.codes import ELEMENT_OF, SIMPLE_ESCAPES, item_of
from grammar.documents import Loaded
from grammar.java import units
from grammar.values import WRAPPER_OF, Scalar, Shape, Value

INSTALLER = "1.8.12"
CONFIG_ADMIN = "1.9.26"
VERSIONS = (INSTALLER, CONFIG_ADMIN)

_EOF = ""
_PUSHED_EOF = "\uffff"
_RUN = patterns.lazy(r'(?:[^\\"=\r\n]++|\\[^u\r\n])++')
"""What is read without a second look: no line is counted in it, and nothing of it ends a text."""
_ESCAPE = patterns.lazy(r"\\(.)", re.DOTALL)
_BLANKS = patterns.lazy(f"[{units.WHITESPACE}]")
_IN_A_LINE = patterns.lazy("[ \t]+")


def _unescaped(found: re.Match[str]) -> str:
    return SIMPLE_ESCAPES.get(found[1], found[1])


class _ReadError(Exception):
    """The reader gives up; the message is Java's."""


def load(data: bytes, version: str) -> Loaded:
    """What the reader of that version (one of VERSIONS) makes of the bytes. Never raises on any bytes."""
    reader = _Reader(units.to_units(units.decode_utf8(data)), lenient_blanks=version == CONFIG_ADMIN)
    try:
        return Loaded(reader.read_all())
    except _ReadError as failure:
        return Loaded(None, f"java.io.IOException: {failure}")
    except units.NumberFormatError as failure:
        return Loaded(None, f"java.lang.NumberFormatException: {units.from_units(str(failure))}")


class _Reader:
    """One pass over the UTF-16 units of a text, with a pushback of one as in Java."""

    def __init__(self, text: str, *, lenient_blanks: bool) -> None:
        self.text = text
        self.lenient_blanks = lenient_blanks
        self.at = 0
        self.pushed_eof = False
        self.from_pushed_eof = False
        self.line = 0
        self.column = 0

    def read_all(self) -> dict[str, Value]:
        values: dict[str, Value] = {}
        while (key := self.read_key()) is not None:
            if self.lenient_blanks:
                key = units.trim(key)
            value = self.read_value()
            if value is not None:
                values[units.from_units(key)] = value
        return values

    def read_key(self) -> str | None:
        """The next key, after its equals sign; None where the reader stops without a word."""
        char = self.skip_blanks()
        while char == "#":
            while char not in (_EOF, "\n"):
                char = self.read()
            if char == _EOF:
                return None
            char = self.skip_blanks()
        if char == _EOF or char in '=[](),"':
            return None
        self.unread(char)
        key = self.read_quoted()
        char = self.skip_blanks()
        if char != "=":
            # A quote is a token of its own; the pushed end of file is read as one more name (token 'N').
            if char != '"':
                self.unread(char)
                self.read_quoted()
            token = ord('"' if char == '"' else "N")
            raise _ReadError(f"Unexpected token {token}; expected: 61 (line={self.line}, pos={self.column})")
        return key

    def read_value(self) -> Value | None:
        code = self.skip_blanks() if self.lenient_blanks else self.read()
        if code and code in ELEMENT_OF:
            opener = self.read()
        else:
            code, opener = "T", code
        element = ELEMENT_OF[code]
        wrapper = WRAPPER_OF.get(element, element)
        if opener == '"':
            item = item_of(element, self.read_quoted())
            self.read()
            return None if item is None else Value(wrapper, Shape.SCALAR, (item,))
        if opener == "[":
            items = self.read_items(element, "]")
            return None if items is None else Value(element, Shape.ARRAY, items)
        if opener == "(":
            items = self.read_items(element, ")")
            return None if items is None else Value(wrapper if items else "String", Shape.COLLECTION, items)
        return None

    def read_items(self, element: str, closer: str) -> tuple[Scalar, ...] | None:
        items: list[Scalar] = []
        while True:
            char = self.skip_blanks_and_continuations()
            if char == '"':
                item = item_of(element, self.read_quoted())
                if item is None:
                    return None
                self.read()
                items.append(item)
                char = self.skip_blanks_and_continuations()
            if char == closer:
                return tuple(items)
            if char != ",":
                return None

    def read_quoted(self) -> str:
        """Up to an unescaped quote or equals sign, which stays to be read, or to the end."""
        parts: list[str] = []
        while True:
            if not self.pushed_eof and (run := _RUN.match(self.text, self.at)):
                parts.append(_ESCAPE.sub(_unescaped, run[0]) if "\\" in run[0] else run[0])
                self.at = run.end()
                self.column += len(run[0])
            char = self.read()
            if char == "\\":
                parts.append(self.read_escape())
            elif char == _EOF or char in '="':
                self.unread(char)
                return "".join(parts)
            else:
                parts.append(char)

    def read_escape(self) -> str:
        char = self.read()
        if char == "u":
            digits = "".join(self.read_up_to(4))
            return chr(units.parse_integer(digits, 32, 16) & 0xFFFF) if len(digits) == 4 else ""
        return SIMPLE_ESCAPES.get(char, char or _PUSHED_EOF)

    def read_up_to(self, count: int) -> list[str]:
        found: list[str] = []
        while len(found) < count and (char := self.read()) != _EOF:
            found.append(char)
        return found

    def skip_blanks(self) -> str:
        char = self.read()
        while char != _EOF and _BLANKS.match(char):
            if not self.pushed_eof and (run := _IN_A_LINE.match(self.text, self.at)):
                self.column += run.end() - self.at
                self.at = run.end()
            char = self.read()
        return char

    def skip_blanks_and_continuations(self) -> str:
        char = self.skip_blanks()
        while char == "\\" and self.text[self.at : self.at + 1] in ("\r", "\n"):
            self.at += 1  # Felix reads this one character past its own counting of lines.
            char = self.skip_blanks()
        if char == "\\" and self.at >= len(self.text):
            self.pushed_eof = True  # What it looked at after the backslash goes back, the end of file too.
        return char

    def read(self) -> str:
        """The next character with CR and CRLF as LF; ``""`` at the end."""
        self.from_pushed_eof = self.pushed_eof
        if self.pushed_eof:
            self.pushed_eof = False
            self.column += 1
            return _PUSHED_EOF
        char = self.text[self.at : self.at + 1]
        self.at += len(char)
        if char == "\r":
            if self.at >= len(self.text):
                self.pushed_eof = True
            elif self.text[self.at] == "\n":
                self.at += 1
            char = "\n"
        if char == "\n":
            self.line += 1
            self.column = 0
        else:
            self.column += 1
        return char

    def unread(self, char: str) -> None:
        if char == _EOF or self.from_pushed_eof:
            self.pushed_eof = True
        else:
            self.at -= 1
