"""`slingshift plan`: the dry run."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli.arguments.choices import Color, Format, PlanFormat
from migrate.cli.arguments.groups import Look, Named, Pace, Steps
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.work import fleets, printing, reporting, results, resuming, saving, targeting
from migrate.integration.request import Request

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.cli.work.targeting import Work
    from migrate.fleet.outcomes import Outcome


class PlanTargets(Named):
    """A pair can be made in a target, too."""

    targets: options.PlanTargets = None


class PlanLook(Look):
    """Here alone secrets may be shown."""

    color: options.ColorOption = Color.AUTO
    show_secrets: options.ShowSecrets = False


def plan(
    *,
    request: Request,
    access: AccessOptions,
    named: PlanTargets,
    wave: options.Waves = None,
    steps: Steps,
    pace: Pace,
    out: options.PlanOut = None,
    report: options.ReportTo = None,
    evidence: options.Evidence = None,
    patch: options.Patch = None,
    stat: options.Stat = False,
    output: options.PlanFormatOption = PlanFormat.TEXT,
    look: PlanLook,
) -> None:
    """Show what would change, as a masked diff; never writes to the target.

    Exit code 0: nothing to change. 1: edits pending. 3: some files refused. 4: a target cannot be read.
    """
    if stat and output is not PlanFormat.TEXT:
        console.fail("--stat is a form of the text; leave --format out")
    console.refuse_to_show(look.show_secrets)
    reports = reporting.wanted("plan", report, evidence)
    replaces = out is not None and _refuse_foreign(out)
    targets = targeting.names(named.targets, named.targets_from)
    fleets.refuse_beside(targets, named, wave)
    if named.fleet is not None:
        work = fleets.work(fleets.read(named.fleet, named.limit, wave), request, access, steps)
        if out is not None:
            console.fail("--out saves one command line's plan; a fleet file says again what it says")
    else:
        if not targets:
            targets, request = named_by_create(request)
        work = targeting.of_asked(targets, targeting.Asked(request, access, steps))
    resuming.warn_of_interrupted([task.target for task in work.tasks])
    outcomes = results.planned(work, pace, quiet=look.quiet, as_lines=output is PlanFormat.JSONL)
    if out is not None:
        save(out, outcomes, work, request, steps)
        if replaces and not look.quiet:
            console.note(f"{out}: replaces the plan that was saved there before")
    if patch is not None:
        _save_patch(patch, outcomes)
    if output in (PlanFormat.GITHUB, PlanFormat.SARIF):
        printing.annotate(outcomes, work, in_sarif=output is PlanFormat.SARIF)
    elif stat and output is PlanFormat.TEXT:
        printing.show_stat(outcomes, work, look)
    else:
        printing.show(outcomes, work, Format(output.value), look, show_secrets=look.show_secrets)
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
    patch = real_patch.render(plans[0])
    try:
        private_file.write(path, patch)
    except OSError as error:
        console.fail(f"{path}: the patch cannot be written: {error.strerror}", exits.CONFLICT)
    if patch:
        console.line(f"{path}: apply it in {root} with `git apply`, and delete it: secrets are in it")
    else:
        console.line(f"{path}: empty, since nothing is to change")


def named_by_create(request: Request) -> tuple[list[str], Request]:
    """The target when none is named: the folder in which a pair is to be made. Leaves with code 2 without one."""
    if request.create is None:
        console.fail("name a TARGET: a folder, a file or a content package")
    return [request.create], dataclasses.replace(request, create=".")


def save(out: Path, outcomes: Sequence[Outcome], work: Work, request: Request, steps: Steps) -> None:
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
        saved_plan.save(out, whole, request, steps.only or [], steps.skip or [], ids)
    except OSError as error:
        console.fail(f"{out}: the plan cannot be saved: {error.strerror}", exits.CONFLICT)
