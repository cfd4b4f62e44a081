"""One form of a configuration into another: the same PID, the same values, or the name of everything that is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, cast

from grammar import forms
from grammar.documents import Document
from grammar.errors import EditError, ParseError
from grammar.java import units
from grammar.platforms import DEFAULT, Platform
from grammar.platforms import of as platforms_of
from grammar.values import WRAPPER_OF, Float32, Float64, Scalar, Shape, Value
from grammar.xml.document import XmlDocument
from migrate.errors import MigrateError
from migrate.targets.base import FOLDER_NODE
from migrate.targets.changes import told
from migrate.targets.nodes import NO_CONFIGURATION, is_watched_folder
from migrate.texts import comments, layout
from migrate.texts.comments import Comments
from migrate.texts.converting import naming
from migrate.texts.converting.naming import NamingError

KINDS = {
    "comments": "comments where the new form has no place for them",
    "integer": "an Integer, Short or Byte becomes a Long",
    "float": "a Float becomes a Double",
    "character": "a Character becomes a String",
    "collection": "a Collection becomes an array",
    "empty": "an empty array becomes one of Strings",
    "type": "a value is read back with another type",
    "duplicate": "what AEM does not load, of keys that stand twice and the like",
    "node": "child nodes, attributes of other namespaces, processing instructions",
    "bytes": "bytes that are not UTF-8 become U+FFFD, as AEM loads them",
}
"""Kinds of losses, as `--allow` names them."""

_XML_INSTEAD = {"Integer": "Long", "Short": "Long", "Byte": "Long", "Float": "Double", "Character": "String"}
_KIND_OF = {
    "Integer": "integer",
    "Short": "integer",
    "Byte": "integer",
    "Float": "float",
    "Character": "character",
}
_KIND_BESIDE = {
    layout.COMMENTS: "comments",
    layout.BROKEN: "bytes",
    layout.TWICE: "duplicate",
    layout.DROPPED: "duplicate",
}


class ConversionError(MigrateError):
    """A file that cannot be converted at all; one line."""


class Loss(NamedTuple):
    """Something that the new form does not say.

    Attributes:
        kind: one of `KINDS`.
        text: what it is, a phrase.
    """

    kind: str
    text: str


class Converted(NamedTuple):
    """A configuration in another form.

    Attributes:
        path: beside the old file, with the new form's name rules.
        data: the new bytes.
        losses: what the new form does not say; empty when nothing is lost.
        alone: the file that would make the same node in the old form; the old file itself, unless that holds several.
        variables: the names of those that take the place of secrets, each with the property.
        secrets: how many properties hold a secret in clear.
    """

    path: str
    data: bytes
    losses: tuple[Loss, ...]
    alone: str
    variables: tuple[tuple[str, str], ...] = ()
    secrets: int = 0

    def __repr__(self) -> str:
        return f"Converted(path={self.path!r}, data={told(self.data)}, losses={self.losses!r})"


class Conversion(NamedTuple):
    """What becomes of a file.

    Attributes:
        made: its configurations; of a folder's ``.content.xml``, any number. None where the file is as it should be.
        rest: what is left of the file when they have moved out of it; None where nothing is.
        secrets: how many secrets stand in clear in a file that is as it should be.
    """

    made: tuple[Converted, ...]
    rest: bytes | None = None
    secrets: int = 0

    def __repr__(self) -> str:
        return f"Conversion(made={self.made!r}, rest={told(self.rest)})"


class Aim(Protocol):
    """What else is to become of a configuration than another form."""

    def place(self, folder: str, node: str) -> tuple[str, str]:
        """The folder and the name of its node.

        Raises:
            NamingError: there is none.
        """

    def values(self, node: str, values: Mapping[str, Value]) -> dict[str, Value]:
        """Its values."""

    def variables(self, node: str, values: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
        """What its values refer to: names of variables, each with the property."""

    def secrets(self, values: Mapping[str, Value]) -> int:
        """How many of its values are secrets in clear."""


class FormAlone(NamedTuple):
    """Another form and nothing else."""

    def place(self, folder: str, node: str) -> tuple[str, str]:
        return folder, node

    def values(self, node: str, values: Mapping[str, Value]) -> dict[str, Value]:
        return dict(values)

    def variables(self, node: str, values: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
        return ()

    def secrets(self, values: Mapping[str, Value]) -> int:
        return 0


_FORM_ALONE = FormAlone()


def convert(
    data: bytes, path: str, *, form: str, to: str, platform: Platform = DEFAULT, aim: Aim = _FORM_ALONE
) -> Conversion:
    """Convert the bytes of a file: what the readers of the platform load from them, they load from the new ones.

    Raises:
        ParseError: AEM's readers do not all load what the text looks like.
        ConversionError: the new form cannot hold a property at all, or the file's name.
    """
    if form == "xml" and path.rpartition("/")[2] == FOLDER_NODE:
        found = cast(
            "list[tuple[str, XmlDocument]]", forms.parse_all(data, path, form=form, platform=platform)
        )
        if found and all(node for node, _ in found):
            return _of_folder(data, path, found, to, platform, aim)
        if found and is_watched_folder(path):
            raise ConversionError(f"{path}: {NO_CONFIGURATION}; give its properties a file of their own")
    if layout.has_glued_mark(data, form):
        raise ConversionError(f"{path}: {layout.GLUED_MARK}")
    document = forms.parse(data, path, form=form, platform=platform)
    try:
        folder, node = naming.node_of(path, form)
        target = naming.file_for(*aim.place(folder, node), to)
        if form == to:
            return _reshaped(document, path, target, node, aim)
        beside = [phrase for phrase in layout.losses_beside(document, data) if phrase != layout.COMMENTS]
        source = _Source(document, path, path, node, platform)
        return Conversion((_converted(source, target, to, beside, comments.of(document), aim),))
    except (NamingError, EditError) as error:
        raise ConversionError(f"{path}: {error}") from None


def prove_alike(data: bytes, path: str, *, form: str, platforms: Sequence[str]) -> None:
    """Hold a file to have the same values for several AEMs.

    Raises:
        ParseError: the readers of one of them do not all load what the text looks like.
        ConversionError: they do, but not the same.
    """
    found = [forms.parse_all(data, path, form=form, platform=platforms_of(name)) for name in platforms]
    values = [[(node, {p.name: p.value for p in one.properties}) for node, one in each] for each in found]
    if any(other != values[0] for other in values[1:]):
        raise ConversionError(f"{path}: {' and '.join(platforms)} do not load the same values from it")


def _reshaped(document: Document, path: str, target: str, node: str, aim: Aim) -> Conversion:
    """The same form: nothing but what the aim asks for changes."""
    before = {found.name: found.value for found in document.properties}
    values = aim.values(node, before)
    after = document.with_values({name: value for name, value in values.items() if value != before[name]})
    variables, secrets = aim.variables(node, values), aim.secrets(values)
    if target == path and after.source == document.source:
        return Conversion((), secrets=secrets)
    return Conversion((Converted(target, after.source, (), path, variables, secrets),))


class _Source(NamedTuple):
    """A configuration in its file, or one of those of a folder's node.

    Attributes:
        document: what it says.
        path: its file.
        alone: as of `Converted`.
        node: the name that the installer makes the PID of.
        platform: whose readers must agree.
    """

    document: Document
    path: str
    alone: str
    node: str
    platform: Platform


def _of_folder(
    data: bytes, path: str, found: list[tuple[str, XmlDocument]], to: str, platform: Platform, aim: Aim
) -> Conversion:
    """Each element that is a configuration becomes a file; what else the folder's node says stays where it is."""
    from grammar.xml.folders.nodes import rewritten

    made = []
    folder = path.rpartition("/")[0]
    try:
        for node, document in found:
            *between, name = node.split("/")
            below = "/".join(filter(None, (folder, *map(naming.platform_name, between))))
            target, beside = naming.file_for(*aim.place(below, name), to), layout.losses_of_element(document)
            source = _Source(document, path, f"{below}/{naming.platform_name(name)}.xml", name, platform)
            made.append(_converted(source, target, to, list(beside), Comments(), aim))
        rest, _ = rewritten(data, path, {node: None for node, _ in found})
    except (NamingError, EditError) as error:
        raise ConversionError(f"{path}: {error}") from None
    return Conversion(tuple(made), rest)


def _converted(
    source: _Source, target: str, to: str, beside: Sequence[str], said: Comments, aim: Aim
) -> Converted:
    losses = [Loss(_KIND_BESIDE.get(phrase, "node"), phrase) for phrase in beside]
    wanted = aim.values(source.node, {found.name: found.value for found in source.document.properties})
    values: dict[str, Value] = {}
    for name, value in wanted.items():
        values[name], lost = _fitting(name, value, to)
        losses += lost
    try:
        result, again, left = _written(values, target, to, said, source.platform)
    except (EditError, ParseError) as error:
        message = error.message if isinstance(error, ParseError) else str(error)
        raise ConversionError(f"{source.path}: cannot be written as {to}: {message}") from None
    if left:
        losses.append(Loss("comments", layout.COMMENTS))
    losses += _changed(values, again)
    variables, secrets = aim.variables(source.node, values), aim.secrets(values)
    return Converted(target, result, tuple(losses), source.alone, variables, secrets)


def _written(
    values: Mapping[str, Value], target: str, to: str, said: Comments, platform: Platform
) -> tuple[bytes, Document, Comments]:
    """The text with as many of the comments as it can have, what is read from it, and the other comments."""
    plain = forms.write(values, form=to)
    again = forms.parse(plain, target, form=to, platform=platform)
    if not said:
        return plain, again, said
    text, left = comments.written(to, _members(values, plain, to), said)
    try:
        result = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").encode()
        commented = forms.parse(result, target, form=to, platform=platform)
    except ParseError:
        # A comment can be in a reader's way, as behind a string that ends in a backslash.
        return plain, again, said
    same = [(p.name, p.value) for p in commented.properties] == [(p.name, p.value) for p in again.properties]
    return (result, commented, left) if same else (plain, again, said)


def _members(values: Mapping[str, Value], plain: bytes, to: str) -> dict[str, str]:
    """The text of each property, in the order of the writer."""
    if to == "xml":
        return {"": plain.decode()}
    order = sorted(values, key=units.utf16_order) if to == "config" else values
    alone = {name: forms.write({name: values[name]}, form=to).decode() for name in order}
    return alone if to == "config" else {name: text[2:-2] for name, text in alone.items()}


def _changed(values: Mapping[str, Value], again: Document) -> Iterator[Loss]:
    read = {found.name: found.value for found in again.properties}
    for name, value in values.items():
        if read.get(name) != value:
            became = read[name].type_name if name in read else "nothing"
            yield Loss("type", f"{name}: {value.type_name} is read back as {became}")


def _fitting(name: str, value: Value, to: str) -> tuple[Value, list[Loss]]:
    """The nearest value that the form has, and what is lost by it."""
    if to != "xml":
        return value, []
    kind = WRAPPER_OF.get(value.element, value.element)
    element = _XML_INSTEAD.get(kind, kind)
    shape = Shape.ARRAY if value.shape is Shape.COLLECTION else value.shape
    items = tuple(_as(element, item) for item in value.items if item is not None)
    nearest = Value(element, shape, items)
    if shape is Shape.ARRAY and not items:
        lost = [Loss("empty", f"{name}: an empty {value.type_name} becomes one of Strings")]
        return Value.array(()), lost if value != Value.array(()) else []
    kinds = [_KIND_OF.get(kind, "type")] if element != value.element else []
    kinds += ["collection"] if shape is not value.shape else []
    kinds += ["type"] if len(items) < len(value.items) else []
    return nearest, [Loss(one, f"{name}: {value.type_name} becomes {nearest.type_name}") for one in kinds]


def _as(element: str, item: Scalar) -> Scalar:
    return Float64.of(item.number) if element == "Double" and isinstance(item, Float32) else item
