"""Accepted XML that all versions of FileVault load alike, but otherwise than it looks.

One thing is accepted that 3.6.0, which no AEM 6.5 has, loads otherwise: an empty array, which real files are full of.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grammar import patterns
from grammar.documents import Property
from grammar.values import Value
from grammar.xml.attributes import AttributeText
from grammar.xml.tags import Entry
from grammar.xml.values import ELEMENT_OF, TYPES

if TYPE_CHECKING:
    from grammar.xml.document import XmlDocument

_RAW_BREAK = patterns.lazy(r"[\r\n\t]")
_PAIRS = patterns.lazy(r"\s*[\w.]+=[^;=]*(?:;[\w.]+=[^;=]*)+", re.DOTALL)
"""``type=allow;privileges=jcr:read``: a list in a list, as for access rights and user mappings."""
_NO_PAIR = patterns.lazy(r"\s*[\w:{}-]+\s*(?:;|\Z)")
_TYPED_ITEM = patterns.lazy(rf"\{{(?:{'|'.join(TYPES)})\}}")
_BLANKS_FIRST = patterns.lazy(rf"[ \t\r\n]+(?:\[|{_TYPED_ITEM.pattern})")
_SURROGATE = patterns.lazy("[\ud800-\udfff]")
_ESCAPED = patterns.lazy(r"\\.", re.DOTALL)
_EMPTY_ARRAY = (
    "an empty array: FileVault 3.6.0 drops the property, other versions load String[0]. Remove it if the default is "
    r"empty; [\0] is an array of one empty String"
)
_HARMLESS = frozenset("\\,[]{}")


def traps(document: XmlDocument) -> Iterator[tuple[str, Property, str]]:
    """What AEM loads otherwise than the text suggests, alike in all versions: rule, property and message.

    A property that is dropped altogether comes with its text as a String.
    """
    for entry in document.tag.entries:
        if entry.prefix not in ("", "jcr", "xmlns"):
            line, column = document.file.position(entry.start)
            name = f"{entry.prefix}:{entry.name}"
            yield (
                "xml-prefix",
                Property(name, "", Value.string(""), line, column),
                "a name with a colon is no property",
            )
    strict = document.file.versions is None or "3.6.0" in document.file.versions
    for entry, loaded, found in zip(document.entries, document.values, document.occurrences, strict=True):
        if strict and loaded is not None and not loaded.items:
            yield "xml-empty-array", found, _EMPTY_ARRAY
        for rule, message in _traps_of(entry, loaded):
            yield rule, found, message


def _traps_of(entry: Entry, loaded: Value | None) -> Iterator[tuple[str, str]]:
    """Rule and message of everything in an attribute that loads otherwise than it looks."""
    value = entry.value
    yield from _type_traps(value, loaded)
    yield from _escape_traps(value)
    if value.multiple:
        yield from _array_traps(value)
    # In XML 1.1 two more characters end a line.
    if _RAW_BREAK.search(entry.raw) or any(
        end in entry.raw and end not in value.text for end in "\x85\u2028"
    ):
        yield (
            "xml-raw-break",
            "a line break or tab in an attribute is loaded as a blank; write &#xa; or &#x9;",
        )
    if loaded is not None and any(_SURROGATE.search(text) for text in value.values):
        yield (
            "xml-lone-surrogate",
            "half a character (\\ud800 to \\udfff alone), which most stores turn into ?",
        )


def _type_traps(value: AttributeText, loaded: Value | None) -> Iterator[tuple[str, str]]:
    names = {name for name, _ in value.tokens}
    if "UNCLOSED_TYPE" in names:
        yield "xml-unclosed-type", r"{ without } at the start is dropped; write \{ for the brace"
    if _BLANKS_FIRST.match(value.text):
        yield "xml-leading-blank", "a blank before { or [ makes all of it a String"
    if not value.kind or value.multiple:
        return
    if loaded is None:
        yield "xml-dropped-type", f"AEM drops a property of type {value.kind}; remove {{{value.kind}}}"
    elif loaded.element != ELEMENT_OF.get(value.kind):
        yield "xml-bad-scalar", f"no {value.kind}: the text is loaded as a String instead"
    elif loaded.element == "Boolean" and value.values[0].lower() not in ("true", "false"):
        yield "xml-bad-boolean", "neither true nor false: loaded as false"


def _escape_traps(value: AttributeText) -> Iterator[tuple[str, str]]:
    for name, token in value.tokens:
        if name == "ESCAPE" and token[1] not in _HARMLESS:
            yield "xml-backslash", f"the backslash before {token[1]!r} is dropped; write two to keep it"
        elif name == "UNICODE_ESCAPE" and not re.fullmatch(r"\\u[0-9a-fA-F]{4}", token):
            yield "xml-bad-unicode", r"\u without four hexadecimal digits is loaded as some other character"
        elif name in ("CUT_ESCAPE", "CUT_UNICODE_ESCAPE"):
            yield "xml-cut-escape", r"an unfinished escape at the end is dropped; write \\ for a backslash"
        elif name == "EMPTY_ESCAPE" and any(value.values):
            yield "xml-empty-escape", r"\0 stands for nothing and is dropped; write \\0 to keep it"


def _array_traps(value: AttributeText) -> Iterator[tuple[str, str]]:
    if value.tokens[-1][0] != "ARRAY_CLOSE":
        yield (
            "xml-unclosed-array",
            r"[ at the start is an array though nothing closes it; write \[ for the bracket",
        )
    if len(value.values) > 1 and not value.values[-1]:
        yield "xml-last-comma", r"a comma before ] makes an empty last item; write [a,\0] if it is meant"
    if any(item != item.strip() for item in value.values):
        yield "xml-item-blanks", "blanks and line breaks around an item are loaded with it"
    if any(_TYPED_ITEM.match(item) for item in value.values):
        yield "xml-typed-item", "a type inside an array is text; write {Type}[...]"
    if _is_split_in_brackets(value.values):
        yield "xml-split-item", r"a comma inside brackets splits the item; write \, to keep it whole"
    elif any(
        _PAIRS.fullmatch(item) and _NO_PAIR.match(after) for item, after in itertools.pairwise(value.values)
    ):
        yield "xml-split-item", r"a comma in a list of name=value splits the item; write \, to keep it whole"


def _is_split_in_brackets(items: tuple[str, ...]) -> bool:
    """Whether an item opens a bracket that a later one closes; a bracket that stays open is a text of its own.

    Braces are those of JSON and of regular expressions (``{1,3}``), where a backslash makes plain characters of all.
    """
    texts = [_ESCAPED.sub("", item) for item in items]
    return any(_opens_and_closes(texts, *pair) for pair in ("[]", "{}", "()"))


def _opens_and_closes(texts: list[str], opening: str, closing: str) -> bool:
    depths = [text.count(opening) - text.count(closing) if len(text) > 1 else 0 for text in texts]
    opened = next((at for at, depth in enumerate(depths) if depth > 0), len(texts))
    return any(depth < 0 for depth in depths[opened + 1 :])
