"""One PID in folders with as many run modes each, which may be active together: their paths decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from migrate.lint.checks import Check
from migrate.lint.rule import WARNING

if TYPE_CHECKING:
    from grammar.hazards import Hazard
    from migrate.lint.project import Project


def _of_project(project: Project) -> Iterator[tuple[str, Hazard]]:
    if len(project.items) < 2 and not project.elements:
        return
    from migrate.lint.same_pid import clashes

    for clash in clashes(project):
        if not clash.has_same_run_modes:
            modes = ", ".join(clash.active)
            message = (
                f"with the run modes {modes} {clash.pid} is as near at {clash.winner.url}; AEM takes that one unless "
                "this one is installed"
            )
            fix = f"Add a file for both, in config.{'.'.join(clash.active)}"
            yield clash.hazard(message, fix)


CHECK = Check(WARNING, "folders of equal rank for one PID", of_all=_of_project)
