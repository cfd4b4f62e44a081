"""What is to be done with one of many targets, and what came of it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from migrate.errors import MigrateError, bug
from migrate.integration.settings import Settings
from migrate.targets.sieve import USUAL, Sieve

if TYPE_CHECKING:
    from migrate.plans.planned import TargetPlan
    from migrate.plans.scan import Scan
    from migrate.plans.validation.validation import Validation
    from migrate.runs.records import Run
    from migrate.targets.instance.access import Access


class State(StrEnum):
    """What became of a target."""

    PENDING = "pending"
    """It is planned, and there is something to do."""
    UNCHANGED = "unchanged"
    """It is planned, and there is nothing to do."""
    REFUSED = "refused"
    """It is planned, and nothing can be done."""
    SCANNED = "scanned"
    """Its inventory is taken."""
    VALID = "valid"
    """It was looked at, and all that was checked is right."""
    INVALID = "invalid"
    """It was looked at, and something is wrong, or cannot be judged."""
    APPLIED = "applied"
    """The plan is carried out."""
    FAILED = "failed"
    """An error, which is named; the target is as it was, or its run was interrupted."""
    SKIPPED = "skipped"
    """Not begun, since another target failed and nothing should go on then."""


class Task(NamedTuple):
    """One target and what is to be done with it.

    Attributes:
        target: as the user names it: a path, or an instance's address.
        settings: what to migrate to.
        passes: names of passes, in their order.
        access: how to reach it, when it is an instance.
        sieve: what of a folder is left out.
        name: how the fleet calls it; the target's own words by default.
        error: why nothing can be done with it: its credential, for one, is not where the fleet file says.
    """

    target: str
    settings: Settings
    passes: tuple[str, ...] | None = None
    access: Access | None = None
    sieve: Sieve = USUAL
    name: str = ""
    error: MigrateError | None = None

    @property
    def called(self) -> str:
        return self.name or self.target


class Outcome(NamedTuple):
    """What came of one target; it can be pickled, and holds nothing open.

    Attributes:
        name: how the fleet calls the target.
        target: as the user named it.
        state: what became of it.
        plan: what was planned, when it came to that.
        run: what was carried out, when it came to that.
        error: why it failed.
        scan: its inventory, when that was asked for.
        validation: what an instance was found to be, when that was asked for, or after its run.
        not_validated: why an instance could not be looked at after its run; empty when it was, or nobody wanted it.
    """

    name: str
    target: str
    state: State
    plan: TargetPlan | None = None
    run: Run | None = None
    error: MigrateError | None = None
    scan: Scan | None = None
    validation: Validation | None = None
    not_validated: str = ""

    @classmethod
    def failed(cls, task: Task, error: MigrateError) -> Outcome:
        """Nothing but an error came of it."""
        return cls(task.called, task.target, State.FAILED, error=error)


class CrashError(MigrateError):
    """A bug met with one target; the others go on. It is told without its text, which may quote a file."""

    @classmethod
    def of(cls, error: Exception) -> CrashError:
        """Where it happened, and of what kind it is."""
        return cls(bug(error))
