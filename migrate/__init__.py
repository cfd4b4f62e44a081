"""slingshift as a library: plan, apply and prove the move from JWT to OAuth Server-to-Server.

>>> import migrate
>>> settings = migrate.Settings(migrate.load_profile(), client_id="...", org_id="...@AdobeOrg")
>>> plan = migrate.plan("ui.config/src/main/content", settings)   # doctest: +SKIP
>>> plan.edits, plan.refusals                                      # doctest: +SKIP

Nothing here prints, and only :func:`apply` writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from migrate.ims.check import check_token
    from migrate.integration.profile import Profile, load
    from migrate.integration.secret import Secret
    from migrate.integration.settings import Settings
    from migrate.plans.target_plan import Plan
    from migrate.runs.apply import Run

    load_profile = load

__version__ = "0.1.0"

__all__ = [
    "Plan",
    "Profile",
    "Run",
    "Secret",
    "Settings",
    "__version__",
    "apply",
    "check_token",
    "load_profile",
    "plan",
]

_HOMES = {
    "Plan": ("plans.target_plan", "Plan"),
    "Profile": ("integration.profile", "Profile"),
    "Run": ("runs.apply", "Run"),
    "Secret": ("integration.secret", "Secret"),
    "Settings": ("integration.settings", "Settings"),
    "check_token": ("ims.check", "check_token"),
    "load_profile": ("integration.profile", "load"),
}


def plan(
    target: str | Path | Sequence[str | Path], settings: Settings, passes: Sequence[str] | None = None
) -> Plan:
    """Plan the migration of one target or several; writes nothing.

    Args:
        target: a folder, a file or a content package; or a sequence of them.
        settings: what to migrate to.
        passes: names of passes; all of them by default.

    Raises:
        migrate.targets.base.TargetError: a target cannot be used.
    """
    from migrate.plans import target_plan
    from migrate.targets import opening

    targets = [target] if isinstance(target, str) or not isinstance(target, Sequence) else list(target)
    names = None if passes is None else target_plan.select_passes(passes, ())
    return target_plan.Plan(
        tuple(target_plan.plan_target(opening.open_target(str(t)), settings, names) for t in targets)
    )


def apply(plan: Plan, *, state: Path | None = None) -> Run:
    """Carry a plan out through the journal; see docs/apply-and-undo.md.

    Raises:
        migrate.runs.apply.ApplyError: the files have changed since, another run is at work, or the disk refuses.
    """
    from migrate.runs import apply as running

    changes = [change for target in plan.targets for change in target.source.changes(target.outcomes)]
    return running.execute(changes, targets=[target.name for target in plan.targets], state=state)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'migrate' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(f"migrate.{module}"), attribute)
