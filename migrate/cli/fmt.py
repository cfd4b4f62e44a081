"""`slingshift fmt`: the canonical layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrate.cli import console, exits
from migrate.cli.progress import Progress

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.texts.listing import Item
    from migrate.texts.packed import Writer


def fmt(
    targets: options.TextTargets,
    check: options.Check = False,
    diff: options.FmtDiff = False,
    keep_order: options.KeepOrder = False,
    form: options.FormOption = None,
    quiet: options.FmtQuiet = False,
) -> None:
    """Write configurations as AEM's own writers do, comments kept; every value is proved to stay.

    Standard input is written to standard output.

    Exit code 0: done, or nothing to do; 1: a layout would change (--check, --diff); 2: usage; 3: some files are
    left alone; 4: something cannot be read or written.
    """
    from migrate.cli.processes.jobs import available
    from migrate.texts import listing as files
    from migrate.texts import packed, patch
    from migrate.texts.known import FolderSecrets

    dry, secrets = check or diff, FolderSecrets()
    writer = packed.Writer("fmt", tells=False)
    workers = available()
    listing = files.listing(targets, form, workers)
    codes, changed = [exits.CONFLICT] * bool(listing.problems), 0
    for problem in listing.problems:
        console.line(f"slingshift: {problem}")
    with Progress(len(listing.items), quiet=quiet) as progress:
        results = workers.each(lambda item: _formatted(item, keep_order=keep_order), listing.items)
        for number, (item, result) in enumerate(zip(listing.items, results, strict=True)):
            progress.at(number)
            if result.problem:
                progress.note(f"slingshift: {result.problem}")
                codes.append(result.code)
                continue
            written = exits.PENDING if dry else _write(writer, item, result, progress)
            if result.after == result.before or written == exits.CONFLICT:
                codes.append(written if written == exits.CONFLICT else exits.OK)
                continue
            codes.append(written)
            changed += 1
            for line in [] if quiet else result.settled:
                progress.note(line)
            if diff:
                progress.result(patch.render(item.path, result.before, result.after, secrets.of(item.path)))
            elif not quiet and (dry or item.path != files.STDIN):
                progress.note(f"{'would reformat' if check else 'reformatted'} {item.path}")
    codes += console.finish(writer, quiet=quiet)
    if not quiet:
        console.note(f"{changed} of {len(listing.items)} files {'would change' if dry else 'changed'}")
    raise exits.Exit(exits.worst(codes))


class _Result(NamedTuple):
    """What becomes of one file: its bytes before and after, or why not and the exit code for that.

    `settled` are lines about hazards that the new layout hides.
    """

    before: bytes = b""
    after: bytes = b""
    settled: tuple[str, ...] = ()
    problem: str = ""
    code: int = exits.OK


def _formatted(item: Item, *, keep_order: bool) -> _Result:
    """What becomes of one file; the same bytes twice when it is no configuration."""
    from grammar.errors import ParseError
    from migrate.texts import layout
    from migrate.texts import listing as files

    try:
        data = files.read(item.path)
        if not files.is_configuration(data, item):
            return _Result()
        result = layout.formatted(data, item.path, form=item.form, keep_order=keep_order)
        settled = layout.settled(data, result, form=item.form) if result != data else []
        lines = (
            f"{item.path}:{h.line}:{h.column}: {h.rule}: {h.message}; it is written so now" for h in settled
        )
        return _Result(data, result, tuple(lines))
    except (ParseError, layout.LayoutError, files.TooLargeError) as error:
        return _Result(problem=str(error), code=exits.REFUSED)
    except files.FileError as error:
        return _Result(problem=str(error), code=exits.CONFLICT)


def _write(writer: Writer, item: Item, result: _Result, progress: Progress) -> int:
    from migrate.texts import listing as files

    if item.path == files.STDIN:
        console.raw(result.after)
    elif result.after != result.before:
        try:
            writer.replace(item.path, result.before, result.after)
        except files.FileError as error:
            progress.note(f"slingshift: {error}")
            return exits.CONFLICT
    return exits.OK
