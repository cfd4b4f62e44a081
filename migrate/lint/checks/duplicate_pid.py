"""One PID in several folders that the same run modes switch on: which file AEM takes, its path decides.

Cloud Manager's `DuplicateOsgiConfigurations` is about the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from migrate.lint.checks import Check
from migrate.lint.rule import WARNING

if TYPE_CHECKING:
    from grammar.hazards import Hazard
    from migrate.lint.project import Project
    from migrate.lint.same_pid import Clash


def _of_project(project: Project) -> Iterator[tuple[str, Hazard]]:
    if len(project.items) < 2 and not project.elements:
        return
    from migrate.lint.same_pid import clashes

    for clash in clashes(project):
        if clash.has_same_run_modes:
            yield clash.hazard(f"{clash.pid} is also {_where(clash)}", "Keep one of them")


def _where(clash: Clash) -> str:
    if clash.winner.url == clash.loser.resource.url:
        return f"in {clash.winner.path!r}, at the same path of the repository; AEM has what is installed last"
    return f"at {clash.winner.url}, for the same run modes; AEM takes that one unless this one is installed"


CHECK = Check(
    WARNING,
    "one PID in several folders for the same run modes",
    of_all=_of_project,
    keys=("Cloud Manager: DuplicateOsgiConfigurations",),
)
