"""Paths of content packages: entries, the repository nodes they become, and what stands beside them.

The same rules hold for a package and for its sources in a repository, where `jcr_root` and `META-INF/vault` stand
side by side or in the folders that the filevault-package-maven-plugin looks into.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from grammar import patterns
from grammar.xml.names import node_of, repository_name

JCR_ROOT = "jcr_root"
FILTER = "META-INF/vault/filter.xml"
PROPERTIES = "META-INF/vault/properties.xml"
DEFINITION = "META-INF/vault/definition/.content.xml"
MANIFEST = "META-INF/MANIFEST.MF"
"""The entry's name in a package, and the file's path beside the `jcr_root` folder of its sources; all four."""
_CONTENT = "/.content.xml"
_PACKAGE = patterns.lazy(r"jcr_root/(?:etc/packages/.+|(?:.+/)?install[^/]*/(?:.+/)?[^/]+)\.zip", re.DOTALL)

# filevault-package-maven-plugin: defaults of jcrRootSourceDirectory and metaInfVaultDirectory, in its order.
_MAVEN_FOLDERS = ("", "src/main", "src/main/content", "src/content")


def split(path: str) -> tuple[str, str] | None:
    """A path as (what is before `jcr_root`, the path from `jcr_root` on); None when no part is `jcr_root`."""
    parts = path.split("/")
    if JCR_ROOT not in parts[:-1]:
        return None
    at = parts.index(JCR_ROOT)
    return "/".join(parts[:at]), "/".join(parts[at:])


def is_package(name: str) -> bool:
    """Whether an entry is a package that AEM installs with the one it is in."""
    return _PACKAGE.fullmatch(name) is not None


def filter_candidates(before: str, name: str = FILTER) -> tuple[str, ...]:
    """Where the filter of a package's sources may be, the likeliest first.

    Args:
        before: what is before `jcr_root`, as :func:`split` gives it.
        name: another file of META-INF, to look for that one.
    """
    base = before
    for folder in sorted(_MAVEN_FOLDERS[1:], key=len, reverse=True):
        if f"/{before}".endswith(f"/{folder}"):
            base = before.removesuffix(folder).rstrip("/")
            break
    folders = [before, *(f"{base}/{folder}".strip("/") for folder in _MAVEN_FOLDERS)]
    return tuple(dict.fromkeys(f"{folder}/{name}" if folder else name for folder in folders))


def repository_path(entry: str, *, docview: bool = False) -> str | None:
    """The repository path of the node that an entry makes (`Importer.prepare` of FileVault).

    Args:
        entry: an entry's name, from `jcr_root/` on.
        docview: whether an `.xml` is a document view, which loses its extension; a `.content.xml` always is one.

    Returns:
        The path that `filter.xml` knows, with `%7e` and underscore names decoded; None outside `jcr_root`.
    """
    if not entry.startswith(f"{JCR_ROOT}/"):
        return None
    path = entry.removeprefix(JCR_ROOT).rstrip("/")
    if docview or path.endswith(_CONTENT):
        node = node_of(path.lstrip("/"))
        if node is not None:
            return f"/{node.path}"
    *folders, name = path.split("/")
    parents = [repository_name(folder).removesuffix(".dir") for folder in folders]
    own = repository_name(name)
    return "/".join([*parents, own.removesuffix(".dir") if entry.endswith("/") else own])


def companions(entries: Iterable[str], old: str, new: str) -> dict[str, str]:
    """What else must be renamed with an entry: old name -> new name, the entry itself left out.

    `F.config.dir/` holds the rest of the file `F.config`: without its file the import throws and rolls back. A
    document view `F.xml` may have children in `F/` or `F.dir/`; `F/.content.xml` is renamed with its folder.
    """
    if old.endswith(_CONTENT):
        folders = {old.removesuffix(_CONTENT): new.removesuffix(_CONTENT)}
    else:
        folders = {f"{old}.dir": f"{new}.dir"}
        if old.endswith(".xml"):
            base, renamed = old.removesuffix(".xml"), new.removesuffix(".xml")
            folders |= {base: renamed, f"{base}.dir": f"{renamed}.dir"}
    found = {}
    for entry in entries:
        for folder, renamed in folders.items():
            if entry != old and (entry == folder or entry.startswith(f"{folder}/")):
                found[entry] = renamed + entry[len(folder) :]
    return found
