"""The runs that a state folder knows: all of them, the interrupted one, and those that stand in the way."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from migrate.runs import journal
from migrate.runs.errors import ApplyError, Kind, printable
from migrate.runs.journal import DAMAGED, DONE, INTERRUPTED, RUNNING, UNDO_INTERRUPTED, Journal
from migrate.runs.records import Record, RunInfo
from migrate.runs.state import RUNS, is_within, locate
from migrate.targets import system
from migrate.targets.instance import address
from migrate.targets.opening import is_url

UNDOABLE = frozenset({DONE, INTERRUPTED, UNDO_INTERRUPTED})
UNSETTLED = frozenset({INTERRUPTED, UNDO_INTERRUPTED})


def list_runs(state: Path | None = None) -> list[RunInfo]:
    """All runs, oldest first. A journal that cannot be read has the state `damaged`.

    Raises:
        ApplyError: the state folder cannot be read.
    """
    folder = locate(state)
    found = (_info(folder, run) for run in journal.ids(folder))
    return [run for run in found if run is not None]


def interrupted(state: Path | None, targets: Sequence[str]) -> RunInfo | None:
    """The newest run that was interrupted (its apply or its undo) and touches one of the targets.

    Args:
        targets: as the user named them; none means any target.

    Raises:
        ApplyError: the state folder cannot be read.
    """
    places = resolve(targets)
    for found in reversed(journals(locate(state), (journal.APPLYING, journal.UNDOING))):
        if found.state() in UNSETTLED and (not places or _overlaps(found.record, places)):
            return found.info()
    return None


def is_on(run: RunInfo, target: str) -> bool:
    """Whether a run was on a target, both as users name them: paths, or the address of an instance."""
    return target in run.targets or _resolved(target) in resolve(run.targets)


def damaged(state: Path | None) -> list[ApplyError]:
    """What to say about each run whose journal cannot be read: nobody knows which targets it touched.

    Raises:
        ApplyError: the state folder cannot be read.
    """
    found = []
    folder = locate(state)
    for run in journal.ids(folder):
        try:
            journal.load(folder, run).mark()
        except ApplyError as error:
            if error.kind is not Kind.DAMAGED:
                raise
            found.append(error)
    return found


def advice(run: RunInfo) -> str:
    """What to say about an interrupted run, one line."""
    if run.state == UNDO_INTERRUPTED:
        return f"the undo of run {run.id} was interrupted; `slingshift undo {run.id}` finishes it"
    return (
        f"run {run.id} was interrupted; `slingshift undo {run.id}` takes it back, "
        f"`slingshift apply --resume {run.id}` finishes it"
    )


def journals(state: Path, marks: Container[str] = journal.MARKS, after: str = "") -> list[Journal]:
    """All journals that can be read and keep contents, oldest first.

    A damaged one can be neither finished nor taken back.

    Args:
        marks: only those that are so far; the others, which may be large, are not read.
        after: only runs that began after this one.
    """
    found = []
    for run in journal.ids(state):
        if run <= after:
            continue
        try:
            if journal.mark_of(state / RUNS / run) not in marks:
                continue
            loaded = journal.load(state, run)
        except ApplyError as error:
            if error.kind not in (Kind.DAMAGED, Kind.UNKNOWN_RUN):
                raise
        else:
            if loaded.record.contents:
                found.append(loaded)
    return found


def refuse_unsettled(state: Path, places: Sequence[str]) -> None:
    """Refuse a new run while an interrupted one touches the same places.

    Raises:
        ApplyError: kind `interrupted`, with the way out.
    """
    run = interrupted(state, places) if places else None
    if run is not None:
        raise ApplyError(Kind.INTERRUPTED, f"{advice(run)}. Do one of these first", run=run.id)


def refuse_superseded(state: Path, wanted: Journal) -> None:
    """Refuse to take back a run while a newer one touches the same files.

    Raises:
        ApplyError: kind `conflict`, with the newer run.
    """
    mine = {entry.full for entry in wanted.record.entries}
    for other in reversed(journals(state, after=wanted.id)):
        if other.state() not in UNDOABLE | {RUNNING}:
            continue
        shared = sorted(mine & {entry.full for entry in other.record.entries})
        if shared:
            raise ApplyError(
                Kind.CONFLICT,
                f"{printable(shared[0])}: the newer run {other.id} touched it, too. Undo that first: "
                f"`slingshift undo {other.id}`",
                run=other.id,
            )


def resolve(targets: Iterable[str]) -> list[str]:
    """Absolute, resolved paths of targets; of an instance its address."""
    return list(dict.fromkeys(map(_resolved, targets)))


def _resolved(target: str) -> str:
    return address.named(target).root if is_url(target) else system.resolved(target)


def is_on_instance(record: Record) -> bool:
    """Whether a run changes an instance, and no file of this machine."""
    return bool(record.places) and is_url(record.places[0])


def _overlaps(record: Record, places: Iterable[str]) -> bool:
    theirs = [*record.places, *(entry.full for entry in record.entries)]
    return any(is_within(a, b) or is_within(b, a) for a in places for b in theirs)


def _info(state: Path, run: str) -> RunInfo | None:
    """A run for people; None where it kept no contents, and nothing can be done about it."""
    try:
        found = journal.load(state, run)
        return found.info() if found.record.contents else None
    except ApplyError as error:
        if error.kind is not Kind.DAMAGED:
            raise
        return Record(run, (), (), "", (), ()).info(DAMAGED)
