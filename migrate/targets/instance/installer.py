"""Which file stands for which configuration: the page of Sling's installer, the index of all watched folders.

``OsgiInstallerWebConsolePlugin`` prints a line for each entity (``* entity: digest/priority, URL, STATE``) and, below
it, one for each further resource of the same entity. From 1.1.0 on the line goes on behind the state, with the error if
there was one: ``, INSTALLED, ``. It has no JSON.

An entity's name says less than it seems: each start of the builds from 1.2.4 on names the untouched file of a
console-made ``F.<uuid>`` anew, as ``com.adobe.granite~<uuid>`` (half of the dots), while the live PID stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from grammar import patterns
from migrate.targets.instance.errors import InstanceError, Rule

if TYPE_CHECKING:
    from migrate.targets.instance.session import Session

PAGE = "/system/console/status-osgi-installer.txt"
PAUSE = "/system/sling/installer/jcr/pauseInstallation"
"""A child of it keeps the installer from looking at folders, for ever."""
INSTALLED, IGNORED, WAITING = "INSTALLED", "IGNORED", "INSTALL"
"""The states that matter: it counts; the installer did not install it, or what runs was changed since; it would be
installed if the one that counts went away."""
_JCR = "jcrinstall:"
_LINE = patterns.lazy(
    r"(?:[*-] (?P<entity>.+?): | {2}- )(?P<digest>[^,/]*)/(?P<priority>\d+), (?P<url>.+?), (?P<state>[A-Z_]+)(?:, .*)?"
)
_SECTIONS = ("Active Resources", "Processed Resources", "Untransformed Resources")


class Resource(NamedTuple):
    """A file as the installer knows it.

    Attributes:
        entity: the configuration that it stands for, by the installer's own name.
        digest: of its content, or of its time.
        priority: 100 for /libs, 200 for /apps, and one for each run mode that its folder names.
        url: with its scheme.
        state: ``INSTALLED``, ``IGNORED``, ``INSTALL``, ``UNINSTALL`` ...
        is_first: whether it is the one that counts of its entity.
    """

    entity: str
    digest: str
    priority: int
    url: str
    state: str
    is_first: bool

    @property
    def path(self) -> str | None:
        """In the repository, with its leading slash; None for what comes from elsewhere, the disk for one."""
        return self.url.removeprefix(_JCR) if self.url.startswith(_JCR) else None


class Index(NamedTuple):
    """What the installer knows of configurations.

    Attributes:
        resources: in the page's order.
        is_busy: whether it had something to do when it was asked.
    """

    resources: tuple[Resource, ...]
    is_busy: bool

    def at(self, path: str) -> Resource | None:
        """The resource of a repository path, with its leading slash."""
        return next((one for one in self.resources if one.path == path), None)

    def of_entity(self, entity: str) -> tuple[Resource, ...]:
        return tuple(one for one in self.resources if one.entity == entity)


def read(session: Session) -> Index:
    """The index of an instance.

    Raises:
        InstanceError: there is none, none for us, or one in a form of which a file would be overlooked.
    """
    return session.whole(lambda: _read(session))


def _read(session: Session) -> Index:
    text = session.page(PAGE)
    found = parsed(text)
    told = sum(_JCR in line and line.startswith(("* ", "- ", "  - ")) for line in _configurations(text))
    if not all(section in text for section in _SECTIONS[:2]) or told > sum(
        one.path is not None for one in found.resources
    ):
        message = "not the page that Sling's installer gives there"
        raise InstanceError(Rule.NOT_AS_EXPECTED, session.where(PAGE), message, "Check the address")
    return found


def _configurations(text: str) -> Iterator[str]:
    """The lines that speak of configurations."""
    kind = ""
    for line in _joined(text):
        if line.endswith(":") and not line.startswith(("*", "-", " ")):
            kind = line[:-1]
        elif line in _SECTIONS:
            kind = ""
        elif kind == "Configurations":
            yield line


def parsed(text: str) -> Index:
    """The index in the text of the page; lines that say nothing of configurations are passed over."""
    resources: list[Resource] = []
    section, kind, entity, is_busy = "", "", "", False
    for line in _joined(text):
        if line in _SECTIONS:
            section = line
        elif line.endswith(":") and not line.startswith(("*", "-", " ")):
            kind = line[:-1]
        elif found := _LINE.fullmatch(line):
            is_busy = is_busy or section == _SECTIONS[0]
            if kind != "Configurations":
                continue
            first = found["entity"] is not None
            entity = found["entity"] if first else entity
            resources.append(
                Resource(entity, found["digest"], int(found["priority"]), found["url"], found["state"], first)
            )
    return Index(tuple(resources), is_busy)


def _joined(text: str) -> Iterator[str]:
    """The lines; an entity with an alias has that on a line of its own, between its name and the rest."""
    pending = ""
    for line in text.splitlines():
        if line.startswith("* ") and ": " not in line:
            pending = line
        elif pending:
            _, colon, rest = line.partition(": ")
            yield f"{pending}{colon}{rest}"
            pending = ""
        else:
            yield line
