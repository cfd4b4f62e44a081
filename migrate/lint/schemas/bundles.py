"""A bundle's metatype (OSGi Compendium, "Metatype Service Specification"), and what its components have beside it.

A metatype lists what a person may set. A component may have other properties, private ones in Declarative Services'
words, which a configuration sets just as well: they stand in the bundle's component descriptions.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.lint.schema import NUMBERS, Described, Schema, SchemaError, Service, number

if TYPE_CHECKING:
    from grammar.xml.markup.spans import Element
    from migrate.targets.package.archive import Archive

_ALL = "OSGI-INF/"
_METATYPE = "OSGI-INF/metatype/"
_MOST = 4 * 1024 * 1024
_ANY = Described("String", is_many=True)
_OWN_NAME = "$"
"""In ``configuration-pid``: the component's own name."""


def add(path: str, schema: Schema) -> None:
    """Add what a bundle says.

    Raises:
        SchemaError: it is none, or cannot be read.
    """
    from migrate.targets.package.archive import Archive
    from migrate.targets.package.window import ArchiveError
    from migrate.targets.vault.spans import XmlError, parse

    found = Schema()
    try:
        with Archive.open(Path(path)) as archive:
            if any(name.startswith("META-INF/vault/") for name in archive.by_name):
                raise SchemaError(f"{path}: a content package; name the bundles that are in it")
            for name in _xml_below(_METATYPE, archive):
                _add_metatype(parse(archive.read(name)).root, found)
            for name in _xml_below(_ALL, archive) if found else ():
                _add_components(archive.read(name), found)
    except (ArchiveError, XmlError) as error:
        raise SchemaError(f"{path}: no bundle that can be read: {error}") from None
    schema.update(found)


def _xml_below(folder: str, archive: Archive) -> Iterator[str]:
    for name, entry in archive.by_name.items():
        if name.startswith(folder) and name.endswith(".xml") and entry.size <= _MOST:
            yield name


def _add_metatype(root: Element, schema: Schema) -> None:
    classes = {
        element.value("id") or "": {ad.value("id") or "": _described(ad) for ad in _named(element, "AD")}
        for element in _named(root, "OCD")
    }
    for element in _named(root, "Designate"):
        wanted = next((child.value("ocdref") for child in _named(element, "Object")), None) or ""
        # Of a class that is not there nobody knows anything.
        if wanted in classes:
            factory, pid = element.value("factoryPid"), element.value("pid")
            known = schema.factories if factory else schema.singletons
            known[factory or pid or ""] = Service(classes[wanted])


def _described(ad: Element) -> Described:
    kind = ad.value("type") or "String"
    kind = {"Password": "String", "Char": "Character"}.get(kind, kind)
    return Described(
        kind,
        is_many=ad.value("cardinality") not in (None, "", "0"),
        options=tuple(option.value("value") or "" for option in _named(ad, "Option")),
        low=number(ad.value("min")) if kind in NUMBERS else None,
        high=number(ad.value("max")) if kind in NUMBERS else None,
    )


def _add_components(data: bytes, schema: Schema) -> None:
    """The properties of components, to the services that have a metatype: any value of them is fine."""
    from migrate.targets.vault.spans import XmlError, parse

    if b"<property" not in data:
        return
    try:
        root = parse(data).root
    except XmlError:
        # The runtime has its own say about that; the metatype counts all the same.
        return
    for component in [root, *root.children]:
        if _local(component) == "component":
            names = {one.value("name") or "" for one in _named(component, "property")}
            for pid in _pids(component):
                for known in (schema.singletons, schema.factories):
                    if pid in known:
                        service = known[pid]
                        others = dict.fromkeys(names - service.properties.keys(), _ANY)
                        known[pid] = service._replace(properties={**service.properties, **others})


def _pids(component: Element) -> Iterator[str]:
    """Those of its configurations; its name stands for itself where nothing else is said."""
    name = component.value("name") or ""
    for pid in (component.value("configuration-pid") or _OWN_NAME).split():
        yield name if pid == _OWN_NAME else pid


def _named(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element.children if _local(child) == name)


def _local(element: Element) -> str:
    return element.name.rpartition(":")[2]
