"""From the changes of a plan to what is to be done on the instance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grammar.pids import InstallerBuild
from grammar.values import Value
from migrate.integration import properties as p
from migrate.integration.settings import Settings
from migrate.plans import naming
from migrate.plans.folder_plan import ScopePlan
from migrate.plans.instance import standing
from migrate.plans.instance.standing import Running
from migrate.plans.instance.steps import Advice, Expected, InstancePlan, Orphan, Part
from migrate.plans.instance.view import View
from migrate.targets.changes import FileChange
from migrate.targets.instance.aem import cloud, keys
from migrate.targets.instance.files import Files
from migrate.targets.instance.work import NAMES
from migrate.targets.names import Identity, identify, identify_node, run_modes


def outline(
    view: View, settings: Settings, scopes: Sequence[ScopePlan], changes: Sequence[FileChange]
) -> InstancePlan:
    """What a plan means on its instance.

    Args:
        scopes: the folders' plans.
        changes: what becomes of each file.

    Raises:
        InstanceError: the instance cannot be used.
    """
    parts = tuple(_part(view, change) for change in changes)
    expected = tuple(_expected(view, parts))
    ours = settings.profile.provider_name
    orphans = tuple(_orphans(view, parts, expected, _kinds(scopes), ours))
    return InstancePlan(
        view.version,
        None if view.reader.closed is None else str(view.reader.closed),
        parts,
        tuple(_renames(view, changes)),
        expected,
        orphans,
        _token(view, settings, scopes) if changes else None,
        tuple(_advice(view, settings, scopes)),
        tuple(_stays(view, expected, orphans)),
    )


# --- the swap ------------------------------------------------------------------------------------------------------


def _part(view: View, change: FileChange) -> Part:
    if change.before is None:
        key = view.made_of.get(change.path)
        return Part(change, ran=view.fileless[key].document.source if key else None)
    filed = view.standing.filed.get(change.path)
    is_node = view.reader.is_node(change.path)
    if filed is None or filed.resource is None:
        return Part(change, is_node)
    pid = filed.live.pid if filed.live else None
    return Part(change, is_node, filed.state, filed.resource.entity, pid)


def _renames(view: View, changes: Sequence[FileChange]) -> Iterator[tuple[str, str]]:
    """Why an instance gets another N, by the new path; files of one instance have the reason of the first of them."""
    reasons: dict[tuple[str, str], str] = {}
    for key, choice in view.choices.items():
        identity = view.found.identities[key]
        if not choice.keeps:
            reasons.setdefault((identity.factory_pid, identity.name), choice.reason)
    old = {change.final_path: change.path for change in changes if change.moved_to is not None}
    old |= {path: key for key, path in view.made_of.items()}
    for new, key in old.items():
        known = view.found.identities.get(key)
        reason = reasons.get((known.factory_pid, known.name)) if known else None
        if reason is not None:
            yield new, reason


def _expected(view: View, parts: Sequence[Part]) -> Iterator[Expected]:
    """What must run afterwards, each once however many files may back it."""
    is_old = view.version is not None and InstallerBuild.of(view.version) is InstallerBuild.V1_0
    found: dict[tuple[str, str], list[tuple[str, tuple[tuple[str, Value], ...]]]] = {}
    names: dict[tuple[str, str], str | None] = {}
    for part in parts:
        identity = _identity(part)
        new = part.change.new
        if identity is None or new is None or not _is_active(view, part):
            continue
        instance = identity.factory_pid, identity.edited_name
        values = tuple((one.name, one.value) for one in new.properties)
        found.setdefault(instance, []).append((identity.path, values))
        names[instance] = new.text(NAMES[identity.factory_pid])
    for (factory, name), choices in found.items():
        pid = None if is_old else f"{factory}~{name}"
        yield Expected(pid, factory, names[factory, name], tuple(choices))


def _identity(part: Part) -> Identity | None:
    """What instance the new file stands for."""
    if part.new is None:
        return None
    return identify_node(part.new) if part.is_node and part.new == part.old else identify(part.new)


def _is_active(view: View, part: Part) -> bool:
    """Whether the installer looks at a file, as far as that can be told."""
    if view.console is None or part.state is not None:
        return True
    modes = view.console.versions.run_modes
    wanted = run_modes((part.new or part.old or "").rpartition("/")[0])
    return wanted is not None and (modes is None or set(wanted) <= modes) and part.change.before is None


# --- what stays behind ---------------------------------------------------------------------------------------------


def _kinds(scopes: Sequence[ScopePlan]) -> set[str | None]:
    """The types of the customizers that belong to the integration."""
    pairs = [scope.selection for scope in scopes if scope.selection is not None]
    return {pair.provider.document.text(p.REQUEST_CUSTOMIZER_TYPE) for pair in pairs} - {None}


def _orphans(
    view: View, parts: Sequence[Part], expected: Sequence[Expected], kinds: set[str | None], ours: str
) -> Iterator[Orphan]:
    """What runs on with old values, now or after the swap."""
    wanted = {one.pid for one in expected}
    swapped = {part.old: part for part in parts if part.old is not None}
    made = {running.live.pid for running in view.fileless.values()}
    for pid, running in sorted(view.standing.running.items()):
        is_ours = running.integration == ours if running.is_provider else running.integration in kinds
        if pid in wanted or not is_ours or not _is_replaced(view, running, expected):
            continue
        leaves = _left(view, running, swapped.get(running.path or ""))
        if leaves:
            yield Orphan(running, leaves, running.path is None and pid not in made)


def _left(view: View, running: Running, part: Part | None) -> str:
    """How long something runs on, with what becomes of its file; empty when it goes, or stays as it should."""
    if running.path is not None and (part is None or not part.takes_away or running.how == standing.BOGUS):
        return ""
    for key, choice in view.choices.items():
        identity = view.found.identities[key]
        if running.live.pid == f"{identity.factory_pid}.{identity.name}":
            return choice.leaves
    if part is not None:
        return naming.left_by_deletion(view.situation(view.standing.filed[part.change.path].identity))
    name = running.live.pid.removeprefix(running.factory_pid)[1:]
    has_tilde = f"{running.factory_pid}~{name}" in view.standing.running
    situation = naming.Situation(view.version, "-", name, None, runs_dot=True, runs_tilde=True)
    return naming.choose(situation).leaves if has_tilde else "ever"


def _is_replaced(view: View, running: Running, expected: Sequence[Expected]) -> bool:
    """Whether something of the same name runs, or will run, because of a file."""
    same = (one for one in expected if one.factory_pid == running.factory_pid)
    if any(one.name == running.integration for one in same):
        return True
    others = view.standing.of_integration(running.factory_pid, running.integration)
    return any(
        one.live.pid != running.live.pid and one.is_seen and one.how == standing.BACKED for one in others
    )


def _stays(view: View, expected: Sequence[Expected], orphans: Sequence[Orphan]) -> Iterator[Expected]:
    """What takes the place of orphans already, because of files that are left as they are."""
    covered = {(one.factory_pid, one.name) for one in expected}
    for running in (orphan.running for orphan in orphans):
        name = (running.factory_pid, running.integration)
        if name in covered:
            continue
        covered.add(name)
        for other in view.standing.of_integration(*name):
            path = other.path
            if (
                path is not None
                and path in view.standing.filed
                and other.how == standing.BACKED
                and other.is_seen
            ):
                values = tuple((one.name, one.value) for one in other.document.properties)
                yield Expected(other.live.pid, name[0], name[1], ((path, values),))


# --- what hides a mistake, and what is left for a person -------------------------------------------------------------


def _token(view: View, settings: Settings, scopes: Sequence[ScopePlan]) -> str | None:
    """The node with the service user's tokens, where the client id stays the same."""
    if not settings.profile.is_smart_tags or not _keeps_client(scopes):
        return None
    for user in keys.user_nodes(view.reader.session):
        if "oauth" in (view.reader.files.children(user) or {}):
            return f"{user}/oauth"
    return None


def _keeps_client(scopes: Sequence[ScopePlan]) -> bool:
    """Whether a provider is migrated whose client id stays as it is."""
    for scope in scopes:
        if scope.selection is None or not scope.edits:
            continue
        provider = scope.selection.provider
        after = scope.after.get(provider.key)
        if after is not None and after.document.text(p.CLIENT_ID) == provider.document.text(p.CLIENT_ID):
            return True
    return False


def _advice(view: View, settings: Settings, scopes: Sequence[ScopePlan]) -> Iterator[Advice]:
    if view.console is None:
        message = "whether old instances run on cannot be seen, since the web console is closed to this user"
        fix = (
            "Let somebody who may delete there, of both factories, what has the integration's name and old values, "
            "once another instance has the name"
        )
        yield Advice("console-steps", message, fix)
    if settings.profile.is_smart_tags:
        yield from _cloud_services(view.reader.files, settings)


def _cloud_services(files: Files, settings: Settings) -> Iterator[Advice]:
    """The legacy cloud service pages whose API key is not the client id."""
    for page in cloud.read(files):
        if page.api_key in ("", settings.client_id):
            continue
        message = (
            f"the cloud service {page.path} has another API key than the client id: saving it can write "
            "the old values back"
        )
        yield Advice("cloud-service-old", message, "Bring its API key and secret up to date in AEM")
