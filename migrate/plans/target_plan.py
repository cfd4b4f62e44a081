"""The plan of a migration: data, made without writing anything anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from grammar import forms
from migrate.integration import properties as p
from migrate.integration.configuration import Scope, is_meant
from migrate.integration.edits import Edit, Refusal
from migrate.integration.findings import Finding
from migrate.integration.profile import CUSTOMIZER
from migrate.integration.settings import Settings
from migrate.passes import registered
from migrate.plans import inventory
from migrate.plans.checks import target as target_checks
from migrate.plans.folder_plan import ScopePlan, plan_scope
from migrate.plans.inventory import Inventory, Rejected
from migrate.plans.outcomes import merged, of_elements, of_files, of_folder_nodes
from migrate.plans.planned import Plan as Plan
from migrate.plans.planned import TargetPlan as TargetPlan
from migrate.plans.sides import view_of
from migrate.plans.vault.followed import Followed
from migrate.targets.base import Reader
from migrate.targets.changes import FileChange
from migrate.workers import SERIAL, Workers

if TYPE_CHECKING:
    from migrate.plans.instance.view import View


def plan_target(
    reader: Reader, settings: Settings, passes: Sequence[str] | None = None, workers: Workers = SERIAL
) -> TargetPlan:
    """Plan one target.

    Args:
        reader: the opened target.
        settings: what to migrate to.
        passes: names of passes, in their order; all of them by default.
        workers: who does what takes long.
    """
    passes = tuple(registered()) if passes is None else passes
    found = inventory.take(reader, workers)
    view = view_of(reader, found)
    if view is not None:
        settings = view.settings(settings)
    only = reader.target.edited_file

    def looked_at(plan: ScopePlan) -> list[Finding]:
        return list(target_checks.of_folder(reader, plan, settings))

    def planned(scope: Scope) -> tuple[ScopePlan | None, list[Finding]]:
        plan = _planned(scope, settings, passes, only, view)
        # Looked at by the one that planned it, who has read it. On an instance the plans of others may change it.
        return plan, [] if plan is None or view is not None else looked_at(plan)

    made = list(workers.each(planned, found.scopes))
    scopes = [plan for plan, _ in made if plan is not None]
    in_folders: Iterable[list[Finding]] = [findings for _, findings in made]
    if view is not None:
        scopes = view.together(scopes)
        in_folders = map(looked_at, scopes)
    draft = _Draft(reader, found, scopes)
    rejected = _rejected(reader, found, scopes, settings, draft.refusals)
    if settings.create_in is not None:
        rejected += draft.create(settings)
    elif not scopes and not draft.refusals:
        draft.refusals.append(_nothing_found(reader, found, settings))
    followed = draft.follow_filters()
    draft.put_elements_back()
    draft.follow_places()
    draft.heed_the_target()
    findings = [*rejected, *target_checks.findings(reader, found, scopes, settings, in_folders), *followed]
    if view is not None:
        from migrate.plans.on_instance import planned_on

        return planned_on(view, draft.as_plan(findings), settings)
    return draft.as_plan(findings)


def _planned(
    scope: Scope, settings: Settings, passes: Sequence[str], only: str | None, view: View | None
) -> ScopePlan | None:
    """The plan of a folder, on an instance with what runs there in mind."""
    if view is None:
        return plan_scope(scope, settings, passes, only)
    plan = plan_scope(view.prepared(scope, settings), settings, passes, only)
    return None if plan is None else view.finished(plan, scope, settings)


class _Draft:
    """A plan in the making.

    Attributes:
        going: the folders whose pair is still to be migrated.
        scopes: the plans of all folders.
    """

    def __init__(self, reader: Reader, found: Inventory, going: list[ScopePlan]) -> None:
        self.reader = reader
        self.found = found
        self.going = going
        self.scopes = list(going)
        self.edits: list[Edit] = [edit for scope in going for edit in scope.edits]
        self.refusals: list[Refusal] = [refusal for scope in going for refusal in scope.refusals]
        self.changes: list[FileChange] = [change for scope in going for change in of_files(found, scope)]

    def as_plan(self, findings: Sequence[Finding]) -> TargetPlan:
        """What was made."""
        changes = tuple(merged(self.changes))
        return TargetPlan(
            self.reader.target,
            tuple(self.edits),
            tuple(self.refusals),
            target_checks.of_target(self.reader, findings),
            changes,
            tuple(self.scopes),
            self.reader.sha256() if changes else None,
        )

    def create(self, settings: Settings) -> list[Finding]:
        from migrate.plans import creation

        created = creation.create(self.reader, settings, self.found)
        self.edits += created.edits
        self.refusals += created.refusals
        self.changes += created.changes
        return created.findings

    def follow_filters(self) -> tuple[Finding, ...]:
        """Let META-INF follow; what it has against a file stops the pair of the file's folder."""
        elements = {key: made for scope in self.going for key, made in of_elements(self.found, scope).items()}
        followed = self._followed([*self.changes, *elements.values()])
        keys = {change.path: key for key, change in elements.items()}
        against = [r._replace(key=keys.get(r.key, r.key)) for r in followed.refusals]
        _, unwritable = of_folder_nodes(self.found, self.going)
        self.refusals += [*against, *unwritable.values()]
        stopped = {*unwritable, *(_folder(self.found, refusal.key) for refusal in against)}
        if stopped:
            self._stop(stopped)
            # What the others need must be computed without the stopped ones.
            left = [made for scope in self.going for made in of_elements(self.found, scope).values()]
            followed = self._followed([*self.changes, *left])
        self.edits += followed.edits
        self.changes += followed.changes
        return tuple(followed.findings)

    def put_elements_back(self) -> None:
        """The files that hold several configurations, as their elements will be."""
        self.changes += of_folder_nodes(self.found, self.going)[0]

    def follow_places(self) -> None:
        """What the folders' own nodes need that name what is renamed or deleted."""
        if self._in_package_sources(self.changes):
            from migrate.plans.vault import following

            placed = following.follow_places(self.reader, self.changes)
            again = {change.path for change in placed.changes}
            self.changes = [o for o in self.changes if o.path not in again] + placed.changes
            self.edits += placed.edits

    def heed_the_target(self) -> None:
        """What the target itself has against being changed, a package that is damaged elsewhere for one."""
        for start, refusal in self.reader.refusals(self.changes):
            self.refusals.append(refusal)
            self.edits = [edit for edit in self.edits if not edit.key.startswith(start)]
            self.changes = [change for change in self.changes if not change.path.startswith(start)]

    def _stop(self, folders: set[str]) -> None:
        """A pair is migrated as a whole: what stops one of its files stops its folder."""
        self.edits = [edit for edit in self.edits if _folder(self.found, edit.key) not in folders]
        self.changes = [o for o in self.changes if _folder(self.found, o.path) not in folders]
        self.going = [scope for scope in self.going if scope.before.folder not in folders]

    def _followed(self, changes: Sequence[FileChange]) -> Followed:
        """The rules of packages are loaded only where there is one."""
        if not self._in_package_sources(changes):
            return Followed()
        from migrate.plans.vault import following

        return following.follow(self.reader, changes)

    def _in_package_sources(self, changes: Sequence[FileChange]) -> bool:
        return any("jcr_root/" in self.reader.location(change.path) for change in changes)


def select_passes(only: Iterable[str], skip: Iterable[str]) -> tuple[str, ...]:
    """The names of the passes to run.

    Raises:
        ValueError: an unknown name, or none is left.
    """
    chosen, dropped = ({name for text in texts for name in text.split(",")} for texts in (only, skip))
    for name in sorted(chosen | dropped):
        if name not in registered():
            raise ValueError(f"no pass is called {name!r}; there are {', '.join(registered())}")
    left = tuple(name for name in registered() if (not chosen or name in chosen) and name not in dropped)
    if not left:
        raise ValueError("no pass is left to run")
    return left


def _folder(found: Inventory, key: str) -> str:
    identity = found.identities.get(key)
    return identity.folder if identity else key.rpartition("/")[0]


def _rejected(
    reader: Reader, found: Inventory, scopes: Sequence[ScopePlan], settings: Settings, refusals: list[Refusal]
) -> list[Finding]:
    """A file that cannot be read is refused where it could be ours, and mentioned elsewhere."""
    findings = []
    folders = {scope.before.folder for scope in scopes}
    name = settings.profile.provider_name.encode()
    for rejected in found.rejected:
        in_question = is_meant(rejected.identity.path, reader.target.edited_file)
        if in_question and _may_be_ours(rejected, name, folders):
            refusals.append(Refusal(rejected.identity.path, rejected.rule, rejected.told))
        else:
            message = f"not read, and not touched: {rejected.told}"
            findings.append(Finding("unreadable-neighbour", "warning", message, path=rejected.identity.path))
    for other in found.neighbours:
        message = f"{other.identity.label} in it is not loaded as it says: {other.told}"
        findings.append(Finding("unreadable-neighbour", "warning", message, path=other.identity.path))
    return findings


def _may_be_ours(rejected: Rejected, name: bytes, folders: set[str]) -> bool:
    if rejected.identity.factory_pid == CUSTOMIZER:
        return rejected.identity.folder in folders or not rejected.data
    if name in rejected.data or not rejected.data:
        return True
    # The name may be written with escapes that only a reader resolves.
    loads = forms.load_all(rejected.data, form=rejected.identity.form, filename=rejected.identity.path)
    found = [loaded.properties.get(p.NAME) for loaded in loads.values() if loaded.properties]
    return any(value is not None and value.text == name.decode() for value in found)


def _nothing_found(reader: Reader, found: Inventory, settings: Settings) -> Refusal:
    others = sorted(
        f"{c.key} ({c.document.text(p.NAME) or 'no name'})" for scope in found.scopes for c in scope.providers
    )
    seen = f" There are these providers: {', '.join(others[:10])}." if others else ""
    skipped = (
        f" Left alone: {'; '.join(f'{path}: {why}' for path, why in found.skipped[:5])}."
        if found.skipped
        else ""
    )
    wanted = settings.profile.provider_name
    if reader.target.edited_file is not None:
        message = f"neither the provider named {wanted} nor its customizer.{seen}{skipped}"
        return Refusal(reader.target.edited_file, "no-provider", message)
    message = (
        f"no provider named {wanted} in {reader.target.name}.{seen}{skipped} "
        "On an instance that never had one, plan --create FOLDER makes the pair"
    )
    return Refusal(reader.target.name, "no-provider", message)
