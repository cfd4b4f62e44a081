"""Names in a document view: of attributes, of elements, and of files.

Sources: ``org.apache.jackrabbit.util.ISO9075`` (names in XML), ``PlatformNameFormat`` of FileVault (names of
files) and the name check of Apache Jackrabbit Oak, tried with Oak 1.60 and FileVault 3.4.10, 3.6.0 and 3.8.2.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from grammar import patterns
from grammar.java import units as java

CONTENT_FILE = ".content.xml"
"""A file of this name describes the folder it stands in."""

KNOWN_NAMESPACES = {
    "http://www.jcp.org/jcr/1.0": "jcr",
    "http://www.jcp.org/jcr/nt/1.0": "nt",
    "http://www.jcp.org/jcr/mix/1.0": "mix",
    "http://sling.apache.org/jcr/sling/1.0": "sling",
    "internal": "rep",
    "http://jackrabbit.apache.org/oak/ns/1.0": "oak",
    "http://www.jcp.org/jcr/sv/1.0": "sv",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "http://www.day.com/jcr/vault/1.0": "vlt",
}
"""Namespaces that a Sling repository has registered, with their prefixes."""
KNOWN_PREFIXES = frozenset(KNOWN_NAMESPACES.values())

_NODE_PREFIXES = KNOWN_PREFIXES - {"rep"}
"""Those with which every version of FileVault makes a configuration's node."""

_ENCODED = patterns.lazy(r"_x([0-9a-fA-F]{4})_")
_LOOKS_ENCODED = patterns.lazy(r"_x[0-9a-fA-F]{4}")
_FORBIDDEN = patterns.lazy(r"[/:\[\]|*\x00-\x1f\uffff]")
_FORBIDDEN_IN_NODE = patterns.lazy(r"[/:\[\]|*\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_OPEN_BRACE = patterns.lazy(r"\{(?![^{}:]+\})")
_ODD_BEGINNING = patterns.lazy(r"\{(?![^}:]+\})|\}+\{|\.[.}]*\}[.}]*\Z")
"""The beginning of a name that is taken for one with its namespace, but is none."""
_PERCENT = patterns.lazy(r"%(.)(.)", re.DOTALL)
_PERCENT_OR_UNDERSCORE = patterns.lazy(r"%..|_", re.DOTALL)
_INDEX = patterns.lazy(r"(?<=.)\[0*[01]\]\Z", re.DOTALL)


class Registered:
    """The namespaces of a repository when a file has been imported.

    Attributes:
        prefixes: by namespace.
        known: all prefixes.
    """

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        """Those that every repository has, and those that the file declares, by prefix."""
        self.prefixes = {uri: prefix for prefix, uri in namespaces.items()} | KNOWN_NAMESPACES
        self.known = frozenset((*KNOWN_PREFIXES, *namespaces))


@dataclass(frozen=True, slots=True)
class Node:
    """The repository node that a file of a content package makes.

    Attributes:
        path: its path, relative to ``jcr_root`` or to whatever the file's path was relative to.
        name: the last part of it; a ``sling:OsgiConfig`` node's PID is made of this.
    """

    path: str
    name: str


def decode(name: str) -> str:
    """The name that an XML name stands for: ``_x0020_`` is a blank, ``_x005f_`` an underscore (ISO 9075-14)."""
    if "_x" not in name:
        return name
    return java.from_units(_ENCODED.sub(lambda found: chr(int(found[1], 16)), name))


def encode(name: str) -> str:
    """The XML name for a property name without prefix, as FileVault writes it; `decode` gives the name back."""
    units = java.to_units(name)
    return "".join(_encoded(units, at) for at in range(len(units)))


def _encoded(name: str, at: int) -> str:
    char = name[at]
    if _is_name_character(char, first=at == 0) and not _LOOKS_ENCODED.match(name, at):
        return char
    return f"_x{ord(char):04x}_"


@functools.cache
def _is_name_character(char: str, *, first: bool) -> bool:
    """Whether XML 1.0 (fourth edition, as in Java) has the character in a name: expat knows the same tables."""
    if char.isascii():
        return char.isalpha() or char == "_" or (not first and (char.isdigit() or char in ".-"))
    from xml.parsers import expat

    try:
        expat.ParserCreate("utf-8").Parse(f"<{'' if first else 'x'}{char}/>".encode(), True)
    except (expat.ExpatError, UnicodeEncodeError):
        return False
    return True


def is_prefix(name: str) -> bool:
    """Whether a namespace may have the prefix."""
    return all(_is_name_character(char, first=at == 0) for at, char in enumerate(name))


def is_property_name(name: str) -> bool:
    """Whether every version of FileVault stores a property, or makes a node in a file, of a (decoded, local) name.

    Of braces at its beginning those that could be a namespace's are trouble: none, an empty pair, or one with a colon.
    """
    return not (
        name in ("", ".", "..")
        or _FORBIDDEN.search(name)
        or name != name.strip(" ")
        or _ODD_BEGINNING.match(name)
    )


def is_node_name(name: str) -> bool:
    """Whether every version of FileVault makes a configuration's node of this name, without its index."""
    prefix, separator, local = name.rpartition(":")
    if separator and prefix not in _NODE_PREFIXES:
        return False
    return is_local_name(local) and bool(separator or not _OPEN_BRACE.match(local))


def is_local_name(name: str) -> bool:
    """Whether a node may have the name, or a Name or Path point to it."""
    return not (name in ("", ".", "..") or _FORBIDDEN_IN_NODE.search(name) or name != name.strip(" "))


def without_index(name: str) -> str:
    """A node name without the index of a same-name sibling: ``F-[1]`` gives ``F-``."""
    return _INDEX.sub("", name)


def without_brackets(name: str, *, is_prefixed: bool = False) -> tuple[str, int]:
    """The name of a node in a document view without its last brackets, and the number in them; 0 for none.

    Args:
        name: the decoded, local name.
        is_prefixed: whether a prefix counts as a part of the name; a bracket that begins a name is none.
    """
    start = name.rfind("[")
    if start < (0 if is_prefixed else 1):
        return name, 0
    end = name.find("]", start)
    try:
        number = java.parse_integer(name[start + 1 : end], 32) if end > 0 else 0
    except java.NumberFormatError:
        number = 0
    return name[:start], number


def repository_name(platform_name: str) -> str:
    """The node name that a file or folder name stands for (``PlatformNameFormat.getRepositoryName``).

    ``%7e`` is ``~``; a first underscore with another one later encloses a namespace prefix: ``_jcr_content`` is
    ``jcr:content``, ``__a_b`` is ``_a_b``, ``_com.example`` stays.
    """
    if not platform_name.startswith("_") or platform_name == "_":
        return _PERCENT.sub(_percent, platform_name)
    if platform_name.startswith("__"):
        return _PERCENT.sub(_percent, platform_name[1:])
    # FileVault takes the character after the underscore as it is, even a percent sign.
    first, rest = platform_name[1], platform_name[2:]
    for found in _PERCENT_OR_UNDERSCORE.finditer(rest):
        if found[0] == "_":
            prefix = first + _PERCENT.sub(_percent, rest[: found.start()])
            return f"{prefix}:{_PERCENT.sub(_percent, rest[found.end() :])}"
    return "_" + first + _PERCENT.sub(_percent, rest)


def _percent(found: re.Match[str]) -> str:
    # Character.digit gives -1 for anything else, and the arithmetic goes on.
    return chr((java.digit(found[1], 16) * 16 + java.digit(found[2], 16)) & 0xFFFF)


def node_of(path: str) -> Node | None:
    """Which node a file makes when its content is a document view; None when its name is not one of XML.

    ``config/X.xml``, ``config/X/.content.xml`` and ``config/X.dir/.content.xml`` all make the node ``config/X``.

    Args:
        path: the file's path with ``/``, at least its name.
    """
    *folders, name = path.split("/")
    # FileVault decodes first and looks for the endings afterwards: F%2exml is a document view, too.
    parents = [repository_name(folder).removesuffix(".dir") for folder in folders]
    if name == CONTENT_FILE:
        if not parents:
            return Node("", "")
        own = parents.pop()
    else:
        own = repository_name(name)
        if not own.endswith(".xml"):
            return None
        own = own.removesuffix(".xml")
    own = without_index(own)
    return Node("/".join([*parents, own]), own)
