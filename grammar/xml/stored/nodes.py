"""Which node FileVault makes of an element whose name is not plain.

What stands in brackets behind a name is taken for the index of a node among others of its name. So the node is made
without it, and at the end of the node around it FileVault removes every node that no element names as it is there. The
old versions compare with the whole name, the later ones with the name that they have made of it. Tried with FileVault
3.2.8, 3.6.0, 3.8.2, 3.8.4 and 4.1.4 on Oak 1.60 (tests/live/vault).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from grammar import patterns
from grammar.xml import names as xml_names
from grammar.xml.docview import Reach, worst
from grammar.xml.stored.paths import is_path
from grammar.xml.stored.properties import CONTROL, DIFFERENT, OLD, SYNTAX, UnstorableNameError

_PATH = patterns.lazy(r".*/|:(?:\Z|:)", re.DOTALL)
"""The beginning of a name that FileVault stumbles over while it reads."""
_UNKNOWN = patterns.lazy(r"\.\.?\uffff|\.\}*\.\}|\.\}+\.|\}+\{|(?=.*\uffff).*\{", re.DOTALL)
"""The beginning of a name that is read as a path, or as half of one: nodes beside it may go with it."""


class Made(NamedTuple):
    """What becomes of an element.

    Attributes:
        name: of the node, as it is made; None where there is none. A prefix of the element stands before it.
        stays: whether it is still there at the end of the node around it.
        is_storable: whether the repository takes it when it saves; until then it may be gone.
        has_properties: whether FileVault finds it again to store the properties.
        has_nodes: whether it can have nodes below it.
    """

    name: str | None
    stays: bool = True
    is_storable: bool = True
    has_properties: bool = True
    has_nodes: bool = True


def made_node(name: str, prefix: str, version: str, known: Collection[str]) -> Made:
    """The node of an element below the root that has attributes.

    Args:
        name: its decoded, local name.
        prefix: the namespace prefix before it, or ``""``.
        version: of FileVault.
        known: the prefixes that the repository has registered.

    Raises:
        UnstorableNameError: no node is made, or nothing is imported, or it is not known what.
    """
    is_old = version in OLD
    if is_old and xml_names.decode(prefix) != prefix:
        raise UnstorableNameError(name, Reach.ALL)  # The old versions decode the prefix, too.
    if xml_names.is_property_name(name):
        return Made(name)
    stem, index = xml_names.without_brackets(name, is_prefixed=bool(prefix) and is_old)
    if index > 1:
        return Made(None, stays=False)
    if index < 0 and not is_old:
        raise UnstorableNameError(name, Reach.REST)
    if _PATH.match(stem) and ("/" in stem or not prefix):
        raise UnstorableNameError(name, Reach.REST)
    is_hidden = stem.startswith(":") and not prefix
    made = stem.removeprefix(":") if is_hidden else stem
    known = () if prefix else known
    is_storable = _is_taken(made, prefix, known, is_saved=True)
    # What is below it is made by its path, and so not at all where that is none.
    has_nodes = not is_hidden and (not is_old or is_path(f"/{prefix}:{made}" if prefix else f"/{made}"))
    gone = Made(made, False, is_storable, has_properties=not is_hidden, has_nodes=has_nodes)
    if is_old and (stem != name or is_hidden):
        return gone
    if (prefix and stem.startswith(":")) or not _is_taken(made, prefix, known, is_saved=False):
        raise UnstorableNameError(name, Reach.ALL, is_late=is_old)
    if index or is_hidden:
        return gone
    if not is_storable:
        raise UnstorableNameError(name, Reach.ALL, is_late=True)
    return _of_odd(made, prefix, version)


def cost(name: str, prefix: str, versions: Collection[str] | None, known: Collection[str]) -> Reach | None:
    """What an element costs by its name; None where every version makes the node that it names.

    A node that is removed again costs everything where the repository would not take it: reading may stop before.

    Args:
        name: as for `made_node`.
        prefix: as for `made_node`.
        versions: those that count; None for all.
        known: as for `made_node`.
    """
    return worst({version: _cost(name, prefix, version, known) for version in versions or DIFFERENT})


def _cost(name: str, prefix: str, version: str, known: Collection[str]) -> Reach | None:
    try:
        made = made_node(name, prefix, version, known)
    except UnstorableNameError as error:
        return error.reach
    if made.name == name and xml_names.is_property_name(name):
        return None
    return Reach.NODE if made.is_storable else Reach.ALL


def _is_taken(name: str, prefix: str, prefixes: Collection[str], *, is_saved: bool) -> bool:
    """Whether Oak makes a node of the name, or saves it."""
    before, colon, local = name.partition(":")
    known = bool(colon) and before in prefixes
    local = local if known else name
    if not local or local != local.strip(" ") or SYNTAX.search(local):
        return False
    if local in (".", "..") and (is_saved or not (prefix or known)):
        return False
    return not (is_saved and CONTROL.search(local))


def _of_odd(name: str, prefix: str, version: str) -> Made:
    """Where the repository takes a name that means something to those who look for the node."""
    if _UNKNOWN.match(name):
        raise UnstorableNameError(name, Reach.ALL)
    if version == "3.6.0":
        if name == "{}" and not prefix:
            raise UnstorableNameError(name, Reach.ALL)
        if ":" in name or "\uffff" in name:
            raise UnstorableNameError(name, Reach.NODE)
        return Made(name, has_nodes=bool(prefix) or not name.startswith("{"))
    if name.startswith("{") and not prefix:
        raise UnstorableNameError(name, Reach.NODE)
    return Made(name)
