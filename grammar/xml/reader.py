"""Models of how AEM reads a ``sling:OsgiConfig`` file: FileVault's import, then the installer's converter.

``DocViewProperty.parse`` of Apache Jackrabbit FileVault 3.4.10, 3.6.0 and 3.8.2 is one and the same state
machine; the versions differ in what they do with values that Oak refuses. ``ConfigNodeConverter`` of Sling's JCR
installer (3.1.26 and 3.3.0 alike) makes the properties, and ConfigAdmin refuses some of them. The models repeat
this character by character; the differential tests in tests/live hold them to the jars.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from grammar.documents import Loaded
from grammar.errors import ParseError
from grammar.java import units
from grammar.values import Scalar, Shape, Value
from grammar.xml import docview
from grammar.xml import names as xml_names
from grammar.xml.docview import Reach
from grammar.xml.markup import source as xml_source
from grammar.xml.markup.spans import Attribute, Element
from grammar.xml.stored.defined import Given, refusal
from grammar.xml.stored.nodes import Made, made_node
from grammar.xml.stored.properties import OLD, UnstorableNameError, stored_name
from grammar.xml.values import (
    ELEMENT_OF,
    TYPES,
    Fate,
    Item,
    ValueFormatError,
    convert,
    unicode_escape,
)

VERSIONS = ("3.2.8", "3.4.10", "3.6.0", "3.8.2")
"""FileVault versions: 3.2.8 is that of AEM 6.5; 3.8.4 and 4.1.4, of AEM 6.5 LTS, load as 3.8.2 does."""

is_docview = xml_source.is_docview
node_of = xml_names.node_of

_HEX_LENGTH = 4
_ENDINGS = ("xml-malformed", "xml-limit")
"""Errors of a document view that leave what begins before them; FileVault 3.6.0 fails as a whole."""
_TWIN = Loaded(None, "import: two nodes of the name in one place")
_NO_NODE = Loaded(None, "import: below an element without attributes, which makes no node")
_NO_INDEX = Loaded(
    None, "import: what stands in brackets is taken for an index, and the node is left out or removed"
)
_BARREN = Loaded(None, "import: below a node that cannot have any")


@dataclass(frozen=True, slots=True)
class JcrText:
    """The text of an attribute, cut into type and values.

    Attributes:
        kind: what stands in ``{}``, one of TYPES; ``"undefined"`` without.
        multiple: whether it is an array.
        values: the texts of the values, exactly one unless `multiple`.
    """

    kind: str
    multiple: bool
    values: tuple[str, ...]


class DocViewError(Exception):
    """FileVault cannot read the text of an attribute, or store what it read.

    Attributes:
        reach: what else that costs.
        is_late: whether only saving fails, when the node may be gone again.
    """

    def __init__(self, message: str, reach: Reach = Reach.REST, *, is_late: bool = False) -> None:
        super().__init__(message)
        self.reach = reach
        self.is_late = is_late


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
    node = node_of(filename)
    if node is None:
        return Loaded(None, "not XML by its name: stored as a file")
    if filename.rpartition("/")[2] != xml_names.CONTENT_FILE and not is_docview(data):
        return Loaded(None, "not a document view: stored as a file, which is no configuration")
    try:
        source = xml_source.decode(data)
        view = docview.DocView(source.text, plain_doctype=True)
        try:
            view.read()
        except ParseError as error:
            return _Import(version, view).load_start(error)
        _check_names(node)
        return _Import(version, view).load()
    except ParseError as error:
        return Loaded(None, f"import: {error.message}")
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
        view: its elements.
        around: those that are open where reading stops; none where it comes to the end.
        stored: what is stored of the configuration at hand.
        paths: of the nodes that are made, as they are made.
        gone: nodes that are removed at the end of the node around them.
        skipped: elements of which no node is made, so that nothing below them is looked at.
        unmade_names: what elements of which no node is made name, by the element around them.
        late: elements with something that is refused when it is saved, if it is still there.
        twins: those of a name that comes twice.
    """

    version: str
    view: docview.DocView
    around: list[Element] = field(default_factory=list)
    stored: dict[str, Value] = field(default_factory=dict)
    paths: dict[Element, str] = field(default_factory=dict)
    gone: dict[Element, Made] = field(default_factory=dict)
    skipped: set[Element] = field(default_factory=set)
    unmade_names: dict[Element, set[str]] = field(default_factory=dict)
    late: dict[Element, Exception] = field(default_factory=dict)
    twins: frozenset[Element] = field(init=False)

    def __post_init__(self) -> None:
        self.twins = frozenset((*self.view.twins, *self.view.twins.values()))

    @property
    def is_old(self) -> bool:
        return self.version in OLD

    def load(self) -> Loaded:
        root, *others = self.view.elements
        if (root.uri, root.name.rpartition(":")[2]) != (xml_source.JCR_URI, "root"):
            return Loaded(None, "the root element is not jcr:root: its node has another name than the file")
        configurations = config_elements(self.view, is_old=self.is_old)
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
        whole = _of_all(failed, config_elements(self.view, is_old=self.is_old))
        if error.rule not in _ENDINGS or whole.nodes is None:
            return failed
        if self.version == "3.6.0":
            return whole
        if error.rule != "xml-malformed":
            self.view.elements.pop()  # It is its start tag that is not read.
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
        for element in self.view.elements:
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
                    self.around = list(_around(element))
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
            made = self.named(element)
            if made is not None and made.name is None:
                self.skipped.add(element)
                self.check_unmade(element)
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
            made = made_node(xml_names.decode(local), prefix, self.version, self.view.namespaces)
        except UnstorableNameError as error:
            self.check_read(element)
            raise DocViewError(f"no name of a node: {error}", error.reach, is_late=error.is_late) from None
        if made.name is not None:
            self.check_read(element)
            self.paths[element] = _below(above, f"{prefix}{colon}{made.name}")
            if not made.stays:
                self.gone[element] = made
            if not made.is_storable:
                self.late[element] = DocViewError(f"no name of a node: {made.name}")
        return made

    def check_read(self, element: Element) -> None:
        """Raises DocViewError when the import fails on an element before it makes the node."""
        for found in element.attributes:
            parse_text(found.value)
        if self.is_old:
            self.primary_type(element)

    def is_gone(self, element: Element) -> bool:
        """Whether it is below a node that is removed, or that itself."""
        return element in self.gone or is_below(element, self.gone)

    def is_there(self, element: Element) -> bool:
        """Whether no node is removed with it when reading has come to its end."""
        return all(self.is_kept(one) for one in (element, *_around(element)) if one in self.gone)

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
        """Raises DocViewError where a version reads attributes of which nothing comes."""
        if self.is_old:
            return
        for found in element.attributes:
            parse_text(found.value)

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
        if self.is_old or _type_attribute(element, is_old=False):
            self.primary_type(element)
        for _ in self.properties(element):
            pass

    def primary_type(self, element: Element) -> str:
        found = _type_attribute(element, is_old=self.is_old)
        if found is None:
            raise DocViewError("No default node type available")
        text = parse_text(found.value)
        if not self.is_old and (text.multiple or text.kind not in ("undefined", "Name")):
            raise DocViewError("No matching property definition: jcr:primaryType", Reach.NODE)
        if not any(text.values):
            raise DocViewError("Invalid name: ''")
        return text.values[0]

    def properties(self, element: Element) -> Iterator[tuple[str, JcrText]]:
        """The attributes that become properties, checked the way the import of every node checks them."""
        seen: dict[str, JcrText] = {}
        for found in element.attributes:
            name = self.property_name(found)
            text = parse_text(found.value)
            if name is None:
                continue
            if name in seen and self.version == "3.6.0":
                raise DocViewError(f"Duplicate key {name}", Reach.ALL)
            if name not in seen or self.is_old:
                seen[name] = text
        for name, text in seen.items():
            if name.startswith("jcr:"):
                self.check_defined(name, text, seen)
            if name != "jcr:primaryType":
                self.check_stored(text)
            yield name, text

    def check_defined(self, name: str, text: JcrText, all_: Mapping[str, JcrText]) -> None:
        """Raises DocViewError when the repository has another idea of a property."""
        given = (all_[one] for one in ("jcr:primaryType", "jcr:mixinTypes") if one in all_)
        types = {value for one in given for value in one.values}
        reach = refusal(name[4:], Given(text.kind, text.multiple, text.values), types, self.version)
        if reach is not None:
            raise DocViewError(f"the repository does not take this {name}", reach, is_late=reach is Reach.ALL)

    def property_name(self, found: Attribute) -> str | None:
        """The name in the repository; None when the version drops the attribute for its name."""
        prefix, separator, _ = found.name.rpartition(":")
        local = xml_names.decode(found.name[len(prefix + separator) :])
        if not xml_names.is_property_name(local):
            return self.odd_name(local, found)
        if separator and self.version == "3.6.0" and ":" not in found.uri:
            return f"{{{found.uri}}}{local}"
        return f"{prefix}{separator}{local}"

    def odd_name(self, local: str, found: Attribute) -> str | None:
        text = parse_text(found.value)
        broken = self.is_broken(text)
        prefix = found.name.rpartition(":")[0]
        try:
            name = stored_name(local, self.version, self.view.namespaces, prefix=prefix, uri=found.uri)
        except UnstorableNameError as error:
            if not error.always and self.is_dropped(text):
                return None
            reach = Reach.NODE if broken and not error.always else error.reach
            raise DocViewError(f"Invalid name: {local}", reach, is_late=reach is Reach.ALL) from None
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
            for value in text.values:
                self.item(text, value)
        except ValueFormatError:
            return text.multiple
        return False

    def check_stored(self, text: JcrText) -> None:
        """Raises DocViewError when the import fails on this property, whatever its name."""
        if text.kind in ("Binary", "BinaryRef"):
            self.check_binary(text)
            return
        try:
            items = [self.item(text, value) for value in text.values]
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

    def item(self, text: JcrText, value: str) -> Item:
        return convert(text.kind, value, self.view.namespaces)

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
                value = _scalar(text.kind, self.item(text, text.values[0]))
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
            items = [self.item(text, value) for value in text.values]
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


def _type_attribute(element: Element, *, is_old: bool) -> Attribute | None:
    """The attribute that says of what type the node is: the last one to old versions, the first one to later ones."""
    found = [one for one in element.attributes if _names_type(one, is_old=is_old)]
    return found[-1 if is_old else 0] if found else None


def _names_type(found: Attribute, *, is_old: bool) -> bool:
    prefix, _, local = found.name.rpartition(":")
    if prefix != "jcr" and (is_old or found.uri != xml_source.JCR_URI):
        return False
    return xml_names.decode(local) == "primaryType"


def config_elements(view: docview.DocView, *, is_old: bool) -> list[tuple[str, Element]]:
    """The outermost elements that are configurations, each with its path; the root has none."""
    found: dict[Element, str] = {}
    for element in view.elements:
        if is_below(element, found):
            continue
        kind = _type_attribute(element, is_old=is_old)
        if kind and docview.is_config_type(_type_text(kind.value), view.namespaces):
            found[element] = _path(element)
    return [(path, element) for element, path in found.items()]


def _around(element: Element) -> Iterator[Element]:
    """The elements around one, from the inside."""
    while element.parent is not None:
        element = element.parent
        yield element


def _below(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name


def is_below(element: Element, others: Container[Element]) -> bool:
    """Whether one of some elements is around an element."""
    return any(above in others for above in _around(element))


def _type_text(text: str) -> str:
    try:
        values = parse_text(text).values
    except DocViewError:
        return ""
    return values[0] if values else ""


def _path(element: Element) -> str:
    names: list[str] = []
    while element.parent is not None:
        names.insert(0, xml_names.decode(element.name))
        element = element.parent
    return "/".join(names)


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


def parse_text(text: str) -> JcrText:
    """``DocViewProperty.parse``: the text of an attribute, after XML, as type and values.

    Raises:
        DocViewError: an unknown type, or a Unicode escape that is no code point.
    """
    if text and text[0] not in "{[" and "\\" not in text:
        return JcrText("undefined", False, (text,))  # As nearly every one: the machine would only copy it.
    machine = _Machine(units.to_units(text))
    machine.run()
    return machine.result()


class _Machine:
    """The state machine over UTF-16 units; the letters of its states are FileVault's."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.state = "b"
        self.kind = "undefined"
        self.multiple = False
        self.values: list[str] | None = None
        self.current: list[str] = []
        self.escape = ""

    def run(self) -> None:
        steps = {
            "b": self.begin,
            "a": self.after_type,
            "t": self.in_type,
            "v": self.in_value,
            "e": self.in_escape,
            "u": self.in_unicode,
        }
        last = len(self.text) - 1
        for at, char in enumerate(self.text):
            steps[self.state](char, at == last)

    def begin(self, char: str, last: bool) -> None:
        if char == "{":
            self.state = "t"
        else:
            self.after_type(char, last)

    def after_type(self, char: str, last: bool) -> None:
        self.state = "v"
        if char == "[":
            self.multiple = True
        elif char == "\\":
            self.state = "e"
        else:
            self.current.append(char)

    def in_type(self, char: str, last: bool) -> None:
        if char != "}":
            self.current.append(char)
            return
        self.kind = units.from_units("".join(self.current))
        if self.kind not in TYPES:
            raise DocViewError("unknown type")
        self.current.clear()
        self.state = "a"

    def in_value(self, char: str, last: bool) -> None:
        if char == "\\":
            self.state = "e"
        elif char == "," and self.multiple:
            self.end_item()
        elif char == "]" and self.multiple and last:
            if self.current or self.values is not None:
                self.end_item()
        else:
            self.current.append(char)

    def end_item(self) -> None:
        self.values = [*(self.values or ())] if self.values is None else self.values
        self.values.append("".join(self.current))
        self.current.clear()

    def in_escape(self, char: str, last: bool) -> None:
        self.state = "v"
        if char == "u":
            self.state = "u"
            self.escape = ""
        elif char == "0":
            self.values = [] if self.values is None else self.values
        else:
            self.current.append(char)

    def in_unicode(self, char: str, last: bool) -> None:
        self.escape += char
        if len(self.escape) == _HEX_LENGTH:
            self.state = "v"
            try:
                self.current.append(unicode_escape(self.escape))
            except ValueError:
                raise DocViewError("not a valid Unicode code point") from None

    def result(self) -> JcrText:
        if not self.multiple:
            return JcrText(self.kind, False, (units.from_units("".join(self.current)),))
        if self.current:
            self.end_item()
        return JcrText(self.kind, True, tuple(units.from_units(value) for value in self.values or ()))
