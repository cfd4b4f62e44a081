"""A configuration that its package does not bring: `filter.xml` leaves it out, or lets what is there already stay.

What an import does with a path is known to `migrate.targets.vault.filter`, which is held to FileVault itself. A package
without a filter of its own imports everything, and that of a Maven project may stand in the pom: silent.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grammar.hazards import Hazard
from migrate.lint.checks import Check
from migrate.lint.project import Project, and_more, without_ignored
from migrate.lint.rule import WARNING
from migrate.targets.base import INSIDE
from migrate.targets.watched import Ground
from migrate.texts import listing
from migrate.texts.listing import Item

if TYPE_CHECKING:
    from migrate.targets.vault.filter import Filter

_RULE = "filter-misses"
_JCR_ROOT = "jcr_root/"
_VARIABLE = b"${"


def _of_project(project: Project) -> Iterator[tuple[str, Hazard]]:
    filters: dict[str, Filter | None] = {}
    found: dict[tuple[str, str, str, str], list[Item]] = {}
    for item in project.in_repository():
        place = project.place_of(item)
        if place.ground is not Ground.WATCHED:
            continue
        path = project.full(item)
        base, _, entry = path.rpartition(f"/{_JCR_ROOT}")
        if base not in filters:
            filters[base] = _filter_of(base)
        filter_ = filters[base]
        said = _said(filter_, entry, item.form) if filter_ is not None else None
        if said is not None:
            found.setdefault((base, place.folder, *said), []).append(item)
    for (_, folder, message, fix), items in found.items():
        kept = list(without_ignored(items, _RULE))
        if kept:
            yield kept[0].path, Hazard("", 1, 1, message + and_more(kept), fix.format(folder))


def _filter_of(base: str) -> Filter | None:
    """The filter for the `jcr_root` in a folder or package; None when there is none that can be judged."""
    from migrate.targets.errors import PackageError
    from migrate.targets.package.paths import FILTER, filter_candidates
    from migrate.targets.vault.filter import Filter

    if INSIDE in f"{base}/":
        places = [f"{base}/{FILTER}"]
    else:
        places = [path for place in filter_candidates(base[1:]) if os.path.isfile(path := f"/{place}")]
    try:
        data = listing.read(places[0]) if places else b""
        # The build fills in what a root is called, as an archetype does; so do its other files.
        found = Filter.parse(data) if data and _VARIABLE not in data else None
    except (PackageError, listing.FileError):
        return None
    # One without roots is a stand-in for what the build makes.
    return found if found is not None and found.roots else None


def _said(filter_: Filter, entry: str, form: str) -> tuple[str, str] | None:
    """What the filter does to a configuration, and what to do about it; None when it brings it, or nobody knows."""
    from migrate.targets.errors import PackageError
    from migrate.targets.package.paths import repository_path

    entry = _JCR_ROOT + entry
    try:
        path = repository_path(entry, docview=form == "xml")
        if path is None:
            return None
        if not filter_.reaches(path):
            return (
                "filter.xml does not cover it: the package does not bring it",
                'Add <filter root="{}"/>',
            )
        mode = filter_.covers(path)
    except PackageError:
        return None
    if mode is None and form == "xml":
        # A file is imported all the same: only the folder above counts there.
        message = "filter.xml excludes it: where the node is there already, a change never arrives"
        return message, "Include it"
    if mode is not None and mode.keeps_values:
        message = (
            f'filter.xml has mode="{mode.value}" for it: where it is there already, a change never arrives'
        )
        return message, "Write a filter of its own for {}, without a mode"
    return None


CHECK = Check(WARNING, "a configuration that its package does not bring", of_all=_of_project)
