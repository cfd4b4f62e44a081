"""`slingshift undo`: take a run back, or list the runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli.arguments.choices import Format
from migrate.terminal import printable

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.runs.records import RunInfo


def undo(
    run: options.RunId = None,
    list_runs: options.ListRuns = False,
    yes: options.Yes = False,
    output: options.FormatOption = Format.TEXT,
    quiet: options.Quiet = False,
    verbose: options.UndoVerbose = False,
) -> None:
    """Take a run back, byte for byte: a finished one, or one that was interrupted at any moment.

    Exit code 0: done. 4: a file was changed since, a newer run stands in the way, or the disk refuses.
    """
    from migrate.runs import listing
    from migrate.runs.state import RUNS, locate
    from migrate.runs.undo import newest
    from migrate.runs.undo import undo as take_back

    known = listing.list_runs()
    if list_runs:
        _show(known, output)
        raise exits.Exit(exits.OK)
    wanted = newest(locate()) if run is None else run
    if verbose:
        console.line(f"journal: {locate() / RUNS / wanted}")
    _ask(wanted, known, yes, quiet=quiet)
    done = take_back(wanted)
    for note in done.notes:
        console.note(note)
    files = "1 file is what it was" if len(done.files) == 1 else f"{len(done.files)} files are what they were"
    console.note(f"run {done.id} is taken back: {files}")


def _ask(wanted: str, known: list[RunInfo], yes: bool, *, quiet: bool) -> None:
    for run in known:
        if run.id == wanted and not (quiet and yes):
            console.note(f"{run.id}  {run.time}  {run.description}")
            for path in run.files:
                console.note(f"  {printable(path)}")
    if yes:
        return
    if not console.can_ask():
        console.fail("nothing was changed: there is no terminal to ask on; say --yes")
    if not console.confirm("Take this run back?"):
        console.fail("nothing was changed", exits.PENDING)


def _show(known: list[RunInfo], output: Format) -> None:
    if output is Format.JSON:
        import json

        rows = [
            {
                "id": run.id,
                "time": run.time,
                "targets": list(run.targets),
                "state": run.state,
                "files": list(run.files),
                "description": run.description,
            }
            for run in known
        ]
        console.result(json.dumps({"version": 1, "runs": rows}, indent=2))
        return
    if not known:
        console.result("no runs")
    for run in known:
        targets = ", ".join(printable(target) for target in run.targets)
        console.result(f"{run.id}  {run.state:<16}  {targets}  {run.description}")
