"""slingshift as a library: plan, apply and prove the move from JWT to OAuth Server-to-Server.

>>> import migrate
>>> settings = migrate.Settings(client_id="0f1e2d3c4b5a69788796a5b4c3d2e1f0", org_id="5A3B@AdobeOrg",
...                             secret=migrate.Secret("s3cret"))
>>> plan = migrate.plan("fixtures/demo/author-instance", settings)
>>> [(edit.name, edit.after) for edit in plan.edits if edit.action == "set" and edit.secret]
[('auth.ims.client.secret', SecretValue('***'))]
>>> plan.edits[-1].action, plan.refusals
('rename', ())

Each does for its caller what the command does, by the same code: that keeps the outcome of each target for itself, so
that one that fails stops no other (`migrate.fleet`). Nothing here prints, asks or starts a process, and only
:func:`apply` and :func:`undo` write.
"""

from __future__ import annotations

from migrate.version import VERSION

TYPE_CHECKING = False
"""As in typing, which takes half as long to import as an interpreter to start; `slingshift --version` needs neither."""

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from migrate.errors import MigrateError
    from migrate.ims.check import TokenReport, check_token
    from migrate.ims.client import Connection
    from migrate.ims.credentials.credential import Credentials
    from migrate.ims.credentials.formats import load as load_credentials
    from migrate.integration.profile import Profile, load
    from migrate.integration.secret import Secret
    from migrate.integration.settings import Settings
    from migrate.plans.scan import Scan
    from migrate.plans.target_plan import Plan
    from migrate.plans.validation.reading import Look
    from migrate.plans.validation.validation import Validation
    from migrate.runs.errors import ApplyError
    from migrate.runs.instance.recording import Options
    from migrate.runs.records import Run
    from migrate.runs.undo import undo
    from migrate.targets.base import Target, TargetError
    from migrate.targets.instance.access import Access
    from migrate.targets.sieve import Sieve
    from migrate.workers import Workers

    load_profile = load

__version__ = VERSION

__all__ = [
    "Access",
    "ApplyError",
    "Connection",
    "Credentials",
    "MigrateError",
    "Options",
    "Plan",
    "Profile",
    "Run",
    "Scan",
    "Secret",
    "Settings",
    "Target",
    "TargetError",
    "TokenReport",
    "__version__",
    "apply",
    "check_token",
    "load_credentials",
    "load_profile",
    "plan",
    "scan",
    "undo",
    "validate",
]

_HOMES = {
    "Access": "targets.instance.access.Access",
    "Connection": "ims.client.Connection",
    "Credentials": "ims.credentials.credential.Credentials",
    "MigrateError": "errors.MigrateError",
    "ApplyError": "runs.errors.ApplyError",
    "Options": "runs.instance.recording.Options",
    "Plan": "plans.target_plan.Plan",
    "Profile": "integration.profile.Profile",
    "Run": "runs.records.Run",
    "Scan": "plans.scan.Scan",
    "Secret": "integration.secret.Secret",
    "Settings": "integration.settings.Settings",
    "Target": "targets.base.Target",
    "TargetError": "targets.base.TargetError",
    "TokenReport": "ims.check.TokenReport",
    "check_token": "ims.check.check_token",
    "load_credentials": "ims.credentials.formats.load",
    "load_profile": "integration.profile.load",
    "undo": "runs.undo.undo",
}


def plan(
    targets: str | Path | Target | Sequence[str | Path | Target],
    settings: Settings,
    passes: Sequence[str] | None = None,
    *,
    access: Access | None = None,
    workers: Workers | None = None,
    sieve: Sieve | None = None,
) -> Plan:
    """Plan the migration of one target or several; writes nothing.

    Args:
        targets: a folder, a file, a content package or an instance's URL; or a sequence of them, each of which is
            planned once.
        settings: what to migrate to.
        passes: names of passes; all of them by default.
        access: how to reach instances; without credentials by default.
        workers: who does what takes long; this process by default.
        sieve: what of folders is left out; what builds make (`target/`, `node_modules/`) by default.

    Raises:
        ValueError: no pass has such a name.
        TargetError: a target cannot be used, or one lies in another.
    """
    from migrate.plans.target_plan import Plan, plan_target, select_passes
    from migrate.targets.opening import open_target
    from migrate.targets.sieve import USUAL
    from migrate.workers import SERIAL

    names = select_passes(passes or (), ())
    plans = []
    for target in _targets(targets):
        with open_target(target, access, sieve or USUAL) as reader:
            plans.append(plan_target(reader, settings, names, workers or SERIAL))
    return Plan(tuple(plans))


def apply(
    plan: Plan, *, state: Path | None = None, access: Access | None = None, options: Options | None = None
) -> tuple[Run, ...]:
    """Carry out a plan through the journal, each target as a run of its own; see docs/apply-and-undo.md.

    Args:
        state: the folder of the journals, by default the user's.
        access: how to reach instances; without credentials by default.
        options: how a run on an instance is carried out.

    Raises:
        TargetError, ApplyError: the files have changed since, another run is at work, or the disk refuses. The runs
            of targets before the one that failed stay done: `undo` takes them back.
    """
    from migrate.runs.apply import apply_changes

    runs = []
    for one in plan.targets:
        if one.instance is not None and (one.changes or one.instance.orphans):
            from migrate.runs.instance.apply import execute
            from migrate.targets.instance.access import Access

            reached = access or Access()
            runs.append(execute(one.target, one.instance.work, reached, options=options, state=state))
        elif one.instance is None and one.changes:
            runs.append(apply_changes(one.target, one.changes, sha256=one.sha256, state=state))
    return tuple(runs)


def scan(
    targets: str | Path | Target | Sequence[str | Path | Target],
    settings: Settings | None = None,
    today: date | None = None,
    *,
    access: Access | None = None,
    workers: Workers | None = None,
    sieve: Sieve | None = None,
) -> list[Scan]:
    """Take the inventory of one target or several: every provider and customizer, and how far it has come.

    Args:
        settings: what it is compared with; the built-in profile by default.
        today: to say what is left of the JWT credentials' time; not said without it.
        access: how to reach instances; without credentials by default.
        workers: who does what takes long; this process by default.
        sieve: what of folders is left out; what builds make (`target/`, `node_modules/`) by default.

    Raises:
        TargetError: a target cannot be used.
    """
    from migrate.integration.settings import Settings
    from migrate.plans.scan import scan_target
    from migrate.targets.opening import open_target
    from migrate.targets.sieve import USUAL
    from migrate.workers import SERIAL

    scans = []
    for target in _targets(targets, may_overlap=True):
        with open_target(target, access, sieve or USUAL) as reader:
            scans.append(scan_target(reader, settings or Settings(), today, workers or SERIAL))
    return scans


def validate(
    target: str | Target,
    settings: Settings | None = None,
    *,
    access: Access | None = None,
    look: Look | None = None,
    connection: Connection | None = None,
    again_after: float | None = None,
    sleep: Callable[[float], None] | None = None,
) -> Validation:
    """Check a running instance; reads, but for the one call of ``validateConfigs()``, and asks IMS for a token.

    Args:
        target: the instance's URL.
        settings: what is wanted; the built-in profile by default.
        access: how to reach the instance; without credentials by default.
        look: what to look at; everything but a training folder by default.
        connection: how to reach IMS.
        again_after: seconds after which to look a second time, since an open dialog of the console can bring an old
            instance back.
        sleep: waits them.

    Raises:
        TargetError: the instance cannot be used, or its web console is closed.
    """
    from time import sleep as really

    from migrate.ims import validating
    from migrate.integration.settings import Settings
    from migrate.plans.validation.reading import Look

    (one,) = _targets(target)
    what, wanted = look or Look(), settings or Settings()
    found = validating.look_at(one, access, wanted, what, connection)
    if again_after is None:
        return found
    (sleep or really)(again_after)
    return validating.look_again(found, one, access, wanted, what)


def _targets(
    named: str | Path | Target | Sequence[str | Path | Target], *, may_overlap: bool = False
) -> list[Target]:
    from os import PathLike

    from migrate.targets.base import Target
    from migrate.targets.opening import target_of
    from migrate.targets.places import each_by_itself

    several = [named] if isinstance(named, (str, PathLike, Target)) else named
    targets = [one if isinstance(one, Target) else target_of(str(one)) for one in several]
    return list(dict.fromkeys(targets)) if may_overlap else each_by_itself(targets)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'migrate' has no attribute {name!r}")
    module, _, attribute = _HOMES[name].rpartition(".")
    from importlib import import_module

    return getattr(import_module(f"migrate.{module}"), attribute)
