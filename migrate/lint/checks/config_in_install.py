"""A configuration in a folder for bundles: the build for the Cloud Service stops at it.

aemanalyser, and the build behind Cloud Manager, let Sling's content package converter enforce the folder ``config``
(``AbstractConfigurationEntryHandler``: "OSGi configuration are only considered if placed below a folder called
'config'"). The installer of AEM 6.5 takes configurations from ``install``, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint import run_modes
from migrate.lint.checks import Check
from migrate.lint.project import Project
from migrate.lint.rule import ERROR


def _of_project(project: Project) -> Iterator[tuple[str, Hazard]]:
    for folder in run_modes.of_cloud(project, "config-in-install", lambda place: place.is_for_bundles):
        above, _, name = folder.name.rpartition("/")
        message = (
            f"{folder.name} is for bundles: the build for the Cloud Service stops at a configuration in it"
        )
        yield folder.hazard(message, f"Move it to {above}/config{name.removeprefix('install')}")


CHECK = Check(ERROR, "a configuration in a folder for bundles", of_all=_of_project)
