"""What other commands printed as JSON, for a report: the token check, the validation, an earlier report.

Of these only what their schemas have is shown, so that a file that is something else, a credential for one, shows
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from migrate.errors import MigrateError
from migrate.reports.evidence import facts

_MAX_BYTES = 64 * 1024 * 1024


class EvidenceError(MigrateError):
    """A file that is no evidence; one line."""


def load(path: Path) -> Mapping[str, object]:
    """Read what `check-token`, `validate`, or a `--report` has printed as JSON.

    Raises:
        OSError: it cannot be read.
        EvidenceError: it is none of these.
    """
    with path.open("rb") as stream:
        data = stream.read(_MAX_BYTES + 1)
    try:
        found = json.loads(data) if len(data) <= _MAX_BYTES else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or kind(found) is None:
        raise EvidenceError(
            f"{path}: not what `check-token --format json`, `validate --format json` or `--report x.json` writes"
        )
    return {"file": path.name, **found}


def kind(found: Mapping[str, object]) -> str | None:
    """Which command printed it; None for none."""
    if found.get("version") != 1:
        return None
    if found.get("kind") == facts.KIND:
        return "report"
    if {"token", "legacyJwt", "certificates", "exitCode"} <= found.keys():
        return "check-token"
    if {"checks", "target", "ok", "at"} <= found.keys():
        return "validate"
    rows = found.get("targets")
    if isinstance(rows, list) and rows and all(map(_is_validated, rows)):
        return "validate-fleet"
    return None


def _is_validated(row: object) -> bool:
    """Whether it is a row of `validate --fleet`; those of plans and runs have edits besides."""
    return isinstance(row, dict) and {"name", "state", "validation"} <= row.keys() and "edits" not in row
