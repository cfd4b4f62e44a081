"""A stretch of a file that is read as if it were a file: how a package inside a package is read in place."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from migrate.targets.errors import PackageError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK = 1 << 18
"""Bytes that are held at a time where contents are copied."""


class ArchiveError(PackageError):
    """An archive that is not read, or a change of it that is not made."""


@dataclass(slots=True)
class Window:
    """A part of a seekable file, read by offsets in it.

    Attributes:
        file: the file; others may seek in it between two reads.
        start: where the part begins.
        size: its bytes.
        owned: whether closing the window closes the file.
    """

    file: IO[bytes]
    start: int
    size: int
    owned: bool = True

    def read(self, at: int, length: int) -> bytes:
        """Exactly `length` bytes at `at`."""
        if at < 0 or length < 0 or at + length > self.size:
            raise ArchiveError("the archive is cut off or damaged", rule="zip-truncated")
        self.file.seek(self.start + at)
        data = self.file.read(length)
        if len(data) != length:
            raise ArchiveError("the archive became shorter while it was read", rule="zip-truncated")
        return data

    def as_file(self) -> IO[bytes]:
        """The part as a file of its own, for readers that know nothing of windows."""
        return io.BufferedReader(_WindowFile(self))

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        for at in range(start, end, CHUNK):
            yield self.read(at, min(CHUNK, end - at))


class _WindowFile(io.RawIOBase):
    """Closing it leaves the window's file open."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._window.size}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        length = max(0, min(len(view), self._window.size - self._at))
        if length:
            view[:length] = self._window.read(self._at, length)
            self._at += length
        return length
