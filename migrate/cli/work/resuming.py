"""Runs over many targets that were stopped: what is written down of a command line, and work made of it again."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from migrate.cli import console, exits
from migrate.cli.arguments.groups import Pace, Steps
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.credentials import sources
from migrate.cli.instances import access as reaching
from migrate.cli.work import fleets, results, targeting
from migrate.errors import MigrateError
from migrate.integration.request import SECRET_FIELDS, Request
from migrate.targets.opening import is_url

if TYPE_CHECKING:
    from migrate.cli.work.targeting import Work
    from migrate.cli.work.waves import Waves
    from migrate.fleet.outcomes import Outcome
    from migrate.fleet.record import Planned, Record
    from migrate.fleet.resuming import Left
    from migrate.targets.instance.access import Access

_FILES = ("credentials", "client_secret_file", "profile")
_STDIN = "-"


def begin(work: Work, outcomes: Sequence[Outcome]) -> Record | None:
    """Write down what is to be done; nothing for a single target, whose own journal is enough."""
    from migrate.fleet import record
    from migrate.fleet.outcomes import State

    pending, others, named = [], [], set()
    waves = dict.fromkeys(asked.wave for asked in work.asked)
    for outcome, asked in zip(outcomes, work.asked, strict=True):
        target = _absolute(outcome.target)
        location = target if outcome.plan is None else outcome.plan.target.location
        named.add(location)
        told = (outcome.name, target, location, asked_json(asked))
        if outcome.state is State.PENDING:
            pending.append(record.Planned(*told, record.files_of(outcome)))
        elif asked.wave is not None:
            others.append(record.Planned(*told, {}))
    # A single one of several waves, too: the wave before it may not be through.
    begun = record.begin(pending, others, tuple(waves)) if len(pending) > 1 or (pending and others) else None
    record.supersede(named, by=begun)
    return begun


def asked_json(asked: targeting.Asked) -> dict[str, Any]:
    """What makes a task, in words that mean the same from any folder; no secret is among them."""
    request = asked.request.to_json()
    for name in _FILES:
        if isinstance(path := request.get(name), str) and path != _STDIN:
            request[name] = os.path.abspath(path)
    access = asked.access.said()
    for name, value in access.items():
        if isinstance(value, Path):
            access[name] = os.path.abspath(value)
    steps = {name: value or [] for name, value in asked.steps.said().items()}
    return {"request": request, "access": access, **steps, "fleet": asked.fleet, "wave": asked.wave}


def _absolute(target: str) -> str:
    return target if is_url(target) else os.path.abspath(target)


def _asked(told: Mapping[str, Any], given: Mapping[str, Any]) -> targeting.Asked:
    access = dict(told["access"])
    if access.get("ca_bundle") is not None:
        access["ca_bundle"] = Path(access["ca_bundle"])
    request = dataclasses.replace(Request.of_json(told["request"]), **given)
    return targeting.Asked(
        request,
        AccessOptions(**access),
        Steps(only=list(told["only"]), skip=list(told["skip"])),
        told.get("fleet"),
        told.get("wave"),
    )


def prepared(record: Record, request: Request, pace: Pace, *, quiet: bool) -> Prepared:
    """What is done by now, runs that were cut off among it; and the work that is left, with its plans.

    Args:
        request: where the secret is, when this command line says so.
    """
    from migrate.fleet import resuming
    from migrate.fleet.outcomes import Outcome, State
    from migrate.runs.records import Run

    left = resuming.left(record)
    finished = [Outcome(one.name, one.target, State.APPLIED, run=Run.of(run, ())) for one, run in left.done]
    finished += [Outcome(one.name, one.target, State.SKIPPED) for one in left.taken_back]
    finished += resuming.finish(left.interrupted, access_of=_access)
    given = {name: value for name in SECRET_FIELDS if (value := getattr(request, name)) is not None}
    work = _work(left.open, given)
    outcomes = results.planned(work, Pace(jobs=pace.jobs), quiet=quiet) if left.open else []
    planned = [resuming.checked(o, one) for o, one in zip(outcomes, left.open, strict=True)]
    return Prepared(finished, work, planned, _waves(record, left, given))


class Prepared(NamedTuple):
    """A run over many targets that goes on.

    Attributes:
        finished: what came of the targets that have had their turn.
        work: the work that is left.
        planned: its plans.
        waves: those of the whole run.
    """

    finished: list[Outcome]
    work: Work
    planned: list[Outcome]
    waves: Waves


def _waves(record: Record, left: Left, given: Mapping[str, Any]) -> Waves:
    """The waves of the whole run: with those of its targets that are done, and with those that never had to be."""
    from migrate.cli.work.waves import Waves

    def of_wave(wave: str | None) -> list[Planned]:
        return [one for one in (*record.targets, *record.others) if one.asked.get("wave") == wave]

    order = record.waves or (None,)
    begun = {one.asked.get("wave") for one in record.targets if left.has_begun(one)}
    reached = max((number for number, wave in enumerate(order) if wave in begun), default=0)
    return Waves(order, reached, lambda wave, seen: fleets.not_through(_work(of_wave(wave), given), seen))


def _access(one: Planned) -> Access | None:
    return reaching.of(_asked(one.asked, {}).access, [one.target]) if is_url(one.target) else None


def _work(targets: Sequence[Planned], given: Mapping[str, Any]) -> Work:
    """The work on targets that were written down; what several of them share is looked up once."""
    works = []
    with sources.remembering():
        for one in targets:
            try:
                asked = _asked(one.asked, given)
            except (ValueError, TypeError, KeyError):
                console.fail("what was written down of the run over many targets is damaged; plan it again")
            works.append(fleets.one(one.name, one.target, _with_command(one, asked, given)))
    errors = [task.error for work in works for task in work.tasks]
    if errors and errors[0] is not None and all(errors):
        # Nothing can be done, so nothing is given up: with another credential it can.
        raise errors[0]
    return targeting.together(works, [one.name for one in targets])


def _with_command(one: Planned, asked: targeting.Asked, given: Mapping[str, Any]) -> targeting.Asked:
    """The command that prints the secret is never written down: the fleet file says it again."""
    if asked.fleet is None or given or asked.request.client_id is None:
        return asked
    from migrate.fleet import file

    with contextlib.suppress(MigrateError):
        member = next((m for m in file.load(asked.fleet).members if m.name == one.name), None)
        command = member.request.get("client_secret_command") if member is not None else None
        if command is not None:
            return asked._replace(request=dataclasses.replace(asked.request, client_secret_command=command))
    return asked


def waiting(fleet: str | None) -> Record | None:
    """The newest run over many targets that was cut off, or whose next wave waits; None where there is none.

    One that nobody works on is preferred.

    Args:
        fleet: of the runs over this fleet file alone. Leaves with code 4 where there is none of it.
    """
    from migrate.fleet import record

    path = None if fleet is None else os.path.abspath(fleet)
    known = [one for one in record.unfinished() if path is None or one.targets[0].asked.get("fleet") == path]
    if not known and fleet is not None:
        console.fail(f"no run over {fleet} was cut off; there is nothing to finish", exits.CONFLICT)
    idle = [one for one in known if not record.is_at_work(one)]
    return [*known, *idle][-1] if known else None


def stopped() -> MigrateError:
    """The error of a target at which the command was stopped."""
    from migrate.runs.errors import ApplyError, Kind

    return ApplyError(Kind.STOPPED, "stopped from the keyboard")


def warn_of_interrupted(targets: list[str]) -> None:
    """Say so when an earlier run on these targets was cut off, or when the journal of any run cannot be read."""
    from migrate.runs.state import RUNS, locate

    if not targets or not os.path.isdir(locate() / RUNS):
        return
    from migrate.runs import listing
    from migrate.runs.errors import ApplyError

    try:
        _tell_unfinished(targets)
        found = listing.interrupted(None, targets)
        damaged = listing.damaged(None)
    except ApplyError as error:
        console.note(f"slingshift: {error}")
        return
    if found is not None:
        console.note(f"slingshift: {listing.advice(found)}")
    for one in damaged:
        console.note(f"slingshift: {one}")


def _tell_unfinished(targets: Sequence[str]) -> None:
    """Say so when a run over many targets, these among them, was cut off."""
    from migrate.fleet import record
    from migrate.runs import listing

    places = set(listing.resolve(targets))
    for found in record.unfinished():
        if record.is_at_work(found):
            continue
        if places & {one.location for one in found.targets}:
            count = len(found.targets)
            console.note(
                f"slingshift: a run over {count} targets was cut off, or waits; `slingshift apply --resume` goes on "
                "with it"
            )
