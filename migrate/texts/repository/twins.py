"""Files of one folder that stand for one PID: by their names AEM takes one; once that is converted, maybe the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from grammar.pids import Pid
from migrate.targets.base import FOLDER_NODE
from migrate.targets.nodes import is_watched_folder, node_name
from migrate.texts import listing
from migrate.texts.listing import Item
from migrate.texts.repository.explaining import explain


class Twin(NamedTuple):
    """Another file that stands for a PID of a file.

    Attributes:
        pid: the PID.
        name: the other file's.
    """

    pid: str
    name: str


class Twins:
    """Asked file by file; looks at each folder once, and reads only what may be twins by the names."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, Twin]] = {}

    def of(self, path: str) -> Twin | None:
        """A file's twin; None where it has none. Standard input stands nowhere."""
        if path == listing.STDIN:
            return None
        folder = path.rpartition("/")[0] if is_watched_folder(path) else listing.folders_of(path)[-1]
        if folder not in self._found:
            self._found[folder] = _of_folder(list(listing.beside(folder)))
        return self._found[folder].get(path)


def _of_folder(items: Iterable[Item]) -> dict[str, Twin]:
    by_name: dict[str, list[Item]] = {}
    several = []
    for item in items:
        if item.path.endswith(f"/{FOLDER_NODE}"):
            several.append(item)
        else:
            by_name.setdefault(Pid.from_filename(node_name(item.path, item.form)).pid, []).append(item)
    inside = explain(several, ()).entries if several else {}
    alike = [item for pid, group in by_name.items() if len(group) > 1 or pid in inside for item in group]
    entries = explain([*several, *alike], ()).entries if alike else inside
    found: dict[str, Twin] = {}
    for pid, standing in entries.items():
        places: dict[str, list[str]] = {}
        for entry in standing:
            places.setdefault(entry.resource.url.rpartition("/")[0], []).append(entry.resource.path)
        for paths in places.values():
            for path in paths if len(set(paths)) > 1 else ():
                other = next(one for one in paths if one != path)
                found.setdefault(path, Twin(pid, _name(other)))
    return found


def _name(path: str) -> str:
    folder, _, name = path.rpartition("/")
    return f"{folder.rpartition('/')[2]}/{name}" if name == FOLDER_NODE else name
