"""What `lint` prints, and what a baseline takes out of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli.arguments.choices import LintFormat

if TYPE_CHECKING:
    from migrate.lint.run import Report


def apply_baseline(report: Report, path: Path, *, write: bool) -> None:
    """Take out what the baseline holds, or write all there is into it."""
    from migrate.lint import baseline
    from migrate.lint.settings import SettingsError

    try:
        if write:
            path.write_text(baseline.dumps(report.hazards, path), "utf-8", newline="\n")
            console.note(f"{path}: {len(report.hazards)} hazards are let pass from now on")
        report.hazards, gone = baseline.without_known(report.hazards, path)
    except SettingsError as error:
        console.fail(str(error))
    except OSError as error:
        console.fail(f"{path}: the baseline cannot be written: {error.strerror}", exits.CONFLICT)
    if gone:
        console.note(f"{path}: {gone} of its hazards are gone; --write-baseline takes them out")


def show(report: Report, *, form: LintFormat, color: bool, verbose: bool, fail_on: str) -> None:
    """Print the report as it is wanted."""
    from migrate.lint import output
    from migrate.lint.rule import SEVERITIES, WARNING

    if form in (LintFormat.JSON, LintFormat.SARIF):
        import json

        from migrate.lint import sarif

        content = output.to_json(report) if form is LintFormat.JSON else sarif.to_json(report)
        console.pieces(json.JSONEncoder(indent=2, ensure_ascii=True, allow_nan=False).iterencode(content))
        return
    if form is LintFormat.JUNIT:
        from migrate.lint import junit

        console.result(junit.text(report, fail_on), newline=False)
        return
    mildest = max(fail_on, WARNING, key=SEVERITIES.index)
    shown = replace(
        report, hazards=[hazard for hazard in report.hazards if verbose or output.counts(hazard, mildest)]
    )
    if form is LintFormat.TEXT:
        console.result(output.text(shown, color=color), newline=False)
    else:
        render = output.markdown if form is LintFormat.MARKDOWN else output.github
        console.result(render(shown), newline=False)
