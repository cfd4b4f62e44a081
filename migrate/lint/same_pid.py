"""Files that stand for one PID in several folders of a project, and which of them AEM takes where nothing decides.

What is taken is decided by `migrate.plans.precedence`, as for `slingshift explain`. Two files of one folder are twins,
which have a rule of their own.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from grammar import patterns
from grammar.pids import Pid
from migrate.lint.project import Project
from migrate.plans.precedence import Reason, Resource, decide, settings_of
from migrate.targets.base import INSIDE
from migrate.targets.package.paths import repository_path
from migrate.targets.watched import Ground, place_of
from migrate.texts.listing import Item
from migrate.texts.repository.nodes import node_name

_BY_CHANCE = (Reason.URL, Reason.SAME_NODE)
_APART = patterns.lazy(r"(?:its?|tests?|testing|samples?|examples?|demos?)(?:[.-].*)?", re.IGNORECASE)
"""Names of folders with packages that nobody installs together with the others."""


class Clash(NamedTuple):
    """A file that loses by chance.

    Attributes:
        pid: of both.
        loser: the file.
        winner: the other one.
        active: the run modes under which they meet.
    """

    pid: str
    loser: Resource
    winner: Resource
    active: tuple[str, ...]

    @property
    def has_same_run_modes(self) -> bool:
        """Whether they meet wherever one of them counts."""
        return set(self.loser.run_modes) == set(self.winner.run_modes)


def clashes(project: Project) -> Iterator[Clash]:
    """Each file that loses by chance, once."""
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in project.items:
        if item.ground is Ground.WATCHED:
            pid = Pid.from_filename(node_name(item.path, item.form)).pid
            groups.setdefault((_project_of(item.path), pid), []).append(item)
    for (_, pid), items in groups.items():
        if len(items) > 1 and pid:
            yield from _of_pid(pid, [_resource(item) for item in items])


def _of_pid(pid: str, resources: list[Resource]) -> Iterator[Clash]:
    told: set[str] = set()
    for active in settings_of(found.run_modes for found in resources):
        decision = decide(resources, active)
        for loser in decision.losers:
            found, winner = loser.resource, decision.winner
            if winner is None or loser.reason not in _BY_CHANCE or found.path in told:
                continue
            if _folder(found.path) != _folder(winner.path):
                told.add(found.path)
                yield Clash(pid, found, winner, active)


def _resource(item: Item) -> Resource:
    path = _full(item.path)
    entry = f"jcr_root/{path.rpartition('/jcr_root/')[2]}"
    url = repository_path(entry, docview=item.form == "xml") or f"/{entry}"
    return Resource(item.path, url, place_of(path).run_modes)


def _folder(path: str) -> str:
    return path.removesuffix("/.content.xml").rpartition("/")[0]


def _full(path: str) -> str:
    return path if INSIDE in path else os.path.abspath(path)


def _project_of(path: str) -> str:
    """What is installed together with a file: the Maven project, or all that stands in none; a package by itself."""
    if INSIDE in path:
        return path.partition(INSIDE)[0]
    return _maven_project(os.path.abspath(path).rpartition("/jcr_root/")[0])


@functools.lru_cache(maxsize=1024)
def _maven_project(folder: str) -> str:
    """The highest folder of a Maven project; below it what is only for tests or to show stands for itself."""
    top, at = "", folder
    while at:
        if os.path.isfile(f"{at}/pom.xml"):
            top = at
        elif top:
            break
        at = at.rpartition("/")[0]
    below = folder.removeprefix(top).split("/")
    apart = next((number for number, name in enumerate(below, 1) if _APART.fullmatch(name)), 0) if top else 0
    return "/".join([top, *below[:apart]])
