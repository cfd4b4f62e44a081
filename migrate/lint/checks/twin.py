"""Files of one folder that make the same PID: AEM takes one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from grammar.hazards import Hazard
from grammar.pids import Pid
from migrate.lint.checks import Check
from migrate.lint.project import Project
from migrate.lint.rule import WARNING
from migrate.texts import listing
from migrate.texts.listing import Item
from migrate.texts.repository.nodes import node_name

if TYPE_CHECKING:
    from migrate.plans.precedence import Resource

_CONTENT = "/.content.xml"


def _of_project(project: Project) -> Iterator[tuple[str, Hazard]]:
    """A hazard for each file that loses against another one of its folder.

    The smaller URL wins: the XML node before ``X.cfg.json`` before ``X.config``, ``F-x`` before ``F~x``.
    """
    groups: dict[str, list[Item]] = {}
    for item in project.items:
        groups.setdefault(_rough(item), []).append(item)
    for group in groups.values():
        if len(group) > 1:
            yield from _of_group(group)


def _rough(item: Item) -> str:
    """Alike for all twins, and quickly made; others may share it."""
    path = item.path.removesuffix(_CONTENT).removesuffix(".dir")
    if path == item.path:
        path = path[: -len(item.form) - 1]
    folder, slash, name = path.rpartition("/")
    name = name.removesuffix(".config").removesuffix(".cfg.json").replace("%7e", "~")
    return f"{folder}{slash}{name.replace('~', '-', 1)}"


def _of_group(group: Iterable[Item]) -> Iterator[tuple[str, Hazard]]:
    from migrate.plans.precedence import Resource, decide

    by_pid: dict[str, list[Resource]] = {}
    for item in group:
        try:
            data = listing.read(item.path)
        except listing.FileError:
            continue
        if item.form != "xml" or b"osgiconfig" in data.lower():
            node = node_name(item.path, item.form)
            by_pid.setdefault(Pid.from_filename(node).pid, []).append(Resource(item.path, f"/apps/{node}"))
    for pid, found in by_pid.items():
        winner, losers = decide(found, ())
        assert winner is not None  # None of them has run modes here.
        other = winner.path.rpartition("/")[2]
        for loser in losers:
            message = f"{pid} is also in {other!r}, which AEM takes unless this one is installed"
            yield loser.resource.path, Hazard("", 1, 1, message, "Keep one of them")


CHECK = Check(WARNING, "two files of one PID in a folder", of_all=_of_project)
