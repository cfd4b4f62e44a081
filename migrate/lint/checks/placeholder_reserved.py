"""A variable whose name the Cloud Service keeps: ``INTERNAL_``, ``ADOBE_``; ``CONST_`` is ignored (Adobe)."""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint.checks import Check, Subject
from migrate.lint.rule import ERROR
from migrate.lint.variables import of_cloud

_RESERVED = ("INTERNAL_", "ADOBE_", "CONST_")


def _of_one(subject: Subject) -> Iterator[Hazard]:
    for found in of_cloud(subject):
        prefix = next((one for one in _RESERVED if found.name.startswith(one)), None)
        if prefix is not None:
            message = f"names that begin with {prefix} are Adobe's: a variable {found.name} cannot be set"
            yield found.hazard(message, "Give the variable another name")


CHECK = Check(
    ERROR,
    "a name of a variable that Adobe keeps",
    of_one=_of_one,
    keys=("aemanalyser: aem-env-var",),
    platforms=("cloud",),
)
