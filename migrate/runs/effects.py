"""From changes to effects: for each path the content before and after, whatever edits led there.

A rename is two effects (one path loses its content, another gains some), and a file that is deleted while
another takes its name is one. So every later question has one answer for each path: old, new, or neither.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from migrate.runs.errors import ApplyError, Kind, printable
from migrate.targets.changes import FileChange, StoredContent, sha256

Content = bytes | StoredContent


@dataclass(frozen=True, slots=True)
class Effect:
    """What a run does to one path.

    Attributes:
        root: the target's folder, absolute and resolved.
        path: the file, relative to root, with `/`.
        old: the content before; None for no file.
        new: the content afterwards; None for no file.
        like: the file, absolute, whose mode and owner the new content takes; None when it is made from nothing.
    """

    root: str
    path: str
    old: Content | None
    new: Content | None
    like: str | None

    @property
    def full(self) -> str:
        return f"{self.root.rstrip('/')}/{self.path}"


def digest_of(content: Content) -> str:
    """The sha256 of some content, hexadecimal."""
    return content.sha256 if isinstance(content, StoredContent) else sha256(content)


def effects_of(changes: Iterable[FileChange]) -> list[Effect]:
    """The effects of some changes, in their order; a path that stays as it is has none.

    Raises:
        ApplyError: the changes contradict one another, or a path leaves its root.
    """
    places: dict[str, tuple[str, str]] = {}
    old: dict[str, Content] = {}
    new: dict[str, tuple[Content, str | None]] = {}
    for change in changes:
        source, final = _place(change, change.path), _place(change, change.final_path)
        full, full_after = _full(source), _full(final)
        places.setdefault(full, source)
        if change.before is not None:
            _once(full, old)
            old[full] = change.before
        if change.after is not None:
            places.setdefault(full_after, final)
            _once(full_after, new)
            new[full_after] = (change.after, full if change.before is not None else None)
        if change.moved_to is not None and (change.before is None or change.after is None):
            raise ApplyError(Kind.PLAN, f"{printable(full)}: a rename needs content before and after")
    effects = []
    for full, (root, path) in places.items():
        before, (after, like) = old.get(full), new.get(full, (None, None))
        same = before is not None and after is not None and digest_of(before) == digest_of(after)
        if not same and not (before is None and after is None):
            effects.append(Effect(root, path, before, after, like))
    return effects


def _place(change: FileChange, path: str) -> tuple[str, str]:
    parts = path.split("/")
    if "\0" in path or any(part in ("", ".", "..") for part in parts):
        raise ApplyError(Kind.PLAN, f"{printable(path)}: not a path below the target")
    return os.path.realpath(change.root), path


def _full(place: tuple[str, str]) -> str:
    return f"{place[0].rstrip('/')}/{place[1]}"


def _once(full: str, seen: dict[str, Content] | dict[str, tuple[Content, str | None]]) -> None:
    if full in seen:
        raise ApplyError(
            Kind.PLAN, f"{printable(full)}: two changes of one run concern this path; plan again"
        )
