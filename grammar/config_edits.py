"""Edits of a `.config` text: only the characters of the property concerned, in the file's own style."""

from __future__ import annotations

import bisect
import itertools
import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from grammar import java
from grammar.config_writer import escape, type_code, written_item
from grammar.felix import ELEMENT_OF
from grammar.values import Shape, Value

if TYPE_CHECKING:
    from grammar.config import ConfigDocument, Entry

_LINE_END = re.compile(r"\r\n|\r|\n")
_UNSAFE_FIRST = "#[](),"


class Splice(NamedTuple):
    """New text for a span of the old one."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str | None:
    """The text after some splices, in the order given where they touch; None when two overlap."""
    parts, at = [], 0
    for splice in sorted(splices, key=lambda splice: splice.start):
        if splice.start < at:
            return None
        parts += [text[at : splice.start], splice.text]
        at = splice.end
    return "".join([*parts, text[at:]])


def replaced(document: ConfigDocument, entry: Entry, value: Value) -> Splice:
    """Another value for one entry."""
    raw = document.raw_value(entry)
    old_code = raw[0] if raw[0] in ELEMENT_OF else ""
    code = _code_like(old_code, value)
    new = code + _body(document, entry, raw[len(old_code) :], value)
    return Splice(entry.value_start, entry.value_end, new)


def added(document: ConfigDocument, name: str, value: Value) -> Splice:
    """One more line: at its place where the keys are sorted, else after the last property."""
    text, eol = document.raw, line_end(document.raw)
    line = f"{_key(name)}={type_code(value)}{_new_body(value)}"
    if document.entries:
        before = _entry_before(document, name)
        if before is None:
            start = document.entries[0].key_start
            return Splice(start, start, line + eol + _indent(text, start))
        end = _end_of_line(text, before.value_end)
        return Splice(end, end, eol + _indent(text, before.key_start) + line)
    if not text or text.endswith(("\n", "\r")):
        return Splice(len(text), len(text), line + eol)
    return Splice(len(text), len(text), eol + line)


def removed(document: ConfigDocument, entry: Entry) -> Splice:
    """Without one entry; its line goes too unless something else stands on it."""
    return Splice(*_line_span(document.raw, entry.key_start, entry.value_end), "")


def _entry_before(document: ConfigDocument, name: str) -> Entry | None:
    """The entry whose line the new one follows; None to go before all of them.

    The files that Sling's installer writes are sorted, and a reviewer expects the new line where the next
    write-back would put it. One entry a line, or it would be torn from what shares its line.
    """
    names = [java.utf16_order(found.name) for found in document.occurrences]
    entries, raw = document.entries, document.raw
    alone = all(
        _end_of_line(raw, entry.value_end) < after.key_start for entry, after in itertools.pairwise(entries)
    )
    if len(names) < 2 or names != sorted(names) or not alone:
        return entries[-1]
    at = bisect.bisect(names, java.utf16_order(name))
    return entries[at - 1] if at else None


def _indent(text: str, key_start: int) -> str:
    """The blanks before a key that begins its line."""
    line = text[max(text.rfind("\n", 0, key_start), text.rfind("\r", 0, key_start)) + 1 : key_start]
    return "" if line.strip(" \t") else line


def line_end(text: str) -> str:
    """The line ending that the file uses most; of two equally common ones the later.

    So the LF of the header that Sling's installer writes does not outvote the CRLF of its properties.
    """
    found = _LINE_END.findall(text)
    counts = Counter(found)
    return max(reversed(found), key=lambda end: counts[end], default="\n")


def _line_span(text: str, start: int, end: int) -> tuple[int, int]:
    before = text.rfind("\n", 0, start), text.rfind("\r", 0, start)
    line_start = max(before) + 1
    stop = _end_of_line(text, end)
    if text[line_start:start].strip(" \t") or text[end:stop].strip(" \t"):
        return start, end
    ending = _LINE_END.match(text, stop)
    if ending:
        return line_start, ending.end()
    # The last line, without an ending: take the one before, so that the file still has none.
    previous = re.search(r"(?:\r\n|\r|\n)\Z", text[:line_start])
    return (previous.start() if previous else line_start), stop


def _end_of_line(text: str, offset: int) -> int:
    found = _LINE_END.search(text, offset)
    return found.start() if found else len(text)


def _code_like(old: str, value: Value) -> str:
    """The type code, in the file's own way where that means the same."""
    new = type_code(value)
    same_case = value.shape is not Shape.ARRAY or old.isupper() == (new or "T").isupper()
    return old if old.upper() == (new or "T").upper() and same_case else new


def _body(document: ConfigDocument, entry: Entry, old: str, value: Value) -> str:
    """The value after its type code: old items keep their spelling, a list keeps its layout."""
    brackets = {Shape.ARRAY: "[]", Shape.COLLECTION: "()"}.get(value.shape)
    if brackets is None:
        return _quoted(value.items[0])
    if old[0] not in "[(" or not value.items:
        return _new_body(value)
    spelling = {document.decode(raw): f'"{raw}"' for raw, _ in document.items(entry)}
    texts = [spelling.get(written_item(item)) or _quoted(item) for item in value.items]
    opening, between, closing = _layout(old)
    return brackets[0] + opening + between.join(texts) + closing + brackets[1]


def _layout(old: str) -> tuple[str, str, str]:
    """What stands before, between and after the items of a list as it is written."""
    gaps = re.split(r'"(?:[^"\\]|\\.)*+"', old[1:-1], flags=re.DOTALL)
    if len(gaps) == 1:
        return "", ", ", ""
    between = gaps[1] if len(gaps) > 2 else "," + (gaps[0] if gaps[0].strip(" \t\\,") else " ")
    return gaps[0], between, gaps[-1]


def _new_body(value: Value) -> str:
    if value.shape is Shape.SCALAR:
        return _quoted(value.items[0])
    opening, closing = "[]" if value.shape is Shape.ARRAY else "()"
    return opening + ", ".join(_quoted(item) for item in value.items) + closing


def _quoted(item: object) -> str:
    return f'"{_without_lone_surrogates(escape(written_item(item)))}"'


def _key(name: str) -> str:
    text = _without_lone_surrogates(escape(name))
    return "\\" + text if text.startswith(tuple(_UNSAFE_FIRST)) else text


def _without_lone_surrogates(text: str) -> str:
    """UTF-8 cannot hold a lone surrogate; ``\\uXXXX`` can."""
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)
