"""A saved plan: what was shown, the state of every file it was made from, and no secret."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from migrate.errors import MigrateError
from migrate.integration.request import Request, is_name
from migrate.plans.target_plan import Plan
from migrate.reports import plan_report, private_file
from migrate.targets.changes import sha256
from migrate.targets.opening import is_url

KIND = "slingshift-plan"
_MAX_BYTES = 64 * 1024 * 1024


class SavedPlanError(MigrateError):
    """A saved plan that cannot be used; one line."""


class StalePlanError(SavedPlanError):
    """The files, or what would be done to them, are not what the plan was made from."""


class Ids(NamedTuple):
    """What a plan has of a credential's file that is no secret: another place of the secret does without that file."""

    client_id: str | None = None
    org_id: str | None = None


def save(
    path: Path,
    plan: Plan,
    request: Request,
    only: Sequence[str],
    skip: Sequence[str],
    ids: Ids | None = None,
) -> None:
    """Write a plan; readable by its owner only, complete or not at all.

    Args:
        ids: of the credential, when the request names a file for it.

    Raises:
        OSError: it cannot be written; see :func:`private_file.write`.
    """
    private_file.write(path, plan_report.dumps(to_json(plan, request, only, skip, ids)).encode() + b"\n")


def to_json(
    plan: Plan, request: Request, only: Sequence[str], skip: Sequence[str], ids: Ids | None
) -> dict[str, object]:
    """The saved form: the report, the inputs (never a secret), and the sha256 of every file concerned."""
    chosen = {"only": list(only), "skip": list(skip), "folder": str(Path.cwd())}
    known = {} if ids is None else {"ids": ids._asdict()}
    return {
        **plan_report.to_json(plan),
        "kind": KIND,
        "inputs": {**request.to_json(), **chosen, **known},
        "files": [
            {"target": target, "path": path, "sha256": digest, **_afterwards(plan, target, path)}
            for (target, path), digest in to_files(plan).items()
        ],
    }


def _afterwards(plan: Plan, target: str, path: str) -> dict[str, str | None]:
    """What becomes of a file; of a package as a whole nobody knows yet."""
    for one in plan.targets:
        for change in one.changes if one.name == target else ():
            if change.path == path:
                return {
                    "after": None if change.after is None else sha256(change.after),
                    "to": change.moved_to,
                }
    return {}


def load(path: Path) -> dict[str, object]:
    """Read a saved plan.

    Raises:
        OSError: it cannot be read.
        SavedPlanError: it is no saved plan.
    """
    return parse(path, read(path))


def read(path: Path) -> bytes:
    """The bytes of a saved plan.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        return stream.read(_MAX_BYTES + 1)


def parse(path: Path, data: bytes) -> dict[str, object]:
    """A saved plan of its bytes.

    Raises:
        SavedPlanError: it is none.
    """
    try:
        saved = json.loads(data) if len(data) <= _MAX_BYTES else None
    except (ValueError, RecursionError):
        raise SavedPlanError(f"{path}: not JSON, so no saved plan") from None
    if (
        not isinstance(saved, dict)
        or saved.get("kind") != KIND
        or saved.get("version") != plan_report.VERSION
    ):
        raise SavedPlanError(f"{path}: not a plan that this version of slingshift saved")
    for key in ("inputs", "targets", "files"):
        if key not in saved:
            raise SavedPlanError(f"{path}: the saved plan is damaged: it has no {key}; make it again")
    return saved


class Inputs(NamedTuple):
    """What a plan was made from.

    Attributes:
        ids: those of the credential's file; None where there was none.
    """

    targets: list[str]
    only: list[str]
    skip: list[str]
    request: Request
    ids: Ids | None = None


def inputs(saved: dict[str, object], *, moved: bool = False) -> Inputs:
    """What a plan was made from.

    Args:
        moved: whether relative paths are meant from the folder that we are in.

    Raises:
        SavedPlanError: it is damaged, or relative paths in it mean another folder.
    """
    found = dict(_table(saved["inputs"]))
    folder, only, skip, told = (found.pop(key, None) for key in ("folder", "only", "skip", "ids"))
    ids = None if told is None else _table(told)
    targets = [_table(target).get("target") for target in _items(saved["targets"])]
    names = [_text(name) for name in targets]
    try:
        request = Request.of_json(found)
    except ValueError as error:
        raise _damaged(f"inputs.{error}") from None
    if not names:
        raise _damaged("targets")
    paths = [name for name in names if not is_url(name)]
    absolute = [name for name in paths if Path(name).is_absolute()]
    if moved and absolute:
        raise SavedPlanError(
            f"the saved plan names {absolute[0]} by an absolute path, which --root cannot move; plan with a relative "
            "one"
        )
    if not moved and folder != str(Path.cwd()) and len(absolute) < len(paths):
        raise SavedPlanError(
            f"the saved plan names its targets from {folder}; run it there, or give the same folder of another "
            "checkout with --root DIR"
        )
    return Inputs(
        names,
        [_text(name) for name in _items(only)],
        [_text(name) for name in _items(skip)],
        request,
        None if ids is None else Ids(*(_maybe(ids.get(field)) for field in Ids._fields)),
    )


def files(saved: dict[str, object]) -> list[dict[str, object]]:
    """The files that the plan speaks of.

    Raises:
        SavedPlanError: it is damaged.
    """
    found = [_table(entry) for entry in _items(saved["files"])]
    for entry in found:
        if any(isinstance(value, str) and not is_name(value) for value in entry.values()):
            raise _damaged("files")
    return found


def sets_secret(saved: dict[str, object]) -> bool:
    """Whether the plan writes a client secret, which it does not hold.

    Raises:
        SavedPlanError: it is damaged.
    """
    targets = map(_table, _items(saved["targets"]))
    edits = (_table(edit) for target in targets for edit in _items(target.get("edits")))
    return any(edit.get("secret") is True for edit in edits)


def _damaged(what: str) -> SavedPlanError:
    return SavedPlanError(f"the saved plan is damaged at {what}; make it again")


def _table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _damaged("its structure")
    return value


def _items(value: object) -> list[object]:
    if not isinstance(value, list):
        raise _damaged("its structure")
    return value


def _maybe(value: object) -> str | None:
    return None if value is None else _text(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or not is_name(value):
        raise _damaged("a name")
    return value


def check_unchanged(saved: dict[str, object], plan: Plan) -> None:
    """Prove that a plan made now would do what the saved one says, to the same files.

    What else was found, and what is refused elsewhere, is nothing that it writes or rests on: it may have changed.

    Raises:
        StalePlanError: a file has changed, or something else would be done.
    """
    now = to_files(plan)
    before = {}
    for entry in files(saved):
        digest = entry.get("sha256")
        before[_text(entry.get("target")), _text(entry.get("path"))] = (
            None if digest is None else _text(digest)
        )
    for key in sorted(before.keys() | now.keys()):
        if before.get(key) != now.get(key):
            raise StalePlanError(
                f"{key[1] or key[0]}: changed since the plan was made; make the plan again and review it"
            )
    made = _done_to(plan_report.to_json(plan))
    agreed = _done_to(saved)
    if made.keys() != agreed.keys():
        raise StalePlanError("the plan made now is about other targets; make it again and review it")
    for target, (edits, steps) in agreed.items():
        known, now_steps = made[target]
        others = [one for one in edits if one not in known] + [one for one in known if one not in edits]
        if others:
            where = _table(others[0]).get("path")
            raise StalePlanError(
                f"{where}: the plan made now would do something else there; make the plan again and review it"
            )
        if (known, now_steps) != (edits, steps):
            raise StalePlanError(
                f"{target}: the plan made now would take other steps; make the plan again and review it"
            )


def _done_to(told: Mapping[str, object]) -> dict[str, tuple[list[object], object]]:
    """By target, the edits, and what is done on an instance."""
    found = {}
    for one in _items(told["targets"]):
        target = _table(one)
        found[_text(target.get("target"))] = (_items(target.get("edits")), target.get("instance"))
    return found


def to_files(plan: Plan) -> dict[tuple[str, str], str | None]:
    """The sha256 of every file concerned, by target and path; of a package that is one file, without a path."""
    files = {
        (target.name, change.path): None if change.before is None else sha256(change.before)
        for target in plan.targets
        for change in target.changes
    }
    files |= {(target.name, ""): target.sha256 for target in plan.targets if target.sha256 is not None}
    return files
