"""An instance as a plan sees it: its files beside what runs, the names that are safe, whose values count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from grammar.documents import Document
from grammar.pids import InstallerBuild
from grammar.values import Value
from migrate.integration import properties as p
from migrate.integration.configuration import Configuration, Scope
from migrate.integration.edits import Create, Edit, Refusal, RemoveProperty, SetProperty, edited
from migrate.integration.findings import Finding
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.integration.selection import Selection, select
from migrate.integration.settings import Settings
from migrate.passes import guard
from migrate.plans import naming
from migrate.plans.folder_plan import ScopePlan
from migrate.plans.instance import standing
from migrate.plans.instance.standing import Running, Standing
from migrate.plans.inventory import Inventory
from migrate.plans.naming import Choice, Situation
from migrate.targets.changes import FileChange
from migrate.targets.instance import installer
from migrate.targets.instance.reader import NEW_CONFIGURATIONS, Console, InstanceReader
from migrate.targets.instance.work import NAMES
from migrate.targets.names import Identity, identify

MADE_BY = "instance"
"""How a plan calls the edits that no pass made."""


def look(reader: InstanceReader, found: Inventory) -> View:
    """Look at both sides of an instance.

    Args:
        found: its files.

    Raises:
        InstanceError: the instance cannot be used.
    """
    console = reader.console()
    if console is None:
        return View(reader, found, None, Standing())
    files: list[tuple[Identity, Document | None]] = [
        (found.identities[one.key], one.document) for scope in found.scopes for one in scope.configurations
    ]
    files += [(rejected.identity, None) for rejected in found.rejected]
    files += [(identity, None) for path, _ in found.skipped if (identity := identify(path)) is not None]
    version = console.versions.factory_configuration
    return View(reader, found, console, standing.stand(files, console.index, console.live, version))


@dataclass(slots=True)
class View:
    """What a plan needs to know of an instance.

    Attributes:
        reader: the instance.
        found: its files.
        console: what its console tells; None when it is closed.
        standing: which file backs what runs.
        choices: which names are safe, by the keys of the configurations that are migrated.
        fileless: the keys of configurations that run without a file, and get one.
        made_of: those keys by the paths of the files that they get.
    """

    reader: InstanceReader
    found: Inventory
    console: Console | None
    standing: Standing
    choices: dict[str, Choice] = field(default_factory=dict)
    fileless: dict[str, Running] = field(default_factory=dict)
    made_of: dict[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str | None:
        """Of factory configuration."""
        return self.console.versions.factory_configuration if self.console else None

    # --- before the folders are planned ----------------------------------------------------------------------

    def settings(self, settings: Settings) -> Settings:
        """The settings with what the instance itself decides: the build, and the names."""
        if self.version is not None:
            settings = settings._replace(installer=InstallerBuild.of(self.version))
        self._add_fileless(settings)
        groups: dict[tuple[str, str], list[Configuration]] = {}
        for configuration in self._ours(settings):
            groups.setdefault((configuration.factory_pid, configuration.name), []).append(configuration)
        taken = self._taken()
        new_name = naming.fresh(settings.profile.provider_name, taken)
        names: dict[str, str] = {}
        for members in groups.values():
            choices = {one.key: self._choose(one) for one in members}
            self.choices |= choices
            unsafe = [one for one in choices.values() if not one.keeps]
            if unsafe:
                # Files of one instance in several folders keep being one.
                names |= dict.fromkeys(choices, new_name)
        return settings._replace(names=names)

    def prepared(self, scope: Scope, settings: Settings) -> Scope:
        """A folder as it is to be planned: with the values that run, where those are to count."""
        if settings.values != "live":
            return scope
        return scope._replace(
            configurations=tuple(
                one.with_document(edited(one.document, self._live_edits(one))) for one in scope.configurations
            )
        )

    def finished(self, plan: ScopePlan, scope: Scope, settings: Settings) -> ScopePlan:
        """A folder's plan with the folder as it stands; refused where it is not clear whose values count."""
        plan = plan._replace(before=scope)
        if plan.refusals or plan.selection is None:
            return plan
        pair = [one for one in (plan.selection.provider, plan.selection.customizer) if one is not None]
        pair = [one for one in scope.configurations if one.key in {c.key for c in pair}]
        if settings.values == "live":
            edits = [edit for one in pair for edit in self._live_edits(one)]
            set_again = {(edit.key, getattr(edit, "name", "")) for edit in plan.edits}
            kept = [edit for edit in edits if (edit.key, getattr(edit, "name", "")) not in set_again]
            return plan._replace(edits=(*kept, *plan.edits))
        if settings.values == "file":
            return plan
        refusal = next((r for one in pair if (r := self._unclear(one, plan))), None)
        if refusal is None:
            return plan
        unchanged = {c.key: c for c in scope.configurations}
        return ScopePlan(scope, unchanged, (), (refusal,), plan.selection)

    def together(self, scopes: Sequence[ScopePlan]) -> list[ScopePlan]:
        """The plans of all folders: the files of one instance are swapped all, or none, in whatever folders."""
        refused = {one for plan in scopes if plan.refusals for one in _instances(plan)}
        kept = []
        for plan in scopes:
            shared = sorted(_instances(plan) & refused)
            if shared and not plan.refusals:
                name = ".".join(shared[0])
                message = f"{name} stands in another folder, too, and is refused there: it is swapped in all or in none"
                unchanged = {c.key: c for c in plan.before.configurations}
                refusal = Refusal(plan.before.folder, "twin-refused", message)
                plan = ScopePlan(plan.before, unchanged, (), (refusal,), plan.selection)
            kept.append(plan)
        return kept

    def _ours(self, settings: Settings) -> Iterator[Configuration]:
        """The pairs that are migrated, of every folder."""
        for scope in self.found.scopes:
            chosen = select(scope, settings)
            if isinstance(chosen, Selection):
                yield chosen.provider
                if chosen.customizer is not None:
                    yield chosen.customizer

    def _choose(self, configuration: Configuration) -> Choice:
        return naming.choose(self.situation(self.found.identities[configuration.key]))

    def situation(self, of: Identity) -> Situation:
        """Everything that decides about the name of a file."""
        filed = self.standing.filed.get(of.key)
        beside = (
            other
            for key, other in self.found.identities.items()
            if key != of.key and (other.factory_pid, other.name) == (of.factory_pid, of.name)
        )
        return Situation(
            self.version,
            "" if of.key in self.fileless else of.separator,
            of.name,
            filed.state if filed and (filed.counts or filed.state is None) else installer.WAITING,
            self.console is not None,
            any(other.separator != "." for other in beside),
            f"{of.factory_pid}.{of.name}" in self.standing.running,
            f"{of.factory_pid}~{of.name}" in self.standing.running
            # Under its own name, which has half of a doubled ending.
            or (of.separator != "." and filed is not None and filed.how == standing.BACKED),
        )

    def _taken(self) -> set[str]:
        """Every N that a file or something that runs has."""
        names = {identity.name for identity in self.found.identities.values()}
        names |= {rejected.identity.name for rejected in self.found.rejected}
        for pid, running in self.standing.running.items():
            names.add(pid.removeprefix(running.factory_pid)[1:])
        return names

    # --- what runs without a file ----------------------------------------------------------------------------

    def _add_fileless(self, settings: Settings) -> None:
        """Let what runs of the integration without any file be planned as if it had one, where such files go."""
        ours = settings.profile.provider_name
        providers = self._alone(PROVIDER, ours)
        kinds = {one.document.text(p.REQUEST_CUSTOMIZER_TYPE) for one in providers}
        for scope in self.found.scopes:
            kinds |= {
                one.document.text(p.REQUEST_CUSTOMIZER_TYPE)
                for one in scope.providers
                if one.document.text(p.NAME) == ours
            }
        customizers = [
            one for kind in sorted(kinds - {None}, key=str) for one in self._alone(CUSTOMIZER, kind)
        ]
        for running in (*providers, *customizers):
            self._add(running)

    def _alone(self, factory_pid: str, name: str | None) -> list[Running]:
        """What runs of a name that no file of the repository has."""
        has_file = any(
            one.factory_pid == factory_pid and one.document.text(NAMES[factory_pid]) == name
            for scope in self.found.scopes
            for one in scope.configurations
        )
        if has_file:
            return []
        running = self.standing.of_integration(factory_pid, name)
        return [one for one in running if one.how == standing.NO_FILE and one.is_seen]

    def _add(self, running: Running) -> None:
        label = f"{running.live.pid}.config"
        key = f"{NEW_CONFIGURATIONS}/{label}"
        identity = identify(key)
        if identity is None or key in self.found.identities:
            return
        self.fileless[key] = running
        self.found.identities[key] = identity
        self.found.sources[key] = b""
        configuration = Configuration(
            key, label, identity.factory_pid, identity.separator, identity.name, running.document, label
        )
        for number, scope in enumerate(self.found.scopes):
            if scope.folder == NEW_CONFIGURATIONS:
                both = sorted((*scope.configurations, configuration), key=lambda one: one.label)
                self.found.scopes[number] = scope._replace(configurations=tuple(both))
                return
        taken = self.reader.listing(NEW_CONFIGURATIONS)
        self.found.scopes.append(Scope(NEW_CONFIGURATIONS, (configuration,), taken))

    def made(self, changes: Iterable[FileChange]) -> list[FileChange]:
        """The changes, those of what has no file yet as files that are made."""
        changes = list(changes)
        self.made_of = {change.final_path: change.path for change in changes if change.path in self.fileless}
        return [
            FileChange(change.final_path, None, change.after, new=change.new)
            if change.path in self.fileless
            else change
            for change in changes
        ]

    def shown(self, edits: Iterable[Edit], changes: Sequence[FileChange]) -> list[Edit]:
        """The edits, those of what has no file yet as the creation of one."""
        kept = [edit for edit in edits if edit.key not in self.fileless]
        for change in changes:
            if change.path in self.fileless and change.new is not None:
                path, new = change.final_path, change.new
                values = tuple((one.name, guard(one.name, one.value)) for one in new.properties)
                kept.append(Create(path, MADE_BY, path.rpartition("/")[2], values))
        return kept

    def placed(self, findings: Iterable[Finding], changes: Sequence[FileChange]) -> list[Finding]:
        """The findings, those of what has no file yet on the file that is made."""
        paths = {change.path: change.final_path for change in changes if change.path in self.fileless}
        return [one._replace(path=paths.get(one.path or "", one.path)) for one in findings]

    # --- whose values count ----------------------------------------------------------------------------------

    def _unclear(self, configuration: Configuration, plan: ScopePlan) -> Refusal | None:
        """A file whose values are not those that run, in properties that the migration leaves as they are."""
        filed = self.standing.filed.get(configuration.key)
        if filed is None or filed.how != standing.BACKED:
            return None
        set_now = {
            edit.name
            for edit in plan.edits
            if isinstance(edit, SetProperty) and edit.key == configuration.key
        }
        differ = [name for name in filed.differences() if name not in set_now]
        if not differ:
            return None
        newer = ": somebody changed it in the console" if filed.state == installer.IGNORED else ""
        message = (
            f"what runs is not what the file says ({', '.join(differ)}){newer}. "
            "Say whose values count with --values live or --values file"
        )
        return Refusal(configuration.key, "live-differs", message)

    def _live_edits(self, configuration: Configuration) -> list[Edit]:
        """What makes a file say what runs, as far as the console tells it; what it does not show stays."""
        filed = self.standing.filed.get(configuration.key)
        if filed is None or filed.live is None or filed.how != standing.BACKED:
            return []
        edits: list[Edit] = []
        for name in filed.differences():
            runs = filed.live.values.get(name)
            if runs is None and name in filed.live.texts:
                runs = Value.string(filed.live.texts[name])
            current = configuration.document.get(name)
            before = None if current is None else guard(name, current.value)
            if runs is None:
                if before is not None and name not in filed.live.names:
                    edits.append(RemoveProperty(configuration.key, MADE_BY, name, before))
                continue
            after = _shaped(runs, None if current is None else current.value)
            edits.append(SetProperty(configuration.key, MADE_BY, name, before, guard(name, after)))
        return edits


def _instances(plan: ScopePlan) -> set[tuple[str, str]]:
    """The instances of the integration that stand in a folder, by factory and N."""
    pair = plan.selection
    chosen = (
        [one for one in (pair.provider, pair.customizer) if one is not None]
        if pair
        else plan.before.providers
    )
    return {(one.factory_pid, one.name) for one in chosen}


def _shaped(runs: Value, current: Value | None) -> Value:
    """A value that runs, as the collection that the file has: the console tells arrays and collections alike."""
    if current is not None and current.shape is not runs.shape and len(runs.items) != 1:
        return runs._replace(shape=current.shape)
    return runs
