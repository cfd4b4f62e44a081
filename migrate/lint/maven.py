"""What the poms of a Maven project say: which module a file belongs to, and which packages are installed together.

A package that holds others names them in ``embedded`` (``filevault-package-maven-plugin``) or ``subPackage`` (its
forerunner). Nothing is resolved: an artifact is one of the project's modules by the very text of its ``artifactId``.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from migrate.texts import listing

if TYPE_CHECKING:
    from grammar.xml.markup.spans import Element

_HOLDS = frozenset({"embedded", "subPackage"})
_MOST_MODULES = 500


class _Pom(NamedTuple):
    """A pom.

    Attributes:
        artifact: its ``artifactId``.
        modules: what its ``module`` elements say.
        held: what it embeds, by the id of the profile; the empty text is for no profile.
    """

    artifact: str
    modules: tuple[str, ...]
    held: dict[str, frozenset[str]]


@functools.lru_cache(maxsize=1024)
def project_of(folder: str) -> str:
    """The highest folder of the Maven project around a folder; empty where there is none."""
    top, at = "", folder
    while at:
        if os.path.isfile(f"{at}/pom.xml"):
            top = at
        elif top:
            break
        at = at.rpartition("/")[0]
    return top


@functools.lru_cache(maxsize=1024)
def module_of(folder: str) -> str:
    """The nearest folder with a pom, the folder itself or one around it; empty where there is none."""
    at = folder
    while at and not os.path.isfile(f"{at}/pom.xml"):
        at = at.rpartition("/")[0]
    return at


@functools.lru_cache(maxsize=64)
def installed_together(top: str) -> tuple[frozenset[str], ...]:
    """For each package that holds others, and each profile of it, the folders of the modules that it holds.

    Args:
        top: the highest folder of the project.
    """
    poms = dict(_poms(top))
    folders = {pom.artifact: folder for folder, pom in poms.items() if pom.artifact}
    return tuple(
        frozenset(folders[artifact] for artifact in always | held if artifact in folders)
        for pom in poms.values()
        for always in (pom.held.get("", frozenset()),)
        for held in pom.held.values()
    )


def _poms(top: str) -> Iterator[tuple[str, _Pom]]:
    pending, seen = [top], {top}
    while pending and len(seen) <= _MOST_MODULES:
        folder = pending.pop()
        pom = _read(f"{folder}/pom.xml")
        if pom is None:
            continue
        yield folder, pom
        below = [os.path.normpath(f"{folder}/{module.strip()}") for module in pom.modules]
        new = [module.removesuffix("/pom.xml") for module in below]
        pending += [module for module in new if module not in seen]
        seen.update(new)


def _read(path: str) -> _Pom | None:
    from migrate.targets.vault.spans import XmlError, parse

    try:
        root = parse(listing.read(path), keep_text=True).root
    except (XmlError, listing.FileError):
        return None
    modules: list[str] = []
    held: dict[str, set[str]] = {}
    for element, profile in _elements(root):
        if element.name == "module" and element.parent is not None and element.parent.name == "modules":
            modules.append(element.text)
        elif element.name in _HOLDS:
            held.setdefault(profile, set()).add(_child(element, "artifactId"))
    return _Pom(
        _child(root, "artifactId"), tuple(modules), {key: frozenset(ids) for key, ids in held.items()}
    )


def _elements(root: Element) -> Iterator[tuple[Element, str]]:
    """All elements below the root, each with the id of the profile that it stands in."""
    pending = [(root, "")]  # Not by calling itself: a pom may be as deep as anybody likes.
    while pending:
        around, profile = pending.pop()
        for element in around.children:
            inside = _child(element, "id") or "?" if element.name == "profile" else profile
            yield element, inside
            pending.append((element, inside))


def _child(element: Element, name: str) -> str:
    return next((child.text.strip() for child in element.children if child.name == name), "")
