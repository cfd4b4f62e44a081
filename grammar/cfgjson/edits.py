"""Edits of a `.cfg.json` text: only the characters of the property concerned, in the file's own style."""

from __future__ import annotations

import json
import re
from itertools import pairwise

from grammar import patterns
from grammar.cfgjson.agreement import agreed_value
from grammar.cfgjson.json import STRING
from grammar.cfgjson.text import COMMENT, CfgJsonText, Entry, blanked
from grammar.cfgjson.values import Node, Number, UnconvertibleError, quoted
from grammar.cfgjson.writer import type_code
from grammar.documents import Property
from grammar.errors import EditError
from grammar.places import LINE_END
from grammar.values import Float32, Float64, Scalar, Shape, Value

_ITEM_OR_COMMENT = patterns.lazy(rf'{STRING}|{COMMENT}|[\[\],]|[{{}}]|[^\s"\[\]{{}},/]++', re.DOTALL)
_CLOSES = patterns.lazy(r"[ \t]*+(?:\}|\r|\n)")
_BLANKS = patterns.lazy(r"[ \t\r\n]*\Z")
_COMMENT_AFTER = patterns.lazy(r"[ \t]*+(?://[^\r\n]*+|/\*[^\r\n]*?\*/[ \t]*+)(?=\r|\n)")
_SURROGATE = patterns.lazy("[\ud800-\udfff]")


def replaced(document: CfgJsonText, index: int, found: Property, value: Value) -> str:
    """The text with another value for one member, of the property `found`; its key changes only when its type must."""
    raw, entry = document.raw, document.entries[index]
    code = _fitting_type(found.name, value, found.type_code)
    key = raw[entry.key_start : entry.key_end]
    if code != found.type_code:
        key = _string(f"{found.name}:{code}" if code else found.name)
    body = _body(value, raw[entry.value_start : entry.value_end])
    between = raw[entry.key_end : entry.value_start]
    return raw[: entry.key_start] + key + between + body + raw[entry.value_end :]


def _fitting_type(name: str, value: Value, present: str | None = None) -> str:
    """The first type with which the value is read back: the present one, the writer's, the full one."""
    node = _node(value)
    for code in (present, type_code(value), value.type_name):
        if code is None:
            continue
        try:
            if agreed_value(node, code or None) == value:
                return code
        except UnconvertibleError:
            continue
    raise EditError(f"{name}: `.cfg.json` cannot hold this value of type {value.type_name}")


def _node(value: Value) -> Node:
    items: list[Node] = [
        _item_node(text, item) for text, item in zip(_items(value), value.items, strict=True)
    ]
    return items[0] if value.shape is Shape.SCALAR else items


def _item_node(text: str, item: Scalar) -> Node:
    if item is None or isinstance(item, (str, bool)):
        return item
    return Number(text) if text[0] != '"' else text[1:-1]


def _items(value: Value) -> list[str]:
    """The JSON of the items; numbers among which one needs quotes are all quoted, to be alike."""
    texts = [_item(item) for item in value.items]
    if value.element in ("Float", "Double", "float", "double") and any(text[0] == '"' for text in texts):
        return [f'"{text.strip(chr(34))}"' for text in texts]
    return texts


def _item(item: Scalar) -> str:
    if isinstance(item, str):
        return _string(item)
    if isinstance(item, (Float32, Float64)):
        text = repr(item.number)
        words = {"nan": '"NaN"', "inf": '"Infinity"', "-inf": '"-Infinity"', "-0.0": '"-0.0"'}
        return words.get(text, text)
    return json.dumps(item)


def _string(text: str) -> str:
    """A JSON string; UTF-8 cannot hold a lone surrogate, an escape can.

    A last backslash is written as an escape too: new readers take the quote after `\\\\` for an escaped one.
    """
    plain = quoted(text.removesuffix("\\"))
    if text.endswith("\\"):
        plain = plain[:-1] + '\\u005c"'
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", plain)


def _body(value: Value, old: str, blank: str = " ") -> str:
    """The JSON of a value; a list keeps the layout and comments of the old one and its items their spelling."""
    texts = _items(value)
    if value.shape is Shape.SCALAR:
        return texts[0]
    spans = _item_spans(old)
    if not texts or not spans:
        return f"[{f',{blank}'.join(texts)}]"
    spelling = {json.loads(old[start:end]): old[start:end] for start, end in spans if old[start] == '"'}
    texts = [
        spelling.get(item, text) if isinstance(item, str) else text
        for item, text in zip(value.items, texts, strict=True)
    ]
    kept = spans[: len(texts)]
    gaps = [old[end:start] for (_, end), (start, _) in pairwise(kept)]
    opening = old[1 : spans[0][0]]
    between = old[spans[0][1] : spans[1][0]] if len(spans) > 1 else "," + (opening or blank)
    gaps += [between if "/" not in between else f",{blank}"] * (len(texts) - len(kept))
    items = "".join(map("".join, zip(texts, [*gaps, ""], strict=True)))
    return f"[{opening}{items}{old[spans[-1][1] :]}"


def _item_spans(old: str) -> list[tuple[int, int]]:
    """Where the items of a list stand; none when it is no list, or one with lists and objects in it."""
    found = [f for f in _ITEM_OR_COMMENT.finditer(old) if not f[0].startswith("/")]
    items = [f for f in found if f[0] not in "[],"]
    plain = "".join("x" if f[0] not in "[]," else f[0] for f in found)
    return [f.span() for f in items] if plain == f"[{','.join('x' * len(items))}]" else []


def added(document: CfgJsonText, name: str, value: Value) -> str:
    """The text with one more member after the last one, laid out like it."""
    code = _fitting_type(name, value)
    key = _string(f"{name}:{code}" if code else name)
    raw, entries = document.raw, document.entries
    if not entries:
        return _first(raw, f"{key}: {_body(value, '')}")
    last = entries[-1]
    colon = raw[last.key_end : last.value_start]
    if "/" in colon:
        colon = ": "
    body = _body(value, "", " " if colon.endswith(" ") else "")
    blank = _BLANKS.search(raw, _gap_start(raw, entries), last.key_start)
    before = blank[0] if blank else ""
    if len(entries) == 1 and not LINE_END.search(before):
        before = " " if colon.endswith(" ") else ""
    comment = _COMMENT_AFTER.match(raw, last.value_end)
    at = comment.end() if comment and LINE_END.search(before) else last.value_end
    return f"{raw[: last.value_end]},{raw[last.value_end : at]}{before}{key}{colon}{body}{raw[at:]}"


def _gap_start(raw: str, entries: tuple[Entry, ...]) -> int:
    return entries[-2].comma + 1 if len(entries) > 1 else raw.rfind("{", 0, entries[0].key_start) + 1


def _first(raw: str, member: str) -> str:
    """The text with a first member: after the opening brace, on a line of its own where the braces stand apart."""
    at = blanked(raw).index("{") + 1
    comment = _COMMENT_AFTER.match(raw, at)
    at = comment.end() if comment else at
    eol = LINE_END.search(raw, at)
    return (
        f"{raw[:at]}{eol[0]}  {member}{raw[at:]}"
        if eol and "}" in raw[eol.end() :]
        else f"{raw[:at]}{member}{raw[at:]}"
    )


def _is_blank(text: str) -> bool:
    return not text.strip(" \t\r\n")


def removed(document: CfgJsonText, index: int) -> str:
    """The text without one member, its comma and, when it has one to itself, its line; comments stay."""
    raw, entries = document.raw, document.entries
    entry = entries[index]
    spans: list[tuple[int, int]] = []
    end = entry.value_end
    if entry.comma >= 0 and _is_blank(raw[end : entry.comma]):
        end = entry.comma + 1
    elif entry.comma >= 0:
        spans.append((entry.comma, entry.comma + 1))
    elif index:
        comma = entries[index - 1].comma
        if _is_blank(raw[comma + 1 : entry.key_start]) and _CLOSES.match(raw, end):
            return raw[:comma] + raw[end:]
        spans.append((comma, comma + 1))
    spans.append(_line_span(raw, entry.key_start, end, last=entry.comma < 0))
    for start, stop in sorted(spans, reverse=True):
        raw = raw[:start] + raw[stop:]
    return raw


def _line_span(text: str, start: int, end: int, *, last: bool) -> tuple[int, int]:
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    stop = end + len(text[end:]) - len(text[end:].lstrip(" \t"))
    ending = LINE_END.match(text, stop)
    if not text[line_start:start].strip(" \t") and line_start:
        if ending:
            return line_start, ending.end()
        return start, stop if not last else end
    if last:
        return start - (len(text[:start]) - len(text[:start].rstrip(" \t"))), end
    return start, stop
