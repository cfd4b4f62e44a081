"""What a rename or an edit drags along in a package's META-INF."""

from __future__ import annotations

from dataclasses import dataclass, field

from migrate.integration.edits import Edit, Refusal
from migrate.integration.findings import Finding
from migrate.targets.changes import FileChange


@dataclass(slots=True)
class Followed:
    """Further changes, and what speaks against some of the planned ones.

    Attributes:
        edits: the edits of the files of META-INF.
        changes: what becomes of them.
        refusals: keyed by the path of the configuration that must not be touched.
        findings: what is worth knowing.
    """

    edits: list[Edit] = field(default_factory=list)
    changes: list[FileChange] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
