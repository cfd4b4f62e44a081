"""Going on with a run over many targets that was stopped or killed at any moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from migrate.errors import MigrateError
from migrate.fleet.outcomes import Outcome, State
from migrate.fleet.record import Planned, Record, files_of
from migrate.runs import listing
from migrate.runs.errors import ApplyError, Kind
from migrate.runs.journal import DONE, RUNNING, UNDONE
from migrate.runs.records import RunInfo

if TYPE_CHECKING:
    from migrate.targets.instance.access import Access

_PATIENCE = 60.0
_PAUSE = 0.05


class Left(NamedTuple):
    """How far a run over many targets is.

    Attributes:
        done: the targets whose own run is through, with it.
        interrupted: those whose own run was cut off.
        taken_back: those whose own run somebody has taken back since, which is not to be done again.
        open: those that were not begun, or whose run took itself back when it failed.
    """

    done: list[tuple[Planned, RunInfo]]
    interrupted: list[tuple[Planned, RunInfo]]
    taken_back: list[Planned]
    open: list[Planned]

    def has_begun(self, planned: Planned) -> bool:
        """Whether a target has had its turn."""
        return not any(one is planned for one in self.open)


def left(record: Record, state: Path | None = None) -> Left:
    """How far it is, as the journals of its targets tell. Waits for what is still at work: processes of a killed one
    finish the target that they are about.

    Raises:
        ApplyError: the state folder cannot be read.
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        runs = [run for run in listing.list_runs(state) if run.id > record.id]
        newest = {location: run for run in runs for location in run.targets}
        mine = [newest.get(one.location) for one in record.targets]
        if time.monotonic() > deadline or all(run is None or run.state != RUNNING for run in mine):
            break
        time.sleep(_PAUSE)
    found = Left([], [], [], [])
    for one, run in zip(record.targets, mine, strict=True):
        if run is not None and run.state == UNDONE:
            found.taken_back.append(one)
        elif run is None or run.state not in (DONE, *listing.UNSETTLED):
            found.open.append(one)
        elif run.state == DONE:
            found.done.append((one, run))
        else:
            found.interrupted.append((one, run))
    return found


def finish(
    interrupted: Sequence[tuple[Planned, RunInfo]],
    state: Path | None = None,
    access_of: Callable[[Planned], Access | None] = lambda _: None,
) -> Iterator[Outcome]:
    """Finish the runs that were cut off; one that cannot be finished is named, and the rest go on.

    Args:
        access_of: how to reach a target that is an instance.
    """
    from migrate.runs.apply import resume

    for one, run in interrupted:
        try:
            ended = resume(run.id, state, access=access_of(one))
            # What was cut off may have been its undo: nothing is applied then.
            reached = State.SKIPPED if ended.state == UNDONE else State.APPLIED
            yield Outcome(one.name, one.target, reached, run=ended)
        except MigrateError as error:
            yield Outcome(one.name, one.target, State.FAILED, error=error)


def checked(outcome: Outcome, planned: Planned) -> Outcome:
    """The plan of a target that was not begun, when it is the one that was agreed to."""
    if outcome.state is not State.PENDING or files_of(outcome) == planned.files:
        return outcome
    error = ApplyError(
        Kind.STALE,
        f"{planned.target}: changed since the run over many targets began; plan it again and review it",
    )
    return outcome._replace(state=State.FAILED, error=error)
