"""Printing what came of targets, and the exit codes that they deserve."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli.arguments.groups import Pace
from migrate.cli.progress import Progress
from migrate.cli.work import targeting
from migrate.terminal import printable

if TYPE_CHECKING:
    from migrate.cli.work.targeting import Work
    from migrate.fleet.outcomes import Outcome
    from migrate.integration.findings import Finding
    from migrate.plans.validation.validation import Validation
    from migrate.reports.fleet_report import Row

_ITS_OWN = Pace()


def code_of(outcome: Outcome) -> int | None:
    """The exit code that a target deserves by itself; None where it was not begun."""
    from migrate.fleet.outcomes import State
    from migrate.plans.planned import Plan

    if outcome.error is not None:
        return exits.of(outcome.error)
    if outcome.state is State.SKIPPED:
        return None
    codes = [exits.PENDING] if outcome.state is State.PENDING else []
    if outcome.plan is not None and not Plan((outcome.plan,)).is_whole:
        codes.append(exits.REFUSED)
    if outcome.run is not None and outcome.run.left:
        codes.append(exits.REFUSED)
    if outcome.scan is not None and not outcome.scan.is_whole:
        codes.append(exits.REFUSED)
    if outcome.validation is not None and outcome.state in (State.VALID, State.INVALID):
        # After a run it is told, and the code stays that of the run.
        codes.append(code_of_validation(outcome.validation))
    return exits.worst(codes)


def code_of_validation(found: Validation) -> int:
    """The exit code of what an instance was found to be."""
    codes = [exits.OK if found.is_right else exits.PENDING]
    ids = {check.id for check in found.checks}
    if "token-refused" in ids:
        codes.append(exits.TOKEN_REFUSED)
    if "token-unreachable" in ids:
        codes.append(exits.UNREACHABLE)
    return exits.worst(codes)


def worst(outcomes: Iterable[Outcome]) -> int:
    """The exit code of the whole command."""
    return exits.worst(code for outcome in outcomes if (code := code_of(outcome)) is not None)


def rows(outcomes: Iterable[Outcome]) -> list[Row]:
    """The outcomes with their codes."""
    from migrate.reports.fleet_report import Row

    return [Row(outcome, code_of(outcome)) for outcome in outcomes]


def watched(
    outcomes: Iterable[Outcome],
    total: int,
    *,
    quiet: bool,
    row: Callable[[Outcome], object] | None = None,
) -> Iterator[Outcome]:
    """The outcomes as they come, with a bar on a terminal while they do.

    Args:
        row: what is printed of each as a line of JSON, at once.
    """
    with Progress(total, quiet=quiet, least=2, what="targets") as progress:
        for number, outcome in enumerate(outcomes, start=1):
            if row is not None:
                console.result(line_of_json(row(outcome)))
            progress(number)
            yield outcome


def planned(
    work: Work,
    pace: Pace = _ITS_OWN,
    *,
    quiet: bool = False,
    as_lines: bool = False,
) -> list[Outcome]:
    """The plan of each target."""
    from migrate.fleet import work as fleet

    workers, inner = targeting.jobs(pace.jobs, len(work.tasks))
    coming = fleet.plan_each(work.tasks, workers, inner)
    if pace.fail_fast:
        coming = fleet.stopping(coming, work.tasks)
    return list(watched(coming, len(work.tasks), quiet=quiet, row=plan_row if as_lines else None))


def plan_row(outcome: Outcome) -> object:
    """A line of JSON for a target that was planned or changed."""
    from migrate.reports import fleet_report

    return fleet_report.row_json(*rows([outcome]))


def line_of_json(value: object) -> str:
    """One line, pure ASCII."""
    import json

    return json.dumps(value, ensure_ascii=True, allow_nan=False)


def tell_errors(outcomes: Iterable[Outcome]) -> None:
    """Print why targets failed; each line names its target."""
    for outcome in outcomes:
        if outcome.error is None:
            continue
        for path in getattr(outcome.error, "files", ()):
            console.line(f"  {path}")
        name, target, text = outcome.name, outcome.target, str(outcome.error)
        # A short name may stand in any text; only its path or the start of the line says whose it is.
        is_named = text.startswith(f"{name}:") or (bool(target) and target in text and name in target)
        console.error(": ".join(map(printable, (text,) if is_named else (name, text))))


def tell_findings(
    outcomes: Sequence[Outcome], general: Sequence[Finding], *, verbose: bool, quiet: bool, color: bool
) -> None:
    """Print what plans refuse and have found."""
    from migrate.reports import messages

    plans = [outcome.plan for outcome in outcomes if outcome.plan is not None]
    refused = ((plan.target, plan.refusals) for plan in plans)
    found = [(plan.target, plan.findings) for plan in plans]
    for line in messages.refusal_lines(refused, color=color):
        console.colored(line)
    for line in messages.finding_lines(found, general, verbose=verbose, quiet=quiet, color=color):
        console.colored(line)


def tell_table(outcomes: Sequence[Outcome], *, color: bool) -> None:
    """Print the table of many targets."""
    from migrate.reports import fleet_report

    if len(outcomes) > 1:
        for line in fleet_report.table(rows(outcomes), color=color):
            console.colored(line)


def show_diffs(outcomes: Sequence[Outcome], work: Work, *, color: bool, show_secrets: bool = False) -> None:
    """Print the masked diff of every plan."""
    from migrate.reports import diff, plan_report

    for outcome, text in zip(outcomes, diffs(outcomes, work, show_secrets=show_secrets), strict=True):
        if outcome.plan is None:
            continue
        if text and len(outcomes) > 1:
            # Paths are relative to their target, so several need a heading; `git apply` skips it.
            console.result(f"# {printable(outcome.name)}")
        console.result(diff.colored(text) if color else text, newline=False)
        for line in plan_report.instance_lines(outcome.plan):
            console.result(line)


def diffs(outcomes: Sequence[Outcome], work: Work, *, show_secrets: bool = False) -> list[str]:
    """The diff of every outcome; empty where nothing was planned."""
    from migrate.cli.processes.jobs import available
    from migrate.reports import diff

    workers = available()
    return [
        diff.render(one.plan, work.secrets, workers, show_secrets=show_secrets)
        if one.plan is not None
        else ""
        for one in outcomes
    ]


def stderr_color(choice: str) -> bool:
    """Whether messages are coloured."""
    return console.use_color(choice, sys.stderr)
