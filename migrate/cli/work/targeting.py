"""From what the command line names to one task for each target."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from migrate.cli import console, exits, inputs, leaving
from migrate.cli.arguments.groups import Steps
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.errors import UsageError
from migrate.cli.instances import access as reaching
from migrate.integration.request import Request

if TYPE_CHECKING:
    from migrate.fleet.outcomes import Task
    from migrate.integration.findings import Finding
    from migrate.integration.secret import Secret
    from migrate.workers import Workers

STDIN = "-"
_MOST_BYTES = 16 * 1024 * 1024


class Asked(NamedTuple):
    """What the command line, or a fleet file, asks to be done with a target."""

    request: Request
    access: AccessOptions
    steps: Steps = Steps()
    fleet: str | None = None
    """The fleet file that says all this, absolute."""
    wave: str | None = None
    """The wave of the fleet that the target belongs to."""


class Work(NamedTuple):
    """What is to be done.

    Attributes:
        tasks: one for each target, in the order in which they were named.
        asked: what each was made of.
        findings: what is worth saying about the credentials.
        secrets: every secret that may be written; none of them is ever shown.
    """

    tasks: list[Task]
    asked: list[Asked]
    findings: list[Finding]
    secrets: list[Secret]


def names(targets: Sequence[str] | None, targets_from: str | None) -> list[str]:
    """The targets that are named as arguments, by patterns, or in a list; each once, in their order."""
    found = list(_expanded(targets or ()))
    if targets_from is not None:
        found += _expanded(_listed(targets_from))
        if not found:
            console.fail(f"--targets-from {targets_from} names no target")
    once: dict[str, str] = {}
    for name in map(_shown, found):
        once.setdefault(_place(name), name)
    return list(once.values())


def _shown(name: str) -> str:
    """A target of a list without a password in its address, which is refused later on."""
    from migrate.targets.opening import is_url

    if not is_url(name):
        return name
    from migrate.targets.instance import address

    return address.shown(name)


def _place(name: str) -> str:
    from migrate.targets.opening import is_url

    return name if is_url(name) or not name else os.path.abspath(name)


_LONGEST_PATTERN = 4096
"""As long as paths may be. The time that a pattern takes grows with its length squared: a file of brackets that is no
list of targets would take hours."""


def _expanded(targets: Sequence[str]) -> Iterator[str]:
    """A name with wildcards that is no path stands for the paths that it matches: shells leave quoted ones alone."""
    from migrate.targets.opening import is_url

    for name in targets:
        is_pattern = any(mark in name for mark in "*?[") and len(name) <= _LONGEST_PATTERN
        if not is_pattern or is_url(name) or os.path.lexists(name):
            yield name
            continue
        import glob

        matches = sorted(glob.glob(name, recursive=True))
        # What matches nothing is a target that is not there, which its own outcome says.
        yield from matches or [name]


def _listed(source: str) -> list[str]:
    """The lines of a file, or of standard input, but for empty ones and those that begin with #."""
    try:
        if source == STDIN:
            data = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with open(source, "rb") as stream:
                data = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        console.fail(f"--targets-from {source}: {error.strerror}", exits.CONFLICT)
    if len(data) > _MOST_BYTES:
        console.fail(f"--targets-from {source}: too large for a list of targets")
    lines = (os.fsdecode(line).strip("\r\n \t") for line in data.split(b"\n"))
    return [line for line in lines if line and not line.startswith("#")]


def of_asked(targets: Sequence[str], asked: Asked) -> Work:
    """One task for each target, all with the same credential.

    Raises:
        MigrateError: the options make no sense, or the credential is not where they say.
    """
    from migrate.fleet.outcomes import Task
    from migrate.plans.target_plan import select_passes
    from migrate.targets.opening import is_url

    settings, findings = inputs.settings_of(asked.request, [one for one in targets if not is_url(one)])
    try:
        passes = select_passes(asked.steps.only or (), asked.steps.skip or ())
    except ValueError as error:
        raise UsageError(str(error)) from None
    if any(finding.severity == "error" for finding in findings):
        for finding in findings:
            console.note(f"{finding} [{finding.id}]")
        raise UsageError("the credential cannot be right; nothing was planned")
    access = reaching.of(asked.access, targets)
    sieve = leaving.sieve(no_ignore=asked.request.no_ignore)
    tasks = [Task(target, settings, passes, access, sieve) for target in targets]
    return Work(tasks, [asked] * len(tasks), findings, [settings.secret] if settings.secret else [])


def together(works: Sequence[Work], order: Sequence[str]) -> Work:
    """Several works as one, their tasks in the order of these names."""
    pairs = {
        task.called: (task, asked)
        for work in works
        for task, asked in zip(work.tasks, work.asked, strict=True)
    }
    return Work(
        [pairs[name][0] for name in order],
        [pairs[name][1] for name in order],
        list(dict.fromkeys(finding for work in works for finding in work.findings)),
        [secret for work in works for secret in work.secrets],
    )


def part(work: Work, numbers: Sequence[int]) -> Work:
    """The work on some of its targets."""
    return work._replace(
        tasks=[work.tasks[number] for number in numbers], asked=[work.asked[number] for number in numbers]
    )


def jobs(wanted: int | None, count: int, *, alone: bool = False) -> tuple[Workers, Workers]:
    """Who works on the targets, and who on what takes long within one.

    Args:
        wanted: what --jobs says.
        count: of the targets.
        alone: one after the other unless --jobs says otherwise.
    """
    from migrate.cli.processes.jobs import Jobs, available, cores
    from migrate.workers import SERIAL

    number = min(count, wanted if wanted is not None else 1 if alone else cores())
    return (Jobs(number), SERIAL) if number > 1 and hasattr(os, "fork") else (SERIAL, available())
