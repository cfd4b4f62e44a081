"""Runs on instances, by their journals: finished, taken back, given up. Opens the session and holds the locks."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from migrate.runs import journal, listing, locks
from migrate.runs.errors import ApplyError, Kind
from migrate.runs.instance import apply, recording, undo
from migrate.runs.instance.recording import InstanceJournal
from migrate.runs.instance.settling import Tell, silent
from migrate.runs.instance.survey import look
from migrate.runs.journal import APPLYING, DONE, RUNNING, UNDOING, Journal
from migrate.runs.records import Run
from migrate.runs.state import prepare
from migrate.targets.instance import address
from migrate.targets.instance.access import Access
from migrate.targets.instance.session import Session, WritingSession


def take_back(state: Path, of: Journal, access: Access | None, tell: Tell = silent) -> Run:
    """Take a run back: done, or interrupted at any moment.

    Raises:
        InstanceError: the instance cannot be used; the same call again goes on.
        ApplyError: there is nothing to take back; or files are neither as the run found them nor as it left them.
    """
    with _opened(state, of, access) as (written, session):
        if of.mark() not in (APPLYING, DONE, UNDOING):
            problem = f"run {of.id} is {of.mark()}: there is nothing to take back"
            raise ApplyError(Kind.UNKNOWN_RUN, problem, run=of.id)
        listing.refuse_superseded(state, of)
        return undo.undo(written, session, tell)


def resume(state: Path, of: Journal, access: Access | None, tell: Tell = silent) -> Run:
    """Finish an interrupted run: the apply, or the undo, whichever was cut off.

    Raises:
        InstanceError: the instance cannot be used; the same call again goes on.
        ApplyError: it was not interrupted; or files are neither as the run found them nor as it left them.
    """
    with _opened(state, of, access) as (written, session):
        mark = of.mark()
        if mark == UNDOING:
            return undo.undo(written, session, tell)
        if mark != APPLYING:
            raise ApplyError(Kind.UNKNOWN_RUN, f"run {of.id} was not interrupted: it is {mark}", run=of.id)
        return apply.resume(written, session, tell)


def forget(run_id: str, state: Path | None = None, *, access: Access | None = None) -> None:
    """Give a run up, whatever its state: what it left on its instance goes, and its journal with the originals.

    Raises:
        ApplyError: no such run, or it is at work.
        InstanceError: the instance cannot be used, or refuses; the journal stays then.
    """
    folder = prepare(state)
    wanted = journal.load(folder, run_id)
    if wanted.state() == RUNNING:
        raise ApplyError(Kind.LOCKED, f"run {run_id} is at work", run=run_id)
    if listing.is_on_instance(wanted.record):
        with _opened(folder, wanted, access) as (written, session):
            undo.forget(written, session)
    journal.discard(wanted.folder)


def returning(of: Journal, access: Access | None) -> Iterator[tuple[str, bytes | None, bytes | None]]:
    """What the undo of a run would change: path, bytes now, bytes then. Reads only.

    Raises:
        InstanceError: the instance cannot be used.
        ApplyError: the journal is damaged.
    """
    wanted = undo.way_back(recording.load(of)).goals
    with Session(address.named(of.record.targets[0]), access or Access()) as session:
        seen = look(session, [goal.path for goal in wanted])
    for goal in wanted:
        if not seen[goal.path].holds(goal):
            yield goal.path, seen[goal.path].data, goal.data


@contextlib.contextmanager
def _opened(
    state: Path, of: Journal, access: Access | None
) -> Iterator[tuple[InstanceJournal, WritingSession]]:
    written = recording.load(of)
    target = address.named(of.record.targets[0])
    with (
        locks.hold(state, of.record.places),
        of.owned(),
        WritingSession(target, access or Access()) as session,
    ):
        journal.sweep(state)
        yield written, session
