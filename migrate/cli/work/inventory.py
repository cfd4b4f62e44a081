"""Printing inventories: text for people, JSON, JSON Lines, Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from migrate.cli import console
from migrate.cli.arguments.choices import Format
from migrate.cli.arguments.groups import Look
from migrate.cli.work import results

if TYPE_CHECKING:
    from migrate.cli.work.targeting import Work
    from migrate.fleet.outcomes import Outcome
    from migrate.plans.instance.scanning import InstanceScan
    from migrate.plans.scan import Scan


def _scans(outcomes: Sequence[Outcome]) -> list[Scan]:
    return [outcome.scan for outcome in outcomes if outcome.scan is not None]


def show(outcomes: Sequence[Outcome], work: Work, look: Look) -> None:
    """On a terminal: the table, then findings, errors and the summary."""
    from migrate.reports import scan_report

    scans = _scans(outcomes)
    if scans:
        several = len(outcomes) > 1
        text = scan_report.to_text(scans, several=several, color=console.use_color(look.color))
        console.result(text, newline=False)
    for found in scans:
        if found.instance is not None:
            _show_instance(found.name, found.instance, in_markdown=False)
    _tell(outcomes, work, look)


def report(outcomes: Sequence[Outcome], work: Work, output: Format, look: Look) -> None:
    from migrate.reports import plan_report, scan_report

    scans = _scans(outcomes)
    codes = [(outcome, results.code_of(outcome)) for outcome in outcomes]
    if output is Format.JSON:
        console.result(plan_report.dumps(scan_report.to_json(codes)))
    elif output is Format.JSONL:
        last = {"version": 1, "summary": scan_report.summary(outcomes)}
        console.result(results.line_of_json(last))
    else:
        console.result(scan_report.to_markdown(scans, several=len(outcomes) > 1), newline=False)
        for found in scans:
            if found.instance is not None:
                _show_instance(found.name, found.instance, in_markdown=True)
        _tell(outcomes, work, look)
        return
    results.tell_errors(outcomes)


def _tell(outcomes: Sequence[Outcome], work: Work, look: Look) -> None:
    from migrate.reports import messages, scan_report

    scans = _scans(outcomes)
    found = [(one.target, one.findings) for one in scans]
    colors = results.stderr_color(look.color)
    for line in messages.finding_lines(found, verbose=look.verbose, quiet=look.quiet, color=colors):
        console.colored(line)
    results.tell_errors(outcomes)
    if look.quiet or not scans:
        return
    console.line(scan_report.summary_line(scans))
    lacking = scan_report.without_provider(scans, work.tasks[0].settings.profile.provider_name)
    if lacking is not None:
        console.line(lacking)


def _show_instance(name: str, found: InstanceScan, *, in_markdown: bool) -> None:
    from migrate.reports import instance_report

    if in_markdown:
        console.result(instance_report.markdown(name, found), newline=False)
        return
    for line in instance_report.lines(name, found):
        console.result(line)
