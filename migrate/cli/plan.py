"""`slingshift plan`: the dry run."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.cli import access as reaching
from migrate.cli import console, exits, inputs
from migrate.cli.arguments.choices import Color, Format
from migrate.cli.arguments.reaching import AccessOptions
from migrate.integration.request import Request
from migrate.terminal import printable

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.integration.findings import Finding
    from migrate.integration.settings import Settings
    from migrate.plans.target_plan import Plan
    from migrate.targets.instance.access import Access


def plan(
    request: Request,
    access: AccessOptions,
    targets: options.PlanTargets = None,
    only: options.Only = None,
    skip: options.Skip = None,
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
    if not targets:
        targets, request = named_by_create(request)
    warn_of_interrupted(targets)
    settings, findings = inputs.settings_of(request)
    made = make(targets, settings, findings, only, skip, request, reaching.of(access, targets))
    if out is not None:
        save(out, made, request, only, skip)
    show(made, settings, output, color, show_secrets=show_secrets, quiet=quiet, verbose=verbose)
    raise exits.Exit(code_of(made))


def named_by_create(request: Request) -> tuple[list[str], Request]:
    """The target when none is named: the folder in which a pair is to be made. Leaves with code 2 without one."""
    if request.create is None:
        console.fail("name a TARGET: a folder, a file or a content package")
    return [request.create], dataclasses.replace(request, create=".")


def warn_of_interrupted(targets: list[str]) -> None:
    """Say so when an earlier run on these targets was cut off, or when the journal of any run cannot be read."""
    from migrate.runs.state import RUNS, locate

    if not (locate() / RUNS).is_dir():
        return
    from migrate.runs import listing
    from migrate.runs.errors import ApplyError

    try:
        found = listing.interrupted(None, targets)
        damaged = listing.damaged(None)
    except ApplyError as error:
        console.note(f"slingshift: {error}")
        return
    if found is not None:
        console.note(f"slingshift: {listing.advice(found)}")
    for one in damaged:
        console.note(f"slingshift: {one}")


def make(
    targets: list[str],
    settings: Settings,
    findings: list[Finding],
    only: list[str] | None,
    skip: list[str] | None,
    request: Request,
    access: Access | None = None,
) -> Plan:
    """The plan of some targets. Leaves with code 2 when none can be made of what the command line says."""
    import migrate
    from migrate.cli import leaving
    from migrate.cli.processes.jobs import available
    from migrate.plans.target_plan import Plan, select_passes

    try:
        passes = select_passes(only or (), skip or ())
        if any(finding.severity == "error" for finding in findings):
            for finding in findings:
                console.note(f"{finding} [{finding.id}]")
            console.fail("the credential cannot be right; nothing was planned")
    except ValueError as error:
        console.fail(str(error))
    sieve = leaving.sieve(no_ignore=request.no_ignore)
    made = migrate.plan(targets, settings, passes, access=access, workers=available(), sieve=sieve)
    first = made.targets[0]
    return Plan((first._replace(findings=(*findings, *first.findings)), *made.targets[1:]))


def save(out: Path, made: Plan, request: Request, only: list[str] | None, skip: list[str] | None) -> None:
    """Write the plan for `apply --plan`."""
    from migrate.reports import saved_plan

    if str(out) == "-":
        console.fail("--out names a file; --format json prints the plan to standard output")
    try:
        saved_plan.save(out, made, request, only or [], skip or [])
    except OSError as error:
        console.fail(f"{out}: the plan cannot be saved: {error.strerror}", exits.CONFLICT)


def show(
    made: Plan,
    settings: Settings,
    output: Format,
    color: Color,
    *,
    show_secrets: bool = False,
    quiet: bool = False,
    verbose: bool = False,
) -> None:
    """Print a plan: the result to standard output, findings and refusals to standard error."""
    from migrate.cli.processes.jobs import available
    from migrate.reports import diff, plan_report

    secrets = [settings.secret] if settings.secret else []
    if output is Format.JSON:
        console.result(plan_report.dumps(plan_report.to_json(made)))
        return
    workers = available()
    diffs = [diff.render(target, secrets, workers, show_secrets=show_secrets) for target in made.targets]
    if output is Format.MARKDOWN:
        console.result(plan_report.to_markdown(made, diffs), newline=False)
        return
    for target, text in zip(made.targets, diffs, strict=True):
        if text and len(made.targets) > 1:
            # Paths are relative to their target, so several need a heading; `git apply` skips it.
            console.result(f"# {printable(target.name)}")
        colored = diff.colored(text) if console.use_color(color) else text
        console.result(colored, newline=False)
        for line in plan_report.instance_lines(target):
            console.result(line)
    complain(made, verbose=verbose, quiet=quiet)
    if not quiet:
        console.note(plan_report.summary_line(made))


def complain(made: Plan, *, verbose: bool = False, quiet: bool = True) -> None:
    """Print what a plan refuses and has found; errors and refusals alone by default."""
    from migrate.reports import plan_report

    for line in plan_report.refusal_lines(made):
        console.line(line)
    for line in plan_report.finding_lines(made, verbose=verbose, quiet=quiet):
        console.line(line)


def code_of(made: Plan) -> int:
    """The exit code that a plan deserves."""
    codes = [exits.PENDING] if made.is_pending else []
    if not made.is_whole:
        codes.append(exits.REFUSED)
    return exits.worst(codes)
