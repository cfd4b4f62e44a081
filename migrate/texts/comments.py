"""The comments of a configuration, by the properties that they belong to, and written in another form.

A comment stands above the property that comes next; one behind a value belongs to that value's property; what stands
above the first property is the head of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, cast

from grammar import patterns
from grammar.config.document import ConfigDocument
from grammar.documents import Document
from grammar.places import LINE_END
from grammar.xml.document import XmlDocument

_HASH = patterns.lazy(r"#([^\r\n]*)")
_IN_JSON = patterns.lazy(r'"(?:[^"\\]|\\.)*+"|//([^\n]*)|/\*(.*?)\*/', re.DOTALL)
_IN_XML = patterns.lazy(r"<!--(.*?)-->", re.DOTALL)
_FRAME = patterns.lazy(r"\s*[*~] ?")
_BRACE = patterns.lazy(r"//[^\n]*|/\*.*?\*/|\{", re.DOTALL)


class Comments(NamedTuple):
    """What people wrote beside the properties: lines, without the marks.

    Attributes:
        head: above the first property.
        above: by the property that they belong to.
        tail: below the last one.
    """

    head: tuple[str, ...] = ()
    above: Mapping[str, tuple[str, ...]] = {}
    tail: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Comments(<{len(self.head)} lines>, above={sorted(self.above)}, <{len(self.tail)} lines>)"

    def __bool__(self) -> bool:
        return bool(self.head or self.above or self.tail)


def of(document: Document, *, keep_inside: bool = False) -> Comments:
    """The comments of a document.

    Args:
        document: in any form.
        keep_inside: let those behind the brace of a `.cfg.json` belong to its first property, not to the head.
    """
    if isinstance(document, XmlDocument):
        # No comment stands between attributes.
        text = document.file.source.text
        found = [line for one in _IN_XML.finditer(text) for line in _lines(one[1])]
        return Comments(tuple(found))
    # A CfgJsonDocument has the same attributes.
    spans = cast("ConfigDocument", document)
    winners = {id(one) for one in document.properties}
    head: list[str] = []
    above: dict[str, list[str]] = {}
    pending: list[str] = []
    last, at = "", 0
    for number, (entry, one) in enumerate(zip(spans.entries, spans.occurrences, strict=True)):
        behind, comments = _between(spans.raw[at : entry.key_start], document.form)
        inside = _inside(spans.raw[entry.key_start : entry.value_end], document.form)
        at = entry.value_end
        if number == 0:
            head = [*behind, *comments]
            if keep_inside:
                head, pending = _around_brace(spans.raw[: entry.key_start])
        else:
            (above.setdefault(last, []) if last and not pending else pending).extend(behind)
            pending += comments
        pending += inside
        if id(one) in winners:
            last = one.name
            above.setdefault(last, []).extend(pending)
            pending = []
    behind, comments = _between(spans.raw[at:], document.form)
    (above.setdefault(last, []) if last and not pending else pending).extend(behind)
    kept = {name: tuple(lines) for name, lines in above.items() if lines}
    return Comments(tuple(head), kept, (*pending, *comments))


def _between(text: str, form: str) -> tuple[list[str], list[str]]:
    """The comments between two properties: those behind the first, and those above the second."""
    pattern = _HASH if form == "config" else _IN_JSON
    line = LINE_END.search(text)
    behind: list[str] = []
    comments: list[str] = []
    for found in pattern.finditer(text):
        inner = next((group for group in found.groups() if group is not None), None)
        if inner is not None:
            (comments if line is not None and found.start() >= line.end() else behind).extend(_lines(inner))
    return behind, comments


def _around_brace(text: str) -> tuple[list[str], list[str]]:
    """The comments before the brace that opens a `.cfg.json`, and those behind it."""
    brace = next(found.start() for found in _BRACE.finditer(text) if found[0] == "{")
    return _flat(text[:brace], "cfg.json"), _flat(text[brace:], "cfg.json")


def _flat(text: str, form: str) -> list[str]:
    return [line for lines in _between(text, form) for line in lines]


def _inside(text: str, form: str) -> list[str]:
    """The comments amid a property, where JSON lets them be."""
    if form != "cfg.json" or "/" not in text:
        return []
    return _flat(text, form)


def _lines(inner: str) -> Iterator[str]:
    """A comment line by line; the stars and blank lines that only frame it go."""
    parts = LINE_END.split(inner)
    if len(parts) == 1:
        yield inner.rstrip()
        return
    framed = (_FRAME.match(part) for part in parts)
    lines = [
        part[frame.end() :].rstrip() if frame else part.strip()
        for part, frame in zip(parts, framed, strict=True)
    ]
    while lines and not lines[0].strip("*~ "):
        del lines[0]
    while lines and not lines[-1].strip("*~ "):
        del lines[-1]
    yield from (f" {line}".rstrip() for line in lines)


def written(form: str, members: Mapping[str, str], comments: Comments) -> tuple[str, Comments]:
    """A text with comments, and those that have no place in the form.

    Args:
        form: of the text.
        members: by name, the text of each property as the form's writer gives it; of XML, ``""`` and the whole text.
        comments: only the head has a place in XML.
    """
    if form == "xml":
        first, _, rest = members[""].partition("\n")
        head = "".join(f"<!--{_without_hyphens(line)} -->\n" for line in comments.head)
        return f"{first}\n{head}{rest}", comments._replace(head=())
    mark, end, indent = ("#", "\r\n", "") if form == "config" else ("//", "\n", "  ")

    def marked(lines: Iterable[str], indent: str = "") -> str:
        return "".join(f"{indent}{mark}{line}{end}" for line in lines)

    blocks = [marked(comments.above.get(name, ()), indent) + text for name, text in members.items()]
    if form == "config":
        return marked(comments.head) + "".join(blocks) + marked(comments.tail), Comments()
    inner = ",\n".join(blocks) + "\n" if blocks else "\n"
    tail = marked(comments.tail, indent)
    return f"{marked(comments.head)}{{\n{inner}{tail}}}", Comments()


def _without_hyphens(line: str) -> str:
    """XML allows no two hyphens in a comment, and none at its end: the blank behind it sees to that."""
    while "--" in line:
        line = line.replace("--", "- -")
    return line
