"""Findings and refusals as lines for people: each names its target, by a path that an editor opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from migrate.integration.edits import Refusal
from migrate.integration.findings import Finding, worth_saying
from migrate.targets.base import Target
from migrate.terminal import printable

Found = Sequence[tuple[Target, Sequence[Finding]]]
"""The findings of each target."""

COLORS = {"error": "31", "warning": "33", "info": "36", "refused": "31"}


def finding_lines(
    found: Found,
    general: Iterable[Finding] = (),
    *,
    verbose: bool = False,
    quiet: bool = False,
    color: bool = False,
) -> list[str]:
    """The findings that are worth saying; what is true of several targets and names no file is said once.

    Args:
        general: those that concern no target, the credential for one.
    """
    common = Counter(finding for _, findings in found for finding in set(findings) if finding.path is None)
    placed = [
        _placed(finding, target, several=len(found) > 1 and common[finding] == 1)
        for target, findings in found
        for finding in findings
    ]
    told = worth_saying([*general, *placed], verbose, quiet)
    return list(dict.fromkeys(_line(finding, color=color) for finding in told))


def _placed(finding: Finding, target: Target, *, several: bool) -> Finding:
    if finding.path is not None:
        return finding._replace(path=target.opened(finding.path))
    return finding._replace(path=target.name) if several else finding


def _line(finding: Finding, *, color: bool) -> str:
    head, severity, rest = printable(str(finding)).partition(f"{finding.severity}: ")
    return f"{head}{colored(severity[:-2], color=color)}: {rest} [{finding.id}]"


def refusal_lines(refused: Iterable[tuple[Target, Iterable[Refusal]]], *, color: bool = False) -> list[str]:
    """What is refused, and why."""
    word = colored("refused", color=color)
    return [
        f"{word}: {printable(target.opened(target.shown(one.key)))}: {printable(one.message)} [{one.rule}]"
        for target, refusals in refused
        for one in refusals
    ]


def colored(word: str, *, color: bool) -> str:
    """A severity in its colour."""
    return f"\x1b[{COLORS[word]}m{word}\x1b[0m" if color else word
