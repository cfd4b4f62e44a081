"""`slingshift show`: the typed values."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from migrate.cli import console, exits, inputs
from migrate.cli.arguments.choices import ShowFormat
from migrate.cli.progress import Progress

if TYPE_CHECKING:
    from migrate.cli.arguments import options


def show(
    paths: options.ShownPaths,
    output: options.ShowFormatOption = ShowFormat.JSON,
    form: options.FormOption = None,
    installer: options.ShowInstaller = None,
    platform: options.PlatformOption = None,
    no_ignore: options.NoIgnore = False,
    show_secrets: options.ShowSecrets = False,
) -> None:
    """Print what AEM loads, with types, lines and columns; for rejected files what each reader makes of them.

    Exit code 0: everything was read; 2: usage; 3: some files are rejected; 4: something cannot be read.
    """
    from grammar.pids import InstallerBuild
    from migrate.cli import leaving
    from migrate.cli.processes.jobs import available
    from migrate.texts import listing as files
    from migrate.texts import typed_values as showing

    if show_secrets and not sys.stdout.isatty():
        console.fail("--show-secrets works on a terminal only")
    meant = inputs.platform_of(platform, paths)
    try:
        build = InstallerBuild.of(installer or meant.factory or "1.2.0")
    except ValueError as error:
        console.fail(str(error))
    workers = available()
    listing = files.listing(paths, form, workers, leaving.sieve(no_ignore=no_ignore))
    with Progress(len(listing.items)) as progress:
        shown = showing.show(
            listing.items,
            build,
            show_secrets=show_secrets,
            progress=progress.at,
            workers=workers,
            platform=meant,
        )
    if output is ShowFormat.JSON:
        import json

        console.result(json.dumps(shown.to_json(), indent=1, ensure_ascii=True, allow_nan=False))
    else:
        console.result(showing.text(shown), newline=False)
    problems = [*listing.problems, *shown.problems]
    for problem in problems:
        console.line(f"slingshift: {problem}")
    codes = [exits.CONFLICT] * bool(problems) + [exits.REFUSED] * bool(shown.rejected)
    raise exits.Exit(exits.worst(codes))
