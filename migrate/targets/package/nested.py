"""Packages in packages: `outer.zip!/jcr_root/.../inner.zip!/...`.

FileVault extracts packages below `/etc/packages` as sub-packages, and the installer takes those in `install`
folders. Both are zips in a zip: an inner one is rewritten first, then put in place of its entry in the outer one.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import IO

from migrate.targets.package.archive import Archive
from migrate.targets.package.directory import STORED, Entry
from migrate.targets.package.paths import companions, is_package
from migrate.targets.package.rewrite import Content, Rewrite, rewrite
from migrate.targets.package.verify import verify
from migrate.targets.package.window import ArchiveError, Window

Path = tuple[str, ...]
"""Where an archive is: the entry names that lead to it; empty for the outer one."""


def open_nested(outer: Archive, name: str) -> Archive:
    """Open the archive that an entry holds.

    A stored one is read where it is, a deflated one is unpacked to a nameless temporary file that only its owner
    can read. Close the result; the outer archive must stay open.

    Raises:
        ArchiveError: too deep, too large, or not a zip that is read.
    """
    entry = outer.entry(name)
    display = f"{outer.display}!/{name}"
    limits = outer.limits
    if outer.depth >= limits.depth:
        message = f"more than {limits.depth} packages are nested in one another"
        raise ArchiveError(message, rule="zip-depth", path=display)
    if entry.size > limits.nested_bytes:
        message = f"it unpacks to {entry.size} bytes, more than the {limits.nested_bytes} that are read"
        raise ArchiveError(message, rule="zip-bomb", path=display)
    if entry.method == STORED:
        window = Window(outer.window.file, outer.window.start + entry.data, entry.size, owned=False)
    else:
        window = Window(_unpacked(outer, entry), 0, entry.size)
    try:
        return Archive.over(window, display, outer.budget, outer.depth + 1)
    except BaseException:
        if window.owned:
            window.file.close()
        raise


def _unpacked(outer: Archive, entry: Entry) -> IO[bytes]:
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile())
        for chunk in outer.chunks(entry):
            file.write(chunk)
        stack.pop_all()
        return file


def walk(archive: Archive, at: Path = ()) -> Iterator[tuple[Path, Archive | ArchiveError]]:
    """An archive and all packages in it, outer ones first.

    Each nested archive is open until the next one is asked for. One that is not read is given as its error, and the
    walk goes on.
    """
    yield at, archive
    for name in archive.by_name:
        if not is_package(name):
            continue
        try:
            nested = open_nested(archive, name)
        except ArchiveError as error:
            yield (*at, name), error
            continue
        with nested:
            yield from walk(nested, (*at, name))


@contextlib.contextmanager
def opened(archive: Archive, at: Path) -> Iterator[Archive]:
    """The archive at a path, for use within the `with` block; raises as `open_nested`.

    Each archive keeps the nested one that was asked for last, so that reading several entries of one package
    unpacks it once. Closing the outer archive closes it.
    """
    for name in at:
        if archive.inner is None or archive.inner[0] != name:
            archive.close_inner()
            archive.inner = (name, open_nested(archive, name))
        archive = archive.inner[1]
    yield archive


def rewrite_nested(archive: Archive, out: IO[bytes], changes: Mapping[Path, Rewrite]) -> None:
    """Write an archive with changes in it and in packages inside it, and prove each result (`verify`).

    What belongs to an entry that is renamed or deleted goes with it (`companions`), folder entries too: FileVault
    makes a node of an empty folder, and an import throws at a `.dir` folder without its file.

    Args:
        archive: the outer archive.
        out: an empty, seekable, readable file. After an error its content means nothing.
        changes: what is to become of the archive at each path. Names on a path are those before any rename.

    Raises:
        ArchiveError: as `open_nested`, `archive_rewrite.rewrite` and `archive_verify.verify`; or a package is to
            be changed both as a whole and inside.
    """
    own = _with_companions(archive, changes.get((), Rewrite()))
    inner: dict[str, dict[Path, Rewrite]] = {}
    for at, change in changes.items():
        if at:
            inner.setdefault(at[0], {})[at[1:]] = change
    contents: dict[str, Content] = dict(own.replace)
    with contextlib.ExitStack() as stack:
        for name, below in inner.items():
            if name in contents or name in own.delete:
                message = f"{name} cannot be changed both as a whole and inside"
                raise ArchiveError(message, rule="zip-contradiction", path=archive.display)
            file = stack.enter_context(tempfile.TemporaryFile())
            _rewrite_inner(archive, name, file, below)
            contents[name] = file
        whole = replace(own, replace=contents)
        rewrite(archive, out, whole)
        verify(archive.window.as_file(), out, whole)


def _with_companions(archive: Archive, change: Rewrite) -> Rewrite:
    rename = dict(change.rename)
    for old, new in change.rename.items():
        for name, renamed in companions(archive.by_name, old, new).items():
            if name not in change.delete:
                rename.setdefault(name, renamed)
    delete = set(change.delete)
    for old in change.delete:
        delete |= companions(archive.by_name, old, old).keys() - rename.keys() - change.replace.keys()
    return replace(change, rename=rename, delete=frozenset(delete))


def _rewrite_inner(outer: Archive, name: str, out: IO[bytes], changes: Mapping[Path, Rewrite]) -> None:
    entry = outer.entry(name)
    if entry.method == STORED:
        # It is read in place; a wrong CRC of the whole must not be mended in passing.
        for _ in outer.chunks(entry):
            pass
    with open_nested(outer, name) as nested:
        rewrite_nested(nested, out, changes)
