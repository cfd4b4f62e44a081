"""Folders, most of them with run modes, as the rules of the Cloud Service look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from grammar.hazards import Hazard
from migrate.lint.project import Project, and_more, without_ignored
from migrate.targets.watched import CLOUD_ENVIRONMENTS, TIERS, Ground, Place
from migrate.texts.listing import Item

CLOUD = (*TIERS, *CLOUD_ENVIRONMENTS)
"""The run modes of the Cloud Service."""


def rank(mode: str) -> bool:
    """The order of run modes in a folder's name."""
    return mode not in TIERS


class Folder(NamedTuple):
    """A folder that the Cloud's build takes configurations from, or stops at one, in one repository's sources.

    Attributes:
        place: where it is.
        items: its files, in which no comment lets the rule pass; at least one.
    """

    place: Place
    items: list[Item]

    @property
    def modes(self) -> tuple[str, ...]:
        return self.place.run_modes

    def modes_among(self, some: tuple[str, ...]) -> tuple[str, ...]:
        """Those of its run modes that are among some."""
        return tuple(mode for mode in some if mode in self.modes)

    @property
    def name(self) -> str:
        return self.place.folder

    def hazard(self, message: str, fix: str) -> tuple[str, Hazard]:
        """One about the folder, at its first file."""
        return self.items[0].path, Hazard("", 1, 1, message + and_more(self.items), fix)


def _has_run_modes(place: Place) -> bool:
    return bool(place.run_modes)


def of_cloud(
    project: Project, rule: str, counts: Callable[[Place], bool] = _has_run_modes
) -> Iterator[Folder]:
    """The folders whose files are meant for the Cloud Service; those with run modes, unless others are asked for."""
    found: dict[tuple[str, Place], list[Item]] = {}
    for item in project.in_repository():
        for place in project.places_of(item) if project.platform_of(item).id == "cloud" else ():
            if place.ground is Ground.WATCHED and counts(place):
                root = project.full(item).rpartition("/jcr_root/")[0]
                found.setdefault((root, place), []).append(item)
    for (_, place), items in found.items():
        kept = list(without_ignored(items, rule))
        if kept:
            yield Folder(place, kept)
