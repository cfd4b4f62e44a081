"""A run mode that the Cloud Service has not: its modes are fixed (Adobe, "OSGi configuration")."""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint import run_modes
from migrate.lint.checks import Check
from migrate.lint.project import Project
from migrate.lint.rule import WARNING
from migrate.targets.watched import TIERS

_APART = (TIERS, ("dev", "stage", "prod"))
"""Of each, an instance has one."""


def _of_project(project: Project) -> Iterator[tuple[str, Hazard]]:
    for folder in run_modes.of_cloud(project, "run-mode-unknown"):
        unknown = [mode for mode in folder.modes if mode not in run_modes.CLOUD]
        together = next((both for both in map(folder.modes_among, _APART) if len(both) > 1), ())
        if together:
            message = (
                f"{' and '.join(together)} are never on together: nothing in {folder.name} is ever active"
            )
            yield folder.hazard(message, "Give each a folder of its own")
        if unknown:
            message = (
                f"the Cloud Service has no run mode {unknown[0]!r}: nothing in {folder.name} is ever active"
            )
            yield folder.hazard(message, f"Its run modes are {', '.join(run_modes.CLOUD)}")


CHECK = Check(WARNING, "run modes that are never on in the Cloud Service", of_all=_of_project)
