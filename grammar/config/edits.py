"""Edits of a `.config` text: only the characters of the property concerned, in the file's own style."""

from __future__ import annotations

import bisect
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from grammar.config.codes import ELEMENT_OF
from grammar.config.scanner import Entry
from grammar.config.text import ITEM, ConfigText, decode, items
from grammar.config.writer import escape, type_code, written_item
from grammar.java import units
from grammar.places import LINE_END, before_line_end, end_of_line, next_line
from grammar.values import Shape, Value

_UNSAFE_FIRST = rf"[#\[\](),{units.WHITESPACE}]"

_BOM = "\ufeff"


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


def replaced(document: ConfigText, entry: Entry, value: Value) -> Splice:
    """Another value for one entry."""
    raw = document.raw_value(entry)
    old_code = raw[0] if raw[0] in ELEMENT_OF else ""
    code = _code_like(old_code, value)
    new = code + _body(raw[len(old_code) :], value)
    return Splice(entry.value_start, entry.value_end, new)


def added(document: ConfigText, name: str, value: Value) -> Splice:
    """One more line: at its place where the keys are sorted, else after the last property."""
    text, eol = document.raw, line_end(document)
    line = f"{_key(name)}={type_code(value)}{_new_body(value)}"
    if not document.entries:
        return _line_at(text, len(text), line, eol)
    before = _entry_before(document, name)
    if before is None:
        first = document.entries[0].key_start
        at = _above(document, first)
        return Splice(at, at, f"{_indent(document, first)}{line}{eol}")
    return _line_at(text, next_line(text, before.value_end), _indent(document, before.key_start) + line, eol)


def _line_at(text: str, at: int, line: str, eol: str) -> Splice:
    """A line of its own at the start of a line or the end of the text; no other line gets another ending."""
    if text[:at].endswith(("\n", "\r")) or not text:
        # A text that ends in CR alone cannot be read.
        return Splice(at, at, line + (text[at - 1] if eol == "\r" and at == len(text) else eol))
    return Splice(at, at, eol + line)


def removed(document: ConfigText, entries: Sequence[Entry]) -> list[Splice]:
    """Without some entries; the line of each goes too unless something else stands on it."""
    text = document.raw
    spans: list[tuple[int, int]] = []
    for entry in entries:
        start, end = _line_span(document, entry)
        if spans and spans[-1][1] == start:
            start = spans.pop()[0]
        spans.append((start, end))
    if spans and spans[-1][1] == len(text) and not text.endswith(("\n", "\r")):
        # The last line, without an ending: take the one before, so that the file still has none.
        start, end = spans.pop()
        spans.append((before_line_end(text, start), end))
    return [Splice(start, end, "") for start, end in spans]


def _entry_before(document: ConfigText, name: str) -> Entry | None:
    """The entry whose line the new one follows; None to go before all of them.

    The files that Sling's installer writes are sorted, and a reviewer expects the new line where the next
    write-back would put it. One entry a line, or it would be torn from what shares its line.
    """
    names, entries, raw = document.sorted_names, document.entries, document.raw
    if names is None or len(names) < 2 or raw.startswith(_BOM):
        return entries[-1]
    if any(end_of_line(raw, e.value_end) >= after.key_start for e, after in itertools.pairwise(entries)):
        return entries[-1]
    at = bisect.bisect(names, units.utf16_order(name))
    return entries[at - 1] if at else None


def _above(document: ConfigText, key_start: int) -> int:
    """Where a line goes that comes before the first property: above its comment, unless that heads the file."""
    text, starts = document.raw, document.line_starts
    row = last = bisect.bisect_right(starts, key_start) - 1
    if text[starts[last] : key_start].strip(" \t"):
        return key_start
    while row > 0 and text[starts[row - 1] : starts[row]].lstrip(" \t").startswith("#"):
        row -= 1
    return starts[row or last]


def _indent(document: ConfigText, key_start: int) -> str:
    """The blanks before a key that begins its line."""
    line = document.raw[document.line_start(key_start) : key_start]
    return "" if line.strip(" \t") else line


def line_end(document: ConfigText) -> str:
    """The line ending that the file uses most outside quotes; of two equally common ones the later.

    So the LF of the header that Sling's installer writes does not outvote the CRLF of its properties, nor do the
    line breaks in a script.
    """
    parts, at = [], 0
    for entry in document.entries:
        parts += [document.raw[at : entry.key_start], ITEM.sub("", document.raw_value(entry))]
        at = entry.value_end
    found = LINE_END.findall('"'.join([*parts, document.raw[at:]])) or re.findall(r"\r?\n", document.raw)
    counts = Counter(found)
    return max(reversed(found), key=lambda end: counts[end], default="\n")


def _line_span(document: ConfigText, entry: Entry) -> tuple[int, int]:
    """From the start of the entry's line to the next line; the entry alone where the line holds more."""
    text, start, end = document.raw, entry.key_start, entry.value_end
    line_start = document.line_start(start)
    if text[line_start:start].strip(" \t") or text[end : end_of_line(text, end)].strip(" \t"):
        return start, end
    return line_start, next_line(text, end)


def _code_like(old: str, value: Value) -> str:
    """The type code, in the file's own way where that means the same."""
    new = type_code(value)
    same_case = value.shape is not Shape.ARRAY or old.isupper() == (new or "T").isupper()
    return old if old.upper() == (new or "T").upper() and same_case else new


def _body(old: str, value: Value) -> str:
    """The value after its type code: old items keep their spelling, a list keeps its layout."""
    brackets = {Shape.ARRAY: "[]", Shape.COLLECTION: "()"}.get(value.shape)
    if brackets is None:
        return _quoted(value.items[0])
    if old[0] not in "[(" or not value.items:
        return _new_body(value)
    spelling = {decode(raw): f'"{raw}"' for raw in items(old)}
    texts = [spelling.get(written_item(item)) or _quoted(item) for item in value.items]
    gaps = _layout(old, len(texts))
    return brackets[0] + "".join(map("".join, zip(gaps, texts, strict=False))) + gaps[-1] + brackets[1]


def _layout(old: str, count: int) -> list[str]:
    """What stands before, between and after that many items, in the layout of a list as it is written."""
    gaps = ITEM.split(old[1:-1])[::2]
    if len(gaps) == 1:
        return _layout_of_empty(gaps[0], count)
    between = gaps[1] if len(gaps) > 2 else "," + (gaps[0] if gaps[0].strip(" \t\\,") else " ")
    return [*gaps[:-1][:count], *[between] * (count + 1 - len(gaps)), gaps[-1]]


def _layout_of_empty(gap: str, count: int) -> list[str]:
    """As Felix would write it when the empty list stands as Felix writes it, else on one line."""
    if "," in gap or not LINE_END.search(gap):
        return ["", *[", "] * (count - 1), ""]
    opening = gap + "  " if gap.endswith(("\n", "\r")) else gap
    return [opening, *["," + opening] * (count - 1), "," + gap]


def _new_body(value: Value) -> str:
    if value.shape is Shape.SCALAR:
        return _quoted(value.items[0])
    opening, closing = "[]" if value.shape is Shape.ARRAY else "()"
    return opening + ", ".join(_quoted(item) for item in value.items) + closing


def _quoted(item: object) -> str:
    return f'"{_without_lone_surrogates(escape(written_item(item)))}"'


def _key(name: str) -> str:
    text = _without_lone_surrogates(escape(name))
    return "\\" + text if re.match(_UNSAFE_FIRST, text) else text


def _without_lone_surrogates(text: str) -> str:
    """UTF-8 cannot hold a lone surrogate; ``\\uXXXX`` can."""
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)
