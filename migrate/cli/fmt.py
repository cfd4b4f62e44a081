"""`slingshift fmt`: the canonical layout."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from migrate.cli import console, exits, inputs
from migrate.cli.progress import Progress
from migrate.targets.changes import told

if TYPE_CHECKING:
    from grammar.platforms import Platform
    from migrate.cli.arguments import options
    from migrate.texts.known import FolderSecrets
    from migrate.texts.listing import Item
    from migrate.texts.writer import Writer


def fmt(
    targets: options.TextTargets,
    check: options.Check = False,
    diff: options.FmtDiff = False,
    keep_order: options.KeepOrder = False,
    eol: options.EolOption = None,
    no_journal: options.NoJournal = False,
    form: options.FormOption = None,
    platform: options.PlatformOption = None,
    no_ignore: options.NoIgnore = False,
    quiet: options.FmtQuiet = False,
) -> None:
    """Write configurations as AEM's own writers do, comments kept; every value is proved to stay.

    What is written is one run, which `slingshift undo` takes back. Standard input is written to standard output.

    Exit code 0: done, or nothing to do; 1: a layout would change (--check, --diff); 2: usage; 3: some files are
    left alone; 4: something cannot be read or written.
    """
    from migrate.cli import leaving
    from migrate.cli.processes import git
    from migrate.cli.processes.jobs import available
    from migrate.texts import listing as files
    from migrate.texts.known import FolderSecrets
    from migrate.texts.writer import Writer

    style = _Style(inputs.platform_of(platform, targets), keep_order, eol)
    workers = available()
    listing = files.listing(targets, form, workers, leaving.sieve(no_ignore=no_ignore))
    writer = Writer("fmt", listing.places, tells=False, guard=git.unsafe if no_journal else None)
    work = _Work(dry=check or diff, diff=diff, quiet=quiet, writer=writer, secrets=FolderSecrets())
    work.codes += [exits.CONFLICT] * bool(listing.problems)
    for problem in listing.problems:
        console.line(f"slingshift: {problem}")
    with Progress(len(listing.items), quiet=quiet) as work.progress:
        results = workers.each(lambda item: _formatted(item, style), listing.items)
        for number, (item, result) in enumerate(zip(listing.items, results, strict=True)):
            work.progress.at(number)
            work.take(item, result)
    work.end(len(listing.items))
    raise exits.Exit(exits.worst(work.codes))


@dataclass(slots=True)
class _Work:
    """What is done about each file, and what came of it."""

    dry: bool
    diff: bool
    quiet: bool
    writer: Writer
    secrets: FolderSecrets
    progress: Progress = field(init=False, repr=False)
    codes: list[int] = field(default_factory=list)
    changed: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def take(self, item: Item, result: _Result) -> None:
        """Show what would become of a file, or note it down for the writer."""
        from migrate.texts import listing as files

        if result.problem:
            console.line(f"slingshift: {result.problem}")
            self.codes.append(result.code)
            return
        if item.path == files.STDIN and not self.dry:
            console.raw(result.after)
        if result.after == result.before:
            return
        if self.diff:
            self._show(item, result)
        elif not self.dry and item.path != files.STDIN:
            try:
                self.writer.replace(item.path, result.before, result.after)
            except files.FileError as error:
                console.line(f"slingshift: {error}")
                self.codes.append(exits.CONFLICT)
                return
        self.changed.append((item.path, result.settled))

    def _show(self, item: Item, result: _Result) -> None:
        from migrate.reports import patch

        mark, known = console.carriage_return(), self.secrets.of(item.path)
        sides = (result.before, result.after)
        shown = patch.render(item.path, *sides, known, form=item.form, carriage_return=mark)
        console.result(shown, newline=False)

    def end(self, total: int) -> None:
        """Write, and say what changed."""
        from migrate.texts import listing as files

        self.codes += [exits.PENDING] * (self.dry and bool(self.changed))
        written, codes = console.finish(self.writer)
        self.codes += codes
        written.paths.add(files.STDIN)
        done = [one for one in self.changed if self.dry or one[0] in written.paths]
        if self.quiet:
            return
        for path, settled in done:
            for line in settled:
                console.line(line)
            if not self.diff and path != files.STDIN:
                console.line(f"{'would reformat' if self.dry else 'reformatted'} {path}")
        for line in written.lines:
            console.line(line)
        console.note(f"{len(done)} of {total} files {'would change' if self.dry else 'changed'}")


class _Style(NamedTuple):
    """How every file is to look, and by whose reading its values are proved to stay."""

    platform: Platform
    keep_order: bool
    eol: str | None


class _Result(NamedTuple):
    """What becomes of one file: its bytes before and after, or why not and the exit code for that.

    `settled` are lines about hazards that the new layout hides.
    """

    before: bytes = b""
    after: bytes = b""
    settled: tuple[str, ...] = ()
    problem: str = ""
    code: int = exits.OK

    def __repr__(self) -> str:
        sides = f"before={told(self.before)}, after={told(self.after)}"
        return f"_Result({sides}, problem={self.problem!r}, code={self.code})"


def _formatted(item: Item, style: _Style) -> _Result:
    """What becomes of one file; the same bytes twice when it is no configuration."""
    from grammar.errors import ParseError
    from migrate.texts import layout
    from migrate.texts import listing as files

    try:
        data = files.read(item.path)
        if not files.is_configuration(data, item):
            return _Result()
        result = layout.formatted(
            data,
            item.path,
            form=item.form,
            platform=style.platform,
            keep_order=style.keep_order,
            eol=style.eol,
        )
        settled = layout.settled(data, result, item.form, style.platform) if result != data else []
        lines = (
            f"{item.path}:{h.line}:{h.column}: {h.rule}: {h.message}; it is written so now" for h in settled
        )
        return _Result(data, result, tuple(lines))
    except (ParseError, layout.LayoutError, files.TooLargeError) as error:
        return _Result(problem=str(error), code=exits.REFUSED)
    except files.FileError as error:
        return _Result(problem=str(error), code=exits.CONFLICT)
