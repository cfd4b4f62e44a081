"""Where the start tags and attributes of an XML text stand, and what the text of an attribute is made of.

Both questions go to the Lark grammar ``xml.lark``, which knows every character; whether the file is well-formed
is expat's word (:mod:`grammar.xml.source`), asked before this.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from grammar.java import units
from grammar.xml import names as xml_names
from grammar.xml.source import error_at
from grammar.xml.values import unicode_escape

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

_PLAIN = re.compile(r"[^{\[\\][^\\]*", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot|apos));|\r\n|[\r\n\t]")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


@dataclass(frozen=True, slots=True)
class AttributeText:
    """The text of an attribute by the grammar of the document view.

    Attributes:
        kind: what stands in ``{}``; None without type.
        multiple: whether it is an array.
        values: the texts of the values, exactly one unless `multiple`.
        text: the whole text after XML.
        tokens: name and text of each token, in order.
    """

    kind: str | None
    multiple: bool
    values: tuple[str, ...]
    text: str
    tokens: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One attribute: offsets into the file's text, and what it means.

    Attributes:
        blank_start: where the white space before it begins.
        start: its first character; `name_end` the end of its name.
        value_start: the first character after the opening quote; `value_end` the closing quote.
        prefix: its namespace prefix, or ``""``.
        name: its name without prefix, decoded; the property's name.
        raw: the text between the quotes.
        value: what the text means.
    """

    blank_start: int
    start: int
    name_end: int
    value_start: int
    value_end: int
    prefix: str
    name: str
    raw: str
    value: AttributeText


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag: where it begins and where its closing ``>`` or ``/>`` begins, and its attributes in order."""

    start: int
    end: int
    entries: tuple[Entry, ...]


class Extent(NamedTuple):
    """Where an element stands: its first character, the start of its end tag (0 without one), and its end."""

    start: int
    close: int
    end: int


def extents(text: str) -> list[Extent]:
    """Where the elements of a well-formed text stand, in the order of their start tags."""
    found: list[Extent] = []
    opened: list[int] = []
    for child in _tree(text).children:
        if not isinstance(child, str):
            leaves = _leaves(child)
            if leaves[-1].type == "TAG_CLOSE":
                opened.append(len(found))
            found.append(Extent(_start(leaves[0]), 0, _end(leaves[-1])))
        elif child.type == "END_TAG":
            index = opened.pop()
            found[index] = Extent(found[index].start, _start(child), _end(child))
    return found


def tags(text: str) -> list[Tag]:
    """The start tags of a text in order, with their attributes; namespace declarations are left out.

    Raises:
        ParseError: not the shape of an XML file, or an attribute that FileVault does not read.
    """
    return [_tag(text, child) for child in _tree(text).children if not isinstance(child, str)]


def tokens(text: str) -> Iterator[str]:
    """The tokens of a file's text; joined they are the text.

    Raises:
        ParseError: as for `tags`.
    """
    return map(str, _leaves(_tree(text)))


def _tree(text: str) -> Tree[Token]:
    from lark.exceptions import UnexpectedInput

    try:
        return grammar().parse(text, start="document")
    except UnexpectedInput as error:
        raise error_at(
            text, error.pos_in_stream or 0, "xml-malformed", "not an XML file from here on"
        ) from None


def _tag(text: str, tree: Tree[Token]) -> Tag:
    entries: list[Entry] = []
    for child in tree.find_data("attribute"):
        blank, name, _, quoted = _leaves(child)
        if name != "xmlns" and not name.startswith("xmlns:"):
            entries.append(_entry(text, blank, name, quoted))
    leaves = _leaves(tree)
    return Tag(_start(leaves[0]), _start(leaves[-1]), tuple(entries))


def _leaves(tree: Tree[Token]) -> list[Token]:
    return list(tree.scan_values(lambda token: True))


def _start(token: Token) -> int:
    return token.start_pos or 0


def _end(token: Token) -> int:
    return token.end_pos or 0


def _entry(text: str, blank: Token, name: Token, quoted: Token) -> Entry:
    prefix, _, local = str(name).rpartition(":")
    raw = str(quoted)[1:-1]
    try:
        value = attribute_text(unreferenced(raw))
    except ValueError:
        message = r"\u needs four hexadecimal digits; this is no character, and the import loses the file"
        rule = "xml-bad-unicode"
        raise error_at(text, _start(quoted) + 1, rule, message, r"Write \\u for the plain text") from None
    return Entry(
        blank_start=_start(blank),
        start=_start(name),
        name_end=_end(name),
        value_start=_start(quoted) + 1,
        value_end=_end(quoted) - 1,
        prefix=prefix,
        name=xml_names.decode(local),
        raw=raw,
        value=value,
    )


def unreferenced(raw: str) -> str:
    """The characters of a well-formed attribute value: references resolved, line breaks and tabs made blanks."""
    return _REFERENCE.sub(_character, raw)


def _character(found: re.Match[str]) -> str:
    hexadecimal, decimal, entity = found.groups()
    if entity:
        return _ENTITIES[entity]
    if hexadecimal or decimal:
        return chr(int(hexadecimal, 16) if hexadecimal else int(decimal))
    return " "


def attribute_text(text: str) -> AttributeText:
    """Read the text of an attribute, after XML, by the grammar.

    Raises:
        ValueError: a Unicode escape that is no code point.
    """
    if not text or _PLAIN.fullmatch(text):
        return AttributeText(None, False, (text,), text)
    tree = grammar().parse(units.to_units(text), start="value")
    tokens = [(token.type, str(token)) for token in _leaves(tree)]
    kind, multiple, parts = None, False, [[""]]
    for name, token in tokens:
        if name == "TYPE":
            kind = units.from_units(token[1:-1])
        elif name == "ARRAY_OPEN":
            multiple = True
        elif name == "COMMA":
            parts.append([])
        else:
            parts[-1].append(_meaning(name, token))
    values = [units.from_units("".join(part)) for part in parts]
    if multiple:
        values = _without_phantom(values, [name for name, _ in tokens])
    return AttributeText(kind, multiple, tuple(values), text, tuple(tokens))


def _meaning(name: str, token: str) -> str:
    """The characters that a token of a value stands for."""
    if name in ("STRING_TEXT", "ITEM_TEXT"):
        return token
    if name in ("ESCAPE", "UNCLOSED_TYPE"):
        return token[1:]
    return unicode_escape(token[2:]) if name == "UNICODE_ESCAPE" else ""


def _without_phantom(values: list[str], names: Sequence[str]) -> list[str]:
    """An empty last item counts after a comma or ``\\0``, and only where the bracket is closed."""
    closed = names[-1] == "ARRAY_CLOSE"
    counts = closed and (len(values) > 1 or "EMPTY_ESCAPE" in names)
    return values if values[-1] or counts else values[:-1]


@functools.cache
def grammar() -> Lark:
    """The grammar of files (start rule ``document``) and of the texts of attributes (``value``)."""
    from lark import Lark

    text = resources.files("grammar.xml").joinpath("xml.lark").read_text("utf-8")
    return Lark(
        text,
        parser="lalr",
        lexer="contextual",
        start=["document", "value"],
        keep_all_tokens=True,
        maybe_placeholders=False,
    )
