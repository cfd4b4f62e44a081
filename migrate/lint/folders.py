"""Folders that AEM never reads, though configurations lie in them."""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint.project import Project, and_more, without_ignored
from migrate.targets.watched import MOST_DEPTH, Ground, Place
from migrate.texts.listing import Item

_TESTS = "/src/test/"
"""What tests bring along is not meant to be installed."""


def on(ground: Ground, project: Project, rule: str) -> Iterator[tuple[str, Hazard]]:
    """A hazard for each folder of a kind, at its first file in which no comment lets the rule pass."""
    folders: dict[tuple[str, Place], list[Item]] = {}
    for item in project.in_repository():
        path = project.full(item)
        for place in project.places_of(item) if _TESTS not in path else ():
            if place.ground is ground:
                folders.setdefault((path.rpartition("/jcr_root/")[0], place), []).append(item)
    for (_, place), items in folders.items():
        kept = list(without_ignored(items, rule))
        if kept:
            message, fix = _said(place)
            yield kept[0].path, Hazard(rule, 1, 1, message + and_more(kept), fix)


def _said(place: Place) -> tuple[str, str]:
    if place.ground is Ground.TOO_DEEP:
        deep = place.folder.count("/")
        return (
            f"AEM 6.5 never reads {place.folder}: it is {deep} folders deep; Sling looks no deeper than {MOST_DEPTH}",
            "Move it up, to /apps/<project>/config or /apps/<project>/osgiconfig/config",
        )
    return (
        f"AEM takes no configuration from {place.folder}, which is no config or install folder below /apps or /libs",
        "Move it to a folder such as /apps/<project>/config",
    )
