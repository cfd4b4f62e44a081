"""`slingshift apply`: the plan, carried out through the journal."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from migrate.cli import console, exits
from migrate.cli import plan as planning
from migrate.cli.arguments.choices import Color, Format
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.work import results, resuming, targeting
from migrate.errors import MigrateError
from migrate.integration.request import SECRET_FIELDS, Request
from migrate.targets.opening import is_url
from migrate.terminal import printable

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.cli.work.targeting import Work
    from migrate.fleet.outcomes import Outcome


def apply(
    request: Request,
    written: Mapping[str, str],
    targets: options.ApplyTargets = None,
    targets_from: options.TargetsFrom = None,
    plan_file: options.PlanFile = None,
    resume: options.Resume = False,
    only: options.Only = None,
    skip: options.Skip = None,
    jobs: options.ApplyJobs = None,
    fail_fast: options.FailFast = False,
    yes: options.Yes = False,
    output: options.FormatOption = Format.TEXT,
    color: options.ColorOption = Color.AUTO,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show the plan, ask, and carry it out; every run can be taken back with `slingshift undo`.

    Each target is a run of its own: one that fails is named, and the others go on. Exit code 0: done, or nothing to
    do. 3: some files refused, the rest done. 4: a file has changed since the plan, another run is at work, or the disk
    refused.
    """
    if resume and plan_file is not None:
        console.fail("--resume finishes a run that was begun, with its own journal; leave --plan out")
    if plan_file is not None:
        _refuse_decided(written)
    how = _How(jobs, fail_fast, yes, output, color, quiet, verbose)
    if resume:
        if targets_from is not None or len(targets or ()) > 1:
            console.fail("--resume finishes what was begun: name a run, or nothing")
        raise exits.Exit(_resume(targets[0] if targets else None, request, how))
    named = targeting.names(targets, targets_from)
    if not named and request.create is not None and plan_file is None:
        named, request = planning.named_by_create(request)
    saved = None
    if plan_file is not None:
        saved, named, request, only, skip = _saved(plan_file, request)
    if any(map(is_url, named)):
        console.fail("apply changes files and packages; `plan URL` says what is to be done on an instance")
    if not named:
        console.fail("name a TARGET, or a saved plan with --plan FILE")
    work = targeting.of_asked(
        named, targeting.Asked(request, AccessOptions(), tuple(only or ()), tuple(skip or ()))
    )
    if saved is not None and not work.secrets:
        _refuse_without_secret(saved)
    outcomes = results.planned(work, jobs, fail_fast=fail_fast, quiet=quiet)
    if saved is not None:
        _check(saved, outcomes, work)
    raise exits.Exit(_carry_out(work, outcomes, how))


class _How(NamedTuple):
    """How it is done, and told."""

    jobs: int | None
    fail_fast: bool
    yes: bool
    output: Format
    color: Color
    quiet: bool
    verbose: bool

    @property
    def in_text(self) -> bool:
        return self.output is Format.TEXT


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


def _check(saved: dict[str, object], outcomes: Sequence[Outcome], work: Work) -> None:
    from migrate.reports import saved_plan

    if any(outcome.error for outcome in outcomes):
        results.tell_errors(outcomes)
        console.fail(
            "the saved plan cannot be carried out: not all of its targets can be read",
            results.worst(outcomes),
        )
    try:
        saved_plan.check_unchanged(saved, planning.whole_plan(outcomes, work))
    except saved_plan.StalePlanError as error:
        console.fail(f"the saved plan is stale: {error}", exits.CONFLICT)


def _carry_out(work: Work, outcomes: Sequence[Outcome], how: _How) -> int:
    """Show what is planned, ask, and do it; gives the exit code."""
    from migrate.fleet.outcomes import State

    if how.fail_fast and any(outcome.error for outcome in outcomes):
        outcomes = [o._replace(state=State.SKIPPED) if o.state is State.PENDING else o for o in outcomes]
    pending = [outcome for outcome in outcomes if outcome.state is State.PENDING]
    if how.in_text and not (how.quiet and how.yes):
        planning.show(
            outcomes, work, how.output, how.color, quiet=how.quiet, verbose=how.verbose, table=not pending
        )
    elif how.in_text:
        planning.complain(outcomes, work, how.color)
    planning.warn_of_interrupted([one.target for one in outcomes if one.state is State.UNCHANGED])
    if pending:
        try:
            _ask(how.yes, pending)
        except exits.Exit:
            _report(outcomes, work, how)
            raise
        outcomes = _applied(work, outcomes, how)
    _report(outcomes, work, how)
    if how.in_text and not how.quiet and pending:
        results.tell_table(outcomes, color=results.stderr_color(how.color))
        if any(outcome.run for outcome in outcomes) and not any(outcome.error for outcome in outcomes):
            _tell_next_steps(outcomes, work)
    return exits.INTERRUPTED if _is_stopped(outcomes) else results.worst(outcomes)


def _report(outcomes: Sequence[Outcome], work: Work, how: _How) -> None:
    if not how.in_text:
        planning.report(outcomes, work, how.output)


def _is_stopped(outcomes: Sequence[Outcome]) -> bool:
    return any(one.error is not None and exits.of(one.error) == exits.INTERRUPTED for one in outcomes)


def _ask(yes: bool, pending: Sequence[Outcome]) -> None:
    if yes:
        return
    if not console.can_ask():
        console.fail("nothing was changed: there is no terminal to ask on; say --yes")
    if not console.confirm(
        "Carry this out?" if len(pending) == 1 else f"Carry this out on {len(pending)} targets?"
    ):
        console.fail("nothing was changed", exits.PENDING)


def _applied(work: Work, outcomes: Sequence[Outcome], how: _How) -> list[Outcome]:
    """Each target as a run of its own, in their order. What is to be done is written down before the first one."""
    from migrate.fleet import record as records
    from migrate.fleet import work as fleet
    from migrate.fleet.outcomes import State

    record = resuming.begin(work, outcomes)
    before = {outcome.name for outcome in outcomes if outcome.error is not None}
    workers, _ = targeting.jobs(1 if how.fail_fast else how.jobs, len(outcomes), alone=True)
    coming = fleet.apply_each(outcomes, _described, workers)
    if how.fail_fast:
        coming = fleet.stopping(coming, work.tasks)
    done: list[Outcome] = []
    row = results.plan_row if how.output is Format.JSONL else None
    try:
        for outcome in results.watched(coming, len(outcomes), quiet=how.quiet, row=row):
            done.append(outcome)
            _tell(outcome, how, several=len(outcomes) > 1, is_new=outcome.name not in before)
    except (MigrateError, KeyboardInterrupt) as error:
        stopped = error if isinstance(error, MigrateError) else resuming.stopped()
        if isinstance(error, MigrateError) and exits.of(error) != exits.INTERRUPTED:
            raise
        at, *rest = outcomes[len(done) :]
        skipped = [one._replace(state=State.SKIPPED) if one.state is State.PENDING else one for one in rest]
        done += [at._replace(state=State.FAILED, error=stopped), *skipped]
        results.tell_errors([done[-1 - len(rest)]])
        if record is not None:
            console.note("slingshift: `slingshift apply --resume` goes on with what is open")
        return done
    if record is not None:
        records.end(record)
    return done


def _described(outcome: Outcome) -> str:
    """For `undo --list`."""
    from migrate.plans.planned import Plan
    from migrate.reports import plan_report

    assert outcome.plan is not None  # only what is planned is carried out
    return plan_report.summary_line(Plan((outcome.plan,)))


def _tell(outcome: Outcome, how: _How, *, several: bool, is_new: bool) -> None:
    """Say at once what came of a target."""
    if not how.in_text:
        return
    if outcome.error is not None and is_new:
        results.tell_errors([outcome])
    run = outcome.run
    if run is None:
        return
    for note in run.notes:
        console.note(note)
    if run.id and not how.quiet:
        where = f"{printable(outcome.name)}: " if several else ""
        console.note(f"{where}done; `slingshift undo {run.id}` takes it back")


_BEAN = "com.day.cq.dam.similaritysearch.internal.impl:type=similaritysearch"


def _tell_next_steps(outcomes: Sequence[Outcome], work: Work) -> None:
    """What Adobe's page asks for after the edits; docs/runbook.md has more."""
    changed = [outcome.target for outcome in outcomes if outcome.run is not None]
    check = f"slingshift check-token {shlex.quote(changed[0])}"
    live = "the live configurations of both factories in /system/console/configMgr"
    steps = [
        f"ask for a token with these very values, on AEM's own host: {check}",
        f"bring the files to the instance, where the old names must go, too, and look at {live}",
    ]
    if any(task.settings.profile.is_smart_tags for task in work.tasks):
        steps.append(f"invoke validateConfigs of the JMX bean {_BEAN}: every row must have passed")
    console.note("next steps:")
    for number, step in enumerate(steps, start=1):
        console.line(f"  {number}. {step}")


def _resume(named: str | None, request: Request, how: _How) -> int:
    """Finish what was begun: one run, or the newest run over many targets; gives the exit code."""
    from migrate.fleet import record as records
    from migrate.runs import apply as running

    unfinished = records.unfinished() if named is None else []
    if not unfinished:
        run = running.resume(named)
        for note in run.notes:
            console.note(note)
        console.note(f"run {run.id} is finished")
        return exits.OK
    record = unfinished[-1]
    finished, work, planned = resuming.prepared(record, request, jobs=how.jobs, quiet=how.quiet)
    for outcome in finished:
        _tell(outcome, how, several=True, is_new=True)
    results.tell_errors(planned) if how.in_text else None
    done = [*finished, *(_applied(work, planned, how) if planned else ())]
    if not _is_stopped(done):
        records.end(record)
    order = {one.name: number for number, one in enumerate(record.targets)}
    done.sort(key=lambda outcome: order[outcome.name])
    _report(done, work, how)
    if how.in_text and not how.quiet:
        results.tell_table(done, color=results.stderr_color(how.color))
    return exits.INTERRUPTED if _is_stopped(done) else results.worst(done)
