"""`slingshift show`: the typed values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.cli import console, exits, inputs
from migrate.cli.arguments.choices import ShowFormat
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.progress import Progress

if TYPE_CHECKING:
    from migrate.cli.arguments import options


def show(
    access: AccessOptions,
    paths: options.ShownPaths,
    output: options.ShowFormatOption = ShowFormat.JSON,
    form: options.FormOption = None,
    pid: options.OfPid = None,
    installer: options.ShowInstaller = None,
    platform: options.PlatformOption = None,
    no_ignore: options.NoIgnore = False,
    show_secrets: options.ShowSecrets = False,
) -> None:
    """Print what AEM loads, with types, lines and columns; for rejected files what each reader makes of them.

    A last argument that is no path, but a PID, is the one to show; of an instance, what runs beside its files, too.

    Exit code 0: everything was read; 2: usage; 3: some files are rejected; 4: something cannot be read; 5: an instance
    does not let us; 6: it cannot be reached.
    """
    from migrate.cli import leaving
    from migrate.cli.processes.jobs import available
    from migrate.targets.base import is_url
    from migrate.texts import listing as files
    from migrate.texts import typed_values as showing

    console.refuse_to_show(show_secrets)
    if pid is None:
        paths, pid = inputs.without_pid(paths)
    meant = inputs.platform_of(platform, paths)
    build = inputs.build_of(installer, meant)
    urls = [path for path in dict.fromkeys(paths) if is_url(path)]
    workers = available()
    listing = files.listing(
        [path for path in paths if path not in urls], form, workers, leaving.sieve(no_ignore=no_ignore)
    )
    with Progress(len(listing.items)) as progress:
        shown = showing.show(
            listing.items,
            build,
            pid=pid,
            show_secrets=show_secrets,
            progress=progress.at,
            workers=workers,
            platform=meant,
        )
    codes = []
    if urls or access != AccessOptions():
        from migrate.cli.instances.texts import Reading
        from migrate.texts.repository import instances

        reading = Reading(access, paths)
        for found in reading.all(urls, pid):
            own = build if installer else found.build or build
            shown.add(instances.show(found, own, meant, show_secrets=show_secrets))
        codes = reading.codes
    if output is ShowFormat.JSON:
        import json

        console.result(json.dumps(shown.to_json(), indent=1, ensure_ascii=True, allow_nan=False))
    else:
        console.result(showing.text(shown), newline=False)
    problems = [*listing.problems, *shown.problems]
    for problem in problems:
        console.line(f"slingshift: {problem}")
    codes += [exits.CONFLICT] * bool(problems) + [exits.REFUSED] * bool(shown.rejected)
    raise exits.Exit(exits.worst(codes))
