"""Under which name FileVault stores a property whose name is not plain.

Oak reads a name as a path of one element: it may begin with a namespace in braces or with a prefix, and end in an index
or a slash. The versions ask Oak at different times. Tried with all four on Oak 1.60 (tests/live/vault).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from grammar import patterns
from grammar.xml.docview import Reach
from grammar.xml.markup.source import JCR_URI
from grammar.xml.names import KNOWN_PREFIXES, is_property_name

OLD = ("3.2.8", "3.4.10")
"""The versions that import a document view as they go."""
DIFFERENT = ("3.2.8", "3.6.0", "3.8.2")
"""One of each kind of versions: 3.4.10 takes and refuses what 3.2.8 does."""
CONTROL = patterns.lazy(r"[\x00-\x1f]")
SYNTAX = patterns.lazy(r"[:\[\]|*]")
_INDEXED = patterns.lazy(r"([^{].*)\[([0-9]+)\]", re.DOTALL)
_IN_BRACKETS = patterns.lazy(r"\[[^\[\]]+\]")
_BRACED = patterns.lazy(r"\{([^{}]*:[^{}]*)\}(.*)", re.DOTALL)
_PATH = patterns.lazy(r"[^/]+/.*[^/]", re.DOTALL)


class UnstorableNameError(ValueError):
    """The import fails on the name.

    Attributes:
        reach: what else that costs.
        always: also when there is no value to be stored under it.
        is_late: whether only saving fails, when the node may be gone again.
    """

    def __init__(self, name: str, reach: Reach, *, always: bool = False, is_late: bool = False) -> None:
        super().__init__(name)
        self.reach = reach
        self.always = always
        self.is_late = is_late


def stored_name(
    name: str, version: str, namespaces: Mapping[str, str], *, has_prefix: bool = False
) -> str | None:
    """The name under which the installer finds a property; None when it does not.

    Args:
        name: the decoded, local name, for which `is_property_name` is false.
        version: of FileVault.
        namespaces: those that the file declares, by prefix.
        has_prefix: whether a namespace's prefix stands before it; the installer passes over such a property.

    Raises:
        UnstorableNameError: the import fails.
    """
    if version == "3.6.0":
        return _in_3_6(name)
    if _is_refused_late(name, has_prefix=has_prefix):
        raise UnstorableNameError(name, Reach.ALL)
    if has_prefix:
        _check_prefixed(name, is_old=version in OLD)
        return None
    if name.endswith("/") and is_property_name(name[:-1]):
        return name[:-1]
    if "\uffff" in name and is_property_name(name.replace("\uffff", "x")):
        return name
    if (found := _INDEXED.fullmatch(name)) and is_property_name(found[1]):
        return found[1] if int(found[2]) < 2 else name
    for start in ("./", "{}"):
        rest = name.removeprefix(start)
        if rest != name and (is_property_name(rest) or (start == "{}" and rest == "{}")):
            return rest
    _check_hidden(name, namespaces, is_old=version in OLD)
    return None


def _is_refused_late(name: str, *, has_prefix: bool) -> bool:
    """Whether the repository finds out when it saves, so that nothing of the package is imported."""
    if SYNTAX.search(name) or "/" in name:
        return False
    dots = (".", "..") if has_prefix else ("..",)
    return not name or name in dots or name != name.strip(" ") or CONTROL.search(name) is not None


def _in_3_6(name: str) -> str | None:
    if name.endswith("/") and is_property_name(name[:-1]):
        return name[:-1]
    if name.startswith("{") and is_property_name(f"x{name}"):
        return name
    if name.endswith("\uffff") and is_property_name(name[:-1]):
        return name[:-1]
    if name == "jcr:primaryType":
        return None
    is_read = SYNTAX.search(name) is None and not name.startswith(("/", "\uffff"))
    raise UnstorableNameError(name, Reach.ALL if is_read else Reach.NODE)


def _check_prefixed(name: str, *, is_old: bool) -> None:
    """Let pass what goes nowhere.

    Raises:
        UnstorableNameError: the import fails.
    """
    if _PATH.fullmatch(name):
        raise UnstorableNameError(name, Reach.REST)
    found = _INDEXED.fullmatch(name)
    if not is_old and not (found and is_property_name(found[1])) and not name.startswith("{"):
        raise UnstorableNameError(name, Reach.NODE)


def _check_hidden(name: str, namespaces: Mapping[str, str], *, is_old: bool) -> None:
    """Let pass what goes where the installer does not look, or nowhere at all.

    Raises:
        UnstorableNameError: the import fails.
    """
    if found := _BRACED.fullmatch(name):
        known = found[1] in {JCR_URI, *namespaces.values()} and is_property_name(found[2])
        if is_old or (known and found[2] != "primaryType"):
            return
        raise UnstorableNameError(name, Reach.NODE)
    prefix, colon, rest = name.partition(":")
    if colon and prefix and "{" not in prefix and is_property_name(rest):
        checked = is_old and name in ("jcr:primaryType", "jcr:uuid")
        if checked or (prefix not in KNOWN_PREFIXES and prefix not in namespaces):
            reach = Reach.NODE if name == "jcr:primaryType" else Reach.REST if checked else Reach.ALL
            raise UnstorableNameError(name, reach, always=checked)
        return
    in_brackets = _IN_BRACKETS.fullmatch(name) is not None
    is_path = name in (".", "/") or ("/" in name and bool(name.strip("/")))
    is_cut = name[0] in "*]|" and (len(name) == 1 or is_property_name(name[1:]))
    if is_cut:
        raise UnstorableNameError(name, Reach.ALL)
    if is_path or in_brackets:
        raise UnstorableNameError(name, Reach.REST, always=in_brackets)
    if not is_old:
        raise UnstorableNameError(name, Reach.NODE)
