"""The assets of a training folder, with what Adobe's rules for training count: tags and sizes.

AEM's query builder gives them by the thousand; where it does not answer, the tree is walked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from grammar import patterns
from migrate.targets.instance.errors import InstanceError, Rule

if TYPE_CHECKING:
    from migrate.targets.instance.files import Files
    from migrate.targets.instance.session import Session

ASSET = "dam:Asset"
_QUERY = "/bin/querybuilder.json"
_METADATA = "jcr:content/metadata"
_PROPERTIES = ("cq:tags", "tiff:ImageWidth", "tiff:ImageLength", "dc:format")
_AT_A_TIME = 500
_SWITCH = patterns.lazy(r"(enable)?(smart|auto)_?tag(s|ging)?(enabled)?", re.IGNORECASE)
"""Adobe's pages name the check box "Enable Smart Tags", and not the property that it sets."""
_FOLDERS = frozenset({"sling:Folder", "sling:OrderedFolder", "nt:folder"})


class Asset(NamedTuple):
    """An asset.

    Attributes:
        path: its node.
        tags: the ids of its tags.
        width: pixels; None where the instance does not tell, or it is no image.
        height: likewise.
        format: its MIME type.
    """

    path: str
    tags: tuple[str, ...]
    width: int | None
    height: int | None
    format: str

    @property
    def longer_side(self) -> int | None:
        sides = [side for side in (self.width, self.height) if side is not None]
        return max(sides, default=None)


class Folder(NamedTuple):
    """A training folder.

    Attributes:
        path: its node.
        smart_tags: what "Enable Smart Tags" says; None where neither the folder nor one above it says anything.
        assets: all below it.
        by_query: whether the query builder found them.
    """

    path: str
    smart_tags: bool | None
    assets: tuple[Asset, ...]
    by_query: bool


def read(
    session: Session, files: Files, path: str, watch: Callable[[int], None] = lambda n: None
) -> Folder | None:
    """A training folder; None where there is none, or none that we may see.

    Args:
        watch: gets the number of assets that were read so far.

    Raises:
        InstanceError: the instance cannot be used.
    """
    if files.children(path) is None:
        return None
    found: list[Asset] = []
    queried = _queried(session, path)
    for asset in queried if queried is not None else _walked(session, files, path):
        found.append(asset)
        watch(len(found))
    return Folder(path, _switch(files, path), tuple(found), queried is not None)


def _switch(files: Files, path: str) -> bool | None:
    """What the nearest folder says of smart tags for its assets."""
    while path.count("/") > 1:
        content = files.node(f"{path}/jcr:content")
        for name, value in content.properties.items() if content is not None else ():
            if _SWITCH.fullmatch(name) and not isinstance(value, (dict, list)):
                return str(value).lower() in ("true", "on", "1")
        path = path.rpartition("/")[0]
    return None


def _queried(session: Session, path: str) -> Iterator[Asset] | None:
    """What the query builder finds; None where it does not answer."""
    try:
        first = _page(session, path, 0)
    except InstanceError as error:
        if error.rule not in (Rule.NOT_FOUND, Rule.FORBIDDEN, Rule.HTML, Rule.NOT_AS_EXPECTED, Rule.STATUS):
            raise
        return None
    return None if first is None else _pages(session, path, first)


def _pages(session: Session, path: str, page: Mapping[str, Any]) -> Iterator[Asset]:
    offset = 0
    while True:
        hits = page["hits"]
        for hit in hits:
            node = hit.get("jcr:content", {})
            metadata = node.get("metadata", {}) if isinstance(node, dict) else {}
            yield _asset(str(hit.get("jcr:path", "")), metadata if isinstance(metadata, dict) else {})
        offset += len(hits)
        if len(hits) < _AT_A_TIME:
            return
        following = _page(session, path, offset)
        if following is None:
            return
        page = following


def _page(session: Session, path: str, offset: int) -> Mapping[str, Any] | None:
    query = {
        "path": path,
        "type": ASSET,
        "orderby": "path",
        "p.limit": str(_AT_A_TIME),
        "p.offset": str(offset),
        "p.hits": "selective",
        "p.properties": " ".join(["jcr:path", *(f"{_METADATA}/{name}" for name in _PROPERTIES)]),
    }
    found = session.json(_QUERY, query=query)
    is_page = isinstance(found, dict) and isinstance(found.get("hits"), list)
    return found if is_page and all(isinstance(hit, dict) for hit in found["hits"]) else None


def _walked(session: Session, files: Files, path: str) -> Iterator[Asset]:
    for name, node in (files.children(path) or {}).items():
        if node.type == ASSET:
            yield _asset(f"{path}/{name}", _metadata(session, f"{path}/{name}"))
        elif node.type in _FOLDERS:
            yield from _walked(session, files, f"{path}/{name}")


def _metadata(session: Session, path: str) -> Mapping[str, Any]:
    """An asset's metadata; one request each, and nothing is remembered of it."""
    try:
        found = session.json(f"{path}/{_METADATA}.json")
    except InstanceError as error:
        if error.rule not in (Rule.NOT_FOUND, Rule.FORBIDDEN, Rule.HTML, Rule.NOT_AS_EXPECTED):
            raise
        return {}
    return found if isinstance(found, dict) else {}


def _asset(path: str, metadata: Mapping[str, Any]) -> Asset:
    tags = metadata.get("cq:tags") or ()
    several = [tags] if isinstance(tags, str) else tags
    return Asset(
        path,
        tuple(str(tag) for tag in several),
        _number(metadata.get("tiff:ImageWidth")),
        _number(metadata.get("tiff:ImageLength")),
        str(metadata.get("dc:format", "")),
    )


def _number(value: object) -> int | None:
    """Pixels; AEM has them as numbers, and as text where other tools wrote the metadata."""
    try:
        return int(float(str(value)))
    except (ValueError, OverflowError):
        return None
