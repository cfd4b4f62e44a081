"""What the rules about many files look at, and what they share: a hazard that stands at one of them, for all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from grammar.hazards import Hazard
from grammar.platforms import DEFAULT, Platform
from migrate.lint import inline
from migrate.targets.base import FOLDER_NODE, INSIDE
from migrate.targets.watched import Place, place_of
from migrate.texts import listing
from migrate.texts.listing import Item


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


class Project(NamedTuple):
    """What the targets hold.

    Attributes:
        items: every configuration, in the order of the report.
        platforms: which AEM each is meant for, by path; where nothing is said, nobody knows.
        others: files in forms that are not read, and what lies where only configurations belong.
        elements: by path, the configurations in the ``.content.xml`` of folders.
    """

    items: Sequence[Item]
    platforms: Mapping[str, Platform] = MappingProxyType({})
    others: Sequence[Item] = ()
    elements: Mapping[str, Sequence[Element]] = MappingProxyType({})

    def platform_of(self, item: Item) -> Platform:
        """The AEM that a file is meant for."""
        return self.platforms.get(item.path, DEFAULT)

    def place_of(self, item: Item, node: str = "") -> Place:
        """Where that AEM finds a file, or an element of a folder's ``.content.xml``."""
        path = item.path if INSIDE in item.path else os.path.abspath(item.path)
        return place_of(node_path(path, node) if node else path, self.platform_of(item))

    def places_of(self, item: Item) -> list[Place]:
        """Where it finds what a file holds, each place once: several where it is a folder's ``.content.xml``."""
        nodes = [one.node for one in self.elements.get(item.path, ())]
        return list(dict.fromkeys(self.place_of(item, node) for node in nodes or [""]))


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
