"""What the command line adds to runs on instances: who is asked, what is said meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from migrate.cli import console
from migrate.cli.arguments.groups import Group
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.instances import access as reaching

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.fleet.outcomes import Outcome
    from migrate.plans.planned import TargetPlan
    from migrate.runs.journal import Journal
    from migrate.runs.records import Entry, Run, RunInfo
    from migrate.targets.instance.access import Access


class There(Group):
    """How a run on an instance goes."""

    wait: options.Wait = 60.0
    keep_token: options.KeepToken = False
    restart: options.Restart = None
    repository_only: options.RepositoryOnly = False
    no_validate: options.NoValidate = False


def refuse_useless(how: There, targets: Sequence[str], written: Mapping[str, str]) -> None:
    """Leave with code 2 when options that are for instances alone meet none, or contradict one another."""
    from migrate.targets.opening import is_url

    if not any(map(is_url, targets)):
        for name in There.fields():
            if name in written:
                console.fail(f"{written[name]} is for an instance; no TARGET is a URL")
    if how.restart is not None and how.repository_only:
        console.fail("--restart takes the web console, which --repository-only leaves out")
    if not how.wait >= 0:  # NaN passes every range
        console.fail("--wait is not a number of seconds")


def if_open(outcome: Outcome, how: There) -> Outcome:
    """The outcome, failed where the console is closed and nobody said to go on without it: nobody is asked then."""
    from migrate.fleet.outcomes import State

    plan = outcome.plan
    if outcome.state is not State.PENDING or plan is None or plan.instance is None or how.repository_only:
        return outcome
    if plan.instance.closed is None:
        return outcome
    from migrate.runs.instance.apply import console_closed

    return outcome._replace(state=State.FAILED, error=console_closed(plan.target, plan.instance.closed))


def carrier(
    reached: Mapping[str, Access | None], how: There, *, quiet: bool
) -> Callable[[TargetPlan, str], Run]:
    """What carries out the plan of an instance."""

    def carry(plan: TargetPlan, description: str) -> Run:
        from migrate.runs.instance import apply as running
        from migrate.runs.instance.recording import Options
        from migrate.targets.instance.access import Access

        assert plan.instance is not None  # no other plan comes here
        return running.execute(
            plan.target,
            plan.instance.work,
            reached.get(plan.name) or Access(),
            options=Options(how.wait, how.keep_token, how.restart is not None, how.repository_only),
            description=description,
            tell=teller(quiet=quiet),
        )

    return carry


def access_of(runs: Sequence[str | None], options: AccessOptions) -> Access | None:
    """How to reach the instance of some runs; None for runs on none. Leaves with code 2 when they are on several."""
    found = [loaded for run in runs if (loaded := _loaded(run)) is not None]
    if not found and not all(run and _is_known(run) for run in runs):
        # That there is no such run is what is to be said, not that it is on no instance.
        return None
    targets = [target for one in found for target in one.record.targets]
    if len(set(targets)) > 1:
        console.fail("these runs are on several instances; take them back one by one")
    return reaching.of(options, targets)


def undo_lines(run: RunInfo) -> list[str] | None:
    """What taking a run on an instance back means, line by line; None for any other run."""
    found = _loaded(run.id)
    if found is None:
        return None
    from migrate.runs.instance import recording
    from migrate.runs.instance.undo import outline

    return outline(recording.load(found)) if found.mark() in _UNDOABLE else []


def undo_of(run: RunInfo) -> list[tuple[str, str | None]]:
    """What an undo makes of each file of a run; None where it stays."""
    found = _loaded(run.id)
    if found is None or found.mark() not in _UNDOABLE:
        return [(path, run.undo_of(path)) for path in run.files]
    from migrate.runs.instance import recording
    from migrate.runs.instance.undo import way_back

    wanted = way_back(recording.load(found)).goals
    return [
        (entry.full, _becomes(entry, goal.digest))
        for entry, goal in zip(found.record.entries, wanted, strict=True)
    ]


def not_made_again(run: RunInfo) -> list[str]:
    """PIDs that a run on an instance deletes, and no undo brings back."""
    found = _loaded(run.id)
    if found is None:
        return []
    from migrate.runs.instance import recording

    return [pid for pid, _, _ in recording.load(found).told.left]


def _becomes(entry: Entry, then: str | None) -> str | None:
    if then == (entry.new.sha256 if entry.new else None):
        return None
    return "gone" if then is None else "back" if entry.new is None else "changed back"


def forget(run: str, options: AccessOptions, ask: Callable[[str], None], *, quiet: bool) -> None:
    """Give a run up, after asking."""
    from migrate.runs.instance.settled import forget as give_up

    reached = access_of([run], options)
    ask("Give this run up? Its originals are deleted, and it cannot be taken back any more.")
    give_up(run, access=reached)
    if not quiet:
        console.note(
            f"run {run} is given up: its journal is gone, and what it left below /var of an instance"
        )


def teller(*, quiet: bool) -> Callable[[str], None]:
    """Says how far a run is."""
    return (lambda _: None) if quiet else console.note


def _is_known(run: str) -> bool:
    from migrate.runs import journal
    from migrate.runs.state import locate

    return run in journal.ids(locate())


_UNDOABLE = ("applying", "done", "undoing")


def _loaded(run: str | None) -> Journal | None:
    """The journal of a run on an instance; None for any other."""
    from migrate.runs import journal, listing
    from migrate.runs.errors import ApplyError
    from migrate.runs.state import locate

    if run is None:
        return None
    try:
        found = journal.load(locate(), run)
    except ApplyError:
        # Whoever works with it says so.
        return None
    return found if listing.is_on_instance(found.record) else None
