"""Files beside those of the targets: saved plans, also to be carried out elsewhere, and reports."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from migrate.cli import console, exits
from migrate.cli.arguments.groups import Steps
from migrate.integration.request import SECRET_FIELDS, Request

if TYPE_CHECKING:
    from migrate.fleet.outcomes import Outcome

_MOST_BYTES = 64 * 1024 * 1024


def refuse_foreign(path: Path, *marks: bytes, noun: str) -> bool:
    """Leave with code 4 when a file stands there that is none of ours; says whether one of ours does.

    Args:
        path: what is to be written.
        marks: what every file of this kind holds.
        noun: what it is called.
    """
    try:
        if not path.parent.is_dir():
            console.fail(f"{path}: the folder {path.parent} is not there", exits.CONFLICT)
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            data = stream.read(_MOST_BYTES)
    except OSError as error:
        console.fail(f"{path}: {error.strerror}", exits.CONFLICT)
    if data and not any(mark in data for mark in marks):
        console.fail(
            f"{path}: stands there already and is no {noun} of slingshift; name another file", exits.CONFLICT
        )
    return bool(data)


def save(path: Path, data: bytes) -> None:
    """Write a file for its owner alone.

    Raises:
        OSError: it cannot be written.
    """
    from migrate.reports import private_file

    private_file.write(path, data)


_SOURCES = ("client_secret_env", "client_secret_file", "client_secret_command")


class Opened(NamedTuple):
    """A saved plan, and what it was made from."""

    saved: dict[str, object]
    targets: list[str]
    request: Request
    steps: Steps


def opened(path: Path, request: Request, root: Path | None, signers: Path | None) -> Opened:
    """A saved plan and what it was made from; where the secret is comes from this command line.

    Leaves when it is none, or not approved by one of the signers. With a root, this process goes there: the plan's
    relative paths are meant from it.
    """
    from migrate.cli.processes import approval
    from migrate.reports import saved_plan

    try:
        data = saved_plan.read(path)
        if signers is not None:
            by = approval.approved_by(data, path, signers)
            console.note(f"{path}: approved by {by}")
        saved = saved_plan.parse(path, data)
    except OSError as error:
        console.fail(f"{path}: {error.strerror}", exits.CONFLICT)
    except approval.ApprovalError as error:
        console.fail(str(error), exits.CONFLICT)
    if root is not None:
        request = _from_elsewhere(request)
        try:
            os.chdir(root)
        except OSError as error:
            console.fail(f"--root {root}: {error.strerror}", exits.CONFLICT)
    made_from = saved_plan.inputs(saved, moved=root is not None)
    given = {name: value for name in SECRET_FIELDS if (value := getattr(request, name)) is not None}
    if given.keys() & _SOURCES:
        # One place of a secret is named here, so the plan's is not meant any more.
        given = {**dict.fromkeys(_SOURCES), **given}
        if made_from.ids is not None and request.credentials is None:
            # Nor is the plan's file, which may not be on this machine.
            file = dict.fromkeys(("credentials", "credential", "secret_index"))
            given = {**file, **made_from.ids._asdict(), **given}
    request = dataclasses.replace(made_from.request, **given)
    steps = Steps(only=made_from.only, skip=made_from.skip)
    return Opened(saved, made_from.targets, request, steps)


def _from_elsewhere(request: Request) -> Request:
    """The same files, named so that they are found from another folder."""
    files = {
        name: os.path.abspath(value)
        for name in ("client_secret_file", "credentials")
        if (value := getattr(request, name)) not in (None, "-")
    }
    return dataclasses.replace(request, **files)


def already(saved: dict[str, object], targets: Sequence[str]) -> list[Outcome]:
    """What came of the targets when the plan has been carried out already, which is said; nothing otherwise."""
    from migrate.reports import applied

    if not applied.is_applied(saved):
        return []
    from migrate.fleet.outcomes import Outcome, State

    run = applied.run_of(saved)
    when = f": run {run.id} did it at {run.time}" if run is not None else ""
    console.note(f"the saved plan is carried out already{when}; nothing to do")
    return [Outcome(name, name, State.UNCHANGED) for name in targets]
