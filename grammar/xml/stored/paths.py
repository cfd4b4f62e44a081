"""How Oak reads the name of a property: as a path, which is to have one element.

``NamePathMapperImpl``, ``JcrPathParser``, ``JcrNameParser``, ``GlobalNameMapper`` and ``NameValidator`` of Oak 1.60
with their odd corners: most paths are not looked at, U+FFFF ends a path that is, and a bracket before a name is passed
over.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from grammar import patterns
from grammar.java import units as java
from grammar.xml import names as xml_names
from grammar.xml.values import is_uuid

_LOOKED_AT = patterns.lazy(r"[{\[.:]|.+[{\[\]|*]|.*/[./:]|.*:[^/]*:|.+[:/]\Z|\Z", re.DOTALL)
"""The others are taken as they are."""
_NOT_IN_PATH = frozenset("*|")
_NOT_IN_NAME = frozenset("[]*|")
_END = "\uffff"
_EXPANDED = patterns.lazy(r"\{([^}]*:[^}]*|)\}(.*)", re.DOTALL)
_INDEX = patterns.lazy(r"(?<=..)\[\d*\]\Z|(?<=.)\[\d+\]\Z", re.DOTALL)
_NOT_SAVED = patterns.lazy(r"[ \t\r\n]|.*(?:[\x00-\x1f/:\[\]|*]|[ \t\r\n]\Z)|\.{0,2}\Z", re.DOTALL)


class NoPathError(ValueError):
    """Oak makes no path of a text: a RepositoryException in Java."""


class NoIdentifierError(ValueError):
    """What stands in brackets is no identifier of a node: an IllegalArgumentException in Java."""


def oak_path(path: str, prefixes: Mapping[str, str]) -> str:
    """The path that Oak makes of one of JCR.

    Args:
        path: in JCR's words.
        prefixes: of the namespaces that the repository has registered.

    Raises:
        NoPathError: it is none.
        NoIdentifierError: it is in brackets, and no identifier.
    """
    if not _LOOKED_AT.match(path):
        return path
    if path.startswith("["):
        return _path_of(path)
    return "/".join(_Parser(path, prefixes).elements())


def is_path(path: str) -> bool:
    """Whether Oak makes a path of an absolute one whose names may be odd."""
    try:
        oak_path(path, xml_names.KNOWN_NAMESPACES)
    except NoPathError:
        return False
    return True


def _path_of(identifier: str) -> str:
    if not identifier.endswith("]"):
        raise NoPathError(identifier)
    path = identifier[1:-1]
    if not path.startswith("/") and not is_uuid(path.partition("/")[0]):
        raise NoIdentifierError(identifier)
    if path.strip("/"):
        raise NoPathError(identifier)  # Of a node that is not there.
    return "/"


def is_saved(name: str, known: Collection[str]) -> bool:
    """Whether Oak takes the name of a property when it saves it.

    Args:
        name: as `oak_path` gives it, one element.
        known: the prefixes that the repository has registered.
    """
    prefix, colon, local = name.partition(":")
    if colon and not prefix:
        return True  # Hidden; nobody looks at it.
    if colon and prefix not in known:
        return False
    return not _NOT_SAVED.match(_INDEX.sub("", local if colon else name))


class _Parser:
    """``JcrPathParser`` and its listener."""

    def __init__(self, path: str, prefixes: Mapping[str, str]) -> None:
        self.path = path
        self.prefixes = prefixes
        self.found: list[str] = []
        self.state = "start"
        self.last = 0
        self.name: str | None = None
        self.index = 0

    def elements(self) -> list[str]:
        """Its elements; the first one of an absolute path is empty.

        Raises:
            NoPathError: it is no path.
        """
        at = 0
        if self.path.startswith("/"):
            self.found.append("")
            at = self.last = 1
        steps = {":": self.colon, "[": self.open, "]": self.close, ".": self.dot, "{": self.brace}
        while at <= len(self.path):
            char = self.path[at] if at < len(self.path) else _END
            if char in _NOT_IN_PATH:
                raise NoPathError(self.path)
            if char in ("/", _END):
                self.end(char, at)
            elif char in steps:
                steps[char](at)
            elif char == "}":
                self.state = "uri-end" if self.state == "uri" else self.state
            else:
                self.plain()
            at += 1
        return self.found

    def end(self, char: str, at: int) -> None:
        """The end of an element."""
        if self.state in ("prefix", "name", "index-end", "uri-end"):
            name = self.path[self.last : at] if self.name is None else self.name
            _check_name(name)
            self.found.append(self.oak_name(name))
        elif self.state == "dot-dot":
            self.parent()
        elif self.state == "uri" and char == "/":
            return
        elif self.state != "dot" and not (self.state == "start" and char == _END):
            raise NoPathError(self.path)
        elif self.state == "start":
            return
        self.state, self.last, self.name, self.index = "start", at + 1, None, 0

    def oak_name(self, name: str) -> str:
        """An element with the prefix of its namespace, and with its index."""
        if expanded := _EXPANDED.match(name):
            uri, local = expanded.groups()
            if uri and uri not in self.prefixes:
                raise NoPathError(self.path)
            name = f"{self.prefixes[uri]}:{local}" if uri else local
        return f"{name}[{self.index}]" if self.index > 1 else name

    def parent(self) -> None:
        if not self.found or self.found[-1] == "..":
            self.found.append("..")
        elif not self.found[-1]:
            raise NoPathError(self.path)
        else:
            self.found.pop()

    def colon(self, _at: int) -> None:
        if self.state == "prefix":
            self.state = "name-start"
        elif self.state != "uri":
            raise NoPathError(self.path)

    def open(self, at: int) -> None:
        if self.state in ("prefix", "name"):
            self.name, self.state, self.last = self.path[self.last : at], "index", at + 1

    def close(self, at: int) -> None:
        if self.state != "index":
            raise NoPathError(self.path)
        try:
            self.index = java.parse_integer(self.path[self.last : at], 32)
        except java.NumberFormatError:
            raise NoPathError(self.path) from None
        if self.index < 0:
            raise NoPathError(self.path)
        self.state = "index-end"

    def dot(self, _at: int) -> None:
        if self.state == "index-end":
            raise NoPathError(self.path)
        following = {"start": "dot", "dot": "dot-dot", "dot-dot": "prefix"}
        self.state = following.get(self.state, self.state)

    def brace(self, at: int) -> None:
        if self.state == "start" and self.last == at:
            self.state = "uri"
        elif self.state in ("name-start", "dot", "dot-dot"):
            self.state = "name"

    def plain(self) -> None:
        if self.state == "index-end":
            raise NoPathError(self.path)
        following = {"start": "prefix", "dot": "prefix", "dot-dot": "prefix", "name-start": "name"}
        self.state = following.get(self.state, self.state)


def _check_name(name: str) -> None:
    """``JcrNameParser``.

    Raises:
        NoPathError: it is no name.
    """
    if name in ("", ".", "..") or _NOT_IN_NAME.intersection(name):
        raise NoPathError(name)
    state = "start"
    for at, char in enumerate(name):
        state = _after(state, char, name, at)
    if state == "name-start" or (state == "uri" and set(":/").intersection(name)):
        raise NoPathError(name)


def _after(state: str, char: str, name: str, at: int) -> str:
    if char == ":":
        if state == "prefix" and xml_names.is_prefix(name[:at]):
            return "name-start"
        if state == "uri":
            return state
    elif char == "/":
        if state in ("uri-start", "uri"):
            return "uri"
    elif char == "{":
        following = {"start": "uri-start", "uri-start": "name", "uri": "name", "name-start": "name"}
        return following.get(state, state)
    elif char == "}" and state in ("uri-start", "uri"):
        uri = name[1:at]
        if not uri or ":" in uri or uri == "internal":
            return "name-start"
        if "/" not in uri:
            return "name"
    else:
        following = {"start": "prefix", "name-start": "name", "uri-start": "uri"}
        return following.get(state, state)
    raise NoPathError(name)
