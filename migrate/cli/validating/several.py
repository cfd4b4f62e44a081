"""`validate` on the instances of a fleet: each by itself, and one table of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli.arguments.choices import Color, Format
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.validating import looking
from migrate.cli.work import fleets, results, targeting
from migrate.integration.request import Request
from migrate.terminal import printable

if TYPE_CHECKING:
    from migrate.cli.validating.looking import How
    from migrate.fleet.members import Fleet
    from migrate.fleet.outcomes import Outcome


def validate(
    fleet: Fleet,
    wanted: Request,
    access: AccessOptions,
    how: How,
    jobs: int | None,
    output: Format,
    color: Color,
) -> int:
    """Look at every instance of a fleet; one that cannot be used is named, and the rest go on. Gives the exit code."""
    from migrate.fleet import work as fleet_work
    from migrate.reports import validation_report
    from migrate.targets.opening import is_url

    members = tuple(member for member in fleet.members if is_url(member.target))
    if not members:
        console.fail(f"{fleet.path}: no instance is left")
    work = fleets.work(fleet._replace(members=members), wanted, access)
    workers, _ = targeting.jobs(jobs, len(members))
    # What is said on the way would stand between what is said of other instances.
    calm = how._replace(quiet=how.quiet or len(members) > 1)
    coming = fleet_work.validate_each(
        work.tasks, lambda task, _: looking.look_at(task, calm, says=lambda line: None), workers
    )

    def row(outcome: Outcome) -> object:
        return validation_report.row_json(outcome, results.code_of(outcome))

    outcomes = list(
        results.watched(coming, len(members), quiet=how.quiet, row=row if output is Format.JSONL else None)
    )
    _show(outcomes, how, output, color)
    return results.worst(outcomes)


def _show(outcomes: Sequence[Outcome], how: How, output: Format, color: Color) -> None:
    from migrate.reports import plan_report, validation_report

    code = results.worst(outcomes)
    coded = [(outcome, results.code_of(outcome)) for outcome in outcomes]
    if output is Format.JSON:
        console.result(plan_report.dumps(validation_report.fleet_json(coded, code)))
    elif output is Format.JSONL:
        last = {"version": validation_report.VERSION, "exitCode": code}
        console.result(results.line_of_json({**last, "summary": validation_report.summary(outcomes)}))
    else:
        for outcome, own in coded:
            if outcome.validation is not None:
                console.result(f"# {printable(outcome.name)}")
                looking.show(outcome.validation, own or exits.OK, output, color, quiet=how.quiet)
    results.tell_errors(outcomes)
    if output is Format.MARKDOWN:
        console.result(f"\n## Instances\n\n{validation_report.fleet_markdown(coded)}", newline=False)
    elif output is Format.TEXT and not how.quiet and len(outcomes) > 1:
        for line in validation_report.fleet_table(coded, color=results.stderr_color(color)):
            console.colored(line)
