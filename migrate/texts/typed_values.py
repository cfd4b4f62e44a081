"""Typed values as JSON and text: what AEM loads from every configuration, and what it makes of the rejected ones.

Secrets are masked as everywhere, unless the caller wants them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from grammar import forms
from grammar.documents import Document, Property
from grammar.errors import ParseError
from grammar.pids import InstallerBuild, Pid
from grammar.platforms import DEFAULT, Platform
from migrate.masking.texts import may_hold_secret, secrets_of, shown_context
from migrate.targets.nodes import is_watched_folder, node_name
from migrate.terminal import printable
from migrate.texts import listing, loads
from migrate.texts.known import FolderSecrets
from migrate.texts.listing import STDIN, Item
from migrate.workers import SERIAL, Workers

VERSION = 1


@dataclass(slots=True)
class Shown:
    """What some files hold.

    Attributes:
        configurations: one JSON object each, in the order of the files.
        rejected: the files that AEM's readers do not all load as they look.
        problems: files that could not be read, one line each.
        platform: which AEM is meant.
        instances: one JSON object each, in their order, with what runs there.
    """

    configurations: list[dict[str, object]] = field(default_factory=list)
    rejected: list[dict[str, object]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    platform: Platform = DEFAULT
    instances: list[dict[str, object]] = field(default_factory=list)

    def to_json(self) -> dict[str, object]:
        """The shape of docs/schema/show.schema.json."""
        found: dict[str, object] = {
            "version": VERSION,
            "platform": self.platform.id,
            "configurations": self.configurations,
            "rejected": self.rejected,
        }
        return {**found, "instances": self.instances} if self.instances else found

    def add(self, other: Shown) -> None:
        """What further files hold."""
        self.configurations += other.configurations
        self.rejected += other.rejected
        self.problems += other.problems
        self.instances += other.instances


def show(
    items: Sequence[Item],
    build: InstallerBuild = InstallerBuild.V1_2,
    *,
    pid: str | None = None,
    show_secrets: bool = False,
    progress: Callable[[int], None] | None = None,
    workers: Workers = SERIAL,
    platform: Platform = DEFAULT,
) -> Shown:
    """Read files.

    Args:
        items: the files.
        build: whose rules make the PIDs of the names.
        pid: only this one; of a factory PID all its instances.
        show_secrets: leave everything readable; for a terminal only.
        progress: hears how many are done.
        workers: who does what takes long.
        platform: which AEM is meant.
    """
    if platform.is_assumed:
        platform = platform.by_felix()  # Who names no AEM asks for what Felix loads.
    shown, secrets = Shown(platform=platform), None if show_secrets else FolderSecrets()
    read = _Reading(build, platform, secrets, pid)
    for number, one in enumerate(workers.each(lambda item: _shown(item, read), items)):
        if progress is not None:
            progress(number)
        shown.add(one)
    return shown


def text(shown: Shown) -> str:
    """The same for people: one line a property, with its type before the value."""
    lines = []
    for found in shown.configurations:
        state = f" ({found['state']})" if found.get("state") else ""
        lines.append(f"{found['path']}: {found['pid'] or 'no PID'}{state}")
        properties = found["properties"]
        assert isinstance(properties, list)
        lines += [f"  {loads.name(p['name'])} = {p['type']} {loads.short(p['value'])}" for p in properties]
    for found in shown.rejected:
        place = f"{found['path']}:{found['line']}:{found['column']}"
        fix = f". {found['fix']}" if found["fix"] else ""
        lines.append(f"{place}: {found['message']}{fix} [{found['rule']}]")
        lines += str(found["context"]).splitlines()
        lines += [f"  {line}" for line in loads.text(cast("loads.Loads", found["loads"]))]
    for found in shown.instances:
        lines += _running(cast("list[dict[str, object]]", found["runs"] or []))
    return "".join(printable(line) + "\n" for line in lines)


def _running(runs: list[dict[str, object]]) -> Iterator[str]:
    """What runs on an instance; what is not as in its file bears a mark."""
    for one in runs:
        said = "without a file of its name" if one["file"] is None else f"because of {one['file']}"
        yield f"{one['pid']} runs, {said}" + (f" ({one['state']})" if one["state"] else "")
        properties = cast("list[dict[str, object]]", one["properties"])
        drift = cast("list[str]", one["drift"])
        for each in properties:
            mark = "  <- not as in the file" if each["name"] in drift else ""
            value = "not shown by the console" if each.get("hidden") else loads.short(each["value"])
            kind = f"{each['type']} " if each["type"] else ""
            yield f"  {loads.name(str(each['name']))} = {kind}{value}{mark}"
        there = {each["name"] for each in properties}
        yield from (f"  {loads.name(name)} is in the file alone" for name in drift if name not in there)


class _Reading(NamedTuple):
    """How files are read, what of them is not shown, None for nothing; and which PID alone."""

    build: InstallerBuild
    platform: Platform
    secrets: FolderSecrets | None
    pid: str | None

    def is_about(self, pid: Pid | None) -> bool:
        """Whether a PID is wanted."""
        return self.pid is None or (pid is not None and self.pid in (pid.pid, pid.factory_pid))


def _shown(item: Item, read: _Reading) -> Shown:
    """What one file holds."""
    shown = Shown()
    try:
        data = listing.read(item.path)
        if listing.is_configuration(data, item):
            _show(shown, item, data, read)
    except listing.TooLargeError as error:
        if item.named or item.form != "xml":
            shown.rejected.append(_too_large(item, error))
    except listing.FileError as error:
        shown.problems.append(str(error))
    return shown


def _show(shown: Shown, item: Item, data: bytes, read: _Reading) -> None:
    path = None if item.path == STDIN else item.path
    try:
        documents = forms.parse_all(data, path, form=item.form, platform=read.platform)
        if not documents and item.named:
            forms.parse(data, path, form=item.form, platform=read.platform)
    except ParseError as error:
        documents = forms.beyond(error, data, path, form=item.form, platform=read.platform).loaded
        if any(read.is_about(_pid(item, node, read.build)) for node in _lost(error, documents)):
            shown.rejected.append(_rejected(item, data, error, read.secrets))
    for node, document in documents:
        if (not node and is_watched_folder(item.path)) or not read.is_about(_pid(item, node, read.build)):
            continue
        shown.configurations.append(_configuration(item, node, document, read.build, read.secrets))


def _lost(error: ParseError, loaded: Sequence[tuple[str, Document]]) -> set[str]:
    """The nodes of a rejected file that are not loaded as it says: its own, where no reader finds others in it."""
    found = next((one.nodes for one in error.loads.values() if one.nodes), {"": None})
    return {*found}.difference(node for node, _ in loaded)


def _configuration(
    item: Item, node: str, document: Document, build: InstallerBuild, secrets: FolderSecrets | None
) -> dict[str, object]:
    pid = _pid(item, node, build)
    known = None if secrets is None else secrets.of(item.path) | set(secrets_of(document))
    return {
        "path": item.path,
        "format": item.form,
        "pid": pid.pid if pid else None,
        "factoryPid": pid.factory_pid if pid else None,
        "name": pid.name if pid else None,
        "properties": [_property(found, known) for found in document.properties],
    }


def _pid(item: Item, node: str, build: InstallerBuild) -> Pid | None:
    """Of the file's or the node's name; None for standard input, which has none."""
    if node:
        return Pid.from_filename(node, build)
    if item.path == STDIN:
        return None
    name = node_name(item.path, item.form)
    return Pid.from_filename(name, build) if name else None


def _property(found: Property, known: frozenset[str] | None) -> dict[str, object]:
    if known is None:
        shown = loads.property_json(found.name, found.value)
    else:
        shown = loads.masked_property(found.name, found.value, known)
    return {**shown, "line": found.line, "column": found.column}


def _rejected(item: Item, data: bytes, error: ParseError, secrets: FolderSecrets | None) -> dict[str, object]:
    """What is wrong with a file that is rejected; its text may belong to any value, so one secret hides it all."""
    if secrets is None:
        context, loaded = error.context(), loads.to_json(error.loads)
    else:
        known = secrets.of(item.path)
        context = "" if may_hold_secret(data) else shown_context(error, known)
        loaded = loads.without(loads.masked(error.loads, data), known)
    return {
        "path": item.path,
        "line": error.line,
        "column": error.column,
        "rule": error.rule,
        "message": error.message,
        "fix": error.fix,
        "context": context,
        "loads": loaded,
    }


def _too_large(item: Item, error: listing.TooLargeError) -> dict[str, object]:
    message = str(error).removeprefix(f"{item.path}: ")
    place = {"path": item.path, "line": 1, "column": 1, "rule": "too-large"}
    return {**place, "message": message, "fix": "", "context": "", "loads": {}}
