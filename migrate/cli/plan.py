"""`slingshift plan`: the dry run."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli.arguments.choices import Color, Format, PlanFormat
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.work import fleets, printing, reporting, results, resuming, saving, targeting
from migrate.integration.request import Request

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.cli.work.targeting import Work
    from migrate.fleet.outcomes import Outcome


def plan(
    request: Request,
    access: AccessOptions,
    targets: options.PlanTargets = None,
    targets_from: options.TargetsFrom = None,
    fleet: options.FleetFile = None,
    limit: options.Limit = None,
    wave: options.Waves = None,
    only: options.Only = None,
    skip: options.Skip = None,
    jobs: options.JobsOption = None,
    fail_fast: options.FailFast = False,
    out: options.PlanOut = None,
    report: options.ReportTo = None,
    evidence: options.Evidence = None,
    patch: options.Patch = None,
    stat: options.Stat = False,
    output: options.PlanFormatOption = PlanFormat.TEXT,
    color: options.ColorOption = Color.AUTO,
    show_secrets: options.ShowSecrets = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show what would change, as a masked diff; never writes to the target.

    Exit code 0: nothing to change. 1: edits pending. 3: some files refused. 4: a target cannot be read.
    """
    if stat and output is not PlanFormat.TEXT:
        console.fail("--stat is a form of the text; leave --format out")
    if show_secrets and not sys.stdout.isatty():
        console.fail("--show-secrets works on a terminal only")
    reports = reporting.wanted("plan", report, evidence)
    replaces = out is not None and _refuse_foreign(out)
    named = targeting.names(targets, targets_from)
    fleets.refuse_beside(named, fleet, [*(limit or ()), *(wave or ())])
    if fleet is not None:
        work = fleets.work(fleets.read(fleet, limit, wave), request, access, only, skip)
        if out is not None:
            console.fail("--out saves one command line's plan; a fleet file says again what it says")
    else:
        if not named:
            named, request = named_by_create(request)
        asked = targeting.Asked(request, access, tuple(only or ()), tuple(skip or ()))
        work = targeting.of_asked(named, asked)
    resuming.warn_of_interrupted([task.target for task in work.tasks])
    outcomes = results.planned(
        work, jobs, fail_fast=fail_fast, quiet=quiet, as_lines=output is PlanFormat.JSONL
    )
    if out is not None:
        save(out, outcomes, work, request, only, skip)
        if replaces and not quiet:
            console.note(f"{out}: replaces the plan that was saved there before")
    if patch is not None:
        _save_patch(patch, outcomes)
    if output in (PlanFormat.GITHUB, PlanFormat.SARIF):
        printing.annotate(outcomes, work, in_sarif=output is PlanFormat.SARIF)
    elif stat and output is PlanFormat.TEXT:
        printing.show_stat(outcomes, work, color, quiet=quiet, verbose=verbose)
    else:
        shape = Format(output.value)
        printing.show(outcomes, work, shape, color, show_secrets=show_secrets, quiet=quiet, verbose=verbose)
    raise exits.Exit(reporting.write(reports, outcomes, work, results.worst(outcomes)))


def _refuse_foreign(out: Path) -> bool:
    """Whether a saved plan stands there. Leaves where something else does, which nobody wants to lose."""
    if str(out) == "-":
        console.fail("--out names a file; --format json prints the plan to standard output")
    return saving.refuse_foreign(out, b'"slingshift-plan"', noun="plan")


def _save_patch(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Write the one target's plan as a patch; leaves with code 2 where that has no meaning."""
    from migrate.reports import private_file, real_patch
    from migrate.targets.base import Kind

    plans = [outcome.plan for outcome in outcomes if outcome.plan is not None]
    if len(outcomes) != 1 or not plans or plans[0].target.kind not in (Kind.FOLDER, Kind.FILE):
        console.fail("--patch is for one folder, or one file: git applies it to files")
    root = plans[0].target.root
    try:
        private_file.write(path, real_patch.render(plans[0]))
    except OSError as error:
        console.fail(f"{path}: the patch cannot be written: {error.strerror}", exits.CONFLICT)
    console.line(f"{path}: apply it in {root} with `git apply`, and delete it: secrets are in it")


def named_by_create(request: Request) -> tuple[list[str], Request]:
    """The target when none is named: the folder in which a pair is to be made. Leaves with code 2 without one."""
    if request.create is None:
        console.fail("name a TARGET: a folder, a file or a content package")
    return [request.create], dataclasses.replace(request, create=".")


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

    whole = printing.whole_plan(outcomes, work)
    if len(whole.targets) < len(outcomes):
        results.tell_errors(outcomes)
        console.fail(
            f"{out}: the plan is not saved, since it would leave out targets that failed",
            results.worst(outcomes),
        )
    try:
        found = work.tasks[0].settings
        ids = None if request.credentials is None else saved_plan.Ids(found.client_id, found.org_id)
        saved_plan.save(out, whole, request, only or [], skip or [], ids)
    except OSError as error:
        console.fail(f"{out}: the plan cannot be saved: {error.strerror}", exits.CONFLICT)
