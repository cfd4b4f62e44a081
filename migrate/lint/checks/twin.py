"""Files of one folder that make the same PID: AEM takes one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from grammar.hazards import Hazard
from grammar.pids import Pid
from migrate.lint.checks import Check
from migrate.lint.project import Element, Project, node_path
from migrate.lint.rule import WARNING
from migrate.targets.nodes import node_name
from migrate.texts import choosing, listing
from migrate.texts.listing import Item

if TYPE_CHECKING:
    from migrate.plans.precedence import Resource

_CONTENT = "/.content.xml"
_EXTENSIONS = (".config", ".cfg.json")


class _One(NamedTuple):
    """A file, or an element of a folder's ``.content.xml``."""

    item: Item
    element: Element | None = None


def _of_project(project: Project) -> Iterator[tuple[str, Hazard]]:
    """A hazard for each file that loses against another one of its folder.

    The smaller URL wins: the XML node before ``X.cfg.json`` before ``X.config``, ``F-x`` before ``F~x``.
    """
    names = [_rough(item) for item in project.items]
    if not project.elements and len(set(names)) == len(names):
        return
    groups: dict[str, list[_One]] = {}
    for item in project.items:
        for element in project.elements.get(item.path, ()):
            groups.setdefault(_alike(node_path(item.path, element.node)), []).append(_One(item, element))
        groups.setdefault(_rough(item), []).append(_One(item))
    for group in groups.values():
        if len(group) > 1:
            yield from _of_group(group)


def _rough(item: Item) -> str:
    """Alike for all twins, and quickly made; others may share it."""
    path = item.path
    if item.form == "xml" and path.endswith((_CONTENT, ".dir")):
        path = path.removesuffix(_CONTENT).removesuffix(".dir")
    else:
        path = path[: -len(item.form) - 1]
    return _alike(path)


def _alike(path: str) -> str:
    if "~" not in path and "%" not in path and not path.endswith(_EXTENSIONS):
        return path
    folder, slash, name = path.rpartition("/")
    name = name.removesuffix(".config").removesuffix(".cfg.json").replace("%7e", "~")
    return f"{folder}{slash}{name.replace('~', '-', 1)}"


def _of_group(group: Iterable[_One]) -> Iterator[tuple[str, Hazard]]:
    from migrate.plans.precedence import Resource, decide

    by_pid: dict[str, list[Resource]] = {}
    lines: dict[int, tuple[int, int]] = {}
    for item, element in group:
        node = _node(item) if element is None else element.node.rpartition("/")[2]
        if node:
            resource = Resource(item.path, f"/apps/{node}")
            by_pid.setdefault(Pid.from_filename(node).pid, []).append(resource)
            lines[id(resource)] = (1, 1) if element is None else (element.line, element.column)
    for pid, found in by_pid.items():
        winner, losers, _ = decide(found, ())
        assert winner is not None  # None of them has run modes here.
        other = winner.path.rpartition("/")[2]
        for loser in losers:
            message = f"{pid} is also in {other!r}, which AEM takes unless this one is installed"
            place = lines[id(loser.resource)]
            yield loser.resource.path, Hazard("", *place, message, "Keep one of them")


def _node(item: Item) -> str:
    """The name of a file's own node; empty where it has none that is a configuration."""
    try:
        data = listing.read(item.path)
    except listing.FileError:
        return ""
    if item.form == "xml" and not choosing.mentions_type(data):
        return ""
    return node_name(item.path, item.form)


CHECK = Check(WARNING, "two files of one PID in a folder", of_all=_of_project)
