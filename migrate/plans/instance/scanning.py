"""What `scan` says of an instance beyond its files: what the installer makes of each, what runs, versions, rights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from migrate.integration.findings import Finding
from migrate.integration.progress import state_of
from migrate.integration.settings import Settings
from migrate.plans.instance import observations
from migrate.plans.instance.standing import Running
from migrate.plans.instance.view import View
from migrate.targets.instance.rights import Rights
from migrate.targets.instance.versions import Way, way


class FileState(NamedTuple):
    """What an instance makes of a file.

    Attributes:
        state: of the file in the installer; None where that does not know it.
        entity: the configuration that it stands for, by the installer's own name.
        pid: what runs because of it.
        how: ``backed``, ``adopted`` or ``bogus``; empty where nothing runs because of it.
        differs: the properties that run otherwise than the file says.
        is_node: whether it is a sling:OsgiConfig node.
        is_seen: whether AEM takes what runs for an instance of the factory.
    """

    state: str | None
    entity: str | None
    pid: str | None
    how: str
    differs: tuple[str, ...]
    is_node: bool
    is_seen: bool = False

    def to_json(self) -> dict[str, object]:
        return {
            "state": self.state,
            "entity": self.entity,
            "pid": self.pid,
            "standing": self.how or None,
            "differs": list(self.differs),
            "node": self.is_node,
            "seen": self.is_seen,
        }


class InstanceScan(NamedTuple):
    """What runs on an instance, and what it runs on.

    Attributes:
        product: AEM's version; None where the instance does not tell.
        way: Adobe's way for it.
        bundles: versions by symbolic name, of those that matter.
        run_modes: the active ones; None where the instance does not tell.
        closed: why the web console tells us nothing; None when it does.
        is_searched: whether the folders of inactive run modes were searched everywhere.
        running: what runs of both factories, in the order of their PIDs.
        states: how far each provider of the integration that runs has come, by PID.
        rights: what the user may not do, by folder.
    """

    product: str | None
    way: Way
    bundles: Mapping[str, str]
    run_modes: tuple[str, ...] | None
    closed: str | None
    is_searched: bool
    running: tuple[Running, ...]
    states: Mapping[str, str]
    rights: tuple[Rights, ...]

    def to_json(self) -> dict[str, object]:
        """As docs/schema/scan.schema.json has it."""
        return {
            "product": self.product,
            "way": {"id": self.way.id, "message": self.way.message},
            "bundles": dict(self.bundles),
            "runModes": None if self.run_modes is None else list(self.run_modes),
            "console": "open" if self.closed is None else "closed",
            "searched": self.is_searched,
            "running": [self._running_json(one) for one in self.running],
            "rights": [
                {"folder": one.folder, "missing": None if one.missing is None else list(one.missing)}
                for one in self.rights
            ],
        }

    def _running_json(self, running: Running) -> dict[str, object]:
        return {
            "pid": running.live.pid,
            "factoryPid": running.live.factory_pid,
            "kind": "provider" if running.is_provider else "customizer",
            "integration": running.integration,
            "state": self.states.get(running.live.pid),
            "standing": running.how,
            "path": running.path,
            "seen": running.is_seen,
        }


def scanned(view: View, folders: Sequence[str], settings: Settings) -> tuple[InstanceScan, list[Finding]]:
    """What an instance says, and what is worth saying about it.

    Args:
        folders: those that have something of ours.

    Raises:
        InstanceError: the instance cannot be used.
    """
    rights = view.reader.rights([*folders, observations.VAR] if folders else [])
    versions = view.console.versions if view.console else None
    running = tuple(one for _, one in sorted(view.standing.running.items()))
    found = InstanceScan(
        versions.product if versions else None,
        way(versions.product if versions else None),
        versions.bundles if versions else {},
        None if versions is None or versions.run_modes is None else tuple(sorted(versions.run_modes)),
        None if view.reader.closed is None else str(view.reader.closed),
        view.reader.searched,
        running,
        dict(_states(running, settings)),
        tuple(rights),
    )
    findings = [*observations.findings(view, settings), *observations.of_rights(view, rights)]
    return found, findings


def _states(running: Sequence[Running], settings: Settings) -> Iterator[tuple[str, str]]:
    for one in running:
        if one.is_provider and one.integration == settings.profile.provider_name:
            yield one.live.pid, state_of(one.document).value


def file_state(view: View, key: str) -> FileState:
    """What the instance makes of a file."""
    filed, path = view.standing.filed.get(key), key
    is_node = view.reader.is_node(path)
    if filed is None or filed.resource is None:
        return FileState(None, None, None, "", (), is_node)
    pid = filed.live.pid if filed.live else None
    is_seen = filed.live is not None and filed.live.factory_pid == filed.identity.factory_pid
    return FileState(
        filed.state, filed.resource.entity, pid, filed.how, filed.differences(), is_node, is_seen
    )
