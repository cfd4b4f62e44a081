"""`slingshift scan`: the inventory."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from migrate.cli import access as reaching
from migrate.cli import console, exits, inputs
from migrate.cli.arguments.choices import Color, Format
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.plan import warn_of_interrupted
from migrate.integration.findings import worth_saying
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.integration.request import Request
from migrate.terminal import in_cell, printable

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.plans.instance.scanning import InstanceScan
    from migrate.plans.scan import Row


def scan(
    access: AccessOptions,
    targets: options.Targets,
    profile: options.ProfileFile = None,
    installer: options.Installer = None,
    output: options.FormatOption = Format.TEXT,
    color: options.ColorOption = Color.AUTO,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """List every provider and customizer: format, folder, run modes, state, and what is missing.

    Exit code 0 whatever is found; 3: some files cannot be read; 4: a target cannot be read.
    """
    from datetime import date

    import migrate
    from migrate.cli.processes.jobs import available
    from migrate.plans import scan as scanning
    from migrate.reports import plan_report

    warn_of_interrupted(targets)
    settings, _ = inputs.settings_of(Request(profile=profile, installer=installer))
    reached = reaching.of(access, targets)
    scans = migrate.scan(targets, settings, date.today(), access=reached, workers=available())
    if output is Format.JSON:
        console.result(plan_report.dumps(scanning.to_json(scans)))
    else:
        several = len(scans) > 1
        rows = [
            row._replace(folder=f"{found.name.rstrip('/')}/{row.folder}") if several else row
            for found in scans
            for row in found.rows
        ]
        table = _markdown(rows) if output is Format.MARKDOWN else _table(rows, console.use_color(color))
        console.result(table, newline=False)
        for found in scans:
            if found.instance is not None:
                _show_instance(found.name, found.instance, output)
        findings = itertools.chain.from_iterable(found.findings for found in scans)
        told = worth_saying(findings, verbose, quiet)
        # What concerns no file is said once, however many targets there are.
        for line in dict.fromkeys(f"{finding} [{finding.id}]" for finding in told):
            console.line(line)
    raise exits.Exit(exits.OK if all(found.is_whole for found in scans) else exits.REFUSED)


def _show_instance(name: str, found: InstanceScan, output: Format) -> None:
    from migrate.reports import instance_report

    if output is Format.MARKDOWN:
        console.result(instance_report.markdown(name, found), newline=False)
        return
    for line in instance_report.lines(name, found):
        console.result(line)


_HEADS = ("state", "kind", "name", "form", "folder", "instance", "missing")
_COLUMNS = tuple(map(_HEADS.index, ("state", "kind", "instance", "name")))
_COLORS = {"jwt": "31", "mixed": "33", "stale": "33", "unreadable": "31", "oauth": "32"}


def _cells(row: Row) -> tuple[str, ...]:
    # The factory PID fills half a screen and says no more than the kind; only what follows it differs.
    instance = row.label.removeprefix(PROVIDER).removeprefix(CUSTOMIZER)
    missing = ", ".join(name.removeprefix("auth.token.provider.") for name in row.missing)
    name, folder = row.integration or "-", row.folder or "."
    return (row.state, row.kind, name, row.form, folder, instance, missing or "-")


def _table(rows: list[Row], color: bool) -> str:
    """A block for each folder, a line for each configuration, and below it what keeps it from being migrated."""
    if not rows:
        return "no provider and no customizer here\n"
    cells = {row: [printable(cell) for cell in _cells(row)] for row in rows}
    shown = [[line[i] for i in _COLUMNS] for line in cells.values()]
    widths = [max(len(line[i]) for line in shown) for i in range(len(_COLUMNS))]
    folders: dict[str, list[Row]] = {}
    for row in rows:
        folders.setdefault(row.folder, []).append(row)
    lines = []
    for folder, inside in folders.items():
        lines.append(_bold(printable(folder or "."), color))
        for row in inside:
            line = [cells[row][i].ljust(width) for i, width in zip(_COLUMNS, widths, strict=True)]
            if color and row.state in _COLORS:
                line[0] = f"\x1b[{_COLORS[row.state]}m{line[0]}\x1b[0m"
            lines.append(f"  {'  '.join(line)}".rstrip())
            if row.file is not None:
                from migrate.reports import instance_report

                lines += _wrapped(instance_report.of_file(row.file), indent=widths[0] + 4)
            if row.missing:
                lines += _wrapped(f"lacks: {cells[row][-1]}", indent=widths[0] + 4)
    return "".join(f"{line}\n" for line in lines)


def _bold(text: str, color: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if color else text


def _wrapped(text: str, indent: int) -> list[str]:
    import shutil
    import textwrap

    blank = " " * indent
    width = max(shutil.get_terminal_size((100, 24)).columns, indent + 40)
    return textwrap.wrap(text, width, initial_indent=blank, subsequent_indent=f"{blank}       ")


def _markdown(rows: list[Row]) -> str:
    lines = [_HEADS, ("---",) * len(_HEADS), *(_cells(row) for row in rows)]
    return "".join("| " + " | ".join(in_cell(c) for c in line) + " |\n" for line in lines)
