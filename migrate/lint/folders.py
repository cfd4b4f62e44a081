"""Folders that AEM never reads, though configurations lie in them."""

from __future__ import annotations

import os
from collections.abc import Iterator

from migrate.lint.check import Hazard
from migrate.lint.project import Project, and_more, hazard, without_ignored
from migrate.targets.watched import MOST_DEPTH, Ground, Place, place_of
from migrate.texts.listing import Item

_RULES = {Ground.TOO_DEEP: "too-deep", Ground.OUTSIDE: "outside-config-folder"}
_TESTS = "/src/test/"
"""What tests bring along is not meant to be installed."""


def of_project(project: Project) -> Iterator[Hazard]:
    """A hazard for each such folder, at its first file."""
    folders: dict[tuple[str, Place], list[Item]] = {}
    for item in project.items:
        if item.ground not in _RULES:
            continue
        path = os.path.abspath(item.path)
        if _TESTS not in path:
            folders.setdefault((path.rpartition("/jcr_root/")[0], place_of(path)), []).append(item)
    for (_, place), items in folders.items():
        rule = _RULES[place.ground]
        kept = list(without_ignored(items, rule))
        if kept:
            message, fix = _said(place)
            yield hazard(kept[0].path, rule, message + and_more(kept), fix)


def _said(place: Place) -> tuple[str, str]:
    if place.ground is Ground.TOO_DEEP:
        deep = place.folder.count("/")
        return (
            f"AEM never reads {place.folder}: it is {deep} folders deep, and Sling looks no deeper than {MOST_DEPTH}",
            "Move it up, to /apps/<project>/config or /apps/<project>/osgiconfig/config",
        )
    return (
        f"AEM takes no configuration from {place.folder}, which is no config or install folder below /apps or /libs",
        "Move it to a folder such as /apps/<project>/config",
    )
