"""A lint report as text, JSON, Markdown and GitHub annotations. SARIF has a module of its own."""

from __future__ import annotations

from collections import Counter

from migrate import remarks
from migrate.lint import check
from migrate.lint.check import Hazard
from migrate.lint.rule import ERROR, INFO, WARNING, is_at_least
from migrate.lint.run import Report
from migrate.remarks import Annotation
from migrate.terminal import in_cell, printable

VERSION = 1
_COLORS = {ERROR: "\x1b[31m", WARNING: "\x1b[33m", INFO: "\x1b[36m"}


def to_json(report: Report) -> dict[str, object]:
    """The report in the shape of docs/schema/lint.schema.json."""
    return {
        "version": VERSION,
        "platform": report.platform,
        "hazards": [hazard._asdict() for hazard in report.hazards],
        "files": report.files,
    }


def text(report: Report, *, color: bool = False) -> str:
    """One line a hazard, below it the line where it stands with a caret, and what AEM loads."""
    from migrate.lint.excerpt import Excerpts

    lines, excerpts = [], Excerpts(report.secrets)
    for hazard in report.hazards:
        severity = hazard.severity
        if color:
            severity = f"{_COLORS[severity]}{severity}\x1b[0m"
        place = f"{printable(hazard.path)}:{hazard.line}:{hazard.column}"
        lines.append(f"{place}: {severity} {hazard.rule}: {printable(hazard.message)}")
        lines += [f"  {line}" for line in excerpts.of(hazard)]
        lines += [f"    {line}" for line in hazard.notes]
    return "".join(f"{line}\n" for line in lines)


def markdown(report: Report) -> str:
    """A table, for a pull request's comment."""
    head = "| file | severity | rule | message | AEM loads |\n| --- | --- | --- | --- | --- |\n"
    rows = []
    for hazard in report.hazards:
        place = f"{hazard.path}:{hazard.line}:{hazard.column}"
        shown = "<br>".join(map(in_cell, hazard.notes))
        cells = [in_cell(place), hazard.severity, hazard.rule, in_cell(hazard.message), shown]
        rows.append("| " + " | ".join(cells) + " |\n")
    return head + "".join(rows) if rows else "No hazards.\n"


def github(report: Report) -> str:
    """Workflow commands that GitHub shows beside the lines."""
    return remarks.github(
        Annotation(one.rule, one.severity, _for_a_line(one), one.path, one.line, one.column)
        for one in report.hazards
    )


def _for_a_line(hazard: Hazard) -> str:
    return f"{hazard.message} ({check.PENDING})" if hazard.pending else hazard.message


def summary(report: Report) -> str:
    """Counts, in one line."""
    counts = Counter(hazard.severity for hazard in report.hazards)
    parts = [f"{counts[kind]} {kind}{'s' * (counts[kind] != 1)}" for kind in (ERROR, WARNING) if counts[kind]]
    unread = f"; {len(report.problems)} not handled" if report.problems else ""
    fixable = sum(hazard.fixable for hazard in report.hazards)
    hint = f"; {fixable} can be repaired with --fix" if fixable else ""
    found = ", ".join(parts) or "no hazards"
    return f"{report.files} configuration{'s' * (report.files != 1)}: {found}{hint}{unread}"


def counts(hazard: Hazard, fail_on: str = WARNING) -> bool:
    """Whether a hazard makes the exit code 1."""
    return is_at_least(hazard.severity, fail_on)
