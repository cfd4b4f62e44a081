"""What came of many targets: a table, and one row of JSON for each target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from migrate.fleet.outcomes import Outcome
from migrate.integration.findings import Finding
from migrate.plans.planned import Plan
from migrate.reports import plan_report
from migrate.terminal import in_cell, printable

HEADS = ("target", "state", "edits", "refused", "run", "token", "exit")


class Row(NamedTuple):
    """One target of the table.

    Attributes:
        outcome: what came of it.
        code: the exit code that it deserves by itself; None where it was not begun.
        token: in a word, where one was asked for.
    """

    outcome: Outcome
    code: int | None
    token: str | None = None


def to_json(rows: Sequence[Row], general: Sequence[Finding] = ()) -> dict[str, object]:
    """The whole report in the shape of docs/schema/plan.schema.json.

    Args:
        general: the findings that concern no target; the first one has them.
    """
    targets = [row_json(row) for row in rows]
    if targets and general:
        found = targets[0]["findings"]
        assert isinstance(found, list)
        targets[0]["findings"] = [*(finding.to_json() for finding in general), *found]
    return {"version": plan_report.VERSION, "targets": targets, "summary": summary(rows, len(general))}


def row_json(row: Row) -> dict[str, object]:
    """One target."""
    outcome = row.outcome
    empty: dict[str, object] = {"target": outcome.target, "edits": [], "refusals": [], "findings": []}
    return {
        **(plan_report.target_json(outcome.plan) if outcome.plan is not None else empty),
        "name": outcome.name,
        "state": outcome.state.value,
        "exitCode": row.code,
        "runId": outcome.run.id or None if outcome.run is not None else None,
        "error": None if outcome.error is None else str(outcome.error),
        "token": row.token,
        **_validated(outcome),
    }


def _validated(outcome: Outcome) -> dict[str, object]:
    """What an instance was found to be after its run; nothing of other targets, and where nobody looked."""
    if outcome.not_validated:
        return {"validation": None, "notValidated": outcome.not_validated}
    if outcome.validation is None:
        return {}
    found = outcome.validation
    return {"validation": {"ok": found.is_right, "checks": [check.to_json() for check in found.checks]}}


def summary(rows: Iterable[Row], general: int = 0) -> dict[str, object]:
    """The counts of the plans, and how many targets are in which state."""
    rows = list(rows)
    counts = plan_report.summary(plan_of(rows))
    states = Counter(row.outcome.state.value for row in rows)
    return {
        **counts,
        "targets": len(rows),
        "findings": counts["findings"] + general,
        "states": dict(sorted(states.items())),
    }


def plan_of(rows: Iterable[Row]) -> Plan:
    """The plans that were made."""
    return Plan(tuple(row.outcome.plan for row in rows if row.outcome.plan is not None))


def _cells(row: Row) -> tuple[str, ...]:
    outcome = row.outcome
    plan, run = outcome.plan, outcome.run
    return (
        outcome.name,
        outcome.state.value,
        "-" if plan is None else str(len(plan.edits)),
        "-" if plan is None else str(len(plan.refusals)),
        run.id if run is not None and run.id else "-",
        row.token or "-",
        "-" if row.code is None else str(row.code),
    )


_NUMBERS = frozenset({"edits", "refused", "wrong", "unclear", "exit"})
_COLORS = {
    "failed": "31",
    "refused": "33",
    "pending": "33",
    "skipped": "33",
    "invalid": "31",
    "applied": "32",
    "unchanged": "32",
    "valid": "32",
}


def table(rows: Sequence[Row], *, color: bool = False) -> list[str]:
    """The table on a terminal, line by line. Columns in which nothing stands are left out."""
    return lines_of(HEADS, map(_cells, rows), color=color)


def lines_of(heads: Sequence[str], rows: Iterable[Sequence[str]], *, color: bool = False) -> list[str]:
    """A table of targets, line by line; the state is the second column."""
    lines = [heads, *(tuple(map(printable, row)) for row in rows)]
    shown = [i for i in range(len(heads)) if any(line[i] != "-" for line in lines[1:])]
    widths = {i: max(len(line[i]) for line in lines) for i in shown}
    told = []
    for number, line in enumerate(lines):
        cells = [
            line[i].rjust(widths[i]) if heads[i] in _NUMBERS else line[i].ljust(widths[i]) for i in shown
        ]
        if color and number and (code := _COLORS.get(line[1])):
            cells[1] = f"\x1b[{code}m{cells[1]}\x1b[0m"
        told.append("  ".join(cells).rstrip())
    return told


def markdown(rows: Sequence[Row]) -> str:
    """The table for a ticket."""
    return markdown_of(HEADS, map(_cells, rows))


def markdown_of(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table for a ticket."""
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join("| " + " | ".join(map(in_cell, line)) + " |\n" for line in lines)
