"""The inventory of a target: every provider and customizer, how far it has come, and what it lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from grammar.placeholders import is_placeholder
from migrate.integration import properties as p
from migrate.integration.configuration import Configuration, Scope, is_meant
from migrate.integration.edits import Refusal
from migrate.integration.findings import WARNING, Finding
from migrate.integration.profile import PROVIDER
from migrate.integration.progress import state_of
from migrate.integration.selection import Selection, select
from migrate.integration.settings import Settings
from migrate.masking.names import is_protected
from migrate.passes import registered
from migrate.plans import inventory
from migrate.plans.checks import target as target_checks
from migrate.plans.folder_plan import ScopePlan
from migrate.plans.sides import view_of
from migrate.targets.base import Reader, Target
from migrate.targets.names import run_modes
from migrate.workers import SERIAL, Workers

if TYPE_CHECKING:
    from datetime import date

    from migrate.plans.instance.scanning import FileState, InstanceScan
    from migrate.plans.inventory import Rejected


class Row(NamedTuple):
    """One configuration of the inventory.

    Attributes:
        path: the file, relative to the target.
        folder: its folder.
        label: the part of its path that carries the name.
        kind: ``"provider"`` or ``"customizer"``.
        form: ``"config"``, ``"cfg.json"`` or ``"xml"``.
        run_modes: of the folder; None when the folder is none of configurations.
        integration: the provider's ``name``, or the customizer's ``customizer.type``.
        state: ``jwt``, ``oauth``, ``mixed``, ``stale``, ``other integration`` or ``unreadable``.
        missing: what keeps it from being migrated: properties that are not as desired, or the dotted name.
        secret: for customizers: ``none``, ``clear``, ``protected`` or ``placeholder``.
        file: what a running instance makes of it; None for any other target.
        flow: of every provider, whatever its integration, by its values: ``jwt``, ``oauth`` or ``mixed``; of a
            customizer, that of the provider that uses it; None where that is not known.
        problem: why it cannot be read, with line and column; empty for one that was.
    """

    path: str
    folder: str
    label: str
    kind: str
    form: str
    run_modes: tuple[str, ...] | None
    integration: str | None
    state: str
    missing: tuple[str, ...] = ()
    secret: str | None = None
    file: FileState | None = None
    flow: str | None = None
    problem: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether it is one of the integration's, as far as it could be read."""
        return self.state not in (OTHER, UNREADABLE)


OTHER = "other integration"
UNREADABLE = "unreadable"
OTHER_JWT = "other-jwt"
NO_PROVIDER = "no-provider"
WORDS = frozenset({"jwt", "mixed", "stale", "oauth", UNREADABLE, OTHER_JWT, NO_PROVIDER})
"""What `--fail-on` may name."""


class Scan(NamedTuple):
    """The inventory of one target; of a running instance with what runs there."""

    target: Target
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    instance: InstanceScan | None = None

    @property
    def name(self) -> str:
        return self.target.name

    @property
    def words(self) -> frozenset[str]:
        """What can be said of it in one word of `WORDS` each."""
        found = {row.state for row in self.rows if row.state in WORDS}
        found |= {OTHER_JWT for row in self.rows if row.state == OTHER and row.flow in ("jwt", "mixed")}
        return frozenset(found if self.has_provider else {*found, NO_PROVIDER})

    @property
    def is_whole(self) -> bool:
        """Whether everything could be read."""
        return all(row.state != UNREADABLE for row in self.rows) and all(
            finding.id not in target_checks.NOT_WHOLE for finding in self.findings
        )

    @property
    def has_provider(self) -> bool:
        """Whether a provider of the integration stands there."""
        return any(row.is_ours and row.kind == "provider" for row in self.rows)


def scan_target(
    reader: Reader, settings: Settings, today: date | None = None, workers: Workers = SERIAL
) -> Scan:
    """Take the inventory of a target; reads only.

    Args:
        today: to say what is left of the JWT credentials' time; not said without it.
        workers: who does what takes long.
    """
    found = inventory.take(reader, workers)
    rows = [_rejected_row(reader, rejected) for rejected in found.rejected]
    plans = []
    findings = []
    for scope in found.scopes:
        chosen = select(scope, settings, reader.target.edited_file)
        if isinstance(chosen, Refusal):
            findings.append(Finding(chosen.rule, WARNING, chosen.message, path=chosen.key or "."))
        selection = chosen if isinstance(chosen, Selection) else None
        hidden = [one for one in found.rejected if _is_provider_of(one, scope)]
        rows += [_row(reader, c, scope, selection, settings, hidden) for c in scope.configurations]
        if chosen is not None:
            plans.append(ScopePlan(scope, {}, (), (), selection))
    in_folders = workers.each(lambda plan: list(target_checks.of_folder(reader, plan, settings)), plans)
    findings += target_checks.findings(reader, found, plans, settings, in_folders)
    if today is not None and any(row.state in ("jwt", "mixed") for row in rows):
        findings.append(_deadline(today))
    instance = None
    if (view := view_of(reader, found)) is not None:
        from migrate.plans.instance import scanning

        rows = [row._replace(file=scanning.file_state(view, row.path)) for row in rows]
        instance, more = scanning.scanned(view, sorted({row.folder for row in rows}), settings)
        findings += more
    only = reader.target.edited_file
    shown = [row._replace(path=reader.target.shown(row.path)) for row in rows if is_meant(row.path, only)]
    return Scan(
        reader.target,
        tuple(sorted(shown, key=_place)),
        target_checks.of_target(reader, findings),
        instance,
    )


def _place(row: Row) -> tuple[str, ...]:
    """Folder by folder: `config` stands before `config.author`, though "/" comes after "." among characters."""
    return tuple(row.path.split("/"))


def _deadline(today: date) -> Finding:
    from migrate.integration import deadlines

    fix = "slingshift plan shows the way; check-token --certificate FILE says when a certificate ends"
    return Finding("jwt-deadline", WARNING, deadlines.verdict(None, today), fix)


def target_json(found: Scan) -> dict[str, object]:
    """The inventory of one target in the shape of docs/schema/scan.schema.json."""
    return {
        "target": found.name,
        "configurations": [_row_json(row) for row in found.rows],
        "findings": [finding.to_json() for finding in found.findings],
        **({"instance": found.instance.to_json()} if found.instance is not None else {}),
        "hasProvider": found.has_provider,
    }


def counts(scans: Sequence[Scan]) -> dict[str, int]:
    """How many configurations are in each state; those of other integrations by their flow, too."""
    found = Counter(row.state for scan in scans for row in scan.rows if row.state != OTHER)
    found.update(f"other {row.flow or 'unused'}" for scan in scans for row in scan.rows if row.state == OTHER)
    return dict(sorted(found.items()))


def _row_json(row: Row) -> dict[str, object]:
    return {
        "path": row.path,
        "folder": row.folder,
        "kind": row.kind,
        "format": row.form,
        "runModes": None if row.run_modes is None else list(row.run_modes),
        "integration": row.integration,
        "state": row.state,
        "missing": list(row.missing),
        "secret": row.secret,
        "flow": row.flow,
        "problem": row.problem or None,
        **({"instance": row.file.to_json()} if row.file is not None else {}),
    }


def _rejected_row(reader: Reader, rejected: Rejected) -> Row:
    identity = rejected.identity
    kind = "provider" if identity.factory_pid == PROVIDER else "customizer"
    modes = _run_modes(reader, identity.folder)
    missing = (rejected.rule,)
    return Row(
        identity.path,
        identity.folder,
        identity.label,
        kind,
        identity.form,
        modes,
        None,
        UNREADABLE,
        missing,
        problem=rejected.told,
    )


def _run_modes(reader: Reader, folder: str) -> tuple[str, ...] | None:
    """The run modes of a folder; the target itself may be one."""
    return run_modes(reader.location(folder).rstrip("/"))


def _row(
    reader: Reader,
    configuration: Configuration,
    scope: Scope,
    selection: Selection | None,
    settings: Settings,
    hidden: Sequence[Rejected],
) -> Row:
    document = configuration.document
    kind = "provider" if configuration.is_provider else "customizer"
    name = document.text(p.NAME if configuration.is_provider else p.CUSTOMIZER_TYPE)
    state = _state(configuration, scope, selection, settings)
    flow = _flow(configuration, scope)
    missing = _missing(configuration, settings) if state in ("jwt", "mixed", "oauth") else ()
    problem = ""
    if hidden and state == OTHER and configuration.is_customizer and flow is None:
        # It may well be the integration's: its provider is the one that cannot be read.
        state, missing = UNREADABLE, ("provider-unreadable",)
        place = reader.target.shown(hidden[0].identity.path)
        problem = f"{place} cannot be read, so nobody knows which provider this belongs to"
    return Row(
        configuration.key,
        scope.folder,
        configuration.label,
        kind,
        document.form,
        _run_modes(reader, scope.folder),
        name,
        state,
        missing,
        _secret(configuration) if configuration.is_customizer else None,
        flow=flow,
        problem=problem,
    )


def _is_provider_of(rejected: Rejected, scope: Scope) -> bool:
    """Whether a file that cannot be read is a provider of a folder."""
    return rejected.identity.factory_pid == PROVIDER and rejected.identity.folder == scope.folder


def _flow(configuration: Configuration, scope: Scope) -> str | None:
    """By the values of the provider, the integration's or another's."""
    if configuration.is_provider:
        return state_of(configuration.document).value
    kind = configuration.document.text(p.CUSTOMIZER_TYPE)
    users = (c for c in scope.providers if kind and c.document.text(p.REQUEST_CUSTOMIZER_TYPE) == kind)
    return next((state_of(user.document).value for user in users), None)


def _state(
    configuration: Configuration, scope: Scope, selection: Selection | None, settings: Settings
) -> str:
    """Providers by their values; a customizer is as far as the provider that uses it."""
    if selection is not None and any(configuration is stale for stale in selection.stale):
        return "stale"
    ours = settings.profile.provider_name
    if configuration.is_provider:
        is_ours = configuration.document.text(p.NAME) == ours
        return state_of(configuration.document).value if is_ours else OTHER
    kind = configuration.document.text(p.CUSTOMIZER_TYPE)
    users = [c for c in scope.providers if c.document.text(p.REQUEST_CUSTOMIZER_TYPE) == kind]
    mine = [c for c in users if c.document.text(p.NAME) == ours]
    if not mine:
        return OTHER
    if selection is not None and configuration is selection.customizer:
        return state_of(selection.provider.document).value
    return state_of(mine[0].document).value


def _missing(configuration: Configuration, settings: Settings) -> tuple[str, ...]:
    document = configuration.document
    found = []
    for one in registered().values():
        for name, value in one.desired(configuration.factory_pid, document, settings):
            current = document.get(name)
            if current is None or (value is not None and current.value != value):
                found.append(name)
    if configuration.is_provider and p.REQUEST_CUSTOMIZER_TYPE not in document:
        found.append(p.REQUEST_CUSTOMIZER_TYPE)
    if configuration.separator == ".":
        found.append("name with -")
    return tuple(dict.fromkeys(found))


def _secret(configuration: Configuration) -> str:
    text = configuration.document.text(p.CLIENT_SECRET)
    if not text:
        return "none"
    if is_protected(text):
        return "protected"
    return "placeholder" if is_placeholder(text) else "clear"
