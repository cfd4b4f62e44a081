"""A configuration in a folder for bundles: the build for the Cloud Service stops at it.

aemanalyser, and the build behind Cloud Manager, let Sling's content package converter enforce the folder ``config``
(``AbstractConfigurationEntryHandler``: "OSGi configuration are only considered if placed below a folder called
'config'"). The installer of AEM 6.5 takes configurations from ``install``, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint.checks import Check
from migrate.lint.project import Project, and_more, without_ignored
from migrate.lint.rule import ERROR
from migrate.targets.watched import Ground
from migrate.texts.listing import Item

_RULE = "config-in-install"


def _of_project(project: Project) -> Iterator[tuple[str, Hazard]]:
    found: dict[tuple[str, str], list[Item]] = {}
    for item in project.in_repository():
        if project.platform_of(item).id != "cloud":
            continue
        for place in project.places_of(item):
            if place.ground is Ground.WATCHED and place.folder.rpartition("/")[2].startswith("install"):
                root = project.full(item).rpartition("/jcr_root/")[0]
                found.setdefault((root, place.folder), []).append(item)
    for (_, folder), items in found.items():
        kept = list(without_ignored(items, _RULE))
        if kept:
            above, _, name = folder.rpartition("/")
            message = (
                f"{folder} is for bundles: the build for the Cloud Service stops at a configuration in it"
            )
            fix = f"Move it to {above}/config{name.removeprefix('install')}"
            yield kept[0].path, Hazard("", 1, 1, message + and_more(kept), fix)


CHECK = Check(ERROR, "a configuration in a folder for bundles", of_all=_of_project)
