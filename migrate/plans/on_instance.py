"""The plan of an instance, from that of its files."""

from __future__ import annotations

from collections.abc import Iterator

from grammar import patterns
from grammar.pids import InstallerBuild
from migrate.integration.edits import Refusal
from migrate.integration.settings import Settings
from migrate.plans.instance import observations
from migrate.plans.instance.outline import outline
from migrate.plans.instance.view import View
from migrate.plans.planned import TargetPlan
from migrate.targets.changes import FileChange
from migrate.targets.names import identify

_DIGITS = patterns.lazy(r"[0-9]+")


def planned_on(view: View, plan: TargetPlan, settings: Settings) -> TargetPlan:
    """The plan with what it means on the instance; of nothing where something forbids all of it.

    Raises:
        InstanceError: the instance cannot be used.
    """
    changes = view.made(plan.changes)
    refusals = [*observations.refusals(view), *_in_place(view, changes)]
    if refusals:
        refusals = [one._replace(key=one.key or view.reader.target.name) for one in refusals]
        plan = plan._replace(edits=(), changes=(), refusals=(*plan.refusals, *refusals))
        changes = []
    steps = outline(view, settings, plan.scopes, changes)
    folders = [*steps.folders, *([observations.VAR] if changes else [])]
    findings = [
        *view.placed(plan.findings, plan.changes),
        *observations.findings(view, settings),
        *observations.of_rights(view, view.reader.rights(folders)),
    ]
    return plan._replace(
        edits=tuple(view.shown(plan.edits, plan.changes)),
        changes=tuple(changes),
        findings=tuple(findings),
        instance=steps,
    )


def _in_place(view: View, changes: list[FileChange]) -> Iterator[Refusal]:
    """A dotted file that would be edited without being renamed: this build would make a bogus factory of it."""
    for change in changes:
        identity = identify(change.path)
        stays = change.before is not None and change.after is not None and change.moved_to is None
        if not stays or identity is None or identity.separator != "." or _DIGITS.fullmatch(identity.name):
            continue
        if view.version is None or InstallerBuild.of(view.version) is not InstallerBuild.V1_4_6:
            message = (
                "edited under its dotted name it would become an instance of a factory that there is not; "
                "let the pass that renames it run, too"
            )
            yield Refusal(change.path, "dotted-in-place", message)
