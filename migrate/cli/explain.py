"""`slingshift explain`: which file AEM takes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from grammar.forms import form_of
from migrate.cli import console, exits, inputs, leaving
from migrate.cli.arguments.choices import Format
from migrate.cli.progress import Progress

if TYPE_CHECKING:
    from migrate.cli.arguments import options


def explain(
    targets: options.ExplainTargets,
    run_modes: options.RunModes = None,
    pid: options.OfPid = None,
    output: options.FormatOption = Format.TEXT,
    installer: options.ShowInstaller = None,
    platform: options.PlatformOption = None,
    no_ignore: options.NoIgnore = False,
    quiet: options.LintQuiet = False,
) -> None:
    """Say for every PID which file AEM takes under some run modes, why, and what it loads from it.

    Without --run-modes: a matrix over the run modes that the folders ask for. A last argument that is no path, but a
    PID, is the one to explain.

    Exit code 0: whatever is found; 2: usage; 4: something cannot be read.
    """
    from grammar.pids import InstallerBuild
    from migrate.cli.processes.jobs import available
    from migrate.reports import explain_report as reports
    from migrate.texts import listing
    from migrate.texts.repository import explaining

    if pid is None:
        targets, pid = _without_pid(targets)
    meant = inputs.platform_of(platform, targets)
    try:
        build = InstallerBuild.of(installer or meant.factory or "1.2.0")
    except ValueError as error:
        console.fail(str(error))
    if listing.STDIN in targets:
        console.fail("standard input has no name and no folder; give files, folders or packages")
    workers = available()
    found = listing.listing(targets, workers=workers, sieve=leaving.sieve(no_ignore=no_ignore))
    with Progress(len(found.items), quiet=quiet) as progress:
        explained = explaining.explain(
            found.items,
            _split(run_modes),
            pid=pid,
            platform=meant,
            build=build,
            progress=progress.at,
            workers=workers,
        )
    if output is Format.JSON:
        import json

        console.result(json.dumps(reports.to_json(explained), indent=1, ensure_ascii=True, allow_nan=False))
    elif output is Format.MARKDOWN:
        console.result(reports.markdown(explained), newline=False)
    else:
        console.result(reports.text(explained, matrix=run_modes is None), newline=False)
    problems = [*found.problems, *explained.problems]
    for problem in problems:
        console.line(f"slingshift: {problem}")
    if pid is not None and not explained.entries and not problems:
        console.line(f"slingshift: no file here stands for {pid}")
    raise exits.Exit(exits.CONFLICT if problems else exits.OK)


def _without_pid(targets: list[str]) -> tuple[list[str], str | None]:
    *paths, last = targets
    if paths and "/" not in last and not os.path.lexists(last) and form_of(last) is None:
        return paths, last
    return targets, None


def _split(run_modes: str | None) -> list[str] | None:
    if run_modes is None:
        return None
    return [mode.strip() for mode in run_modes.split(",") if mode.strip()]
