"""Models of the readers of ``.cfg.json``: what AEM loads, computed for any bytes.

Sling's installer core is the reader: 3.9.0 and 3.10.0 (to 3.11.2) through Felix Configurator, 3.12.0 (from 3.11.4)
through Felix CM JSON 1.x, 3.14.2 through Felix CM JSON 2.0.6. All parse with Apache Johnzon. Any exception loses
the whole file, which the installer only logs. The differential tests in tests/live hold the models to the jars.
"""

from __future__ import annotations

import re

from grammar.cfgjson import json as cfgjson_json
from grammar.cfgjson.json import JsonError
from grammar.cfgjson.parsers import comments, johnzon
from grammar.cfgjson.values import (
    INTERNAL_PREFIX,
    TYPES,
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
from grammar.values import Scalar, Value

VERSIONS = ("3.9.0", "3.10.0", "3.12.0", "3.14.2")
"""Builds of org.apache.sling.installer.core that stand for the four behaviours."""

_OLD = ("3.9.0", "3.10.0")
_PID = "PID <configuration>"
"""What CM JSON calls a configuration of which it is told the properties only."""


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
    root = _parsed(clean, is_later=True)
    found: dict[str, Value] = {}
    seen: set[tuple[int, str]] = set()
    for key, node in root.last().items():
        name, type_name, internal = split_key(key)
        if type_name in ("binary", "binary[]"):
            raise _LostError(
                f"{_PID} : Properties of type binary not allowed for non bundle resource : {name}"
            )
        try:
            value = new_value(node, None if internal else type_name)
        except UnconvertibleError as error:
            raise _LostError(_new_failure(key, node, None if internal else type_name, error)) from None
        if case_key(name) in seen:
            raise _LostError(f"{_PID} : Duplicate property (properties are case-insensitive) : {name}")
        seen.add(case_key(name))
        found[name] = value
    return found


def _new_failure(key: str, node: Node, type_name: str | None, error: UnconvertibleError) -> str:
    if node is None and (type_name is None or type_name in TYPES):
        return "dictionary must not be null (or input stream must not be null)."
    if type_name is None:
        return str(error)
    # The reader goes on with the value, which may be a secret.
    return f"{_PID} : Invalid value/type for configuration : {key}"


# Felix Configurator


def _load_old(text: str, version: str, filename: str) -> dict[str, Value]:
    identifier = _identifier(filename)
    _check_url(identifier)
    lines = LINE_END.split(text)
    if not lines[-1]:
        lines.pop()
    body = "".join(line + "\n" for line in lines)
    root = _parsed(comments.jsmin(f'{{ "{identifier}" : {body}}}'), is_later=False).last()
    _check_resource_version(root.get(f"{INTERNAL_PREFIX}resource-version"))
    loaded = [
        _old_configuration(key, node, f"configuration in 'file://{identifier}'", first=version == "3.9.0")
        for key, node in root.items()
        if _is_configuration(key, node, identifier)
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


def _is_configuration(key: str, node: Node, identifier: str) -> bool:
    if isinstance(node, Pairs):
        return True
    if not key.startswith(INTERNAL_PREFIX):
        raise _LostError(f"Ignoring configuration in 'file://{identifier}' (not a configuration) : {key}")
    return False


def _old_configuration(pid: str, node: Node, where: str, *, first: bool) -> dict[str, Value]:
    assert isinstance(node, Pairs)
    found: dict[str, Value] = {}
    for key, member in node.last().items():
        parts = split_key(key)
        if parts.internal:
            operand_of(member)  # Its numbers are read, whatever it is for.
            _check_internal(parts, member, f"{where} : {pid}")
            continue
        try:
            found[parts.name] = old_value(member, parts.type_name, first=first)
        except UnconvertibleError as error:
            said = _old_failure(member, parts.type_name, error)
            is_typed = parts.type_name is not None
            prefix = f"Invalid value/type for {where} : {pid} - {key} : " if is_typed else ""
            raise _LostError(f"{prefix}{said}") from None
    return found


def _old_failure(node: Node, type_name: str | None, error: UnconvertibleError) -> str:
    if type_name is None:
        return "NullPointerException" if node is None else str(error)
    if type_name in ("binary", "binary[]"):
        return "Binary files only allowed within a bundle"
    if type_name not in TYPES and type_name != "Collection":
        return f"Invalid type information: {type_name}"
    return f"Unable to convert to type {type_name}"


def _check_internal(key: Key, node: Node, where: str) -> None:
    if key.name == "ranking" and _integer(node) is None:
        raise _LostError(f"Invalid ranking for {where}")
    if key.name == "policy" and node not in ("default", "force"):
        raise _LostError(f"Invalid policy for {where}")


def _integer(node: Node) -> Scalar:
    try:
        return to_scalar("Integer", operand_of(node))
    except UnconvertibleError:
        return None


def _parsed(text: str, *, is_later: bool) -> Pairs:
    """The root object as Johnzon parses it."""
    plain = cfgjson_json.with_plain_escapes(text) if is_later else text
    try:
        root = cfgjson_json.decode(cfgjson_json.without_astral_escapes(plain), nul_ends=True)
    except JsonError as error:
        if error.kind == "depth":
            raise
        raise _LostError(johnzon.complaint(text, is_later=is_later)) from None
    if not isinstance(root, Pairs):
        raise _LostError("Invalid JSON, no root object")
    return root
