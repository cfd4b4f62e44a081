"""A statement of repoinit that runs over several items of ``scripts``.

``RepositoryInitializerFactory`` of ``org.apache.sling.jcr.repoinit`` parses every item by itself; one that cannot be
parsed stops the repository, and with it AEM (aem-project-archetype #852, #871, #997).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grammar import patterns
from grammar.hazards import Hazard
from grammar.places import LINE_END
from migrate.lint.checks import Check, Subject
from migrate.lint.rule import ERROR

_PID = "org.apache.sling.jcr.repoinit.RepositoryInitializer"
_NAME = "scripts"
_FIX = "Write the whole statement, up to its end, into one item, with \\n between its lines"
_BLOCK = patterns.lazy(
    r"(?:set|ensure|remove)\s+(?:(?:repository|principal|default)\s+)*(?:acl|ace|properties)\b", re.IGNORECASE
)
_NODETYPES = patterns.lazy(r"register\s+nodetypes\b", re.IGNORECASE)
_ON_ONE_LINE = patterns.lazy(r".*\bend\s*\Z", re.IGNORECASE)
_END = patterns.lazy(r"end\s*(?:#.*)?")
_END_OF_TEXT = patterns.lazy(r".*===>>\s*(?:#.*)?")
_INSIDE = patterns.lazy(r"(?:allow|deny|end|with)\b|remove\s+\*|<<===|===>>")


def _of_one(subject: Subject) -> Iterator[Hazard]:
    found = subject.document.get(_NAME)
    if found is None:
        return
    items = [item for item in found.value.items if isinstance(item, str)]
    wrong = next((message for message in map(_wrong, items) if message), None)
    if wrong and len(items) > 1:
        yield Hazard(
            "",
            found.line,
            found.column,
            f"{wrong}: each item is read by itself, and AEM does not start",
            _FIX,
        )


def _wrong(item: str) -> str:
    """What shows that an item is a part of a statement; empty when nothing does."""
    end: re.Pattern[str] | None = None
    for line in map(str.strip, LINE_END.split(item)):
        if not line or (line.startswith("#") and end is not _END_OF_TEXT):
            continue
        if end is not None:
            end = None if end.fullmatch(line) else end
        elif inside := _INSIDE.match(line):
            return f"an item of {_NAME} begins with {inside[0]!r}, which belongs to the statement before it"
        elif _NODETYPES.match(line):
            end = _END_OF_TEXT
        elif _BLOCK.match(line) and not _ON_ONE_LINE.match(line):
            end = _END
    return f"an item of {_NAME} has a statement without its end" if end is not None else ""


CHECK = Check(ERROR, "a repoinit statement over several items", of_one=_of_one, pid=_PID)
