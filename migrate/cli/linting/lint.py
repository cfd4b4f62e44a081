"""`slingshift lint`: what AEM reads otherwise than it looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli.arguments.choices import Color, LintFormat, Severity
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.linting import printing, repairing
from migrate.cli.progress import Progress
from migrate.texts.places import Places

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.cli.arguments.choices import Form
    from migrate.cli.instances.texts import Reading
    from migrate.errors import MigrateError
    from migrate.lint.schema import Schema
    from migrate.lint.settings import LintSettings
    from migrate.targets.instance.access import Access
    from migrate.targets.sieve import Sieve
    from migrate.texts.listing import Item
    from migrate.texts.repository.instances import Instance
    from migrate.workers import Workers

    Ways = Mapping[str, Access | MigrateError | None]


def lint(
    access: AccessOptions,
    targets: options.LintTargets = None,
    fleet: options.FleetFile = None,
    limit: options.Limit = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    fix: options.Fix = False,
    diff: options.FixDiff = False,
    no_journal: options.NoJournal = False,
    output: options.LintFormatOption = LintFormat.TEXT,
    form: options.FormOption = None,
    platform: options.PlatformOption = None,
    schema: options.SchemaFiles = None,
    baseline: options.Baseline = None,
    write_baseline: options.WriteBaseline = False,
    fail_on: options.FailOnOption = Severity.WARNING,
    color: options.ColorOption = Color.AUTO,
    no_ignore: options.NoIgnore = False,
    quiet: options.LintQuiet = False,
    verbose: options.LintVerbose = False,
) -> None:
    """Find what AEM reads otherwise than it looks in .config, .cfg.json and sling:OsgiConfig XML files.

    What --fix writes is one run, which `slingshift undo` takes back.

    Exit code 0: no hazards; 1: hazards (with --fix: those that are left); 2: usage; 4: something cannot be read or
    written; 5: an instance does not let us; 6: it cannot be reached.
    """
    from migrate.cli import leaving
    from migrate.cli.processes.jobs import available
    from migrate.lint import output as outputs
    from migrate.lint.run import run
    from migrate.targets.base import is_url
    from migrate.texts.listing import STDIN
    from migrate.workers import SERIAL

    if write_baseline and (baseline is None or fix or diff):
        console.fail("--write-baseline goes with --baseline FILE, and without --fix and --diff")
    targets, ways = _named(targets, fleet, limit, access)
    if (fix or diff) and STDIN in targets:
        console.fail("--fix and --diff need files; standard input is only read")
    urls = [target for target in dict.fromkeys(targets) if is_url(target)]
    if (fix or diff) and urls:
        console.fail("--fix and --diff need files; of an instance, `lint` only reads")
    known = _schema(schema) if schema else None
    workers = SERIAL if urls else available()
    sieve = leaving.sieve(no_ignore=no_ignore)
    chosen = _chosen(targets, form, select or [], ignore or [], platform, workers, sieve)
    codes = []
    if urls or access != AccessOptions():
        from migrate.cli.instances.texts import Reading

        codes = _add_instances(
            chosen, Reading(access, targets, ways), urls, select or [], ignore or [], platform
        )
    with Progress(len(chosen.files), quiet=quiet) as progress:
        items = [item for item, _ in chosen.files]
        platforms = [settings.platform for _, settings in chosen.files]
        report = run(items, progress.at, workers, platforms, [item for item, _ in chosen.others], known)
    report.problems[:0] = chosen.problems
    wanted = {item.path: settings for item, settings in (*chosen.files, *chosen.others)}
    report.hazards = [hazard for hazard in report.hazards if wanted[hazard.path].wants(hazard.rule)]
    for instance in chosen.instances:
        report.name(instance.named)
    if baseline is not None:
        printing.apply_baseline(report, baseline, write=write_baseline)
    if diff:
        repairing.show_diff(report, wanted)
    else:
        if fix:
            codes += repairing.fix(report, wanted, chosen.places, no_journal=no_journal, quiet=quiet)
        printing.show(report, form=output, color=console.use_color(color), verbose=verbose, fail_on=fail_on)
    for problem in report.problems:
        console.line(f"slingshift: {problem}")
    if not quiet:
        console.note(outputs.summary(report))
    codes += [exits.CONFLICT] if report.problems else []
    raise exits.Exit(
        exits.worst(
            [*codes, *(exits.PENDING for hazard in report.hazards if outputs.counts(hazard, fail_on))]
        )
    )


def _schema(paths: Sequence[str]) -> Schema:
    from migrate.lint.schema import SchemaError
    from migrate.lint.schemas import files

    try:
        return files.load(paths)
    except SchemaError as error:
        console.fail(str(error))


def _named(
    targets: list[str] | None, fleet: str | None, limit: list[str] | None, access: AccessOptions
) -> tuple[list[str], Ways]:
    """The targets, and how the instances among those of a fleet are reached."""
    ways: Ways = {}
    if fleet is not None or limit:
        from migrate.cli.work import fleets
        from migrate.targets.base import is_url

        fleets.refuse_beside(targets or (), fleet, limit)
        assert fleet is not None
        members = fleets.read(fleet, limit).members
        targets = [one.target for one in members]
        ways = fleets.ways({one.target: one for one in members if is_url(one.target)}, fleet, access)
    if not targets:
        console.fail("name a TARGET: a folder, a file, a content package, a URL, or - for standard input")
    return targets, ways


@dataclass(slots=True)
class _Chosen:
    """The files to check, each with the settings that hold for it."""

    files: list[tuple[Item, LintSettings]] = field(default_factory=list)
    others: list[tuple[Item, LintSettings]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    places: Places = field(default_factory=Places)
    instances: list[Instance] = field(default_factory=list)


def _chosen(
    targets: Sequence[str],
    form: Form | None,
    select: Sequence[str],
    ignore: Sequence[str],
    platform: str | None,
    workers: Workers,
    sieve: Sieve,
) -> _Chosen:
    from migrate.targets.base import is_url
    from migrate.texts import listing as files

    chosen = _Chosen()
    for target in dict.fromkeys(targets):
        if is_url(target):
            continue
        wanted = _settings(target, select, ignore, platform)
        listing = files.listing([target], form, workers, sieve)
        chosen.problems += listing.problems
        chosen.places.update(listing.places)
        chosen.others += [(item, wanted) for item in listing.others if not wanted.excludes(item.path)]
        chosen.files += [
            (item, wanted) for item in listing.items if item.named or not wanted.excludes(item.path)
        ]
    return chosen


def _add_instances(
    chosen: _Chosen,
    reading: Reading,
    urls: Sequence[str],
    select: Sequence[str],
    ignore: Sequence[str],
    platform: str | None,
) -> list[int]:
    """The files of instances, but for AEM's own; gives the exit codes of those that cannot be read.

    The settings that hold for them are those of the folder that the command runs in.
    """
    wanted = _settings(".", select, ignore, platform) if urls else None
    for instance in reading.all(urls, libs=False):
        assert wanted is not None
        chosen.instances.append(instance)
        chosen.problems += instance.problems
        chosen.files += [(item, wanted) for item in instance.items]
    return reading.codes


def _settings(
    target: str, select: Sequence[str], ignore: Sequence[str], platform: str | None
) -> LintSettings:
    from migrate.lint import settings

    try:
        return settings.with_options(settings.load(target), select, ignore, platform)
    except settings.SettingsError as error:
        console.fail(str(error))
