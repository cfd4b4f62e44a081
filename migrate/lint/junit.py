"""A lint report as JUnit XML, which every CI server shows: a file is a test case, a hazard that counts its failure."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from migrate.lint.check import Hazard
from migrate.lint.output import counts
from migrate.lint.run import Report
from migrate.terminal import printable

_SUITE = "slingshift lint"


def text(report: Report, fail_on: str) -> str:
    """The report; what could not be read is an error of its own."""
    found: dict[str, list[Hazard]] = {path: [] for path in report.paths}
    for hazard in report.hazards:
        if counts(hazard, fail_on):
            found.setdefault(hazard.path, []).append(hazard)
    failed = sum(map(bool, found.values()))
    numbers = (
        f'tests="{len(found) + len(report.problems)}" failures="{failed}" errors="{len(report.problems)}"'
    )
    suite = f"name={_attribute(_SUITE)} {numbers}"
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {suite}>\n<testsuite {suite}>\n']
    for path, hazards in found.items():
        lines += _case(path, hazards)
    for problem in report.problems:
        lines += [
            f"<testcase classname={_attribute(_SUITE)} name={_attribute(problem)}>",
            f"<error message={_attribute(problem)}/></testcase>\n",
        ]
    return "".join((*lines, "</testsuite>\n</testsuites>\n"))


def _case(path: str, hazards: list[Hazard]) -> Iterator[str]:
    head = f"<testcase classname={_attribute(_SUITE)} name={_attribute(path)}"
    if not hazards:
        yield f"{head}/>\n"
        return
    first = hazards[0]
    body = "\n".join(map(_lines, hazards))
    yield f"{head}><failure type={_attribute(first.rule)} message={_attribute(first.message)}>{escape(body)}"
    yield "</failure></testcase>\n"


def _lines(hazard: Hazard) -> str:
    place = f"{printable(hazard.path)}:{hazard.line}:{hazard.column}"
    shown = [f"    {line}" for line in hazard.notes]
    return "\n".join((f"{place}: {hazard.severity} {hazard.rule}: {printable(hazard.message)}", *shown))


def _attribute(text: str) -> str:
    return quoteattr(printable(text))
