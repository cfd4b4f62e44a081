"""What the journal of a run on an instance holds besides the entries: `instance.json`, the live values, the steps."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from migrate.runs import disk, journal, recording, records
from migrate.runs.disk import Meta
from migrate.runs.errors import ApplyError, Kind, about
from migrate.runs.journal import APPLYING, PLAN, STATE, Journal
from migrate.runs.records import Entry, Record, Version
from migrate.targets.base import Target
from migrate.targets.changes import sha256
from migrate.targets.instance.live import Live, printed
from migrate.targets.instance.work import Wanted, Work

INSTANCE, STEPS = "instance.json", "steps"
_LIVE, _RAN = "old.live", "old.ran"
"""Named as contents before are: they go when those do, secrets and all."""
_VERSION = 1
_NOBODY = Meta(0, 0, 0)
"""A repository has no modes and owners; whoever may write a folder there may write its files."""

Values = dict[str, str]


class Options(NamedTuple):
    """How a run is carried out.

    Attributes:
        wait: seconds that the instance has for running what it is given.
        keep_token: leave the cached token where it is.
        restart: restart the bundles that own the two factories.
        repository_only: leave everything out that takes the web console.
    """

    wait: float = 60.0
    keep_token: bool = False
    restart: bool = False
    repository_only: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What `instance.json` says.

    Attributes:
        build: version of factory configuration; None where it is not known.
        nodes: the entries that are sling:OsgiConfig nodes before.
        moves: entries whose instance gets another path, each with the entry of that.
        ran: entries that are made, with the number of the blob that says what ran before.
        wanted: what must run afterwards.
        left: what is then to be deleted: PID, factory, name.
        token: the node with the cached token.
        options: of the run.
    """

    build: str | None
    nodes: tuple[int, ...]
    moves: tuple[tuple[int, int], ...]
    ran: tuple[int, ...]
    wanted: tuple[Wanted, ...]
    left: tuple[tuple[str, str, str | None], ...]
    token: str | None
    options: Options


@dataclass(slots=True)
class InstanceJournal:
    """The journal of a run on an instance.

    Attributes:
        journal: as every run has it.
        told: what else it says.
    """

    journal: Journal
    told: Told

    @property
    def base(self) -> str:
        """The instance's address."""
        return self.journal.record.places[0]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.journal.record.entries

    def bytes_of(self, index: int, which: str) -> bytes:
        """The content of an entry, `old` or `new`, proved to be what it was.

        Raises:
            ApplyError: it is damaged, or cannot be read.
        """
        entry = self.entries[index]
        version = entry.old if which == "old" else entry.new
        data = self._blob(f"{which}.{index}")
        if version is None or sha256(data) != version.sha256:
            raise journal.damaged(self.journal.folder)
        return data

    def ran(self, index: int) -> bytes | None:
        """What ran before an entry was made, as the text of a file; None where nothing did."""
        return self._blob(f"{_RAN}.{index}") if index in self.told.ran else None

    def live(self) -> dict[str, Values]:
        """What the plan saw running and wants deleted: the values, as the console prints them, by PID."""
        found: dict[str, Values] = json.loads(self._blob(_LIVE))
        return found

    def step(self, name: str, phase: str, about_what: str = "") -> None:
        """Write down, durably, that a step is about to be sent, or was confirmed by reading. No value is in it.

        Raises:
            ApplyError: it cannot be written.
        """
        moment = datetime.now(UTC).isoformat("T", "milliseconds")
        line = json.dumps({"time": moment, "step": name, "phase": phase, "what": about_what})
        with about(self.journal.folder / STEPS, "writing the journal"):
            descriptor = os.open(self.journal.folder / STEPS, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, line.encode() + b"\n")
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def has_sent(self, name: str) -> bool:
        """Whether a step was about to be sent at least once.

        Raises:
            ApplyError: the journal cannot be read.
        """
        if not os.path.lexists(self.journal.folder / STEPS):
            return False
        return f'"step": "{name}", "phase": "sent"'.encode() in journal.small_file(
            self.journal.folder / STEPS
        )

    def _blob(self, name: str) -> bytes:
        return journal.small_file(self.journal.folder / name)


def create(state: Path, target: Target, work: Work, options: Options, description: str) -> InstanceJournal:
    """Write the journal of a new run; when this returns it is durable, and owned by this process.

    Raises:
        ApplyError: the changes contradict one another, or it cannot be written. No journal is left.
    """
    contents = _contents(work)
    indexes = {path: number for number, path in enumerate(contents)}
    told = _told(work, options, indexes)
    folder, owner = recording.new_folder(state)
    try:
        with about(folder, "writing the journal"), disk.folder(folder.as_posix()) as at:
            for path, (old, new) in contents.items():
                for which, data in (("old", old), ("new", new)):
                    if data is not None:
                        at.write(f"{which}.{indexes[path]}", data)
            for piece in work.pieces:
                if piece.ran is not None and piece.new is not None:
                    at.write(f"{_RAN}.{indexes[piece.new]}", piece.ran)
            at.write(_LIVE, json.dumps({one.live.pid: texts(one.live) for one in work.left}).encode())
            at.write(INSTANCE, json.dumps({"version": _VERSION, **asdict(told)}).encode())
            entries = tuple(
                Entry(target.root, path, _version(old), _version(new))
                for path, (old, new) in contents.items()
            )
            record = Record(folder.name, (target.location,), (target.root,), description, entries, ())
            at.settle()
            journal.commit(at, PLAN, records.dump(record))
            journal.commit(at, STATE, APPLYING.encode() + b"\n")
            disk.settle(str(folder.parent))
    except BaseException:
        journal.discard(folder, owner)
        raise
    return InstanceJournal(Journal(folder, record, owner), told)


def load(of: Journal) -> InstanceJournal:
    """The journal of a run on an instance.

    Raises:
        ApplyError: it is damaged.
    """
    try:
        told = _parsed(json.loads(journal.small_file(of.folder / INSTANCE)))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise journal.damaged(of.folder) from None
    return InstanceJournal(of, told)


def texts(live: Live) -> Values:
    """What runs, as the console prints it."""
    return {**{name: printed(value) for name, value in live.values.items()}, **live.texts}


def _contents(work: Work) -> dict[str, tuple[bytes | None, bytes | None]]:
    """Every path with its bytes before and after."""
    old: dict[str, bytes] = {}
    new: dict[str, bytes] = {}
    for piece in work.pieces:
        for path, data, seen in ((piece.old, piece.before, old), (piece.new, piece.after, new)):
            if path is None or data is None:
                continue
            if path in seen:
                raise ApplyError(Kind.PLAN, f"{path}: two changes of one run concern it; plan again")
            seen[path] = data
    paths = dict.fromkeys(path for piece in work.pieces for path in (piece.old, piece.new) if path)
    both = {path: (old.get(path), new.get(path)) for path in paths}
    return {path: (before, after) for path, (before, after) in both.items() if before != after}


def _told(work: Work, options: Options, indexes: Mapping[str, int]) -> Told:
    known = [piece for piece in work.pieces if (piece.old or piece.new) in indexes]
    return Told(
        work.version,
        tuple(sorted(indexes[one.old] for one in known if one.is_node and one.old is not None)),
        tuple(
            (indexes[one.old], indexes[one.new])
            for one in known
            if one.old is not None and one.new is not None and one.old != one.new
        ),
        tuple(indexes[one.new] for one in known if one.ran is not None and one.new is not None),
        work.wanted,
        tuple((one.live.pid, one.factory_pid, one.name) for one in work.left),
        work.token,
        options,
    )


def _version(data: bytes | None) -> Version | None:
    return None if data is None else Version(sha256(data), len(data), _NOBODY)


def _parsed(told: dict[str, Any]) -> Told:
    if told["version"] != _VERSION:
        raise ValueError
    return Told(
        told["build"],
        tuple(told["nodes"]),
        tuple((int(old), int(new)) for old, new in told["moves"]),
        tuple(told["ran"]),
        tuple(Wanted(pid, factory, name, tuple(paths)) for pid, factory, name, paths in told["wanted"]),
        tuple((pid, factory, name) for pid, factory, name in told["left"]),
        told["token"],
        Options(*told["options"]),
    )
