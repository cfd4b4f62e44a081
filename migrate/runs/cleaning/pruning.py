"""Giving up the way back: the journals of runs that are settled and old."""

from __future__ import annotations

import contextlib
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from grammar import patterns
from migrate.runs import journal, listing, locks
from migrate.runs.errors import ApplyError, Kind, about
from migrate.runs.journal import DONE, ROLLED_BACK, UNDONE
from migrate.runs.records import RunInfo, moment_of
from migrate.runs.state import RUNS, prepare
from migrate.targets import system

PRUNABLE = frozenset({DONE, UNDONE, ROLLED_BACK})
"""The states of runs that are settled. One that was interrupted, or whose journal is damaged, is never pruned."""

_AGE = patterns.lazy(r"(\d{1,6})([hdw])")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_GOING = ".pruned-"


def age_of(text: str) -> timedelta:
    """The age that a text names: ``90d``, ``12h``, ``4w``.

    Raises:
        ValueError: it names none.
    """
    found = _AGE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no age; write 90d, 12h or 4w")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def older_than(age: timedelta, state: Path | None = None, now: datetime | None = None) -> list[RunInfo]:
    """The settled runs that began before an age, oldest first.

    Raises:
        ApplyError: the state folder cannot be read.
    """
    limit = (now or datetime.now(UTC)) - age
    return [run for run in listing.list_runs(state) if run.state in PRUNABLE and moment_of(run.id) < limit]


def prune(run_id: str, state: Path | None = None) -> None:
    """Delete the journal of a settled run, and with it the way back. Cut off at any moment, it is there or gone.

    Raises:
        ApplyError: no such run, it is not settled, another process works on it, or the disk refuses.
    """
    folder = prepare(state)
    wanted = journal.load(folder, run_id)
    with locks.hold(folder, wanted.record.places), locks.guard(folder):
        if wanted.state() not in PRUNABLE:
            raise ApplyError(
                Kind.CONFLICT,
                f"run {run_id} is {wanted.state()}: finish it or take it back first",
                run=run_id,
            )
        _sweep(folder)
        going = folder / RUNS / f"{_GOING}{run_id}"
        with about(wanted.folder, "deleting the journal"):
            # A rename first: half a journal would look like a run that was interrupted.
            os.rename(system.native(str(wanted.folder)), system.native(str(going)))
            shutil.rmtree(system.native(str(going)))


def _sweep(state: Path) -> None:
    """What an earlier prune left when it was cut off."""
    for name in os.listdir(state / RUNS):
        if name.startswith(_GOING):
            with contextlib.suppress(OSError):
                shutil.rmtree(system.native(str(state / RUNS / name)))
