"""Which file backs what runs on an instance, and what runs without one. A pure reading of both sides.

Neither a PID nor an entity's name tells it alone: each start renames the entity of an untouched console-made file, an
edit of such a file before 1.4.6 makes a second, bogus factory of it, and from 1.4.6 on a file may be counted under one
PID while another one runs with its values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from grammar import forms, patterns
from grammar.config.writer import write_config
from grammar.documents import Document
from grammar.errors import ParseError
from grammar.pids import InstallerBuild
from grammar.values import Value
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.targets.instance.installer import IGNORED, INSTALLED, Index, Resource
from migrate.targets.instance.live import Live
from migrate.targets.instance.work import NAMES
from migrate.targets.names import Identity

BACKED, ADOPTED, ORPHAN, BOGUS, NO_FILE = "backed", "adopted", "orphan", "bogus", "no file"
"""How a configuration runs: as its file says; in the place of what its file means, until the next restart; after its
file went, beside one that replaces it; under a factory that there is not; without any file."""
_BOGUS = patterns.lazy(r"\.[0-9a-f]{8}(?:~|$)")


class Filed(NamedTuple):
    """A file, with what the installer and ConfigAdmin make of it.

    Attributes:
        identity: what its path says.
        document: its values; None for a file that AEM's readers do not read alike.
        resource: the installer's; None where it does not know the file.
        live: what runs because of it.
        how: BACKED, ADOPTED or BOGUS; empty where nothing runs because of it.
    """

    identity: Identity
    document: Document | None
    resource: Resource | None
    live: Live | None = None
    how: str = ""

    @property
    def state(self) -> str | None:
        return self.resource.state if self.resource else None

    @property
    def counts(self) -> bool:
        """Whether it is the one that the installer counts of its entity."""
        return self.resource is not None and self.resource.is_first and self.state in (INSTALLED, IGNORED)

    def differences(self) -> tuple[str, ...]:
        """The properties that run otherwise than the file says, as far as can be told."""
        if self.live is None or self.document is None:
            return ()
        values = {one.name: one.value for one in self.document.properties}
        names = sorted({*values, *self.live.names})
        return tuple(name for name in names if self.live.agrees(name, values.get(name)) is False)


class Running(NamedTuple):
    """What runs of one of the two factories.

    Attributes:
        live: it.
        factory_pid: the factory whose it is, or whose it was to be.
        how: BACKED, ADOPTED, ORPHAN, BOGUS or NO_FILE.
        path: the file that it runs because of; None without one.
        document: its values, as far as the console tells them.
    """

    live: Live
    factory_pid: str
    how: str
    path: str | None
    document: Document

    @property
    def integration(self) -> str | None:
        """The provider's name, or the customizer's type."""
        return self.live.text(NAMES[self.factory_pid])

    @property
    def is_provider(self) -> bool:
        return self.factory_pid == PROVIDER

    @property
    def is_seen(self) -> bool:
        """Whether AEM has it for an instance of the factory."""
        return self.live.factory_pid == self.factory_pid


@dataclass(frozen=True, slots=True)
class Standing:
    """Both sides of an instance.

    Attributes:
        filed: the files, by key.
        running: what runs, by PID.
    """

    filed: Mapping[str, Filed] = field(default_factory=dict)
    running: Mapping[str, Running] = field(default_factory=dict)

    def of_integration(self, factory_pid: str, name: str | None) -> list[Running]:
        """What runs of a factory with a name or type."""
        found = self.running.values()
        return [one for one in found if one.factory_pid == factory_pid and one.integration == name]


def stand(
    files: Iterable[tuple[Identity, Document | None]],
    index: Index,
    live: Iterable[Live],
    version: str | None,
) -> Standing:
    """Tie files to what runs.

    Args:
        files: those of both factories.
        index: the installer's.
        live: what runs of both factories, and what only looks like it.
        version: of factory configuration; None where it is not known.
    """
    runs = {one.pid: one for one in live}
    filed = {identity.key: _filed(identity, document, index, runs, version) for identity, document in files}
    # The dotted file of what was adopted may still be there and be counted; the next restart ends it all the same.
    claims = sorted(filed.values(), key=lambda one: one.how == ADOPTED)
    backing = {one.live.pid: one for one in claims if one.live is not None}
    first = {pid: _running(one, backing.get(pid), index) for pid, one in runs.items()}
    running = {pid: _without_file(one, first.values()) for pid, one in first.items() if one is not None}
    return Standing(filed, running)


def _filed(
    identity: Identity,
    document: Document | None,
    index: Index,
    runs: Mapping[str, Live],
    version: str | None,
) -> Filed:
    alone = Filed(identity, document, index.at(f"/{identity.path}"))
    if alone.resource is None or not alone.counts:
        return alone
    entity = alone.resource.entity
    dotted, tilde = f"{identity.factory_pid}.{identity.name}", f"{identity.factory_pid}~{identity.name}"
    if entity in runs:
        how = BACKED if _is_of(runs[entity], identity) else BOGUS
        return alone._replace(live=runs[entity], how=how)
    pid = dotted if identity.separator == "." else tilde
    if pid in runs:
        # Renamed by a start; the PID stays.
        return alone._replace(live=runs[pid], how=BACKED)
    if identity.separator != "." and dotted in runs and _adopts(version):
        return alone._replace(live=runs[dotted], how=ADOPTED)
    return alone


def _is_of(live: Live, identity: Identity) -> bool:
    """Whether it is an instance of the file's factory; or a singleton, as a name of digits means one."""
    return live.factory_pid in (identity.factory_pid, None)


def _adopts(version: str | None) -> bool:
    return version is None or InstallerBuild.of(version) is InstallerBuild.V1_4_6


def _running(live: Live, filed: Filed | None, index: Index) -> Running | None:
    """What runs, and as what; None for what belongs to neither factory."""
    factory = next((one for one in (PROVIDER, CUSTOMIZER) if _belongs(live, one)), None)
    if factory is None:
        return None
    how = filed.how if filed else NO_FILE
    if live.factory_pid is not None and live.factory_pid != factory:
        how = BOGUS
    path = filed.identity.path if filed else None
    elsewhere = next((one for one in index.of_entity(live.pid) if one.path is None and one.is_first), None)
    if filed is None and how == NO_FILE and elsewhere is not None:
        # On the disk of the instance, for one.
        how, path = BACKED, elsewhere.url
    return Running(live, factory, how, path, document_of(live))


def _belongs(live: Live, factory: str) -> bool:
    if live.factory_pid is not None:
        rest = live.factory_pid.removeprefix(factory)
        return not rest or (rest != live.factory_pid and bool(_BOGUS.match(rest)))
    return live.pid.startswith((f"{factory}.", f"{factory}~", f"{factory}-"))


def _without_file(one: Running, others: Iterable[Running | None]) -> Running:
    """What runs without a file, beside one of the same name that has a file, is an orphan."""
    if one.how != NO_FILE:
        return one
    replaced = any(
        other is not None
        and other.how in (BACKED, ADOPTED)
        and other.is_seen
        and other.factory_pid == one.factory_pid
        and other.integration == one.integration
        for other in others
    )
    return one._replace(how=ORPHAN) if replaced else one


def document_of(live: Live) -> Document:
    """What runs as a document, to ask it what files are asked: of what the console does not show, nothing."""
    values = {name: Value.string(text) for name, text in live.texts.items()} | dict(live.values)
    try:
        return forms.parse(write_config(values))
    except ParseError:
        # A name that no file can hold.
        return forms.parse(b"")
