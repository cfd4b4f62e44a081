"""`slingshift scan`: the inventory."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli.arguments.choices import Color, Format
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.work import fleets, inventory, results, resuming, targeting
from migrate.integration.request import Request

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.cli.work.targeting import Work
    from migrate.fleet.outcomes import Outcome


def scan(
    access: AccessOptions,
    targets: options.ScanTargets = None,
    targets_from: options.TargetsFrom = None,
    fleet: options.FleetFile = None,
    limit: options.Limit = None,
    profile: options.ProfileFile = None,
    installer: options.Installer = None,
    platform: options.PlatformOption = None,
    no_ignore: options.NoIgnore = False,
    fail_on: options.FailOn = None,
    suggest_profile: options.SuggestProfile = None,
    jobs: options.JobsOption = None,
    fail_fast: options.FailFast = False,
    output: options.FormatOption = Format.TEXT,
    color: options.ColorOption = Color.AUTO,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """List every provider and customizer: format, folder, run modes, state, and what is missing.

    Exit code 0 whatever is found, but 1 for what --fail-on names; 3: some files cannot be read; 4: a target cannot be
    read.
    """
    wanted = _states(fail_on or ())
    named = targeting.names(targets, targets_from)
    fleets.refuse_beside(named, fleet, limit)
    request = Request(profile=profile, installer=installer, platform=platform, no_ignore=no_ignore)
    if fleet is not None:
        # An inventory asks for no credential.
        work = fleets.work(fleets.without_credentials(fleets.read(fleet, limit)), request, access)
    elif named:
        work = targeting.of_asked(named, targeting.Asked(request, access))
    else:
        console.fail("name a TARGET: a folder, a file, a content package or a URL")
    resuming.warn_of_interrupted([task.target for task in work.tasks])
    if suggest_profile is not None:
        raise exits.Exit(_suggest(work, suggest_profile))
    as_lines = output is Format.JSONL
    outcomes = _taken(work, jobs, fail_fast=fail_fast, quiet=quiet, as_lines=as_lines)
    if output is Format.TEXT:
        inventory.show(outcomes, work, color, verbose=verbose, quiet=quiet)
    else:
        inventory.report(outcomes, work, output, color, verbose=verbose, quiet=quiet)
    found = [exits.PENDING for outcome in outcomes if outcome.scan and outcome.scan.words & wanted]
    raise exits.Exit(exits.worst([results.worst(outcomes), *found]))


def _states(fail_on: Sequence[str]) -> frozenset[str]:
    from migrate.plans.scan import WORDS

    wanted = frozenset(word.strip() for text in fail_on for word in text.split(","))
    if unknown := wanted - WORDS:
        console.fail(f"--fail-on {sorted(unknown)[0]!r} is no state; there are {', '.join(sorted(WORDS))}")
    return wanted


def _taken(work: Work, jobs: int | None, *, fail_fast: bool, quiet: bool, as_lines: bool) -> list[Outcome]:
    from datetime import date

    from migrate.fleet import work as fleet
    from migrate.reports import scan_report

    workers, inner = targeting.jobs(jobs, len(work.tasks))
    coming = fleet.scan_each(work.tasks, date.today(), workers, inner)
    if fail_fast:
        coming = fleet.stopping(coming, work.tasks)
    row = (lambda one: scan_report.row_json(one, results.code_of(one))) if as_lines else None
    return list(results.watched(coming, len(work.tasks), quiet=quiet, row=row))


def _suggest(work: Work, name: str) -> int:
    """Print a profile that is made of a provider that is found."""
    from migrate.plans import suggestion
    from migrate.targets.opening import open_target, target_of

    found = []
    for task in work.tasks:
        with open_target(target_of(task.target), task.access, task.sieve) as reader:
            found += suggestion.providers(reader)
    try:
        suggested = suggestion.of_provider(found, name)
    except ValueError as error:
        console.fail(str(error))
    console.result(suggestion.to_toml(suggested), newline=False)
    # They are in the profile, too, as comments.
    for line in () if sys.stdout.isatty() else suggested.remarks:
        console.line(line)
    return exits.OK
