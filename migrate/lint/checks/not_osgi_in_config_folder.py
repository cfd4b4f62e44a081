"""Something else than configurations and bundles in a folder that the installer watches.

Cloud Manager's `ConfigAndInstallShouldOnlyContainOsgiNodes`: such folders are closed to readers, and everything in them
is handed to the installer at every change.
"""

from __future__ import annotations

from collections.abc import Iterator

from grammar import patterns
from grammar.hazards import Hazard
from migrate.lint.checks import Check
from migrate.lint.project import Project, and_more
from migrate.lint.rule import WARNING
from migrate.targets.watched import Ground, place_of
from migrate.texts import choosing
from migrate.texts.listing import Item

_MISNAMED = patterns.lazy(r"([A-Za-z_$][\w$]*(?:\.[\w$]+)*\.[A-Z][\w$]*(?:[-~].*)?)\.json")
"""What is called by a service, as a `.cfg.json` is."""


def _of_project(project: Project) -> Iterator[tuple[str, Hazard]]:
    folders: dict[tuple[str, str, bool], list[Item]] = {}
    for item in project.others:
        if item.ground is Ground.WATCHED and not choosing.is_other_form(item.path, item.ground):
            path = project.full(item)
            root, folder = path.rpartition("/jcr_root/")[0], place_of(path).folder
            folders.setdefault((root, folder, _meant(item) != ""), []).append(item)
    for (_, folder, is_misnamed), items in folders.items():
        if is_misnamed:
            message = f"AEM takes no file of this name for a configuration{and_more(items)}"
            fix = f"Call it {_meant(items[0])}"
        else:
            message = f"{folder} is for configurations, bundles and packages only, and this is none{and_more(items)}"
            fix = "Move it out of the folder"
        yield items[0].path, Hazard("", 1, 1, message, fix)


def _meant(item: Item) -> str:
    """What the file should be called when it is to be a configuration; empty where it has another name altogether."""
    found = _MISNAMED.fullmatch(item.path.rpartition("/")[2])
    return f"{found[1]}.cfg.json" if found else ""


CHECK = Check(
    WARNING,
    "something else in a folder for configurations",
    of_all=_of_project,
    keys=("Cloud Manager: ConfigAndInstallShouldOnlyContainOsgiNodes",),
)
