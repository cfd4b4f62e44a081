"""`.config` documents: parse, read, edit, all without moving another byte.

Two Lark grammars describe the same language: ``config_fast.lark`` in a few large terminals for the common case (run
by :mod:`grammar.config.scanner`), ``config.lark`` in fine ones for everything else and as the documentation of the
format. Values are decoded when somebody asks for them.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from grammar.config import edits, scanner
from grammar.config.reader import ELEMENT_OF, SIMPLE_ESCAPES, item_of
from grammar.documents import Document, Property
from grammar.errors import EditError, ParseError
from grammar.java import units
from grammar.values import WRAPPER_OF, Scalar, Shape, Value

if TYPE_CHECKING:
    from lark import Lark

MAX_BYTES = 1024 * 1024
"""Larger files are refused: the largest `.config` seen in public is 8 kB, and the reader of AEM has no limit."""
MAX_ODD = 256 * 1024
"""Characters beyond the fast grammar that the fine one reads; it takes a hundred times the memory of its text."""
_CUT = 16
"""So near to where the text was cut, an error may come from the cut."""

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_ESCAPE = re.compile(r"\\u(.{4})|\\(\r\n|.)|\r\n?", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")
_SHORT_NUMBER = re.compile(r'[IL]"-?[0-9]{1,9}"')
_NEVER_FAIL = '"[(TBb'
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")


class Entry(NamedTuple):
    """Where one occurrence of a property stands, as offsets into the text."""

    key_start: int
    key_end: int
    value_start: int
    value_end: int


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


class ConfigDocument(Document):
    """A `.config` file; see :class:`grammar.documents.Document` for what every form has."""

    form = "config"

    def __init__(self, source: bytes, text: str, entries: Sequence[Entry]) -> None:
        self._source = source
        self._broken_utf8 = not source.isascii() and bool(_ESCAPED_BYTE.search(text))
        self.raw = text
        self.entries = tuple(entries)

    def __reduce__(self) -> tuple[type[ConfigDocument], tuple[bytes, str, Sequence[Entry]]]:
        """Pickled without what is derived when somebody asks: deriving it again is quicker than carrying it."""
        return ConfigDocument, (self._source, self.raw, self.entries)

    @property
    def source(self) -> bytes:
        return self._source

    @functools.cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line."""
        if self.raw.count("\r") == self.raw.count("\r\n"):
            lengths = [len(line) + 1 for line in self.raw.split("\n")[:-1]]
            return list(itertools.accumulate(lengths, initial=0))
        return [0, *(found.end() for found in _LINE_END.finditer(self.raw))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of an offset into the text."""
        line = bisect.bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    @functools.cached_property
    def occurrences(self) -> tuple[Property, ...]:
        """Every entry of the text in order, also those that a later one with the same key replaces."""
        starts, line = self.line_starts, 0
        found = []
        for entry in self.entries:
            while line < len(starts) and starts[line] <= entry.key_start:
                line += 1
            found.append(self._property(entry, line, entry.key_start - starts[line - 1] + 1))
        return tuple(found)

    @functools.cached_property
    def sorted_names(self) -> list[bytes] | None:
        """The keys in the order of Java's strings; None where the text has them in another one."""
        names = [units.utf16_order(found.name) for found in self.occurrences]
        return names if names == sorted(names) else None

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

    def _splices(self, name: str, value: Value | None) -> list[edits.Splice]:
        standing = [e for e, p in zip(self.entries, self.occurrences, strict=True) if p.name == name]
        if value is None:
            return edits.removed(self, standing)
        if standing:
            return [edits.replaced(self, standing[-1], value)]
        return [edits.added(self, name, value)]

    def raw_value(self, entry: Entry) -> str:
        """The value as the text has it, type code, quotes and brackets included."""
        return self.raw[entry.value_start : entry.value_end]

    def items(self, entry: Entry) -> list[tuple[str, int]]:
        """The quoted items of a value with their offsets within it: raw text between the quotes."""
        return [(found[1], found.start(1)) for found in _QUOTED.finditer(self.raw_value(entry))]

    def decode(self, raw: str) -> str:
        """The characters that a raw text between quotes, or a raw key, stands for."""
        return unescape(self.characters(raw))

    def characters(self, raw: str) -> str:
        """Raw text with broken UTF-8 replaced as Java replaces it."""
        return units.decode_utf8(raw.encode("utf-8", "surrogateescape")) if self._broken_utf8 else raw

    def _property(self, entry: Entry, line: int, column: int) -> Property:
        name = self.decode(self.raw[entry.key_start : entry.key_end])
        raw = self.raw_value(entry)
        code = raw[0] if raw[0] in ELEMENT_OF else ""
        return Property(name, code, self._value(code, raw), line, column)

    def _value(self, code: str, raw: str) -> Value:
        """Raises java.NumberFormatError for a number that Java cannot read."""
        element = ELEMENT_OF[code or "T"]
        body = raw[len(code) :]
        if body[0] == '"':
            return Value(WRAPPER_OF.get(element, element), Shape.SCALAR, (self._item(element, body[1:-1]),))
        items = tuple(self._item(element, found) for found in _QUOTED.findall(body))
        if body[0] == "[":
            return Value(element, Shape.ARRAY, items)
        wrapper = WRAPPER_OF.get(element, element) if items else "String"
        return Value(wrapper, Shape.COLLECTION, items)

    def _item(self, element: str, raw: str) -> Scalar:
        text = self.decode(raw)
        return text if element == "String" else item_of(element, units.to_units(text))

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


def unescape(raw: str) -> str:
    """The characters that the text of a key or between quotes stands for.

    Raises:
        java.NumberFormatError: ``\\u`` with four characters that are no number, as Java does.
    """
    if "\\" not in raw and "\r" not in raw:
        return raw
    return units.from_units(_ESCAPE.sub(_unescaped, raw))


def _unescaped(found: re.Match[str]) -> str:
    if found[1] is not None:
        return chr(units.parse_integer(units.to_units(found[1]), 32, 16) & 0xFFFF)
    if found[2] is None:
        return "\n"
    return SIMPLE_ESCAPES.get(found[2], "\n" if found[2][0] == "\r" else found[2])


def _parse(data: bytes) -> ConfigDocument:
    if len(data) > MAX_BYTES:
        message = f"{len(data)} bytes is more than a configuration of {MAX_BYTES} bytes; not read"
        raise ParseError(message, rule="too-large", line=1, column=1)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "surrogateescape")
    spans, at = scanner.entries(text)
    entries = list(map(Entry._make, spans))
    end = len(text)
    if at < end:
        pieces, at = scanner.opening(text, at)
        end = min(end, at + MAX_ODD)
        entries += _fine_entries(text, pieces, at, end)
    document = ConfigDocument(data, text, entries)
    _check(document, entries)
    if end < len(text):
        raise _too_odd(text, at)
    return document


def _too_odd(text: str, at: int) -> ParseError:
    from grammar.config import errors

    message = f"more than {MAX_ODD} characters from here on are written unlike any configuration; not read"
    return errors.error_at(text, at, "too-large", message, 'Write key="value", one a line')


def _fine_entries(text: str, pieces: Sequence[scanner.Piece], at: int, end: int) -> Iterator[Entry]:
    """The entries by the fine grammar, which reads from an offset on, or the error that it leads to.

    Args:
        text: the text.
        pieces: the tokens before `at` of the entry that is open there; none between two entries.
        at: where to read on.
        end: where to stop: the grammar keeps every token, so it reads no more than a configuration may have.
    """
    from lark import TextSlice, Token
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    from grammar.config import errors

    parser: Any = fine_grammar().parse_interactive(TextSlice(text, at, end))
    try:
        for name, start, stop in pieces:
            parser.feed_token(Token(name, text[start:stop], start, end_pos=stop))
        tree = parser.resume_parse()
    except (UnexpectedCharacters, UnexpectedToken) as error:
        if end < len(text) and errors.place_of(text, error, end).at >= end - _CUT:
            raise _too_odd(text, at) from None
        raise errors.syntax_error(text, error) from None
    for entry in tree.find_data("entry"):
        tokens = list(entry.scan_values(lambda token: True))
        yield Entry(tokens[0].start_pos, tokens[0].end_pos, tokens[1].end_pos, tokens[-1].end_pos)


def _check(document: ConfigDocument, entries: Sequence[Entry]) -> None:
    """What the grammar leaves open: numbers, escapes, and white space at the ends of a key."""
    from grammar.config import errors

    raw = document.raw
    has_backslash, has_unicode = "\\" in raw, "\\u" in raw
    for entry in entries:
        start, end, at, value_end = entry
        if raw[start] <= " " or raw[end - 1] <= " " or (has_backslash and "\\" in raw[start:end]):
            errors.check_key(document, entry, raw[start:end])
        typed = raw[at] not in _NEVER_FAIL
        if typed and _SHORT_NUMBER.match(raw, at):
            continue
        if typed or (has_unicode and "\\u" in raw[at:value_end]):
            errors.check_value(document, entry)


@functools.cache
def fast_grammar() -> Lark:
    """The grammar for speed, of which grammar.config.scanner runs the compiled terminals."""
    return _grammar("config_fast.lark", "basic")


@functools.cache
def fine_grammar() -> Lark:
    """The grammar that documents the format; joining its tokens gives the text."""
    return _grammar("config.lark", "contextual")


def _grammar(name: str, lexer: str) -> Lark:
    from lark import Lark

    # Not importlib.resources: it takes longer to import than a grammar to load.
    text = Path(__file__).with_name(name).read_text("utf-8")
    return Lark(text, parser="lalr", lexer=lexer, keep_all_tokens=True, maybe_placeholders=False)
