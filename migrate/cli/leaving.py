"""What the verbs leave out of a folder: what git ignores, and what the repository's table excludes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from migrate.cli import console
from migrate.targets.sieve import Sieve


def sieve(*, no_ignore: bool) -> Sieve:
    """The sieve of a command line. The table's `exclude` holds with `--no-ignore`, too: it is somebody's word."""
    return Sieve(no_ignore, _excluded if no_ignore else _left_out)


def _left_out(target: str, paths: Sequence[str]) -> Collection[str]:
    from migrate.cli.processes import git

    excluded = _excluded(target, paths)
    return {*excluded, *git.ignored(target, paths, lambda why: console.note(f"slingshift: {why}"))}


def _excluded(target: str, paths: Sequence[str]) -> Collection[str]:
    from migrate.lint import settings

    table = settings.load(target)
    return {path for path in paths if table.excludes(path)} if table.exclude else ()
