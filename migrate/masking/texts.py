"""A configuration's text for people: everything as it stands but the secrets.

Hidden are the values of properties that hold secrets (each occurrence, also of a key that AEM ignores), the
comments of a file that holds a secret and all others that speak of one, credentials within URLs, and known secrets
wherever they stand.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, cast

from grammar import patterns
from grammar.config.writer import escape
from grammar.documents import Document, Property
from grammar.errors import ParseError
from grammar.placeholders import is_name_alone
from grammar.values import Value
from migrate.integration.secret import MASK
from migrate.masking.names import (
    hides,
    is_harmless,
    is_secret,
    masked,
    may_name_secret,
    name_a_secret,
    without_url_credentials,
)

if TYPE_CHECKING:
    from grammar.config.document import ConfigDocument
    from grammar.xml.document import XmlDocument
    from grammar.xml.markup.spans import Element

_HEADER = patterns.lazy(r"(?:#|//) Configuration created by Apache Sling JCR Installer\s*")
_CONFIG_COMMENT = patterns.lazy(r"(#)[^\r\n]*()")
_JSON_COMMENT = patterns.lazy(r"(//)[^\r\n]*()|(/\*).*?(\*/)", re.DOTALL)
_XML_COMMENT = patterns.lazy(r"(<!--).*?(-->)", re.DOTALL)
_MAY_HOLD = patterns.lazy(r"\\u|&#|_x00|<!--|/\*|(?:#|(?<!:)//)(?! Configuration created by Apache Sling)")
_ESCAPE = patterns.lazy(r"\\u([0-9a-fA-F]{4})|_x([0-9a-fA-F]{4})_")
_NO_SWITCH = patterns.lazy(r'(?i:\Ab(?=["\[(])|true|false|\W+)')
"""What is left of a Boolean's text without these is a text."""
_UNTYPED = patterns.lazy(r"\A\{(?:String|Boolean)\}")
_PLAIN = patterns.lazy(r"[A-Za-z0-9_.-]+")
_SHORTEST = 8
"""Known secrets that are shorter stay where they stand outside of their own property: too much else looks the same."""
_AROUND = 10_000
"""Characters before and behind an error that are looked at: a file may be one line of megabytes, no secret is."""

_Span = tuple[int, int, str]


class _Secret(NamedTuple):
    """The value of one occurrence of a property; offsets into the text, and the property's name."""

    start: int
    end: int
    name: str
    raw: str

    def __repr__(self) -> str:
        return f"_Secret({self.start}, {self.end}, {self.name!r})"


class _Parts(NamedTuple):
    """A text, where its secrets stand, and its comments with what is shown in their place."""

    raw: str
    secrets: list[_Secret]
    comments: list[_Span]

    def __repr__(self) -> str:
        return f"_Parts(<{len(self.raw)} characters>, {self.secrets}, <{len(self.comments)} comments>)"


def may_hold_secret(data: bytes) -> bool:
    """Whether the bytes of any form may hold the name of a secret, however it is written; over-careful."""
    return may_name_secret(_ESCAPE.sub(_character, data.decode("utf-8", "replace")))


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1] or found[2], 16))


def may_need_masks(text: str) -> bool:
    """Quick and over-careful: most files hold neither a secret nor a comment, and need not be parsed again."""
    return bool(_MAY_HOLD.search(text)) or may_name_secret(text)


def is_header(comment: str) -> bool:
    """Whether a comment is the one that Sling's installer writes into every file."""
    return bool(_HEADER.fullmatch(comment))


def _speaks_of_one(comment: str) -> bool:
    """Whether a comment speaks of secrets; more words do than make a property's name secret."""
    return may_name_secret(comment) or "token" in comment.lower()


def masked_texts(before: Document | bytes | None, after: Document | bytes | None) -> tuple[str, str]:
    """The texts of a file before and after a change with their secrets hidden; empty where there is no file.

    Bytes are those of a file that is no configuration: one of META-INF, or a folder's nodes of other kinds.

    A secret that both have shows as ``"***"``, one that changes as ``"***" (before)`` and ``"***" (after)``.
    """
    old, new = _parts(before), _parts(after)
    return _hidden(old, new, "before"), _hidden(new, old, "after")


def _hidden(parts: _Parts, other: _Parts, side: str) -> str:
    standing = {(secret.name, secret.raw) for secret in other.secrets}
    raw, spans = parts.raw, []
    for secret in parts.secrets:
        is_same = (secret.name, secret.raw) in standing
        spans.append((secret.start, secret.end, masked("" if is_same else side)))
    spans += (c for c in parts.comments if parts.secrets or _speaks_of_one(raw[c[0] : c[1]]))
    texts, at = [], 0
    for start, end, text in sorted(spans):
        texts += [raw[at:start], text]
        at = end
    text = "".join([*texts, raw[at:]])
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def without_known(text: str, known: Iterable[str]) -> str:
    """The text without credentials in URLs, and without some secrets in any spelling that a form gives them."""
    text = without_url_credentials(text)
    if not known:
        return text
    for spelling in _all_spellings(frozenset(known)):
        text = text.replace(spelling, MASK)
    return text


def shown_context(error: ParseError, known: Iterable[str]) -> str:
    """The line of an error with a caret, without what `without_known` hides.

    Hidden before the line is cut to what is shown: of a secret that is cut nobody knows that it is one.
    """
    start = max(0, error.column - 1 - _AROUND)
    head = error.source_line[start : error.column - 1]
    text = without_known(head + error.source_line[error.column - 1 :][:_AROUND], known)
    column = min(len(without_known(head, known)), len(text)) + 1
    return ParseError("", rule=error.rule, line=error.line, column=column, source_line=text).context()


@functools.lru_cache(maxsize=8)
def _all_spellings(known: frozenset[str]) -> tuple[str, ...]:
    """The spellings of some secrets, longest first; asked for again and again with those of one folder."""
    return tuple(sorted({s for secret in known for s in _spellings(secret)}, key=len, reverse=True))


def secrets_of(document: Document) -> Iterator[str]:
    """The secrets that a document holds and that are long enough to be known again elsewhere."""
    # Quick, since a linter asks it of every file, and most need decode no value at all.
    if not name_a_secret(document.names):
        return
    for found in document.properties:
        if hides(found.name, found.value):
            yield from (i for i in found.value.items if isinstance(i, str) and is_recognizable(i))


def is_recognizable(secret: str) -> bool:
    """Whether a secret is looked for wherever it may stand: long enough, and no placeholder."""
    return len(secret) >= _SHORTEST and not is_name_alone(secret)


def _spellings(secret: str) -> Iterator[str]:
    yield secret
    if _PLAIN.fullmatch(secret):
        return  # no form has another one
    import json

    from grammar.cfgjson.values import quoted
    from grammar.xml.markup.spans import quotable
    from grammar.xml.writing.writer import escaped

    yield escape(secret)
    yield escape(secret).replace("\\ ", " ")
    for text in (json.dumps(secret), json.dumps(secret, ensure_ascii=False), quoted(secret)):
        yield text[1:-1]
        yield text[1:-1].replace("/", r"\/")
    yield secret.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    for text in (secret, escaped(secret), escaped(secret).replace(",", r"\,")):
        yield text
        yield from (quotable(text, quote) for quote in "\"'")


def _parts(document: Document | bytes | None) -> _Parts:
    if document is None:
        return _Parts("", [], [])
    if isinstance(document, bytes):
        return _of_bytes(document)
    if document.form == "xml":
        file = cast("XmlDocument", document).file
        return _of_xml(file.raw, [tag.element for tag in file.tags])
    return _of_entries(cast("ConfigDocument", document))


def _of_entries(document: ConfigDocument) -> _Parts:
    """`.config`, and `.cfg.json`, which has the same attributes: comments stand between the entries."""
    pattern = _CONFIG_COMMENT if document.form == "config" else _JSON_COMMENT
    raw, found, at = document.raw, _Parts(document.raw, [], []), 0
    for entry, occurrence in zip(document.entries, document.occurrences, strict=True):
        start, end = entry.value_start, entry.value_end
        if hides(occurrence.name, occurrence.value) or _is_odd_switch(occurrence, raw[start:end]):
            found.secrets.append(_Secret(start, end, occurrence.name, raw[start:end]))
        for gap in ((at, entry.key_start), (entry.key_end, start)):
            found.comments.extend(_comments(pattern, raw, *gap))
        at = end
    found.comments.extend(_comments(pattern, raw, at, len(raw)))
    return found


def _is_odd_switch(occurrence: Property, raw: str) -> bool:
    """Whether a secret was written as a Boolean: readers take whatever they do not know for false."""
    switches = any(isinstance(item, bool) for item in occurrence.value.items)
    return switches and is_secret(occurrence.name) and bool(_NO_SWITCH.sub("", raw))


def _of_bytes(data: bytes) -> _Parts:
    from grammar.errors import GrammarError
    from grammar.xml.markup import source, spans

    try:
        text = data.decode(source.codec_of(data))
        return _of_xml(text, spans.Reader(text, plain_doctype=True).read())
    except (GrammarError, UnicodeDecodeError):
        text = data.decode("utf-8", "backslashreplace")
        return _Parts(text, [], list(_comments(_XML_COMMENT, text, 0, len(text))))


def _of_xml(text: str, elements: Iterable[Element]) -> _Parts:
    """XML: the attributes of every element, since a file may hold several configurations, and other nodes."""
    from grammar.xml import names

    found = _Parts(text, [], list(_comments(_XML_COMMENT, text, 0, len(text))))
    for attribute in (attribute for element in elements for attribute in element.attributes):
        name = names.decode(attribute.name.rpartition(":")[2])
        raw = text[attribute.value_start : attribute.value_end]
        if is_secret(name) and not is_harmless(Value.string(_UNTYPED.sub("", raw))):
            # The quotes belong to the mask.
            found.secrets.append(_Secret(attribute.value_start - 1, attribute.value_end + 1, name, raw))
    return found


def _comments(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[_Span]:
    for found in pattern.finditer(text, start, end):
        if not _HEADER.fullmatch(found[0]):
            opening, closing = (part for part in found.groups() if part is not None)
            yield found.start(), found.end(), f"{opening} {MASK}{closing and ' ' + closing}"
