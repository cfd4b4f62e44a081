"""`slingshift scan`: the inventory."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli.arguments.choices import Format
from migrate.cli.arguments.groups import Look, Named, Pace
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.work import fleets, inventory, results, resuming, targeting
from migrate.integration.request import Request

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.cli.work.targeting import Work
    from migrate.fleet.outcomes import Outcome


def scan(
    *,
    access: AccessOptions,
    named: Named,
    sought: Request,
    fail_on: options.FailOn = None,
    suggest_profile: options.SuggestProfile = None,
    pace: Pace,
    output: options.FormatOption = Format.TEXT,
    look: Look,
) -> None:
    """List every provider and customizer: format, folder, run modes, state, and what is missing.

    Exit code 0 whatever is found, but 1 for what --fail-on names; 3: some files cannot be read; 4: a target cannot be
    read.
    """
    wanted = _states(fail_on or ())
    targets = targeting.names(named.targets, named.targets_from)
    fleets.refuse_beside(targets, named)
    if named.fleet is not None:
        # An inventory asks for no credential.
        members = fleets.without_credentials(fleets.read(named.fleet, named.limit))
        work = fleets.work(members, sought, access)
    elif targets:
        work = targeting.of_asked(targets, targeting.Asked(sought, access))
    else:
        console.fail("name a TARGET: a folder, a file, a content package or a URL")
    resuming.warn_of_interrupted([task.target for task in work.tasks])
    if suggest_profile is not None:
        raise exits.Exit(_suggest(work, suggest_profile))
    outcomes = _taken(work, pace, quiet=look.quiet, as_lines=output is Format.JSONL)
    if output is Format.TEXT:
        inventory.show(outcomes, work, look)
    else:
        inventory.report(outcomes, work, output, look)
    found = [exits.PENDING for outcome in outcomes if outcome.scan and outcome.scan.words & wanted]
    raise exits.Exit(exits.worst([results.worst(outcomes), *found]))


def _states(fail_on: Sequence[str]) -> frozenset[str]:
    from migrate.plans.scan import WORDS

    wanted = frozenset(word.strip() for text in fail_on for word in text.split(","))
    if unknown := wanted - WORDS:
        console.fail(f"--fail-on {sorted(unknown)[0]!r} is no state; there are {', '.join(sorted(WORDS))}")
    return wanted


def _taken(work: Work, pace: Pace, *, quiet: bool, as_lines: bool) -> list[Outcome]:
    from datetime import date

    from migrate.fleet import work as fleet
    from migrate.reports import scan_report

    workers, inner = targeting.jobs(pace.jobs, len(work.tasks))
    coming = fleet.scan_each(work.tasks, date.today(), workers, inner)
    if pace.fail_fast:
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
