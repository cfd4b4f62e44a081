"""Files that stand for one PID in several folders of a project, and which of them AEM takes where nothing decides.

What is taken is decided by `migrate.plans.precedence`, as for `slingshift explain`. Two files of one folder are twins,
which have a rule of their own.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from grammar import patterns
from grammar.hazards import Hazard
from grammar.pids import Pid
from migrate.lint import maven
from migrate.lint.project import Project, node_path
from migrate.plans.precedence import Reason, Resource, decide, is_contested, settings_of
from migrate.targets.base import INSIDE
from migrate.targets.nodes import node_name
from migrate.targets.package.paths import repository_path
from migrate.targets.watched import Ground, Place
from migrate.texts.listing import Item

_BY_CHANCE = (Reason.URL, Reason.SAME_NODE)
_APART = patterns.lazy(r"(?:its?|tests?|testing|samples?|examples?|demos?)(?:[.-].*)?", re.IGNORECASE)
"""Names of folders with packages that nobody installs together with the others."""
_FOR_ONE_AEM = patterns.lazy(
    r"(?:.*[._-])?(?:cloud|cs|classic|on-?prem(?:ise)?|aem-?6\d*|lts)", re.IGNORECASE
)
"""Names of folders with packages for one AEM, of which another has packages of its own."""


class Standing(NamedTuple):
    """A file, or an element of a folder's ``.content.xml``, that stands for a PID.

    Attributes:
        resource: what AEM sees of it.
        folder: where it is, absolute.
        line: where it begins in the file, from 1.
        column: from 1.
    """

    resource: Resource
    folder: str
    line: int = 1
    column: int = 1

    @property
    def path(self) -> str:
        return self.resource.path


class Clash(NamedTuple):
    """A file that loses by chance.

    Attributes:
        pid: of both.
        loser: the file.
        winner: the other one.
        active: the run modes under which they meet.
    """

    pid: str
    loser: Standing
    winner: Resource
    active: tuple[str, ...]

    @property
    def has_same_run_modes(self) -> bool:
        """Whether they meet wherever one of them counts."""
        return set(map(frozenset, self.loser.resource.settings)) == set(map(frozenset, self.winner.settings))

    def hazard(self, message: str, fix: str) -> tuple[str, Hazard]:
        """One at the loser."""
        return self.loser.path, Hazard("", self.loser.line, self.loser.column, message, fix)


class _Unit(NamedTuple):
    """What is installed together, as far as names say it: a package, a Maven project or a part of it that stands apart.

    Attributes:
        top: the highest folder of the Maven project; empty where there is none.
        part: the folder that stands apart in it, or the top; outside of such a project, all that stands in none.
    """

    top: str
    part: str


def clashes(project: Project) -> Iterator[Clash]:
    """Each file that loses by chance, once."""
    groups: dict[tuple[str, str], dict[_Unit, list[Standing]]] = {}
    for item in project.in_repository():
        for node, standing in _standings(item, project):
            pid, unit = Pid.from_filename(node).pid, _unit_of(project.full(item))
            groups.setdefault((unit.top, pid), {}).setdefault(unit, []).append(standing)
    for (top, pid), units in groups.items():
        told: set[int] = set()
        together = [*units.values(), *(_held_together(top, units) if len(units) > 1 else ())]
        for found in together:
            if len(found) > 1 and pid:
                yield from _of_pid(pid, found, told)


def _held_together(top: str, units: Mapping[_Unit, Sequence[Standing]]) -> Iterator[list[Standing]]:
    """What a package holds of parts that their names set apart, for each such package of the project."""
    for modules in maven.installed_together(top) if top else ():
        yield [
            one
            for found in units.values()
            for one in found
            if maven.module_of(one.folder.rpartition("/jcr_root/")[0]) in modules
        ]


def _standings(item: Item, project: Project) -> Iterator[tuple[str, Standing]]:
    """What a file holds that AEM takes, each by the name of its node."""
    elements = project.elements.get(item.path, ())
    for element in elements:
        place = project.place_of(item, element.node)
        if place.ground is Ground.WATCHED:
            resource = _resource(item, place, project.full(item), f"/{element.node}")
            folder, _, name = node_path(project.full(item), element.node).rpartition("/")
            yield name, Standing(resource, folder, element.line, element.column)
    place = project.place_of(item)
    if not elements and place.ground is Ground.WATCHED:
        path = project.full(item)
        yield node_name(item.path, item.form), Standing(_resource(item, place, path), _folder(path))


def _of_pid(pid: str, standings: list[Standing], told: set[int]) -> Iterator[Clash]:
    of = {id(found.resource): found for found in standings}
    resources = [found.resource for found in standings]
    for active in _settings(frozenset(one for resource in resources for one in resource.settings)):
        if not is_contested(resources, active):
            continue
        decision = decide(resources, active)
        for loser in decision.losers:
            found, winner = of[id(loser.resource)], decision.winner
            if winner is None or loser.reason not in _BY_CHANCE or id(found) in told:
                continue
            if found.folder != of[id(winner)].folder:
                told.add(id(found))
                yield Clash(pid, found, winner, active)


@functools.lru_cache(maxsize=256)
def _settings(asked: frozenset[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(settings_of(asked))


def _resource(item: Item, place: Place, path: str, node: str = "") -> Resource:
    entry = f"jcr_root/{path.rpartition('/jcr_root/')[2]}"
    url = repository_path(entry, docview=item.form == "xml") or f"/{entry}"
    return Resource.at(item.path, f"{url}{node}", place)


def _folder(path: str) -> str:
    return path.removesuffix("/.content.xml").rpartition("/")[0]


def _unit_of(path: str) -> _Unit:
    """What is installed together with a file: the Maven project, or all that stands in none; a package by itself."""
    if INSIDE in path:
        return _Unit("", path.partition(INSIDE)[0])
    return _unit_around(path.rpartition("/jcr_root/")[0])


@functools.lru_cache(maxsize=1024)
def _unit_around(folder: str) -> _Unit:
    """A Maven project; in it what is only for tests, to show or for one AEM stands for itself."""
    top = maven.project_of(folder)
    below = folder.removeprefix(top).split("/")
    apart = next((number for number, name in enumerate(below, 1) if _stands_apart(name)), 0) if top else 0
    return _Unit(top, "/".join([top, *below[:apart]]))


def _stands_apart(name: str) -> bool:
    return _APART.fullmatch(name) is not None or _FOR_ONE_AEM.fullmatch(name) is not None
