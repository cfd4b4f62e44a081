"""What is to be done on an instance: made by a plan, carried out by a run. Data below both."""

from __future__ import annotations

from typing import NamedTuple

from migrate.integration import properties as p
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.targets.changes import told
from migrate.targets.instance.live import Live

NAMES = {PROVIDER: p.NAME, CUSTOMIZER: p.CUSTOMIZER_TYPE}
"""The property that says which integration an instance of each factory belongs to."""


class Piece(NamedTuple):
    """One file of the swap. Paths are the repository's, without the leading slash.

    Attributes:
        old: what is moved away or written anew; None where nothing is there yet.
        new: what is written; None where the file only goes.
        before: the bytes at `old`; of a node, the `.config` text that says the same.
        after: the bytes for `new`.
        is_node: whether there is a sling:OsgiConfig node at `old`.
        ran: what ran without a file, as the text of one.
    """

    old: str | None
    new: str | None
    before: bytes | None
    after: bytes | None
    is_node: bool = False
    ran: bytes | None = None

    def __repr__(self) -> str:
        return f"Piece({self.old!r} -> {self.new!r}, {told(self.before)} -> {told(self.after)})"


class Wanted(NamedTuple):
    """What must run once the swap was carried out.

    Attributes:
        pid: None where the build makes one up.
        factory_pid: one of the two factories.
        name: the provider's name, or the customizer's type.
        paths: the files that may back it; of twins the installer chooses.
    """

    pid: str | None
    factory_pid: str
    name: str | None
    paths: tuple[str, ...]


class Left(NamedTuple):
    """What runs on with old values, and is deleted by the evidence.

    Attributes:
        live: it, as the plan saw it.
        factory_pid: the factory whose it is, or whose it was to be.
        name: the provider's name, or the customizer's type.
    """

    live: Live
    factory_pid: str
    name: str | None


class Work(NamedTuple):
    """Everything that is to be done on an instance.

    Attributes:
        version: of factory configuration; None where it is not known.
        closed: why the web console tells us nothing; None when it does.
        pieces: the files, which are swapped in one request.
        wanted: what must run afterwards.
        left: what is then to be deleted.
        token: the node with the cached token, where that would hide a mistake.
    """

    version: str | None
    closed: str | None
    pieces: tuple[Piece, ...]
    wanted: tuple[Wanted, ...] = ()
    left: tuple[Left, ...] = ()
    token: str | None = None
