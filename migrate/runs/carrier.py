"""From the changes of a target to what has to happen on the disk: as they are, or in a package rewritten as a whole."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from migrate.runs.effects import Placed, StoredChange, StoredContent
from migrate.targets import system
from migrate.targets.base import INSIDE, Kind, Target, TargetError, split_inside
from migrate.targets.changes import FileChange
from migrate.targets.tree import apart

if TYPE_CHECKING:
    from migrate.targets.package.rewrite import Rewrite
    from migrate.targets.package.target import PackageReader


@contextlib.contextmanager
def carried(
    target: Target, changes: Sequence[FileChange], sha256: str | None = None
) -> Iterator[list[Placed]]:
    """What `execute` has to do for the changes of a target.

    Packages may be larger than memory, so a rewritten one is in a nameless temporary file, which holds the secret and
    is gone whatever stops us; it lives as long as the `with` block.

    Args:
        sha256: of a package, as the plan saw it; None to look only at the entries that change.

    Raises:
        TargetError: a package is not what the plan saw, or does not admit the change.
    """
    with contextlib.ExitStack() as stack:
        if target.kind is Kind.PACKAGE:
            yield [
                Placed(
                    target.root, [stack.enter_context(_rewritten(target, changes, sha256))] if changes else []
                )
            ]
            return
        parts: list[FileChange | StoredChange] = []
        for path, inner in apart(changes).items():
            if not path:
                parts += inner
                continue
            full = system.joined(target.root, path)
            package = Target(full, Kind.PACKAGE, target.root, path)
            parts.append(stack.enter_context(_rewritten(package, inner, None)))
        yield [Placed(target.root, parts)]


@contextlib.contextmanager
def _rewritten(target: Target, changes: Sequence[FileChange], sha256: str | None) -> Iterator[StoredChange]:
    from migrate.targets.package.nested import rewrite_nested
    from migrate.targets.package.target import PackageReader, text_of
    from migrate.targets.package.window import ArchiveError

    with contextlib.ExitStack() as stack:
        # Closed before anything else is done: Windows gives no other file the name of one that is open.
        with PackageReader.open(target) as reader:
            try:
                out = stack.enter_context(tempfile.TemporaryFile())
                before = _unchanged(reader, changes, sha256)
                rewrite_nested(reader.archive, out, rewrites_of(changes))
                out.flush()
            except ArchiveError as error:
                raise TargetError(f"{target}: {text_of(error)} [{error.rule}]") from None
            except OSError as error:
                raise reader.error_of(error) from None
        assert target.only is not None  # a package always has a name
        # The file that was opened and read; if another has its name by now, the journal notices.
        yield StoredChange(target.only, StoredContent(before), StoredContent(None, out))


def _unchanged(reader: PackageReader, changes: Sequence[FileChange], sha256: str | None) -> str:
    """The sha256 of the package; an error where one of the entries is not what the plan saw."""
    for change in changes:
        if reader.read_if_there(change.path) != change.before:
            raise _stale(f"{reader.target}{INSIDE}{change.path}")
    # The journal copies the package, and proves that it is this one: it need not be read once more for that.
    return sha256 or reader.sha256()


def _stale(what: str) -> TargetError:
    return TargetError(f"{what}: changed since it was read, so the edits may not fit; start again")


def rewrites_of(changes: Sequence[FileChange]) -> dict[tuple[str, ...], Rewrite]:
    """What is to become of a package, and of the packages in it, by their places."""
    from migrate.targets.package.rewrite import Rewrite

    parts: dict[tuple[str, ...], tuple[dict[str, bytes], dict[str, str], set[str], dict[str, bytes]]] = {}
    for change in changes:
        at, name = split_inside(change.path)
        replaced, renamed, deleted, added = parts.setdefault(at, ({}, {}, set(), {}))
        if change.after is None:
            deleted.add(name)
        elif change.before is None:
            added[name] = change.after
        elif change.after != change.before:
            replaced[name] = change.after
        if change.moved_to is not None:
            renamed[name] = split_inside(change.moved_to)[1]
    return {at: Rewrite(r, m, frozenset(d), a) for at, (r, m, d, a) in parts.items()}
