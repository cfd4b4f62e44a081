"""Accepted `.config` text that AEM loads otherwise than it looks.

Both readers agree on everything here, so the grammar takes it; but a backslash is gone, a list is a String, or a
key is made of two lines. What the readers do not load alike is rejected by :mod:`grammar.config.document` instead.
Found in text first and decoded only where something is suspicious: a linter asks this of every file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from grammar import patterns, places
from grammar.config.codes import ELEMENT_OF, item_of
from grammar.config.text import decode, items
from grammar.hazards import Hazard
from grammar.java import units
from grammar.values import Float32, Float64

if TYPE_CHECKING:
    from grammar.config.document import ConfigDocument
    from grammar.config.scanner import Entry
    from grammar.documents import Property

BOM = "\ufeff"


# Felix turns \b \t \n \f \r \uXXXX into characters and drops every other backslash. A blank, a quote, an equals
# sign or a comma loses nothing by that; a dot, a digit or a bracket was part of a regular expression.
_LOST = patterns.lazy(r"(?:[^\\]++|\\[^0-9a-zA-Z.*+?()\[\]{}|^$]|\\[btnfru])*+\\([^btnfru])", re.DOTALL)
_CONTROL = patterns.lazy(r"(?:[^\\]++|\\[^bf])*+\\([bf])", re.DOTALL)
_BROKEN_LINE = patterns.lazy(r"(?:[^\\]++|\\[^\r\n])*+\\[\r\n]", re.DOTALL)
_DRIVE = patterns.lazy(r"(?:(?<![A-Za-z])[A-Za-z]:|\A\\\\\w{2,})\\(?=[^\\])")
_PART = r"""(?:[^\[\]{}"]|\$\{[^{}"]*\}|\$\[[^\[\]"]*\])"""
_LIST_IN_QUOTES = patterns.lazy(
    rf'''"\[(?:{_PART}*,{_PART}*|\$\{{[^{{}}"]*\}}|\$\[[^\[\]"]*\]|/\w[^\[\]{{}}",]*|\w+(?:\.[\w$]+){{2,}})\]"'''
)
"""With a comma; or of one placeholder, path or qualified name, which no class of a pattern looks like."""
_GLUED = patterns.lazy(r"""[;'`<>{}|]|(?<!\\)[ \t]""")
# Text in which no backslash does harm: one before a blank, a quote and the like, or one that ends a line outside
# quotes. A comment with a quote or a backslash could pass for the start of a string; then all entries are looked at.
_PLAIN_BACKSLASHES = patterns.lazy(
    r"""(?:[^"\\\#]++|\#[^"\\\r\n]*+(?=[\r\n]|\Z)|\\(?:\r\n|[^0-9a-zA-Z.*+?()\[\]{}|^$])"""
    r"""|"(?:[^"\\]++|\\[^0-9a-zA-Z.*+?()\[\]{}|^$\r\n])*+")*+"""
)
_ODD_IN_KEY = patterns.lazy(r"[;'`<>{}|\s]")
_SUSPICIOUS = patterns.lazy(r"""=(?!B"(?:true|false)")(?:[BbCcFfDd(]|"\[)""")
_FLOAT_BITS, _DOUBLE_BITS = 0x0D800000, 0x0300000000000000


def of_bytes(data: bytes) -> Iterator[Hazard]:
    """What is wrong with the bytes, whether or not the text can be read."""
    if data.startswith(b"\xef\xbb\xbf"):
        message = "a byte order mark: AEM makes it part of the first key, with a first comment line as well"
        yield Hazard("bom", 1, 1, message, "Save the file as UTF-8 without a byte order mark")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = places.position(before, len(before))
        message = "not UTF-8: AEM loads U+FFFD, the replacement character, for each broken byte"
        yield Hazard("invalid-utf8", line, column, message, "Save the file as UTF-8")


def of_config(document: ConfigDocument) -> Iterator[Hazard]:
    """Every hazard of an accepted `.config`, each rule at most once a property, in the order of the text."""
    text = document.raw
    if text.startswith("#"):
        from grammar.config import installer

        if message := installer.first_comment(text):
            yield Hazard(installer.RULE, 1, 1, message, installer.FIX)
    yield from _doubles(document)
    for entry in _suspects(document):
        for rule, message, fix in _of_entry(document, entry):
            line, column = document.position(entry.key_start)
            name = decode(document.raw_key(entry))
            yield Hazard(rule, line, column, message, fix, name)


_Found = tuple[str, str, str]


def _suspects(document: ConfigDocument) -> Iterable[Entry]:
    """The entries that may hold a hazard: all of them or few, since a linter asks this of every file."""
    text = document.raw
    is_plain = document.is_plain or "\\" not in text or _PLAIN_BACKSLASHES.fullmatch(text)
    if not is_plain or _ODD_IN_KEY.search(document.joined_keys):
        return document.entries
    if not _SUSPICIOUS.search(text):
        return ()
    return [entry for entry in document.entries if _SUSPICIOUS.match(text, entry.key_end)]


def _of_entry(document: ConfigDocument, entry: Entry) -> Iterator[_Found]:
    key = document.raw_key(entry)
    if key.startswith(BOM):
        pass  # of_bytes tells of it.
    elif "\n" in key or "\r" in key:
        fix = "Look at the end of the property before it: what follows the value belongs to no key"
        yield (
            "key-with-line-break",
            "this key runs over a line break: two things were glued into one key",
            fix,
        )
    elif _GLUED.search(key):
        fix = "Write \\ before a blank that belongs to the key, or remove what is in front of it"
        yield "odd-key", "text that looks like no key was glued to this one", fix
    value = document.raw_value(entry)
    if value[0] in _TYPED:
        yield from _TYPED[value[0]](value)
    elif value.startswith('"['):
        if _LIST_IN_QUOTES.fullmatch(value):
            yield "list-in-quotes", "a list in quotes is one String", 'Write ["a", "b"] for an array'
    elif value[0] == "(" and not items(value):
        message = "an empty collection: ConfigAdmin 1.8.12 refuses the whole configuration"
        yield "empty-collection", message, "Write [ ] for an empty array, or leave the property out"
    if "\\" in value:
        yield from _backslashes(value)


def _backslashes(value: str) -> Iterator[_Found]:
    seen: set[str] = set()
    for raw in items(value):
        if "\\" not in raw:
            continue
        for found in _of_item(raw):
            if found[0] not in seen:
                seen.add(found[0])
                yield found


def _of_item(raw: str) -> Iterator[_Found]:
    if _DRIVE.search(raw):
        message = (
            "a Windows path with single backslashes: they vanish, or make a control character (\\t, \\n ...)"
        )
        yield "windows-path", message, "Write every backslash twice, or a slash"
    else:
        if lost := _LOST.match(raw):
            message = f"the backslash before {lost[1]!r} is dropped"
            yield "lost-backslash", message, f"Write \\\\{lost[1]} to keep it, or remove it"
        if control := _CONTROL.match(raw):
            kind = "backspace" if control[1] == "b" else "form feed"
            message = f"\\{control[1]} is loaded as a {kind}"
            yield "control-escape", message, f"Write \\\\{control[1]} for a backslash and a letter"
    if _BROKEN_LINE.match(raw):
        message = "a backslash at the end of a line inside quotes: the line break stays in the value"
        yield "escaped-line-break", message, "Write the value on one line; \\n for a line break that is meant"


def _boolean(value: str) -> Iterator[_Found]:
    if any(decode(raw).lower() not in ("true", "false") for raw in items(value)):
        message = "a Boolean that is neither true nor false is loaded as false"
        yield "bad-boolean", message, 'Write B"true" or B"false"'


def _character(value: str) -> Iterator[_Found]:
    if any(len(units.to_units(decode(raw))) > 1 for raw in items(value)):
        message = "a Character of more than one UTF-16 unit: only the first is loaded"
        yield "long-character", message, "Write one character, or no type code for a String"


def _float(value: str) -> Iterator[_Found]:
    for raw in items(value):
        item = item_of(ELEMENT_OF[value[0]], decode(raw))
        if isinstance(item, (Float32, Float64)) and _is_tiny(item):
            message = f"the number is read as IEEE 754 bits and is {item.number!r} to AEM"
            fix = 'Write the bits of the number: F"1065353216" is 1.0, D"4607182418800017408" is 1.0'
            yield "float-bits", message, fix
            return


def _is_tiny(item: Float32 | Float64) -> bool:
    """Bits that look like a number somebody wrote: nobody configures 1e-30 (1e-294 for a Double)."""
    sign, limit = (31, _FLOAT_BITS) if isinstance(item, Float32) else (63, _DOUBLE_BITS)
    magnitude = item.bits & ((1 << sign) - 1)
    written_as_negative = item.bits > (1 << (sign + 1)) - 1_000_000
    return 0 < magnitude < limit or written_as_negative


_TYPED = {
    "B": _boolean,
    "b": _boolean,
    "C": _character,
    "c": _character,
    "F": _float,
    "f": _float,
    "D": _float,
    "d": _float,
}


def _doubles(document: ConfigDocument) -> Iterator[Hazard]:
    keys = document.joined_keys
    if "\\" not in keys and len(set(folded := keys.lower().split("="))) == len(folded):
        return
    first: dict[str, Property] = {}
    for found in document.occurrences:
        other = first.setdefault(found.name.lower(), found)
        if found.name != other.name:
            message = f"differs from {other.name!r} in case only: ConfigAdmin refuses the whole configuration"
            yield Hazard("case-twins", found.line, found.column, message, "Keep one of them", found.name)
        elif found is not other:
            message = "this key stands more than once: the last one wins, silently"
            yield Hazard("duplicate-key", found.line, found.column, message, "Keep one of them", found.name)
