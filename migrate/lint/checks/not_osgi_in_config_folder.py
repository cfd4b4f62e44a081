"""Something else than configurations and bundles in a folder that the installer watches.

Cloud Manager's `ConfigAndInstallShouldOnlyContainOsgiNodes`: such folders are closed to readers, and everything in them
is handed to the installer at every change.
"""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint.checks import Check
from migrate.lint.project import Project, and_more
from migrate.lint.rule import WARNING
from migrate.targets.watched import Ground, place_of
from migrate.texts import choosing
from migrate.texts.listing import Item


def _of_project(project: Project) -> Iterator[tuple[str, Hazard]]:
    folders: dict[tuple[str, str], list[Item]] = {}
    for item in project.others:
        if item.ground is Ground.WATCHED and not choosing.is_other_form(item.path, item.ground):
            path = project.full(item)
            folders.setdefault((path.rpartition("/jcr_root/")[0], place_of(path).folder), []).append(item)
    for (_, folder), items in folders.items():
        message = (
            f"{folder} is for configurations, bundles and packages only, and this is none{and_more(items)}"
        )
        yield items[0].path, Hazard("", 1, 1, message, "Move it out of the folder")


CHECK = Check(
    WARNING,
    "something else in a folder for configurations",
    of_all=_of_project,
    keys=("Cloud Manager: ConfigAndInstallShouldOnlyContainOsgiNodes",),
)
