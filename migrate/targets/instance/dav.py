"""What only WebDAV tells without changing anything: a search over all folders, and what we may do in one.

Jackrabbit's remoting server (DavEx) answers SEARCH with JCR-SQL2 and PROPFIND with ``current-user-privilege-set``. On
AEM it may be off; nothing depends on it alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from migrate.targets.instance.errors import InstanceError, Rule

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from migrate.targets.instance.session import Session

ROOTS = ("/crx/server/crx.default/jcr:root", "/server/default/jcr:root")
"""Where AEM and where Sling have the server."""
_DAV, _JCR = "{DAV:}", "{http://www.day.com/jcr/webdav/1.0}"
_SEARCH = (
    '<?xml version="1.0" encoding="UTF-8"?><d:searchrequest xmlns:d="DAV:" '
    'xmlns:dcr="http://www.day.com/jcr/webdav/1.0"><JCR-SQL2>{}</JCR-SQL2></d:searchrequest>'
)
_PRIVILEGES = (
    '<?xml version="1.0" encoding="UTF-8"?><D:propfind xmlns:D="DAV:"><D:prop>'
    "<D:current-user-privilege-set/></D:prop></D:propfind>"
)
_OFF = frozenset({400, 404, 405, 403, 500, 501})
_PREFIXES = {"http://www.jcp.org/jcr/1.0": "jcr", "internal": "rep"}


def search(session: Session, statement: str) -> list[str] | None:
    """The paths of the nodes that a JCR-SQL2 statement finds; None where there is no such server.

    Raises:
        InstanceError: the instance cannot be used.
    """
    for root in ROOTS:
        tree = _asked(session, "SEARCH", root, _SEARCH.format(escape(statement)), None)
        if tree is not None:
            return [path for column in tree.iter(f"{_JCR}column") if (path := _path_in(column))]
    return None


def privileges(session: Session, path: str) -> frozenset[str] | None:
    """What we may do with a node, as ``jcr:addChildNodes`` ...; None where that cannot be told, or nothing is there.

    Raises:
        InstanceError: the instance cannot be used.
    """
    for root in ROOTS:
        tree = _asked(session, "PROPFIND", f"{root}{path}", _PRIVILEGES, "0")
        if tree is not None:
            return frozenset(
                _prefixed(privilege.tag) for held in tree.iter(f"{_DAV}privilege") for privilege in held
            )
    return None


def _asked(session: Session, method: str, path: str, body: str, depth: str | None) -> Element | None:
    try:
        answer = session.dav(method, path, body, depth=depth)
    except InstanceError as error:
        if error.status in _OFF:
            return None
        raise
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        tree: Element = fromstring(answer.body)
        return tree
    except (ParseError, DefusedXmlException, ValueError):
        pass
    if answer.status != 207:
        # What is no WebDAV server takes a SEARCH for a GET.
        return None
    message = "not the XML that a WebDAV server gives there"
    raise InstanceError(Rule.NOT_AS_EXPECTED, session.where(path), message, "Check the address")


def _path_in(column: Element) -> str:
    if column.findtext(f"{_JCR}name") != "jcr:path":
        return ""
    return column.findtext(f"{_JCR}value") or ""


def _prefixed(tag: str) -> str:
    namespace, _, name = tag.removeprefix("{").rpartition("}")
    prefix = _PREFIXES.get(namespace)
    return f"{prefix}:{name}" if prefix else name
