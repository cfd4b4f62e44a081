"""What of an XML file with mistakes is loaded all the same, and which mistakes stand behind the first.

A folder's ``.content.xml`` holds many configurations. What ConfigAdmin refuses, and most of what the repository
refuses, costs one of them; where FileVault stops reading, those behind it are lost, and with FileVault 3.6.0 the whole
import. Tried with FileVault 3.2.8, 3.4.10, 3.6.0 and 3.8.2 (tests/live/vault).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from grammar import patterns
from grammar.errors import ParseError
from grammar.xml import checks
from grammar.xml import document as xml_document
from grammar.xml.checks import Mistake
from grammar.xml.document import File, XmlDocument
from grammar.xml.docview import Reach
from grammar.xml.markup.spans import Element

MAX_BYTES = 64 * 1024
"""Of what is larger the first mistake is told only."""

_NOT_BREAK = patterns.lazy(r"[^\r\n]")


class Rejected(NamedTuple):
    """A configuration of a file that is not loaded as it says.

    Attributes:
        node: its path below the file's own node.
        error: why, which may stand in another configuration.
        source: its element, as it stands in the file.
    """

    node: str
    error: ParseError
    source: str


class Parts(NamedTuple):
    """The configurations of a file.

    Attributes:
        documents: those that all readers load as they say.
        rejected: the others.
        mistakes: all that is wrong, those first with which the file is rejected.
    """

    documents: list[tuple[str, XmlDocument]]
    rejected: list[Rejected]
    mistakes: list[ParseError]


class Beyond(NamedTuple):
    """What stands behind the first mistake of a file.

    Attributes:
        mistakes: every one, the first one too; none where nothing is known behind it.
        mended: the documents that it would hold without the attributes with one.
        loaded: those that all readers load as they say.
    """

    mistakes: list[ParseError]
    mended: list[tuple[str, XmlDocument]]
    loaded: list[tuple[str, XmlDocument]]


def parts(data: bytes, path: str | None = None, versions: tuple[str, ...] | None = None) -> Parts:
    """The configurations of a file, whatever is wrong with some of them.

    Args:
        data: the file's bytes, any bytes.
        path: as for `document.parse`.
        versions: the readers that count; all of them by default.

    Raises:
        ParseError: the file as a whole cannot be read.
    """
    file = xml_document.read(data, path, versions)
    nodes = list(xml_document.config_elements(file))
    return _parts(file, nodes, _mistakes(file, nodes))


def _parts(file: File, nodes: Sequence[tuple[str, int]], found: Sequence[Mistake]) -> Parts:
    causes = _causes(file, [index for _, index in nodes], found)
    documents: list[tuple[str, XmlDocument]] = []
    rejected: list[Rejected] = []
    for node, index in nodes:
        element = file.tags[index].element
        if index in causes:
            rejected.append(Rejected(node, causes[index].error, file.raw[element.start : element.end]))
        else:
            documents.append((node, XmlDocument(file, index)))
    return Parts(documents, rejected, [one.error for one in found])


def beyond(data: bytes, path: str | None = None, versions: tuple[str, ...] | None = None) -> Beyond:
    """What stands behind the first mistake of a file.

    Args:
        data: as for `parts`.
        path: as for `parts`.
        versions: as for `parts`.
    """
    try:
        file = xml_document.read(data, path, versions)
    except ParseError:
        return Beyond([], [], [])
    nodes = list(xml_document.config_elements(file))
    found = _mistakes(file, nodes)
    loaded = _parts(file, nodes, found).documents
    if len(data) > MAX_BYTES:
        return Beyond([], [], loaded)
    try:
        mended = xml_document.configurations(file.source.encode(_mended(file.raw, found)), path, versions)
    except ParseError:
        return Beyond([], [], loaded)
    return Beyond([one.error for one in found], mended, loaded)


def _mistakes(file: File, nodes: Sequence[tuple[str, int]]) -> list[Mistake]:
    """All of a file, and behind them what the installer or ConfigAdmin has against one configuration."""
    found = list(file.mistakes)
    for _, index in nodes:
        if len(found) >= checks.MOST:
            return [*found[:-1], found[-1]._replace(reach=Reach.ALL)]
        entries = [entry for entry in file.tags[index].entries if not entry.prefix]
        _, wrong = checks.read_config(file.raw, entries, file.namespaces)
        found += [checks.mistake(index, error, entry, file.versions) for entry, error in wrong]
    return found


def _causes(file: File, nodes: Sequence[int], found: Sequence[Mistake]) -> dict[int, Mistake]:
    """For each configuration that is not loaded as it says the mistake that does it, its own first."""
    of_node: dict[Element, Mistake] = {}
    for one in found:
        of_node.setdefault(file.tags[one.tag].element, one)
    if twin := next((one for one in found if one.error.rule == "xml-duplicate"), None):
        for first in file.firsts:
            of_node.setdefault(first, twin)
    of_all = next((one for one in found if one.reach is Reach.ALL), None)
    ending = min((one for one in found if one.reach is Reach.REST), key=lambda one: one.tag, default=None)
    causes = {}
    for index in nodes:
        element: Element | None = file.tags[index].element
        cause = of_node.get(file.tags[index].element)
        while cause is None and element is not None:
            # Where a node is not made, nothing is below it.
            cause, element = of_node.get(element), element.parent
        if cause is None and ending is not None and ending.tag < index:
            cause = ending
        if cause is None and index == 0:
            # The file's own node: nothing is loaded beside it, so whatever is wrong below it is reported of it.
            cause = next(iter(found), None)
        if cause is not None or of_all is not None:
            causes[index] = cause or of_all
    return {index: cause for index, cause in causes.items() if cause is not None}


def _mended(text: str, found: Sequence[Mistake]) -> str:
    """The text with blanks for the attributes that have mistakes."""
    for one in found:
        text = text[: one.start] + _NOT_BREAK.sub(" ", text[one.start : one.end]) + text[one.end :]
    return text
