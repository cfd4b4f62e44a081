"""Models of how AEM reads a ``sling:OsgiConfig`` file: FileVault's import, then the installer's converter.

The file is read once (:mod:`grammar.xml.reading`); the versions of FileVault differ in what they do with names and
values that Oak refuses. ``ConfigNodeConverter`` of Sling's JCR installer (3.1.26 and 3.3.0 alike) makes the properties,
and ConfigAdmin refuses some of them. The differential tests in tests/live hold the models to the jars.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from grammar.documents import Loaded
from grammar.errors import ParseError
from grammar.java import hashes
from grammar.values import Scalar, Shape, Value
from grammar.xml import docview
from grammar.xml import names as xml_names
from grammar.xml.docview import Reach
from grammar.xml.markup import source as xml_source
from grammar.xml.markup.spans import Element
from grammar.xml.reading.shared import Reading, Said, around, is_below, is_jcr
from grammar.xml.reading.texts import DocViewError, JcrText, parse_text
from grammar.xml.stored.defined import Given, default_type, refusal
from grammar.xml.stored.nodes import Made, made_node
from grammar.xml.stored.properties import OLD, UnstorableNameError, stored_name
from grammar.xml.values import ELEMENT_OF, Fate, Item, ValueFormatError

__all__ = ["VERSIONS", "DocViewError", "JcrText", "is_docview", "load", "load_all", "node_of", "parse_text"]

VERSIONS = ("3.2.8", "3.4.10", "3.6.0", "3.8.2")
"""FileVault versions: 3.2.8 is that of AEM 6.5; 3.8.4 and 4.1.4, of AEM 6.5 LTS, load as 3.8.2 does."""

is_docview = xml_source.is_docview
node_of = xml_names.node_of

_ENDINGS = ("xml-malformed", "xml-limit")
"""Errors of a document view that leave what begins before them; FileVault 3.6.0 fails as a whole."""
_MADE_WITH = ("primaryType", "mixinTypes", "uuid", "isCheckedOut")
"""Properties with the prefix ``jcr`` with which the node is made; later versions see only then that they are empty."""
_NO_DEFINITION = "No matching property definition: jcr:primaryType"
_FOLDER = "sling:Folder"
"""The type of the node around the file's own."""
_TWIN = Loaded(None, "import: two nodes of the name in one place")
_NO_NODE = Loaded(None, "import: below an element without attributes, which makes no node")
_NO_INDEX = Loaded(
    None, "import: what stands in brackets is taken for an index, and the node is left out or removed"
)
_BARREN = Loaded(None, "import: below a node that cannot have any")


class _NullPointerError(Exception):
    """ConfigNodeConverter runs into a null; the installer's cycle ends there."""


def load(data: bytes, version: str, filename: str) -> Loaded:
    """What becomes of the bytes of a file that one version of FileVault imports. Never raises on any bytes.

    An error means that the configuration is not what the file says: the import reports it (and leaves perhaps a
    node with some of the properties), or the installer or ConfigAdmin refuses the configuration. A file with an
    internal DTD subset, which FileVault would read, is an error here too: nothing of it is ever expanded.

    Args:
        data: the file's bytes, any bytes.
        version: one of VERSIONS.
        filename: its name or path; ``.content.xml`` is read without looking for the marks of a document view.
    """
    return load_all(data, (version,), filename)[version]


def load_all(data: bytes, versions: Sequence[str], filename: str) -> dict[str, Loaded]:
    """What becomes of a file in some versions, each as `load` tells it; the file is read once.

    Args:
        data: as for `load`.
        versions: of VERSIONS.
        filename: as for `load`.
    """
    node = node_of(filename)
    if node is None:
        return dict.fromkeys(versions, Loaded(None, "not XML by its name: stored as a file"))
    if filename.rpartition("/")[2] != xml_names.CONTENT_FILE and not is_docview(data):
        stored = Loaded(None, "not a document view: stored as a file, which is no configuration")
        return dict.fromkeys(versions, stored)
    try:
        reading = Reading(xml_source.decode(data).text)
    except ParseError as error:
        return dict.fromkeys(versions, Loaded(None, f"import: {error.message}"))
    return {version: _load(reading, version, node) for version in versions}


def _load(reading: Reading, version: str, node: xml_names.Node) -> Loaded:
    try:
        if reading.ended is not None:
            return _Import(version, reading).load_start(reading.ended)
        _check_names(node)
        return _Import(version, reading).load()
    except DocViewError as error:
        return Loaded(None, f"import: {error}")
    except _NullPointerError:
        return Loaded(None, "scan: java.lang.NullPointerException")


def _check_names(node: xml_names.Node) -> None:
    for part in node.path.split("/"):
        prefix, separator, _ = part.partition(":")
        if separator and prefix not in xml_names.KNOWN_PREFIXES:
            raise DocViewError(f"Unknown namespace prefix used in file name: {prefix}")
    if node.path and not xml_names.is_node_name(node.name):
        raise DocViewError(f"no name of a node: {node.name!r}")


@dataclass(slots=True)
class _Import:
    """One file on its way into the repository.

    Attributes:
        version: of FileVault.
        reading: of the file.
        elements: those that are read.
        around: those that are open where reading stops; none where it comes to the end.
        stored: what is stored of the configuration at hand.
        paths: of the nodes that are made, as they are made.
        gone: nodes that are removed at the end of the node around them.
        skipped: elements of which no node is made, so that nothing below them is looked at.
        unmade_names: what elements of which no node is made name, by the element around them.
        types: the types of nodes.
        late: elements with something that is refused when it is saved, if it is still there.
        twins: those of a name that comes twice.
    """

    version: str
    reading: Reading
    elements: Sequence[Element] = ()
    around: list[Element] = field(default_factory=list)
    stored: dict[str, Value] = field(default_factory=dict)
    paths: dict[Element, str] = field(default_factory=dict)
    gone: dict[Element, Made] = field(default_factory=dict)
    skipped: set[Element] = field(default_factory=set)
    unmade_names: dict[Element, set[str]] = field(default_factory=dict)
    types: dict[Element, str] = field(default_factory=dict)
    late: dict[Element, Exception] = field(default_factory=dict)
    twins: frozenset[Element] = field(init=False)

    def __post_init__(self) -> None:
        self.elements = self.view.elements
        self.twins = frozenset((*self.view.twins, *self.view.twins.values()))

    @property
    def is_old(self) -> bool:
        return self.version in OLD

    @property
    def view(self) -> docview.DocView:
        return self.reading.view

    def load(self) -> Loaded:
        root, *others = self.elements
        if (root.uri, root.name.rpartition(":")[2]) != (xml_source.JCR_URI, "root"):
            return Loaded(None, "the root element is not jcr:root: its node has another name than the file")
        there = set(self.elements)
        configurations = [one for one in self.reading.configurations(is_old=self.is_old) if one[1] in there]
        if configurations and configurations[0][0]:
            try:
                return self.load_folder(configurations)
            except _NullPointerError:
                return _of_all(Loaded(None, "scan: java.lang.NullPointerException"), configurations)
        kind = self.primary_type(root)
        for element in others:
            self.enter(element)
        self.check_late()
        if not all(made.has_properties for made in self.gone.values()):
            return Loaded(
                None, "import: a node is made that is not found again, for its name begins with a colon"
            )
        if not docview.is_config_type(kind, self.view.namespaces):
            return Loaded(None, f"not a configuration: a node of type {kind!r}")
        return self.loaded(root)

    def load_start(self, error: ParseError) -> Loaded:
        """What becomes of a file that is not read to its end: a node is made where its element begins."""
        failed = Loaded(None, f"import: {error.message}")
        whole = _of_all(failed, self.reading.configurations(is_old=self.is_old))
        if error.rule not in _ENDINGS or whole.nodes is None:
            return failed
        if self.version == "3.6.0":
            return whole
        if error.rule != "xml-malformed":
            self.elements = self.elements[:-1]  # It is its start tag that is not read.
        self.around = self.view.around()
        return failed._replace(nodes={**whole.nodes, **(self.load().nodes or {})})

    def loaded(self, element: Element) -> Loaded:
        """What ConfigAdmin gets of a configuration."""
        self.stored = {}
        for name, text in self.properties(element):
            self.store(name, text)
        keys = [name.lower() for name in self.stored]
        if len(set(keys)) < len(keys):
            return Loaded(None, "ConfigAdmin: keys that differ in case only")
        return Loaded(self.stored)

    def load_folder(self, configurations: list[tuple[str, Element]]) -> Loaded:
        """What becomes of each configuration below a root that is none."""
        names = {element: path for path, element in configurations}
        found: dict[Element, Loaded] = {}
        missing: dict[Element, Loaded] = {}
        stop: Loaded | None = None
        for element in self.elements:
            made = stop or (missing.get(element.parent) if element.parent else None) or self.unmade(element)
            try:
                if stop is None:
                    own = self.enter(element, is_configuration=element in names and made is None)
                    made = made or own
            except DocViewError as error:
                # It is not known whether it comes to that where there are two nodes.
                own = _TWIN if self.is_of_twins(element) else Loaded(None, f"import: {error}")
                if error.reach is Reach.ALL or (self.version == "3.6.0" and error.reach is Reach.REST):
                    return _of_all(own, configurations)
                made = missing[element] = made or own
                if error.reach is Reach.REST:
                    stop = own if own is _TWIN else Loaded(None, f"import: stopped before: {error}")
                    self.around = list(around(element))
            if made is not None and element in names:
                found[element] = made
            if made is not None and made.properties is None:
                missing.setdefault(element, made)
            elif element in self.skipped:
                missing.setdefault(element, _BARREN)
        try:
            self.check_late()
        except DocViewError as error:
            return _of_all(Loaded(None, f"import: {error}"), configurations)
        nodes = self.at_the_end(names, found)
        self.lose_twins(nodes, names)
        return Loaded(None, "not a configuration, but a folder of some", nodes)

    def at_the_end(self, names: Mapping[Element, str], found: Mapping[Element, Loaded]) -> dict[str, Loaded]:
        """What is left of each configuration, by the path that the file gives it, and by that which it has."""
        nodes: dict[str, Loaded] = {}
        others: dict[str, Loaded] = {}
        for element, loaded in found.items():
            path, made = names[element], self.paths.get(element)
            if loaded.properties is not None and not self.is_there(element):
                loaded = _NO_INDEX
            elif loaded.properties is not None and made is not None and made != path:
                others[made] = loaded
                loaded = Loaded(
                    None, f"import: its node is {made!r}, for what stands in brackets is taken for an index"
                )
            nodes[path] = loaded
        return {**others, **nodes}

    def enter(self, element: Element, *, is_configuration: bool = False) -> Loaded | None:
        """Make the node of an element, if it has one.

        Returns:
            What is made of a configuration, or why there is none.

        Raises:
            DocViewError: the import fails.
        """
        if element in self.view.unmade or element.parent in self.skipped:
            self.skipped.add(element)
            self.check_unmade(element)
            return None
        try:
            self.check_unmade(element)
            made = self.named(element)
            if made is not None and made.name is None:
                self.skipped.add(element)
                return _NO_INDEX
            if made is not None and not made.has_properties:
                self.skipped.add(element)
                return Loaded({}) if is_configuration else None
            loaded = self.node(element) if is_configuration else None
            if loaded is None:
                self.check(element)
        except DocViewError as error:
            self.skipped.add(element)
            if not (error.is_late and self.is_gone(element)):
                raise
            self.late[element] = error
            return Loaded(None, f"import: {error}")
        except _NullPointerError as error:
            if not self.is_gone(element):
                raise
            self.late[element] = error
            return None
        if made is not None and not made.has_nodes:
            self.skipped.add(element)
        return loaded

    def named(self, element: Element) -> Made | None:
        """What is made of an element by its name; None where that is plain.

        Raises:
            DocViewError: nothing, or the import fails.
        """
        above = self.paths.get(element.parent, "") if element.parent is not None else ""
        prefix, colon, local = element.name.rpartition(":")
        if element not in self.view.odd:
            self.paths[element] = _below(above, xml_names.decode(element.name) if element.parent else "")
            return None
        try:
            made = made_node(xml_names.decode(local), prefix, self.version, self.view.registered.known)
        except UnstorableNameError as error:
            self.check_old_type(element)
            self.check_identifier(element)
            raise DocViewError(f"no name of a node: {error}", error.reach, is_late=error.is_late) from None
        if made.name is not None:
            self.check_old_type(element)
            self.paths[element] = _below(above, f"{prefix}{colon}{made.name}")
            if not made.stays:
                self.gone[element] = made
            if not made.is_storable:
                self.late[element] = DocViewError(f"no name of a node: {made.name}")
        return made

    def check_old_type(self, element: Element) -> None:
        """Raises DocViewError where a version needs the type of the node to make it."""
        if self.is_old:
            self.primary_type(element)

    def check_identifier(self, element: Element) -> None:
        """Raises DocViewError for a wrong one: a node of it is looked for before one is made."""
        for one in self.reading.said(element):
            if (one.prefix, one.name) == ("jcr", "uuid"):
                given = Given(one.text.kind, one.text.multiple, one.text.values)
                if refusal("uuid", given, (), self.version) is Reach.NODE:
                    raise DocViewError("the repository does not take this jcr:uuid", Reach.NODE)

    def is_gone(self, element: Element) -> bool:
        """Whether it is below a node that is removed, or that itself."""
        return element in self.gone or is_below(element, self.gone)

    def is_there(self, element: Element) -> bool:
        """Whether no node is removed with it when reading has come to its end."""
        return all(self.is_kept(one) for one in (element, *around(element)) if one in self.gone)

    def is_kept(self, element: Element) -> bool:
        """Whether reading stops before a node is removed, or another element names the node as it is."""
        if element.parent is None or element.parent in self.around:
            return True
        if element.parent not in self.unmade_names:
            beside = (one for one in element.parent.children if one in self.view.unmade)
            self.unmade_names[element.parent] = {xml_names.decode(one.name) for one in beside}
        return self.paths[element].rpartition("/")[2] in self.unmade_names[element.parent]

    def check_late(self) -> None:
        """Raises the first of what is refused when it is saved."""
        for element, error in self.late.items():
            if self.is_there(element):
                raise error

    def is_of_twins(self, element: Element) -> bool:
        """Whether it is one of two nodes of a name, or below one."""
        return element in self.twins or is_below(element, self.twins)

    def lose_twins(self, nodes: dict[str, Loaded], names: dict[Element, str]) -> None:
        """Nothing is known of the first node of a name that comes twice, and of what is below it."""
        firsts = set(self.view.twins.values())
        if firsts:
            for element, path in names.items():
                if element in firsts or is_below(element, firsts):
                    nodes[path] = _TWIN

    def unmade(self, element: Element) -> Loaded | None:
        """Why there is no node of an element, whatever its attributes are."""
        if element in self.view.unmade:
            return _NO_NODE
        return _TWIN if element in self.view.twins else None

    def check_unmade(self, element: Element) -> None:
        """Raises DocViewError where a version reads attributes of which perhaps nothing comes."""
        if not self.is_old:
            self.reading.said(element)
        elif element not in self.view.unmade and element.parent in self.gone:
            above = self.gone[element.parent]
            if above.has_properties and not above.has_nodes:
                self.primary_type(element)  # It is asked for before the path.

    def node(self, element: Element) -> Loaded:
        """A configuration below the root."""
        self.primary_type(element)
        try:
            return self.loaded(element)
        except DocViewError as error:
            if not str(error).startswith("ConfigAdmin:"):
                raise
            return Loaded(None, str(error))

    def check(self, element: Element) -> None:
        """Raises DocViewError when the import fails on an element of which a node is made."""
        given = self.type_given(element)
        if self.is_old or (given is not None and given.values):
            self.primary_type(element)
        else:
            self.types[element] = default_type(self.types[element.parent] if element.parent else _FOLDER)
        self.properties(element)

    def type_given(self, element: Element) -> JcrText | None:
        """What says of what type the node is: the last such text to old versions, the first one to later ones."""
        found = [
            one.text
            for one in self.reading.said(element)
            if one.name == "primaryType" and is_jcr(one.prefix, one.uri, is_old=self.is_old)
        ]
        return found[-1 if self.is_old else 0] if found else None

    def primary_type(self, element: Element) -> str:
        found = self.type_given(element)
        if found is None:
            raise DocViewError("No default node type available")
        if not found.values and not self.is_old:
            raise DocViewError(_NO_DEFINITION, Reach.NODE)
        if not any(found.values):
            raise DocViewError("Invalid name: ''")
        self.types[element] = found.values[0]
        return found.values[0]

    def properties(self, element: Element) -> list[tuple[str, JcrText]]:
        """The attributes that become properties, checked the way the import of every node checks them."""
        kept = self.kept(self.reading.said(element))
        types = {self.types[element]}
        types.update(*(one.text.values for one in kept if (one.prefix, one.name) == ("jcr", "mixinTypes")))
        found: list[tuple[str, JcrText]] = []
        refused: list[tuple[Said, DocViewError]] = []
        for one in kept:
            try:
                name = self.property_name(one)
                if name is not None:
                    self.check_property(name, one.text, types)
                    found.append((name, one.text))
            except DocViewError as error:
                refused.append((one, error))
        if refused:
            # At the first one it stops; what is refused only when it is saved is there if it was set before.
            raise min(refused, key=lambda one: self.turn(one[0], len(kept)))[1]
        return found

    def kept(self, said: Sequence[Said]) -> Sequence[Said]:
        """Of attributes that have one name when it is decoded: the last one in old versions, the first one in later."""
        found: dict[tuple[str, str], Said] = {}
        for one in said:
            key = (one.prefix if self.is_old else one.uri, one.name)
            if key in found and self.version == "3.6.0":
                raise DocViewError(f"Duplicate key {one.name}", Reach.ALL)
            if key not in found or self.is_old:
                found[key] = one
        return said if len(found) == len(said) else list(found.values())

    def turn(self, said: Said, count: int) -> int:
        """When a property is set: those first with which the node is made; 3.8.2 keeps the order of the file."""
        if said.prefix == "jcr" and (
            (said.name == "uuid" and said.text.values)
            or (said.name in _MADE_WITH and (self.is_old or "" in said.text.values))
        ):
            return -1
        if self.is_old:
            return hashes.position(hashes.string_hash(_with_prefix(said.prefix, said.name)), count)
        if self.version == "3.6.0":
            found = 37 * (37 * 17 + hashes.string_hash(said.uri)) + hashes.string_hash(said.name)
            return hashes.position(found & 0xFFFFFFFF, count)
        return 0

    def check_property(self, name: str, text: JcrText, types: Collection[str]) -> None:
        """Raises DocViewError when the import fails on a property."""
        if name == "jcr:primaryType":
            if not self.is_old and (text.multiple or text.kind not in ("undefined", "Name")):
                raise DocViewError(_NO_DEFINITION, Reach.NODE)
            return
        if name.startswith("jcr:"):
            given = Given(text.kind, text.multiple, text.values)
            reach = refusal(name[4:], given, types, self.version)
            if reach is not None:
                raise DocViewError(
                    f"the repository does not take this {name}", reach, is_late=reach is Reach.ALL
                )
        self.check_stored(text)

    def property_name(self, said: Said) -> str | None:
        """The name in the repository; None when the version drops the attribute for its name."""
        if not said.is_plain:
            return self.odd_name(said)
        if said.prefix and self.version == "3.6.0" and ":" not in said.uri:
            return f"{{{said.uri}}}{said.name}"
        return _with_prefix(said.prefix, said.name)

    def odd_name(self, said: Said) -> str | None:
        broken = self.is_broken(said.text)
        try:
            name = stored_name(
                said.name, self.version, self.view.registered, prefix=said.prefix, uri=said.uri
            )
        except UnstorableNameError as error:
            if not error.always and self.is_dropped(said.text):
                return None
            reach = Reach.NODE if broken and not error.always else error.reach
            raise DocViewError(f"Invalid name: {said.name}", reach, is_late=reach is Reach.ALL) from None
        if name is None and broken and not self.is_old:
            raise DocViewError("Invalid value", Reach.NODE)
        return name

    def is_dropped(self, text: JcrText) -> bool:
        """Whether a value is not even to be stored, so that the repository does not see its name.

        Raises:
            DocViewError: it costs the node.
        """
        is_binary = text.kind in ("Binary", "BinaryRef")
        if self.is_old:
            return (is_binary and not text.multiple) or self.is_broken(text)
        if is_binary:
            self.check_binary(text)
        return is_binary or (self.version == "3.6.0" and text.multiple and not text.values)

    def is_broken(self, text: JcrText) -> bool:
        """Whether it is an array with an item that is none of its type."""
        if text.kind in ("Binary", "BinaryRef"):
            return False
        try:
            self.reading.items(text)
        except ValueFormatError:
            return text.multiple
        return False

    def check_stored(self, text: JcrText) -> None:
        """Raises DocViewError when the import fails on this property, whatever its name."""
        if text.kind in ("Binary", "BinaryRef"):
            self.check_binary(text)
            return
        try:
            items = self.reading.items(text)
        except ValueFormatError as error:
            if text.multiple and not self.is_old:
                raise DocViewError(f"Invalid value for type {error}", Reach.NODE) from None
            return
        if Fate.UNSTORABLE in items:
            message = "Invalid name, or a namespace prefix that is not registered"
            raise DocViewError(message, Reach.ALL, is_late=True)

    def check_binary(self, text: JcrText) -> None:
        if self.is_old:
            return
        if text.kind == "BinaryRef" and text.values:
            raise DocViewError("Inaccessible value", Reach.NODE)
        if any(text.values):
            raise DocViewError("Inline binaries are only supported as binary references", Reach.NODE)

    def store(self, name: str, text: JcrText) -> None:
        """What the installer's converter makes of a property, if anything."""
        if ":" in name:
            return
        if text.multiple:
            value = self.array(text)
        elif text.kind in ("Binary", "BinaryRef"):
            value = None
        else:
            try:
                value = _scalar(text.kind, self.reading.items(text)[0])
            except ValueFormatError:
                value = Value.string(text.values[0])
        if value is not None:
            self.stored[name] = value

    def array(self, text: JcrText) -> Value | None:
        if text.kind in ("Binary", "BinaryRef"):
            return self.binary_array(text)
        if not text.values:
            return None if self.version == "3.6.0" else Value.array(())
        try:
            items = self.reading.items(text)
        except ValueFormatError:
            return None
        return _array(text.kind, items)

    def binary_array(self, text: JcrText) -> Value | None:
        if not self.is_old:
            return None
        if text.values:
            raise _NullPointerError
        return Value.array(())


def _of_all(failed: Loaded, configurations: list[tuple[str, Element]]) -> Loaded:
    """What loses a whole file, and with it each configuration below a root that is none."""
    nodes = {path: failed for path, _ in configurations if path}
    return failed._replace(nodes=nodes) if nodes else failed


def _below(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name


def _with_prefix(prefix: str, name: str) -> str:
    return f"{prefix}:{name}" if prefix else name


def _scalar(kind: str, item: Item) -> Value | None:
    if item is Fate.DROPPED:
        return None
    return Value(ELEMENT_OF.get(kind, ""), Shape.SCALAR, (_plain(item),))


def _array(kind: str, items: list[Item]) -> Value:
    if Fate.DROPPED in items:
        raise _NullPointerError
    return Value(ELEMENT_OF.get(kind, ""), Shape.ARRAY, tuple(_plain(item) for item in items))


def _plain(item: Item) -> Scalar:
    if isinstance(item, Fate):
        raise DocViewError("ConfigAdmin: unsupported type java.util.GregorianCalendar")
    return item
