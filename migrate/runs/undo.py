"""Take a run back, byte for byte, name for name and mode for mode."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

from migrate.runs import audit, carrying, journal, listing, locks
from migrate.runs.carrying import Survey
from migrate.runs.cleaning import leftovers
from migrate.runs.errors import ApplyError, Kind, printable
from migrate.runs.journal import APPLYING, DONE, UNDOING, UNDONE, Journal
from migrate.runs.records import Run, RunInfo
from migrate.runs.state import locate, prepare
from migrate.targets import system
from migrate.targets.instance.access import Access

_SHOWN = 20


def undo(
    run_id: str | None = None,
    state: Path | None = None,
    *,
    access: Access | None = None,
    tell: Callable[[str], None] | None = None,
) -> Run:
    """Take a run back: done, or interrupted at any moment.

    Args:
        run_id: the newest run that can be taken back by default.
        access: how to reach the instance that the run changed; no other run asks for it.
        tell: is told how far it is, where that takes long.

    Raises:
        ApplyError: no such run; a file was changed after it, or a newer run touched one (nothing is touched then);
            or the disk refuses, and the same call again finishes it.
        TargetError: the instance cannot be used, and the same call again finishes it.
    """
    folder = prepare(state)
    leftovers.sweep(folder)
    wanted = journal.load(folder, newest(folder) if run_id is None else run_id)
    if listing.is_on_instance(wanted.record):
        from migrate.runs.instance import settled, settling

        return settled.take_back(folder, wanted, access, tell or settling.silent)
    with locks.hold(folder, wanted.record.places), wanted.owned():
        journal.sweep(folder)
        _refuse_settled(wanted)
        listing.refuse_superseded(folder, wanted)
        notes = take_back(wanted)
    return Run.of(wanted.record.info(UNDONE), notes)


def undoable(run_id: str, state: Path | None = None) -> RunInfo:
    """The run, when :func:`undo` would begin to take it back as far as the journals tell.

    Raises:
        ApplyError: no such run, there is nothing to take back, or a newer run stands in the way.
    """
    folder = locate(state)
    wanted = journal.load(folder, run_id)
    _refuse_settled(wanted)
    listing.refuse_superseded(folder, wanted)
    return wanted.info()


def _refuse_settled(wanted: Journal) -> None:
    mark = wanted.mark()
    if mark not in (APPLYING, DONE, UNDOING):
        raise ApplyError(
            Kind.UNKNOWN_RUN, f"run {wanted.id} is {mark}: there is nothing to take back", run=wanted.id
        )


def newest(state: Path, target: str | None = None, known: Sequence[RunInfo] | None = None) -> str:
    """The id of the newest run that can be taken back.

    Args:
        target: of the runs on this target alone, as the user names it.
        known: all runs, where somebody has listed them already: to read all journals again for each of many targets
            takes long.

    Raises:
        ApplyError: there is none.
    """
    for run in reversed(listing.list_runs(state) if known is None else known):
        if run.state in listing.UNDOABLE and (target is None or listing.is_on(run, target)):
            return run.id
    if target is not None:
        raise ApplyError(Kind.UNKNOWN_RUN, f"{printable(target)}: there is no run on it to take back")
    for damaged in listing.damaged(state):
        raise damaged
    raise ApplyError(Kind.UNKNOWN_RUN, "there is no run to take back")


def take_back(wanted: Journal) -> list[str]:
    """Bring every path of a run back; the caller holds the locks. Gives notes about what could not be kept.

    Raises:
        ApplyError: as :func:`undo`.
    """
    found = carrying.survey(wanted, carrying.OLD)
    refuse_foreign(wanted, found)
    carrying.prove(wanted, found)
    audit.tell(audit.UNDO_BEGUN, wanted.record)
    wanted.set_mark(UNDOING)
    notes = carrying.carry_out(wanted, found, set())
    wanted.set_last_mark(UNDONE)
    wanted.purge()
    return [*notes, *audit.told(audit.UNDONE, wanted.record)]


def refuse_foreign(wanted: Journal, found: Survey) -> None:
    """Refuse when a path holds neither what the run found nor what it left, or when its folder is gone.

    Raises:
        ApplyError: kind `conflict`; names each file and how to get it out of the way.
    """
    _refuse_without_folder(wanted, found)
    if not found.foreign:
        return
    files = []
    for index, entry in found.foreign[:_SHOWN]:
        path = printable(entry.full)
        if entry.old is None:
            files.append(f"{path}: the run made this file; move yours elsewhere")
        else:
            original = printable(str(wanted.blob(index, carrying.OLD)))
            put_back = _copying(original, path)
            files.append(f"{path}: keep a copy of yours, then put the original back: {put_back}")
    if len(found.foreign) > _SHOWN:
        files.append(f"and {len(found.foreign) - _SHOWN} more")
    count = len(found.foreign)
    what = "1 file was" if count == 1 else f"{count} files were"
    raise ApplyError(
        Kind.CONFLICT,
        f"{what} changed after run {wanted.id}; nothing was touched, so that no later work is lost. Do as the line "
        f"of each file says and try again, or give the run up: delete {printable(str(wanted.folder))}",
        files=tuple(files),
        run=wanted.id,
    )


def _refuse_without_folder(wanted: Journal, found: Survey) -> None:
    record = wanted.record
    makes = {system.joined(f.root, f.path) for f in (*record.folders, *record.emptied)}
    needed = (step.entry.full.rpartition("/")[0] for step in found.steps if step.wanted is not None)
    gone = [folder for folder in dict.fromkeys(needed) if folder not in makes and not os.path.isdir(folder)]
    if gone:
        raise ApplyError(
            Kind.CONFLICT,
            f"run {wanted.id} needs folders that are gone; nothing was touched. Make them again and try again, or "
            f"give the run up: delete {printable(str(wanted.folder))}",
            files=tuple(printable(_making(folder)) for folder in gone[:_SHOWN]),
            run=wanted.id,
        )


def _copying(source: str, target: str) -> str:
    """The line that copies a file, for the shell of this system."""
    if os.name == "nt":
        source, target = source.replace("/", "\\"), target.replace("/", "\\")
        return f'copy /y "{source}" "{target}"'
    return f"cp {shlex.quote(source)} {shlex.quote(target)}"


def _making(folder: str) -> str:
    """The line that makes a folder, for the shell of this system."""
    if os.name == "nt":
        return 'mkdir "' + folder.replace("/", "\\") + '"'
    return f"mkdir -p {shlex.quote(folder)}"
