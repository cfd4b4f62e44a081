"""Printing plans and what came of them: text for people, JSON, JSON Lines, Markdown."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from migrate.cli import console
from migrate.cli.arguments.choices import Format
from migrate.cli.arguments.groups import Look
from migrate.cli.work import results

if TYPE_CHECKING:
    from migrate.cli.work.targeting import Work
    from migrate.fleet.outcomes import Outcome
    from migrate.plans.planned import Plan


def whole_plan(outcomes: Sequence[Outcome], work: Work) -> Plan:
    """What was planned, as a saved plan has it: the first target has the findings on the credential, too."""
    from migrate.plans.planned import Plan

    plans = [outcome.plan for outcome in outcomes if outcome.plan is not None]
    if plans:
        plans[0] = plans[0]._replace(findings=(*work.findings, *plans[0].findings))
    return Plan(tuple(plans))


def show(
    outcomes: Sequence[Outcome],
    work: Work,
    output: Format,
    look: Look,
    *,
    show_secrets: bool = False,
    table: bool = True,
) -> None:
    """Print plans: the result to standard output, findings, refusals and errors to standard error."""
    if output is Format.TEXT:
        results.show_diffs(outcomes, work, color=console.use_color(look.color), show_secrets=show_secrets)
        complain(outcomes, work, look, table=table)
    else:
        report(outcomes, work, output)


def report(outcomes: Sequence[Outcome], work: Work, output: Format) -> None:
    """Print what came of targets in a form for programs or tickets; the lines of JSONL but the last are out already."""
    from migrate.reports import fleet_report, plan_report

    rows = results.rows(outcomes)
    if output is Format.JSON:
        console.result(plan_report.dumps(fleet_report.to_json(rows, work.findings)))
    elif output is Format.JSONL:
        last = {"version": plan_report.VERSION, "summary": fleet_report.summary(rows, len(work.findings))}
        console.result(results.line_of_json(last))
    else:
        plans = fleet_report.plan_of(rows)
        diffs = [
            d for d, o in zip(results.diffs(outcomes, work), outcomes, strict=True) if o.plan is not None
        ]
        console.result(plan_report.to_markdown(plans, diffs, work.findings), newline=False)
        if len(rows) > 1 or any(row.outcome.error or row.outcome.run for row in rows):
            console.result(f"\n## Targets\n\n{fleet_report.markdown(rows)}", newline=False)
    results.tell_errors(outcomes)


def complain(outcomes: Sequence[Outcome], work: Work, look: Look, *, table: bool = True) -> None:
    """Print what is refused, has failed and was found."""
    from migrate.reports import fleet_report, plan_report

    colors = results.stderr_color(look.color)
    results.tell_findings(outcomes, work.findings, verbose=look.verbose, quiet=look.quiet, color=colors)
    results.tell_errors(outcomes)
    plans = fleet_report.plan_of(results.rows(outcomes))
    if not look.quiet:
        if plans.targets:
            console.note(plan_report.summary_line(plans))
        if table:
            results.tell_table(outcomes, color=colors)


def show_stat(outcomes: Sequence[Outcome], work: Work, look: Look) -> None:
    """Print a line for each file that changes, and the rest as with the diff."""
    # It brings three compressions along, which take longer than a small plan.
    import shutil

    from migrate.reports import plan_report, plan_summary

    plans = [outcome.plan for outcome in outcomes if outcome.plan is not None]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in plan_summary.stat_lines(plans, width):
        console.result(line)
    for plan in plans:
        for line in plan_report.instance_lines(plan):
            console.result(line)
    complain(outcomes, work, look)


def annotate(outcomes: Sequence[Outcome], work: Work, *, in_sarif: bool) -> None:
    """Print what belongs beside the lines of files, as GitHub's workflow commands or as SARIF."""
    from migrate import __version__, remarks
    from migrate.reports import plan_report, plan_summary

    found = plan_summary.remarks(outcomes, work.findings)
    if not in_sarif:
        console.result(remarks.github(found), newline=False)
        return
    problems = [str(outcome.error) for outcome in outcomes if outcome.error is not None]
    log = remarks.sarif(found, plan_summary.rules(found), problems, __version__)
    console.result(plan_report.dumps(log))
