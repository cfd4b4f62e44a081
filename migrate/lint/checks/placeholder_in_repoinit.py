"""A placeholder in repoinit, where the Cloud Service fills none in (Adobe)."""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint.checks import Check, Subject
from migrate.lint.rule import ERROR
from migrate.lint.variables import of_cloud

_PID = "org.apache.sling.jcr.repoinit.RepositoryInitializer"


def _of_one(subject: Subject) -> Iterator[Hazard]:
    for found in of_cloud(subject):
        message = (
            f"repoinit runs before placeholders are filled in: it sees $[{found.kind}:{found.name}] itself"
        )
        yield found.hazard(message, "Write the value, or a file for each environment's run mode")


CHECK = Check(ERROR, "a placeholder in repoinit", of_one=_of_one, pid=_PID, platforms=("cloud",))
