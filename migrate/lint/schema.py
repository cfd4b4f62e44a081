"""What services say about their configurations: the metatype in bundles, the configuration API in a feature model.

The files are the user's own: bundles (OSGi Compendium, "Metatype Service Specification"), or the `aem-author-sdk`
feature of the Cloud's SDK (`configuration-api`, ``org.apache.sling.feature.extension.apiregions``).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from migrate.errors import MigrateError

if TYPE_CHECKING:
    from grammar.pids import Pid
    from grammar.xml.markup.spans import Element


class SchemaError(MigrateError):
    """A file that says nothing about configurations, or cannot be read; one line."""


MOST_BYTES = 64 * 1024 * 1024
"""A feature of the SDK has 5 MB; a larger file is none."""
_MOST_METATYPE = 4 * 1024 * 1024
_METATYPE = "OSGI-INF/metatype/"
_API = "configuration-api"
_NUMBERS = frozenset({"Long", "Integer", "Short", "Byte", "Double", "Float"})


class Described(NamedTuple):
    """A property.

    Attributes:
        type: ``String``, ``Integer`` ... as Java calls it.
        is_many: whether it holds several values.
        options: the texts of the values that it may have; empty for any.
        low: the smallest number; None without a bound.
        high: the largest.
    """

    type: str
    is_many: bool = False
    options: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


class Service(NamedTuple):
    """A configuration that a service asks for.

    Attributes:
        properties: by name.
        is_open: whether it may have others.
        is_allowed: whether it may be there at all.
    """

    properties: Mapping[str, Described]
    is_open: bool = False
    is_allowed: bool = True


@dataclass(slots=True)
class Schema:
    """Services by the PIDs and factory PIDs of their configurations."""

    singletons: dict[str, Service] = field(default_factory=dict)
    factories: dict[str, Service] = field(default_factory=dict)

    def of(self, pid: Pid) -> Service | None:
        """What is known about a configuration; None for nothing."""
        if pid.factory_pid is not None:
            return self.factories.get(pid.factory_pid)
        return self.singletons.get(pid.singleton or "")


def load(paths: Iterable[str]) -> Schema:
    """The schema of some files, later ones before earlier ones.

    Raises:
        SchemaError: a file is neither a bundle nor a feature, or cannot be read; one line.
    """
    schema = Schema()
    for path in paths:
        try:
            if os.path.getsize(path) > MOST_BYTES:
                raise SchemaError(f"{path}: too large for a bundle or a feature")
            with open(path, "rb") as stream:
                is_archive = stream.read(2) == b"PK"
            _add_bundle(path, schema) if is_archive else _add_feature(path, schema)
        except OSError as error:
            raise SchemaError(f"{path}: {error.strerror}") from None
    return schema


def _add_feature(path: str, schema: Schema) -> None:
    import json

    try:
        with open(path, "rb") as stream:
            content = json.load(stream)
        # The key says how the extension is merged, too: "configuration-api:JSON|optional".
        found = [value for key, value in content.items() if key.partition(":")[0] == _API]
        for api in found:
            _add_api(api, schema)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        raise SchemaError(f"{path}: neither a bundle nor a feature model with a {_API}") from None
    if not found:
        raise SchemaError(f"{path}: has no {_API}; the SDK's aem-author-sdk and aem-publish-sdk have")


def _add_api(api: dict[str, Any], schema: Schema) -> None:
    for key, known in (("configurations", schema.singletons), ("factory-configurations", schema.factories)):
        for pid, told in api.get(key, {}).items():
            properties = {name: _of_api(one) for name, one in told.get("properties", {}).items()}
            known[pid] = Service(properties, is_open=bool(told.get("allow-additional-properties")))
    for key, known in (
        ("internal-configurations", schema.singletons),
        ("internal-factory-configurations", schema.factories),
    ):
        known.update(dict.fromkeys(api.get(key, []), Service({}, is_open=True, is_allowed=False)))


def _of_api(told: dict[str, Any]) -> Described:
    kind = str(told.get("type", "STRING")).title()
    bounds = told.get("range", {})
    return Described(
        kind if kind in _NUMBERS or kind in ("Boolean", "Character") else "String",
        is_many=int(told.get("cardinality", 1)) != 1,
        options=tuple(str(option["value"]) for option in told.get("options", [])),
        low=_number(bounds.get("min")),
        high=_number(bounds.get("max")),
    )


def _add_bundle(path: str, schema: Schema) -> None:
    from migrate.targets.package.archive import Archive
    from migrate.targets.package.window import ArchiveError
    from migrate.targets.vault.spans import XmlError, parse

    try:
        with Archive.open(Path(path)) as archive:
            for name, entry in archive.by_name.items():
                if name.startswith(_METATYPE) and name.endswith(".xml") and entry.size <= _MOST_METATYPE:
                    _add_metatype(parse(archive.read(name)).root, schema)
    except (ArchiveError, XmlError) as error:
        raise SchemaError(f"{path}: no bundle that can be read: {error}") from None


def _add_metatype(root: Element, schema: Schema) -> None:
    classes = {
        element.value("id") or "": {ad.value("id") or "": _of_metatype(ad) for ad in _named(element, "AD")}
        for element in _named(root, "OCD")
    }
    for element in _named(root, "Designate"):
        wanted = next((child.value("ocdref") for child in _named(element, "Object")), None)
        service = Service(classes.get(wanted or "", {}))
        factory, pid = element.value("factoryPid"), element.value("pid")
        if factory:
            schema.factories[factory] = service
        elif pid:
            schema.singletons[pid] = service


def _of_metatype(ad: Element) -> Described:
    kind = ad.value("type") or "String"
    return Described(
        "String" if kind == "Password" else kind,
        is_many=ad.value("cardinality") not in (None, "", "0"),
        options=tuple(option.value("value") or "" for option in _named(ad, "Option")),
        low=_number(ad.value("min")) if kind in _NUMBERS else None,
        high=_number(ad.value("max")) if kind in _NUMBERS else None,
    )


def _named(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element.children if child.name.rpartition(":")[2] == name)


def _number(text: object) -> float | None:
    try:
        return None if text is None else float(str(text))
    except ValueError:
        return None
