"""`slingshift apply`: the plan, carried out through the journal."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.cli import console, exits, inputs
from migrate.cli import plan as planning
from migrate.cli.arguments.choices import Color, Format
from migrate.errors import MigrateError
from migrate.integration.request import SECRET_FIELDS, Request
from migrate.targets.opening import is_url
from migrate.terminal import printable

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.integration.settings import Settings
    from migrate.plans.target_plan import Plan
    from migrate.runs.records import Run
    from migrate.targets.base import Target


def apply(
    request: Request,
    written: Mapping[str, str],
    targets: options.ApplyTargets = None,
    plan_file: options.PlanFile = None,
    resume: options.Resume = False,
    only: options.Only = None,
    skip: options.Skip = None,
    yes: options.Yes = False,
    output: options.FormatOption = Format.TEXT,
    color: options.ColorOption = Color.AUTO,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show the plan, ask, and carry it out; every run can be taken back with `slingshift undo`.

    Exit code 0: done, or nothing to do. 3: some files refused, the rest done. 4: a file has changed since the
    plan, another run is at work, or the disk refused.
    """
    if resume and plan_file is not None:
        console.fail("--resume finishes a run that was begun, with its own journal; leave --plan out")
    if plan_file is not None:
        _refuse_decided(written)
    if resume:
        if targets and len(targets) > 1:
            console.fail("--resume finishes one run: name it, or nothing for the newest interrupted one")
        _resume(targets[0] if targets else None)
    if not targets and request.create is not None and plan_file is None:
        targets, request = planning.named_by_create(request)
    saved = None
    if plan_file is not None:
        saved, targets, request, only, skip = _saved(plan_file, request)
    if any(map(is_url, targets or ())):
        console.fail("apply changes files and packages; `plan URL` says what is to be done on an instance")
    if not targets:
        console.fail("name a TARGET, or a saved plan with --plan FILE")
    settings, findings = inputs.settings_of(request)
    if saved is not None and settings.secret is None:
        _refuse_without_secret(saved)
    made = planning.make(targets, settings, findings, only, skip, request)
    if saved is not None:
        _check(saved, made)
    if not (quiet and yes and output is Format.TEXT):
        planning.show(made, settings, output, color, quiet=quiet, verbose=verbose)
    else:
        planning.complain(made)
    code = exits.OK if made.is_whole else exits.REFUSED
    if made.edits:
        _ask(yes)
        done = _carry_out(made, quiet=quiet)
        if done == exits.OK and not quiet:
            _tell_next_steps(made, settings)
        code = exits.worst([code, done])
    else:
        planning.warn_of_interrupted(targets)
    raise exits.Exit(code)


_BESIDE_A_PLAN = ("plan_file", "yes", "output", "color", "quiet", "verbose", *SECRET_FIELDS)
"""What may be said beside a saved plan, which decides all the rest."""


def _refuse_decided(written: Mapping[str, str]) -> None:
    """Leave with code 2 when the command line says what the saved plan has decided."""
    for name, spelling in written.items():
        if name not in _BESIDE_A_PLAN:
            console.fail(f"{spelling} is decided by the saved plan; leave it out, or plan again with it")


def _saved(
    path: Path, request: Request
) -> tuple[dict[str, object], list[str], Request, list[str], list[str]]:
    """A saved plan and what it was made from; where the secret is comes from this command line."""
    from migrate.reports import saved_plan

    try:
        saved = saved_plan.load(path)
        made_from = saved_plan.inputs(saved)
    except OSError as error:
        console.fail(f"{path}: {error.strerror}", exits.CONFLICT)
    given = {name: value for name in SECRET_FIELDS if (value := getattr(request, name)) is not None}
    request = dataclasses.replace(made_from.request, **given)
    return saved, made_from.targets, request, made_from.only, made_from.skip


def _refuse_without_secret(saved: dict[str, object]) -> None:
    """Leave with code 2 when the plan wants a secret: one that was typed, or printed by a command, is not saved."""
    from migrate.ims.credentials.errors import GIVE_SECRET
    from migrate.reports import saved_plan

    if saved_plan.sets_secret(saved):
        console.fail(f"the saved plan sets a client secret, and holds none. {GIVE_SECRET}")


def _check(saved: dict[str, object], made: Plan) -> None:
    from migrate.reports import saved_plan

    try:
        saved_plan.check_unchanged(saved, made)
    except saved_plan.StalePlanError as error:
        console.fail(f"the saved plan is stale: {error}", exits.CONFLICT)


def _ask(yes: bool) -> None:
    if yes:
        return
    if not console.can_ask():
        console.fail("nothing was changed: there is no terminal to ask on; say --yes")
    if not console.confirm("Carry this out?"):
        console.fail("nothing was changed", exits.PENDING)


def _carry_out(made: Plan, *, quiet: bool) -> int:
    """Each target as a run of its own, in their order; one that fails is named, and the rest go on."""
    from migrate.plans.target_plan import Plan
    from migrate.reports import plan_report
    from migrate.runs import apply as running

    code = exits.OK
    for target in made.targets:
        description = plan_report.summary_line(Plan((target,)))
        try:
            run = running.apply_changes(
                target.target, target.changes, sha256=target.sha256, description=description
            )
        except MigrateError as error:
            if exits.of(error) == exits.INTERRUPTED:
                raise
            console.tell(error)
            code = exits.worst((code, exits.of(error)))
        else:
            _done(target.target, run, several=len(made.targets) > 1, quiet=quiet)
    return code


def _done(target: Target, run: Run, *, several: bool, quiet: bool) -> None:
    for note in run.notes:
        console.note(note)
    if run.id and not quiet:
        where = f"{printable(target.name)}: " if several else ""
        console.note(f"{where}done; `slingshift undo {run.id}` takes it back")


_BEAN = "com.day.cq.dam.similaritysearch.internal.impl:type=similaritysearch"


def _tell_next_steps(made: Plan, settings: Settings) -> None:
    """What Adobe's page asks for after the edits; docs/runbook.md has more."""
    changed = [target.name for target in made.targets if target.changes]
    check = f"slingshift check-token {shlex.quote(changed[0])}"
    live = "the live configurations of both factories in /system/console/configMgr"
    steps = [
        f"ask for a token with these very values, on AEM's own host: {check}",
        f"bring the files to the instance, where the old names must go, too, and look at {live}",
    ]
    if settings.profile.is_smart_tags:
        steps.append(f"invoke validateConfigs of the JMX bean {_BEAN}: every row must have passed")
    console.note("next steps:")
    for number, step in enumerate(steps, start=1):
        console.line(f"  {number}. {step}")


def _resume(run_id: str | None) -> None:
    from migrate.runs import apply as running

    run = running.resume(run_id)
    for note in run.notes:
        console.note(note)
    console.note(f"run {run.id} is finished")
    raise exits.Exit(exits.OK)
