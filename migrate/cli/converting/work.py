"""The files one by one: refused, or noted down for the writer; then written, or shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from migrate.cli import console, exits
from migrate.cli.progress import Progress
from migrate.terminal import printable

if TYPE_CHECKING:
    from migrate.cli.converting.results import Result, Wish
    from migrate.targets.changes import FileChange
    from migrate.targets.sieve import Sieve
    from migrate.texts.converting.conversion import Converted
    from migrate.texts.listing import Item
    from migrate.texts.repository.twins import Twins
    from migrate.texts.writer import Writer, Written
    from migrate.workers import Workers

VERSION = 1
WRITTEN, PENDING, REFUSED, FAILED = "written", "pending", "refused", "failed"


class How(NamedTuple):
    """What the options say beside the wish.

    Attributes:
        dry: write nothing.
        allowed: the kinds of losses that are no reason to refuse a file.
        quiet: errors only.
        as_json: print JSON.
    """

    dry: bool
    allowed: frozenset[str]
    quiet: bool
    as_json: bool


def _twins() -> Twins:
    from migrate.texts.repository.twins import Twins

    return Twins()


@dataclass(slots=True)
class Work:
    """What is done about each file, and what came of it.

    Attributes:
        codes: exit codes.
        rows: what came of each, as the JSON says it.
        twins: which files stand for a PID of another one.
    """

    writer: Writer
    wish: Wish
    how: How
    progress: Progress = field(init=False, repr=False)
    codes: list[int] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)
    variables: dict[tuple[str, str, str], None] = field(default_factory=dict)
    secrets: int = 0
    twins: Twins = field(default_factory=_twins)

    def find(
        self, targets: Sequence[str], form: str | None, workers: Workers, sieve: Sieve
    ) -> list[tuple[Item, str]]:
        """The files to convert, each with the target that it belongs to."""
        from migrate.texts import listing as files

        items: list[tuple[Item, str]] = []
        for target in dict.fromkeys(targets):
            listing = files.listing([target], form, workers, sieve)
            self.writer.places.update(listing.places)
            items += [
                (item, target) for item in listing.items if item.form != self.wish.to or self.wish.cloud
            ]
            for item in listing.items:
                if item.named and item.form == self.wish.to and not (self.how.quiet or self.wish.cloud):
                    console.line(f"{item.path}: is {self.wish.to} by its name; nothing to convert")
            for problem in listing.problems:
                console.line(f"slingshift: {problem}")
                self.codes.append(exits.CONFLICT)
        return items

    def take(self, item: Item, result: Result) -> None:
        """Refuse a file, or note down for the writer what is to be made of it."""
        from migrate.texts import listing as files

        if result.problem:
            state = FAILED if result.code == exits.CONFLICT else REFUSED
            self._stays(item, result.made, state, result.problem, result.code)
            return
        self.secrets += result.secrets
        if not result.made:
            return
        for loss in self._losses(result) if not self.how.quiet else ():
            console.line(f"{item.path}: lost: {loss}")
        kinds = sorted({loss.kind for one in result.made for loss in one.losses} - self.how.allowed)
        if kinds:
            why = f"{item.path}: not converted; --allow {','.join(kinds)} converts it all the same"
            self._stays(item, result.made, REFUSED, why, exits.REFUSED)
        elif item.path == files.STDIN:
            console.raw(result.made[0].data)
        else:
            self._move(item, result)

    def _losses(self, result: Result) -> list[str]:
        return list(dict.fromkeys(loss.text for one in result.made for loss in one.losses))

    def _move(self, item: Item, result: Result) -> None:
        from migrate.texts import listing as files
        from migrate.texts.moving import Made, Move

        made = tuple(Made(one.path, one.data, one.alone) for one in result.made)
        twin = self.twins.of(item.path) if self.wish.out is None and not result.is_folder else None
        if twin is not None and not any(_is_there(one.path) for one in made):
            why = (
                f"{item.path}: {twin.pid} is also in {twin.name}, and AEM takes one of the two by its name; "
                "keep one of them first [twin]"
            )
            self._stays(item, result.made, REFUSED, why, exits.REFUSED)
            return
        try:
            if result.is_folder and _is_there(made[0].path):
                if files.read(made[0].path) == result.before:
                    self.writer.move(Move(item.path, result.before, (), goes=True, is_folder=True))
                return
            if made[0].path == item.path:
                self.writer.replace(item.path, result.before, made[0].data)
            else:
                self.writer.move(
                    Move(item.path, result.before, made, self.wish.goes, result.rest, result.is_folder)
                )
        except files.FileError as error:
            self._stays(item, result.made, FAILED, str(error), exits.CONFLICT)
            return
        for one in result.made if not result.is_folder else ():
            self.rows.append(_row(item, one, PENDING))
            self.secrets += one.secrets
            self.variables |= {(variable, name, one.path): None for variable, name in one.variables}

    def _stays(self, item: Item, made: Sequence[Converted], state: str, why: str, code: int) -> None:
        console.line(f"slingshift: {why}")
        self.codes.append(code)
        rows = [_row(item, one, state) for one in made] or [_row(item, None, state)]
        self.rows += [{**row, "to": None, "message": why} for row in rows]

    def end(self) -> None:
        """Write, and say what was made; or show it."""
        shown: list[FileChange] = []
        if self.how.dry:
            shown, written = self.writer.preview()
        else:
            written, _ = console.finish(self.writer)
        self.codes += [exits.of(error) for error in written.errors]
        if self.how.dry:
            for error in written.errors:
                console.error(printable(str(error)))
            self.codes += [exits.PENDING] * bool(shown)
        self._settle(written)
        if self.how.as_json:
            self._print_json(written)
        elif self.how.dry:
            console.result(_diff(shown, {str(row["path"]) for row in self.rows}), newline=False)
        else:
            made = (row for row in self.rows if row["state"] == WRITTEN)
            console.result("".join(f"{printable(str(row['to']))}\n" for row in made), newline=False)
        if not self.how.quiet:
            self._tell(written)

    def _settle(self, written: Written) -> None:
        """Give each file that was noted down its state."""
        for path, why in written.refused.items():
            console.line(f"slingshift: {path}: {why}")
            self.codes.append(exits.REFUSED)
        for row in self.rows:
            if row["state"] != PENDING:
                continue
            path = str(row["path"])
            if path in written.refused:
                row |= {"state": REFUSED, "to": None, "message": f"{path}: {written.refused[path]}"}
            elif path in written.failed:
                row |= {"state": FAILED, "to": None, "message": written.failed[path]}
            elif not self.how.dry:
                row["state"] = WRITTEN if row["to"] in written.paths else FAILED
        there = {row["to"] for row in self.rows if row["state"] in (WRITTEN, PENDING)}
        self.variables = {key: None for key in self.variables if key[2] in there}

    def _print_json(self, written: Written) -> None:
        import json

        shown = {
            "version": VERSION,
            "dryRun": self.how.dry,
            "files": self.rows,
            "followers": written.followers,
            "secrets": [
                {"name": variable, "property": name, "path": path} for variable, name, path in self.variables
            ],
        }
        console.result(json.dumps(shown, indent=1, ensure_ascii=True))

    def _tell(self, written: Written) -> None:
        """What is worth a word beside the result."""
        for line in written.lines:
            console.line(line)
        done = [row for row in self.rows if row["state"] in (WRITTEN, PENDING)]
        if self.how.dry:
            console.note(f"{len(done)} of {len(self.rows)} files would be converted")
        if done and not self.wish.goes and self.wish.out is None:
            stay = "the old file stays" if len(done) == 1 else f"{len(done)} old files stay"
            console.note(f"{stay}, and AEM takes one of the two forms of each PID; --replace removes them")
        for variable, where in _by_name(self.variables).items():
            console.line(f"to create: the secret {variable} ({', '.join(where)})")
        if self.secrets:
            console.note(
                f"secrets in clear: {self.secrets}; "
                + (
                    "they are numbers, which are left to you"
                    if self.wish.placeholders
                    else "--placeholders puts $[secret:NAME] in their place"
                )
            )


def _by_name(variables: dict[tuple[str, str, str], None]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for variable, name, path in variables:
        found.setdefault(variable, []).append(f"{name} of {path}")
    return found


def _is_there(path: str) -> bool:
    import os

    from migrate.texts import listing as files

    packed = files.in_package(path)
    return files.has_entry(*packed) if packed is not None else os.path.lexists(path)


def _diff(changes: Sequence[FileChange], sources: Iterable[str]) -> str:
    """All of it as one diff, every secret masked, and what repeats one of a file beside those that are converted."""
    from migrate.reports import diff
    from migrate.texts.known import FolderSecrets

    secrets = FolderSecrets()
    known = frozenset().union(*map(secrets.of, sources))
    return diff.of_changes([_with_documents(change) for change in sorted(changes, key=_path)], known)


def _path(change: FileChange) -> str:
    return change.path


def _with_documents(change: FileChange) -> FileChange:
    """With what the texts say, where they are configurations: that knows where their secrets stand."""
    from grammar import forms
    from grammar.errors import ParseError

    form = forms.form_of(change.path)
    found = []
    for data in (change.before, change.after):
        try:
            documents = forms.parse_all(data, change.path, form=form) if form and data is not None else []
        except ParseError:
            documents = []
        found.append(documents[0][1] if documents else None)
    return change._replace(old=found[0], new=found[1])


def _row(item: Item, made: Converted | None, state: str) -> dict[str, object]:
    losses = made.losses if made is not None else ()
    return {
        "path": item.path,
        "form": item.form,
        "to": made.path if made is not None else None,
        "state": state,
        "losses": [loss.text for loss in losses],
        "kinds": sorted({loss.kind for loss in losses}),
        "message": "",
    }
