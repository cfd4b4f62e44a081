"""Under which name FileVault stores a property whose name is not plain.

Oak reads a name as a path of one element: it may begin with a namespace in braces or with a prefix, and end in an index
or a slash. FileVault asks Oak whether the node has a property before it sets it, 3.6.0 by the name with its namespace;
the old versions pass over a refusal, but not over what is no refusal in Java. What Oak takes then, it looks at again
when it saves. Tried with all four on Oak 1.60 (tests/live/vault).
"""

from __future__ import annotations

from collections.abc import Collection

from grammar import patterns
from grammar.xml.docview import Reach, worst
from grammar.xml.names import Registered

OLD = ("3.2.8", "3.4.10")
"""The versions that import a document view as they go."""
DIFFERENT = ("3.2.8", "3.6.0", "3.8.2")
"""One of each kind of versions: 3.4.10 takes and refuses what 3.2.8 does."""
CONTROL = patterns.lazy(r"[\x00-\x1f]")
SYNTAX = patterns.lazy(r"[:\[\]|*]")
_PROTECTED = ("jcr:primaryType", "jcr:mixinTypes")
_OWN = ("jcr:primaryType",)
_OWN_OF_OLD = ("jcr:primaryType", "jcr:uuid")
"""Names of properties of the repository that FileVault takes for them though the prefix is none in the file."""


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
    name: str, version: str, registered: Registered, *, prefix: str = "", uri: str = ""
) -> str | None:
    """The name under which the installer finds a property; None when it does not.

    Args:
        name: the decoded, local name.
        version: of FileVault.
        registered: the namespaces of the repository.
        prefix: what stands before it in the file.
        uri: the namespace of that prefix.

    Raises:
        UnstorableNameError: the import fails.
    """
    from grammar.xml.stored.paths import NoIdentifierError, NoPathError, is_saved, oak_path

    is_old = version in OLD
    asked = f"{prefix}:{name}" if prefix else name
    if not prefix and name in (_OWN_OF_OLD if is_old else _OWN):
        _check_own(name, is_old=is_old)
        return None
    if version == "3.6.0":
        asked = f"{{{uri}}}{name}"
    try:
        path = oak_path(asked, registered.prefixes)
    except NoIdentifierError:
        raise UnstorableNameError(name, Reach.REST, always=True) from None
    except NoPathError:
        path = None
    if path is None or path in _PROTECTED or (path.startswith("/") and path.rfind("/") > 0):
        # The old versions pass over what the repository refuses.
        if is_old:
            return None
        raise UnstorableNameError(name, Reach.NODE, always=True)
    if "/" in path or not path:
        raise UnstorableNameError(name, Reach.REST)
    if not is_saved(path, registered.known):
        raise UnstorableNameError(name, Reach.ALL)
    return None if ":" in path else path


def cost(
    name: str, versions: Collection[str] | None, registered: Registered, *, prefix: str = "", uri: str = ""
) -> Reach:
    """What a property costs at most by its name, beside itself.

    Args:
        name: as for `stored_name`, as are `registered`, `prefix` and `uri`.
        versions: those that count; None for all.
    """
    found: dict[str, Reach | None] = {}
    for version in versions or DIFFERENT:
        found[version] = Reach.NODE
        try:
            stored_name(name, version, registered, prefix=prefix, uri=uri)
        except UnstorableNameError as error:
            found[version] = error.reach
    return worst(found) or Reach.NODE


def _check_own(name: str, *, is_old: bool) -> None:
    """Of a name that FileVault takes for the repository's.

    Raises:
        UnstorableNameError: the import fails.
    """
    if is_old:
        reach = Reach.NODE if name == "jcr:primaryType" else Reach.REST
        raise UnstorableNameError(name, reach, always=True)
