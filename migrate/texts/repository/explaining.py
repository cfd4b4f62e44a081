"""Which file AEM takes for each PID: the files of some targets, what each says, and what `plans.precedence` decides."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from grammar import forms
from grammar.documents import Loaded
from grammar.errors import ParseError
from grammar.pids import InstallerBuild, Pid
from grammar.platforms import DEFAULT, Platform
from grammar.values import Value
from migrate.masking.texts import may_hold_secret
from migrate.plans.precedence import Decision, Resource, decide, settings_of
from migrate.targets.nodes import is_watched_folder
from migrate.targets.package.paths import repository_path
from migrate.targets.watched import Ground, Place, is_watched_name, place_of
from migrate.texts import choosing, listing, loads
from migrate.texts.known import FolderSecrets
from migrate.texts.listing import Item
from migrate.workers import SERIAL, Workers

VERSION = 1
_CFG = "cfg"
"""The form of what the installer reads as Java's properties, in reports."""
_WHY_NOT = {
    Ground.TOO_DEEP: "AEM does not look so deep",
    Ground.OUTSIDE: "AEM takes no configuration from this folder",
}


class Entry(NamedTuple):
    """A file, or a node of one, that stands for a PID.

    Attributes:
        pid: the PID that the installer makes of its name.
        form: of the file.
        resource: where it stands.
        properties: what AEM loads from it, as JSON, secrets masked.
        rule: the hazard for which not all readers load it alike; empty when they do.
        state: what the installer of an instance says of it; None of other targets, and where it does not know it.
    """

    pid: Pid
    form: str
    resource: Resource
    properties: tuple[dict[str, object], ...] = ()
    rule: str = ""
    state: str | None = None


@dataclass(slots=True)
class Explained:
    """What some targets hold.

    Attributes:
        entries: by PID, in the order of the PIDs.
        run_modes: the sets that are asked about.
        problems: files that could not be read, one line each.
        platform: which AEM is meant.
    """

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    run_modes: tuple[tuple[str, ...], ...] = ()
    problems: list[str] = field(default_factory=list)
    platform: Platform = DEFAULT

    def decisions(self, pid: str) -> Iterator[tuple[tuple[str, ...], Decision]]:
        """For each set of run modes what AEM takes."""
        resources = [entry.resource for entry in self.entries[pid]]
        for active in self.run_modes:
            yield active, decide(resources, active)

    def entry(self, pid: str, resource: Resource) -> Entry:
        """The entry that a decision is about."""
        return next(entry for entry in self.entries[pid] if entry.resource == resource)


def among(others: Iterable[Item]) -> list[Item]:
    """Those of the files in other forms that stand for a PID, too."""
    return [item for item in others if item.path.endswith(choosing.PROPERTIES)]


def explain(
    items: Sequence[Item],
    run_modes: Sequence[str] | None = None,
    *,
    pid: str | None = None,
    platform: Platform = DEFAULT,
    build: InstallerBuild = InstallerBuild.V1_2,
    progress: Callable[[int], None] | None = None,
    workers: Workers = SERIAL,
) -> Explained:
    """Read files and decide.

    Args:
        items: the files.
        run_modes: those that are active; None for all sets that the folders ask for.
        pid: only this one; of a factory PID all its instances.
        platform: which AEM is meant.
        build: whose rules make the PIDs of the names.
        progress: hears how many are done.
        workers: who does what takes long.
    """
    explained = Explained(platform=platform)
    secrets = FolderSecrets()
    found: list[Entry] = []
    for number, (entries, problem) in enumerate(
        workers.each(lambda item: _read(item, platform, build, secrets), items)
    ):
        if progress is not None:
            progress(number)
        found += entries
        explained.problems += [problem] if problem else []
    for entry in sorted(found, key=lambda entry: entry.pid.pid):
        if pid in (None, entry.pid.pid, entry.pid.factory_pid):
            explained.entries.setdefault(entry.pid.pid, []).append(entry)
    if run_modes is not None:
        explained.run_modes = (tuple(dict.fromkeys(run_modes)),)
    else:
        modes = [
            one for entries in explained.entries.values() for e in entries for one in e.resource.settings
        ]
        explained.run_modes = tuple(settings_of(modes))
    return explained


def _read(
    item: Item, platform: Platform, build: InstallerBuild, secrets: FolderSecrets
) -> tuple[list[Entry], str]:
    """The entries of one file, or why there are none."""
    try:
        data = listing.read(item.path)
    except listing.FileError as error:
        return [], str(error)
    if not item.form:
        return [_of_properties(item, data, platform, build, secrets.of(item.path))], ""
    if not listing.is_configuration(data, item):
        return [], ""
    place = _place(item.path, platform)
    return list(_entries(item, data, place, platform, build, secrets.of(item.path))), ""


def _entries(
    item: Item, data: bytes, place: Place, platform: Platform, build: InstallerBuild, known: frozenset[str]
) -> Iterator[Entry]:
    url = _url(item, place)
    try:
        documents = forms.parse_all(data, item.path, form=item.form, platform=platform)
    except ParseError as error:
        own = next(iter(error.loads.values()), Loaded(None, error.message))
        hidden = may_hold_secret(data)
        for node, loaded in (own.nodes or {"": own}).items():
            if not node and is_watched_folder(item.path):
                continue
            where, stands = _node_at(url, node, place, platform)
            why = _WHY_NOT.get(stands.ground, "")
            if loaded.properties is None:
                why = why or f"AEM cannot read it and ignores the {'node' if node else 'file'}" + (
                    "" if hidden else f": {loaded.error}"
                )
            shown = () if hidden else _shown(loaded.properties or {}, known)
            resource = Resource.at(item.path, where, stands, why)
            yield Entry(_pid(where, build), item.form, resource, shown, error.rule)
        return
    for node, document in documents:
        if not node and is_watched_folder(item.path):
            continue
        where, stands = _node_at(url, node, place, platform)
        values = {found.name: found.value for found in document.properties}
        why = _WHY_NOT.get(stands.ground, "")
        resource = Resource.at(item.path, where, stands, why)
        yield Entry(_pid(where, build), item.form, resource, _shown(values, known))


def _of_properties(
    item: Item, data: bytes, platform: Platform, build: InstallerBuild, known: frozenset[str]
) -> Entry:
    """The entry of a `.cfg` or `.properties` file, which nobody else looks at: AEM takes it as it takes any other."""
    from grammar.java import properties

    place = _place(item.path, platform)
    why, values = _WHY_NOT.get(place.ground, ""), {}
    if data.startswith(b"<"):
        why = why or "Java's properties in XML are not read here"
    try:
        values = {key: Value.string(value) for key, value in properties.load(data).items()}
    except properties.PropertiesError as error:
        why = why or f"AEM cannot read it and ignores the file: {error}"
    url = _url(item, place)
    shown = _shown({} if why else values, known)
    return Entry(_pid(url, build), _CFG, Resource.at(item.path, url, place, why), shown)


def _node_at(url: str, node: str, place: Place, platform: Platform) -> tuple[str, Place]:
    """Where a node of a file stands: one of several levels down in a folder of its own."""
    if "/" not in node:
        return (f"{url}/{node}" if node else url), place
    return f"{url}/{node}", place_of(f"/jcr_root{url}/{node}", platform)


def _shown(values: dict[str, Value], known: frozenset[str]) -> tuple[dict[str, object], ...]:
    return tuple(loads.masked_property(name, value, known) for name, value in values.items())


def _pid(url: str, build: InstallerBuild) -> Pid:
    return Pid.from_filename(url.rpartition("/")[2], build)


def _place(path: str, platform: Platform) -> Place:
    """Where a file stands. Outside a repository the nearest folder with a name that AEM watches says the run modes."""
    place = place_of(os.path.abspath(path), platform)
    if place.ground is not Ground.LOOSE:
        return place
    folders = os.path.abspath(path).split("/")[:-1]
    watched = next((name for name in reversed(folders) if is_watched_name(name)), "")
    return place._replace(run_modes=tuple(watched.split(".")[1:]))


def _url(item: Item, place: Place) -> str:
    """The path in the repository; where there is no ``jcr_root``, as if the file's folder were one that AEM reads."""
    _, root, inside = os.path.abspath(item.path).rpartition("/jcr_root/")
    if not root:
        parts = [part for part in item.path.split("/") if part.strip(".")]
        inside = "/".join(["apps", *parts])
    return repository_path(f"jcr_root/{inside}", docview=item.form == "xml") or f"/{inside}"
