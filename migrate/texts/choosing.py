"""Which files are configurations: decided here, by place, name and content, for every verb.

Where AEM looks, everything in one of the forms counts. Elsewhere a name has to say so: repositories are full of
`.config`, XML and JSON files that belong to something else. What the user names is always read.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from migrate.targets.watched import Ground

_STRANGERS = frozenset({
    "app.config", "applicationhost.config", "jvm.config", "lombok.config", "machine.config", "maven.config",
    "nuget.config", "packages.config", "site.xml", "theme.config", "web.config",
})  # fmt: skip
"""Names that other programs give a meaning, in lower case."""
_STRANGE = ("*pom.xml", "*.dll.config", "*.exe.config", "web.*.config")
_NO_CONTENT = frozenset({"META-INF", "OSGI-INF"})
"""Folders about a package or bundle: their XML describes configurations and is none."""
_PID = re.compile(r"[A-Za-z_$][\w$]*(?:\.[\w$-]+)+(?:[-~].*)?", re.DOTALL)
"""A PID of several parts, with the instance's name or without."""
_PRIMARY_TYPE = re.compile(rb"""jcr:primaryType\s*=\s*["']\s*(?:\{Name\})?sling:OsgiConfig\s*["']""")
_XML = (b"<?xml", b"<configuration", b"<jcr:root")
_BOM = b"\xef\xbb\xbf"


def by_name(path: str, form: str, ground: Ground) -> bool:
    """Whether a file that a walk met may be a configuration: its content decides.

    Args:
        path: the way to it, below what the user named.
        form: what the end of its name says.
        ground: what kind of place it stands in.
    """
    *folders, name = path.split("/")
    if not _NO_CONTENT.isdisjoint(folders):
        return False
    if ground is Ground.WATCHED:
        return True
    low = name.lower()
    if low in _STRANGERS or any(fnmatchcase(low, pattern) for pattern in _STRANGE):
        return False
    if any(folder.startswith(".") and folder.strip(".") for folder in folders):
        return False
    if form != "config" or ground is Ground.LOOSE:
        return True
    return _PID.fullmatch(name.removesuffix(".config")) is not None


def by_content(data: bytes, form: str, ground: Ground) -> bool:
    """Whether the content of such a file is that of a configuration, or was meant to be."""
    if form == "xml":
        if ground in (Ground.WATCHED, Ground.LOOSE):
            # A damaged one counts, too.
            return b"osgiconfig" in data.lower()
        return _PRIMARY_TYPE.search(data) is not None
    if form == "config" and data.removeprefix(_BOM).startswith(_XML):
        # Elsewhere it is one of .NET.
        return ground is Ground.WATCHED
    return True
