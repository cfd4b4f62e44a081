"""A name that no variable of the Cloud Service can have: ``[a-zA-Z_][a-zA-Z_0-9]*``, 2 to 100 characters (Adobe)."""

from __future__ import annotations

from collections.abc import Iterator

from grammar import patterns
from grammar.hazards import Hazard
from migrate.lint.checks import Check, Subject
from migrate.lint.rule import ERROR
from migrate.lint.variables import of_cloud

_NAME = patterns.lazy(r"[a-zA-Z_][a-zA-Z_0-9]{1,99}")


def _of_one(subject: Subject) -> Iterator[Hazard]:
    for found in of_cloud(subject):
        if not _NAME.fullmatch(found.name):
            message = f"no variable can be called {found.name!r}: the placeholder is never filled in"
            yield found.hazard(message, "Letters, digits and _, no digit first, 2 to 100 of them")


CHECK = Check(
    ERROR,
    "a name that no variable can have",
    of_one=_of_one,
    keys=("aemanalyser: aem-env-var",),
    platforms=("cloud",),
)
