"""What makes a content package, or one file of it, impossible to read or edit safely."""

from __future__ import annotations

from migrate.errors import MigrateError


class PackageError(MigrateError):
    """Something that we will not touch, with the reason.

    Attributes:
        rule: stable id of the refusal (docs/packages.md).
        message: what is wrong and why it matters to AEM; one line without a full stop.
        fix: what to do about it; one line, may be empty.
        path: the file, for people: `outer.zip!/jcr_root/.../inner.zip`; None until a caller names it.
        line: line from 1, or 0 when there is none.
        column: column in code points from 1, or 0 when there is none.
    """

    def __init__(
        self,
        message: str,
        *,
        rule: str,
        fix: str = "",
        path: str | None = None,
        line: int = 0,
        column: int = 0,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.rule = rule
        self.fix = fix
        self.path = path
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = f":{self.line}:{self.column}" if self.line else ""
        fix = f". {self.fix}" if self.fix else ""
        return f"{self.path or '<bytes>'}{place}: {self.message}{fix}"
