"""`slingshift show`: the typed values."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from migrate.cli import console, exits


class ShowFormat(StrEnum):
    """How values are printed."""

    TEXT = "text"
    JSON = "json"


class Form(StrEnum):
    """The three forms of a configuration."""

    CONFIG = "config"
    CFG_JSON = "cfg.json"
    XML = "xml"


def show(
    paths: Annotated[
        list[str], typer.Argument(help="Folders and files; - is standard input.", metavar="PATH...")
    ],
    output: Annotated[ShowFormat, typer.Option("--format", help="How to print.")] = ShowFormat.JSON,
    form: Annotated[
        Form | None, typer.Option("--form", help="Form of standard input and of files with other names.")
    ] = None,
    installer: Annotated[
        str,
        typer.Option("--installer", metavar="BUILD", help="Version of installer.factory.configuration."),
    ] = "1.2.0",
    show_secrets: Annotated[
        bool, typer.Option("--show-secrets", help="Do not mask the client secret; on a terminal only.")
    ] = False,
) -> None:
    """Print what AEM loads, with types, lines and columns; for rejected files what each reader makes of them.

    Exit code 0: everything was read; 2: usage; 3: some files are rejected; 4: something cannot be read.
    """
    from grammar.pids import InstallerBuild
    from migrate import show as showing
    from migrate.lint import files

    if show_secrets and not sys.stdout.isatty():
        console.fail("--show-secrets works on a terminal only")
    try:
        build = InstallerBuild.of(installer)
    except ValueError as error:
        console.fail(str(error))
    listing = files.Listing()
    for path in dict.fromkeys(paths):
        if path == showing.STDIN:
            listing.items.append(files.Item(path, form or Form.CONFIG, named=True))
            continue
        found = files.listing([path], form)
        listing.items += found.items
        listing.problems += found.problems
    stdin = sys.stdin.buffer.read(files.MAX_BYTES + 1) if showing.STDIN in paths else None
    shown = showing.show(listing.items, build, stdin=stdin, show_secrets=show_secrets)
    if output is ShowFormat.JSON:
        import json

        console.result(json.dumps(shown.to_json(), indent=1, ensure_ascii=True, allow_nan=False))
    else:
        console.result(showing.text(shown), newline=False)
    problems = [*listing.problems, *shown.problems]
    for problem in problems:
        console.note("slingshift: " + problem.encode("unicode_escape", "backslashreplace").decode("ascii"))
    codes = [exits.CONFLICT] * bool(problems) + [exits.REFUSED] * bool(shown.rejected)
    raise typer.Exit(exits.worst(codes))
