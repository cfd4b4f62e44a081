"""`slingshift scan`: the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from migrate.cli import console, exits, options
from migrate.cli.plan import warn_of_interrupted
from migrate.profile import CUSTOMIZER, PROVIDER
from migrate.request import Request
from migrate.terminal import printable

if TYPE_CHECKING:
    from migrate.scan import Row


def scan(
    targets: options.Targets,
    profile: options.ProfileFile = None,
    installer: options.Installer = "1.2.0",
    output: options.FormatOption = options.Format.TEXT,
    color: options.ColorOption = options.Color.AUTO,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """List every provider and customizer: format, folder, run modes, state, and what is missing.

    Exit code 0 whatever is found; 3: some files cannot be read; 4: a target cannot be read.
    """
    from datetime import date

    from migrate import report
    from migrate import scan as scanning
    from migrate.sources import TargetError
    from migrate.targets import opening

    warn_of_interrupted(targets)
    settings, _ = options.settings_of(Request(profile=profile, installer=installer))
    try:
        scans = [
            scanning.scan(opening.open_target(name), settings, date.today())
            for name in dict.fromkeys(targets)
        ]
    except TargetError as error:
        console.fail(str(error), exits.CONFLICT)
    if output is options.Format.JSON:
        console.result(report.dumps(scanning.to_json(scans)))
    else:
        several = len(scans) > 1
        rows = [
            row._replace(folder=f"{found.name.rstrip('/')}/{row.folder}") if several else row
            for found in scans
            for row in found.rows
        ]
        table = (
            _markdown(rows) if output is options.Format.MARKDOWN else _table(rows, console.use_color(color))
        )
        console.result(table, newline=False)
        for finding in (f for found in scans for f in found.findings):
            if verbose or (finding.severity != "info" and not quiet):
                console.note(f"{finding} [{finding.id}]")
    raise typer.Exit(
        exits.REFUSED if any(row.state == "unreadable" for s in scans for row in s.rows) else exits.OK
    )


_HEADS = ("state", "kind", "name", "form", "folder", "instance", "missing")
_COLORS = {"jwt": "31", "mixed": "33", "stale": "33", "unreadable": "31", "oauth": "32"}


def _cells(row: Row) -> tuple[str, ...]:
    # The factory PID fills half a screen and says no more than the kind; only what follows it differs.
    instance = row.label.removeprefix(PROVIDER).removeprefix(CUSTOMIZER)
    missing = ", ".join(name.removeprefix("auth.token.provider.") for name in row.missing)
    name, folder = row.integration or "-", row.folder or "."
    return (row.state, row.kind, name, row.form, folder, instance, missing or "-")


def _table(rows: list[Row], color: bool) -> str:
    if not rows:
        return "no provider and no customizer here\n"
    cells = [tuple(printable(cell) for cell in _cells(row)) for row in rows]
    widths = [max(len(line[i]) for line in [_HEADS, *cells]) for i in range(len(_HEADS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in [_HEADS, *cells]
    ]
    if color:
        states = ["", *(row.state for row in rows)]
        lines = [
            f"\x1b[{_COLORS[state]}m{state}\x1b[0m{line[len(state) :]}" if state in _COLORS else line
            for state, line in zip(states, lines, strict=True)
        ]
    return "".join(f"{line}\n" for line in lines)


def _markdown(rows: list[Row]) -> str:
    lines = [_HEADS, ("---",) * len(_HEADS), *(_cells(row) for row in rows)]
    return "".join(
        "| " + " | ".join(printable(c).replace("|", "\\|") for c in line) + " |\n" for line in lines
    )
