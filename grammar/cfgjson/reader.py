"""Models of the readers of ``.cfg.json``: what AEM loads, computed for any bytes.

Sling's installer core is the reader: 3.9.0 and 3.10.0 (to 3.11.2) through Felix Configurator, 3.12.0 (from 3.11.4)
through Felix CM JSON 1.x, 3.14.2 through Felix CM JSON 2.0.6. All parse with Apache Johnzon. Any exception loses
the whole file, which the installer only logs. The differential tests in tests/live hold the models to the jars.
"""

from __future__ import annotations

import re

from grammar.cfgjson import comments
from grammar.cfgjson import json as cfgjson_json
from grammar.cfgjson.json import JsonError
from grammar.cfgjson.values import (
    INTERNAL_PREFIX,
    Key,
    Node,
    Pairs,
    UnconvertibleError,
    case_key,
    new_value,
    old_value,
    split_key,
    to_scalar,
)
from grammar.cfgjson.values import old_operand as operand_of
from grammar.documents import Loaded
from grammar.java import units
from grammar.places import LINE_END
from grammar.values import Value

VERSIONS = ("3.9.0", "3.10.0", "3.12.0", "3.14.2")
"""Builds of org.apache.sling.installer.core that stand for the four behaviours."""

_OLD = ("3.9.0", "3.10.0")


class _LostError(Exception):
    """The reader gives up on the file."""


def load(data: bytes, version: str, filename: str = "x.cfg.json") -> Loaded:
    """What the reader of that version (one of VERSIONS) makes of the bytes. Never raises on any bytes.

    Args:
        data: the file's bytes.
        version: the build of the installer core.
        filename: the last segment of the path; the old readers paste it into the JSON.

    Returns:
        The properties, or why the file is lost. Files larger than ``cfgjson_json.MAX_BYTES`` or nested deeper
        than ``cfgjson_json.MAX_DEPTH`` are reported as lost, whatever the reader's own limits are.
    """
    if len(data) > cfgjson_json.MAX_BYTES:
        return Loaded(None, "larger than any configuration; not read")
    text = units.decode_utf8(data)
    try:
        return Loaded(_load_old(text, version, filename) if version in _OLD else _load_new(text, version))
    except (_LostError, JsonError, UnconvertibleError, comments.CommentError) as error:
        return Loaded(None, str(error))


# Felix CM JSON


def _load_new(text: str, version: str) -> dict[str, Value]:
    remove = comments.without_comments_1 if version == "3.12.0" else comments.without_comments_2
    clean = remove(text)
    if cfgjson_json.endless_blank(clean) >= 0:
        raise _LostError("Buffer too small for such a long string")
    root = _parsed(cfgjson_json.with_plain_escapes(clean))
    found: dict[str, Value] = {}
    seen: set[tuple[int, str]] = set()
    for key, node in root.last().items():
        name, type_name, internal = split_key(key)
        if type_name in ("binary", "binary[]"):
            raise _LostError("Properties of type binary not allowed for non bundle resource")
        value = new_value(node, None if internal else type_name)
        if case_key(name) in seen:
            raise _LostError("Duplicate property (properties are case-insensitive)")
        seen.add(case_key(name))
        found[name] = value
    return found


# Felix Configurator


def _load_old(text: str, version: str, filename: str) -> dict[str, Value]:
    identifier = _identifier(filename)
    _check_url(identifier)
    lines = LINE_END.split(text)
    if not lines[-1]:
        lines.pop()
    body = "".join(line + "\n" for line in lines)
    root = _parsed(comments.jsmin(f'{{ "{identifier}" : {body}}}')).last()
    _check_resource_version(root.get(f"{INTERNAL_PREFIX}resource-version"))
    loaded = [
        _old_configuration(node, first=version == "3.9.0")
        for key, node in root.items()
        if _is_configuration(key, node)
    ]
    if not loaded:
        raise _LostError("no configuration in it")
    return loaded[0]


def _identifier(filename: str) -> str:
    """The name that is pasted into the JSON: the first hyphen becomes a tilde, the extension goes."""
    return filename.rpartition("/")[2].replace("-", "~", 1).removesuffix(".cfg.json")


def _check_url(identifier: str) -> None:
    """``new URL("file://" + name)``: what follows a colon must be a port."""
    authority = re.split("[#?\\\\]", identifier, maxsplit=1)[0]
    host = authority.rpartition("@")[2]
    port = host.partition(":")[2]
    if host.startswith("[") or (port and not re.fullmatch(r"[+-]?[0-9]{1,9}", port)):
        raise _LostError("MalformedURLException: the file name makes no URL")


def _check_resource_version(node: Node) -> None:
    if node is not None and to_scalar("Integer", operand_of(node)) != 1:
        raise _LostError("Unknown resource version")


def _is_configuration(key: str, node: Node) -> bool:
    if isinstance(node, Pairs):
        return True
    if not key.startswith(INTERNAL_PREFIX):
        raise _LostError("not a configuration")
    return False


def _old_configuration(node: Node, *, first: bool) -> dict[str, Value]:
    assert isinstance(node, Pairs)
    found: dict[str, Value] = {}
    for key, member in node.last().items():
        parts = split_key(key)
        if parts.internal:
            _check_internal(parts, member)
        else:
            found[parts.name] = old_value(member, parts.type_name, first=first)
    return found


def _check_internal(key: Key, node: Node) -> None:
    if key.name == "ranking" and to_scalar("Integer", operand_of(node)) is None:
        raise _LostError("Invalid ranking")
    if key.name == "policy" and node not in ("default", "force"):
        raise _LostError("Invalid policy")


def _parsed(text: str) -> Pairs:
    """The root object as Johnzon parses it."""
    root = cfgjson_json.decode(cfgjson_json.without_astral_escapes(text), nul_ends=True)
    if not isinstance(root, Pairs):
        raise _LostError("Invalid JSON, no root object")
    return root
