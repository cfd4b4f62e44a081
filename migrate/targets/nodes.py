"""Which node of the repository a file makes: Sling's installer makes the PID of the node's name."""

from __future__ import annotations

import os

from grammar import patterns
from migrate.targets.base import FOLDER_NODE
from migrate.targets.watched import Ground, place_of

_ODD = patterns.lazy(r"[%\[\]:*|]|^_")
_OF_AEM = frozenset({"cq", "crx", "dam", "fd", "granite", "rep", "social", "wcm"})
"""Prefixes that a file's node may have beside those that every repository knows."""

NO_CONFIGURATION = "a folder that AEM watches is no configuration itself"
"""What is to be said where `is_watched_folder` is true of a file whose root element is one."""


def node_name(path: str, form: str) -> str:
    """The name that the installer makes the PID of; empty when the file makes no node.

    Below ``jcr_root`` FileVault decodes the name: ``F%7ex.config`` is ``F~x.config``, ``__a_b.config``
    ``_a_b.config``.
    """
    if form == "xml":
        from grammar.xml import names as xml_names

        node = xml_names.node_of(path)
        return node.name if node else ""
    name = path.rpartition("/")[2]
    if _ODD.search(name) and place_of(os.path.abspath(path)).ground is not Ground.LOOSE:
        from grammar.xml import names as xml_names

        return xml_names.repository_name(name)
    return name


def is_watched_folder(path: str) -> bool:
    """Whether a ``.content.xml`` is of a folder that AEM watches: that is never a configuration, whatever its type."""
    if not path.endswith(f"/{FOLDER_NODE}"):
        return False
    full = os.path.abspath(path)
    place = place_of(full)
    _, _, folder = full.removesuffix(f"/{FOLDER_NODE}").rpartition("/jcr_root")
    return place.ground is Ground.WATCHED and place.folder.count("/") == folder.count("/")


def is_importable(path: str) -> bool:
    """Whether FileVault imports a file that is no document view; where it does not, the whole package fails."""
    name = path.rpartition("/")[2]
    if not _ODD.search(name) or place_of(os.path.abspath(path)).ground is Ground.LOOSE:
        return True
    from grammar.xml import names as xml_names

    node = xml_names.repository_name(name)
    prefix, colon, local = node.partition(":")
    if colon and prefix in _OF_AEM:
        return xml_names.is_node_name(local)
    return xml_names.is_node_name(node)
