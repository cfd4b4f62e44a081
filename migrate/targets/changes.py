"""What a plan asks of the disk, file by file: the only thing that `apply` sees of a plan."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, NamedTuple


def sha256(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


class StoredContent(NamedTuple):
    """Content that is too large for memory, such as a content package.

    Attributes:
        sha256: of the bytes, hexadecimal.
        file: the open file with them, which nobody changes before the run is over; None for `before`, whose bytes
            stand in the target.
    """

    sha256: str
    file: BinaryIO | None = None


class FileChange(NamedTuple):
    """One file before and after.

    Attributes:
        root: the target's folder, absolute; nothing outside it is touched.
        path: the file, relative to root, with `/`.
        before: its bytes as the plan saw them; None when the change creates it.
        after: its bytes afterwards; None when the change deletes it.
        moved_to: its new path, relative to root, when the change renames it.
    """

    root: Path
    path: str
    before: bytes | StoredContent | None
    after: bytes | StoredContent | None
    moved_to: str | None = None

    @property
    def final_path(self) -> str:
        return self.moved_to or self.path
