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


def worth_saying(findings: Iterable[Finding], verbose: bool, quiet: bool) -> Iterator[Finding]:
    """The findings that a command prints: what only informs is for -v, and -q never hides an error."""
    for finding in findings:
        if finding.severity == ERROR or (not quiet and (verbose or finding.severity != INFO)):
            yield finding
