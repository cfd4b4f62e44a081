"""Writing a report of what came of targets: `--report`, with what other commands printed: `--evidence`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from migrate.cli import console, exits
from migrate.cli.work import results, saving

if TYPE_CHECKING:
    from migrate.cli.work.targeting import Work
    from migrate.fleet.outcomes import Outcome

_PAGE = (".html", ".htm")
_TEXT = (".md", ".markdown")
_ENDINGS = (*_PAGE, *_TEXT, ".json")


class Reports(NamedTuple):
    """Which reports to write.

    Attributes:
        verb: the command.
        paths: the files; their endings say in which form.
        evidence: what other commands printed.
    """

    verb: str = ""
    paths: Sequence[Path] = ()
    evidence: Sequence[Mapping[str, object]] = ()


def wanted(verb: str, paths: Sequence[str] | None, evidence: Sequence[str] | None) -> Reports:
    """What --report and --evidence ask for. Leaves before anything is done when it could not be written later."""
    if not paths:
        if evidence:
            console.fail("--evidence goes into a report; name one with --report FILE.html")
        return Reports()
    # With --root, the command goes elsewhere before it writes.
    found = [Path(path).absolute() for path in paths]
    for path in found:
        if path.suffix.lower() not in _ENDINGS:
            console.fail(f"--report {path}: the ending says the form; name a file .html, .md or .json")
        saving.refuse_foreign(path, b"slingshift report", b"slingshift-report", noun="report")
    return Reports(verb, found, [_evidence(Path(name)) for name in evidence or ()])


def _evidence(path: Path) -> Mapping[str, object]:
    from migrate.reports.evidence import given

    try:
        return given.load(path)
    except OSError as error:
        console.fail(f"--evidence {path}: {error.strerror}", exits.CONFLICT)


def write(reports: Reports, outcomes: Sequence[Outcome], work: Work, code: int) -> int:
    """Write them; gives the exit code, which is worse when one cannot be written."""
    if not reports.paths:
        return code
    import platform
    from datetime import datetime

    from migrate import __version__
    from migrate.reports.evidence import facts
    from migrate.runs import audit

    occasion = facts.Occasion(
        reports.verb, datetime.now().astimezone(), audit.user(), platform.node(), __version__, code
    )
    rows = results.rows(outcomes)
    report = facts.to_json(occasion, rows, results.diffs(outcomes, work), work.findings, reports.evidence)
    for path in reports.paths:
        try:
            saving.save(path, _text(report, path).encode("utf-8"))
        except OSError as error:
            console.error(f"{path}: the report cannot be written: {error.strerror}")
            code = exits.worst([code, exits.CONFLICT])
    return code


def _text(report: Mapping[str, object], path: Path) -> str:
    from migrate.reports import plan_report
    from migrate.reports.evidence import markdown, pages, webpage

    if path.suffix.lower() in _PAGE:
        blocks = list(pages.blocks(report))
        return webpage.to_text(blocks, f"slingshift {report['verb']}, {report['at']}")
    if path.suffix.lower() in _TEXT:
        return markdown.to_text(pages.blocks(report))
    return plan_report.dumps(report) + "\n"
