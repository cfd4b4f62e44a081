"""What a rename or an edit drags along in a package's META-INF."""

from __future__ import annotations

from migrate.integration.edits import Edit, Refusal
from migrate.integration.findings import Finding
from migrate.targets.changes import FileChange


class Followed:
    """Further changes, and what speaks against some of the planned ones.

    Attributes:
        edits: the edits of the files of META-INF.
        changes: what becomes of them.
        refusals: keyed by the path of the configuration that must not be touched.
        findings: what is worth knowing.
    """

    def __init__(self) -> None:
        self.edits: list[Edit] = []
        self.changes: list[FileChange] = []
        self.refusals: list[Refusal] = []
        self.findings: list[Finding] = []
