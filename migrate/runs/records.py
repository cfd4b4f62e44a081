"""What a journal says about its run, and the JSON form of it (`plan.json`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from migrate.runs.disk import Meta
from migrate.targets import system
from migrate.targets.changes import sha256

VERSION = 1
ID_TIME = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True, slots=True)
class Version:
    """A file before or after: sha256 and size in bytes of its content, and who may do what with it."""

    sha256: str
    size: int
    meta: Meta


@dataclass(frozen=True, slots=True)
class Entry:
    """One path of a run; `old` or `new` is None where there is no file. See :class:`migrate.runs.effects.Effect`."""

    root: str
    path: str
    old: Version | None
    new: Version | None

    @property
    def full(self) -> str:
        return system.joined(self.root, self.path)

    @property
    def parent(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that the run makes, relative to root, and what it is to look like."""

    root: str
    path: str
    meta: Meta


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run, for people and scripts.

    Attributes:
        id: sorts by time.
        time: when it began, UTC, ISO 8601.
        targets: as the user named them.
        state: `running`, `done`, `interrupted`, `undone`, `undo-interrupted`, `rolled-back` or `damaged`.
        files: the paths that it changes, absolute.
        description: the caller's summary.
        made: those of `files` that the run made; an undo removes them.
        removed: those that it removed; an undo brings them back. It changed the rest.
    """

    id: str
    time: str
    targets: tuple[str, ...]
    state: str
    files: tuple[str, ...]
    description: str
    made: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()

    def undo_of(self, path: str) -> str:
        """What an undo does to a file: `back` (it was removed), `gone` (it was made) or `changed back`."""
        return "gone" if path in self.made else "back" if path in self.removed else "changed back"

    @property
    def restored(self) -> str:
        """What is as it was once the run is taken back, counted as the plan counts: a renamed file is one."""
        kept = [path for path in self.files if path not in self.made]
        packages = sum(path.lower().endswith((".zip", ".jar")) for path in kept)
        told = [_are_as_they_were(packages, "package"), _are_as_they_were(len(kept) - packages, "file")]
        # Each of those that it removed may have been renamed; what it made besides is new.
        if (new := len(self.made) - len(self.removed)) > 0:
            told.append("1 file that it made is gone" if new == 1 else f"{new} files that it made are gone")
        return ", ".join(filter(None, told))


def _are_as_they_were(count: int, noun: str) -> str:
    if not count:
        return ""
    return f"1 {noun} is what it was" if count == 1 else f"{count} {noun}s are what they were"


@dataclass(frozen=True, slots=True)
class Run(RunInfo):
    """A run that has just been carried out, finished or taken back.

    Attributes:
        notes: what could not be kept (an owner, for example), or was done besides, one line each.
        left: what was not done on an instance, and why, one line each.
    """

    notes: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @classmethod
    def of(cls, info: RunInfo, notes: Sequence[str], left: Sequence[str] = ()) -> Run:
        """A run with its notes."""
        return cls(
            info.id,
            info.time,
            info.targets,
            info.state,
            info.files,
            info.description,
            info.made,
            info.removed,
            tuple(dict.fromkeys(notes)),
            tuple(left),
        )


@dataclass(frozen=True, slots=True)
class Record:
    """What is written down before anything is done.

    Attributes:
        id: of the run.
        targets: as the user named them.
        places: the same, absolute and resolved: what to lock.
        description: the caller's summary.
        entries: one for each path.
        folders: folders to make, outer ones first.
        emptied: folders to remove if nothing is left in them, outer ones first.
        contents: whether the journal keeps them. One without only tells which temporary files a killed process left.
    """

    id: str
    targets: tuple[str, ...]
    places: tuple[str, ...]
    description: str
    entries: tuple[Entry, ...]
    folders: tuple[Folder, ...]
    emptied: tuple[Folder, ...] = ()
    contents: bool = True

    def info(self, state: str) -> RunInfo:
        """The run, for people."""
        time = moment_of(self.id).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        files = tuple(entry.full for entry in self.entries)
        made = frozenset(entry.full for entry in self.entries if entry.old is None)
        removed = frozenset(entry.full for entry in self.entries if entry.new is None)
        return RunInfo(self.id, time, self.targets, state, files, self.description, made, removed)


def moment_of(run: str) -> datetime:
    """When a run began, from its id."""
    return datetime.strptime(run.rpartition("-")[0] + "+0000", ID_TIME + "%z")


def dump(record: Record) -> bytes:
    """The JSON form. Paths that are no UTF-8 are lone surrogates, escaped."""
    told = {"version": VERSION, **asdict(record)}
    return json.dumps({**told, "sha256": _digest(told)}).encode("ascii") + b"\n"


def _digest(told: dict[str, Any]) -> str:
    """Proves that no bit of a record has changed: a flipped one could undo to another path or another mode."""
    return sha256(json.dumps(told).encode("ascii"))


def parse(data: bytes) -> Record:
    """Read the JSON form.

    Raises:
        ValueError: it is not one.
    """
    try:
        told = json.loads(data)
        if told["version"] != VERSION:
            raise ValueError("unknown version")
        if told.pop("sha256") != _digest(told):
            raise ValueError("not as it was written")
        return Record(
            _text(told["id"]),
            _texts(told["targets"]),
            _texts(told["places"]),
            _text(told["description"]),
            tuple(_entry(entry) for entry in told["entries"]),
            _folders(told["folders"]),
            _folders(told["emptied"]),
            bool(told.get("contents", True)),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a journal") from error


def _folders(told: Sequence[dict[str, Any]]) -> tuple[Folder, ...]:
    return tuple(Folder(_text(f["root"]), _path(f["path"]), _meta(f["meta"])) for f in told)


def _entry(told: dict[str, Any]) -> Entry:
    old, new = (_version(told[which]) for which in ("old", "new"))
    return Entry(_text(told["root"]), _path(told["path"]), old, new)


def _version(told: dict[str, Any] | None) -> Version | None:
    if told is None:
        return None
    return Version(_text(told["sha256"]), int(told["size"]), _meta(told["meta"]))


def _meta(told: dict[str, Any]) -> Meta:
    attributes = {_text(name): _text(value) for name, value in told["attributes"].items()}
    return Meta(int(told["mode"]), int(told["uid"]), int(told["gid"]), attributes)


def _path(told: object) -> str:
    path = _text(told)
    if "\0" in path or any(part in ("", ".", "..") for part in path.split("/")):
        raise ValueError("not a path below a target")
    return path


def _text(told: object) -> str:
    if not isinstance(told, str):
        raise TypeError
    return told


def _texts(told: Sequence[object]) -> tuple[str, ...]:
    return tuple(_text(text) for text in told)
