"""What Apache Johnzon says of a text that is no JSON: the words that AEM's log has of it.

Whether a text is JSON is known already (:mod:`grammar.cfgjson.json`); this goes through it once more as
``JsonStreamParserImpl`` of Johnzon 1.0 and 1.2 does, token by token, up to the first thing that it complains about.
"""

from __future__ import annotations

from typing import NamedTuple, NoReturn

from grammar import patterns
from grammar.java import units as java

_BUFFER = 64 * 1024
"""Johnzon reads so many characters at a time; it shows when it comes to the end."""
_BLANKS = patterns.lazy(r"[ \t\r\n]*+")
_PLAIN = patterns.lazy(r'[^"\\\x00-\x1f]*+')
_DIGITS = patterns.lazy(r"[0-9]*+")
_ESCAPED = frozenset('"\\/bfnrt')
_AFTER_NUMBER = frozenset(",]} \t\r\n")
_LITERALS = {"t": "true", "f": "false", "n": "null"}
_NO_VALUE = frozenset({":", "[", "{", ",", "key"})


class _ComplaintError(Exception):
    """The message."""


def complaint(text: str, *, is_later: bool) -> str:
    """What the parser says of the text.

    Args:
        text: as the parser gets it, without comments.
        is_later: whether it is Johnzon 1.2 or later, else 1.0.
    """
    units = java.to_units(text)
    try:
        _Parser(units, is_later=is_later).run()
    except _ComplaintError as error:
        return java.from_units(str(error))
    return "Invalid JSON"


class _Token(NamedTuple):
    """A character that begins a token, and where it stands."""

    char: str
    at: int


class _Parser:
    """One way through a text.

    Attributes:
        last: what came last: a character that is a token, ``key``, ``value``, or nothing yet.
        inside: for each bracket that is open whether it is one of an array.
    """

    def __init__(self, text: str, *, is_later: bool) -> None:
        self.text = text
        self.is_later = is_later
        self.at = 0
        self.last = ""
        self.inside: list[bool] = []
        self.line = 1
        self.line_break = 0

    def run(self) -> None:
        if self.is_later and self.text[:1] in ("", "\0"):
            raise _ComplaintError("Nothing to read")
        first = self.next()
        self.token(first)
        self.check(self.last != ",", "Unexpected end of structure", first.at)
        while self.inside or not self.last:
            self.token(self.next())
        rest = self.next()
        if rest.char:
            self.complain("EOF expected", rest.at)

    def next(self) -> _Token:
        """The next character that is no blank; an empty one at the end, or where NUL stands for it."""
        blanks = _BLANKS.match(self.text, self.at)
        assert blanks is not None
        if breaks := blanks[0].count("\n"):
            self.line += breaks
            self.line_break = self.at + blanks[0].rindex("\n")
        self.at = blanks.end() + 1
        char = self.text[blanks.end() : self.at]
        return _Token("" if char == "\0" else char, blanks.end())

    def token(self, found: _Token) -> None:
        char, at = found
        if char == ",":
            self.check(self.last not in _NO_VALUE, 'Expected " ] } LITERAL', at)
            self.last = ","
        elif char == ":":
            self.check(self.last == "key", "A : can only follow a key name", at)
            self.last = ":"
        elif char in ("{", "["):
            self.opened(char, at)
        elif char in ("}", "]"):
            self.closed(char, at)
        elif char == '"':
            self.quoted(at)
        elif char and char in "0123456789-ftn":
            self.literal(char, at)
        elif char:
            self.complain("Expected structural character or digit or 't' or 'n' or 'f' or '-'", at)
        else:
            self.complain("End of file hit too early", at)

    def opened(self, char: str, at: int) -> None:
        self.check(self.last in ("", ":", "[", ","), "Expected : , [", at)
        if self.inside and not self.inside[-1] and self.last != ":":
            self.complain("Expected :" if char == "{" else 'Expected "', at)
        self.inside.append(char == "[")
        self.last = char

    def closed(self, char: str, at: int) -> None:
        if char == "}":
            wrong = self.last in ("[", ",", "key", ":") or not self.inside
            self.check(not wrong, 'Expected " ] { } LITERAL', at)
            self.check(not self.inside[-1], "Expected : ]", at)
        else:
            wrong = self.last in ("{", ",", ":") or not self.inside
            self.check(not wrong, 'Expected [ ] } " LITERAL', at)
            self.check(self.inside[-1], "Expected : }", at)
        self.inside.pop()
        self.last = "value"

    def quoted(self, at: int) -> None:
        allowed = (":", "{", "[", ",", "") if self.is_later else (":", "{", "[", ",")
        self.check(self.last in allowed, "Expected : { [ ,", at)
        self.at = self.end_of_string(at + 1)
        is_key = self.last != ":" and bool(self.inside) and not self.inside[-1]
        self.last = "key" if is_key else "value"

    def end_of_string(self, at: int) -> int:
        while True:
            plain = _PLAIN.match(self.text, at)
            assert plain is not None
            at = plain.end()
            char = self.text[at : at + 1]
            if char == '"':
                return at + 1
            if char == "\n":
                self.complain("Unexpected linebreak", at)
            if char != "\\":
                self.complain("Unescaped control character", at)
            at = self.end_of_escape(at + 1)

    def end_of_escape(self, at: int) -> int:
        char = self.text[at : at + 1]
        if char == "u":
            for digit in range(at + 1, at + 5):
                is_hex = self.text[digit : digit + 1] in frozenset("0123456789abcdefABCDEF")
                self.check(is_hex, "Invalid hex character", digit)
            return at + 5
        is_odd = "\ud800" <= char <= "\udfff" or (self.is_later and char in ("[", "]"))
        if char not in _ESCAPED and not is_odd:
            char = char or "\0"
            raise _ComplaintError(f"Invalid escape sequence '{char}' (Codepoint: {ord(char)}")
        return at + 1

    def literal(self, char: str, at: int) -> None:
        allowed = ("", ":", "[", ",") if self.is_later else (":", "[", ",")
        self.check(self.last in allowed, "Expected : , [", at)
        if self.last == "," and not self.inside[-1]:
            self.complain("Not in an array context", at)
        word = _LITERALS.get(char)
        if word is None:
            self.at = self.end_of_number(char, at)
        else:
            for place, wanted in enumerate(word):
                is_it = self.text[at + place : at + place + 1] == wanted
                self.check(is_it, f"Expected LITERAL: {word}", at + place)
            self.at = at + len(word)
        self.last = "value"

    def end_of_number(self, char: str, start: int) -> int:
        at = self.after_digits(start + 1)
        if char == "0":
            self.check(at == start + 1, "Leading zeros not allowed", start + 1)
        if char == "-":
            if self.text[start + 1 : start + 2] == "0":
                self.check(at == start + 2, "Leading zeros after minus not allowed", start + 2)
            self.check(at > start + 1, "Unexpected premature end of number", at)
        if self.text[at : at + 1] == ".":
            at = self.after_digits(at + 1)
            self.check(self.text[at - 1] != ".", "Unexpected premature end of number", at)
        if self.text[at : at + 1] in ("e", "E"):
            at = self.end_of_exponent(at + 1)
        following = self.text[at : at + 1]
        if following in _AFTER_NUMBER:
            return at
        if following in ("", "\0") and self.is_later:
            # The last character is read once more.
            self.check(not self.inside or bool(following), "Expected : , [", at)
            return at
        return self.complain("Unexpected premature end of number", at)

    def end_of_exponent(self, at: int) -> int:
        sign = self.text[at : at + 1]
        self.check(bool(sign) and sign in "+-0123456789", "Expected DIGIT or + or -", at)
        if sign in "+-":
            at += 1
            self.check(self.after_digits(at) > at, "Unexpected premature end of number", at)
        return self.after_digits(at + 1)

    def after_digits(self, at: int) -> int:
        digits = _DIGITS.match(self.text, at)
        assert digits is not None
        return digits.end()

    def check(self, is_so: bool, reason: str, at: int) -> None:
        if not is_so:
            self.complain(reason, at)

    def complain(self, reason: str, at: int) -> NoReturn:
        """Say what is wrong with the character at an offset; at the end it is the last one, at an odd place."""
        offset, size = at + 1, len(self.text)
        if at >= size:
            offset, at = size + ((size - 1) % _BUFFER + 1), size - 1
        char = self.text[at] if self.text else "\0"
        column = offset - self.line_break if self.line_break else offset + 1
        place = f"[lineNumber={self.line}, columnNumber={column}, streamOffset={offset}]"
        raise _ComplaintError(
            f"Unexpected character '{char}' (Codepoint: {ord(char)}) on {place}. Reason is [[{reason}]]"
        )
