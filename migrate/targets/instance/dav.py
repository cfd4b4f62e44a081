"""What only WebDAV tells without changing anything: a search over all folders, and what we may do in one.

Jackrabbit's remoting server (DavEx) answers SEARCH with JCR-SQL2 and PROPFIND with ``current-user-privilege-set``. On
AEM it may be off; nothing depends on it alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat
from xml.sax.saxutils import escape

from migrate.targets.instance.errors import InstanceError, Rule

if TYPE_CHECKING:
    from migrate.targets.instance.session import Session

ROOTS = ("/crx/server/crx.default/jcr:root", "/server/default/jcr:root")
"""Where AEM and where Sling have the server."""
_DAV, _JCR = "DAV: ", "http://www.day.com/jcr/webdav/1.0 "
_SEARCH = (
    '<?xml version="1.0" encoding="UTF-8"?><d:searchrequest xmlns:d="DAV:" '
    'xmlns:dcr="http://www.day.com/jcr/webdav/1.0"><JCR-SQL2>{}</JCR-SQL2></d:searchrequest>'
)
_PRIVILEGES = (
    '<?xml version="1.0" encoding="UTF-8"?><D:propfind xmlns:D="DAV:"><D:prop>'
    "<D:current-user-privilege-set/></D:prop></D:propfind>"
)
_OFF = frozenset({400, 404, 405, 403, 500, 501})
_PREFIXES = {"http://www.jcp.org/jcr/1.0": "jcr:", "internal": "rep:"}

Element = tuple[str, str, str]
"""An element's name, its parent's, and its text, in the order of the ends."""


def search(session: Session, statement: str) -> list[str] | None:
    """The paths of the nodes that a JCR-SQL2 statement finds; None where there is no such server.

    Raises:
        InstanceError: the instance cannot be used.
    """
    for root in ROOTS:
        elements = _asked(session, "SEARCH", root, _SEARCH.format(escape(statement)), None)
        if elements is not None:
            return list(_paths(elements))
    return None


def privileges(session: Session, path: str) -> frozenset[str] | None:
    """What we may do with a node, as ``jcr:addChildNodes`` ...; None where that cannot be told, or nothing is there.

    Raises:
        InstanceError: the instance cannot be used.
    """
    for root in ROOTS:
        elements = _asked(session, "PROPFIND", f"{root}{path}", _PRIVILEGES, "0")
        if elements is not None:
            return frozenset(_prefixed(name) for name, parent, _ in elements if parent == f"{_DAV}privilege")
    return None


def _asked(session: Session, method: str, path: str, body: str, depth: str | None) -> list[Element] | None:
    try:
        answer = session.dav(method, path, body, depth=depth)
    except InstanceError as error:
        if error.status in _OFF:
            return None
        raise
    elements = _elements(answer.body)
    if elements is None and answer.status == 207:
        message = "not the XML that a WebDAV server gives there"
        raise InstanceError(Rule.NOT_AS_EXPECTED, session.where(path), message, "Check the address")
    # What is no WebDAV server takes a SEARCH for a GET.
    return elements if answer.status == 207 else None


def _elements(data: bytes) -> list[Element] | None:
    """Every element of a document; None for what is not well-formed, or brings entities of its own."""
    found: list[Element] = []
    open_now: list[tuple[str, list[str]]] = []

    def start(name: str, _: object) -> None:
        open_now.append((name, []))

    def end(name: str) -> None:
        _, texts = open_now.pop()
        found.append((name, open_now[-1][0] if open_now else "", "".join(texts)))

    def refuse(*_: object) -> None:
        raise ValueError("a document type")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: open_now[-1][1].append(text)
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        return None
    return found


def _paths(elements: list[Element]) -> list[str]:
    """The values of the columns called jcr:path."""
    paths, column = [], ""
    for name, parent, text in elements:
        if parent != f"{_JCR}column":
            continue
        if name == f"{_JCR}name":
            column = text
        elif name == f"{_JCR}value" and column == "jcr:path" and text:
            paths.append(text)
    return paths


def _prefixed(name: str) -> str:
    namespace, _, local = name.rpartition(" ")
    return _PREFIXES.get(namespace, "") + local
