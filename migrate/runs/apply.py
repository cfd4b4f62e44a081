"""Carry out changes of files so that at any moment they can be finished or taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from migrate.runs import audit, carrying, journal, listing, locks, recording
from migrate.runs.carrier import carried
from migrate.runs.cleaning import leftovers
from migrate.runs.effects import Placed, effects_of
from migrate.runs.errors import ApplyError, Kind, printable
from migrate.runs.journal import (
    APPLYING,
    DONE,
    INTERRUPTED,
    ROLLED_BACK,
    UNDO_INTERRUPTED,
    UNDOING,
    UNDONE,
    Journal,
)
from migrate.runs.listing import advice, interrupted, list_runs
from migrate.runs.records import Run, RunInfo
from migrate.runs.state import is_within, locate, prepare, refuse_within
from migrate.runs.undo import refuse_foreign, take_back
from migrate.targets.base import Target
from migrate.targets.changes import FileChange
from migrate.targets.instance.access import Access

__all__ = ["ApplyError", "Kind", "Run", "RunInfo", "advice", "execute", "interrupted", "list_runs", "resume"]


def apply_changes(
    target: Target,
    changes: Sequence[FileChange],
    *,
    sha256: str | None = None,
    state: Path | None = None,
    description: str = "",
) -> Run:
    """Carry out what a plan says of a target, as one run: all of it, or, after an error, nothing.

    Args:
        target: what was planned.
        changes: the plan's.
        sha256: of a package, as the plan saw it.
        state: the state folder, by default the user's.
        description: a summary for `undo --list`; must hold no secret.

    Raises:
        TargetError: a package is not what the plan saw, or does not admit the change.
        ApplyError: see :func:`execute`.
    """
    with carried(target, changes, sha256) as placed:
        return execute(placed, targets=[target.location], state=state, description=description)


def execute(
    placed: Sequence[Placed],
    *,
    targets: Sequence[str],
    state: Path | None = None,
    description: str = "",
    contents: bool = True,
) -> Run:
    """Carry out changes as one run: all of them, or, after an error, none.

    Args:
        placed: what is to become of each file, by the folders that they stand in.
        targets: what the user named; locked while the run lasts.
        state: the state folder, by default the user's.
        description: a summary for `undo --list`; must hold no secret.
        contents: keep them, so that the run can be taken back, or finished when it is interrupted. Without, the caller
            must have the old ones elsewhere; each file is still whole at any moment, and an error takes all back.

    Returns:
        The run. When the changes change nothing, or no contents are kept, no run is recorded and its id is empty.

    Raises:
        ApplyError: nothing was changed, or what was done has been taken back; the message says so. Where even
            that failed, the run stays interrupted.
    """
    effects = effects_of(placed)
    if not effects:
        return Run("", "", tuple(targets), DONE, (), description)
    named = listing.resolve(targets)
    files = [effect.full for effect in effects]
    refuse_within(locate(state), named, files)
    folder = prepare(state)
    places = [*named, *(file for file in files if not any(is_within(file, place) for place in named))]
    with locks.hold(folder, places):
        journal.sweep(folder)
        leftovers.sweep(folder)
        listing.refuse_unsettled(folder, places)
        try:
            written = recording.create(folder, effects, targets, places, description, contents=contents)
        except ApplyError as error:
            raise ApplyError(error.kind, f"{error}. Nothing was changed") from None
        with written.owned():
            notes = _carry_out(written)
    done = Run.of(written.record.info(DONE), notes)
    return done if contents else replace(done, id="")


def resume(
    run_id: str | None = None,
    state: Path | None = None,
    *,
    access: Access | None = None,
    tell: Callable[[str], None] | None = None,
) -> Run:
    """Finish an interrupted run: the apply, or the undo, whichever was cut off.

    Args:
        run_id: the newest interrupted run by default.
        access: how to reach the instance that the run changes; no other run asks for it.
        tell: is told how far it is, where that takes long.

    Raises:
        ApplyError: there is none; a file was changed since (nothing is touched then); or the disk refuses.
        TargetError: the instance cannot be used, and the same call again finishes it.
    """
    folder = prepare(state)
    leftovers.sweep(folder)
    if run_id is None:
        waiting = listing.interrupted(folder, ())
        if waiting is None:
            raise ApplyError(Kind.UNKNOWN_RUN, "no run was interrupted; there is nothing to finish")
        run_id = waiting.id
    wanted = journal.load(folder, run_id)
    if listing.is_on_instance(wanted.record):
        from migrate.runs.instance import settled, settling

        return settled.resume(folder, wanted, access, tell or settling.silent)
    with locks.hold(folder, wanted.record.places), wanted.owned():
        journal.sweep(folder)
        mark = wanted.mark()
        if mark == UNDOING:
            notes, reached = take_back(wanted), UNDONE
        elif mark == APPLYING:
            found = carrying.survey(wanted, carrying.NEW)
            refuse_foreign(wanted, found)
            carrying.prove(wanted, found)
            audit.tell(audit.BEGUN, wanted.record)
            notes = carrying.carry_out(wanted, found, set())
            wanted.set_last_mark(DONE)
            notes += audit.told(audit.DONE, wanted.record)
            reached = DONE
        else:
            raise ApplyError(Kind.UNKNOWN_RUN, f"run {run_id} was not interrupted: it is {mark}", run=run_id)
        wanted.purge()
    return Run.of(wanted.record.info(reached), notes)


def _carry_out(written: Journal) -> list[str]:
    """Carry out a new run; takes it back when that fails."""
    started: set[int] = set()
    try:
        audit.tell(audit.BEGUN, written.record)
        found = carrying.survey(written, carrying.NEW)
        if found.foreign:
            path = printable(found.foreign[0][1].full)
            raise ApplyError(Kind.STALE, f"{path}: changed while the journal was written; plan again")
        notes = carrying.carry_out(written, found, started)
        written.set_last_mark(DONE)
    except ApplyError as error:
        raise _roll_back(written, started, error) from None
    except KeyboardInterrupt:
        stopped = ApplyError(Kind.STOPPED, "stopped from the keyboard")
        raise _roll_back(written, started, stopped) from None
    written.purge()
    return [*notes, *audit.told(audit.DONE, written.record)]


def _roll_back(written: Journal, started: set[int], error: ApplyError) -> ApplyError:
    """Take back what a run did before it failed; gives the error to raise."""
    state = INTERRUPTED
    try:
        if written.mark() == DONE:
            # Stopped after the mark was set: cut off from here on, the run must not look done.
            written.set_mark(UNDOING)
            state = UNDO_INTERRUPTED
        found = carrying.survey(written, carrying.OLD, only=started)
        if found.foreign:
            path = printable(found.foreign[0][1].full)
            raise ApplyError(Kind.CONFLICT, f"{path}: somebody changed it meanwhile")
        notes = carrying.carry_out(written, found, set())
        written.set_last_mark(ROLLED_BACK)
        notes += audit.told(audit.ROLLED_BACK, written.record)
    except ApplyError as second:
        text = f"{error}. Taking back what was done failed, too ({second}); "
        if not written.record.contents:
            return ApplyError(error.kind, f"{text}each file is whole, the old one or the new one")
        return ApplyError(error.kind, text + advice(written.record.info(state)), run=written.id)
    written.purge()
    if not written.record.contents:
        return ApplyError(error.kind, f"{error}. Everything is as it was before", files=tuple(notes))
    text = f"{error}. Everything is as it was before: run {written.id} was taken back"
    return ApplyError(error.kind, text, files=tuple(notes), run=written.id)
