"""Which files are configurations: decided here, by place, name and content, for every verb.

Where AEM looks, everything in one of the forms counts. Elsewhere a name has to say so: repositories are full of
`.config`, XML and JSON files that belong to something else. What the user names is always read.
"""

from __future__ import annotations

import functools
import re

from grammar import patterns
from migrate.targets.watched import Ground

_STRANGERS = frozenset({
    "app.config", "applicationhost.config", "jvm.config", "lombok.config", "machine.config", "maven.config",
    "nuget.config", "packages.config", "site.xml", "theme.config", "web.config",
})  # fmt: skip
"""Names that other programs give a meaning, in lower case."""
_STRANGE = ("pom.xml", ".dll.config", ".exe.config")
"""How such names end; those that a build of .NET transforms begin, too."""
_NO_CONTENT = frozenset({"META-INF", "OSGI-INF"})
"""Folders about a package or bundle: their XML describes configurations and is none."""
_PID = patterns.lazy(r"[A-Za-z_$][\w$]*(?:\.[\w$-]+)+(?:[-~].*)?", re.DOTALL)
"""A PID of several parts, with the instance's name or without."""
_PRIMARY_TYPE = patterns.lazy(rb"""jcr:primaryType\s*=\s*["']\s*(?:\{Name\})?sling:OsgiConfig\s*["']""")
_ANY_TYPE = patterns.lazy(rb"""(?<=jcr:primaryType)\s*=\s*["'][^"']*""")
_ESCAPE = patterns.lazy(rb"\\u([0-9a-fA-F]{4})")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_XML = (b"<?xml", b"<configuration", b"<jcr:root")
_BOM = b"\xef\xbb\xbf"
PROPERTIES = (".cfg", ".properties")
"""What the installer reads as Java's properties: every value is a String. Only `explain` looks at it."""
OTHER_FORMS = (".osgiconfig.json", ".cfg")
"""How configurations are called, wherever they stand, that are not looked at."""
_FEATURES = "/features/"
_STRAYS = (".css", ".html", ".java", ".js", ".json", ".jsp")
MAY_BE_OTHER = (*OTHER_FORMS, *PROPERTIES, *_STRAYS)
"""How the names end of files that :func:`is_other_form` or :func:`is_stray` may be true of."""


def is_other_form(path: str, ground: Ground) -> bool:
    """Whether a file is in a form that is not looked at: `.cfg`, `.properties`, `.osgiconfig.json`, a feature model."""
    name = path.rpartition("/")[2]
    if name.endswith(".osgiconfig.json"):
        return True
    if name.endswith(".properties"):
        return ground is Ground.WATCHED
    if name.endswith(".cfg"):
        return ground is Ground.WATCHED or _PID.fullmatch(name.removesuffix(".cfg")) is not None
    return name.endswith(".json") and _FEATURES in f"/{path}" and "/src/main/" in f"/{path}"


def is_xml(data: bytes) -> bool:
    """Whether something that is called `.config` holds XML, of .NET or of FileVault."""
    return data.removeprefix(_BOM).startswith(_XML)


def is_stray(path: str, ground: Ground) -> bool:
    """Whether a file lies where AEM takes configurations and bundles from, and is of neither kind, by its name."""
    return ground is Ground.WATCHED and path.endswith(_STRAYS) and not is_other_form(path, ground)


def by_name(path: str, form: str, ground: Ground) -> bool:
    """Whether a file that a walk met may be a configuration: its content decides.

    Args:
        path: the way to it, below what the user named.
        form: what the end of its name says.
        ground: what kind of place it stands in.
    """
    folder, _, name = path.rpartition("/")
    is_about_content, is_hidden = _kind_of(folder)
    if is_about_content:
        return False
    if ground is Ground.WATCHED:
        return True
    low = name.lower()
    if low in _STRANGERS or low.endswith(_STRANGE) or (low.startswith("web.") and low.endswith(".config")):
        return False
    if is_hidden:
        return False
    if form != "config" or ground is Ground.LOOSE:
        return True
    return _PID.fullmatch(name.removesuffix(".config")) is not None


@functools.lru_cache(maxsize=1024)
def _kind_of(folder: str) -> tuple[bool, bool]:
    """Whether a folder is about a package or bundle, and whether it is hidden."""
    parts = folder.split("/")
    return not _NO_CONTENT.isdisjoint(parts), any(part.startswith(".") and part.strip(".") for part in parts)


def mentions_type(data: bytes) -> bool:
    """Whether XML says somewhere that it is a configuration; a damaged one does, too."""
    return b"osgiconfig" in _spelled_out(data).lower()


def _spelled_out(data: bytes) -> bytes:
    """XML with its primary types as they are read: ``sling:&#79;sgiConfig``, ``sling:OsgiC\\u006fnfig``."""
    if data.startswith(_UTF_16):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    if b"&#" not in data and b"\\u" not in data:
        return data
    return _ANY_TYPE.sub(_type_spelled_out, data)


def _type_spelled_out(found: re.Match[bytes]) -> bytes:
    from html import unescape

    text = unescape(found[0].decode("utf-8", "replace")).encode("utf-8", "replace")
    return _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)).encode("utf-8", "replace"), text)


def by_content(data: bytes, form: str, ground: Ground) -> bool:
    """Whether the content of such a file is that of a configuration, or was meant to be."""
    if form == "xml":
        if ground in (Ground.WATCHED, Ground.LOOSE):
            return mentions_type(data)
        return _PRIMARY_TYPE.search(_spelled_out(data)) is not None
    if form == "config" and is_xml(data):
        # Elsewhere it is one of .NET.
        return ground is Ground.WATCHED
    return True
