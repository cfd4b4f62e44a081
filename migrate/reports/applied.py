"""Whether a saved plan has been carried out already."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from migrate.errors import MigrateError
from migrate.reports import saved_plan
from migrate.runs import listing
from migrate.runs.journal import DONE
from migrate.runs.records import RunInfo
from migrate.targets import system
from migrate.targets.base import Kind, Target
from migrate.targets.changes import sha256
from migrate.targets.opening import is_url, open_target, target_of


class _File(NamedTuple):
    """A file of the plan, and what it is afterwards; nothing where it is gone then."""

    path: str
    sha256: str | None


def is_applied(saved: dict[str, object]) -> bool:
    """Whether every file is what it would be afterwards; what cannot be read is not."""
    by_target = _files(saved)
    if any(map(is_url, by_target)):
        # To look at an instance takes a request, which the plan made now sends anyway.
        return False
    try:
        return bool(by_target) and all(_is_done(name, files) for name, files in by_target.items())
    except (MigrateError, OSError):
        return False


def run_of(saved: dict[str, object], state: Path | None = None) -> RunInfo | None:
    """The newest run on this machine that did it, at least to the first target; None for none."""
    name, files = next(iter(_files(saved).items()))
    target = target_of(name)
    wanted = {_full(target, file.path) for file in files if file.sha256 is not None}
    for run in reversed(listing.list_runs(state)):
        if run.state == DONE and wanted <= set(run.files):
            return run
    return None


def _files(saved: dict[str, object]) -> dict[str, list[_File]]:
    """By target, what becomes of the files; nothing where the plan was saved by a version that did not say."""
    found: dict[str, list[_File]] = {}
    for entry in saved_plan.files(saved):
        path, after, to = (entry.get(key) for key in ("path", "after", "to"))
        if path == "":
            continue
        if "after" not in entry or not isinstance(path, str):
            return {}
        files = found.setdefault(str(entry.get("target")), [])
        if isinstance(to, str):
            files.append(_File(path, None))
            path = to
        files.append(_File(path, after if isinstance(after, str) else None))
    return _without_twins(found)


def _without_twins(found: Mapping[str, list[_File]]) -> dict[str, list[_File]]:
    """A file that another one is renamed to is not gone."""
    return {
        name: [
            file
            for file in files
            if file.sha256 is not None
            or not any(other.path == file.path and other.sha256 is not None for other in files)
        ]
        for name, files in found.items()
    }


def _is_done(name: str, files: list[_File]) -> bool:
    with open_target(target_of(name)) as reader:
        for file in files:
            data = reader.read_if_there(file.path)
            if (None if data is None else sha256(data)) != file.sha256:
                return False
    return True


def _full(target: Target, path: str) -> str:
    return target.location if target.kind is Kind.PACKAGE else system.joined(target.root, path)
