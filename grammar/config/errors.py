"""Why a `.config` text is rejected: from the place where it fits no more to one line that helps.

Each rule has a stable id and a page in docs/rules/. The texts say what AEM does with the mistake; what exactly
it loads instead is computed by the models in :mod:`grammar.config.reader`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from grammar import patterns
from grammar.config import compiled, scanner
from grammar.config.codes import ELEMENT_OF, item_of
from grammar.config.scanner import Entry
from grammar.config.text import ITEM, ConfigText, decode
from grammar.java import units
from grammar.places import LINE_END, end_of_line
from grammar.values import WRAPPER_OF

if TYPE_CHECKING:
    from grammar import lalr

# Not compiled until a text is rejected: the `re` module keeps what it has compiled.
_KEY_LIKE = r"\s*[\w.\-:]++\s*"
_VALUE_LIKE = r'\s*[A-Za-z]?["\[(]'
_AFTER_TYPE = r'.\s+["\[(]'
_ENTRY_LIKE = r'[\w.\-:]++\s*=\s*[A-Za-z]?["\[(]'
_TRIMMED = "".join(map(chr, range(0x21)))
"""What ``String.trim`` takes off."""
_SHORT_NUMBER = patterns.lazy(r'[IL]"-?[0-9]{1,9}"')
_NEVER_FAIL = '"[(TBb'
_MAY_FAIL = patterns.lazy(rf"=(?![{re.escape(_NEVER_FAIL)}]|{_SHORT_NUMBER.pattern})")
_NO_VALUE = patterns.lazy(compiled.NO_VALUE)
_ODD_END = patterns.lazy(r"(?:\A|=)[\x00- ]|[\x00- ](?:=|\Z)")
"""A key among joined ones that begins or ends with what ``String.trim`` takes off."""


class Problem(NamedTuple):
    """What is wrong at an offset: the rule, what it does to AEM, how to write it right."""

    offset: int
    rule: str
    message: str
    fix: str


class _Place(NamedTuple):
    """Where the grammar stopped: what stands there, what could have stood there, and what is not finished yet."""

    text: str
    at: int
    expected: frozenset[str]
    pending: Sequence[lalr.Token]

    @property
    def char(self) -> str:
        return self.text[self.at : self.at + 1]

    def last(self, *names: str) -> lalr.Token:
        """The last of the unfinished tokens that has one of these names."""
        return next(token for token in reversed(self.pending) if token.name in names)


def first(text: str, at: int = 0) -> tuple[Problem | None, int]:
    """The first problem of a text from an offset on, and where the entry begins that has it.

    For mending a text in one go: when the problem is gone, reading goes on from that entry.
    """
    for entry in scanner.entries(text, at):
        problem = of_entry(text, entry)
        if problem is not None:
            return problem, at
        at = entry.value_end
    return (None if scanner.ends(text, at) else of_syntax(text, at)), at


def of_syntax(text: str, at: int) -> Problem:
    """Why a text does not fit ``config.lark`` from an offset on, where an entry should begin."""
    no_value = _NO_VALUE.match(text, at)
    if no_value is not None:
        # As below, in a tenth of the time: of all mistakes these are the most frequent.
        return _at_value(text, no_value.end())
    from grammar import lalr
    from grammar.config.table import TABLE

    stop = lalr.stop(TABLE, text, at)
    assert stop is not None  # The pattern of an entry and the table are made from one grammar.
    place = _Place(text, stop.at, stop.expected, stop.pending)
    if "TEXT" in place.expected:
        return _in_string(place)
    if {"ARRAY_CLOSE", "COLLECTION_CLOSE"} & place.expected:
        return _in_list(place)
    if "EQUALS" in place.expected:
        return _after_key(place)
    return _at_value(text, place.at) if "QUOTE" in place.expected else _at_key(place)


def of_entries(text: ConfigText) -> Problem | None:
    """The first problem of all entries. Most texts have none, which a few searches tell: then none is looked at."""
    keys, raw = text.joined_keys, text.raw
    # Of most keys no character is white space: that is known ten times as fast as where the white space stands.
    has_plain_ends = (keys.isprintable() and " " not in keys) or not _ODD_END.search(keys)
    is_plain = text.is_plain or ("\\" not in keys and "\\u" not in raw)
    if has_plain_ends and is_plain and not _MAY_FAIL.search(raw):
        return None
    return next(filter(None, (of_entry(raw, entry) for entry in text.entries)), None)


def of_entry(text: str, entry: Entry) -> Problem | None:
    """What the grammar leaves open of an entry: numbers, escapes, and white space at the ends of its key."""
    start, end, value_start, value_end = entry
    if text[start] <= " " or text[end - 1] <= " " or "\\" in text[start:end]:
        problem = _of_key(text, entry)
        if problem is not None:
            return problem
    typed = text[value_start] not in _NEVER_FAIL
    if typed and _SHORT_NUMBER.match(text, value_start):
        return None
    if typed or "\\u" in text[value_start:value_end]:
        return _of_value(text, entry)
    return None


def _of_key(text: str, entry: Entry) -> Problem | None:
    """A key whose ends the two readers do not read alike, or whose escapes Java cannot read."""
    raw = text[entry.key_start : entry.key_end]
    try:
        name = decode(raw)
    except units.NumberFormatError:
        return _bad_escape(entry.key_start, raw)
    if units.trim(name) == name:
        return None
    if raw.startswith(("\\\n", "\\\r")):
        message = (
            "a backslash at the end of a line outside a list: Felix 1.8.12 makes it part of the next key"
        )
        return Problem(entry.key_start, "stray-continuation", message, "Remove it")
    before_equals = name[-1] <= " "
    message = (
        'white space before "=": the installer of AEM 6.5 (Felix 1.8.12) makes it part of the key, '
        "Felix 1.9.26 cuts it off"
        if before_equals
        else "white space or a control character begins this key: Felix 1.9.26 cuts it off, 1.8.12 keeps it"
    )
    offset = entry.key_start + (len(raw.rstrip(_TRIMMED)) if before_equals else 0)
    return Problem(offset, "blank-around-key", message, 'Write key="value" without blanks')


def _of_value(text: str, entry: Entry) -> Problem | None:
    """A value whose items Java cannot read as the type that the code names."""
    element = ELEMENT_OF.get(text[entry.value_start], "String")
    for item in ITEM.finditer(text, entry.value_start, entry.value_end):
        try:
            decoded = decode(item[1])
        except units.NumberFormatError:
            return _bad_escape(item.start(1), item[1])
        try:
            found = item_of(element, units.to_units(decoded))
        except units.NumberFormatError:
            return _bad_number(item.start(1), element)
        if found is None:
            message = "an empty Character: AEM drops the property without an error"
            return Problem(item.start(1), "empty-character", message, 'Write one character: C"x"')
    return None


def _bad_escape(start: int, raw: str) -> Problem:
    at = next(
        found.start()
        for found in re.finditer(r"\\(u.{4}|.)", raw, re.DOTALL)
        if found[1][0] == "u" and not _is_hex(found[1][1:])
    )
    return _unicode_escape(start + at)


def _is_hex(digits: str) -> bool:
    try:
        units.parse_integer(units.to_units(digits), 32, 16)
    except units.NumberFormatError:
        return False
    return True


def _unicode_escape(offset: int) -> Problem:
    message = '"\\u" needs four hexadecimal digits: AEM stops with an error and loses the whole file'
    fix = "Write \\u and four digits, or \\\\u for the two characters"
    return Problem(offset, "bad-unicode-escape", message, fix)


_RANGES = {
    "Integer": "-2147483648 to 2147483647",
    "Long": "-9223372036854775808 to 9223372036854775807",
    "Short": "-32768 to 32767",
    "Byte": "-128 to 127",
    "Float": "the IEEE 754 bits as a decimal integer, 1.0 is 1065353216",
    "Double": "the IEEE 754 bits as a decimal integer, 1.0 is 4607182418800017408",
}


def _bad_number(offset: int, element: str) -> Problem:
    kind = WRAPPER_OF.get(element, element)
    article = "an" if kind == "Integer" else "a"
    # The text itself is not quoted: it may be a secret that somebody gave a type code.
    message = f"this text is not {article} {kind} to Java: AEM stops with an error and loses the whole file"
    return Problem(offset, "bad-number", message, f"Write digits only, {_RANGES[kind]}")


def _in_string(place: _Place) -> Problem:
    text, at = place.text, place.at
    opened = place.last("QUOTE").start
    inside = text[opened + 1 : at]
    last_line = inside[_last_line_start(inside) :]
    looks_unclosed = (
        LINE_END.search(inside)
        and re.fullmatch(_KEY_LIKE, last_line)
        and re.match(_VALUE_LIKE, text[at + 1 :])
    )
    if place.char == "=" and not looks_unclosed:
        message = (
            'unescaped "=" ends this value: AEM cuts it here and may drop or misread every property after it'
        )
        return Problem(at, "unescaped-equals", message, "Write \\=")
    if place.char == "\\" and place.text[at + 1 : at + 2] == "u":
        return _unicode_escape(at)
    message = "this quote is never closed: AEM reads the following lines as part of the value"
    return Problem(opened, "unclosed-quote", message, 'Close the value with "')


def _last_line_start(text: str) -> int:
    return max(text.rfind("\n"), text.rfind("\r")) + 1


def _in_list(place: _Place) -> Problem:
    closer = "]" if place.last("ARRAY_OPEN", "COLLECTION_OPEN").name == "ARRAY_OPEN" else ")"
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
    if re.match(_ENTRY_LIKE, place.text[place.at :]):
        rule, fix = "unclosed-list", f'Close the list with "{closer}"'
        message = f'the next key begins before this list is closed with "{closer}": {lost}'
    elif place.char in ("]", ")"):
        rule, fix = "wrong-bracket", "Close [ with ] and ( with )"
        message = f'the list was opened for "{closer}": {lost}'
    return Problem(place.at, rule, message, fix)


def _after_key(place: _Place) -> Problem:
    if place.char == "\\":
        return _bad_backslash(place)
    start = place.last("KEY").start
    if place.text[start - 1 : start] == '"':
        message = (
            'what follows the closing quote is a key without "=" to AEM, '
            "which stops with an error and loses the whole file"
        )
        fix = 'Write \\" for a quote inside the value, or remove what follows it'
        return Problem(start, "missing-equals", message, fix)
    hint = "; a colon does not separate" if place.text[start : place.at].rstrip().endswith(":") else ""
    message = f'no "=" after this key{hint}: AEM stops with an error and loses the whole file'
    return Problem(start, "missing-equals", message, 'Write key="value"')


def _at_value(text: str, at: int) -> Problem:
    char = text[at : at + 1]
    if not char or char in "\r\n":
        message = "no value after the equals sign: AEM drops the property or misreads the next one"
        return Problem(at, "missing-value", message, 'Write key="" for an empty value')
    if re.match(f"[{units.WHITESPACE}]", char):
        message = (
            'white space after "=": the installer of AEM 6.5 (Felix 1.8.12) drops the value '
            "and misreads what follows"
        )
        return Problem(at, "blank-around-key", message, 'Write key="value" without blanks')
    after = text[at + 1 : at + 2]
    if char.isalpha() and after and after in '"[(':
        message = f'"{char}" is no type code: AEM stops reading here, without an error'
        fix = "Type codes are T I L F D X S C B, or none for a string"
        return Problem(at, "unknown-type", message, fix)
    if char in ELEMENT_OF and re.match(_AFTER_TYPE, text[at:]):
        message = "white space after the type code: AEM drops the value and misreads what follows"
        return Problem(at, "blank-after-type", message, f'Write {char}"value"')
    message = "a value must stand in double quotes: AEM drops it and reads the rest as the next key"
    word = text[at : end_of_line(text, at)].strip()
    fix = _quoted_fix(word)
    return Problem(at, "unquoted-value", message, fix)


def _quoted_fix(word: str) -> str:
    if word.lower() in ("true", "false"):
        return f'Write B"{word.lower()}" for a Boolean, or "{word}" for a String'
    if re.fullmatch(r"[+-]?\d{1,9}", word):
        return 'Write I"..." for an Integer, L"..." for a Long, or "..." for a String'
    return 'Write key="value"'


def _at_key(place: _Place) -> Problem:
    char = place.char
    stops = "AEM stops reading here, without an error, and every later property is lost"
    if char == "\r":
        message = "a carriage return alone ends the file: AEM stops with an error and loses the whole file"
        return Problem(place.at, "lone-carriage-return", message, "End the file with LF or CRLF")
    if char == '"':
        message = f"a quote where a key should begin: {stops}"
        return Problem(place.at, "stray-quote", message, "Write keys without quotes, and one value a key")
    if char in (",", "]", ")", "[", "(", "="):
        message = f'"{char}" where a key should begin: {stops}'
        return Problem(place.at, "stray-character", message, "Remove it")
    return _bad_backslash(place)


def _bad_backslash(place: _Place) -> Problem:
    """In or before a key the grammar stops at a backslash for one of two reasons."""
    if place.text[place.at + 1 : place.at + 2] == "u":
        return _unicode_escape(place.at)
    message = "a backslash ends the file: AEM stops with an error and loses the whole file"
    return Problem(place.at, "stray-continuation", message, "Remove it")
