"""`.cfg.json` documents: parse, read, edit, all without moving another byte.

Comments are blanked and the standard library's scanner reads the rest; places are looked up only when somebody
asks. ``cfgjson.lark`` documents the same language, and tests hold the two to each other. What the four readers
of :mod:`grammar.cfgjson.reader` do not load alike is rejected.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from grammar.cfgjson import edits, errors
from grammar.cfgjson import json as cfgjson_json
from grammar.cfgjson.json import JsonError
from grammar.cfgjson.values import (
    Node,
    Number,
    Pairs,
    UnconvertibleError,
    case_key,
    new_value,
    old_value,
    plain_number,
    split_key,
)
from grammar.documents import Document, Property
from grammar.errors import EditError, ParseError
from grammar.java import units as java
from grammar.values import Float64, Shape, Value

if TYPE_CHECKING:
    from lark import Lark

MAX_BYTES = cfgjson_json.MAX_BYTES
_PLAIN_TYPES: dict[type, tuple[str, ...]] = {
    str: ("String",),
    bool: ("Boolean", "boolean"),
    Number: ("Integer", "int", "Long", "long"),
    list: ("String[]",),
}
_TEXTS_ONLY = frozenset({str})
_BUFFER = 65536
_BROKEN_AT_EDGE = re.compile(r"^(?://|/\*|\\\")", re.MULTILINE)
_STRING = cfgjson_json.STRING
_PIECE = re.compile(rf"{_STRING}|//[^\n]*+|/\*(?>[^*]++|\*(?!/))*+(?:\*/|\Z)", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(rf'{_STRING}|[\[{{]|[\]}}]|[,:]|[^\s"\[\]{{}},:]++', re.DOTALL)
_PLAIN_COMMENT = re.compile(r'//[^\r\n]*+(?=\r?\n|\Z)|/\*(?!/)(?>[^*]++|\*(?!/))*+\*/(?!["/*])')
_NOT_BREAK = re.compile(r"[^\r\n]")
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ODD_NAME = re.compile(r'["\\:\[#?\x00-\x1f]')
_CONTROLS = "".join(map(chr, range(0x21)))
_REPLACED = Value.string("")
"""Stands for a value that no reader converts, because the same key comes again."""


class Entry(NamedTuple):
    """Where one member of the root object stands, as offsets into the text; comma is -1 after the last one."""

    key_start: int
    key_end: int
    value_start: int
    value_end: int
    comma: int


def parse(data: bytes, path: str | None = None) -> CfgJsonDocument:
    """Read a `.cfg.json` as all four readers read it.

    Args:
        data: the file's bytes, any bytes.
        path: the file's, for error messages; some names are hard on the old readers, which paste them into the text.

    Raises:
        ParseError: at least one of the readers loses the file or loads something else.
    """
    try:
        return _parse(data, path.rpartition("/")[2] if path else "")
    except ParseError as error:
        raise (error.at(path) if path else error) from None


class CfgJsonDocument(Document):
    """A `.cfg.json` file; see :class:`grammar.documents.Document` for what every form has."""

    form = "cfg.json"

    def __init__(
        self, source: bytes, raw: str, members: list[tuple[str, Node]], values: list[Value] | None
    ) -> None:
        """`values` is None when they are plain (`_is_plain`): then they are made when somebody asks."""
        self._source = source
        self.raw = raw
        self.members = members
        self.is_plain = values is None
        self._given = values

    @property
    def source(self) -> bytes:
        return self._source

    @functools.cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every member of the root object, in order."""
        return tuple(_entries(blanked(self.raw)))

    @functools.cached_property
    def values(self) -> list[Value]:
        """The value of every member of the root object, in order."""
        return _plain_values(self.members) if self._given is None else self._given

    @functools.cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in _LINE_END.finditer(self.raw))]

    @functools.cached_property
    def occurrences(self) -> tuple[Property, ...]:
        """Every member of the text in order, also those that a later one with the same key replaces."""
        found = []
        for (key, _), value, entry in zip(self.members, self.values, self.entries, strict=True):
            line = bisect.bisect_right(self._line_starts, entry.key_start)
            column = entry.key_start - self._line_starts[line - 1] + 1
            name, type_name, _ = split_key(key)
            found.append(Property(name, type_name or "", value, line, column))
        return tuple(found)

    @functools.cached_property
    def properties(self) -> tuple[Property, ...]:
        last = {found.name: found for found in self.occurrences}
        return tuple(found for found in self.occurrences if last[found.name] is found)

    def with_value(self, name: str, value: Value) -> CfgJsonDocument:
        current = self.get(name)
        if current is not None and current.value == value:
            return self
        if current is None:
            clash = next((p.name for p in self.properties if case_key(p.name) == case_key(name)), None)
            if clash is not None:
                raise EditError(f"{name}: there is {clash}, and AEM does not tell names apart by case")
            return self._edited(edits.added(self, name, value), name, value)
        at = max(i for i, found in enumerate(self.occurrences) if found.name == name)
        return self._edited(edits.replaced(self, at, value), name, value)

    def without(self, name: str) -> CfgJsonDocument:
        document = self
        while (found := document.get(name)) is not None:
            text = edits.removed(document, document.occurrences.index(found))
            document = document._reparsed(text, name)
        if document is not self:
            self._check(document, name, None)
        return document

    def _edited(self, text: str, name: str, value: Value) -> CfgJsonDocument:
        edited = self._reparsed(text, name)
        self._check(edited, name, value)
        return edited

    def _reparsed(self, text: str, name: str) -> CfgJsonDocument:
        try:
            return _parse(text.encode("utf-8", "surrogateescape"))
        except (ParseError, UnicodeEncodeError) as error:
            raise EditError(f"{name}: cannot be written so that AEM reads it back: {error}") from None

    def _check(self, edited: CfgJsonDocument, name: str, value: Value | None) -> None:
        expected = {p.name: p.value for p in self.properties if p.name != name}
        if value is not None:
            expected[name] = value
        if {p.name: p.value for p in edited.properties} != expected:
            raise EditError(f"{name}: cannot be written so that AEM reads back this value")


def blanked(text: str) -> str:
    """The text with blanks for comments, every other character at its place."""
    if "//" not in text and "/*" not in text:
        return text
    return _PIECE.sub(
        lambda found: _NOT_BREAK.sub(" ", found[0]) if _is_comment(found[0]) else found[0], text
    )


def _is_comment(piece: str) -> bool:
    """Whether a piece is a whole comment: no string, and no block comment without an end."""
    return piece.startswith("//") or (piece.startswith("/*") and len(piece) > 3 and piece.endswith("*/"))


def _parse(data: bytes, filename: str = "") -> CfgJsonDocument:
    if len(data) > MAX_BYTES:
        message = f"{len(data)} bytes is more than a configuration of {MAX_BYTES} bytes; not read"
        raise ParseError(message, rule="json-too-large", line=1, column=1)
    text = java.decode_utf8(data)
    _check_encoding(text)
    clean = blanked(text)
    try:
        root = cfgjson_json.decode(clean)
    except JsonError as error:
        syntax_error = errors.syntax_error(text, clean, error)
        return _odd_document(data, text, syntax_error)
    if not isinstance(root, Pairs):
        message = f"the file must be one object: {errors.LOST}"
        raise errors.error_at(text, 0, "json-no-object", message, 'Write { "name": "value" }')
    values = None if _is_plain(root.members) else _values(text, root)
    if _needs_proof(text, clean):
        _prove(data, text, root, _plain_values(root.members) if values is None else values)
    if filename and _ODD_NAME.search(filename):
        _prove_name(data, text, filename)
    return _document(data, text, root, values)


def _document(data: bytes, text: str, root: Pairs, values: list[Value] | None) -> CfgJsonDocument:
    raw = text if "\ufffd" not in text else data.decode("utf-8", "surrogateescape")
    return CfgJsonDocument(data, raw, root.members, values)


def _odd_document(data: bytes, text: str, error: ParseError) -> CfgJsonDocument:
    """A text that is JSON only to the readers: a comment amid a number, a NUL after the end."""
    glued = _PIECE.sub(lambda found: "" if _is_comment(found[0]) else found[0], text).rstrip(_CONTROLS)
    try:
        root = cfgjson_json.decode(glued)
        if not isinstance(root, Pairs):
            raise error
        values = _values(text, root)
        _prove(data, text, root, values)
    except (JsonError, ParseError):
        raise error from None
    return _document(data, text, root, values)


def _check_encoding(text: str) -> None:
    lost = errors.LOST
    if text.startswith("\ufeff"):
        message = f"a byte order mark: {lost}"
        raise errors.error_at(text, 0, "json-bom", message, "Save as UTF-8 without BOM")
    if "\0" in text.rstrip(_CONTROLS):
        message = f"a NUL character, as in UTF-16: {lost}"
        raise errors.error_at(text, text.index("\0"), "json-nul", message, "Save as UTF-8")


def agreed_value(node: Node, type_name: str | None) -> Value:
    """What all readers load for a value.

    Raises:
        UnconvertibleError: one loses it, or two differ; then the error's argument is ``"differ"``.
    """
    if type_name is None and (plain := _plain_value(node)) is not None:
        return plain
    outcomes = [_outcome(node, type_name, which) for which in range(3)]
    first = outcomes[0]
    if all(isinstance(found, UnconvertibleError) for found in outcomes):
        raise UnconvertibleError("lost")
    if isinstance(first, UnconvertibleError) or any(found != first for found in outcomes):
        raise UnconvertibleError("differ")
    return first


def _plain_value(node: Node) -> Value | None:
    """The untyped values of nearly every file, about which no reader has two opinions."""
    if isinstance(node, str):
        return Value.string(node)
    if isinstance(node, bool):
        return Value.boolean(node)
    if isinstance(node, Number) and len(node.text) < 19 and node.text.isdigit():
        return Value("Long", Shape.SCALAR, (int(node.text),))
    if isinstance(node, list) and all(type(item) is str for item in node):
        return Value("String", Shape.ARRAY, tuple(node))  # type: ignore[arg-type]
    return None


def _outcome(node: Node, type_name: str | None, which: int) -> Value | UnconvertibleError:
    try:
        return old_value(node, type_name, first=which == 1) if which else new_value(node, type_name)
    except UnconvertibleError as error:
        return error


def _values(text: str, root: Pairs) -> list[Value]:
    values: list[Value] = []
    keys: dict[tuple[int, str], str] = {}
    last: dict[str, int] = {}
    for index, (key, node) in enumerate(root.members):
        name, type_name, problem = key, None, None
        if ":" in key:
            problem = errors.key_error(key)
            name, type_name, _ = split_key(key)
        if problem is None and keys.setdefault(case_key(name), key) != key:
            message = f'"{name}" stands twice, but for case or type: {errors.LOST} or merges the two'
            problem = ("json-case-duplicate", message, "Remove one of them")
        if problem is not None:
            raise _error_in(text, index, problem, in_key=True)
        try:
            values.append(agreed_value(node, type_name))
        except UnconvertibleError as error:
            last = last or {found: at for at, (found, _) in enumerate(root.members)}
            if last[key] > index:
                values.append(_REPLACED)
                continue
            differ = str(error) == "differ"
            raise _error_in(text, index, errors.value_error(node, type_name, differ=differ)) from None
    return values


def _is_plain(members: list[tuple[str, Node]]) -> bool:
    """Whether no reader can have a second opinion about a name or a value; so it is in nearly every file."""
    names = []
    for key, node in members:
        kind = type(node)
        if ":" not in key:
            type_name = None
        else:
            key, _, type_name = key.partition(":")
            if not key or node == [] or type_name not in _PLAIN_TYPES.get(kind, ()):
                return False
        if kind is Number:
            text = node.text  # type: ignore[union-attr]
            if len(text) > (18 if type_name is None else 9) or not text.isdigit():
                return False
        elif kind is list:
            if not _TEXTS_ONLY.issuperset(map(type, node)):  # type: ignore[arg-type]
                return False
        elif kind is not str and kind is not bool:
            return False
        names.append(key.lower())
    return len(set(names)) == len(names) and "".join(names).isascii()


def _plain_values(members: list[tuple[str, Node]]) -> list[Value]:
    return [agreed_value(node, split_key(key).type_name) for key, node in members]


def _error_in(text: str, index: int, problem: tuple[str, str, str], *, in_key: bool = False) -> ParseError:
    entry = _entries(blanked(text))[index]
    return errors.error_at(text, entry.key_start if in_key else entry.value_start, *problem)


def _needs_proof(text: str, clean: str) -> bool:
    """Whether the readers' comment removers might stumble: never over strings without ``\\\\"`` and no comment."""
    if "/" not in text:
        return False
    if '\\\\"' in text:
        return True
    if text is clean:
        return False
    return len(text) > 32 * 1024 or any(
        found[0][0] != '"' and not _PLAIN_COMMENT.match(text, found.start())
        for found in _PIECE.finditer(text)
    )


def _prove(data: bytes, text: str, root: Pairs, values: list[Value]) -> None:
    from grammar.cfgjson import reader

    expected = {split_key(key).name: value for (key, _), value in zip(root.members, values, strict=True)}
    for version in reader.VERSIONS:
        if reader.load(data, version).properties != expected:
            at = text.find('\\\\"')
            comment = next((f.start() for f in _PIECE.finditer(text) if f[0][0] != '"'), 0)
            message = f"installer core {version} does not find the ends of strings and comments here"
            if at >= 0:
                fix = "End no string with a backslash, or write the slashes after it as \\/"
                raise errors.error_at(text, at, "json-comment-quote-parity", message, fix)
            fix = "Put a blank after */, and end // comments with LF"
            raise errors.error_at(text, comment, "json-comment", message, fix)


def _prove_name(data: bytes, text: str, filename: str) -> None:
    from grammar.cfgjson import reader

    for version in reader.VERSIONS:
        if reader.load(data, version, filename) != reader.load(data, version):
            message = f"installer core {version} pastes the file's name into the text, and reads this name otherwise"
            fix = "Use no colon, quote or backslash in the name"
            raise errors.error_at(text, 0, "json-file-name", message, fix)


def _entries(clean: str) -> list[Entry]:
    found: list[Entry] = []
    starts: list[int] = []
    depth = end = 0
    for token in _TOKEN.finditer(clean):
        char = token[0]
        if depth == 1 and char in (",", "}"):
            if starts:
                found.append(
                    Entry(starts[0], starts[1], starts[2], end, token.start() if char == "," else -1)
                )
            starts = []
        elif depth == 1 and char != ":" and len(starts) < 3:
            starts += [token.start()] if starts else [token.start(), token.end()]
        depth += (char in "[{") - (char in "]}")
        end = token.end()
    return found


def traps(document: CfgJsonDocument) -> Iterator[tuple[str, Property, str]]:
    """What all readers load alike, but otherwise than it looks: rule, property, message."""
    if len(document.raw) > _BUFFER and document.occurrences and _BROKEN_AT_EDGE.search(_edges(document.raw)):
        message = r"//, /* or \" across a multiple of 65536 characters: cm.json 2.0.4 loses the file"
        yield "json-buffer-edge", document.occurrences[0], message
    if _has_no_trap(document):
        return
    names = [split_key(key).name for key, _ in document.members]
    last = {name: index for index, name in enumerate(names)}
    for index, ((_, node), value) in enumerate(zip(document.members, document.values, strict=True)):
        if last[names[index]] != index:
            found = [("json-duplicate-key", "a later value of this key replaces it")]
        else:
            found = list(_value_traps(node, value))
            if not names[index]:
                found.append(("json-empty-key", "ConfigAdmin refuses a configuration with an empty key"))
        for rule, message in found:
            yield rule, document.occurrences[index], message


def _edges(text: str) -> str:
    """The two characters around each end of a reader's buffer, in lines."""
    units = java.to_units(text)
    return "\n".join(units[at - 1 : at + 1] for at in range(_BUFFER, len(units), _BUFFER))


def _has_no_trap(document: CfgJsonDocument) -> bool:
    """Whether nothing can be a trap, as in most files."""
    return (
        document.is_plain
        and "" not in {key for key, _ in document.members}
        and "\\u" not in document.raw
        and (
            document.source.isascii() or not (_ESCAPED_BYTE.search(document.raw) or "\ufffd" in document.raw)
        )
    )


def _value_traps(node: Node, value: Value) -> Iterator[tuple[str, str]]:
    if value.shape is Shape.COLLECTION and not value.items:
        yield "json-empty-collection", "ConfigAdmin 1.8.12 refuses an empty collection"
    texts = [item for item in value.items if isinstance(item, str)]
    if value.element == "String" and any("\ufffd" in text for text in texts):
        yield "json-broken-utf8", "bytes that are no UTF-8 become U+FFFD"
    if value.element == "String" and any(_SURROGATE.search(text) for text in texts):
        yield "json-lone-surrogate", "half of a surrogate pair is written back as a question mark"
    if isinstance(node, Pairs) and value.element == "String":
        yield "json-object-as-string", "an object becomes a String that holds its JSON"
    scalar = value.shape is Shape.SCALAR
    if scalar and isinstance(node, list) and len(node) > 1:
        yield "json-first-item", "only the first item of the array is loaded"
    nodes = node if isinstance(node, list) else [node]
    whole = scalar or isinstance(node, list)
    if value.element in ("Character", "char") and whole and any(_odd_character(n) for n in nodes):
        yield "json-odd-character", "a Character is made of the first UTF-16 unit, or of a number"
    if value.element in ("Boolean", "boolean") and any(_odd_boolean(item) for item in nodes):
        yield "json-odd-boolean", 'only "true" is true; this text is false'
    pairs = list(zip(nodes, value.items, strict=False))
    if any(isinstance(n, Number) and _number_differs(n, i) for n, i in pairs):
        yield "json-number-changed", "the number does not fit its type: cut or wrapped around"
    if any(_retyped(n, i) for n, i in pairs):
        yield "json-retyped", "the value is turned into one of its type"


def _odd_character(node: Node) -> bool:
    return isinstance(node, Number) or (isinstance(node, str) and len(java.to_units(node)) != 1)


def _retyped(node: Node, item: object) -> bool:
    """A truth value that becomes a number, a number that becomes another text."""
    if isinstance(node, bool):
        return not isinstance(item, (bool, str))
    return isinstance(node, Number) and isinstance(item, str) and len(item) > 1 and item != node.text


def _odd_boolean(node: Node) -> bool:
    return isinstance(node, str) and node.lower() not in ("true", "false")


def _number_differs(node: Number, item: object) -> bool:
    if not isinstance(item, int) or isinstance(item, bool):
        plain = plain_number(node.text)
        return isinstance(plain, Float64) and "inf" in repr(plain.number)
    digits = node.text.lstrip("-").lstrip("0")
    if len(digits) > 20:
        return True
    return float(node.text) != item if not node.text.lstrip("-").isdigit() else int(node.text) != item


@functools.cache
def fine_grammar() -> Lark:
    """The grammar that documents the format; joining its tokens gives the text."""
    from lark import Lark

    text = Path(__file__).with_name("cfgjson.lark").read_text("utf-8")
    return Lark(text, parser="lalr", lexer="contextual", keep_all_tokens=True, maybe_placeholders=False)
