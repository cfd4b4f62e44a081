"""What a run over many targets set out to do, kept until it is through: so that it can be stopped at any moment.

One file a run, `fleets/<id>.json` in the state folder, 0600: its targets in their order, where each one's credential is
(never a secret), and the sha256 of every file as the plan saw it. It is written before the first target is touched and
deleted when the last one had its turn. How far the run is say the journals of the targets' own runs.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from migrate.fleet.errors import RecordError
from migrate.fleet.outcomes import Outcome
from migrate.runs import disk, journal
from migrate.runs.errors import about
from migrate.runs.records import ID_TIME
from migrate.runs.state import locate, make_folder, prepare
from migrate.targets.changes import sha256

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
    """

    id: str
    targets: tuple[Planned, ...]


def files_of(outcome: Outcome) -> dict[str, str | None]:
    """The state of every file that a plan would change."""
    plan = outcome.plan
    if plan is None:
        return {}
    files = {change.path: None if change.before is None else sha256(change.before) for change in plan.changes}
    return files if plan.sha256 is None else {**files, "": plan.sha256}


def begin(targets: Sequence[Planned], state: Path | None = None) -> Record:
    """Write down what is to be done, durably. Records of earlier runs over the same targets are superseded.

    Raises:
        ApplyError: the state folder cannot be written.
    """
    folder = prepare(state) / FLEETS
    record = Record(f"{datetime.now(UTC).strftime(ID_TIME)}-{os.urandom(3).hex()}", tuple(targets))
    with about(folder, "writing down what is to be done"):
        make_folder(folder)
        earlier = unfinished(state)
        told = {"version": _VERSION, "id": record.id, "targets": [one._asdict() for one in record.targets]}
        with disk.folder(str(folder)) as held:
            journal.commit(held, f"{record.id}.json", json.dumps(told).encode("ascii"))
    for other in earlier:
        if {one.location for one in other.targets} & {one.location for one in targets}:
            end(other, state)
    return record


def end(record: Record, state: Path | None = None) -> None:
    """Every target had its turn. Never fails: a record that stays is one whose targets are all done."""
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
        return Record(told["id"], tuple(Planned(**one) for one in told["targets"]))
    except (ValueError, KeyError, TypeError) as error:
        raise RecordError(f"{path}: damaged; delete it") from error
