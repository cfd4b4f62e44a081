"""Folders, opened for a while."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from migrate.runs.disk.base import Folder
from migrate.targets import system

if sys.platform != "win32" and system.HOLDS_FOLDERS:
    from migrate.runs.disk.posix import open_folder
else:
    from migrate.runs.disk.windows import open_folder


@contextlib.contextmanager
def folder(root: str, parent: str = "") -> Iterator[Folder]:
    """A folder of a target, see :func:`migrate.runs.disk.posix.open_folder`."""
    opened = open_folder(root, parent)
    try:
        yield opened
    finally:
        opened.close()


class Folders:
    """Opens folders as `folder` does, and keeps the last one open: most files of a run stand beside one another."""

    def __init__(self) -> None:
        self._last: tuple[str, str, Folder] | None = None

    def open(self, root: str, parent: str) -> Folder:
        """The folder, which is closed when another folder is asked for.

        Raises:
            OSError: as `folder`.
        """
        if self._last is None or self._last[:2] != (root, parent):
            self.close()
            self._last = (root, parent, open_folder(root, parent))
        return self._last[2]

    def close(self) -> None:
        last, self._last = self._last, None
        if last is not None:
            last[2].close()

    def __enter__(self) -> Folders:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
