"""Something worth saying about a value or a file that does not stop the work by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

ERROR = "error"
WARNING = "warning"
INFO = "info"


class Finding(NamedTuple):
    """One finding, as `plan`, `scan` and `check-token` print it.

    Attributes:
        id: stable id, for example ``org-id-shape``.
        severity: ``"error"`` (it cannot work), ``"warning"`` (it probably will not), ``"info"``.
        message: what was found and why it matters, one line; never a secret.
        fix: how to put it right, one line; empty when there is nothing to do.
        path: the file, when there is one.
        line: line in it, from 1.
    """

    id: str
    severity: str
    message: str
    fix: str = ""
    path: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        where = (
            f"{self.path}:{self.line}: " if self.path and self.line else f"{self.path}: " if self.path else ""
        )
        fix = f". {self.fix}" if self.fix else ""
        return f"{where}{self.severity}: {self.message}{fix}"

    def to_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "severity": self.severity,
            "path": self.path,
            "line": self.line,
            "message": self.message,
            "fix": self.fix,
        }


ADVICE = frozenset({"service-pack-path", "same-client-id", "secret-in-clear"})
"""What only informs, and yet decides whether the migration is the right way, and how it is tested: for everybody."""


def worth_saying(findings: Iterable[Finding], verbose: bool, quiet: bool) -> Iterator[Finding]:
    """The findings that a command prints: -v all of them, -q the errors alone.

    Otherwise what only informs is left out, but for `ADVICE`, which is given once, however many files it is about.
    """
    known = list(findings)
    said: set[str] = set()
    for finding in known:
        if finding.severity == ERROR or (not quiet and (verbose or finding.severity != INFO)):
            yield finding
        elif not quiet and finding.id in ADVICE and finding.id not in said:
            said.add(finding.id)
            yield _for_all(finding, known)


def _for_all(advice: Finding, findings: Iterable[Finding]) -> Finding:
    others = len({found.path for found in findings if found.id == advice.id} - {advice.path})
    if not others:
        return advice
    files = "1 other file" if others == 1 else f"{others} other files"
    return advice._replace(message=f"{advice.message} (and in {files}; -v names them)")
