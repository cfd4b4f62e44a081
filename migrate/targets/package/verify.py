"""Proof that a rewritten archive differs from the old one only where it should.

The proof reads both with Python's `zipfile`, which shares no code with our reader and writer, and compares the raw
bytes of every other entry.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING

from migrate.targets.package.rewrite import Content, Rewrite, content_chunks
from migrate.targets.package.window import CHUNK, ArchiveError

if TYPE_CHECKING:
    import zipfile

_LOCAL_SIZE = 30
_KEPT = (
    "date_time", "compress_type", "comment", "extra", "create_system", "create_version", "extract_version",
    "flag_bits", "volume", "internal_attr", "external_attr", "CRC", "compress_size", "file_size",
)  # fmt: skip
_KEPT_OF_CHANGED = (
    "date_time",
    "compress_type",
    "comment",
    "create_system",
    "internal_attr",
    "external_attr",
)


def verify(old: IO[bytes], new: IO[bytes], change: Rewrite) -> None:
    """Compare an archive with its rewritten form.

    Args:
        old: the archive as it was, seekable.
        new: the result of `archive_rewrite.rewrite`, seekable.
        change: what was asked for.

    Raises:
        ArchiveError: rule `zip-verify`: the result is not what was asked for. It must not be used.
    """
    import zipfile

    try:
        with (
            zipfile.ZipFile(old, metadata_encoding="utf-8") as before,
            zipfile.ZipFile(new, metadata_encoding="utf-8") as after,
        ):
            _Comparison(before, after, change).run(old, new)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
        raise _wrong(f"the result cannot be read back: {error}") from None


def _wrong(message: str) -> ArchiveError:
    return ArchiveError(
        f"{message}; nothing was written", rule="zip-verify", fix="Please report this as a bug"
    )


class _Comparison:
    def __init__(self, before: zipfile.ZipFile, after: zipfile.ZipFile, change: Rewrite) -> None:
        self._before = before
        self._after = after
        self._change = change
        self._old_ends = _ends(before)
        self._new_ends = _ends(after)

    def run(self, old: IO[bytes], new: IO[bytes]) -> None:
        change = self._change
        kept = [info for info in self._before.infolist() if info.filename not in change.delete]
        found = self._after.infolist()
        expected = [change.rename.get(info.filename, info.filename) for info in kept] + list(change.add)
        if [info.filename for info in found] != expected:
            raise _wrong("the entries are not the expected ones")
        for before, after in zip(kept, found, strict=False):
            self._entry(before, after, old, new)
        for name, content in change.add.items():
            self._content(self._after.getinfo(name), content)
        self._frame(old, new)

    def _entry(self, before: zipfile.ZipInfo, after: zipfile.ZipInfo, old: IO[bytes], new: IO[bytes]) -> None:
        name = before.filename
        renamed, content = name in self._change.rename, self._change.replace.get(name)
        fields = _KEPT if not renamed and content is None else _KEPT_OF_CHANGED
        if any(getattr(before, key) != getattr(after, key) for key in fields):
            raise _wrong(f"the record of {name} changed")
        if content is not None:
            self._content(after, content)
            return
        skip = _data_skip if renamed else _no_skip
        here = before.header_offset + skip(old, before), self._old_ends[before.header_offset]
        there = after.header_offset + skip(new, after), self._new_ends[after.header_offset]
        if not _same(old, new, here, there):
            raise _wrong(f"the bytes of {name} changed")

    def _content(self, info: zipfile.ZipInfo, content: Content) -> None:
        size = crc = 0
        for chunk in content_chunks(content):
            size += len(chunk)
            crc = zlib.crc32(chunk, crc)
        read = found_crc = 0
        with self._after.open(info) as stream:
            while chunk := stream.read(CHUNK):
                read += len(chunk)
                found_crc = zlib.crc32(chunk, found_crc)
        if (read, found_crc) != (size, crc):
            raise _wrong(f"{info.filename} does not read back as it was written")

    def _frame(self, old: IO[bytes], new: IO[bytes]) -> None:
        """What is not entries: bytes before the first one, and what follows the central directory."""
        starts = (
            min(self._old_ends, default=self._before.start_dir),
            min(self._new_ends, default=self._after.start_dir),
        )
        same_prefix = starts[0] == starts[1] and _same(old, new, (0, starts[0]), (0, starts[1]))
        if self._before.comment != self._after.comment or not same_prefix:
            raise _wrong("bytes before the archive or its comment changed")


def _ends(archive: zipfile.ZipFile) -> Mapping[int, int]:
    """Where the bytes of each entry end: at the next entry or the central directory."""
    starts = sorted(info.header_offset for info in archive.infolist())
    return dict(zip(starts, [*starts[1:], archive.start_dir], strict=False))


def _no_skip(_file: IO[bytes], _info: zipfile.ZipInfo) -> int:
    return 0


def _data_skip(file: IO[bytes], info: zipfile.ZipInfo) -> int:
    """Length of an entry's local header."""
    file.seek(info.header_offset)
    head = file.read(_LOCAL_SIZE)
    return _LOCAL_SIZE + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")


def _same(old: IO[bytes], new: IO[bytes], here: tuple[int, int], there: tuple[int, int]) -> bool:
    """Whether two stretches of two files hold the same bytes."""
    length = here[1] - here[0]
    if there[1] - there[0] != length:
        return False
    for at in range(0, length, CHUNK):
        size = min(CHUNK, length - at)
        old.seek(here[0] + at)
        new.seek(there[0] + at)
        if old.read(size) != new.read(size):
            return False
    return True
