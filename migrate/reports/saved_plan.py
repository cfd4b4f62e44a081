"""A saved plan: what was shown, the state of every file it was made from, and no secret."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from migrate.integration.request import Request
from migrate.plans.target_plan import Plan
from migrate.reports import plan_report
from migrate.targets.changes import sha256

KIND = "slingshift-plan"
_MAX_BYTES = 64 * 1024 * 1024


class SavedPlanError(Exception):
    """A saved plan that cannot be used; one line."""


class StalePlanError(SavedPlanError):
    """The files, or what would be done to them, are not what the plan was made from."""


def save(path: Path, plan: Plan, request: Request, only: Sequence[str], skip: Sequence[str]) -> None:
    """Write a plan; readable by its owner only, complete or not at all.

    Raises:
        OSError: it cannot be written.
    """
    # A symbolic link stays one: the file it names is replaced.
    path = Path(os.path.realpath(path))
    if path.is_dir():
        # `.` and `/` have no name to put a temporary file beside.
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    data = plan_report.dumps(to_json(plan, request, only, skip)).encode() + b"\n"
    if path.exists() and not path.is_file():
        # A device or a pipe, /dev/null for one, is written to; a rename over it would take it away from everybody.
        with open(path, "wb") as device:
            device.write(data)
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(descriptor)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def to_json(plan: Plan, request: Request, only: Sequence[str], skip: Sequence[str]) -> dict[str, object]:
    """The saved form: the report, the inputs (never a secret), and the sha256 of every file concerned."""
    inputs = {
        key: str(value) if isinstance(value, Path) else value for key, value in request._asdict().items()
    }
    return {
        **plan_report.to_json(plan),
        "kind": KIND,
        "inputs": {**inputs, "only": list(only), "skip": list(skip), "folder": str(Path.cwd())},
        "files": [
            {"target": target, "path": path, "sha256": digest}
            for (target, path), digest in to_files(plan).items()
        ],
    }


def load(path: Path) -> dict[str, object]:
    """Read a saved plan.

    Raises:
        OSError: it cannot be read.
        SavedPlanError: it is no saved plan.
    """
    with path.open("rb") as stream:
        data = stream.read(_MAX_BYTES + 1)
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
    if not isinstance(saved.get("inputs"), dict) or not isinstance(saved.get("targets"), list):
        raise SavedPlanError(f"{path}: the saved plan is damaged; make it again")
    return saved


SECRET_INPUTS = ("client_secret_env", "client_secret_file", "credentials")
"""Inputs that only say where the secret is: another may be given with the saved plan."""


def inputs(saved: dict[str, object]) -> tuple[list[str], list[str], list[str], dict[str, Any]]:
    """The targets, --only, --skip and the other options that a plan was made with.

    Raises:
        SavedPlanError: they are damaged, or relative paths in them mean another folder.
    """
    found = saved["inputs"]
    assert isinstance(found, dict)
    options = {key: value for key, value in found.items() if key not in ("only", "skip", "folder")}
    targets = [
        t.get("target") for t in cast("list[dict[str, object]]", saved["targets"]) if isinstance(t, dict)
    ]
    names = [target for target in targets if isinstance(target, str)]
    only, skip = found.get("only"), found.get("skip")
    if not isinstance(only, list) or not isinstance(skip, list) or not names:
        raise SavedPlanError("the saved plan is damaged; make it again")
    if found.get("folder") != str(Path.cwd()) and not all(Path(name).is_absolute() for name in names):
        raise SavedPlanError(f"the saved plan names its targets from {found.get('folder')}; run it there")
    if options.get("profile") is not None:
        options["profile"] = Path(str(options["profile"]))
    known = set(Request._fields)
    if not set(options) <= known:
        raise SavedPlanError("the saved plan is damaged; make it again")
    return names, [str(name) for name in only], [str(name) for name in skip], options


def check_unchanged(saved: dict[str, object], plan: Plan) -> None:
    """Prove that a plan made now is the one that was saved.

    Raises:
        StalePlanError: a file has changed, or the plan would be another.
    """
    now = to_files(plan)
    before = {_key(entry): _sha(entry) for entry in _entries(saved)}
    for key in sorted(before.keys() | now.keys()):
        if before.get(key) != now.get(key):
            raise StalePlanError(
                f"{key[1] or key[0]}: changed since the plan was made; make the plan again and review it"
            )
    if plan_report.to_json(plan)["targets"] != saved["targets"]:
        raise StalePlanError("the plan made now is not the one that was saved; make it again and review it")


def to_files(plan: Plan) -> dict[tuple[str, str], str | None]:
    """The sha256 of every file concerned, by target and path; of a package that is one file, without a path."""
    files = {
        (target.name, change.path): None if change.before is None else sha256(change.before)
        for target in plan.targets
        for change in target.changes
    }
    files |= {(target.name, ""): target.sha256 for target in plan.targets if target.sha256 is not None}
    return files


def _entries(saved: dict[str, object]) -> list[dict[str, object]]:
    files = saved.get("files")
    return [entry for entry in files if isinstance(entry, dict)] if isinstance(files, list) else []


def _key(entry: dict[str, object]) -> tuple[str, str]:
    return str(entry.get("target")), str(entry.get("path"))


def _sha(entry: dict[str, object]) -> str | None:
    value = entry.get("sha256")
    return value if isinstance(value, str) else None
