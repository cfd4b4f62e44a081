"""What else must change in a content package, or its source, when a configuration is renamed or edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate.edits import Edit, Refusal
from migrate.findings import Finding
from migrate.inventory import Source

if TYPE_CHECKING:
    from migrate.plan import Outcome


@dataclass(slots=True)
class Followed:
    """Further outcomes, and what speaks against some of the planned ones."""

    edits: list[Edit] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def follow(source: Source, outcomes: Sequence[Outcome]) -> Followed:
    """See the module's text."""
    return Followed()
