"""Why a `.config` text is rejected: from the parser's position to one line that helps.

Each rule has a stable id and a page in docs/rules/. The texts say what AEM does with the mistake; what exactly
it loads instead is computed by the models in :mod:`grammar.config.reader`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from grammar.config.reader import ELEMENT_OF, item_of
from grammar.errors import ParseError
from grammar.java import units
from grammar.values import WRAPPER_OF

if TYPE_CHECKING:
    from lark import Token
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    from grammar.config.document import ConfigDocument, Entry

_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANK = re.compile(f"[{units.WHITESPACE}]")
_KEY_LIKE = re.compile(r"\s*[\w.\-:]++\s*")
_VALUE_LIKE = re.compile(r'\s*[A-Za-z]?["\[(]')
_AFTER_TYPE = re.compile(r'\s+["\[(]')
_ENTRY_LIKE = re.compile(r'[\w.\-:]++\s*=\s*[A-Za-z]?["\[(]')
_TRIMMED = "".join(map(chr, range(0x21)))
"""What ``String.trim`` takes off."""


class _Place(NamedTuple):
    """Where the grammar stopped: what stands there, what could have stood there, and what is not finished yet."""

    text: str
    at: int
    expected: frozenset[str]
    pending: tuple[Token, ...]

    @property
    def char(self) -> str:
        return self.text[self.at : self.at + 1]

    @property
    def rest_of_line(self) -> str:
        end = _LINE_END.search(self.text, self.at)
        return self.text[self.at : end.start() if end else len(self.text)]

    def last(self, *types: str) -> Token:
        """The last of the unfinished tokens that is of one of these types."""
        return next(token for token in reversed(self.pending) if token.type in types)


def syntax_error(text: str, error: UnexpectedCharacters | UnexpectedToken) -> ParseError:
    """The error for a text that the fine grammar does not take."""
    place = place_of(text, error, len(text))
    if "TEXT" in place.expected:
        return _in_string(place)
    if {"ARRAY_CLOSE", "COLLECTION_CLOSE"} & place.expected:
        return _in_list(place)
    if "EQUALS" in place.expected:
        return _after_key(place)
    return _at_value(place) if "QUOTE" in place.expected else _at_key(place)


def place_of(text: str, error: UnexpectedCharacters | UnexpectedToken, end: int) -> _Place:
    """Where the parser, which read the text up to `end`, could not go on, and what it would have taken there."""
    from lark import Token
    from lark.exceptions import UnexpectedCharacters

    pending = tuple(token for token in error.state.value_stack if isinstance(token, Token))
    if isinstance(error, UnexpectedCharacters):
        return _Place(text, error.pos_in_stream or 0, frozenset(error.allowed or ()), pending)
    # Lark's end token stands where the last token began.
    at = end if error.token.type == "$END" else error.token.start_pos or 0
    return _Place(text, at, frozenset(error.expected), pending)


def error_at(text: str, offset: int, rule: str, message: str, fix: str) -> ParseError:
    """A ParseError at an offset into the text."""
    before = text[:offset]
    ends = [found.end() for found in _LINE_END.finditer(before)]
    start = ends[-1] if ends else 0
    stop = _LINE_END.search(text, start)
    source_line = text[start : stop.start() if stop else len(text)]
    return ParseError(
        message,
        rule=rule,
        line=len(ends) + 1,
        column=offset - start + 1,
        fix=fix,
        source_line=source_line,
    )


def check_key(document: ConfigDocument, entry: Entry, raw: str) -> None:
    """A key whose ends the two readers do not read alike, or whose escapes Java cannot read."""
    try:
        name = document.decode(raw)
    except units.NumberFormatError:
        raise _bad_escape(document, entry.key_start, raw) from None
    if units.trim(name) == name:
        return
    if raw.startswith(("\\\n", "\\\r")):
        message = (
            "a backslash at the end of a line outside a list: Felix 1.8.12 makes it part of the next key"
        )
        raise error_at(document.raw, entry.key_start, "stray-continuation", message, "Remove it")
    before_equals = name[-1] <= " "
    message = (
        'white space before "=": the installer of AEM 6.5 (Felix 1.8.12) makes it part of the key, '
        "Felix 1.9.26 cuts it off"
        if before_equals
        else "white space or a control character begins this key: Felix 1.9.26 cuts it off, 1.8.12 keeps it"
    )
    offset = entry.key_start + (len(raw.rstrip(_TRIMMED)) if before_equals else 0)
    raise error_at(document.raw, offset, "blank-around-key", message, 'Write key="value" without blanks')


def check_value(document: ConfigDocument, entry: Entry) -> None:
    """A value whose items Java cannot read as the type that the code names."""
    raw = document.raw_value(entry)
    element = ELEMENT_OF.get(raw[0], "String")
    for item, offset in document.items(entry):
        try:
            text = document.decode(item)
        except units.NumberFormatError:
            raise _bad_escape(document, entry.value_start + offset, item) from None
        try:
            found = item_of(element, units.to_units(text))
        except units.NumberFormatError:
            raise _bad_number(document, entry.value_start + offset, element) from None
        if found is None:
            message = "an empty Character: AEM drops the property without an error"
            at = entry.value_start + offset
            raise error_at(document.raw, at, "empty-character", message, 'Write one character: C"x"')


def _bad_escape(document: ConfigDocument, start: int, raw: str) -> ParseError:
    at = next(
        found.start()
        for found in re.finditer(r"\\(u.{4}|.)", raw, re.DOTALL)
        if found[1][0] == "u" and not _is_hex(found[1][1:])
    )
    return _unicode_escape_error(document.raw, start + at)


def _is_hex(digits: str) -> bool:
    try:
        units.parse_integer(units.to_units(digits), 32, 16)
    except units.NumberFormatError:
        return False
    return True


def _unicode_escape_error(text: str, offset: int) -> ParseError:
    message = '"\\u" needs four hexadecimal digits: AEM stops with an error and loses the whole file'
    fix = "Write \\u and four digits, or \\\\u for the two characters"
    return error_at(text, offset, "bad-unicode-escape", message, fix)


_RANGES = {
    "Integer": "-2147483648 to 2147483647",
    "Long": "-9223372036854775808 to 9223372036854775807",
    "Short": "-32768 to 32767",
    "Byte": "-128 to 127",
    "Float": "the IEEE 754 bits as a decimal integer, 1.0 is 1065353216",
    "Double": "the IEEE 754 bits as a decimal integer, 1.0 is 4607182418800017408",
}


def _bad_number(document: ConfigDocument, offset: int, element: str) -> ParseError:
    kind = WRAPPER_OF.get(element, element)
    article = "an" if kind == "Integer" else "a"
    # The text itself is not quoted: it may be a secret that somebody gave a type code.
    message = f"this text is not {article} {kind} to Java: AEM stops with an error and loses the whole file"
    return error_at(document.raw, offset, "bad-number", message, f"Write digits only, {_RANGES[kind]}")


def _in_string(place: _Place) -> ParseError:
    text, at = place.text, place.at
    opened = place.last("QUOTE").start_pos or 0
    inside = text[opened + 1 : at]
    last_line = inside[_last_line_start(inside) :]
    looks_unclosed = (
        _LINE_END.search(inside) and _KEY_LIKE.fullmatch(last_line) and _VALUE_LIKE.match(text, at + 1)
    )
    if place.char == "=" and not looks_unclosed:
        message = (
            'unescaped "=" ends this value: AEM cuts it here and may drop or misread every property after it'
        )
        return error_at(text, at, "unescaped-equals", message, "Write \\=")
    if place.char == "\\" and place.text[at + 1 : at + 2] == "u":
        return _unicode_escape_error(text, at)
    message = "this quote is never closed: AEM reads the following lines as part of the value"
    return error_at(text, opened, "unclosed-quote", message, 'Close the value with "')


def _last_line_start(text: str) -> int:
    return max(text.rfind("\n"), text.rfind("\r")) + 1


def _in_list(place: _Place) -> ParseError:
    closer = "]" if place.last("ARRAY_OPEN", "COLLECTION_OPEN") == "[" else ")"
    lost = "AEM drops the property or stops with an error"
    rule, message, fix = {
        "": (
            "unclosed-list",
            f'the list is never closed with "{closer}": {lost}',
            f'Close the list with "{closer}"',
        ),
        "#": ("comment-in-list", f"a comment inside a list: {lost}", "Put the comment above the property"),
        '"': ("missing-comma", f"a comma is missing between two items: {lost}", 'Write ["a", "b"]'),
        "\\": (
            "stray-continuation",
            f"a backslash in a list must end its line: {lost}",
            "Let nothing follow the backslash, or remove it",
        ),
    }.get(
        place.char,
        ("unquoted-item", f"an item of a list must stand in double quotes: {lost}", 'Write ["a", "b"]'),
    )
    if _ENTRY_LIKE.match(place.text, place.at):
        rule, fix = "unclosed-list", f'Close the list with "{closer}"'
        message = f'the next key begins before this list is closed with "{closer}": {lost}'
    elif place.char in ("]", ")"):
        rule, fix = "wrong-bracket", "Close [ with ] and ( with )"
        message = f'the list was opened for "{closer}": {lost}'
    return error_at(place.text, place.at, rule, message, fix)


def _after_key(place: _Place) -> ParseError:
    if place.char == "\\":
        return _bad_backslash(place)
    start = place.last("KEY").start_pos or 0
    if place.text[:start].endswith('"'):
        message = (
            'what follows the closing quote is a key without "=" to AEM, '
            "which stops with an error and loses the whole file"
        )
        fix = 'Write \\" for a quote inside the value, or remove what follows it'
        return error_at(place.text, start, "missing-equals", message, fix)
    hint = "; a colon does not separate" if place.text[start : place.at].rstrip().endswith(":") else ""
    message = f'no "=" after this key{hint}: AEM stops with an error and loses the whole file'
    return error_at(place.text, start, "missing-equals", message, 'Write key="value"')


def _at_value(place: _Place) -> ParseError:
    text, at, char = place.text, place.at, place.char
    if not char or char in "\r\n":
        message = "no value after the equals sign: AEM drops the property or misreads the next one"
        return error_at(text, at, "missing-value", message, 'Write key="" for an empty value')
    if _BLANK.match(char):
        message = (
            'white space after "=": the installer of AEM 6.5 (Felix 1.8.12) drops the value '
            "and misreads what follows"
        )
        return error_at(text, at, "blank-around-key", message, 'Write key="value" without blanks')
    after = text[at + 1 : at + 2]
    if char.isalpha() and after and after in '"[(':
        message = f'"{char}" is no type code: AEM stops reading here, without an error'
        fix = "Type codes are T I L F D X S C B, or none for a string"
        return error_at(text, at, "unknown-type", message, fix)
    if char in ELEMENT_OF and _AFTER_TYPE.match(text, at + 1):
        message = "white space after the type code: AEM drops the value and misreads what follows"
        return error_at(text, at, "blank-after-type", message, f'Write {char}"value"')
    message = "a value must stand in double quotes: AEM drops it and reads the rest as the next key"
    word = place.rest_of_line.strip()
    fix = _quoted_fix(word)
    return error_at(text, at, "unquoted-value", message, fix)


def _quoted_fix(word: str) -> str:
    if word.lower() in ("true", "false"):
        return f'Write B"{word.lower()}" for a Boolean, or "{word}" for a String'
    if re.fullmatch(r"[+-]?\d{1,9}", word):
        return 'Write I"..." for an Integer, L"..." for a Long, or "..." for a String'
    return 'Write key="value"'


def _at_key(place: _Place) -> ParseError:
    char = place.char
    stops = "AEM stops reading here, without an error, and every later property is lost"
    if char == "\r":
        message = "a carriage return alone ends the file: AEM stops with an error and loses the whole file"
        return error_at(place.text, place.at, "lone-carriage-return", message, "End the file with LF or CRLF")
    if char == '"':
        message = f"a quote where a key should begin: {stops}"
        return error_at(
            place.text, place.at, "stray-quote", message, "Write keys without quotes, and one value a key"
        )
    if char in (",", "]", ")", "[", "(", "="):
        message = f'"{char}" where a key should begin: {stops}'
        return error_at(place.text, place.at, "stray-character", message, "Remove it")
    return _bad_backslash(place)


def _bad_backslash(place: _Place) -> ParseError:
    """In or before a key the grammar stops at a backslash for one of two reasons."""
    if place.text[place.at + 1 : place.at + 2] == "u":
        return _unicode_escape_error(place.text, place.at)
    message = "a backslash ends the file: AEM stops with an error and loses the whole file"
    return error_at(place.text, place.at, "stray-continuation", message, "Remove it")
