"""`slingshift lint`: what AEM reads otherwise than it looks."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli.arguments.choices import Color, LintFormat, Severity
from migrate.cli.arguments.groups import Group, Members
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


class Rules(Group):
    """Which rules are asked."""

    select: options.Select = None
    ignore: options.Ignore = None


class Repair(Group):
    """Whether what leaves no doubt is written, shown, or neither."""

    fix: options.Fix = False
    diff: options.FixDiff = False
    no_journal: options.NoJournal = False

    @property
    def wanted(self) -> bool:
        return self.fix or self.diff


class Known(Group):
    """Hazards that are let pass, or are to be."""

    baseline: options.Baseline = None
    write_baseline: options.WriteBaseline = False


def lint(
    *,
    access: AccessOptions,
    targets: options.LintTargets = None,
    members: Members,
    rules: Rules,
    repair: Repair,
    output: options.LintFormatOption = LintFormat.TEXT,
    form: options.FormOption = None,
    platform: options.PlatformOption = None,
    schema: options.SchemaFiles = None,
    known: Known,
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

    if known.write_baseline and (known.baseline is None or repair.wanted):
        console.fail("--write-baseline goes with --baseline FILE, and without --fix and --diff")
    targets, ways = _named(targets, members, access)
    if repair.wanted and STDIN in targets:
        console.fail("--fix and --diff need files; standard input is only read")
    urls = [target for target in dict.fromkeys(targets) if is_url(target)]
    if repair.wanted and urls:
        console.fail("--fix and --diff need files; of an instance, `lint` only reads")
    services = _schema(schema) if schema else None
    workers = SERIAL if urls else available()
    sieve = leaving.sieve(no_ignore=no_ignore)
    settings_of = functools.partial(_settings, rules, platform)
    chosen = _chosen(targets, form, settings_of, workers, sieve)
    codes = []
    if urls or access != AccessOptions():
        from migrate.cli.instances.texts import Reading

        codes = _add_instances(chosen, Reading(access, targets, ways), urls, settings_of)
    with Progress(len(chosen.files), quiet=quiet) as progress:
        items = [item for item, _ in chosen.files]
        platforms = [settings.platform for _, settings in chosen.files]
        report = run(items, progress.at, workers, platforms, [item for item, _ in chosen.others], services)
    report.problems[:0] = chosen.problems
    wanted = {item.path: settings for item, settings in (*chosen.files, *chosen.others)}
    report.hazards = [hazard for hazard in report.hazards if wanted[hazard.path].wants(hazard.rule)]
    for instance in chosen.instances:
        report.name(instance.named)
    if known.baseline is not None:
        printing.apply_baseline(report, known.baseline, write=known.write_baseline)
    if repair.diff:
        repairing.show_diff(report, wanted)
    else:
        if repair.fix:
            unsafe = repair.no_journal
            codes += repairing.fix(report, wanted, chosen.places, no_journal=unsafe, quiet=quiet)
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


def _named(targets: list[str] | None, members: Members, access: AccessOptions) -> tuple[list[str], Ways]:
    """The targets, and how the instances among those of a fleet are reached."""
    ways: Ways = {}
    if members != Members():
        from migrate.cli.work import fleets
        from migrate.targets.base import is_url

        fleets.refuse_beside(targets, members)
        assert members.fleet is not None
        fleet = fleets.read(members.fleet, members.limit)
        targets = [one.target for one in fleet.members]
        urls = {one.target: one for one in fleet.members if is_url(one.target)}
        ways = fleets.ways(urls, fleet.path, access)
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
    settings_of: Callable[[str], LintSettings],
    workers: Workers,
    sieve: Sieve,
) -> _Chosen:
    from migrate.targets.base import is_url
    from migrate.texts import listing as files

    chosen = _Chosen()
    for target in dict.fromkeys(targets):
        if is_url(target):
            continue
        wanted = settings_of(target)
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
    settings_of: Callable[[str], LintSettings],
) -> list[int]:
    """The files of instances, but for AEM's own; gives the exit codes of those that cannot be read.

    The settings that hold for them are those of the folder that the command runs in.
    """
    wanted = settings_of(".") if urls else None
    for instance in reading.all(urls, libs=False):
        assert wanted is not None
        chosen.instances.append(instance)
        chosen.problems += instance.problems
        chosen.files += [(item, wanted) for item in instance.items]
    return reading.codes


def _settings(rules: Rules, platform: str | None, target: str) -> LintSettings:
    from migrate.lint import settings

    try:
        return settings.with_options(settings.load(target), rules.select or [], rules.ignore or [], platform)
    except settings.SettingsError as error:
        console.fail(str(error))
