"""What a run over many targets set out to do, kept until it is through: so that it can be stopped at any moment.

One file a run, `fleets/<id>.json` in the state folder, 0600: its targets in their order, where each one's credential is
(never a secret), and the sha256 of every file as the plan saw it. It is written before the first target is touched and
deleted when the last one had its turn. How far the run is say the journals of the targets' own runs. A lock file beside
it is held by the process that works on it, and by those that it forked.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from migrate.fleet.errors import RecordError
from migrate.fleet.outcomes import Outcome
from migrate.runs import disk, journal, locks
from migrate.runs.errors import ApplyError, Kind, about
from migrate.runs.records import ID_TIME
from migrate.runs.state import locate, make_folder, prepare
from migrate.targets.changes import sha256

_PATIENCE = 60.0
_PAUSE = 0.05
FLEETS = "fleets"
_VERSION = 1


class Planned(NamedTuple):
    """One target of a run over many.

    Attributes:
        name: how the fleet calls it.
        target: its path, absolute, or its address.
        location: the path, resolved, that its own run is recorded with.
        asked: what the caller needs to make its task again; where secrets are, and none of them.
        files: the sha256 of every file that its plan would change; None for one that it would make.
    """

    name: str
    target: str
    location: str
    asked: dict[str, Any]
    files: dict[str, str | None]


class Record(NamedTuple):
    """A run over many targets.

    Attributes:
        id: when it began; sorts among the ids of the runs of its targets.
        targets: in their order.
        others: those of its waves with which nothing was to be done, or could be: a wave is through with them, too.
        waves: in their order; None for the targets without one.
    """

    id: str
    targets: tuple[Planned, ...]
    others: tuple[Planned, ...] = ()
    waves: tuple[str | None, ...] = ()


def files_of(outcome: Outcome) -> dict[str, str | None]:
    """The state of every file that a plan would change."""
    plan = outcome.plan
    if plan is None:
        return {}
    files = {change.path: None if change.before is None else sha256(change.before) for change in plan.changes}
    return files if plan.sha256 is None else {**files, "": plan.sha256}


def begin(
    targets: Sequence[Planned],
    others: Sequence[Planned] = (),
    waves: Sequence[str | None] = (),
    state: Path | None = None,
) -> Record:
    """Write down what is to be done, durably.

    Raises:
        ApplyError: the state folder cannot be written.
    """
    folder = prepare(state) / FLEETS
    found = f"{datetime.now(UTC).strftime(ID_TIME)}-{os.urandom(3).hex()}"
    record = Record(found, tuple(targets), tuple(others), tuple(waves))
    with about(folder, "writing down what is to be done"):
        make_folder(folder)
        told = {
            "version": _VERSION,
            "id": record.id,
            "targets": [one._asdict() for one in record.targets],
            "others": [one._asdict() for one in record.others],
            "waves": list(record.waves),
        }
        with disk.folder(str(folder)) as held:
            journal.commit(held, f"{record.id}.json", json.dumps(told).encode("ascii"))
    return record


def supersede(locations: Collection[str], by: Record | None = None, state: Path | None = None) -> None:
    """Drop what earlier runs left open that were over these targets alone: another run has them now.

    Raises:
        ApplyError: the state folder cannot be read.
    """
    for other in unfinished(state):
        if by is not None and other.id == by.id:
            continue
        if {one.location for one in other.targets} <= set(locations) and not is_at_work(other, state):
            end(other, state)


@contextlib.contextmanager
def owned(record: Record, state: Path | None = None) -> Iterator[None]:
    """Work on a run, until the block ends.

    Waits for the processes that a killed one left behind: they finish the target that they are about.

    Raises:
        ApplyError: another one works on it (kind `locked`), or the lock file cannot be made.
    """
    path = _lock_of(record, state)
    deadline = time.monotonic() + _PATIENCE
    while True:
        with about(path, "opening a lock file"):
            descriptor = locks.try_own(path)
        if descriptor is not None:
            break
        holder = _holder(path)
        if holder is None or _lives(holder) or time.monotonic() > deadline:
            raise ApplyError(
                Kind.LOCKED,
                f"the run over {len(record.targets)} targets is at work still (process {holder or 'unknown'}); wait "
                "until it has ended",
            )
        time.sleep(_PAUSE)
    try:
        # For the text of a refusal, and to tell a killed process; a full disk must not keep anybody from working.
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.write(descriptor, str(os.getpid()).encode("ascii"))
        yield
    finally:
        os.close(descriptor)


def _holder(path: Path) -> int | None:
    """The process that holds a lock, or held it when it forked those that do."""
    with contextlib.suppress(OSError, ValueError):
        return int(path.read_bytes())
    return None


def _lives(process: int) -> bool:
    """Whether a process is there; where there is no fork, whoever holds a lock lives."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def is_at_work(record: Record, state: Path | None = None) -> bool:
    """Whether a living process works on it, or one that it forked is about its last target."""
    with contextlib.suppress(OSError):
        return locks.is_owned(_lock_of(record, state))
    return False


def _lock_of(record: Record, state: Path | None) -> Path:
    return locate(state) / FLEETS / f"{record.id}.lock"


def end(record: Record, state: Path | None = None) -> None:
    """Every target had its turn. Never fails: a record that stays is one whose targets are all done."""
    with contextlib.suppress(OSError):
        os.unlink(_lock_of(record, state))
    with contextlib.suppress(OSError):
        os.unlink(locate(state) / FLEETS / f"{record.id}.json")


def unfinished(state: Path | None = None) -> list[Record]:
    """The runs that were cut off, oldest first; a record that cannot be read is passed over, as one cut off before.

    Raises:
        ApplyError: the state folder cannot be read.
    """
    folder = locate(state) / FLEETS
    with about(folder, "looking for runs that were cut off"):
        try:
            names = sorted(os.listdir(folder))
        except FileNotFoundError:
            return []
    found = []
    for name in names:
        if journal.ID.fullmatch(name.removesuffix(".json")) and name.endswith(".json"):
            with contextlib.suppress(RecordError, FileNotFoundError):
                found.append(_load(folder / name))
    return found


def _load(path: Path) -> Record:
    try:
        told = json.loads(path.read_bytes())
        if told["version"] != _VERSION:
            raise RecordError(f"{path}: written by another version of slingshift")
        targets, others = told["targets"], told.get("others", ())
        return Record(
            told["id"],
            tuple(Planned(**one) for one in targets),
            tuple(Planned(**one) for one in others),
            tuple(told.get("waves", ())),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise RecordError(f"{path}: damaged; delete it") from error
