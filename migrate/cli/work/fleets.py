"""The work that a fleet file names: one task for each of its targets, with what its own keys say."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from migrate.cli import console
from migrate.cli.arguments.groups import Members, Steps
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.errors import UsageError
from migrate.cli.work import targeting
from migrate.errors import MigrateError
from migrate.integration.request import Request

if TYPE_CHECKING:
    from migrate.cli.work.targeting import Asked, Work
    from migrate.fleet.members import Fleet, Member
    from migrate.plans.validation.validation import Validation
    from migrate.runs.records import RunInfo
    from migrate.targets.instance.access import Access

_ITS_OWN = Steps()


def read(path: str, limit: Sequence[str] | None, waves: Sequence[str] | None = None) -> Fleet:
    """The members of a fleet file that are meant.

    Raises:
        FleetError: it cannot be used, or none is left.
    """
    from migrate.fleet import file

    fleet = file.load(path).limited(limit or (), waves or ())
    # Wave by wave, so that the order of the targets is that of the work.
    fleet = fleet._replace(members=tuple(one for _, members in fleet.in_waves() for one in members))
    for remark in fleet.remarks:
        console.line(f"{path}: {remark}")
    return fleet


def without_credentials(fleet: Fleet) -> Fleet:
    """The fleet, for what asks IMS nothing and writes no secret."""
    kept = ("profile", "installer", "platform", "no_ignore", "pick", "prefer")
    return fleet._replace(
        members=tuple(
            member._replace(request={key: value for key, value in member.request.items() if key in kept})
            for member in fleet.members
        )
    )


def refuse_beside(
    targets: Sequence[str] | None, members: Members, waves: Sequence[str] | None = None
) -> None:
    """Refuse targets beside a fleet file, and a limit or a wave without one."""
    if members.fleet is not None and targets:
        raise UsageError(
            "--fleet names the targets; leave them out of the command line, or choose some with --limit"
        )
    if members.fleet is None and (members.limit or waves):
        raise UsageError("--limit and --wave choose from a fleet file: give it with --fleet FILE")


def asked_of(
    member: Member, path: str, request: Request, access: AccessOptions, steps: Steps = _ITS_OWN
) -> Asked:
    """What is to be done with a member; what the command line says wins over the file."""
    said = {
        field.name: value
        for field in dataclasses.fields(Request)
        if (value := getattr(request, field.name)) != field.default
    }
    told = dict(member.request)
    if said.keys() & {"client_secret_env", "client_secret_file", "client_secret_command"}:
        for source in ("client_secret_env", "client_secret_file", "client_secret_command"):
            told.pop(source, None)
    from migrate.targets.opening import is_url

    reached = AccessOptions()
    if is_url(member.target):
        here = {name: value for name, value in access.said().items() if value != getattr(AccessOptions, name)}
        there = dict(member.access)
        if here.keys() & {"password_env", "password_file", "password_command"}:
            for source in ("password_env", "password_file", "password_command"):
                there.pop(source, None)
        reached = AccessOptions(**{**there, **here})
    return targeting.Asked(
        Request(**{**told, **said}),
        reached,
        Steps(only=steps.only or [*member.only], skip=steps.skip or [*member.skip]),
        os.path.abspath(path),
        member.wave,
    )


def work(fleet: Fleet, request: Request, access: AccessOptions, steps: Steps = _ITS_OWN) -> Work:
    """One task for each member. One whose credential is not where the file says has an error; the others go on."""
    from migrate.cli.credentials import sources

    works = []
    with sources.remembering():
        for member in fleet.members:
            asked = asked_of(member, fleet.path, request, access, steps)
            works.append(one(member.name, member.target, asked))
    return targeting.together(works, [member.name for member in fleet.members])


def ways_back(
    fleet: Fleet, runs: Sequence[RunInfo], access: AccessOptions
) -> dict[str, Access | MigrateError | None]:
    """How the instance of each run is reached, with the user and password of its own member; an error of one stops no
    other.

    Args:
        access: what the command line says, which wins.
    """
    return ways(_members_of(fleet, runs), fleet.path, access)


def names_of(fleet: Fleet | None, runs: Sequence[RunInfo]) -> dict[str, str]:
    """What the fleet file calls the target of each run, by the ids of the runs."""
    return {} if fleet is None else {run: one.name for run, one in _members_of(fleet, runs).items()}


def _members_of(fleet: Fleet, runs: Sequence[RunInfo]) -> dict[str, Member]:
    from migrate.runs import listing

    return {
        run.id: next(member for member in fleet.members if listing.is_on(run, member.target)) for run in runs
    }


def ways(
    members: Mapping[str, Member], path: str, access: AccessOptions
) -> dict[str, Access | MigrateError | None]:
    """The same for some members of a fleet file, by the names that the caller has for them."""
    from migrate.cli.credentials import sources
    from migrate.cli.instances import access as reaching

    found: dict[str, Access | MigrateError | None] = {}
    with sources.remembering():
        for name, member in members.items():
            asked = asked_of(member, path, Request(), access)
            try:
                found[name] = reaching.of(asked.access, [member.target])
            except MigrateError as error:
                found[name] = error
    return found


def one(name: str, target: str, asked: Asked) -> Work:
    """The work on one named target."""
    from migrate.fleet.outcomes import Task
    from migrate.integration.settings import Settings

    try:
        made = targeting.of_asked([target], asked)
    except MigrateError as error:
        return targeting.Work([Task(target, Settings(), name=name, error=error)], [asked], [], [])
    return made._replace(tasks=[task._replace(name=name) for task in made.tasks])


def waiting_for(path: str, waves: Sequence[str], request: Request, access: AccessOptions) -> list[str]:
    """Why a wave must wait: what of the waves before it is not through yet, line by line."""
    from migrate.fleet import file

    fleet = file.load(path).limited((), waves)
    earlier = fleet.waves[: min(map(fleet.waves.index, waves))]
    if not earlier:
        return []
    members = [member for member in file.load(path).members if member.wave in earlier]
    return not_through(work(fleet._replace(members=tuple(members)), request, access)) if members else []


def not_through(work: Work, seen: Mapping[str, Validation] = MappingProxyType({})) -> list[str]:
    """What of some targets is not as it should be: to migrate still, unreadable, or not valid on its instance.

    Where IMS cannot be reached from here, no wave would ever be through; `validate` says it.

    Args:
        seen: what was found a moment ago, by the names of targets.
    """
    from migrate.cli.work import results
    from migrate.fleet.outcomes import State
    from migrate.targets.opening import is_url

    lines = []
    for task, outcome in zip(work.tasks, results.planned(work, quiet=True), strict=True):
        if outcome.state is not State.UNCHANGED or results.code_of(outcome) != 0:
            lines.append(f"{task.called}: {outcome.error or outcome.state.value}")
        elif is_url(task.target):
            import migrate
            from migrate.cli.instances import afterwards

            try:
                found = seen.get(task.called) or migrate.validate(
                    task.target, task.settings, access=task.access
                )
                checks = afterwards.mild(found).checks
                wrong = dict.fromkeys(check.id for check in checks if not check.is_right)
                if wrong:
                    told = ", ".join(wrong)
                    lines.append(f"{task.called}: does not validate ({told}); see `slingshift validate`")
            except MigrateError as error:
                lines.append(f"{task.called}: {error}")
    return lines
