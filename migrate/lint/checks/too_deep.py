"""A folder deeper than AEM looks: `folders` knows where it looks."""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint import folders
from migrate.lint.checks import Check
from migrate.lint.project import Project
from migrate.lint.rule import WARNING
from migrate.targets.watched import Ground


def _of_project(project: Project) -> Iterator[tuple[str, Hazard]]:
    return folders.on(Ground.TOO_DEEP, project, "too-deep")


CHECK = Check(WARNING, "a folder deeper than AEM looks", of_all=_of_project)
