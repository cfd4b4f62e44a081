"""One form of a configuration into another: the same values, or the name of everything that is lost."""

from __future__ import annotations

from typing import NamedTuple

from grammar import forms
from grammar.documents import Document
from grammar.errors import EditError, ParseError
from grammar.pids import strip_extension
from grammar.platforms import UNSAID, Platform
from grammar.values import WRAPPER_OF, Float32, Float64, Scalar, Shape, Value
from migrate.errors import MigrateError
from migrate.texts import layout

_EXTENSIONS = {"config": ".config", "cfg.json": ".cfg.json", "xml": ".xml"}
_XML_INSTEAD = {"Integer": "Long", "Short": "Long", "Byte": "Long", "Float": "Double", "Character": "String"}


class ConversionError(MigrateError):
    """A file that cannot be converted at all; one line."""


class Converted(NamedTuple):
    """A configuration in another form.

    Attributes:
        path: beside the old file, with the new form's name rules.
        data: the new bytes.
        losses: what the new form does not say, one phrase each; empty when nothing is lost.
    """

    path: str
    data: bytes
    losses: tuple[str, ...]


def convert(data: bytes, path: str, *, form: str, to: str, platform: Platform = UNSAID) -> Converted:
    """Convert the bytes of a file: what the readers of the platform load from them, they load from the new ones.

    Raises:
        ParseError: AEM's readers do not all load what the text looks like.
        ConversionError: the new form cannot hold a property at all, or the file's name.
    """
    document = forms.parse(data, path, form=form, platform=platform)
    losses = list(layout.losses_beside(document, data))
    values: dict[str, Value] = {}
    for found in document.properties:
        value, loss = _fitting(found.name, found.value, to)
        if loss:
            losses.append(loss)
        if value is not None:
            values[found.name] = value
    try:
        result = forms.write(values, form=to)
        again = forms.parse(result, form=to, platform=platform)
    except (EditError, ParseError) as error:
        message = error.message if isinstance(error, ParseError) else str(error)
        raise ConversionError(f"{path}: cannot be written as {to}: {message}") from None
    losses += _changed(values, again)
    return Converted(_path(path, form, to), result, tuple(losses))


def _changed(values: dict[str, Value], again: Document) -> list[str]:
    read = {found.name: found.value for found in again.properties}
    return [
        f"{name}: {value.type_name} is read back as {read[name].type_name if name in read else 'nothing'}"
        for name, value in values.items()
        if read.get(name) != value
    ]


def _fitting(name: str, value: Value, to: str) -> tuple[Value | None, str]:
    """The nearest value that the form has, and what is lost by it."""
    if to != "xml":
        return value, ""
    kind = WRAPPER_OF.get(value.element, value.element)
    element = _XML_INSTEAD.get(kind, kind)
    shape = Shape.ARRAY if value.shape is Shape.COLLECTION else value.shape
    items = tuple(_as(element, item) for item in value.items if item is not None)
    nearest = Value(element, shape, items)
    if shape is Shape.ARRAY and not items:
        return None, f"{name}: an empty {value.type_name} is left out"
    return nearest, "" if nearest == value else f"{name}: {value.type_name} becomes {nearest.type_name}"


def _as(element: str, item: Scalar) -> Scalar:
    return Float64.of(item.number) if element == "Double" and isinstance(item, Float32) else item


def _path(path: str, form: str, to: str) -> str:
    from grammar.xml import names as xml_names

    folder, slash, name = path.rpartition("/")
    if form == "xml":
        if name == xml_names.CONTENT_FILE:
            folder, slash, name = folder.rpartition("/")
            name = name.removesuffix(".dir") + ".xml"
        base = xml_names.repository_name(name).removesuffix(".xml")
    else:
        base = strip_extension(name)
    if not base:
        raise ConversionError(f"{path}: no name for the new file; convert a file in a folder with a name")
    if to == "xml":
        base = base.replace("~", "%7e")
        node = xml_names.node_of(f"{base}.xml")
        if node is None or node.name != xml_names.repository_name(base):
            raise ConversionError(f"{path}: FileVault would make another node of the name {base}.xml")
        if base.startswith("_"):
            base = "_" + base
    return f"{folder}{slash}{base}{_EXTENSIONS[to]}"
