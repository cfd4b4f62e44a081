"""`.config` documents: parse, read, edit, all without moving another byte.

``config.lark`` is the format's specification; :mod:`grammar.config.scanner` finds the entries by what is made from it.
Values are decoded when somebody asks for them.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from grammar import places
from grammar.config import errors, scanner
from grammar.config.codes import ELEMENT_OF, item_of
from grammar.config.scanner import Entry, Keys
from grammar.config.text import ConfigText, decode, items
from grammar.documents import Document, Property
from grammar.errors import EditError, ParseError
from grammar.java import units
from grammar.values import WRAPPER_OF, Scalar, Shape, Value

if TYPE_CHECKING:
    from grammar.config.edits import Splice

MAX_BYTES = 1024 * 1024
"""Larger files are refused: the largest `.config` seen in public is 8 kB, and the reader of AEM has no limit."""


def parse(data: bytes, path: str | None = None) -> ConfigDocument:
    """Read a `.config` as both Felix readers (1.8.12 and 1.9.26) read it.

    Args:
        data: the file's bytes, any bytes.
        path: a name for error messages.

    Raises:
        ParseError: at least one of the readers would not load what the text looks like.
    """
    try:
        return _parse(data)
    except ParseError as error:
        raise (error.at(path) if path else error) from None


class ConfigDocument(ConfigText, Document):
    """A `.config` file; see :class:`grammar.documents.Document` for what every form has."""

    form = "config"

    def __init__(
        self,
        source: bytes,
        raw: str,
        entries: Sequence[Entry] | None = None,
        found: Keys | None = None,
    ) -> None:
        super().__init__(raw, entries, found)
        self._source = source

    def __reduce__(self) -> tuple[type[ConfigDocument], tuple[bytes, str, Sequence[Entry]]]:
        """Pickled without what else is derived when somebody asks: deriving it is quicker than carrying it."""
        return ConfigDocument, (self._source, self.raw, self.entries)

    @property
    def source(self) -> bytes:
        return self._source

    @functools.cached_property
    def occurrences(self) -> tuple[Property, ...]:
        """Every entry of the text in order, also those that a later one with the same key replaces."""
        starts, line = self.line_starts, 0
        found = []
        for entry, name in zip(self.entries, self.names, strict=True):
            while line < len(starts) and starts[line] <= entry.key_start:
                line += 1
            found.append(self._property(entry, name, line, entry.key_start - starts[line - 1] + 1))
        return tuple(found)

    @functools.cached_property
    def properties(self) -> tuple[Property, ...]:
        last = {found.name: found for found in self.occurrences}
        return tuple(found for found in self.occurrences if last[found.name] is found)

    def with_value(self, name: str, value: Value) -> ConfigDocument:
        return self.with_values({name: value})

    def without(self, name: str) -> ConfigDocument:
        return self.with_values({name: None})

    def with_values(self, values: Mapping[str, Value | None]) -> ConfigDocument:
        pending = {name: value for name, value in values.items() if self._differs(name, value)}
        if not pending:
            return self
        from grammar.config import edits

        splices = [splice for name in sorted(pending) for splice in self._splices(name, pending[name])]
        text = edits.spliced(self.raw, splices)
        if text is not None:
            return self._edited(text, pending)
        # Two of the edits want the same characters: one after the other, then. New lines first, while the file
        # still shows how it ends its lines.
        document = self
        for name in sorted(pending, key=self.__contains__):
            document = document.with_values({name: pending[name]})
        return document

    def _differs(self, name: str, value: Value | None) -> bool:
        current = self.get(name)
        return (current.value if current else None) != value

    def _splices(self, name: str, value: Value | None) -> list[Splice]:
        from grammar.config import edits

        standing = [entry for entry, found in zip(self.entries, self.names, strict=True) if found == name]
        if value is None:
            return edits.removed(self, standing)
        if standing:
            return [edits.replaced(self, standing[-1], value)]
        return [edits.added(self, name, value)]

    def _property(self, entry: Entry, name: str, line: int, column: int) -> Property:
        raw = self.raw_value(entry)
        code = raw[0] if raw[0] in ELEMENT_OF else ""
        return Property(name, code, _value(code, raw), line, column)

    def _edited(self, text: str, values: Mapping[str, Value | None]) -> ConfigDocument:
        """Re-read an edited text and prove that it says what was meant, and nothing else."""
        names = ", ".join(sorted(values))
        try:
            edited = _parse(text.encode("utf-8", "surrogateescape"))
        except (ParseError, UnicodeEncodeError) as error:
            raise EditError(f"{names}: cannot be written so that AEM reads it back: {error}") from None
        expected: dict[str, Value | None] = {p.name: p.value for p in self.properties}
        expected.update(values)
        if {p.name: p.value for p in edited.properties} != {
            n: v for n, v in expected.items() if v is not None
        }:
            raise EditError(f"{names}: cannot be written so that AEM reads back this value")
        return edited


def _value(code: str, raw: str) -> Value:
    """Raises java.NumberFormatError for a number that Java cannot read."""
    element = ELEMENT_OF[code or "T"]
    body = raw[len(code) :]
    if body[0] == '"':
        return Value(WRAPPER_OF.get(element, element), Shape.SCALAR, (_item(element, body[1:-1]),))
    found = tuple(_item(element, item) for item in items(body))
    if body[0] == "[":
        return Value(element, Shape.ARRAY, found)
    wrapper = WRAPPER_OF.get(element, element) if found else "String"
    return Value(wrapper, Shape.COLLECTION, found)


def _item(element: str, raw: str) -> Scalar:
    text = decode(raw)
    return text if element == "String" else item_of(element, units.to_units(text))


def _parse(data: bytes) -> ConfigDocument:
    if len(data) > MAX_BYTES:
        message = f"{len(data)} bytes is more than a configuration of {MAX_BYTES} bytes; not read"
        raise ParseError(message, rule="too-large", line=1, column=1)
    text = data.decode("utf-8", "surrogateescape")
    found = scanner.keys(text)
    if found is None:
        *_, last = Entry(0, 0, 0, 0), *scanner.entries(text)
        raise places.error_at(text, *errors.of_syntax(text, last.value_end))
    document = ConfigDocument(data, text, found=found)
    problem = errors.of_entries(document)
    if problem is not None:
        raise places.error_at(text, *problem)
    return document
