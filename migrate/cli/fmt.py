"""`slingshift fmt`: the canonical layout."""

from __future__ import annotations

from typing import Annotated

import typer

from migrate.cli import console, exits


def fmt(
    targets: Annotated[list[str], typer.Argument(help="Folders and files.", metavar="TARGET...")],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 if a layout would change.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show the changes; write nothing.")] = False,
    keep_order: Annotated[
        bool, typer.Option("--keep-order", help="Leave the properties in their order.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Errors only.")] = False,
) -> None:
    """Write configurations as AEM's own writers do, comments kept; every value is proved to stay.

    Exit code 0: done, or nothing to do; 1: a layout would change (--check, --diff); 2: usage; 3: some files are
    left alone; 4: something cannot be read or written.
    """
    from grammar.errors import ParseError
    from migrate import layout
    from migrate.lint import files, packed, patch
    from migrate.lint.output import printable

    writer = packed.Writer("fmt", tells=False)
    listing = files.listing(targets)
    codes, changed = [exits.CONFLICT] * bool(listing.problems), 0
    for problem in listing.problems:
        console.note(f"slingshift: {printable(problem)}")
    for item in listing.items:
        try:
            data = files.read(item.path)
            if not files.is_configuration(data, item):
                continue
            result = layout.formatted(data, item.path, form=item.form, keep_order=keep_order)
            if result == data:
                continue
            changed += 1
            if diff:
                console.result(patch.render(item.path, data, result), newline=False)
            if check or diff:
                codes.append(exits.PENDING)
            else:
                writer.replace(item.path, data, result)
            if not quiet and not diff:
                console.note(f"{'would reformat' if check else 'reformatted'} {printable(item.path)}")
        except (ParseError, layout.LayoutError, files.TooLargeError) as error:
            console.note(f"slingshift: {printable(str(error))}")
            codes.append(exits.REFUSED)
        except files.FileError as error:
            console.note(f"slingshift: {printable(str(error))}")
            codes.append(exits.CONFLICT)
    codes += console.finish(writer, quiet=quiet)
    if not quiet:
        console.note(
            f"{changed} of {len(listing.items)} files {'would change' if check or diff else 'changed'}"
        )
    raise typer.Exit(exits.worst(codes))
