"""What a report says, as JSON in the shape of docs/schema/report.schema.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from migrate.reports import fleet_report
from migrate.targets.changes import FileChange, sha256

if TYPE_CHECKING:
    from migrate.integration.findings import Finding
    from migrate.plans.planned import TargetPlan
    from migrate.reports.fleet_report import Row

VERSION = 1
KIND = "slingshift-report"


class Occasion(NamedTuple):
    """Who did what, when and with what.

    Attributes:
        verb: of the command.
        time: when it was done, with its time zone.
        user: the name of the user on this machine.
        host: the name of this machine.
        version: of slingshift.
        exit_code: of the command.
    """

    verb: str
    time: datetime
    user: str
    host: str
    version: str
    exit_code: int


def to_json(
    occasion: Occasion,
    rows: Sequence[Row],
    diffs: Sequence[str],
    general: Sequence[Finding] = (),
    evidence: Sequence[Mapping[str, object]] = (),
) -> dict[str, object]:
    """The report.

    Args:
        occasion: who, when, with what.
        rows: what came of the targets.
        diffs: the masked diff of each.
        general: the findings that concern no target.
        evidence: what other commands printed.
    """
    found = fleet_report.to_json(rows, general)
    targets = found["targets"]
    assert isinstance(targets, list)
    return {
        "version": VERSION,
        "kind": KIND,
        "verb": occasion.verb,
        "at": occasion.time.isoformat(timespec="seconds"),
        "user": occasion.user,
        "host": occasion.host,
        "slingshift": occasion.version,
        "exitCode": occasion.exit_code,
        "summary": found["summary"],
        "targets": [
            {**target, "files": _files(row.outcome.plan), "diff": diff}
            for target, row, diff in zip(targets, rows, diffs, strict=True)
        ],
        "evidence": list(evidence),
    }


def _files(plan: TargetPlan | None) -> list[dict[str, object]]:
    """The sha256 of each file before and after; of a package, of each entry, and of the package before."""
    if plan is None:
        return []
    whole: list[dict[str, object]] = []
    if plan.sha256 is not None:
        whole = [{"path": "", "to": None, "before": plan.sha256, "after": None}]
    return whole + [_file(plan, change) for change in plan.changes]


def _file(plan: TargetPlan, change: FileChange) -> dict[str, object]:
    return {
        "path": plan.target.shown(change.path),
        "to": None if change.moved_to is None else plan.target.shown(change.moved_to),
        "before": None if change.before is None else sha256(change.before),
        "after": None if change.after is None else sha256(change.after),
    }
