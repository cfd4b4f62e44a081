"""From changes to effects: for each path the content before and after, whatever edits led there.

A rename is two effects (one path loses its content, another gains some), and a file that is deleted while
another takes its name is one. So every later question has one answer for each path: old, new, or neither.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, NamedTuple

from migrate.runs.errors import ApplyError, Kind, printable
from migrate.targets import system
from migrate.targets.changes import FileChange, sha256, told


class StoredContent(NamedTuple):
    """Content that is too large for memory, such as a content package.

    Attributes:
        sha256: of the bytes, hexadecimal; None for content afterwards, which the journal copies and hashes.
        file: the open file with them, which nobody changes before the run is over; None for content before, whose
            bytes stand in the target.
    """

    sha256: str | None
    file: IO[bytes] | None = None


Content = bytes | StoredContent


class StoredChange(NamedTuple):
    """A file, by its path below the root, whose stored content is replaced as a whole."""

    path: str
    before: StoredContent
    after: StoredContent

    @property
    def moved_to(self) -> None:
        """It keeps its name."""

    @property
    def final_path(self) -> str:
        return self.path


class Placed(NamedTuple):
    """Changes of files below one folder of this machine.

    Attributes:
        root: the folder, absolute and resolved when the target was named; nothing outside it is touched. Resolving it
            again would follow a link that somebody has put there since.
        changes: their paths are relative to it.
    """

    root: str
    changes: Sequence[FileChange | StoredChange]


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

    def __repr__(self) -> str:
        sides = (
            told(c) if c is None or isinstance(c, bytes) else f"<sha256 {c.sha256}>"
            for c in (self.old, self.new)
        )
        return f"Effect({self.full!r}, {' -> '.join(sides)}, like={self.like!r})"

    @property
    def full(self) -> str:
        return system.joined(self.root, self.path)


def digest_of(content: Content) -> str | None:
    """The sha256 of some content, hexadecimal; None where nobody has computed it yet."""
    return content.sha256 if isinstance(content, StoredContent) else sha256(content)


def effects_of(placed: Iterable[Placed]) -> list[Effect]:
    """The effects of some changes, in their order; a path that stays as it is has none.

    Raises:
        ApplyError: the changes contradict one another, or a path leaves its root.
    """
    places: dict[str, tuple[str, str]] = {}
    old: dict[str, Content] = {}
    new: dict[str, tuple[Content, str | None]] = {}
    for root, change in ((at.root, change) for at in placed for change in at.changes):
        source, final = _place(root, change.path), _place(root, change.final_path)
        full, full_after = _full(source), _full(final)
        places.setdefault(full, source)
        if change.before is not None:
            _once(full, old)
            old[full] = change.before
        if change.after is not None:
            places.setdefault(full_after, final)
            _once(full_after, new)
            new[full_after] = (change.after, full if change.before is not None else _like(root, change))
        if change.moved_to is not None and (change.before is None or change.after is None):
            raise ApplyError(Kind.PLAN, f"{printable(full)}: a rename needs content before and after")
    effects = []
    for full, (root, path) in places.items():
        before, (after, like) = old.get(full), new.get(full, (None, None))
        same = before is not None and after is not None and digest_of(before) == digest_of(after)
        if not same and not (before is None and after is None):
            effects.append(Effect(root, path, before, after, like))
    _refuse_case_twins(effects)
    return effects


def _refuse_case_twins(effects: Sequence[Effect]) -> None:
    """Refuse two paths that are one file on a disk that takes upper and lower case letters for the same."""
    seen: dict[str, str] = {}
    for full in (effect.full for effect in effects):
        other = seen.setdefault(full.casefold(), full)
        if (
            other != full
            and os.path.lexists(full)
            and os.path.lexists(other)
            and os.path.samefile(full, other)
        ):
            raise ApplyError(
                Kind.PLAN,
                f"{printable(full)}: differs from {printable(other)} in case only, and this disk keeps one",
            )


def _like(root: str, change: FileChange | StoredChange) -> str | None:
    """The file whose mode and owner a new one takes: the one that says the same in another form."""
    like = change.like if isinstance(change, FileChange) else None
    return None if like is None else _full(_place(root, like))


def _place(root: str, path: str) -> tuple[str, str]:
    parts = path.split("/")
    if "\0" in path or any(part in ("", ".", "..") for part in parts):
        raise ApplyError(Kind.PLAN, f"{printable(path)}: not a path below the target")
    if os.name == "nt":
        for part in parts:
            if why := system.impossible_on_windows(part):
                raise ApplyError(
                    Kind.PLAN, f"{printable(path)}: {why}; Windows cannot have a file of that name"
                )
    return root, path


def _full(place: tuple[str, str]) -> str:
    return system.joined(*place)


def _once(full: str, seen: dict[str, Content] | dict[str, tuple[Content, str | None]]) -> None:
    if full in seen:
        raise ApplyError(
            Kind.PLAN, f"{printable(full)}: two changes of one run concern this path; plan again"
        )
