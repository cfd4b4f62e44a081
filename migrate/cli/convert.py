"""`slingshift convert`: one form of a configuration into another."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from migrate.cli import console, exits, inputs
from migrate.cli.arguments.choices import ShowFormat
from migrate.cli.progress import Progress
from migrate.targets.base import INSIDE
from migrate.targets.changes import told
from migrate.terminal import printable

if TYPE_CHECKING:
    from grammar.platforms import Platform
    from migrate.cli.arguments import options
    from migrate.targets.sieve import Sieve
    from migrate.texts.listing import Item
    from migrate.texts.writer import Writer
    from migrate.workers import Workers

VERSION = 1
WRITTEN, PENDING, REFUSED, FAILED = "written", "pending", "refused", "failed"


def convert(
    targets: options.TextTargets,
    to: options.To,
    allow_lossy: options.AllowLossy = False,
    out: options.ConvertOut = None,
    dry_run: options.DryRun = False,
    no_journal: options.NoJournal = False,
    output: options.ConvertFormatOption = ShowFormat.TEXT,
    form: options.FormOption = None,
    no_ignore: options.NoIgnore = False,
    platform: options.PlatformOption = None,
    quiet: options.FmtQuiet = False,
) -> None:
    """Write configurations in another form, next to the old files, which stay; nothing is overwritten.

    What is written is one run, which `slingshift undo` takes back. Standard input is written to standard output.

    Exit code 0: done, or nothing to do; 1: a file would be made (--dry-run); 2: usage; 3: some files are refused
    (something would be lost); 4: something cannot be read or written.
    """
    from migrate.cli import leaving
    from migrate.cli.processes import git
    from migrate.cli.processes.jobs import available
    from migrate.texts.listing import STDIN
    from migrate.texts.places import Places
    from migrate.texts.writer import Writer

    if out is not None and not out.strip():
        console.fail("--out is empty; was a variable not set?")
    if STDIN in targets and (dry_run or output is not ShowFormat.TEXT):
        console.fail("--dry-run and --format json need files; standard input is only converted")
    workers, places, meant = available(), Places(), inputs.platform_of(platform, targets)
    writer = Writer("convert", places, guard=git.unsafe if no_journal else None)
    work = _Work(
        writer=writer, dry=dry_run, lossy=allow_lossy, quiet=quiet, as_json=output is ShowFormat.JSON
    )
    items = work.find(targets, to, form, workers, leaving.sieve(no_ignore=no_ignore))
    if out is not None:
        places.add_output(out)
    with Progress(len(items), quiet=quiet) as work.progress:
        results = workers.each(lambda pair: _converted(pair[0], to, meant), items)
        for number, ((item, target), result) in enumerate(zip(items, results, strict=True)):
            work.progress.at(number)
            path = result.path if out is None or not result.path else _under(out, target, result.path)
            work.take(item, result._replace(path=path))
    work.end()
    raise exits.Exit(exits.worst(work.codes))


class _Result(NamedTuple):
    """What becomes of one file.

    Attributes:
        path: where the new one belongs; empty when there is none.
        data: its bytes.
        losses: what is lost.
        problem: why there is none; empty too where the file is no configuration.
        code: the exit code when there is none.
    """

    path: str = ""
    data: bytes = b""
    losses: tuple[str, ...] = ()
    problem: str = ""
    code: int = exits.OK

    def __repr__(self) -> str:
        return f"_Result({self.path!r}, {told(self.data)}, {self.losses!r}, {self.problem!r}, {self.code})"


@dataclass(slots=True)
class _Work:
    """What is done about each file, and what came of it.

    Attributes:
        rows: what came of each, as the JSON says it.
    """

    writer: Writer
    dry: bool
    lossy: bool
    quiet: bool
    as_json: bool
    progress: Progress = field(init=False)
    codes: list[int] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)

    def find(
        self, targets: Sequence[str], to: str, form: str | None, workers: Workers, sieve: Sieve
    ) -> list[tuple[Item, str]]:
        """The files to convert, each with the target that it belongs to."""
        from migrate.texts import listing as files

        items: list[tuple[Item, str]] = []
        for target in dict.fromkeys(targets):
            listing = files.listing([target], form, workers, sieve)
            self.writer.places.update(listing.places)
            items += [(item, target) for item in listing.items if item.form != to]
            for item in listing.items:
                if item.named and item.form == to and not self.quiet:
                    console.line(f"{item.path}: is {to} by its name; nothing to convert")
            for problem in listing.problems:
                console.line(f"slingshift: {problem}")
                self.codes.append(exits.CONFLICT)
        return items

    def take(self, item: Item, result: _Result) -> None:
        """Refuse a file, or note down for the writer what is to be made of it."""
        from migrate.texts import listing as files

        if result.problem:
            state = FAILED if result.code == exits.CONFLICT else REFUSED
            self._stays(item, result, state, result.problem, result.code)
            return
        if not result.path:
            return
        for loss in [] if self.quiet else result.losses:
            self.progress.note(f"{item.path}: lost: {loss}")
        if result.losses and not self.lossy:
            why = "not converted; --allow-lossy converts it all the same"
            self._stays(item, result, REFUSED, f"{item.path}: {why}", exits.REFUSED)
            return
        if item.path == files.STDIN:
            console.raw(result.data)
            return
        try:
            self.writer.create(result.path, result.data, item.path)
        except files.FileError as error:
            self._stays(item, result, FAILED, str(error), exits.CONFLICT)
            return
        self.rows.append(_row(item, result, PENDING))

    def end(self) -> None:
        """Write, and say what was made."""
        made = [row for row in self.rows if row["state"] == PENDING]
        if self.dry:
            self.codes += [exits.PENDING] * bool(made)
        else:
            written, codes = console.finish(self.writer)
            self.codes += codes
            for line in [] if self.quiet else written.lines:
                console.line(line)
            for row in made:
                row["state"] = WRITTEN if row["to"] in written.paths else FAILED
            made = [row for row in made if row["state"] == WRITTEN]
        if self.as_json:
            import json

            shown = {"version": VERSION, "dryRun": self.dry, "files": self.rows}
            console.result(json.dumps(shown, indent=1, ensure_ascii=True))
            return
        console.result("".join(f"{printable(str(row['to']))}\n" for row in made), newline=False)
        if self.dry and not self.quiet:
            console.note(f"{len(made)} of {len(self.rows)} files would be converted")

    def _stays(self, item: Item, result: _Result, state: str, why: str, code: int) -> None:
        self.progress.note(f"slingshift: {why}")
        self.codes.append(code)
        self.rows.append({**_row(item, result, state), "to": None, "message": why})


def _row(item: Item, result: _Result, state: str) -> dict[str, object]:
    return {
        "path": item.path,
        "form": item.form,
        "to": result.path,
        "state": state,
        "losses": list(result.losses),
        "message": "",
    }


def _converted(item: Item, to: str, platform: Platform) -> _Result:
    from grammar.errors import ParseError
    from migrate.texts import conversion
    from migrate.texts import listing as files

    try:
        data = files.read(item.path)
        if not files.is_configuration(data, item):
            return _Result()
        made = conversion.convert(data, item.path, form=item.form, to=to, platform=platform)
    except (ParseError, conversion.ConversionError, files.TooLargeError) as error:
        return _Result(problem=str(error), code=exits.REFUSED)
    except files.FileError as error:
        return _Result(problem=str(error), code=exits.CONFLICT)
    return _Result(made.path, made.data, made.losses)


def _under(out: str, target: str, path: str) -> str:
    """The path in the output folder: as it is below the target, or the name alone."""
    if path.startswith(f"{target}{INSIDE}"):
        return os.path.join(out, path.removeprefix(f"{target}{INSIDE}"))
    inside = os.path.relpath(path, target) if os.path.isdir(target) else os.path.basename(path)
    if inside.startswith(f"..{os.sep}"):
        # The target is the folder of a node, whose new file belongs beside it.
        inside = os.path.basename(path)
    return os.path.join(out, inside)
