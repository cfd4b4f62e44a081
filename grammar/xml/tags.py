"""Start tags with what their attributes mean: the unit that checks and edits work on."""

from __future__ import annotations

from typing import NamedTuple

from grammar.errors import ParseError
from grammar.places import error_at
from grammar.xml import names as xml_names
from grammar.xml.attributes import AttributeText, attribute_text
from grammar.xml.markup.spans import Attribute, Element


class Entry(NamedTuple):
    """One attribute: offsets into the file's text, and what it means.

    Attributes:
        blank_start: where the white space before it begins.
        start: its first character; `name_end` the end of its name.
        value_start: the first character after the opening quote; `value_end` the closing quote.
        prefix: its namespace prefix, or ``""``.
        name: its name without prefix, decoded; the property's name.
        uri: its namespace, or ``""``.
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
    uri: str
    raw: str
    value: AttributeText


class Tag(NamedTuple):
    """An element, and its attributes in order as entries."""

    element: Element
    entries: tuple[Entry, ...]

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.element.start


def tag_of(text: str, element: Element) -> tuple[Tag, list[tuple[Attribute, ParseError]]]:
    """The tag of an element, and its attributes that FileVault does not read, which are left out."""
    entries, unread = [], []
    for found in element.attributes:
        try:
            entries.append(_entry(text, found))
        except ParseError as error:
            unread.append((found, error))
    return Tag(element, tuple(entries)), unread


def _entry(text: str, found: Attribute) -> Entry:
    prefix, _, local = found.name.rpartition(":")
    try:
        value = attribute_text(found.value)
    except ValueError:
        message = r"\u needs four hexadecimal digits; this is no character, and the import loses the file"
        rule = "xml-bad-unicode"
        raise error_at(text, found.value_start, rule, message, r"Write \\u for the plain text") from None
    return Entry(
        found.blank_start,
        found.start,
        found.name_end,
        found.value_start,
        found.value_end,
        prefix,
        xml_names.decode(local),
        found.uri,
        text[found.value_start : found.value_end],
        value,
    )
