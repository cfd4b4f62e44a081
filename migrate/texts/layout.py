"""The canonical layout of a configuration: as AEM's own writers write it, comments kept where the form has them.

`.config`: Felix's writer (sorted keys, CRLF, one item a line). A comment stays above the property it stood above, the
comments before the first property at the top of the file. `.cfg.json` and XML: the installer's and FileVault's
writer; what stands there beside the properties would be lost, so such files are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grammar import forms
from grammar.config.document import ConfigDocument
from grammar.config.hazards import of_bytes
from grammar.documents import Document
from grammar.errors import EditError, ParseError
from grammar.hazards import Hazard
from grammar.java import units
from grammar.places import LINE_END
from migrate.errors import MigrateError

_COMMENT = re.compile(r"#[^\r\n]*")
_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*+"|(//|/\*)', re.DOTALL)
_EOL = "\r\n"
_BROKEN = "bytes that are not UTF-8"
_XML_EXTRAS = re.compile(rb"<!--|</|<\?(?!xml )")


class LayoutError(MigrateError):
    """A file whose layout cannot be changed without changing more than that; one line."""


def formatted(data: bytes, path: str, *, form: str, keep_order: bool = False) -> bytes:
    """The bytes in the canonical layout; the same values, as a second reading by every reader proves.

    Args:
        data: the file's bytes.
        path: a name for error messages.
        form: ``"config"``, ``"cfg.json"`` or ``"xml"``.
        keep_order: leave the properties of a `.config` in their order.

    Raises:
        ParseError: AEM's readers do not all load what the text looks like.
        LayoutError: something would be lost.
    """
    document = forms.parse(data, path, form=form)
    try:
        if isinstance(document, ConfigDocument):
            result = _config(document, keep_order=keep_order)
        else:
            result = _other(document, data)
    except EditError as error:
        raise LayoutError(f"{path}: {error}") from None
    _prove(document, result, path)
    return result


def settled(before: bytes, after: bytes, *, form: str) -> list[Hazard]:
    """The hazards of a text that its canonical layout no longer shows: there it says what AEM loads.

    Worth a word: somebody may have meant the backslash that AEM never loaded, and now nobody sees it any more.
    """
    left = {(found.rule, found.name) for found in forms.hazards(forms.parse(after, form=form))}
    seen = list(forms.hazards(forms.parse(before, form=form)))
    if form == "config":
        seen += of_bytes(before)
    return [found for found in seen if (found.rule, found.name) not in left]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _prove(document: Document, result: bytes, path: str) -> None:
    """Raises LayoutError unless the document and every model of a reader load the same from the result."""
    values = {found.name: found.value for found in document.properties}
    try:
        again = forms.parse(result, path, form=document.form)
    except ParseError as error:
        raise LayoutError(
            f"{path}: cannot be written so that AEM reads it back ({error.rule}); left alone"
        ) from None
    loaded = forms.load_all(result, form=document.form).values()
    if {p.name: p.value for p in again.properties} != values or any(
        one.properties != values for one in loaded
    ):
        raise LayoutError(f"{path}: a value would change type or content; left alone")


def _config(document: ConfigDocument, *, keep_order: bool) -> bytes:
    winners = {id(found) for found in document.properties}
    head, at = "", 0
    blocks: list[tuple[str, list[str], str]] = []
    pending: list[str] = []
    for number, (entry, found) in enumerate(zip(document.entries, document.occurrences, strict=True)):
        behind, comments = _split(document.raw[at : entry.key_start])
        at = entry.value_end
        if number == 0:
            head = _lines([*behind, *comments])
        else:
            (blocks[-1][1] if blocks and not pending else pending).extend(behind)
            pending += comments
        if id(found) in winners:
            line = forms.write({found.name: found.value}).decode()
            blocks.append((found.name, pending, line))
            pending = []
    behind, comments = _split(document.raw[at:])
    (blocks[-1][1] if blocks and not pending else pending).extend(behind)
    if not keep_order:
        blocks.sort(key=lambda block: units.utf16_order(block[0]))
    text = head + "".join(_lines(above) + line for _, above, line in blocks) + _lines([*pending, *comments])
    return text.encode("utf-8", "surrogateescape")


def _split(trivia: str) -> tuple[list[str], list[str]]:
    """The comments between two properties: the one behind the first, and those above the second."""
    line = LINE_END.split(trivia, maxsplit=1)
    return _comments(line[0]), _comments(line[1]) if len(line) > 1 else []


def _comments(trivia: str) -> list[str]:
    return _COMMENT.findall(trivia)


def _lines(comments: list[str]) -> str:
    return "".join(comment.rstrip() + _EOL for comment in comments)


def _other(document: Document, data: bytes) -> bytes:
    lost = next(losses_beside(document, data), None)
    if lost is not None:
        raise EditError(f"{lost} would be lost in the canonical layout; left alone")
    return forms.write({found.name: found.value for found in document.properties}, form=document.form)


def losses_beside(document: Document, data: bytes) -> Iterator[str]:
    """What a file holds beside the properties that take effect: one phrase for each kind of it."""
    if document.form != "xml" and not _is_utf8(data):
        yield _BROKEN
    if isinstance(document, ConfigDocument):
        ends = [0, *(entry.value_end for entry in document.entries)]
        starts = [*(entry.key_start for entry in document.entries), len(document.raw)]
        if any(_comments(document.raw[a:b]) for a, b in zip(ends, starts, strict=True)):
            yield "comments"
        if len(document.occurrences) > len(document.properties):
            yield "earlier values of keys that stand twice"
    elif document.form == "cfg.json":
        text = data.decode("utf-8", "replace")
        if any(found[1] for found in _STRING_OR_COMMENT.finditer(text)):
            yield "comments"
    else:
        yield from _beside_xml(document, data)


def _beside_xml(document: Document, data: bytes) -> Iterator[str]:
    from grammar.xml.document import XmlDocument

    assert isinstance(document, XmlDocument)
    if _XML_EXTRAS.search(data.replace(b"</jcr:root>", b"")) or len(document.file.tags) > 1:
        yield "comments, instructions or child nodes"
    if any(
        entry.prefix and (entry.prefix, entry.name) != ("jcr", "primaryType")
        for entry in document.tag.entries
    ):
        yield "attributes of other namespaces"
    if len(document.occurrences) > len(document.properties):
        yield "attributes that AEM drops"
