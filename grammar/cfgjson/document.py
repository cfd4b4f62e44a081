"""`.cfg.json` documents: parse, read, edit, all without moving another byte.

Comments are blanked and the standard library's scanner reads the rest; places are looked up only when somebody asks.
What the four readers of :mod:`grammar.cfgjson.reader` do not load alike is rejected.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import NamedTuple

from grammar import patterns, places
from grammar.cfgjson import errors
from grammar.cfgjson import json as cfgjson_json
from grammar.cfgjson.agreement import agreed_value, is_plain, plain_values
from grammar.cfgjson.errors import Problem, Written
from grammar.cfgjson.json import JsonError
from grammar.cfgjson.text import PIECE, CfgJsonText, Entry, blanked, entries, is_comment, joined
from grammar.cfgjson.values import Node, Pairs, UnconvertibleError, case_key, split_key
from grammar.documents import Document, Property
from grammar.errors import EditError, ParseError
from grammar.java import units as java
from grammar.values import Value

MAX_BYTES = cfgjson_json.MAX_BYTES
_PLAIN_COMMENT = patterns.lazy(r'//[^\r\n]*+(?=\r?\n|\Z)|/\*(?!/)(?>[^*]++|\*(?!/))*+\*/(?!["/*])')
_ODD_NAME = patterns.lazy(r'["\\:\[#?\x00-\x1f]')
_CONTROLS = "".join(map(chr, range(0x21)))
_REPLACED = Value.string("")
"""Stands for a value that no reader converts, because the same key comes again."""


def parse(data: bytes, path: str | None = None, versions: tuple[str, ...] | None = None) -> CfgJsonDocument:
    """Read a `.cfg.json` as all four readers read it.

    Args:
        data: the file's bytes, any bytes.
        path: the file's, for error messages; some names are hard on the old readers, which paste them into the text.
        versions: the readers that count; all of them by default.

    Raises:
        ParseError: at least one of the readers loses the file or loads something else.
    """
    try:
        return _parse(data, path.rpartition("/")[2] if path else "", versions)
    except ParseError as error:
        raise (error.at(path) if path else error) from None


class CfgJsonDocument(CfgJsonText, Document):
    """A `.cfg.json` file; see :class:`grammar.documents.Document` for what every form has."""

    form = "cfg.json"

    def __init__(
        self,
        source: bytes,
        raw: str,
        members: list[tuple[str, Node]],
        values: list[Value] | None,
        versions: tuple[str, ...] | None = None,
    ) -> None:
        """`values` is None when they are plain (`_is_plain`): then they are made when somebody asks."""
        super().__init__(raw)
        self._source = source
        self.members = members
        self.is_plain = values is None
        self.versions = versions
        self._given = values

    @property
    def source(self) -> bytes:
        return self._source

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(split_key(key).name for key, _ in self.members)

    @functools.cached_property
    def values(self) -> list[Value]:
        """The value of every member of the root object, in order."""
        return plain_values(self.members) if self._given is None else self._given

    @functools.cached_property
    def occurrences(self) -> tuple[Property, ...]:
        """Every member of the text in order, also those that a later one with the same key replaces."""
        found = []
        for (key, _), value, entry in zip(self.members, self.values, self.entries, strict=True):
            name, type_name, _ = split_key(key)
            found.append(Property(name, type_name or "", value, *self.position(entry.key_start)))
        return tuple(found)

    @functools.cached_property
    def properties(self) -> tuple[Property, ...]:
        # The readers' maps keep a key where it stood first, with the value that came last.
        return tuple({found.name: found for found in self.occurrences}.values())

    def with_value(self, name: str, value: Value) -> CfgJsonDocument:
        from grammar.cfgjson import edits

        current = self.get(name)
        if current is not None and current.value == value:
            return self
        if current is None:
            clash = next((p.name for p in self.properties if case_key(p.name) == case_key(name)), None)
            if clash is not None:
                raise EditError(f"{name}: there is {clash}, and AEM does not tell names apart by case")
            return self._edited(edits.added(self, name, value), name, value)
        at = max(i for i, found in enumerate(self.occurrences) if found.name == name)
        return self._edited(edits.replaced(self, at, self.occurrences[at], value), name, value)

    def without(self, name: str) -> CfgJsonDocument:
        from grammar.cfgjson import edits

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
            return _parse(text.encode("utf-8", "surrogateescape"), versions=self.versions)
        except (ParseError, UnicodeEncodeError) as error:
            raise EditError(f"{name}: cannot be written so that AEM reads it back: {error}") from None

    def _check(self, edited: CfgJsonDocument, name: str, value: Value | None) -> None:
        expected = {p.name: p.value for p in self.properties if p.name != name}
        if value is not None:
            expected[name] = value
        if {p.name: p.value for p in edited.properties} != expected:
            raise EditError(f"{name}: cannot be written so that AEM reads back this value")


def _parse(data: bytes, filename: str = "", versions: tuple[str, ...] | None = None) -> CfgJsonDocument:
    if len(data) > MAX_BYTES:
        message = f"{len(data)} bytes is more than a configuration of {MAX_BYTES} bytes; not read"
        raise ParseError(message, rule="json-too-large", line=1, column=1)
    text = java.decode_utf8(data)
    written = Written(data, text, filename)
    _check_encoding(written)
    clean = blanked(text)
    _check_blanks(text, versions)
    try:
        root = cfgjson_json.decode(clean)
    except JsonError as error:
        return _odd_document(written, *_why_no_json(text, clean, error), versions)
    if not isinstance(root, Pairs):
        raise written.error(0, errors.NO_OBJECT)
    values = None if is_plain(root.members) else _values(written, root, versions)
    if _needs_proof(text, clean):
        _prove(data, text, root, plain_values(root.members) if values is None else values, versions)
    if filename and _ODD_NAME.search(filename):
        _prove_name(data, text, filename, versions)
    return _document(data, text, root, values, versions)


def _why_no_json(text: str, clean: str, error: JsonError) -> tuple[int, Problem]:
    """Where and what is wrong; a comment amid a number or word is not."""
    whole = blanked(joined(text))
    try:
        if whole != clean:
            cfgjson_json.decode(whole)
    except JsonError as other:
        return errors.of_syntax(text, whole, other)
    return errors.of_syntax(text, clean, error)


def _document(
    data: bytes, text: str, root: Pairs, values: list[Value] | None, versions: tuple[str, ...] | None
) -> CfgJsonDocument:
    raw = text if "\ufffd" not in text else data.decode("utf-8", "surrogateescape")
    return CfgJsonDocument(data, raw, root.members, values, versions)


def _odd_document(
    written: Written, at: int, problem: Problem, versions: tuple[str, ...] | None
) -> CfgJsonDocument:
    """A text that is JSON only to the readers: a comment amid a number, a NUL after the end, an escaped emoji."""
    data, text = written.data, written.text
    glued = cfgjson_json.without_astral_escapes(_without_comments(text).rstrip(_CONTROLS))
    try:
        root = cfgjson_json.decode(glued)
        if not isinstance(root, Pairs):
            raise written.error(at, problem)
        values = _values(written, root, versions)
        _prove(data, text, root, values, versions)
    except (JsonError, ParseError):
        raise written.error(at, problem) from None
    if written.name and _ODD_NAME.search(written.name):
        _prove_name(data, text, written.name, versions)
    return _document(data, text, root, values, versions)


def _without_comments(text: str) -> str:
    return PIECE.sub(lambda found: "" if is_comment(found[0]) else found[0], text)


def _check_blanks(text: str, versions: tuple[str, ...] | None) -> None:
    """More blanks in a row than the buffer of the newer readers has room for; a comment does not break the row."""
    if len(text) <= cfgjson_json.MAX_BLANKS or (versions and not {"3.12.0", "3.14.2"}.intersection(versions)):
        return
    if cfgjson_json.endless_blank(_without_comments(text)) >= 0:
        at = max(cfgjson_json.endless_blank(blanked(text)), 0)
        message = f"more than {cfgjson_json.MAX_BLANKS} blanks in a row: installer core 3.12 and later lose the file"
        raise places.error_at(text, at, "json-odd-blank", message, "Remove them")


def _check_encoding(written: Written) -> None:
    text = written.text
    if text.startswith("\ufeff"):
        raise written.error(0, errors.BOM)
    if "\0" in text.rstrip(_CONTROLS) and "\0" in blanked(text).rstrip(_CONTROLS):
        raise written.error(text.index("\0"), errors.NUL)


class Mistake(NamedTuple):
    """What is wrong with a member, and whether its key is to blame."""

    problem: Problem
    in_key: bool = False


def members(root: Pairs, versions: tuple[str, ...] | None) -> Iterator[Value | Mistake]:
    """What the readers load for each member of the root object, or why not all of them load it, and alike."""
    keys: dict[tuple[int, str], str] = {}
    last: dict[str, int] = {}
    for index, (key, node) in enumerate(root.members):
        name, type_name, problem = key, None, None
        if ":" in key:
            problem = errors.of_key(key)
            name, type_name, _ = split_key(key)
        if problem is None and keys.setdefault(case_key(name), key) != key:
            message = f'"{name}" stands twice, but for case or type'
            problem = Problem("json-case-duplicate", message, "Remove one of them")
        if problem is not None:
            yield Mistake(problem, in_key=True)
            continue
        try:
            yield agreed_value(node, type_name, versions)
        except UnconvertibleError as error:
            last = last or {found: at for at, (found, _) in enumerate(root.members)}
            if last[key] > index:
                yield _REPLACED
            else:
                yield Mistake(errors.of_value(node, type_name, differ=str(error) == "differ"))


def _values(written: Written, root: Pairs, versions: tuple[str, ...] | None) -> list[Value]:
    values: list[Value] = []
    for index, found in enumerate(members(root, versions)):
        if isinstance(found, Mistake):
            entry = entries(blanked(written.text))[index]
            raise error_of(written, entry, found)
        values.append(found)
    return values


def error_of(written: Written, entry: Entry, mistake: Mistake) -> ParseError:
    """A member's mistake at the place where the member stands."""
    return written.error(entry.key_start if mistake.in_key else entry.value_start, mistake.problem)


def _needs_proof(text: str, clean: str) -> bool:
    """Whether the readers' comment removers might stumble: never over strings without ``\\\\"`` and no comment."""
    if "/" not in text:
        return False
    if "\0" in text:
        return True
    if '\\\\"' in text:
        return True
    if text is clean:
        return False
    return len(text) > 32 * 1024 or any(
        found[0][0] != '"' and not _PLAIN_COMMENT.match(text, found.start()) for found in PIECE.finditer(text)
    )


def _prove(
    data: bytes, text: str, root: Pairs, values: list[Value], versions: tuple[str, ...] | None
) -> None:
    from grammar.cfgjson import reader

    expected = {split_key(key).name: value for (key, _), value in zip(root.members, values, strict=True)}
    for version in versions or reader.VERSIONS:
        if reader.load(data, version).properties != expected:
            at = text.find('\\\\"')
            comment = next((f.start() for f in PIECE.finditer(text) if f[0][0] != '"'), 0)
            message = f"installer core {version} does not find the ends of strings and comments here"
            if at >= 0:
                fix = "End no string with a backslash, or write the slashes after it as \\/"
                raise places.error_at(text, at, "json-comment-quote-parity", message, fix)
            fix = "Put a blank after */, and end // comments with LF"
            raise places.error_at(text, comment, "json-comment", message, fix)


def _prove_name(data: bytes, text: str, filename: str, versions: tuple[str, ...] | None) -> None:
    from grammar.cfgjson import reader

    for version in versions or reader.VERSIONS:
        if reader.load(data, version, filename) != reader.load(data, version):
            message = f"installer core {version} pastes the file's name into the text, and reads this name otherwise"
            fix = "Use no colon, quote or backslash in the name"
            raise places.error_at(text, 0, "json-file-name", message, fix)
