"""Run modes in another order than the Cloud Service's build takes: the service's before the environment's."""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint import run_modes
from migrate.lint.checks import Check
from migrate.lint.project import Project
from migrate.lint.rule import WARNING


def _of_project(project: Project) -> Iterator[tuple[str, Hazard]]:
    for folder in run_modes.of_cloud(project, "run-mode-order"):
        # One that stands twice counts twice in AEM 6.5; the build takes it once.
        right = tuple(sorted(dict.fromkeys(folder.modes), key=run_modes.rank))
        if set(folder.modes) <= set(run_modes.CLOUD) and folder.modes != right:
            message = (
                f"{folder.name}: the build for the Cloud Service wants the service before the environment, "
                "and each once"
            )
            yield folder.hazard(message, f"Call the folder config.{'.'.join(right)}")


CHECK = Check(
    WARNING, "run modes in the wrong order", of_all=_of_project, keys=("aemanalyser: run mode order",)
)
