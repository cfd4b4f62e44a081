"""`slingshift apply`: the plan, carried out through the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli import plan as planning
from migrate.cli.arguments.choices import Format
from migrate.cli.arguments.groups import Look, Named, Pace, Steps
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.credentials import sources
from migrate.cli.instances import carrying as on_instance
from migrate.cli.instances.carrying import There
from migrate.cli.work import carrying, fleets, printing, reporting, results, saving, targeting
from migrate.integration.request import SECRET_FIELDS, Request

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.cli.work.targeting import Work
    from migrate.fleet.outcomes import Outcome


class ApplyPace(Pace):
    """What is changed, is changed one after the other unless somebody says otherwise."""

    jobs: options.ApplyJobs = None


def apply(
    *,
    request: Request,
    access: AccessOptions,
    written: Mapping[str, str],
    named: Named,
    wave: options.Waves = None,
    plan_file: options.PlanFile = None,
    root: options.Root = None,
    require_approval: options.RequireApproval = None,
    resume: options.Resume = False,
    steps: Steps,
    pace: ApplyPace,
    there: There,
    report: options.ReportTo = None,
    evidence: options.Evidence = None,
    yes: options.Yes = False,
    output: options.FormatOption = Format.TEXT,
    look: Look,
) -> None:
    """Show the plan, ask, and carry it out; every run can be taken back with `slingshift undo`.

    Each target is a run of its own: one that fails is named, and the others go on. On an instance `validate` follows;
    what it finds is printed and changes no exit code. Exit code 0: done, or nothing to do. 1: a wave of the fleet
    has to wait. 3: some files refused, the rest done. 4: a file has changed since the plan, another run is at work, or
    the disk refused.
    """
    if resume and plan_file is not None:
        console.fail("--resume finishes a run that was begun, with its own journal; leave --plan out")
    if plan_file is not None:
        _refuse_decided(written)
    elif root is not None or require_approval is not None:
        console.fail("--root and --require-approval are about a saved plan; name it with --plan FILE")
    reports = reporting.wanted("apply", report, evidence)
    how = carrying.How(pace, yes, output, look, there, reports)
    if resume:
        run = _to_resume(named, wave, steps)
        raise exits.Exit(carrying.resume(run, named.fleet, request, access, how))
    targets = targeting.names(named.targets, named.targets_from)
    fleets.refuse_beside(targets, named, wave)
    if named.fleet is not None:
        with sources.remembering():
            raise exits.Exit(_fleet(named.fleet, named.limit, wave, request, access, steps, how))
    if not targets and request.create is not None and plan_file is None:
        targets, request = planning.named_by_create(request)
    saved = None
    if plan_file is not None:
        saved, targets, request, steps = saving.opened(plan_file, request, root, require_approval)
        if applied := saving.already(saved, targets):
            raise exits.Exit(carrying.tell_unchanged(applied, how))
    if not targets:
        console.fail("name a TARGET, or a saved plan with --plan FILE")
    on_instance.refuse_useless(there, targets, written)
    work = targeting.of_asked(targets, targeting.Asked(request, access, steps))
    if saved is not None and not work.secrets:
        _refuse_without_secret(saved)
    outcomes = results.planned(work, pace, quiet=look.quiet)
    if saved is not None:
        _check(saved, outcomes, work)
    raise exits.Exit(carrying.carry_out(work, outcomes, how))


def _to_resume(named: Named, waves: list[str] | None, steps: Steps) -> str | None:
    """The run that is to be finished, when it is named. Leaves with code 2 when more is said."""
    if named.targets_from is not None or len(named.targets or ()) > 1:
        console.fail("--resume finishes what was begun: name a run, or nothing")
    if named.limit or waves or steps.only or steps.skip:
        console.fail(
            "--resume does what was agreed to when the run began: leave --limit, --wave, --only, --skip out"
        )
    if named.fleet is not None and named.targets:
        console.fail("--resume finishes a run that is named, or the one over --fleet FILE; name one of them")
    return named.targets[0] if named.targets else None


def _fleet(
    path: str,
    limit: list[str] | None,
    waves: list[str] | None,
    request: Request,
    access: AccessOptions,
    steps: Steps,
    how: carrying.How,
) -> int:
    """Plan and carry out a fleet; a wave waits for those before it."""
    members = fleets.read(path, limit, waves)
    if waves and (why := fleets.waiting_for(path, waves, request, access)):
        for line in why:
            console.line(f"  {line}")
        waiting = f"the wave {', '.join(waves)} waits for the ones before it; nothing was changed"
        console.fail(waiting, exits.CONFLICT)
    on_instance.refuse_useless(how.there, [member.target for member in members.members], {})
    work = fleets.work(members, request, access, steps)
    outcomes = results.planned(work, how.pace, quiet=how.look.quiet)
    return carrying.carry_out(work, outcomes, how)


_BESIDE_A_PLAN = (
    *("plan_file", "root", "require_approval", "report", "evidence", "yes", "output"),
    *Look.fields(),
    *There.fields(),
    *SECRET_FIELDS,
    *AccessOptions.fields(),
)
"""What may be said beside a saved plan, which decides all the rest."""


def _refuse_decided(written: Mapping[str, str]) -> None:
    """Leave with code 2 when the command line says what the saved plan has decided."""
    for name, spelling in written.items():
        if name not in _BESIDE_A_PLAN:
            console.fail(f"{spelling} is decided by the saved plan; leave it out, or plan again with it")


def _refuse_without_secret(saved: dict[str, object]) -> None:
    """Leave with code 2 when the plan wants a secret: one that was typed, or printed by a command, is not saved."""
    from migrate.ims.credentials.errors import GIVE_SECRET
    from migrate.reports import saved_plan

    if saved_plan.sets_secret(saved):
        console.fail(f"the saved plan sets a client secret, and holds none. {GIVE_SECRET}")


def _check(saved: dict[str, object], outcomes: Sequence[Outcome], work: Work) -> None:
    from migrate.reports import saved_plan

    if any(outcome.error for outcome in outcomes):
        results.tell_errors(outcomes)
        console.fail(
            "the saved plan cannot be carried out: not all of its targets can be read",
            results.worst(outcomes),
        )
    try:
        saved_plan.check_unchanged(saved, printing.whole_plan(outcomes, work))
    except saved_plan.StalePlanError as error:
        console.fail(f"the saved plan is stale: {error}", exits.CONFLICT)
