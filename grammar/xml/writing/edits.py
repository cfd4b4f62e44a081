"""Edits of an XML text: only the characters of the attribute concerned, in the file's own style."""

from __future__ import annotations

from grammar import patterns
from grammar.places import LINE_END
from grammar.values import Value
from grammar.xml import names as xml_names
from grammar.xml.markup.spans import quotable
from grammar.xml.tags import Entry, Tag
from grammar.xml.writing.writer import value_text

_LINE = patterns.lazy(rf"(?:{LINE_END.pattern})[ \t]*\Z")
_SAME_LINE = patterns.lazy(r"[ \t]+(?=[^ \t\r\n/>])")


def replaced(text: str, entry: Entry, value: Value) -> str:
    """The text with another value for one attribute; its quotes stay."""
    quote = text[entry.value_end]
    new = quotable(_text_like(entry, value), quote)
    return text[: entry.value_start] + new + text[entry.value_end :]


def _text_like(entry: Entry, value: Value) -> str:
    """The new text; a type that was written although it need not be is kept."""
    new = value_text(value)
    if entry.value.kind in ("String", "undefined") and value.element == "String":
        return f"{{{entry.value.kind}}}{new}"
    return new


def added(text: str, tag: Tag, name: str, value: Value) -> str:
    """The text with one more attribute after the last one that is a property, on a line like its neighbours."""
    plain = [entry for entry in tag.entries if not entry.prefix]
    last = (plain or tag.entries)[-1]
    quote = text[last.value_end]
    attribute = f"{xml_names.encode(name)}={quote}{quotable(value_text(value), quote)}{quote}"
    end = last.value_end + 1
    return text[:end] + _separator(text, tag, last) + attribute + text[end:]


def _separator(text: str, tag: Tag, last: Entry) -> str:
    """What stands before an attribute in this file: its line break and indent, or a blank."""
    for entry in (last, *reversed(tag.entries)):
        line = _LINE.search(text, entry.blank_start, entry.start)
        if line:
            return line[0]
    return " "


def removed(text: str, entry: Entry) -> str:
    """The text without an attribute, and without its line when it has one to itself."""
    end = entry.value_end + 1
    line = _LINE.search(text, entry.blank_start, entry.start)
    neighbour = _SAME_LINE.match(text, end)
    if line and neighbour:
        return text[: entry.start] + text[neighbour.end() :]
    start = line.start() if line else entry.blank_start
    return text[:start] + text[end:]
