"""The configurations of a running instance, for lint, show and explain: read once, kept in memory, never on a disk.

To whoever reads texts an instance looks like a content package: `https://author:4502!/jcr_root/apps/...`, so that every
rule knows where a file stands. What is told of it bears the addresses of its files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, cast

from grammar import forms, patterns
from grammar.documents import Document
from grammar.errors import ParseError
from grammar.forms import form_of
from grammar.pids import InstallerBuild, Pid
from grammar.platforms import Platform
from grammar.values import Value
from migrate.plans.precedence import Decision
from migrate.targets.base import INSIDE, LostError, Target, TargetError
from migrate.targets.instance import live
from migrate.targets.instance.access import Access
from migrate.targets.instance.installer import INSTALLED
from migrate.targets.instance.live import Live
from migrate.targets.instance.reader import EVERYTHING, InstanceReader
from migrate.targets.instance.versions import Versions
from migrate.targets.watched import place_of
from migrate.texts import listing, loads, typed_values
from migrate.texts.known import FolderSecrets
from migrate.texts.listing import Item
from migrate.texts.repository.explaining import Entry, Explained
from migrate.texts.typed_values import Shown

LIBS = "libs/"
"""What begins like that is AEM's own: it is told, and never held against anybody."""
_ROOT = f"{INSIDE}jcr_root"
_DOTTED = patterns.lazy(r"(.+)\.([0-9]+|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})")
_Told = TypeVar("_Told")


@dataclass(slots=True)
class Instance:
    """What was read of an instance.

    Attributes:
        target: the instance.
        items: its configurations, the paths being those that a package would have.
        problems: what could not be read, one line each.
        notes: what else is to be known, one line each.
        versions: what it runs on; None where its console is closed.
        states: what the installer says of each file, by the addresses of the files.
        runs: what ConfigAdmin has of the PID that was asked for; None where nobody asked, or the console is closed.
    """

    target: Target
    items: list[Item] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    versions: Versions | None = None
    states: dict[str, str] = field(default_factory=dict)
    runs: list[Live] | None = None

    @property
    def build(self) -> InstallerBuild | None:
        """Whose rules make PIDs of its files' names."""
        version = self.versions.factory_configuration if self.versions else None
        return InstallerBuild.of(version) if version else None

    def named(self, told: _Told) -> _Told:
        """The same with the addresses of files in place of the paths that the texts have; anything that is JSON."""
        if isinstance(told, str):
            return cast("_Told", told.replace(f"{self.target.root}{_ROOT}", self.target.root))
        if isinstance(told, dict):
            return cast("_Told", {key: self.named(value) for key, value in told.items()})
        if isinstance(told, list):
            return cast("_Told", [self.named(value) for value in told])
        return told


def read(target: Target, access: Access, pid: str | None = None, *, libs: bool = True) -> Instance:
    """Read an instance: GET, SEARCH and PROPFIND alone.

    Args:
        pid: read only what may stand for this one, or for the instances of this factory.
        libs: with AEM's own.

    Raises:
        InstanceError: the instance cannot be used.
    """
    found = Instance(target)
    with InstanceReader.open(target, access, EVERYTHING if pid is None else _beginnings(pid)) as reader:
        paths = list(reader.find())
        console = reader.console()
        if console is not None:
            found.versions = console.versions
            found.states = {
                f"{target.root}{one.path}": one.state for one in console.index.resources if one.path
            }
            if pid is not None:
                found.runs = live.of_pids(reader.session, sorted(_aliases(pid)))
        for path in paths:
            if (libs or not path.startswith(LIBS)) and (pid is None or _stands_for(path, pid, found.build)):
                _read(found, reader, path)
    found.problems += [f"{target.root}/{path.lstrip('/')}: {reason}" for path, reason in reader.unreadable]
    if reader.closed is not None:
        found.notes.append(f"{reader.closed}; so only what the repository tells is here")
    if not reader.searched:
        message = "no search there, so the folders of run modes that are not active may have more files"
        found.notes.append(f"{target.root}: {message}")
    return found


def _read(found: Instance, reader: InstanceReader, path: str) -> None:
    try:
        data = reader.read(path)
    except LostError:
        raise
    except TargetError as error:
        found.problems.append(f"{found.target.root}/{error}")
        return
    inside = f"{found.target.root}{_ROOT}/{'/'.join(map(_encoded, path.split('/')))}"
    form = "config" if reader.is_node(path) else form_of(path) or "config"
    for name in (inside, f"{found.target.root}/{path}"):
        listing.hold(name, data)
    found.items.append(Item(inside, form, ground=place_of(inside).ground))


def _encoded(name: str) -> str:
    """A node's name as a file's, of which FileVault makes that node."""
    return f"{'_' * name.startswith('_')}{name.replace('%', '%25')}"


# --- which files stand for a PID --------------------------------------------------------------------------------------


def _split(pid: str) -> tuple[str, str] | None:
    """Factory and name of what may be an instance, under its old or its new name."""
    head, tilde, name = pid.partition("~")
    if tilde:
        return head, name
    dotted = _DOTTED.fullmatch(pid)
    return (dotted[1], dotted[2]) if dotted else None


def _aliases(pid: str) -> frozenset[str]:
    """The PID, and what the same instance is called before and after its file was renamed."""
    parts = _split(pid)
    return frozenset({pid}) if parts is None else frozenset({pid, ".".join(parts), "~".join(parts)})


def _beginnings(pid: str) -> tuple[str, ...]:
    parts = _split(pid)
    return (pid,) if parts is None else tuple(separator.join(parts) for separator in ".-~")


def _stands_for(path: str, pid: str, build: InstallerBuild | None) -> bool:
    found = Pid.from_filename(path.rpartition("/")[2], build or InstallerBuild.V1_2)
    return found.pid in _aliases(pid) or found.factory_pid == pid or _named_so(path, pid)


def _named_so(path: str, pid: str) -> bool:
    """Whether a file has the very name, whatever its build makes of it: before 1.4.6 `F.<uuid>` is a bogus instance."""
    name = path.rpartition("/")[2]
    return any(name == alias or name.startswith(f"{alias}.") for alias in _aliases(pid))


# --- shown, with what runs beside it ----------------------------------------------------------------------------------


def show(
    instance: Instance, build: InstallerBuild, platform: Platform, *, show_secrets: bool = False
) -> Shown:
    """Its files as those of a folder are shown, each with the installer's state, and what runs beside them.

    Args:
        build: whose rules make the PIDs of the names.
        platform: which AEM is meant.
        show_secrets: leave everything readable; for a terminal only.
    """
    found = typed_values.show(instance.items, build, show_secrets=show_secrets, platform=platform)
    problems = [*instance.problems, *map(instance.named, found.problems)]
    shown = Shown(problems=problems, platform=platform)
    for told, kept in ((found.configurations, shown.configurations), (found.rejected, shown.rejected)):
        for one in instance.named(told):
            kept.append({**one, "state": instance.states.get(str(one["path"]))})
    secrets = FolderSecrets()
    known = frozenset[str]().union(*(secrets.of(item.path) for item in instance.items))
    runs = [_run(instance, one, None if show_secrets else known) for one in instance.runs or ()]
    version = instance.versions.factory_configuration if instance.versions else None
    about = {"target": instance.target.root, "factoryConfiguration": version}
    shown.instances.append({**about, "runs": None if instance.runs is None else runs})
    return shown


def _run(instance: Instance, one: Live, known: frozenset[str] | None) -> dict[str, object]:
    item = _file_of(instance, one)
    document = None if item is None else _document(item)
    drift: list[str] = []
    if document is not None:
        values = {found.name: found.value for found in document.properties}
        drift = sorted(name for name in {*values, *one.names} if one.agrees(name, values.get(name)) is False)
    address = None if item is None else instance.named(item.path)
    return {
        "pid": one.pid,
        "factoryPid": one.factory_pid,
        "file": address,
        "state": None if address is None else instance.states.get(address),
        "agrees": None if document is None else not drift,
        "drift": drift,
        "properties": [*_properties(one, known)],
    }


def _properties(one: Live, known: frozenset[str] | None) -> Iterator[dict[str, object]]:
    for name in sorted(one.names):
        value = one.values.get(name)
        if value is not None:
            yield _property(name, value, known)
        elif name in one.texts:
            # The console tells no type of what the metatype does not know.
            yield {**_property(name, Value.string(one.texts[name]), known), "type": None}
        else:
            yield {"name": name, "type": None, "value": None, "hidden": True}


def _property(name: str, value: Value, known: frozenset[str] | None) -> dict[str, object]:
    return loads.property_json(name, value) if known is None else loads.masked_property(name, value, known)


def _file_of(instance: Instance, one: Live) -> Item | None:
    """The file that the installer took for what runs; where it tells nothing, the one whose name says so."""
    build = instance.build or InstallerBuild.V1_2
    names = [(item, Pid.from_filename(_name(item), build).pid) for item in instance.items]
    exact = [item for item, pid in names if pid == one.pid or _named_so(_name(item), one.pid)]
    others = [item for item, pid in names if pid in _aliases(one.pid)]
    for items in (exact, others):
        counting = [item for item in items if instance.states.get(instance.named(item.path)) == INSTALLED]
        if counting or items:
            return (counting or items)[0]
    return None


def _name(item: Item) -> str:
    return item.path.rpartition("/")[2]


def _document(item: Item) -> Document | None:
    try:
        return forms.parse(listing.read(item.path), form=item.form)
    except ParseError:
        return None


# --- explained, with what the installer took --------------------------------------------------------------------------


def installed(instance: Instance, explained: Explained) -> list[str]:
    """Name the files of what was explained by their addresses, with the installer's state.

    Returns:
        Where the installer took another file than priorities tell, one line each.
    """
    for pid, entries in explained.entries.items():
        explained.entries[pid] = [
            one._replace(
                resource=one.resource._replace(path=instance.named(one.resource.path)),
                state=instance.states.get(f"{instance.target.root}{one.resource.url}"),
            )
            for one in entries
        ]
    explained.problems = [instance.named(problem) for problem in explained.problems]
    return [
        said
        for pid, entries in explained.entries.items()
        for _, decision in explained.decisions(pid)
        if (said := _otherwise(pid, decision, entries))
    ]


def _otherwise(pid: str, decision: Decision, entries: Sequence[Entry]) -> str:
    states = {one.resource: one.state for one in entries}
    winner = decision.winner
    if winner is None or states[winner] in (INSTALLED, None):
        return ""
    taken = [one for one, state in states.items() if state == INSTALLED]
    if taken:
        return f"{pid}: the installer has {taken[0].path} installed, and keeps it while it is there"
    return f"{pid}: the installer has none of its files installed; {winner.path} is {states[winner]}"
