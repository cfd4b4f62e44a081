"""`slingshift convert`: one form of a configuration into another."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from migrate.cli import console, exits
from migrate.cli.progress import Progress
from migrate.targets.base import INSIDE
from migrate.terminal import printable

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.texts.listing import Item
    from migrate.texts.packed import Writer


def convert(
    targets: options.TextTargets,
    to: options.To,
    allow_lossy: options.AllowLossy = False,
    out: options.ConvertOut = None,
    form: options.FormOption = None,
) -> None:
    """Write configurations in another form, next to the old files, which stay; nothing is overwritten.

    Standard input is written to standard output.

    Exit code 0: done; 2: usage; 3: some files are refused (something would be lost); 4: something cannot be read or
    written.
    """
    from migrate.cli.processes.jobs import available
    from migrate.texts import listing as files
    from migrate.texts import packed

    codes, writer, workers = [], packed.Writer("convert"), available()
    items: list[tuple[Item, str]] = []
    for target in dict.fromkeys(targets):
        listing = files.listing([target], form, workers)
        items += [(item, target) for item in listing.items if item.form != to]
        for item in listing.items:
            if item.named and item.form == to:
                console.line(f"{item.path}: is {to} by its name; nothing to convert")
        for problem in listing.problems:
            console.line(f"slingshift: {problem}")
            codes.append(exits.CONFLICT)
    with Progress(len(items)) as progress:
        results = workers.each(lambda pair: _converted(pair[0], to), items)
        for number, ((item, target), result) in enumerate(zip(items, results, strict=True)):
            progress.at(number)
            for line in result.lines:
                progress.note(line)
            if result.lossy and not allow_lossy:
                progress.note(f"{item.path}: not converted; --allow-lossy converts it all the same")
                codes.append(exits.REFUSED)
            elif result.path:
                path = result.path if out is None else _under(out, target, result.path)
                codes.append(_write(writer, item, path, result.data, progress))
            else:
                codes.append(result.code)
    codes += console.finish(writer)
    raise exits.Exit(exits.worst(codes))


class _Result(NamedTuple):
    """What becomes of one file.

    Attributes:
        path: where the new one belongs; empty when there is none.
        data: its bytes.
        lines: what is to be said.
        lossy: whether something is lost.
        code: the exit code when there is none.
    """

    path: str = ""
    data: bytes = b""
    lines: tuple[str, ...] = ()
    lossy: bool = False
    code: int = exits.OK


def _converted(item: Item, to: str) -> _Result:
    from grammar.errors import ParseError
    from migrate.texts import conversion
    from migrate.texts import listing as files

    try:
        data = files.read(item.path)
        if not files.is_configuration(data, item):
            return _Result()
        made = conversion.convert(data, item.path, form=item.form, to=to)
    except (ParseError, conversion.ConversionError, files.TooLargeError) as error:
        return _Result(lines=(f"slingshift: {error}",), code=exits.REFUSED)
    except files.FileError as error:
        return _Result(lines=(f"slingshift: {error}",), code=exits.CONFLICT)
    lines = tuple(f"{item.path}: lost: {loss}" for loss in made.losses)
    return _Result(made.path, made.data, lines, lossy=bool(made.losses))


def _write(writer: Writer, item: Item, path: str, data: bytes, progress: Progress) -> int:
    from migrate.texts import listing as files

    if item.path == files.STDIN:
        console.raw(data)
        return exits.OK
    try:
        writer.create(path, data, item.path)
    except files.FileError as error:
        progress.note(f"slingshift: {error}")
        return exits.CONFLICT
    progress.result(printable(path) + "\n")
    return exits.OK


def _under(out: str, target: str, path: str) -> str:
    """The path in the output folder: as it is below the target, or the name alone."""
    if path.startswith(f"{target}{INSIDE}"):
        return os.path.join(out, path.removeprefix(f"{target}{INSIDE}"))
    inside = os.path.relpath(path, target) if os.path.isdir(target) else os.path.basename(path)
    return os.path.join(out, inside)
