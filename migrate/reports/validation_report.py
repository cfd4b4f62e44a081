"""What came of `validate`, as text, Markdown and JSON; no secret is in any of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from migrate.plans.validation import training
from migrate.plans.validation.checks import POINTS, Check, Verdict
from migrate.reports import fleet_report
from migrate.terminal import in_cell, printable

if TYPE_CHECKING:
    from migrate.fleet.outcomes import Outcome
    from migrate.plans.validation.training import Tag
    from migrate.plans.validation.validation import Validation

VERSION = 1
_COLORS = {Verdict.RIGHT: "32", Verdict.WRONG: "31", Verdict.UNCLEAR: "33"}
_QUIET = frozenset({Verdict.NOTE, Verdict.SKIPPED, Verdict.RIGHT})
_HEADS = ("tag", "images", "lacks", "too small", "size not told")


def to_text(found: Validation, *, color: bool = False, quiet: bool = False) -> str:
    """A block for each point, a line for each check, what to do below it.

    Args:
        quiet: leave out everything but what is wrong or unclear.
    """
    lines = [_summary(found)]
    for point in POINTS:
        checks = [one for one in found.checks if one.point == point and not (quiet and one.verdict in _QUIET)]
        if checks:
            lines.append(point)
        for check in checks:
            lines += _lines(check, color)
        if checks and point == "training":
            lines += _table(_tags(found))
    lines += [f"new since the first look: {printable(one.message)}" for one in found.appeared]
    return "\n".join(lines)


def _summary(found: Validation) -> str:
    counts = found.counts
    told = [f"{counts[one.value]} {one.value}" for one in (Verdict.WRONG, Verdict.UNCLEAR, Verdict.RIGHT)]
    product = f" (AEM {found.seen.versions.product})" if found.seen.versions.product else ""
    verdict = "all right" if found.is_right else "not all right"
    return f"{printable(found.target)}{printable(product)}: {verdict}: {', '.join(told)}"


def _lines(check: Check, color: bool) -> Iterator[str]:
    word = check.verdict.value.ljust(8)
    if color and check.verdict in _COLORS:
        word = f"\x1b[{_COLORS[check.verdict]}m{word}\x1b[0m"
    where = f"{printable(check.path)}: " if check.path else ""
    yield f"  {word} {where}{printable(check.message)} [{check.id}]"
    if check.fix:
        yield f"           {printable(check.fix)}"


def _tags(found: Validation) -> list[Tag]:
    folder = found.seen.training.folder if found.seen.training else None
    return training.tags(folder.assets) if folder else []


def _cells(tag: Tag) -> tuple[str, ...]:
    lacks = f"{tag.short}" if tag.short else "ready"
    return (tag.tag, str(tag.good), lacks, str(tag.small), str(tag.unknown))


def _table(tags: list[Tag]) -> list[str]:
    if not tags:
        return []
    rows = [_HEADS, *(tuple(map(printable, _cells(tag))) for tag in tags)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(_HEADS))]
    return [
        "    " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def to_markdown(found: Validation) -> str:
    """A table of the checks, and one of the tags, for a ticket."""
    lines = [f"## {in_cell(_summary(found))}", "", "| point | | what | what to do |", "|---|---|---|---|"]
    for check in found.checks:
        where = f"{check.path}: " if check.path else ""
        cells = (check.point, check.verdict.value, f"{where}{check.message}", check.fix)
        lines.append("| " + " | ".join(in_cell(cell) for cell in cells) + " |")
    tags = _tags(found)
    if tags:
        lines += ["", "| " + " | ".join(_HEADS) + " |", "|---|---|---|---|---|"]
        lines += ["| " + " | ".join(in_cell(cell) for cell in _cells(tag)) + " |" for tag in tags]
    if found.appeared:
        lines += ["", "New since the first look:", ""]
        lines += [f"- {in_cell(one.message)}" for one in found.appeared]
    return "\n".join(lines)


def dumps(found: Validation, exit_code: int) -> str:
    """JSON in the shape of docs/schema/validate.schema.json: indented, and ASCII only."""
    return json.dumps(to_json(found, exit_code), indent=2)


def to_json(found: Validation, exit_code: int) -> dict[str, object]:
    """The same before it is text."""
    return {
        "version": VERSION,
        "target": found.target,
        "exitCode": exit_code,
        "ok": found.is_right,
        "at": found.at.isoformat(),
        "product": found.seen.versions.product,
        "bundles": dict(found.seen.versions.bundles),
        "checks": [check.to_json() for check in found.checks],
        "jmx": _jmx(found),
        "training": _training(found),
        "firstLook": _first_look(found),
    }


def row_json(outcome: Outcome, exit_code: int | None) -> dict[str, object]:
    """One instance of a fleet."""
    found = outcome.validation
    return {
        "name": outcome.name,
        "target": outcome.target,
        "state": outcome.state.value,
        "exitCode": exit_code,
        "error": None if outcome.error is None else str(outcome.error),
        "token": _token(outcome),
        "validation": None if found is None else to_json(found, exit_code or 0),
    }


def fleet_json(rows: Sequence[tuple[Outcome, int | None]], exit_code: int) -> dict[str, object]:
    """All instances of a fleet, each with its exit code."""
    return {
        "version": VERSION,
        "targets": [row_json(outcome, code) for outcome, code in rows],
        "exitCode": exit_code,
        "summary": summary(outcome for outcome, _ in rows),
    }


def summary(outcomes: Iterable[Outcome]) -> dict[str, object]:
    """How many instances are in which state."""
    states = Counter(outcome.state.value for outcome in outcomes)
    return {"targets": states.total(), "states": dict(sorted(states.items()))}


_FLEET_HEADS = ("target", "state", "wrong", "unclear", "token", "exit")


def _token(outcome: Outcome) -> str | None:
    """What became of the token, in a word; None where nobody was to ask."""
    found = outcome.validation
    return None if found is None or found.seen.token is None else found.seen.token.outcome


def _fleet_cells(outcome: Outcome, code: int | None) -> tuple[str, ...]:
    counts = None if outcome.validation is None else outcome.validation.counts
    return (
        outcome.name,
        outcome.state.value,
        "-" if counts is None else str(counts["wrong"]),
        "-" if counts is None else str(counts["unclear"]),
        _token(outcome) or "-",
        "-" if code is None else str(code),
    )


def fleet_table(rows: Iterable[tuple[Outcome, int | None]], *, color: bool = False) -> list[str]:
    """The table of a fleet on a terminal, line by line."""
    return fleet_report.lines_of(_FLEET_HEADS, (_fleet_cells(*row) for row in rows), color=color)


def fleet_markdown(rows: Iterable[tuple[Outcome, int | None]]) -> str:
    """The table of a fleet for a ticket."""
    return fleet_report.markdown_of(_FLEET_HEADS, (_fleet_cells(*row) for row in rows))


def _jmx(found: Validation) -> dict[str, object] | None:
    answer = found.seen.jmx
    if answer is None:
        return None
    rows = [{"status": row.status, "passed": row.passed, "cells": row.cells} for row in answer.rows]
    return {"bean": answer.bean, "rows": rows, "raw": answer.raw}


def _training(found: Validation) -> dict[str, object] | None:
    seen = found.seen.training
    if seen is None or seen.folder is None:
        return None
    return {
        "folder": seen.folder.path,
        "smartTags": seen.folder.smart_tags,
        "assets": len(seen.folder.assets),
        "byQuery": seen.folder.by_query,
        "tags": [
            {
                "tag": tag.tag,
                "ready": not tag.short,
                "good": tag.good,
                "lacks": tag.short,
                "small": tag.small,
                "unknown": tag.unknown,
            }
            for tag in _tags(found)
        ],
        "model": seen.model,
        "runs": [{"path": one.path, "status": one.status, "started": one.started} for one in seen.runs],
    }


def _first_look(found: Validation) -> dict[str, object] | None:
    if found.before is None:
        return None
    return {
        "at": found.before.at.isoformat(),
        "ok": found.before.is_right,
        "wrong": [check.to_json() for check in found.before.checks if not check.is_right],
        "appeared": [check.to_json() for check in found.appeared],
    }
