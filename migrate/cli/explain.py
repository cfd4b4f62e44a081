"""`slingshift explain`: which file AEM takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.cli import console, exits, inputs, leaving
from migrate.cli.arguments.choices import Format
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrate.cli.arguments import options
    from migrate.texts.repository.explaining import Explained
    from migrate.texts.repository.instances import Instance


def explain(
    access: AccessOptions,
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

    Without --run-modes: a matrix over the run modes that the folders ask for; of an instance its own, when it tells
    them. A last argument that is no path, but a PID, is the one to explain.

    Exit code 0: whatever is found; 2: usage; 4: something cannot be read; 5: the instance does not let us; 6: it cannot
    be reached.
    """
    from migrate.cli.processes.jobs import available
    from migrate.reports import explain_report as reports
    from migrate.texts import listing
    from migrate.texts.repository import explaining
    from migrate.workers import SERIAL

    if pid is None:
        targets, pid = inputs.without_pid(targets)
    meant = inputs.platform_of(platform, targets)
    build = inputs.build_of(installer, meant)
    if listing.STDIN in targets:
        console.fail("standard input has no name and no folder; give files, folders or packages")
    workers, modes = available(), _split(run_modes)
    instance = _instance(access, targets, pid)
    if instance is None:
        found = listing.listing(targets, workers=workers, sieve=leaving.sieve(no_ignore=no_ignore))
        found.items += explaining.among(found.others)
    else:
        found = listing.Listing(instance.items, instance.problems)
        workers = SERIAL
        build = build if installer else instance.build or build
        own = instance.versions.run_modes if instance.versions else None
        modes = sorted(own) if modes is None and own is not None else modes
    with Progress(len(found.items), quiet=quiet) as progress:
        explained = explaining.explain(
            found.items,
            modes,
            pid=pid,
            platform=meant,
            build=build,
            progress=progress.at,
            workers=workers,
        )
    if instance is not None:
        _as_installed(instance, explained, quiet=quiet)
    if output is Format.JSON:
        import json

        console.result(json.dumps(reports.to_json(explained), indent=1, ensure_ascii=True, allow_nan=False))
    elif output is Format.MARKDOWN:
        console.result(reports.markdown(explained), newline=False)
    else:
        console.result(reports.text(explained, matrix=modes is None), newline=False)
    problems = [*found.problems, *explained.problems]
    for problem in problems:
        console.line(f"slingshift: {problem}")
    if pid is not None and not explained.entries and not problems:
        console.line(f"slingshift: no file here stands for {pid}")
    raise exits.Exit(exits.CONFLICT if problems else exits.OK)


def _instance(access: AccessOptions, targets: Sequence[str], pid: str | None) -> Instance | None:
    """The instance that is to be explained; None where it is files."""
    from migrate.targets.base import is_url

    urls = [target for target in targets if is_url(target)]
    if not urls and access == AccessOptions():
        return None
    from migrate.cli.instances.texts import Reading

    reading = Reading(access, targets)
    if len(targets) > 1:
        console.fail("which file wins is a matter of one instance: name it alone")
    found = next(reading.all(urls, pid), None)
    if found is None:
        raise exits.Exit(exits.worst(reading.codes))
    return found


def _as_installed(instance: Instance, explained: Explained, *, quiet: bool) -> None:
    """Name files by their addresses, and say where the installer took another one than priorities tell."""
    from migrate.texts.repository import instances

    said = instances.installed(instance, explained)
    if not quiet and len(explained.run_modes) == 1:
        for line in said:
            console.line(f"slingshift: {line}")


def _split(run_modes: str | None) -> list[str] | None:
    if run_modes is None:
        return None
    return [mode.strip() for mode in run_modes.split(",") if mode.strip()]
