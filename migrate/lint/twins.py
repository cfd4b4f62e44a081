"""Files of one folder that make the same PID: AEM takes one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grammar.pids import Pid
from migrate.lint import inline, names
from migrate.lint.check import Hazard
from migrate.lint.project import Project, hazard
from migrate.texts import listing
from migrate.texts.listing import Item

_CONTENT = "/.content.xml"
_RULE = "twin"


def of_project(project: Project) -> Iterator[Hazard]:
    """A hazard for each file that loses against another one in the order in which Sling's installer prefers files.

    The installer goes by priority, then by what is installed already, then by the smaller URL: the XML node before
    ``X.cfg.json`` before ``X.config``, ``F-x`` before ``F~x`` (``RegisteredResourceImpl.compareTo``).
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


def _of_group(group: Iterable[Item]) -> Iterator[Hazard]:
    by_pid: dict[str, list[tuple[str, Item, bytes]]] = {}
    for item in group:
        try:
            data = listing.read(item.path)
        except listing.FileError:
            continue
        if item.form != "xml" or b"osgiconfig" in data.lower():
            node = names.node_name(item.path, item.form)
            by_pid.setdefault(Pid.from_filename(node).pid, []).append((node, item, data))
    for pid, found in by_pid.items():
        found.sort(key=lambda one: one[0])
        _, first, _ = found[0]
        for _, item, data in found[1:]:
            other = first.path.rpartition("/")[2]
            message = f"{pid} is also in {other!r}, which AEM takes unless this one is installed"
            found_here = [hazard(item.path, _RULE, message, "Keep one of them")]
            yield from inline.without_ignored(found_here, data, item.form)
