"""`slingshift plan`: the dry run."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli.arguments.choices import Color, Format
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.work import results, targeting
from migrate.integration.request import Request

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.cli.work.targeting import Work
    from migrate.fleet.outcomes import Outcome
    from migrate.plans.planned import Plan


def plan(
    request: Request,
    access: AccessOptions,
    targets: options.PlanTargets = None,
    targets_from: options.TargetsFrom = None,
    only: options.Only = None,
    skip: options.Skip = None,
    jobs: options.JobsOption = None,
    fail_fast: options.FailFast = False,
    out: options.PlanOut = None,
    output: options.FormatOption = Format.TEXT,
    color: options.ColorOption = Color.AUTO,
    show_secrets: options.ShowSecrets = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show what would change, as a masked diff; never writes to the target.

    Exit code 0: nothing to change. 1: edits pending. 3: some files refused. 4: a target cannot be read.
    """
    if show_secrets and not sys.stdout.isatty():
        console.fail("--show-secrets works on a terminal only")
    named = targeting.names(targets, targets_from)
    if not named:
        named, request = named_by_create(request)
    warn_of_interrupted(named)
    asked = targeting.Asked(request, access, tuple(only or ()), tuple(skip or ()))
    work = targeting.of_asked(named, asked)
    outcomes = results.planned(work, jobs, fail_fast=fail_fast, quiet=quiet, as_lines=output is Format.JSONL)
    if out is not None:
        save(out, outcomes, work, request, only, skip)
    show(outcomes, work, output, color, show_secrets=show_secrets, quiet=quiet, verbose=verbose)
    raise exits.Exit(results.worst(outcomes))


def named_by_create(request: Request) -> tuple[list[str], Request]:
    """The target when none is named: the folder in which a pair is to be made. Leaves with code 2 without one."""
    if request.create is None:
        console.fail("name a TARGET: a folder, a file or a content package")
    return [request.create], dataclasses.replace(request, create=".")


def warn_of_interrupted(targets: list[str]) -> None:
    """Say so when an earlier run on these targets was cut off, or when the journal of any run cannot be read."""
    from migrate.runs.state import RUNS, locate

    if not targets or not (locate() / RUNS).is_dir():
        return
    from migrate.cli.work import resuming
    from migrate.runs import listing
    from migrate.runs.errors import ApplyError

    try:
        resuming.tell_unfinished(targets)
        found = listing.interrupted(None, targets)
        damaged = listing.damaged(None)
    except ApplyError as error:
        console.note(f"slingshift: {error}")
        return
    if found is not None:
        console.note(f"slingshift: {listing.advice(found)}")
    for one in damaged:
        console.note(f"slingshift: {one}")


def save(
    out: Path,
    outcomes: Sequence[Outcome],
    work: Work,
    request: Request,
    only: list[str] | None,
    skip: list[str] | None,
) -> None:
    """Write the plan for `apply --plan`. Leaves with the targets' own code when not all of them could be planned."""
    from migrate.reports import saved_plan

    if str(out) == "-":
        console.fail("--out names a file; --format json prints the plan to standard output")
    whole = whole_plan(outcomes, work)
    if len(whole.targets) < len(outcomes):
        results.tell_errors(outcomes)
        console.fail(
            f"{out}: the plan is not saved, since it would leave out targets that failed",
            results.worst(outcomes),
        )
    try:
        saved_plan.save(out, whole, request, only or [], skip or [])
    except OSError as error:
        console.fail(f"{out}: the plan cannot be saved: {error.strerror}", exits.CONFLICT)


def whole_plan(outcomes: Sequence[Outcome], work: Work) -> Plan:
    """What was planned, as a saved plan has it: the first target has the findings on the credential, too."""
    from migrate.plans.planned import Plan

    plans = [outcome.plan for outcome in outcomes if outcome.plan is not None]
    if plans:
        plans[0] = plans[0]._replace(findings=(*work.findings, *plans[0].findings))
    return Plan(tuple(plans))


def show(
    outcomes: Sequence[Outcome],
    work: Work,
    output: Format,
    color: Color,
    *,
    show_secrets: bool = False,
    quiet: bool = False,
    verbose: bool = False,
    table: bool = True,
) -> None:
    """Print plans: the result to standard output, findings, refusals and errors to standard error."""
    if output is Format.TEXT:
        results.show_diffs(outcomes, work, color=console.use_color(color), show_secrets=show_secrets)
        complain(outcomes, work, color, verbose=verbose, quiet=quiet, table=table)
    else:
        report(outcomes, work, output)


def report(outcomes: Sequence[Outcome], work: Work, output: Format) -> None:
    """Print what came of targets in a form for programs or tickets; the lines of JSONL but the last are out already."""
    from migrate.reports import fleet_report, plan_report

    rows = results.rows(outcomes)
    if output is Format.JSON:
        console.result(plan_report.dumps(fleet_report.to_json(rows, work.findings)))
    elif output is Format.JSONL:
        last = {"version": plan_report.VERSION, "summary": fleet_report.summary(rows, len(work.findings))}
        console.result(results.line_of_json(last))
    else:
        plans = fleet_report.plan_of(rows)
        diffs = [
            d for d, o in zip(results.diffs(outcomes, work), outcomes, strict=True) if o.plan is not None
        ]
        console.result(plan_report.to_markdown(plans, diffs, work.findings), newline=False)
        if len(rows) > 1 or any(row.outcome.error or row.outcome.run for row in rows):
            console.result(f"\n## Targets\n\n{fleet_report.markdown(rows)}", newline=False)
    results.tell_errors(outcomes)


def complain(
    outcomes: Sequence[Outcome],
    work: Work,
    color: Color,
    *,
    verbose: bool = False,
    quiet: bool = True,
    table: bool = True,
) -> None:
    """Print what is refused, has failed and was found; by default errors, failures and refusals alone."""
    from migrate.reports import fleet_report, plan_report

    colors = results.stderr_color(color)
    results.tell_findings(outcomes, work.findings, verbose=verbose, quiet=quiet, color=colors)
    results.tell_errors(outcomes)
    plans = fleet_report.plan_of(results.rows(outcomes))
    if not quiet:
        if plans.targets:
            console.note(plan_report.summary_line(plans))
        if table:
            results.tell_table(outcomes, color=colors)
