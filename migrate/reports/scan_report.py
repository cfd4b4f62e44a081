"""The inventory for people: a table on a terminal, a summary line, Markdown."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from migrate.fleet.outcomes import Outcome
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.plans.scan import OTHER, Row, Scan, counts, target_json
from migrate.terminal import in_cell, printable

_HEADS = ("state", "kind", "name", "form", "folder", "instance", "missing")
_COLORS = {"jwt": "31", "mixed": "33", "stale": "33", "unreadable": "31", "oauth": "32"}
_NOTHING = "no provider and no customizer here"
_LEAST = 40


def to_json(outcomes: Sequence[tuple[Outcome, int | None]]) -> dict[str, object]:
    """The inventory in the shape of docs/schema/scan.schema.json; each target with its exit code."""
    return {
        "version": 1,
        "targets": [row_json(outcome, code) for outcome, code in outcomes],
        "summary": summary([outcome for outcome, _ in outcomes]),
    }


def row_json(outcome: Outcome, code: int | None) -> dict[str, object]:
    """One target."""
    empty = {"target": outcome.target, "configurations": [], "findings": [], "hasProvider": False}
    return {
        **(empty if outcome.scan is None else target_json(outcome.scan)),
        "name": outcome.name,
        "state": outcome.state.value,
        "exitCode": code,
        "error": None if outcome.error is None else str(outcome.error),
    }


def summary(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """How many configurations are in each state."""
    scans = [outcome.scan for outcome in outcomes if outcome.scan is not None]
    failed = sum(outcome.error is not None for outcome in outcomes)
    return {"targets": len(outcomes), "failed": failed, "states": counts(scans)}


def to_text(scans: Sequence[Scan], *, several: bool, color: bool = False) -> str:
    """A block for each folder, a line for each configuration, and below it what keeps it from being migrated."""
    if not any(found.rows for found in scans) and not several:
        return f"{_NOTHING}\n"
    width = shutil.get_terminal_size((80, 24)).columns
    cells = {row: _line_cells(row) for found in scans for row in found.rows}
    widths = [max((len(line[i]) for line in cells.values()), default=0) for i in range(4)]
    stacked = sum(widths) + 2 * len(widths) > width
    lines: list[str] = []
    for found in scans:
        name = f"{printable(found.name).rstrip('/')}/" if several else ""
        if not found.rows:
            lines += [_bold(name, color), f"  {_NOTHING}"]
        folders: dict[str, list[Row]] = {}
        for row in found.rows:
            folders.setdefault(row.folder, []).append(row)
        for folder, inside in folders.items():
            lines.append(_bold((name + printable(folder)).rstrip("/") or ".", color))
            for row in inside:
                lines += _block(row, cells[row], widths, width, stacked=stacked, color=color)
    return "".join(f"{line}\n" for line in lines)


def _block(
    row: Row, cells: Sequence[str], widths: Sequence[int], width: int, *, stacked: bool, color: bool
) -> Iterator[str]:
    """One configuration; where four columns are too wide, the integration's name gets a line of its own."""
    state, *others = (cell.ljust(space) for cell, space in zip(cells, widths, strict=True))
    name = others.pop() if stacked else ""
    if color and (code := _COLORS.get(row.flow if row.state == OTHER and row.flow else row.state)):
        state = f"\x1b[{code}m{state}\x1b[0m"
    yield f"  {'  '.join((state, *others))}".rstrip()
    indent = widths[0] + 4
    if stacked:
        yield f"{' ' * indent}{name}".rstrip()
    if row.file is not None:
        from migrate.reports import instance_report

        yield from _wrapped(instance_report.of_file(row.file), indent, width)
    if row.problem:
        yield from _wrapped(f"{row.missing[0]}: {row.problem}", indent, width)
    elif row.missing:
        yield from _wrapped(f"lacks: {_missing(row)}", indent, width)


def _line_cells(row: Row) -> tuple[str, str, str, str]:
    return _state(row), row.kind, printable(_instance(row)), printable(row.integration or "-")


def _state(row: Row) -> str:
    """The flow of another integration stands before the word that it is one."""
    if row.state != OTHER:
        return row.state
    return f"{row.flow}, other" if row.flow else "other, unused"


def _instance(row: Row) -> str:
    # The factory PID fills half a screen and says no more than the kind; only what follows it differs.
    return row.label.removeprefix(PROVIDER).removeprefix(CUSTOMIZER)


def _missing(row: Row) -> str:
    return ", ".join(name.removeprefix("auth.token.provider.") for name in row.missing)


def _bold(text: str, color: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if color else text


def _wrapped(text: str, indent: int, width: int) -> list[str]:
    blank = " " * indent
    return textwrap.wrap(
        printable(text),
        max(width, indent + _LEAST),
        initial_indent=blank,
        subsequent_indent=f"{blank}       ",
        break_on_hyphens=False,
    )


def summary_line(scans: Sequence[Scan]) -> str:
    """How many configurations are in which state."""
    states = counts(scans)
    total = sum(states.values())
    told = ", ".join(f"{count} {state}" for state, count in states.items())
    head = "1 configuration" if total == 1 else f"{total} configurations"
    where = f" in {len(scans)} targets" if len(scans) > 1 else ""
    return f"{head}{where}: {told}" if total else f"no configuration{where}"


def without_provider(scans: Iterable[Scan], name: str) -> str | None:
    """One line that names the targets in which the integration has no provider; None when there is none."""
    names = [printable(found.name) for found in scans if not found.has_provider]
    return f"no provider named {name} in: {', '.join(names)}" if names else None


def to_markdown(scans: Sequence[Scan], *, several: bool) -> str:
    """One table for all targets."""
    lines: list[Sequence[str]] = [_HEADS, ("---",) * len(_HEADS)]
    for found in scans:
        above = f"{found.name.rstrip('/')}/" if several else ""
        lines += [_cells(row, above) for row in found.rows]
    return "".join("| " + " | ".join(in_cell(cell) for cell in line) + " |\n" for line in lines)


def _cells(row: Row, above: str) -> tuple[str, ...]:
    folder = f"{above}{row.folder}".rstrip("/") or "."
    missing = f"{row.missing[0]}: {row.problem}" if row.problem else _missing(row)
    return _state(row), row.kind, row.integration or "-", row.form, folder, _instance(row), missing or "-"
