"""The work on many targets. Each has its own outcome, and they come in the order of the tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.errors import MigrateError
from migrate.fleet.outcomes import CrashError, Outcome, State, Task
from migrate.targets.base import Reader, Target
from migrate.targets.places import Places
from migrate.workers import SERIAL, Workers

if TYPE_CHECKING:
    from datetime import date

    from migrate.plans.planned import TargetPlan
    from migrate.plans.validation.validation import Validation
    from migrate.runs.records import Run

_Step = Callable[[Task, Target], Outcome]


def plan_each(tasks: Sequence[Task], workers: Workers = SERIAL, inner: Workers = SERIAL) -> Iterator[Outcome]:
    """Plan each target; writes nothing. Of two that share files, the second fails.

    Args:
        workers: who plans the targets.
        inner: who does what takes long with one target.
    """
    from migrate.plans.planned import Plan
    from migrate.plans.target_plan import plan_target

    def planned(task: Task, reader: Reader) -> Outcome:
        made = plan_target(reader, task.settings, task.passes, inner)
        state = (
            State.PENDING if Plan((made,)).is_pending else State.REFUSED if made.refusals else State.UNCHANGED
        )
        return Outcome(task.called, task.target, state, made)

    return _each(tasks, planned, workers, may_overlap=False)


def scan_each(
    tasks: Sequence[Task], today: date | None = None, workers: Workers = SERIAL, inner: Workers = SERIAL
) -> Iterator[Outcome]:
    """Take the inventory of each target; reads only.

    Args:
        today: see :func:`migrate.scan`.
        workers: who takes them.
        inner: who does what takes long with one target.
    """
    from migrate.plans.scan import scan_target

    def scanned(task: Task, reader: Reader) -> Outcome:
        found = scan_target(reader, task.settings, today, inner)
        return Outcome(task.called, task.target, State.SCANNED, scan=found)

    return _each(tasks, scanned, workers, may_overlap=True)


def validate_each(
    tasks: Sequence[Task], look_at: Callable[[Task, Target], Validation], workers: Workers = SERIAL
) -> Iterator[Outcome]:
    """Look at each instance; what reaches Adobe IMS, too, is the caller's.

    Args:
        look_at: looks at one.
        workers: who looks.
    """

    def done(pair: tuple[Task, Target | MigrateError]) -> Outcome:
        task, target = pair
        if isinstance(target, MigrateError):
            return Outcome.failed(task, target)
        found = look_at(task, target)
        state = State.VALID if found.is_right else State.INVALID
        return Outcome(task.called, task.target, state, validation=found)

    def caught(pair: tuple[Task, Target | MigrateError]) -> Outcome:
        return _caught(lambda: done(pair), Outcome(pair[0].called, pair[0].target, State.FAILED))

    return workers.each(caught, list(zip(tasks, targets_of(tasks, may_overlap=True), strict=True)))


def apply_each(
    planned: Sequence[Outcome],
    describe: Callable[[Outcome], str],
    workers: Workers = SERIAL,
    state: Path | None = None,
    on_instance: Callable[[TargetPlan, str], Run] | None = None,
    afterwards: Callable[[Outcome], Outcome] | None = None,
) -> Iterator[Outcome]:
    """Carry out each plan that has something to do, as a run of its own; the other outcomes stay as they are.

    Args:
        describe: the summary of a target's plan for `undo --list`; must hold no secret.
        state: the state folder, by default the user's.
        on_instance: carries out the plan of an instance, which has a summary.
        afterwards: adds to an outcome what is to be seen once its run is done.

    Raises:
        ApplyError: kind `stopped`, when the person at the keyboard stops it. What is done is done.
    """
    from migrate.runs.apply import apply_changes

    def applied(outcome: Outcome) -> Outcome:
        if outcome.state is not State.PENDING or outcome.plan is None:
            return outcome
        plan = outcome.plan
        if plan.instance is not None and on_instance is not None:
            run = on_instance(plan, describe(outcome))
        else:
            run = apply_changes(
                plan.target, plan.changes, sha256=plan.sha256, state=state, description=describe(outcome)
            )
        done = outcome._replace(state=State.APPLIED, run=run)
        return afterwards(done) if afterwards is not None else done

    return workers.each(lambda one: _caught(lambda: applied(one), one), planned)


def stopping(outcomes: Iterable[Outcome], tasks: Sequence[Task]) -> Iterator[Outcome]:
    """The outcomes up to the first that failed; the targets after it are skipped."""
    for number, outcome in enumerate(outcomes, start=1):
        yield outcome
        if outcome.state is State.FAILED:
            yield from (Outcome(left.called, left.target, State.SKIPPED) for left in tasks[number:])
            return


def _each(
    tasks: Sequence[Task],
    function: Callable[[Task, Reader], Outcome],
    workers: Workers,
    *,
    may_overlap: bool,
) -> Iterator[Outcome]:
    from migrate.targets.opening import open_target

    def done(task: Task, target: Target | MigrateError) -> Outcome:
        if isinstance(target, MigrateError):
            return Outcome.failed(task, target)
        with open_target(target, task.access, task.sieve) as reader:
            return function(task, reader)

    def caught(pair: tuple[Task, Target | MigrateError]) -> Outcome:
        task = pair[0]
        return _caught(lambda: done(*pair), Outcome(task.called, task.target, State.FAILED))

    pairs = list(zip(tasks, targets_of(tasks, may_overlap=may_overlap), strict=True))
    return workers.each(caught, pairs)


def _caught(work: Callable[[], Outcome], before: Outcome) -> Outcome:
    """The outcome; an error is one, too."""
    try:
        return work()
    except MigrateError as error:
        if getattr(error, "kind", None) == "stopped":
            raise
        return before._replace(state=State.FAILED, error=error)
    except Exception as error:
        return before._replace(state=State.FAILED, error=CrashError.of(error))


def targets_of(tasks: Sequence[Task], *, may_overlap: bool = False) -> list[Target | MigrateError]:
    """The target of each task, or why there is none."""
    from migrate.targets.opening import target_of

    found: list[Target | MigrateError] = []
    places = Places()
    for task in tasks:
        if task.error is not None:
            found.append(task.error)
            continue
        try:
            target = target_of(task.target)
            if not may_overlap:
                places.take(target)
        except MigrateError as error:
            found.append(error)
        else:
            found.append(target)
    return found
