"""`slingshift convert`: one form of a configuration into another."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from migrate.cli import console, exits
from migrate.cli.show import Form
from migrate.sources import INSIDE


def convert(
    targets: Annotated[list[str], typer.Argument(help="Folders and files.", metavar="TARGET...")],
    to: Annotated[Form, typer.Option("--to", help="The new form.")],
    allow_lossy: Annotated[
        bool, typer.Option("--allow-lossy", help="Convert though something is lost; it is named.")
    ] = False,
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="DIR", help="Folder for the new files; else beside the old."),
    ] = None,
) -> None:
    """Write configurations in another form, next to the old files, which stay; nothing is overwritten.

    Exit code 0: done; 2: usage; 3: some files are refused (something would be lost); 4: something cannot be read or
    written.
    """
    from grammar.errors import ParseError
    from migrate import conversion
    from migrate.lint import files, packed
    from migrate.lint.output import printable

    codes, writer = [], packed.Writer("convert")
    for target in dict.fromkeys(targets):
        listing = files.listing([target])
        for problem in listing.problems:
            console.note(f"slingshift: {printable(problem)}")
            codes.append(exits.CONFLICT)
        for item in listing.items:
            if item.form == to:
                continue
            try:
                data = files.read(item.path)
                if not files.is_configuration(data, item):
                    continue
                made = conversion.convert(data, item.path, form=item.form, to=to)
                for loss in made.losses:
                    console.note(f"{printable(item.path)}: lost: {printable(loss)}")
                if made.losses and not allow_lossy:
                    console.note(
                        f"{printable(item.path)}: not converted; --allow-lossy converts it all the same"
                    )
                    codes.append(exits.REFUSED)
                    continue
                path = _under(out, target, made.path) if out is not None else made.path
                writer.create(path, made.data, item.path)
                console.result(printable(path))
            except (ParseError, conversion.ConversionError, files.TooLargeError) as error:
                console.note(f"slingshift: {printable(str(error))}")
                codes.append(exits.REFUSED)
            except files.FileError as error:
                console.note(f"slingshift: {printable(str(error))}")
                codes.append(exits.CONFLICT)
    codes += console.finish(writer)
    raise typer.Exit(exits.worst(codes))


def _under(out: str, target: str, path: str) -> str:
    """The path in the output folder: as it is below the target, or the name alone."""
    if path.startswith(f"{target}{INSIDE}"):
        return os.path.join(out, path.removeprefix(f"{target}{INSIDE}"))
    inside = os.path.relpath(path, target) if os.path.isdir(target) else os.path.basename(path)
    return os.path.join(out, inside)
