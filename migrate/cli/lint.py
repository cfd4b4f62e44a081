"""`slingshift lint`: what AEM reads otherwise than it looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli.arguments.choices import Color, LintFormat
from migrate.cli.progress import Progress
from migrate.texts.places import Places

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.cli.arguments.choices import Form
    from migrate.lint.check import Hazard
    from migrate.lint.repairs import Change
    from migrate.lint.run import Report
    from migrate.lint.settings import LintSettings
    from migrate.targets.sieve import Sieve
    from migrate.texts.listing import Item
    from migrate.workers import Workers


def lint(
    targets: options.TextTargets,
    select: options.Select = None,
    ignore: options.Ignore = None,
    fix: options.Fix = False,
    diff: options.FixDiff = False,
    no_journal: options.NoJournal = False,
    output: options.LintFormatOption = LintFormat.TEXT,
    form: options.FormOption = None,
    platform: options.PlatformOption = None,
    color: options.ColorOption = Color.AUTO,
    no_ignore: options.NoIgnore = False,
    quiet: options.LintQuiet = False,
    verbose: options.LintVerbose = False,
) -> None:
    """Find what AEM reads otherwise than it looks in .config, .cfg.json and sling:OsgiConfig XML files.

    What --fix writes is one run, which `slingshift undo` takes back.

    Exit code 0: no hazards; 1: hazards (with --fix: those that are left); 2: usage; 4: something cannot be read or
    written.
    """
    from migrate.cli import leaving
    from migrate.cli.processes.jobs import available
    from migrate.lint import output as outputs
    from migrate.lint.run import run
    from migrate.texts.listing import STDIN

    if (fix or diff) and STDIN in targets:
        console.fail("--fix and --diff need files; standard input is only read")
    workers = available()
    sieve = leaving.sieve(no_ignore=no_ignore)
    chosen = _chosen(targets, form, select or [], ignore or [], platform, workers, sieve)
    with Progress(len(chosen.files), quiet=quiet) as progress:
        items = [item for item, _ in chosen.files]
        report = run(items, progress.at, workers, [settings.platform for _, settings in chosen.files])
    report.problems[:0] = chosen.problems
    wanted = {item.path: settings for item, settings in chosen.files}
    report.hazards = [hazard for hazard in report.hazards if wanted[hazard.path].wants(hazard.rule)]
    codes = []
    if diff:
        _show_diff(report, chosen)
    else:
        if fix:
            codes = _fix(report, chosen, no_journal=no_journal, quiet=quiet)
        _print(report, form=output, color=console.use_color(color), verbose=verbose)
    for problem in report.problems:
        console.line(f"slingshift: {problem}")
    if not quiet:
        console.note(outputs.summary(report))
    codes += [exits.CONFLICT] if report.problems else []
    raise exits.Exit(
        exits.worst([*codes, *(exits.PENDING for hazard in report.hazards if outputs.counts(hazard))])
    )


@dataclass(slots=True)
class _Chosen:
    """The files to check, each with the settings that hold for it."""

    files: list[tuple[Item, LintSettings]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    places: Places = field(default_factory=Places)


def _chosen(
    targets: Sequence[str],
    form: Form | None,
    select: Sequence[str],
    ignore: Sequence[str],
    platform: str | None,
    workers: Workers,
    sieve: Sieve,
) -> _Chosen:
    from migrate.lint import settings
    from migrate.texts import listing as files

    chosen = _Chosen()
    for target in dict.fromkeys(targets):
        try:
            wanted = settings.with_options(settings.load(target), select, ignore, platform)
        except settings.SettingsError as error:
            console.fail(str(error))
        listing = files.listing([target], form, workers, sieve)
        chosen.problems += listing.problems
        chosen.places.update(listing.places)
        chosen.files += [
            (item, wanted) for item in listing.items if item.named or not wanted.excludes(item.path)
        ]
    return chosen


def _repaired(report: Report, chosen: _Chosen) -> Iterator[tuple[str, bytes, bytes]]:
    """Path, bytes and repaired bytes of the files whose hazards can be repaired."""
    from migrate.lint import repairs
    from migrate.texts import listing as files

    settings = {item.path: wanted for item, wanted in chosen.files}
    for path in dict.fromkeys(hazard.path for hazard in report.hazards if hazard.fixable):
        try:
            data = files.read(path)
        except files.FileError as error:
            report.problems.append(str(error))
            continue
        repaired = repairs.repair(data)
        if all(settings[path].wants(rule) for rule in repaired.rules):
            yield path, data, repaired.data


def _show_diff(report: Report, chosen: _Chosen) -> None:
    from migrate.texts import patch
    from migrate.texts.known import FolderSecrets

    secrets = FolderSecrets()
    for path, before, after in _repaired(report, chosen):
        known = secrets.of(path)
        console.result(patch.render(path, before, after, known), newline=False)
        _tell(path, before, after, known)


def _fix(report: Report, chosen: _Chosen, *, no_journal: bool, quiet: bool) -> list[int]:
    """Write the repairs; what is left of the hazards stays in the report. Gives exit codes."""
    from migrate.cli.processes import git
    from migrate.texts import listing as files
    from migrate.texts.known import FolderSecrets
    from migrate.texts.writer import Writer

    writer = Writer("lint --fix", chosen.places, guard=git.unsafe if no_journal else None)
    repaired: dict[str, tuple[bytes, bytes, frozenset[str]]] = {}
    secrets = FolderSecrets()
    for path, before, after in _repaired(report, chosen):
        try:
            writer.replace(path, before, after)
            repaired[path] = before, after, secrets.of(path)
        except files.FileError as error:
            report.problems.append(str(error))
    written, codes = console.finish(writer)
    settings = {item.path: wanted for item, wanted in chosen.files}
    left: dict[str, list[Hazard]] = {}
    for path, (before, after, known) in repaired.items():
        if path in written.paths:
            _tell(path, before, after, known)
            left[path] = _left(path, after, settings[path], known)
    report.hazards = list(_with_what_is_left(report.hazards, left))
    for line in [] if quiet else written.lines:
        console.line(line)
    return codes


def _left(path: str, after: bytes, wanted: LintSettings, known: frozenset[str]) -> list[Hazard]:
    """The hazards of a repaired file that count."""
    from migrate.lint import check

    found = check.without(check.check(path, after, "config"), known)
    return [hazard for hazard in found if wanted.wants(hazard.rule)]


def _with_what_is_left(hazards: list[Hazard], left: dict[str, list[Hazard]]) -> Iterator[Hazard]:
    """The hazards in their order, those of the repaired texts anew."""
    for hazard in hazards:
        if hazard.path not in left:
            yield hazard
            continue
        yield from left[hazard.path]
        left[hazard.path] = []
        if hazard.rule == "twin":
            yield hazard


def _tell(path: str, before: bytes, after: bytes, known: frozenset[str]) -> None:
    """Say what AEM loads otherwise from now on."""
    from migrate.lint import repairs
    from migrate.masking.texts import without_known

    changes = repairs.changes(before, after)
    for change in changes:
        console.line(f"{path}: {without_known(_changed(change), known)}")
    if not changes:
        console.line(f"{path}: repaired; AEM loads the same")


def _changed(change: Change) -> str:
    from migrate.masking.names import is_secret, may_name_secret
    from migrate.texts import loads

    told = [str(value.to_json()) for value in (change.before, change.after) if value]
    if is_secret(change.name) or any(map(may_name_secret, told)):
        return f"{loads.name(change.name)}: AEM loads another value now (a secret, not shown)"
    if not loads.is_plain(change.name):
        # Text that was taken for a key; what it says, and whether that is secret, nobody knows.
        return "AEM loaded a key made of other text, and no longer does"
    sides = [
        f"{value.type_name} {loads.short(value.to_json())}" if value else "nothing"
        for value in (change.before, change.after)
    ]
    return f"{change.name}: AEM loaded {sides[0]}, and loads {sides[1]} now"


def _print(report: Report, *, form: LintFormat, color: bool, verbose: bool) -> None:
    from migrate.lint import output

    if form in (LintFormat.JSON, LintFormat.SARIF):
        import json

        from migrate.lint import sarif

        content = output.to_json(report) if form is LintFormat.JSON else sarif.to_json(report)
        console.pieces(json.JSONEncoder(indent=2, ensure_ascii=True, allow_nan=False).iterencode(content))
        return
    shown = replace(report, hazards=[hazard for hazard in report.hazards if verbose or output.counts(hazard)])
    if form is LintFormat.TEXT:
        console.result(output.text(shown, color=color), newline=False)
    else:
        render = output.markdown if form is LintFormat.MARKDOWN else output.github
        console.result(render(shown), newline=False)
