"""`slingshift undo`: take runs back, list them, show what would come back, delete old journals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli.arguments.choices import Color, ReportFormat
from migrate.cli.arguments.groups import Look, Members
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.instances import carrying as on_instance
from migrate.cli.work import fleets
from migrate.errors import MigrateError
from migrate.terminal import in_cell, printable

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.fleet.members import Fleet
    from migrate.runs.records import Run, RunInfo
    from migrate.targets.instance.access import Access


class UndoLook(Look):
    """Nothing is found here, so --verbose says another thing."""

    color: options.ColorOption = Color.AUTO
    quiet: options.Quiet = False
    verbose: options.UndoVerbose = False


def undo(
    *,
    access: AccessOptions,
    run: options.RunId = None,
    run_option: options.RunOption = None,
    targets: options.UndoTargets = None,
    members: Members,
    list_runs: options.ListRuns = False,
    show_diff: options.UndoDiff = False,
    prune: options.Prune = False,
    older_than: options.OlderThan = None,
    forget: options.Forget = False,
    jobs: options.ApplyJobs = None,
    yes: options.Yes = False,
    output: options.ReportFormatOption = ReportFormat.TEXT,
    look: UndoLook,
) -> None:
    """Take a run back, byte for byte: a finished one, or one that was interrupted at any moment.

    Exit code 0: done. 3: something on an instance was left as it is. 4: a file was changed since, a newer run stands in
    the way, or the disk refuses. 5, 6: the instance does not let us, or cannot be reached.
    """
    from migrate.runs import listing

    wanted = _one_of(run, run_option)
    fleets.refuse_beside(targets, members)
    fleet = fleets.read(members.fleet, members.limit) if members.fleet is not None else None
    if fleet is not None:
        targets = [member.target for member in fleet.members]
    if sum((list_runs, show_diff, prune, forget)) > 1:
        console.fail("--list, --diff, --prune and --forget exclude each other")
    if forget and wanted is None:
        console.fail("--forget gives one run up: name it; `slingshift undo --list` lists them")
    if wanted is not None and (targets or list_runs or prune):
        console.fail("a run is named; leave --target, --list and --prune out")
    if (older_than is not None) != prune:
        console.fail("--prune and --older-than AGE belong together: undo --prune --older-than 90d")
    if list_runs:
        known = listing.list_runs()
        on = [found for found in known if not targets or any(listing.is_on(found, t) for t in targets)]
        _show(on, output, fleets.names_of(fleet, on))
        raise exits.Exit(exits.OK)
    if older_than is not None:
        _prune(older_than, targets or (), yes, quiet=look.quiet)
        return
    if forget and wanted is not None:
        on_instance.forget(wanted, access, lambda question: console.agree(yes, question), quiet=look.quiet)
        return
    chosen, code = _chosen(wanted, targets or (), fleet)
    names = fleets.names_of(fleet, chosen)
    if fleet is None:
        reached = on_instance.access_of([one.id for one in chosen], access)
        ways: Ways = dict.fromkeys([one.id for one in chosen], reached)
    else:
        ways = fleets.ways_back(fleet, chosen, access)
    if show_diff:
        code = exits.worst([code, _show_diffs(chosen, look.color, ways, names)])
    elif chosen:
        _tell(chosen, quiet=look.quiet and yes, verbose=look.verbose)
        console.agree(
            yes, "Take this run back?" if len(chosen) == 1 else f"Take these {len(chosen)} runs back?"
        )
        code = exits.worst([code, _take_back(chosen, output, ways, names, jobs, quiet=look.quiet)])
    raise exits.Exit(code)


Ways = Mapping[str, "Access | MigrateError | None"]
"""How the instance of each run is reached, or why it cannot be; nothing for a run on files."""


def _one_of(run: str | None, option: str | None) -> str | None:
    if run is not None and option is not None:
        console.fail("the run is named twice: as an argument and with --run")
    return option if run is None else run


def _chosen(wanted: str | None, targets: Sequence[str], fleet: Fleet | None) -> tuple[list[RunInfo], int]:
    """The runs to take back, of each target the newest, and the code for those that cannot be.

    One that is asked for alone is refused before anybody is asked about it.
    """
    from migrate.runs import listing
    from migrate.runs.state import locate
    from migrate.runs.undo import newest, undoable

    if not targets:
        return [undoable(newest(locate()) if wanted is None else wanted)], exits.OK
    found: dict[str, RunInfo] = {}
    codes = []
    known = listing.list_runs()
    names = [member.name for member in fleet.members] if fleet is not None else [""] * len(targets)
    for name, target in zip(names, targets, strict=True):
        try:
            run = undoable(newest(locate(), target, known))
        except MigrateError as error:
            _complain(target, name, error)
            codes.append(exits.of(error))
        else:
            found[run.id] = run
    return list(found.values()), exits.worst(codes)


def _tell(runs: Sequence[RunInfo], *, quiet: bool, verbose: bool) -> None:
    from migrate.runs.state import RUNS, locate

    for run in runs:
        if verbose:
            console.line(f"journal: {locate() / RUNS / run.id}")
        if quiet:
            continue
        console.line(f"{run.id}  {run.time}  {run.description}")
        lines = on_instance.undo_lines(run)
        if lines is None:
            lines = [f"{run.undo_of(path):<12}  {path}" for path in run.files]
        for line in lines:
            console.line(f"  {line}")


def _reached(ways: Ways, run: RunInfo) -> Access | None:
    """How to reach the instance of a run.

    Raises:
        MigrateError: its password is not where the fleet file says.
    """
    way = ways[run.id]
    if isinstance(way, MigrateError):
        raise way
    return way


def _complain(target: str, name: str, error: MigrateError) -> None:
    """Say what went wrong, and with which target."""
    from migrate.cli.work import results
    from migrate.fleet.outcomes import Outcome, State

    results.tell_errors([Outcome(name or target, target, State.FAILED, error=error)])


def _take_back(
    runs: Sequence[RunInfo],
    output: ReportFormat,
    ways: Ways,
    names: Mapping[str, str],
    jobs: int | None,
    *,
    quiet: bool,
) -> int:
    """Take runs back; one that fails is named and the rest go on."""
    from migrate.cli.work import targeting
    from migrate.runs.undo import undo as take_back

    def taken_back(run: RunInfo) -> Run | MigrateError:
        try:
            return take_back(run.id, access=_reached(ways, run), tell=on_instance.teller(quiet=quiet))
        except MigrateError as error:
            if exits.of(error) == exits.INTERRUPTED:
                raise
            return error

    codes, rows = [], []
    workers, _ = targeting.jobs(jobs, len(runs), alone=True)
    for run, done in zip(runs, workers.each(taken_back, runs), strict=True):
        name = names.get(run.id, "")
        if isinstance(done, MigrateError):
            _complain(run.targets[0], name, done)
            codes.append(exits.of(done))
            rows.append({**_row(run, name), "exitCode": codes[-1], "error": str(done)})
            continue
        start = f"{printable(name)}: " if name else ""
        for note in (*done.notes, *done.left):
            console.note(start + note)
        on_one = on_instance.undo_lines(run) is not None
        console.note(f"{start}run {done.id} is taken back" + ("" if on_one else f": {done.restored}"))
        codes.append(exits.REFUSED if done.left else exits.OK)
        rows.append({**_row(done, name), "exitCode": codes[-1], "error": None})
    if output is ReportFormat.JSON:
        _print_json(rows)
    return exits.worst(codes)


def _show_diffs(runs: Sequence[RunInfo], color: Color, ways: Ways, names: Mapping[str, str]) -> int:
    """What each run would bring back; one that cannot be shown is named, and the rest go on. Gives the exit code."""
    from migrate.reports import diff, undo_diff
    from migrate.runs.preview import returning

    codes = []
    for run in runs:
        try:
            text = undo_diff.render(returning(run.id, access=_reached(ways, run)))
        except MigrateError as error:
            if len(runs) == 1:
                raise
            _complain(run.targets[0], names.get(run.id, ""), error)
            codes.append(exits.of(error))
            continue
        console.result(diff.colored(text) if console.use_color(color) else text, newline=False)
    return exits.worst(codes)


def _prune(older_than: str, targets: Sequence[str], yes: bool, *, quiet: bool) -> None:
    from migrate.runs import listing
    from migrate.runs.cleaning import pruning

    try:
        age = pruning.age_of(older_than)
    except ValueError as error:
        console.fail(f"--older-than: {error}")
    runs = [
        run for run in pruning.older_than(age) if not targets or any(listing.is_on(run, t) for t in targets)
    ]
    if not runs:
        console.note("no settled run is that old")
        return
    if not (quiet and yes):
        for run in runs:
            console.line(_line(run))
    console.agree(yes, f"Delete the journals of these {len(runs)} runs? They cannot be taken back any more.")
    for run in runs:
        pruning.prune(run.id)
    if not quiet:
        console.note("1 journal is deleted" if len(runs) == 1 else f"{len(runs)} journals are deleted")


def _show(known: Sequence[RunInfo], output: ReportFormat, names: Mapping[str, str]) -> None:
    if output is ReportFormat.JSON:
        _print_json([_row(run, names.get(run.id, "")) for run in known])
    elif output is ReportFormat.MARKDOWN:
        rows = [("run", "time", "state", "targets", "what"), ("---",) * 5]
        rows += [(run.id, run.time, run.state, ", ".join(run.targets), run.description) for run in known]
        console.result("".join("| " + " | ".join(map(in_cell, row)) + " |\n" for row in rows), newline=False)
    elif not known:
        console.result("no runs")
    else:
        console.result("\n".join(map(_line, known)))


def _line(run: RunInfo) -> str:
    targets = ", ".join(printable(target) for target in run.targets)
    return f"{run.id}  {run.state:<16}  {targets}  {printable(run.description)}"


def _row(run: RunInfo, name: str) -> dict[str, object]:
    return {
        "id": run.id,
        **({"name": name} if name else {}),
        "time": run.time,
        "targets": list(run.targets),
        "state": run.state,
        "files": list(run.files),
        "description": run.description,
        "undo": [
            {"path": path, "becomes": becomes}
            for path, becomes in on_instance.undo_of(run)
            if becomes is not None
        ],
        **({"notMadeAgain": gone} if (gone := on_instance.not_made_again(run)) else {}),
    }


def _print_json(rows: Sequence[object]) -> None:
    import json

    console.result(json.dumps({"version": 1, "runs": rows}, indent=2))
