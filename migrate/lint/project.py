"""What the rules about many files look at, and what they share: a hazard that stands at one of them, for all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from grammar.hazards import Hazard
from grammar.platforms import DEFAULT, Platform
from migrate.lint import inline
from migrate.targets.base import FOLDER_NODE, INSIDE
from migrate.targets.watched import Ground, Place, place_of
from migrate.texts import listing
from migrate.texts.listing import Item

_ELSEWHERE = (Ground.LOOSE, Ground.PROJECT)


class Element(NamedTuple):
    """A configuration in a folder's ``.content.xml``.

    Attributes:
        node: its path below the folder.
        line: where it begins, from 1.
        column: in code points, from 1.
    """

    node: str
    line: int
    column: int


class Project:
    """What the targets hold; where each file is, is asked once for all rules."""

    def __init__(
        self,
        items: Sequence[Item],
        platforms: Mapping[str, Platform],
        others: Sequence[Item],
        elements: Mapping[str, Sequence[Element]],
    ) -> None:
        """Keep what was found.

        Args:
            items: every configuration, in the order of the report.
            platforms: which AEM each is meant for, by path; where nothing is said, nobody knows.
            others: files in forms that are not read, and what lies where only configurations belong.
            elements: by path, the configurations in the ``.content.xml`` of folders.
        """
        self.items = items
        self.platforms = platforms
        self.others = others
        self.elements = elements
        self._folders: dict[str, str] = {}
        self._places: dict[tuple[str, str], Place] = {}

    def platform_of(self, item: Item) -> Platform:
        """The AEM that a file is meant for."""
        return self.platforms.get(item.path, DEFAULT)

    def in_repository(self) -> Iterator[Item]:
        """The configurations that may stand in a repository; of those that the user named nobody has asked yet."""
        return (item for item in self.items if item.named or item.ground not in _ELSEWHERE)

    def full(self, item: Item) -> str:
        """The absolute path of a file; that of an entry of a package as it is."""
        # Nearly every rule asks, and of most files: so once a folder.
        folder, _, name = item.path.rpartition("/")
        if folder not in self._folders:
            path = item.path if INSIDE in item.path else os.path.abspath(item.path)
            self._folders[folder] = path.removesuffix(name)
        return f"{self._folders[folder]}{name}"

    def place_of(self, item: Item, node: str = "") -> Place:
        """Where that AEM finds a file, or an element of a folder's ``.content.xml``."""
        platform = self.platform_of(item)
        if node:
            return place_of(node_path(self.full(item), node), platform)
        key = item.path.rpartition("/")[0], platform.id
        if key not in self._places:
            self._places[key] = place_of(self.full(item), platform)
        return self._places[key]

    def places_of(self, item: Item) -> list[Place]:
        """Where it finds what a file holds, each place once: several where it is a folder's ``.content.xml``."""
        elements = self.elements.get(item.path)
        if not elements:
            return [self.place_of(item)]
        return list(dict.fromkeys(self.place_of(item, one.node) for one in elements))


def node_path(path: str, node: str) -> str:
    """Where an element of a folder's ``.content.xml`` would stand as a file of its own, without an ending."""
    return f"{path.removesuffix(FOLDER_NODE)}{node}"


def without_ignored(items: Iterable[Item], rule: str) -> Iterator[Item]:
    """The files in which no comment lets a rule pass; what cannot be read any more is told elsewhere."""
    for item in items:
        try:
            data = listing.read(item.path)
        except listing.FileError:
            continue
        if inline.without_ignored([Hazard(rule, 1, 1, "")], data, item.form):
            yield item


def and_more(items: Sequence[object]) -> str:
    """How many files a hazard is about beside the one where it stands."""
    more = len(items) - 1
    return f" ({more} more file{'s' * (more > 1)} there)" if more else ""
