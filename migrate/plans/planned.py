"""What a plan is: data, which holds nothing open and does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrate.integration.edits import Edit, Refusal
from migrate.integration.findings import Finding
from migrate.plans.checks import target as target_checks
from migrate.plans.folder_plan import ScopePlan
from migrate.targets.base import Target
from migrate.targets.changes import FileChange

if TYPE_CHECKING:
    from migrate.plans.instance.steps import InstancePlan


class TargetPlan(NamedTuple):
    """The plan of one target.

    Attributes:
        target: what was planned.
        edits: what the passes want, in the order of folders and passes.
        refusals: what is not touched, and why.
        findings: what is worth knowing.
        changes: what becomes of each file; consistent with `edits`.
        scopes: the folders' plans.
        sha256: of the target as the plan saw it, when that is one file, a package; None when nothing changes.
        instance: what is to be done on a running instance; None for any other target.
    """

    target: Target
    edits: tuple[Edit, ...]
    refusals: tuple[Refusal, ...]
    findings: tuple[Finding, ...]
    changes: tuple[FileChange, ...]
    scopes: tuple[ScopePlan, ...] = ()
    sha256: str | None = None
    instance: InstancePlan | None = None

    @property
    def name(self) -> str:
        return self.target.name


class Plan(NamedTuple):
    """The plans of all targets."""

    targets: tuple[TargetPlan, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        return tuple(edit for target in self.targets for edit in target.edits)

    @property
    def is_pending(self) -> bool:
        """Whether there is something to do."""
        return bool(self.edits) or any(one.instance and one.instance.orphans for one in self.targets)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        return tuple(refusal for target in self.targets for refusal in target.refusals)

    @property
    def is_whole(self) -> bool:
        """Whether everything could be read and planned."""
        return not self.refusals and all(
            finding.id not in target_checks.NOT_WHOLE for finding in self.findings
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for target in self.targets for finding in target.findings)
