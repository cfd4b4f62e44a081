"""Which files are configurations, and their bytes: walked by name, read only when small and regular."""

from __future__ import annotations

import functools
import operator
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from grammar.config.document import MAX_BYTES as MAX_BYTES
from grammar.forms import form_of
from migrate.errors import MigrateError
from migrate.targets import system
from migrate.targets.base import FOLDER_NODE, INSIDE, TargetError, is_package, split_inside
from migrate.targets.sieve import USUAL, Sieve
from migrate.targets.watched import Ground, place_of
from migrate.texts import choosing, templates
from migrate.texts.places import Places
from migrate.workers import SERIAL, Workers

if TYPE_CHECKING:
    from migrate.targets.package.target import PackageReader

STDIN = "-"
"""The path that stands for standard input."""
_PATH = operator.attrgetter("path")
_held: dict[str, bytes] = {}
_AT_A_TIME = 100
"""Folders that are listed before anybody asks whether to share the rest: a few milliseconds."""


class FileError(MigrateError):
    """A path that cannot be listed or read: one line that says which and why."""


class TooLargeError(FileError):
    """A file that no configuration is as large as; it was not read."""

    def __init__(self, path: str, size: int) -> None:
        super().__init__(
            f"{path}: {size} bytes; no configuration is larger than {MAX_BYTES}, so it was not read"
        )
        self.size = size


class Item(NamedTuple):
    """A file to look at.

    Attributes:
        path: as the user would name it: the target, and the way below it.
        form: ``"config"``, ``"cfg.json"`` or ``"xml"``.
        named: whether the user named this very file; others must first prove that they are a configuration.
        ground: what kind of place it stands in.
    """

    path: str
    form: str
    named: bool = False
    ground: Ground = Ground.LOOSE


@dataclass(slots=True)
class Listing:
    """What some targets hold.

    Attributes:
        items: the files, in the order of the targets and then of the paths.
        problems: folders and targets that cannot be listed, one line each.
        places: where the files are; not those in packages.
        others: what lies there in forms that are not read, or where only configurations belong; `form` is empty.
    """

    items: list[Item] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    places: Places = field(default_factory=Places)
    others: list[Item] = field(default_factory=list)


def listing(
    targets: Iterable[str], form: str | None = None, workers: Workers = SERIAL, sieve: Sieve = USUAL
) -> Listing:
    """The files of some targets, the entries of packages among them. Symbolic links inside a folder are not followed.

    Args:
        targets: folders and files; a file is taken whatever links lead to it.
        form: the form of standard input and of the files that are named, when their names do not tell.
        workers: who does what takes long.
        sieve: what of the folders is left out.
    """
    found = Listing()
    for target in dict.fromkeys(targets):
        if target == STDIN:
            found.items.append(Item(target, form or "config", named=True))
            continue
        try:
            mode = os.stat(system.native(target)).st_mode
        except (OSError, ValueError) as error:
            found.problems.append(f"{target}: {_of_instance(target) or reason(error)}")
            continue
        if stat.S_ISDIR(mode):
            found.places.add_folder(target)
            _walk(target, found, workers, sieve)
        elif not stat.S_ISREG(mode):
            found.problems.append(f"{target}: not a regular file")
        elif is_package(target) and stat.S_ISREG(mode):
            _look_into(target, found)
        elif (named := form or form_of(target)) is not None:
            found.places.add_file(target)
            found.items.append(Item(target, named, named=True))
        else:
            found.problems.append(f"{target}: not a configuration by its name: no .config, .cfg.json or .xml")
    return found


def _of_instance(target: str) -> str:
    """What to say of an instance's address; nothing of any other name."""
    from migrate.targets.base import is_url

    if not is_url(target):
        return ""
    return "the address of an instance, and this command reads files; `show`, `lint` and `explain` read what is there"


def hold(path: str, data: bytes) -> None:
    """Let a path that leads to nothing on this machine have some bytes: those of an instance are read once.

    They are this process's alone, so whoever reads such paths shares no work with others.
    """
    _held[path] = data


def in_package(path: str) -> tuple[str, str] | None:
    """The package and the entry that a path of a listing names; None for a file of its own."""
    if INSIDE not in path:
        return None
    packages, entry = split_inside(path)
    if not packages or os.path.lexists(path) or not os.path.isfile(packages[0]):
        return None
    return packages[0], INSIDE.join((*packages[1:], entry))


def read(path: str) -> bytes:
    """The bytes of a file, or of an entry of a package.

    Raises:
        TooLargeError: nothing was read.
        FileError: no regular file, or not readable.
    """
    if path == STDIN:
        return _read_stdin()
    if path in _held:
        return _held[path]
    packed = in_package(path)
    if packed is not None:
        return _read_entry(*packed)
    try:
        # Not blocking: a FIFO must not stop us before we have seen that it is one.
        descriptor = system.open_to_read(path, follow=True)
    except IsADirectoryError:
        raise FileError(f"{path}: not a regular file") from None
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: {reason(error)}") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise FileError(f"{path}: not a regular file")
        if status.st_size > MAX_BYTES:
            raise TooLargeError(path, status.st_size)
        data = os.read(descriptor, status.st_size + 1)
        while more := os.read(descriptor, MAX_BYTES) if len(data) > status.st_size else b"":
            data += more
            if len(data) > MAX_BYTES:
                raise TooLargeError(path, len(data))
        return data
    except OSError as error:
        raise FileError(f"{path}: {reason(error)}") from None
    finally:
        os.close(descriptor)


def _read_stdin() -> bytes:
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TooLargeError(STDIN, len(data))
    return data


def _look_into(target: str, found: Listing) -> None:
    """The configurations in a content package, and in the packages inside it."""
    try:
        package = _package(target)
        for path in package.entries():
            ground, form = place_of(path).ground, form_of(path) or ""
            if _counts(path, form, ground):
                item = Item(f"{target}{INSIDE}{path}", form, ground=ground)
                (found.items if form else found.others).append(item)
        found.problems += [f"{target}{INSIDE}{path}: {why}" for path, why in package.unreadable]
    except TargetError as error:
        found.problems.append(str(error))


def folders_of(path: str) -> tuple[str, ...]:
    """The folders whose configurations stand beside a file: its own; of ``F-1/.content.xml`` the one above, too."""
    folder, _, name = path.rpartition("/")
    return (folder, folder.rpartition("/")[0]) if name == FOLDER_NODE else (folder,)


def beside(folder: str) -> Iterator[Item]:
    """The configurations of a folder, the nodes of its folders among them; nothing where it cannot be listed."""
    held = [path for path in _held if path.rpartition("/")[0] == folder]
    if held:
        yield from (Item(path, form_of(path) or "config") for path in sorted(held))
        return
    packed = in_package(f"{folder}/")
    try:
        names = _package(packed[0]).listing(packed[1].rstrip("/")) if packed else os.listdir(folder or ".")
    except (OSError, ValueError, TargetError):
        return
    for name in sorted(names):
        path = f"{folder}/{name}" if folder else name
        form = form_of(name)
        if form is not None:
            yield Item(path, form)
        elif packed is not None or os.path.isfile(f"{path}/{FOLDER_NODE}"):
            yield Item(f"{path}/{FOLDER_NODE}", "xml")


def has_entry(target: str, entry: str) -> bool:
    """Whether a package has an entry.

    Raises:
        FileError: the package cannot be read.
    """
    try:
        return entry.rpartition("/")[2] in _package(target).listing(entry.rpartition("/")[0])
    except TargetError as error:
        raise FileError(f"{target}{INSIDE}{entry}: {error}") from None


def release() -> None:
    """Let go of what was read of packages and is held: Windows gives no other file the name of one that is open."""
    _held.clear()
    _opened.cache_clear()


def _read_entry(target: str, entry: str) -> bytes:
    try:
        return _package(target).read(entry)
    except TargetError as error:
        raise FileError(f"{target}{INSIDE}{error}") from None


def _package(target: str) -> PackageReader:
    try:
        status = os.stat(target)
    except OSError as error:
        raise TargetError(f"{target}: {reason(error)}") from None
    return _opened(os.getpid(), target, status.st_ino, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=2)
def _opened(_process: int, target: str, *_state: int) -> PackageReader:
    """An opened package; one of its own for each process, since a forked one would share the file's position."""
    from migrate.targets.package import target as packages

    return packages.PackageReader.open(packages.named(target))


def is_configuration(data: bytes, item: Item) -> bool:
    """Whether a file is a configuration, by its content: what a walk met may be anything."""
    return item.named or (
        choosing.by_content(data, item.form, item.ground) and not templates.is_template(item.path, data)
    )


def reason(error: Exception) -> str:
    """Why, without the path and the number."""
    return (error.strerror if isinstance(error, OSError) else None) or "not a path"


def _walk(root: str, found: Listing, workers: Workers, sieve: Sieve) -> None:
    seen = _Seen()
    for part in workers.exhaust(lambda pending: _visit(pending, sieve), [root]):
        seen.items += part.items
        seen.problems += part.problems
        seen.repository |= part.repository
    left_out = frozenset(sieve.left_out(root, [path for path, _ in seen.items]) if seen.items else ())
    items = _counting(root, (one for one in seen.items if one[0] not in left_out), seen.repository)
    for item in sorted(items, key=_PATH):
        (found.items if item.form else found.others).append(item)
    found.problems += sorted(seen.problems)


def _counting(root: str, items: Iterable[tuple[str, str]], repository: bool) -> Iterator[Item]:
    """Those that may be configurations, each with its ground."""
    start, cut = os.path.abspath(root), len(root.rstrip("/")) + 1
    grounds: dict[str, Ground] = {}
    for path, form in items:
        below = path[cut:]
        folder = below.rpartition("/")[0]
        ground = grounds.get(folder)
        if ground is None:
            ground = place_of(f"{start}/{below}").ground
            if ground is Ground.LOOSE and repository:
                ground = Ground.PROJECT
            grounds[folder] = ground
        if _counts(below, form, ground):
            yield Item(path, form, ground=ground)


def _counts(path: str, form: str, ground: Ground) -> bool:
    if form:
        return choosing.by_name(path, form, ground)
    return choosing.is_other_form(path, ground) or choosing.is_stray(path, ground)


@dataclass(slots=True)
class _Seen:
    """What a part of a walk met.

    Attributes:
        items: path and form of each file that may matter.
        problems: as of a listing.
        repository: whether a `jcr_root` was among it.
    """

    items: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    repository: bool = False


def _visit(pending: list[str], sieve: Sieve) -> _Seen:
    """What some folders hold, the newest first."""
    found = _Seen()
    for _ in range(_AT_A_TIME):
        if not pending:
            break
        folder = pending.pop()
        try:
            with os.scandir(system.native(folder)) as entries:
                for entry in entries:
                    name = entry.name
                    form = form_of(name)
                    if form is not None and entry.is_file(follow_symlinks=False):
                        found.items.append((_path(folder, entry), form))
                    elif entry.is_dir(follow_symlinks=False):
                        if not sieve.skips(name, entry.path) and not (
                            system.HAS_JUNCTIONS and system.is_junction(entry)
                        ):
                            pending.append(_path(folder, entry))
                            found.repository |= name == "jcr_root"
                    elif form is None and name.endswith(choosing.MAY_BE_OTHER):
                        if _may_matter(folder, name) and entry.is_file(follow_symlinks=False):
                            found.items.append((_path(folder, entry), ""))
                    elif form is not None and (problem := _no_file(entry)):
                        found.problems.append(f"{_path(folder, entry)}: {problem}")
        except OSError as error:
            found.problems.append(f"{folder}: {reason(error)}")
    return found


def _may_matter(folder: str, name: str) -> bool:
    """Whether a file in none of our forms may be worth a word: most of a repository is not."""
    return (
        name.endswith(choosing.OTHER_FORMS)
        or "/config" in folder
        or "/install" in folder
        or "/features" in folder
    )


def _path(folder: str, entry: os.DirEntry[str]) -> str:
    """The path of what a folder has, as we write paths."""
    return entry.path if os.sep == "/" else system.joined(system.slashed(folder), entry.name)


def _no_file(entry: os.DirEntry[str]) -> str:
    """Why something with a configuration's name cannot be one; empty for a link to something that is there.

    What such a link leads to is checked where it stands, if it stands below the target at all.
    """
    if not entry.is_symlink():
        return "not a regular file"
    try:
        os.stat(entry.path)
    except OSError as error:
        return reason(error)
    return ""
