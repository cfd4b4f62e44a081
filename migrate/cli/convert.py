"""`slingshift convert`: one form of a configuration into another, a file or a whole project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.cli import console, exits, inputs
from migrate.cli.arguments.choices import Platform, ShowFormat
from migrate.cli.arguments.groups import Group

if TYPE_CHECKING:
    from migrate.cli.arguments import options


class Losses(Group):
    """What may be lost without a refusal."""

    allow: options.Allow = None
    allow_lossy: options.AllowLossy = False


def convert(
    *,
    targets: options.TextTargets,
    to: options.To,
    replace: options.Replace = False,
    losses: Losses,
    placeholders: options.Placeholders = False,
    out: options.ConvertOut = None,
    dry_run: options.DryRun = False,
    no_journal: options.NoJournal = False,
    output: options.ConvertFormatOption = ShowFormat.TEXT,
    form: options.FormOption = None,
    no_ignore: options.NoIgnore = False,
    platform: options.PlatformOption = None,
    quiet: options.FmtQuiet = False,
) -> None:
    """Write configurations in another form, next to the old files or, with --replace, in their place.

    With --platform cloud, or as slingshift.toml says, a tree gets the names, run-mode folders and types of the Cloud
    Service. Nothing is overwritten, and no configuration gets another PID. What is written is one run, which
    `slingshift undo` takes back. Standard input is written to standard output.

    Exit code 0: done, or nothing to do; 1: a file would be made (--dry-run); 2: usage; 3: some files are refused
    (something would be lost); 4: something cannot be read or written.
    """
    from migrate.cli import leaving
    from migrate.cli.converting.results import Wish, result
    from migrate.cli.converting.work import How, Work
    from migrate.cli.processes import git
    from migrate.cli.processes.jobs import available
    from migrate.cli.progress import Progress
    from migrate.texts.listing import STDIN
    from migrate.texts.places import Places
    from migrate.texts.writer import Writer

    meant = inputs.platform_of(platform, targets)
    cloud = meant.id == Platform.CLOUD
    if out is not None and not out.strip():
        console.fail("--out is empty; was a variable not set?")
    if out is not None and (replace or cloud):
        console.fail("--out leaves the old files alone; --replace and --platform cloud move them")
    if cloud and to != "cfg.json":
        console.fail("--platform cloud takes --to cfg.json: the Cloud Service's own form")
    if placeholders and not cloud:
        console.fail("--placeholders needs --platform cloud: AEM 6.5 does not resolve $[secret:NAME]")
    if STDIN in targets and (dry_run or replace or cloud or output is not ShowFormat.TEXT):
        console.fail(
            "--dry-run, --replace, --platform cloud and --format json need files, not standard input"
        )
    wish = Wish(str(to), meant, replace or cloud, cloud, placeholders, out)
    workers, places = available(), Places()
    guard = git.unsafe if no_journal else None
    writer = Writer("convert", places, guard=guard, apart=out is not None)
    how = How(dry_run, _allowed(losses), quiet, output is ShowFormat.JSON)
    work = Work(writer, wish, how)
    items = work.find(targets, form, workers, leaving.sieve(no_ignore=no_ignore))
    if out is not None:
        places.add_output(out)
    with Progress(len(items), quiet=quiet) as work.progress:
        results = workers.each(lambda pair: result(*pair, wish), items)
        for number, ((item, _), found) in enumerate(zip(items, results, strict=True)):
            work.progress.at(number)
            work.take(item, found)
    work.end()
    raise exits.Exit(exits.worst(work.codes))


def _allowed(losses: Losses) -> frozenset[str]:
    from migrate.texts.converting.conversion import KINDS

    wanted = {kind.strip() for text in losses.allow or () for kind in text.split(",")}
    unknown = sorted(wanted - {*KINDS, "all"})
    if unknown:
        console.fail(f"--allow {unknown[0]!r} is no kind of loss; known: {', '.join(KINDS)}, all")
    return frozenset(KINDS) if losses.allow_lossy or "all" in wanted else frozenset(wanted)
