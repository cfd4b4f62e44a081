"""The operation ``validateConfigs()`` of the MBean similaritysearch: the last step of Adobe's page, its only call.

AEM's console answers an operation with a page for people. What is known of its form is a table with a column
``Status``; anything else is kept as it came.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_plus

from grammar import patterns
from migrate.targets.instance.errors import InstanceError, Rule

if TYPE_CHECKING:
    from migrate.targets.instance.session import Session, WritingSession

DOMAIN = "com.day.cq.dam.similaritysearch.internal.impl"
BEAN = f"{DOMAIN}:type=similaritysearch"
OPERATION = "validateConfigs"
_RESOURCES = f"/system/sling/monitoring/mbeans/{DOMAIN.replace('.', '/')}.3.json"
_PAGE = "/system/console/jmx"
_ABSENT = (Rule.NOT_FOUND, Rule.FORBIDDEN, Rule.CONSOLE_HIDDEN, Rule.CONSOLE_FORBIDDEN, Rule.HTML)
_BLANKS = patterns.lazy(r"\s+")
RAW = 20_000
"""Characters of an answer that are kept."""


class Row(NamedTuple):
    """A row of the answer.

    Attributes:
        status: what stands under Status.
        cells: all its cells, by the heads of their columns.
    """

    status: str
    cells: dict[str, str]

    @property
    def passed(self) -> bool:
        return self.status.strip().lower() == "passed"


class Answer(NamedTuple):
    """What the operation answered.

    Attributes:
        bean: the MBean's name.
        rows: the rows of the table; none when its form is not known.
        raw: the answer as text without its markup.
    """

    bean: str
    rows: tuple[Row, ...]
    raw: str


def bean(session: Session) -> str | None:
    """The name of the MBean; None where none of its domain is registered, as far as can be seen.

    Raises:
        InstanceError: the instance cannot be used.
    """
    try:
        found = _object_name(session.json(_RESOURCES))
        if found is not None:
            return found
    except InstanceError as error:
        if error.rule not in (*_ABSENT, Rule.NOT_AS_EXPECTED):
            raise
    answer = session.get_if_there(_PAGE)
    if answer is None:
        return None
    names = re.findall(r"href=[\"'][^\"']*/jmx/([^\"'/?#]+)", answer.text)
    of_domain = [name for name in map(unquote_plus, names) if name.startswith(f"{DOMAIN}:")]
    return next((name for name in of_domain if "similaritysearch" in name.partition(":")[2]), None)


def call(session: WritingSession, name: str) -> Answer:
    """Call the operation.

    Raises:
        InstanceError: it did not answer with success.
    """
    path = f"{_PAGE}/{name}/op/{OPERATION}/"
    answer = session.post(path, {}, accept="*/*")
    if not 200 <= answer.status < 300:
        message = f"{OPERATION}() fails (status {answer.status})"
        fix = "The instance's error.log says why"
        raise InstanceError(Rule.SERVER_ERROR, session.where(path), message, fix, status=answer.status)
    return parsed(name, answer.text)


def parsed(name: str, text: str) -> Answer:
    """The answer in the page that came."""
    page = _Page()
    page.feed(text)
    page.close()
    raw = _BLANKS.sub(" ", " ".join(page.words)).strip()[:RAW]
    return Answer(name, tuple(_rows(page.tables)), raw)


def _rows(tables: list[list[list[str]]]) -> list[Row]:
    for table in tables:
        if not table:
            continue
        heads = [cell.strip() for cell in table[0]]
        column = next((n for n, head in enumerate(heads) if head.lower() == "status"), None)
        if column is not None:
            return [
                Row(cells[column].strip(), dict(zip(heads, (cell.strip() for cell in cells), strict=True)))
                for cells in table[1:]
                if len(cells) == len(heads)
            ]
    return []


def _object_name(node: object) -> str | None:
    """The name in the tree that Sling makes of MBeans."""
    if not isinstance(node, dict):
        return None
    name = node.get("mbean:objectName")
    if isinstance(name, str) and name.startswith(f"{DOMAIN}:") and "similaritysearch" in name:
        return name
    return next((found for child in node.values() if (found := _object_name(child)) is not None), None)


class _Page(HTMLParser):
    """The tables of a page, and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.words: list[str] = []
        self._in_cell = self._is_silent = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("")
            self._in_cell = True
        elif tag in ("script", "style"):
            self._is_silent = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._in_cell = False
        elif tag in ("script", "style"):
            self._is_silent = False

    def handle_data(self, data: str) -> None:
        if self._is_silent:
            return
        self.words.append(data)
        if self._in_cell:
            self.tables[-1][-1][-1] += data
