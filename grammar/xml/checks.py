"""What the versions of FileVault and the installer behind them do not load alike, or not at all.

Each mistake is a ParseError with a rule of its own (docs/format-xml.md lists them). What they load alike but
otherwise than it looks: :mod:`grammar.xml.hazards`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from grammar import patterns
from grammar.errors import ParseError
from grammar.places import error_at
from grammar.values import SCALAR_TYPES, Shape, Value
from grammar.xml import names as xml_names
from grammar.xml.attributes import AttributeText
from grammar.xml.docview import DocView, Reach, is_config_type, worst
from grammar.xml.markup.source import DETECTION_CHARACTERS, JCR_URI, WELL_KNOWN
from grammar.xml.markup.spans import Attribute, Element
from grammar.xml.stored.defined import Given, refusal
from grammar.xml.stored.properties import DIFFERENT
from grammar.xml.tags import Entry, Tag
from grammar.xml.values import ELEMENT_OF, TYPES, Fate, Item, ValueFormatError, convert, is_uuid

_TYPE = "sling:OsgiConfig"
_NO_CONFIG = (
    f"not a configuration: the node's jcr:primaryType is not exactly {_TYPE}",
    f'Write jcr:primaryType="{_TYPE}"',
)
_BINARY = ("Binary", "BinaryRef")
MOST = 100
"""How many mistakes of a file are looked for."""
_ENCODED = patterns.lazy(r"_x[0-9a-fA-F]{4}_")
_JAVA_NAMES = frozenset(
    {*SCALAR_TYPES, "int", "char", "Char", "Int", *map(str.lower, SCALAR_TYPES)} - set(TYPES)
)


def not_docview(text: str) -> ParseError:
    """The error for ``X.xml`` that FileVault does not recognise as a document view."""
    offset = max(text.find("<jcr:root"), 0)
    message = (
        "no configuration: FileVault stores the file as it is, for its first "
        f'{DETECTION_CHARACTERS} characters lack <jcr:root or "{JCR_URI}" in double quotes'
    )
    fix = "Shorten what stands before the root element, and declare xmlns:jcr first and in double quotes"
    return error_at(text, offset, "xml-not-docview", message, fix)


def check_file_name(path: str) -> None:
    """Refuse a file of whose name FileVault makes no node.

    Raises:
        ParseError: it is read as one with a namespace prefix, or has characters that no node name has.
    """
    node = xml_names.node_of("/".join(path.split("/")[-2:]))
    if node is None and path.endswith(".xml"):
        message = "FileVault decodes the file's name, and then it does not end in .xml: stored as a file"
    elif node is None or not node.path or xml_names.is_node_name(node.name):
        return
    else:
        message = (
            f"FileVault makes the node name {node.name!r} of the file's name, and the repository refuses it"
        )
    fix = "Give the file another name; an underscore that begins a name is written twice"
    raise ParseError(message, rule="xml-file-name", line=1, column=1, fix=fix)


def is_config(tag: Tag, namespaces: Mapping[str, str]) -> bool:
    """Whether an element is a configuration."""
    kind = _primary_type(tag)
    return kind is not None and any(is_config_type(text, namespaces) for text in kind.value.values[:1])


def _primary_type(tag: Tag) -> Entry | None:
    return next(
        (entry for entry in tag.entries if (entry.prefix, entry.name) == ("jcr", "primaryType")), None
    )


def check_root(text: str, tags: Sequence[Tag], namespaces: Mapping[str, str]) -> None:
    """The root element must be a configuration."""
    if not is_config(tags[0], namespaces):
        kind = _primary_type(tags[0])
        raise error_at(text, (kind or tags[0]).start, "xml-not-config", *_NO_CONFIG)


def counts(versions: Collection[str] | None, *concerned: str) -> bool:
    """Whether one of the concerned readers is among those that count; None for all."""
    return versions is None or any(version in versions for version in concerned)


class Mistake(NamedTuple):
    """Something that loses a file or a part of it.

    Attributes:
        tag: which start tag it stands in.
        error: what it is.
        start: where the text begins without which it is gone; `end` where that ends.
        reach: what it costs.
    """

    tag: int
    error: ParseError
    start: int
    end: int
    reach: Reach


_REACH = {
    "xml-bad-item": Reach.NODE,
    "xml-bad-unicode": Reach.REST,
    "xml-binary": Reach.NODE,
    "xml-duplicate": Reach.NODE,
    "xml-name": Reach.REST,
    "xml-namespace": Reach.NODE,
    "xml-not-config": Reach.NODE,
    "xml-unknown-type": Reach.REST,
    # What check_config finds: the installer or ConfigAdmin refuses one configuration, but for one that stops it.
    "xml-case-twins": Reach.NODE,
    "xml-date": Reach.NODE,
}
"""By rule, for attributes; what does not stand here reaches everything."""
_ALL_IN_VALUES = ("xml-name", "xml-no-primary-type")
"""Rules that reach everything where it is a value that breaks them."""


def mistake(
    tag: int, error: ParseError, where: Entry | Attribute, versions: Collection[str] | None
) -> Mistake:
    """One in an attribute."""
    reach = _REACH.get(error.rule, Reach.ALL)
    if (reach is Reach.REST or error.rule == "xml-duplicate") and counts(versions, "3.6.0"):
        reach = Reach.ALL
    return Mistake(tag, error, where.blank_start, where.value_end + 1, reach)


def mistakes(
    text: str, tags: Sequence[Tag], view: DocView, versions: Collection[str] | None = None
) -> Iterator[Mistake]:
    """What loses the file, or a part of it, wherever in it it stands.

    Raises:
        ParseError: the root element is none of a document view.
    """
    root = tags[0].element
    if (root.name, root.uri) != ("jcr:root", JCR_URI):
        message = "the root element is not jcr:root, so the node does not get the file's name"
        raise error_at(text, tags[0].start, "xml-not-docview", message, "Write <jcr:root ...>")
    unmade: set[Element | None] = set()
    for index, tag in enumerate(tags):
        if tag.element in view.twins:
            message = f"two nodes of the name {_node_name(tag.element)!r} in one place: the import loses one of them"
            twin = error_at(text, tag.start, "xml-duplicate", message, "Remove one of them")
            yield _of_tag(index, tag, twin, Reach.NODE)
        if tag.element in view.unmade:
            # Nothing of it is imported; that is wrong where it holds a configuration.
            top = _topmost(tag.element, view)
            if top not in unmade and is_config(tag, view.namespaces):
                unmade.add(top)
                yield _unmade(text, tags, top)
            yield from _unread_types(index, text, tag, versions)
            continue
        if tag.element in view.odd:
            yield from _odd_node(index, text, tag, view, versions)
        if tag.entries and _primary_type(tag) is None and counts(versions, "3.2.8", "3.4.10"):
            message = "an element without jcr:primaryType: FileVault 3.4 loses the file"
            fix = 'Write jcr:primaryType="nt:unstructured", or what the node is'
            untyped = error_at(text, tag.start, "xml-no-primary-type", message, fix)
            yield _of_tag(index, tag, untyped, Reach.REST)
        seen: set[tuple[str, str]] = set()
        for entry in tag.entries:
            if wrong := _unread_type(text, entry):
                yield mistake(index, wrong, entry, versions)
            elif not xml_names.is_property_name(entry.name) or _ENCODED.search(entry.prefix):
                yield _odd_name(index, text, entry, view, versions)
            elif wrong := _wrong_name(text, entry, seen, versions):
                yield mistake(index, wrong, entry, versions)
            elif wrong := _wrong_value(text, entry, view.namespaces):
                found = mistake(index, wrong, entry, versions)
                stops = wrong.rule in _ALL_IN_VALUES or (
                    wrong.rule == "xml-binary" and _stops_installer(tag, entry, view.namespaces, versions)
                )
                yield found._replace(reach=Reach.ALL) if stops else found
            elif entry.prefix == "jcr":
                yield from _wrong_defined(index, text, tag, entry, versions)


def _node_name(element: Element) -> str:
    return xml_names.decode(element.name.rpartition(":")[2])


def _of_tag(index: int, tag: Tag, error: ParseError, reach: Reach) -> Mistake:
    """A mistake of an element; without its attributes it makes no node."""
    first, last = tag.element.attributes[0], tag.element.attributes[-1]
    return Mistake(index, error, first.blank_start, last.value_end + 1, reach)


def _odd_node(
    index: int, text: str, tag: Tag, view: DocView, versions: Collection[str] | None
) -> Iterator[Mistake]:
    """Of an element of which a version of FileVault makes no node, or one of another name."""
    from grammar.xml.stored.nodes import cost

    prefix, name = tag.element.name.rpartition(":")[0], _node_name(tag.element)
    reach = cost(name, prefix, versions, view.registered.known)
    if reach is not None:
        message = "a name that the repository does not take: the import fails"
        if reach is Reach.NODE:
            message = f"the name {name!r} is not that of the node that is made, if one is"
        wrong = error_at(text, tag.start, "xml-name", message, "Give the node another name")
        yield _of_tag(index, tag, wrong, reach)


def _unread_types(index: int, text: str, tag: Tag, versions: Collection[str] | None) -> Iterator[Mistake]:
    """Of an element of which no node is made: the later versions read its attributes all the same."""
    if counts(versions, "3.6.0", "3.8.2"):
        for entry in tag.entries:
            if wrong := _unread_type(text, entry):
                yield mistake(index, wrong, entry, versions)


def _unread_type(text: str, entry: Entry) -> ParseError | None:
    kind = entry.value.kind
    if kind is None or kind in TYPES:
        return None
    return error_at(text, entry.value_start, "xml-unknown-type", *_unknown_type(kind))


def _topmost(element: Element, view: DocView) -> Element:
    """The outermost of the elements around one of which no node is made."""
    while element.parent in view.unmade:
        assert element.parent is not None
        element = element.parent
    return element


def _unmade(text: str, tags: Sequence[Tag], element: Element) -> Mistake:
    index = next(at for at, tag in enumerate(tags) if tag.element is element)
    message = "an element without attributes makes no node: the configurations in it are not imported"
    fix = 'Write jcr:primaryType="sling:Folder", or what the node is'
    error = error_at(text, element.start, "xml-no-primary-type", message, fix)
    # There is nothing in it that could be left out.
    return Mistake(index, error, element.head_end, element.head_end, Reach.NODE)


def _odd_name(
    index: int, text: str, entry: Entry, view: DocView, versions: Collection[str] | None
) -> Mistake:
    """Of a property that is not stored by its name."""
    from grammar.xml.stored.properties import cost

    message = "a name that the repository does not take as it is: the import fails, or loses or renames it"
    wrong = error_at(text, entry.start, "xml-name", message, "Give the property another name")
    found = mistake(index, wrong, entry, versions)
    reach = cost(entry.name, versions, view.registered, prefix=entry.prefix, uri=entry.uri)
    if _ENCODED.search(entry.prefix) or _wrong_value(text, entry, view.namespaces):
        # Not looked at in detail: at least what comes behind may be lost.
        return found if reach is not Reach.ALL else found._replace(reach=reach)
    return found._replace(reach=reach)


def _stops_installer(
    tag: Tag, entry: Entry, namespaces: Mapping[str, str], versions: Collection[str] | None
) -> bool:
    """Whether a binary is an array that the old versions store, and on which the installer fails."""
    of_old = counts(versions, "3.2.8", "3.4.10") and entry.value.multiple and bool(entry.value.values)
    return of_old and not entry.prefix and is_config(tag, namespaces)


def _wrong_name(
    text: str, entry: Entry, seen: set[tuple[str, str]], versions: Collection[str] | None
) -> ParseError | None:
    if entry.prefix and ":" not in entry.uri and counts(versions, "3.6.0"):
        message = "FileVault 3.6.0 makes this a property of the configuration; other versions do not"
        return error_at(text, entry.start, "xml-namespace", message, "Remove it")
    if (entry.prefix, entry.name) in seen:
        message = (
            f"{entry.name!r} twice, once with _xhhhh_: which one wins depends on the version of FileVault"
        )
        return error_at(text, entry.start, "xml-duplicate", message, "Remove one of them")
    seen.add((entry.prefix, entry.name))
    return None


def _wrong_value(text: str, entry: Entry, namespaces: Mapping[str, str]) -> ParseError | None:
    value = entry.value
    if (entry.prefix, entry.name) == ("jcr", "primaryType") and not any(value.values):
        message = "an empty jcr:primaryType: the import stops here, or fails as a whole"
        return error_at(text, entry.value_start, "xml-no-primary-type", message, "Write what the node is")
    if (entry.prefix, entry.name) == ("jcr", "primaryType") and (
        value.multiple or value.kind not in (None, "undefined", "Name")
    ):
        message = "jcr:primaryType with a type of its own: FileVault 3.6 and later fail on it"
        return error_at(
            text, entry.value_start, "xml-not-config", message, 'Write jcr:primaryType="..." plainly'
        )
    if (entry.prefix, entry.name) == ("jcr", "primaryType") and (
        wrong := _unknown_node_type(text, entry, namespaces)
    ):
        return wrong
    if value.kind in _BINARY:
        if value.multiple or any(value.values) or value.kind == "BinaryRef":
            message = "FileVault 3.4 ignores a {Binary} text, later versions fail on it"
            return error_at(text, entry.value_start, "xml-binary", message, "Remove the property")
        return None
    try:
        items = items_of(value, namespaces)
    except ValueFormatError:
        if not value.multiple:
            return None
        message = (
            f"an item is no {value.kind}: FileVault 3.4 drops the array, later versions fail on the file"
        )
        return error_at(text, entry.value_start, "xml-bad-item", message, "Mind blanks around items")
    if Fate.UNSTORABLE in items:
        message = f"a {value.kind} that Oak does not store (an undeclared prefix?): the whole import fails"
        fix = f"Declare the prefix, or remove {{{value.kind}}}"
        return error_at(text, entry.value_start, "xml-name", message, fix)
    return None


def _wrong_defined(
    index: int, text: str, tag: Tag, entry: Entry, versions: Collection[str] | None
) -> Iterator[Mistake]:
    """Of a property that the repository defines, and not so."""
    given = Given(entry.value.kind or "undefined", entry.value.multiple, entry.value.values)
    types = {
        value
        for one in tag.entries
        if one.prefix == "jcr" and one.name in ("primaryType", "mixinTypes")
        for value in one.value.values
    }
    reach = worst({one: refusal(entry.name, given, types, one) for one in versions or DIFFERENT})
    if reach is None:
        return
    rule, fix = "xml-own-property", "Remove it: the repository makes one"
    message = f"the repository defines jcr:{entry.name} otherwise: the import loses the node, or fails"
    if entry.name == "uuid" and not (given.values and is_uuid(given.values[0])):
        rule, message = "xml-uuid", "a jcr:uuid that is none: the import loses the node"
    if entry.name == "mixinTypes":
        fix = 'Write jcr:mixinTypes="[...]" plainly'
    wrong = error_at(text, entry.value_start, rule, message, fix)
    yield mistake(index, wrong, entry, versions)._replace(reach=reach)


def _unknown_node_type(text: str, entry: Entry, namespaces: Mapping[str, str]) -> ParseError | None:
    """A type that was meant to be that of configurations, and that no repository has."""
    found, prefix = "".join(entry.value.values), "sling"
    if found.lower() != _TYPE.lower() or is_config_type(found, namespaces):
        return None
    message, fix = _NO_CONFIG
    if found == _TYPE:
        message = f"not a configuration: {prefix}: is bound to {namespaces[prefix]!r}, which is not Sling's namespace"
        fix = f'Write xmlns:{prefix}="{WELL_KNOWN[prefix]}"'
    return error_at(text, entry.start, "xml-not-config", message, fix)


def _unknown_type(kind: str) -> tuple[str, str]:
    fix = r"Write \{ if this is text (also for a value that AEM has encrypted)"
    if kind in _JAVA_NAMES:
        fix = "Write {Long}, {Double} or {Boolean}: XML has no other numbers"
    if kind.capitalize() in TYPES:
        fix = f"Types are case sensitive: write {{{kind.capitalize()}}}"
    return "{...} that is no JCR type: FileVault loses the whole file on import", fix


def read_config(
    text: str, entries: Sequence[Entry], namespaces: Collection[str]
) -> tuple[list[Value | None], list[tuple[Entry, ParseError]]]:
    """What AEM loads for each attribute without prefix of a configuration, and which must not be there."""
    by_key: dict[str, Entry] = {}
    values: list[Value | None] = []
    wrong: list[tuple[Entry, ParseError]] = []
    for entry in entries:
        values.append(None)
        try:
            items = _items_if_read(entry.value, namespaces)
            _check_installed(text, entry, items or [])
            value = _value_of(entry.value, items)
            if value is not None:
                _check_case(text, entry, by_key)
            values[-1] = value
        except ParseError as error:
            wrong.append((entry, error))
            if len(wrong) >= MOST:
                break  # Nobody looks at the values of such a one; each error has its whole line, which may be all.
    return values, wrong


def _check_installed(text: str, entry: Entry, items: Sequence[Item]) -> None:
    """What FileVault stores, and the installer or ConfigAdmin refuses."""
    value = entry.value
    if Fate.DATE in items:
        message = "a {Date}: ConfigAdmin takes no dates and refuses the whole configuration"
        raise error_at(text, entry.value_start, "xml-date", message, "Write the date without {Date}")
    if value.multiple and Fate.DROPPED in items:
        message = (
            f"an array of {value.kind}: Sling's installer fails on it, and stops looking at other folders"
        )
        raise error_at(text, entry.value_start, "xml-npe-type", message, f"Remove {{{value.kind}}}")


def _check_case(text: str, entry: Entry, by_key: dict[str, Entry]) -> None:
    if by_key.setdefault(entry.name.lower(), entry) is not entry:
        message = (
            f"{entry.name!r} differs from another key in case only: ConfigAdmin refuses the configuration"
        )
        raise error_at(text, entry.start, "xml-case-twins", message, "Remove one of them")


def items_of(value: AttributeText, namespaces: Collection[str]) -> list[Item]:
    """The items that the values become.

    Raises:
        ValueFormatError: a value is none of its type.
    """
    kind = value.kind or "String"
    if ELEMENT_OF.get(kind) == "String":
        return list(value.values)
    return [convert(kind, text, namespaces) for text in value.values]


def _items_if_read(value: AttributeText, namespaces: Collection[str]) -> list[Item] | None:
    """The same; None where one is none of its type. None of a binary."""
    if value.kind in _BINARY:
        return []
    try:
        return items_of(value, namespaces)
    except ValueFormatError:
        return None


def _value_of(value: AttributeText, items: Sequence[Item] | None) -> Value | None:
    """What AEM loads for a checked attribute; None when it drops the property."""
    if value.kind in _BINARY:
        return None
    if not value.values:
        return Value.array(())  # Whatever the type: the installer sees no item to ask.
    if items is None:
        return Value.string(value.values[0])
    element = ELEMENT_OF.get(value.kind or "String")
    if element is None:
        return None
    plain = tuple(item for item in items if not isinstance(item, Fate))
    return Value(element, Shape.ARRAY if value.multiple else Shape.SCALAR, plain)
