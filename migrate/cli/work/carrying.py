"""Carrying plans out: showing, asking, doing, telling; and going on with what was stopped."""

from __future__ import annotations

import contextlib
import itertools
import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from migrate.cli import console, exits
from migrate.cli.arguments.choices import Format
from migrate.cli.arguments.groups import Look, Pace
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.credentials import sources
from migrate.cli.instances import afterwards
from migrate.cli.instances import carrying as on_instance
from migrate.cli.instances.carrying import There
from migrate.cli.work import printing, reporting, results, resuming, targeting, waves
from migrate.cli.work.reporting import Reports
from migrate.errors import MigrateError
from migrate.integration.request import Request
from migrate.terminal import printable

if TYPE_CHECKING:
    from migrate.cli.work.targeting import Work
    from migrate.cli.work.waves import Waves
    from migrate.fleet.outcomes import Outcome
    from migrate.fleet.record import Record


class How(NamedTuple):
    """How it is done, and told."""

    pace: Pace
    yes: bool
    output: Format
    look: Look
    there: There
    reports: Reports

    @property
    def in_text(self) -> bool:
        return self.output is Format.TEXT


def carry_out(work: Work, outcomes: Sequence[Outcome], how: How) -> int:
    """Show what is planned, ask, and do it; gives the exit code."""
    from migrate.fleet import record as records
    from migrate.fleet.outcomes import State

    if how.pace.fail_fast and any(outcome.error for outcome in outcomes):
        outcomes = [o._replace(state=State.SKIPPED) if o.state is State.PENDING else o for o in outcomes]
    outcomes = [on_instance.if_open(outcome, how.there) for outcome in outcomes]
    pending = [outcome for outcome in outcomes if outcome.state is State.PENDING]
    if how.in_text and not (how.look.quiet and how.yes):
        printing.show(outcomes, work, how.output, how.look, table=not pending)
    elif how.in_text:
        printing.complain(outcomes, work, Look(color=how.look.color, quiet=True))
    resuming.warn_of_interrupted([one.target for one in outcomes if one.state is State.UNCHANGED])
    halted = False
    if pending:
        try:
            where = "" if len(pending) == 1 else f" on {len(pending)} targets"
            console.agree(how.yes, f"Carry this out{where}?")
        except exits.Exit:
            _report(outcomes, work, how)
            raise
        record = resuming.begin(work, outcomes)
        with records.owned(record) if record is not None else contextlib.nullcontext():
            outcomes, halted = _applied(work, outcomes, how, record, waves.of_work(work))
    _report(outcomes, work, how)
    if how.in_text and not how.look.quiet and pending:
        results.tell_table(outcomes, color=results.stderr_color(how.look.color))
        _tell_next_steps(outcomes, work)
    return reporting.write(how.reports, outcomes, work, _code(outcomes, halted=halted))


def tell_unchanged(outcomes: Sequence[Outcome], how: How) -> int:
    """What is asked for when nothing had to be done; gives the exit code."""
    work = targeting.Work([], [], [], [])
    _report(outcomes, work, how)
    return reporting.write(how.reports, outcomes, work, exits.OK)


def _code(outcomes: Sequence[Outcome], *, halted: bool) -> int:
    """The exit code; where a wave has to wait there is something to do still."""
    code = exits.INTERRUPTED if _is_stopped(outcomes) else results.worst(outcomes)
    return exits.worst([code, exits.PENDING]) if halted else code


def _report(outcomes: Sequence[Outcome], work: Work, how: How) -> None:
    if not how.in_text:
        printing.report(outcomes, work, how.output)


def _is_stopped(outcomes: Sequence[Outcome]) -> bool:
    return any(one.error is not None and exits.of(one.error) == exits.INTERRUPTED for one in outcomes)


def _applied(
    work: Work, outcomes: Sequence[Outcome], how: How, record: Record | None, stages: Waves
) -> tuple[list[Outcome], bool]:
    """Each target as a run of its own, in their order; and whether a wave has to wait.

    Args:
        record: what is written down of it; it goes when every target had its turn.
    """
    from migrate.fleet import record as records
    from migrate.fleet import work as fleet

    before = {outcome.name for outcome in outcomes if outcome.error is not None}
    gate = waves.Gate(stages)
    coming = _in_waves(work, outcomes, how, gate)
    if how.pace.fail_fast:
        coming = fleet.stopping(coming, work.tasks)
    done: list[Outcome] = []
    row = results.plan_row if how.output is Format.JSONL else None
    try:
        for outcome in results.watched(coming, len(outcomes), quiet=how.look.quiet, row=row):
            done.append(outcome)
            _tell(outcome, how, several=len(outcomes) > 1, is_new=outcome.name not in before)
    except (MigrateError, KeyboardInterrupt) as error:
        if isinstance(error, MigrateError) and exits.of(error) != exits.INTERRUPTED:
            raise
        return _stopped(outcomes, done, error, record), False
    if record is not None and gate.is_shut:
        console.line("slingshift: `slingshift apply --resume` looks again, and goes on")
    elif record is not None:
        records.end(record)
    return done, gate.is_shut


def _stopped(
    outcomes: Sequence[Outcome], done: list[Outcome], error: BaseException, record: Record | None
) -> list[Outcome]:
    """What came of all targets when the command was stopped after some of them."""
    from migrate.fleet.outcomes import State

    stopped = error if isinstance(error, MigrateError) else resuming.stopped()
    at, *rest = outcomes[len(done) :]
    skipped = [one._replace(state=State.SKIPPED) if one.state is State.PENDING else one for one in rest]
    failed = at._replace(state=State.FAILED, error=stopped)
    results.tell_errors([failed])
    if record is not None:
        console.note("slingshift: `slingshift apply --resume` goes on with what is open")
    return [*done, failed, *skipped]


def _in_waves(work: Work, outcomes: Sequence[Outcome], how: How, gate: waves.Gate) -> Iterator[Outcome]:
    """The outcomes wave by wave; the next begins only when the ones before are through."""
    from migrate.fleet import work as fleet
    from migrate.fleet.outcomes import State

    for wave, numbers in itertools.groupby(range(len(outcomes)), key=lambda number: work.asked[number].wave):
        at = list(numbers)
        group = [outcomes[number] for number in at]
        if any(one.state is State.PENDING for one in group) and not gate.lets(wave):
            group = [o._replace(state=State.SKIPPED) if o.state is State.PENDING else o for o in group]
        workers, _ = targeting.jobs(1 if how.pace.fail_fast else how.pace.jobs, len(group), alone=True)
        reached = {task.target: task.access for task in targeting.part(work, at).tasks}
        carry = on_instance.carrier(reached, how.there, quiet=how.look.quiet or not how.in_text)
        look = afterwards.validator(work.tasks, how.there)
        for outcome in fleet.apply_each(group, _described, workers, on_instance=carry, afterwards=look):
            if outcome.validation is not None:
                gate.seen[outcome.name] = outcome.validation
            yield outcome


def _described(outcome: Outcome) -> str:
    """For `undo --list`."""
    from migrate.plans.planned import Plan
    from migrate.reports import plan_report

    assert outcome.plan is not None  # only what is planned is carried out
    return plan_report.summary_line(Plan((outcome.plan,)))


def _tell(outcome: Outcome, how: How, *, several: bool, is_new: bool) -> None:
    """Say at once what came of a target."""
    if not how.in_text:
        return
    if outcome.error is not None and is_new:
        results.tell_errors([outcome])
    run = outcome.run
    if run is None:
        return
    for note in (*run.notes, *run.left):
        console.note(note)
    if run.id and not how.look.quiet:
        where = f"{printable(outcome.name)}: " if several else ""
        console.note(f"{where}done; `slingshift undo {run.id}` takes it back")
    afterwards.tell(outcome, color=console.use_color(how.look.color), quiet=how.look.quiet)


def _tell_next_steps(outcomes: Sequence[Outcome], work: Work) -> None:
    """What Adobe's page asks for after the edits; docs/runbook.md has more."""
    changed = [o.target for o in outcomes if o.run is not None and not (o.plan and o.plan.instance)]
    there = [o.target for o in outcomes if o.run is not None and o.plan and o.plan.instance]
    for target in there:
        console.line(f"next: `slingshift validate {shlex.quote(target)}` again later")
    if there:
        console.line("a dialog of the console that is still open can bring old values back when it is saved")
    if not changed:
        return
    check = f"slingshift check-token {shlex.join(changed[:3])}{' ...' if len(changed) > 3 else ''}"
    live = "the live configurations of both factories in /system/console/configMgr"
    steps = [
        f"ask for a token with these very values, on AEM's own host: {check}",
        f"bring the files to the instance, where the old names must go, too, and look at {live}",
    ]
    if any(task.settings.profile.is_smart_tags for task in work.tasks):
        from migrate.targets.instance.aem import jmx

        steps.append(f"invoke {jmx.OPERATION} of the JMX bean {jmx.BEAN}: every row must have passed")
    console.note("next steps:")
    for number, step in enumerate(steps, start=1):
        console.line(f"  {number}. {step}")


def resume(named: str | None, fleet: str | None, request: Request, access: AccessOptions, how: How) -> int:
    """Finish what was begun: one run, or the newest run over many targets; gives the exit code.

    Args:
        named: the one run.
        fleet: the fleet file whose run is meant.
    """
    from migrate.fleet import record as records

    record = resuming.waiting(fleet) if named is None else None
    if record is None:
        return _resume_one(named, request, access, how)
    with records.owned(record), sources.remembering():
        ready = resuming.prepared(record, request, how.pace, quiet=how.look.quiet)
        for outcome in ready.finished:
            _tell(outcome, how, several=True, is_new=True)
        results.tell_errors(ready.planned) if how.in_text else None
        left, halted = _applied(ready.work, ready.planned, how, record, ready.waves)
    done = [*ready.finished, *left]
    order = {one.name: number for number, one in enumerate(record.targets)}
    done.sort(key=lambda outcome: order[outcome.name])
    _report(done, ready.work, how)
    if how.in_text and not how.look.quiet:
        results.tell_table(done, color=results.stderr_color(how.look.color))
        _tell_next_steps(done, ready.work)
    return reporting.write(how.reports, done, ready.work, _code(done, halted=halted))


def _resume_one(named: str | None, request: Request, access: AccessOptions, how: How) -> int:
    """Finish one run."""
    from migrate.fleet.outcomes import Outcome, State
    from migrate.runs import apply as running
    from migrate.runs import listing
    from migrate.runs.state import locate

    waiting = listing.interrupted(locate(), ()) if named is None else None
    reached = on_instance.access_of([waiting.id if waiting else named], access)
    run = running.resume(named, access=reached, tell=on_instance.teller(quiet=how.look.quiet))
    for note in (*run.notes, *run.left):
        console.note(note)
    console.note(f"run {run.id} is finished")
    code = exits.REFUSED if run.left else exits.OK
    outcome = Outcome(run.targets[0], run.targets[0], State.APPLIED, run=run)
    outcome = afterwards.after_resume(outcome, request, reached, how.there)
    if how.in_text:
        afterwards.tell(outcome, color=console.use_color(how.look.color), quiet=how.look.quiet)
    return reporting.write(how.reports, [outcome], targeting.Work([], [], [], []), code)
