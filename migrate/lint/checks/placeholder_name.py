"""A placeholder that no variable of the Cloud Service can fill in.

A name is ``[a-zA-Z_][a-zA-Z_0-9]*``, 2 to 100 characters (Adobe). What Felix's interpolation plugin does not know as a
placeholder, another kind or one without its end, it leaves as it is (``Interpolator.replace``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grammar import patterns, placeholders
from grammar.documents import Document
from grammar.hazards import Hazard
from migrate.lint.checks import Check, Subject
from migrate.lint.rule import ERROR
from migrate.lint.variables import BEGINNING, of_cloud

_NAME = patterns.lazy(r"[a-zA-Z_][a-zA-Z_0-9]{1,99}")
_KIND = patterns.lazy(rf"\$\[\s*((?:{'|'.join(placeholders.KINDS)})s?)\s*:", re.IGNORECASE)
_KINDS = tuple(f"$[{kind}:" for kind in placeholders.KINDS)


def _of_one(subject: Subject) -> Iterator[Hazard]:
    for found in of_cloud(subject):
        if not _NAME.fullmatch(found.name):
            message = f"no variable can be called {found.name!r}: the placeholder is never filled in"
            yield found.hazard(message, "Letters, digits and _, no digit first, 2 to 100 of them")
    yield from _misspelled(subject.document)


def _misspelled(document: Document) -> Iterator[Hazard]:
    if BEGINNING not in document.source:
        return
    for one in document.properties:
        for text in (item for item in one.value.items if isinstance(item, str)):
            kind = next((found for found in _KIND.finditer(text) if found[0] not in _KINDS), None)
            if kind is not None:
                message = f"{kind[0]!r} begins no placeholder: it stays in the value as it is"
                fix = f"Write $[{kind[1].lower().removesuffix('s')}:NAME]"
            elif placeholders.is_left_open(text):
                message, fix = "a placeholder without its end stays in the value as it is", "Close it with ]"
            else:
                continue
            yield Hazard("", one.line, one.column, message, fix, one.name)


CHECK = Check(
    ERROR,
    "a placeholder that no variable can fill in",
    of_one=_of_one,
    keys=("aemanalyser: aem-env-var",),
    platforms=("cloud",),
)
