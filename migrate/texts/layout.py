"""The canonical layout of a configuration: as AEM's own writers write it, comments kept where the form has them.

`.config`: Felix's writer (sorted keys, CRLF, one item a line). `.cfg.json`: the installer's. A comment stays above the
property it stood above, the comments before the first property at the top of the file. XML: FileVault's writer; what
stands there beside the properties would be lost, so such files are left alone.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from grammar import forms, patterns
from grammar.cfgjson.document import CfgJsonDocument
from grammar.config.document import ConfigDocument
from grammar.config.hazards import of_bytes
from grammar.documents import Document
from grammar.errors import EditError, ParseError
from grammar.hazards import Hazard
from grammar.java import units
from grammar.places import LINE_END_OF_BYTES
from grammar.platforms import ANY, Platform
from grammar.values import Value
from grammar.xml.document import XmlDocument
from migrate.errors import MigrateError
from migrate.targets.nodes import NO_CONFIGURATION, is_watched_folder
from migrate.texts import comments

COMMENTS = "comments"
NODES = "instructions or child nodes"
TWICE = "earlier values of keys that stand twice"
DROPPED = "attributes that AEM drops"
BROKEN = "bytes that are not UTF-8"
GLUED_MARK = "a byte order mark is a part of its first key; `slingshift lint --fix` takes it out"
_XML_EXTRAS = patterns.lazy(r"</|<\?(?!xml )")


class LayoutError(MigrateError):
    """A file whose layout cannot be changed without changing more than that; one line."""


def formatted(
    data: bytes,
    path: str,
    *,
    form: str,
    platform: Platform = ANY,
    keep_order: bool = False,
    eol: str | None = None,
) -> bytes:
    """The bytes in the canonical layout; the same values, as a second reading by every reader that counts proves.

    Args:
        data: the file's bytes.
        path: a name for error messages.
        form: ``"config"``, ``"cfg.json"`` or ``"xml"``.
        platform: whose readers must agree; all of them by default.
        keep_order: leave the properties of a `.config` in their order.
        eol: ``"lf"``, ``"crlf"``, or ``"keep"`` for those of the file's first line; None for those of AEM's writers.

    Raises:
        ParseError: AEM's readers do not all load what the text looks like.
        LayoutError: something would be lost.
    """
    # What the installer loses of the first line is written so that it does not.
    platform = platform.by_felix()
    document = forms.parse(data, path, form=form, platform=platform)
    if form == "xml" and is_watched_folder(path):
        raise LayoutError(f"{path}: {NO_CONFIGURATION}; left alone")
    if has_glued_mark(data, form):
        raise LayoutError(f"{path}: {GLUED_MARK}; left alone")
    try:
        if isinstance(document, ConfigDocument):
            result = _config(document, keep_order=keep_order)
        elif isinstance(document, CfgJsonDocument):
            result = _cfgjson(document, data)
        else:
            result = _other(document, data)
    except EditError as error:
        raise LayoutError(f"{path}: {error}") from None
    if eol is not None:
        result = _with_line_ends(result, data, eol)
    _prove(document, result, path, platform)
    return result


def _with_line_ends(result: bytes, data: bytes, eol: str) -> bytes:
    """The bytes with other line ends. No writer has one inside a value, so these are all."""
    if eol == "keep":
        first = LINE_END_OF_BYTES.search(data)
        if first is None:
            return result
        eol = "crlf" if first[0] == b"\r\n" else "lf"
    lines = result.replace(b"\r\n", b"\n")
    return lines.replace(b"\n", b"\r\n") if eol == "crlf" else lines


def settled(before: bytes, after: bytes, form: str, platform: Platform = ANY) -> list[Hazard]:
    """The hazards of a text that its canonical layout no longer shows: there it says what AEM loads.

    Worth a word: somebody may have meant the backslash that AEM never loaded, and now nobody sees it any more.
    """
    platform = platform.by_felix()
    left = {
        (found.rule, found.name) for found in forms.hazards(forms.parse(after, form=form, platform=platform))
    }
    seen = list(forms.hazards(forms.parse(before, form=form, platform=platform)))
    if form == "config":
        seen += of_bytes(before)
    return [found for found in seen if (found.rule, found.name) not in left]


def has_glued_mark(data: bytes, form: str) -> bool:
    """Whether AEM makes a byte order mark a part of a key: written anew, nobody would see it any more."""
    return form == "config" and data.startswith(codecs.BOM_UTF8)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _prove(document: Document, result: bytes, path: str, platform: Platform) -> None:
    """Raises LayoutError unless the document and every model that counts load the same from the result."""
    values = {found.name: found.value for found in document.properties}
    try:
        again = forms.parse(result, path, form=document.form, platform=platform)
    except ParseError as error:
        raise LayoutError(
            f"{path}: cannot be written so that AEM reads it back ({error.rule}); left alone"
        ) from None
    loaded = forms.load_all(result, form=document.form, platform=platform)
    if {p.name: p.value for p in again.properties} != values or any(
        loaded[version].properties != _loaded_by(version, values)
        for version in forms.speaking(document.form, platform)
    ):
        raise LayoutError(f"{path}: a value would change type or content; left alone")


def _loaded_by(version: str, values: dict[str, Value]) -> dict[str, Value]:
    """FileVault 3.6.0 drops empty arrays, from the new layout as it did from the old one."""
    if version != "3.6.0":
        return values
    return {name: value for name, value in values.items() if value.items}


def _config(document: ConfigDocument, *, keep_order: bool) -> bytes:
    found = list(document.properties)
    if not keep_order:
        found.sort(key=lambda one: units.utf16_order(one.name))
    members = {one.name: forms.write({one.name: one.value}).decode() for one in found}
    text, _ = comments.written("config", members, comments.of(document))
    return text.encode("utf-8", "surrogateescape")


def _cfgjson(document: CfgJsonDocument, data: bytes) -> bytes:
    if not _is_utf8(data):
        raise EditError(f"{BROKEN} would be lost in the canonical layout; left alone")
    values = {found.name: found.value for found in document.properties}
    said = comments.of(document, keep_inside=True)
    if not said:
        return forms.write(values, form="cfg.json")
    members = {
        name: forms.write({name: value}, form="cfg.json").decode()[2:-2] for name, value in values.items()
    }
    text, _ = comments.written("cfg.json", members, said)
    return text.encode()


def _other(document: Document, data: bytes) -> bytes:
    lost = next(losses_beside(document, data), None)
    if lost is not None:
        raise EditError(f"{lost} would be lost in the canonical layout; left alone")
    return forms.write({found.name: found.value for found in document.properties}, form=document.form)


def losses_beside(document: Document, data: bytes) -> Iterator[str]:
    """What a file holds beside the properties that take effect: one phrase for each kind of it."""
    if isinstance(document, XmlDocument):
        text = document.file.source.text
        if comments.of(document):
            yield COMMENTS
        if _XML_EXTRAS.search(text.replace("</jcr:root>", "")) or len(document.file.tags) > 1:
            yield NODES
        yield from _beside_attributes(document)
        return
    if not _is_utf8(data):
        yield BROKEN
    if comments.of(document):
        yield COMMENTS
    if isinstance(document, ConfigDocument) and len(document.occurrences) > len(document.properties):
        yield TWICE


def losses_of_element(document: XmlDocument) -> Iterator[str]:
    """What an element of a folder's node holds beside the properties that take effect."""
    element = document.tag.element
    text = document.file.source.text[element.start : element.end]
    if "<!--" in text:
        yield COMMENTS
    if element.children or "<?" in text:
        yield NODES
    yield from _beside_attributes(document)


def _beside_attributes(document: XmlDocument) -> Iterator[str]:
    if any(
        entry.prefix and (entry.prefix, entry.name) != ("jcr", "primaryType")
        for entry in document.tag.entries
    ):
        yield "attributes of other namespaces"
    if len(document.occurrences) > len(document.properties):
        yield DROPPED
