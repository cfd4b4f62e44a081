"""What git knows: which files it ignores, and what it could bring back of those that are to be written."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from migrate.errors import MigrateError

_OPTIONS = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=false")


def unsafe(files: Mapping[str, bytes | None]) -> dict[str, str]:
    """Why some files could not be brought back by git, byte for byte; says nothing of those that could.

    What counts is the index, with the filters of a checkout (line ends, LFS) applied: a file that is staged is safe,
    one that only looks unchanged to git is not.

    Args:
        files: absolute paths with the bytes that stand there; None for a file that is to be made.
    """
    reasons: dict[str, str] = {}
    trees: dict[str, dict[str, bytes]] = {}
    tops: dict[str, str | None] = {}
    for path, data in files.items():
        top = _top(os.path.dirname(path), tops)
        if top is None:
            reasons[path] = "in no work tree of git"
        elif data is not None:
            trees.setdefault(top, {})[path] = data
    for top, some in trees.items():
        try:
            reasons |= _of_tree(top, some)
        except _GitError as error:
            reasons |= dict.fromkeys(some, str(error))
    return reasons


def ignored(target: str, paths: Sequence[str], warn: Callable[[str], None]) -> frozenset[str]:
    """Which of some files below a target git ignores; none when it ignores the target itself, which somebody named.

    Args:
        warn: hears why git cannot be asked, once a work tree.
    """
    tops: dict[str, str | None] = {}
    folders: dict[str, list[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        folders.setdefault(folder, []).append(name)
    trees: dict[str, list[str]] = {}
    root, start = target.rstrip("/"), os.path.abspath(target)
    for folder, names in folders.items():
        full = f"{start}{folder[len(root) :]}"
        top = _top(full, tops)
        if top is not None:
            trees.setdefault(top, []).extend(f"{full}/{name}" for name in names)
    found: set[str] = set()
    for top, some in trees.items():
        try:
            found.update(_ignored_in(top, start, some))
        except _GitError as error:
            warn(f"{error}; what it ignores is read, too")
    return frozenset(f"{root}{full[len(start) :]}" for full in found)


def _ignored_in(top: str, start: str, paths: Sequence[str]) -> list[str]:
    inside = start.startswith(f"{top}/")
    names = [os.path.relpath(path, top) for path in ([start, *paths] if inside else paths)]
    answer = _git(top, "check-ignore", "-z", "--stdin", given=os.fsencode("\0".join(names)), codes=(0, 1))
    found = set(os.fsdecode(answer).split("\0"))
    if inside and names[0] in found:
        return []
    return [path for path in paths if os.path.relpath(path, top) in found]


class _GitError(MigrateError):
    """git is not there, or refuses; one line."""


def _top(folder: str, known: dict[str, str | None]) -> str | None:
    """The work tree that a folder is in, by its `.git`: a folder, or a file in a submodule and a linked work tree."""
    if folder not in known:
        above = os.path.dirname(folder)
        if os.path.lexists(os.path.join(folder, ".git")):
            known[folder] = folder
        else:
            known[folder] = None if above == folder else _top(above, known)
    return known[folder]


def _of_tree(top: str, files: Mapping[str, bytes]) -> dict[str, str]:
    blobs = _index(top)
    reasons, asked = {}, []
    for path in files:
        name = os.path.relpath(path, top)
        if name in blobs:
            asked.append((path, f"{blobs[name]} {name}"))
        else:
            reasons[path] = "not tracked by git"
    restored = _restored(top, [line for _, line in asked])
    for (path, _), data in zip(asked, restored, strict=True):
        if data != files[path]:
            reasons[path] = "not what git would bring back"
    return reasons


def _index(top: str) -> dict[str, str]:
    """The name of the blob of every regular file that is tracked, and not in conflict."""
    found = {}
    for row in os.fsdecode(_git(top, "ls-files", "-z", "--stage")).split("\0")[:-1]:
        entry, _, name = row.partition("\t")
        mode, blob, stage = entry.split(" ")
        if mode.startswith("100") and stage == "0" and "\n" not in name:
            found[name] = blob
    return found


def _restored(top: str, lines: list[str]) -> Iterator[bytes | None]:
    """What a checkout would write for some blobs at their paths; None for one that is missing.

    git tells the size before its filters only. So behind each blob it is asked for something that nobody has, whose
    line in the answer cannot stand in a blob.
    """
    mark = os.urandom(16).hex()
    text = "".join(f"{line}\n{mark}\n" for line in lines)
    answer = _git(top, "cat-file", "--batch", "--filters", given=os.fsencode(text)) if lines else b""
    for part in answer.split(f"{mark} missing\n".encode())[:-1]:
        head, _, content = part.partition(b"\n")
        yield None if head.endswith(b" missing") else content.removesuffix(b"\n")


def _git(top: str, *arguments: str, given: bytes = b"", codes: Collection[int] = (0,)) -> bytes:
    import subprocess

    try:
        done = subprocess.run(
            ["git", *_OPTIONS, "-C", top, *arguments], input=given, capture_output=True, check=False
        )
    except OSError as error:
        raise _GitError(f"git cannot be asked ({error.strerror})") from None
    if done.returncode not in codes:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        raise _GitError(f"git cannot be asked ({said})")
    return done.stdout
