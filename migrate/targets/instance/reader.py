"""A running instance, open for reading: to inventory, passes and plan a target like any other.

Paths are those of the repository without the leading slash. A sling:OsgiConfig node stands under its own path, without
an extension perhaps, and reads as the `.config` text that says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from grammar.forms import form_of
from migrate.integration.edits import Refusal
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.targets.base import Target, has_one_of
from migrate.targets.changes import FileChange
from migrate.targets.instance import dav, installer, live, rights, versions
from migrate.targets.instance.access import Access
from migrate.targets.instance.errors import InstanceError, Rule
from migrate.targets.instance.files import Files, Node
from migrate.targets.instance.installer import Index
from migrate.targets.instance.live import Live
from migrate.targets.instance.rights import Rights
from migrate.targets.instance.session import Session
from migrate.targets.instance.versions import Versions
from migrate.targets.walk import PREFIXES, is_configuration_folder
from migrate.workers import SERIAL, Workers

FACTORIES = (PROVIDER, CUSTOMIZER)
NEW_CONFIGURATIONS = "apps/system/config"
"""Where AEM's installer writes what people make in the console."""
_CLOSED = (Rule.CONSOLE_FORBIDDEN, Rule.CONSOLE_HIDDEN)
_LOOKS = 3
_PAUSE = 1.0
"""Seconds before a folder is listed again: right after a start listings come and go."""
_STATEMENT = "SELECT [jcr:path] FROM [nt:base] WHERE ISDESCENDANTNODE('/apps') AND ({})"
EVERYTHING = ("",)
"""As the beginnings of names: whatever configuration there is."""
_EVERY_FORM = "NAME() LIKE '%.config' OR NAME() LIKE '%.cfg.json' OR [jcr:primaryType] = 'sling:OsgiConfig'"


@dataclass(frozen=True, slots=True)
class Console:
    """What the web console tells.

    Attributes:
        index: which file stands for which configuration.
        live: what runs of the two factories, and whatever else has a PID that begins like theirs; nothing where others
            are read.
        versions: what it runs on.
    """

    index: Index
    live: tuple[Live, ...]
    versions: Versions


@dataclass(slots=True)
class InstanceReader:
    """A running instance. Only reads: its session has no way to do anything else.

    Attributes:
        target: the instance.
        session: to it.
        files: what its repository holds.
        unreadable: what was not searched, and files that stand for one of ours and cannot be read, with the reason.
        packages: none.
        closed: why the web console tells us nothing; None when it does.
        searched: whether every folder was searched, those of inactive run modes among them.
        prefixes: how the names begin of what is found.
    """

    target: Target
    session: Session
    files: Files = field(init=False)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)
    closed: InstanceError | None = None
    searched: bool = True
    prefixes: tuple[str, ...] = PREFIXES
    _console: Console | None = None

    def __post_init__(self) -> None:
        self.files = Files(self.session)

    @classmethod
    def open(cls, target: Target, access: Access, prefixes: tuple[str, ...] = PREFIXES) -> Self:
        """Open an instance; sends nothing yet.

        Raises:
            InstanceError: the access cannot be right.
        """
        return cls(target, Session(target, access), prefixes=prefixes)

    def close(self) -> None:
        self.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- what a plan needs of any reader ---------------------------------------------------------------------

    def find(self, workers: Workers = SERIAL) -> Iterator[str]:
        """The files and nodes whose names begin as is wanted, those of the two factories by default; sorted.

        What a start shows for a moment is not believed: a folder that lacks what the installer knows is listed again,
        and so is everything where there is nothing at all.
        """
        for look in range(_LOOKS):
            found = self._found()
            if found or self.unreadable or look:
                break
            self._wait()
        yield from found

    def read(self, path: str) -> bytes:
        """The bytes of a file; of a node, the `.config` text with its values.

        Raises:
            TargetError: it is not there, or not for us.
            InstanceError: the instance cannot be used.
        """
        return self.files.content(f"/{path}")

    def read_if_there(self, path: str) -> bytes | None:
        return self.read(path) if self.files.node(f"/{path}") is not None else None

    def listing(self, folder: str, *parts: str) -> frozenset[str]:
        return frozenset(filter(has_one_of(parts), self.files.children(f"/{folder}") or ()))

    def is_open_to_others(self, path: str) -> bool:
        """A repository has no modes."""
        return False

    def refusals(self, changes: Sequence[FileChange]) -> list[tuple[str, Refusal]]:
        """None: rights are told as findings, and the swap is refused as a whole by the instance itself."""
        return []

    def sha256(self) -> None:
        """Each file has its own."""

    def location(self, path: str) -> str:
        return path

    def read_location(self, location: str) -> bytes | None:
        return self.read_if_there(location)

    def inside(self, location: str) -> str | None:
        return location

    def below(self, folder: str) -> list[str]:
        found = []
        for name, node in sorted((self.files.children(f"/{folder}") or {}).items()):
            path = f"{folder}/{name}"
            found += [path] if node.is_file or node.is_configuration else self.below(path)
        return found

    # --- what only an instance has ---------------------------------------------------------------------------

    def is_node(self, path: str) -> bool:
        """Whether a path is a configuration without being a file."""
        node = self.files.node(f"/{path}")
        return node is not None and node.is_configuration

    def console(self) -> Console | None:
        """What the web console tells; None when it is closed to us, and then `closed` says why.

        Raises:
            InstanceError: the instance cannot be used.
        """
        if self._console is None and self.closed is None:
            try:
                self._console = self._asked()
            except InstanceError as error:
                if error.rule not in _CLOSED:
                    raise
                self.closed = error
        return self._console

    def rights(self, folders: Sequence[str]) -> list[Rights]:
        """What we may do in some folders, given without the leading slash.

        Raises:
            InstanceError: the instance cannot be used.
        """
        return rights.read(self.session, [f"/{folder}" for folder in folders])

    def _asked(self) -> Console:
        ours = FACTORIES if self.prefixes == PREFIXES else ()
        return Console(
            installer.read(self.session),
            tuple(one for factory in ours for one in live.of_factory(self.session, factory)),
            versions.read(self.session),
        )

    # --- finding ---------------------------------------------------------------------------------------------

    def _found(self) -> list[str]:
        self.unreadable = []
        console = self.console()
        indexed = self._indexed(console.index) if console else set()
        self._must_be_readable()
        searched = self._searched()
        self.searched = searched is not None
        beside = self._beside(indexed) if searched is None else searched
        folders: dict[str, set[str]] = {}
        for path in indexed:
            folder, _, name = path.rpartition("/")
            folders.setdefault(folder, set()).add(name)
        for path in beside:
            folders.setdefault(path.rpartition("/")[0], set())
        paths = (
            self._ours(folder, node)
            for folder, expected in sorted(folders.items())
            for node in self._settled(folder, expected).values()
        )
        return sorted(path.lstrip("/") for path in paths if path)

    def _indexed(self, index: Index) -> set[str]:
        """The paths that the installer knows of ours; what is ours and no path of the repository cannot be read."""
        paths = set()
        for one in index.resources:
            name = (one.path or one.url).rpartition("/")[2]
            if not name.startswith(self.prefixes):
                continue
            if one.path is not None:
                paths.add(one.path)
            elif self.prefixes != EVERYTHING:
                reason = "on the disk of the instance, not in its repository: only there it can be edited"
                self.unreadable.append((one.url, reason))
        return paths

    def _must_be_readable(self) -> None:
        """Without the repository there is nothing to plan, whatever the console tells."""
        if self.files.children("/apps") is not None or self.files.children("/apps/system/config") is not None:
            return
        if self.closed is not None:
            raise self.closed
        who = f"the user {self.session.access.user}" if self.session.access.user else "an unknown user"
        message = f"{who} may not read /apps, where configurations stand"
        fix = "Ask for jcr:read there; --user NAME says who asks"
        raise InstanceError(Rule.NOT_FOUND, self.session.where("/apps"), message, fix, status=404)

    def _searched(self) -> set[str] | None:
        """The paths that a search finds, also in the folders of inactive run modes; None where it does not work."""
        beginnings = [prefix.replace("'", "''") for prefix in self.prefixes]
        names = " OR ".join(f"NAME() LIKE '{beginning}%'" for beginning in beginnings)
        wanted = _EVERY_FORM if self.prefixes == EVERYTHING else names
        found = dav.search(self.session, _STATEMENT.format(wanted))
        return None if found is None else {path for path in found if _is_watched(path)}

    def _beside(self, indexed: set[str]) -> set[str]:
        """Without a search: what stands in the folders beside those that the installer knows of."""
        parents = {"/apps/system", *(path.rpartition("/")[0].rpartition("/")[0] for path in indexed)}
        found = set()
        for parent in sorted(parents):
            for name in self.files.children(parent) or {}:
                if is_configuration_folder(name):
                    nodes = self.files.children(f"{parent}/{name}") or {}
                    found |= {
                        f"{parent}/{name}/{child}" for child in nodes if child.startswith(self.prefixes)
                    }
        return found

    def _settled(self, folder: str, expected: set[str]) -> Mapping[str, Node]:
        """What a folder holds, listed until it holds what the installer knows of it."""
        for look in range(_LOOKS):
            nodes = self.files.children(folder)
            if nodes is not None and expected <= nodes.keys():
                return nodes
            if look + 1 < _LOOKS:
                self._wait()
        reason = "the installer knows it, but it is not there, or not for us"
        lacking = sorted(expected - (nodes or {}).keys())
        self.unreadable += [(f"{folder}/{name}".lstrip("/"), reason) for name in lacking]
        return nodes or {}

    def _wait(self) -> None:
        self.session.sleep(_PAUSE)
        self.files.forget()

    def _ours(self, folder: str, node: Node) -> str | None:
        """The path of a node of ours; a file in a form that is not read is told of."""
        if not node.name.startswith(self.prefixes):
            return None
        path = f"{folder}/{node.name}"
        if node.is_configuration or (node.is_file and form_of(node.name) in ("config", "cfg.json")):
            return path
        if self.prefixes != PREFIXES:
            return None
        reason = "in a form that slingshift does not read (.config, .cfg.json and sling:OsgiConfig nodes are)"
        self.unreadable.append((path.lstrip("/"), reason))
        return None


def _is_watched(path: str) -> bool:
    """Whether the installer looks into a folder above a path, whatever its run modes."""
    return any(is_configuration_folder(part) for part in path.split("/")[:-1])
