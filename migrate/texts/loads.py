"""What the readers load, as JSON and as a line of text; secrets masked where a report shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import cast

from grammar import patterns
from grammar.documents import Loaded, Property
from grammar.platforms import PLATFORMS
from grammar.values import Value
from migrate.integration.secret import MASK
from migrate.masking.names import hides
from migrate.masking.texts import may_hold_secret, without_known
from migrate.terminal import printable

Loads = dict[str, dict[str, object]]
"""By reader version: ``{"properties": [{"name", "type", "value"}...]}`` or ``{"error": text}``; of a folder's
``.content.xml`` also ``"nodes"``, the same for each configuration in it by its node."""

_SHOWN = 160
_READERS = {
    "1.8.12": "ConfigAdmin",
    "1.9.26": "ConfigAdmin",
    "3.9.0": "installer core",
    "3.10.0": "installer core",
    "3.12.0": "installer core",
    "3.14.2": "installer core",
    "3.2.8": "FileVault",
    "3.4.10": "FileVault",
    "3.6.0": "FileVault",
    "3.8.2": "FileVault",
}
_OWNERS: dict[str, list[str]] = {}
"""By a reader's version the AEM that have it; not of Felix, which is the same in every one."""
for _platform in PLATFORMS.values():
    for _form in ("cfg.json", "xml"):
        for _version in _platform.own.get(_form, ()):
            _OWNERS.setdefault(_version, []).append(_platform.title)
_WORD = patterns.lazy(r"[\w.\-:$]+")


def property_json(name: str, value: Value) -> dict[str, object]:
    """Name, type and value of a property, as they are."""
    return {"name": name, "type": value.type_name, "value": value.to_json()}


def masked_property(name: str, value: Value, known: Iterable[str] = ()) -> dict[str, object]:
    """Name, type and value of a property; a secret as `***`, with a field that says so.

    Args:
        known: secrets of other properties, which this value may repeat.
    """
    told = property_json(name, value)
    if hides(name, value):
        return {**told, "value": MASK, "secret": True}
    return {**told, "value": _without(told["value"], known)}


def _without(told: object, known: Iterable[str]) -> object:
    if isinstance(told, str):
        return without_known(told, known)
    return [_without(item, known) for item in told] if isinstance(told, list) else told


def to_json(loads: Mapping[str, Loaded]) -> Loads:
    """Everything that each reader loads, as it is."""
    return _each(loads, property_json)


def of_property(
    found: Property, as_it_looks: Iterable[str], others: Mapping[str, Loaded], data: bytes
) -> Loads:
    """What the readers load for one property of an accepted document, each in its turn.

    Args:
        found: the property.
        as_it_looks: the versions that load it as the document says.
        others: what each of the others makes of the configuration; what it says of the first ones does not count.
        data: the text.
    """
    shown: dict[str, object] = {"properties": [masked_property(found.name, found.value)]}
    told = dict.fromkeys(as_it_looks, shown)
    for version, loaded in others.items():
        if version in told:
            continue
        if loaded.properties is None:
            told |= masked({version: loaded._replace(nodes=None)}, data)
            continue
        value = loaded.properties.get(found.name)
        only = {} if value is None else {found.name: value}
        told |= {version: shown} if value == found.value else masked({version: Loaded(only)}, data)
    return told


def masked(loads: Mapping[str, Loaded], data: bytes) -> Loads:
    """Everything that each reader loads from a rejected text, without secrets.

    Where the text is misread, a part of a secret may end up in any key, value or error message. So one name in
    the text that sounds like a secret is enough to hide all values, and all keys that do not stand in the text as a
    property's name.
    """
    if not may_hold_secret(data):
        return _each(loads, masked_property)
    text = data.decode("utf-8", "replace")
    words = {found[1] for found in re.finditer(r"(?:^|[{,])\s*\"?([\w.\-:$]+)\"?\s*[=:]", text, re.MULTILINE)}
    return {version: _hidden(content, words) for version, content in to_json(loads).items()}


def without(loads: Loads, known: Iterable[str]) -> Loads:
    """The same without some secrets, wherever they stand."""
    return cast("Loads", {version: _cleared(content, known) for version, content in loads.items()})


def _cleared(content: object, known: Iterable[str]) -> object:
    if isinstance(content, dict):
        return {key: _cleared(value, known) for key, value in content.items()}
    if isinstance(content, list):
        return [_cleared(item, known) for item in content]
    return without_known(content, known) if isinstance(content, str) else content


def _each(loads: Mapping[str, Loaded], shown: Callable[[str, Value], dict[str, object]]) -> Loads:
    return {version: _content(loaded, shown) for version, loaded in loads.items()}


def _content(loaded: Loaded, shown: Callable[[str, Value], dict[str, object]]) -> dict[str, object]:
    content: dict[str, object] = (
        {"error": loaded.error}
        if loaded.properties is None
        else {"properties": [shown(name, value) for name, value in loaded.properties.items()]}
    )
    if loaded.nodes is not None:
        content["nodes"] = {node: _content(one, shown) for node, one in loaded.nodes.items()}
    return content


def _hidden(content: dict[str, object], words: set[str]) -> dict[str, object]:
    found, nodes = content.get("properties"), content.get("nodes")
    told: dict[str, object] = {"error": str(content.get("error")).partition(":")[0]}
    if isinstance(found, list):
        told = {
            "properties": [
                {"name": p["name"] if p["name"] in words else MASK, "type": p["type"], "value": MASK}
                for p in found
            ]
        }
    if isinstance(nodes, dict):
        told["nodes"] = {node: _hidden(one, words) for node, one in nodes.items()}
    return told


def text(loads: Loads) -> list[str]:
    """One line for all readers when they agree, else one for each group of them that do."""
    groups: dict[str, list[str]] = {}
    for version, content in loads.items():
        groups.setdefault(_line(content), []).append(version)
    if len(groups) == 1:
        return [f"AEM loads {next(iter(groups))}"]
    return [
        f"{_readers(versions)} {'loads' if len(versions) == 1 else 'load'} {line}"
        for line, versions in groups.items()
    ]


def _readers(versions: list[str]) -> str:
    """Several readers of one name: ``FileVault 3.6.0 and 3.8.2 (AEM 6.5 LTS, AEM as a Cloud Service)``."""
    told = [
        f"{version} ({', '.join(_OWNERS[version])})" if version in _OWNERS else version
        for version in versions
    ]
    listed = f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]
    return f"{_READERS.get(versions[0], '')} {listed}".lstrip()


def _line(content: dict[str, object]) -> str:
    nodes = content.get("nodes")
    if isinstance(nodes, dict) and any(one != {"error": content["error"]} for one in nodes.values()):
        return "; ".join(f"{name(node)}: {_of_one(one)}" for node, one in nodes.items())
    return _of_one(content)


def _of_one(content: dict[str, object]) -> str:
    found = content.get("properties")
    if not isinstance(found, list):
        return _cut(f"nothing: {content['error']}")
    if not found:
        return "no property at all, without an error"
    # The last ones tell most: what follows a misread value is lost or glued together.
    last: list[str] = []
    for told in reversed(found):
        shown = _cut(f"{name(told['name'])} = {told['type']} {short(told['value'])}")
        if last and len(", ".join(last)) + len(shown) >= _SHOWN:
            break
        last.insert(0, shown)
    before = f"{len(found)} properties, the last: " if len(last) < len(found) else ""
    return before + ", ".join(last)


def _cut(line: str) -> str:
    line = printable(line)
    return line if len(line) <= _SHOWN else line[: _SHOWN - 3] + "..."


def is_plain(name: str) -> bool:
    """Whether a key looks like a property's name."""
    return bool(_WORD.fullmatch(name))


def name(text: str) -> str:
    """A key as it is when it looks like one, else quoted."""
    return text if is_plain(text) else short(text)


def short(value: object) -> str:
    """A JSON value as text that is not too long."""
    import json

    return json.dumps(value, ensure_ascii=False)[: 2 * _SHOWN]
