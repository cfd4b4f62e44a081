"""What a validation comes to: data, for people and for programs."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from migrate.plans.validation.checks import Check, Verdict
from migrate.plans.validation.seen import Seen


class Validation(NamedTuple):
    """What came of one look at an instance, or of the second of two.

    Attributes:
        target: the instance, as the user named it.
        at: when it was looked at.
        seen: what was seen; holds what runs, and is not shown.
        checks: everything that was checked.
        before: what the first of two looks gave; None where there was one.
    """

    target: str
    at: datetime
    seen: Seen
    checks: tuple[Check, ...]
    before: Validation | None = None

    def __repr__(self) -> str:
        return f"Validation({self.target!r}, {dict(self.counts)!r})"

    @property
    def is_right(self) -> bool:
        """Whether everything that was checked is right."""
        return all(check.is_right for check in self.checks)

    @property
    def counts(self) -> Counter[str]:
        """How many checks came out how."""
        return Counter(check.verdict.value for check in self.checks)

    @property
    def appeared(self) -> tuple[Check, ...]:
        """What was right, or not there, at the first look and is wrong now."""
        if self.before is None:
            return ()
        known = {(one.id, one.path) for one in self.before.checks if one.verdict is Verdict.WRONG}
        return tuple(
            one for one in self.checks if one.verdict is Verdict.WRONG and (one.id, one.path) not in known
        )
