"""A zip file with some entries changed, and every other byte as it was.

Untouched entries are copied as they stand in the file: local header, data, data descriptor, whatever lies between.
Of their central records only the offset is patched. Bytes before the archive, the comment and bytes after it are
kept, and so is the order of both the entries and the directory. The same input gives the same output.
"""

from __future__ import annotations

import itertools
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import IO

from migrate.targets.package import directory as zips
from migrate.targets.package.archive import Archive
from migrate.targets.package.directory import CENTRAL, DEFLATED, END, LOCAL, Entry
from migrate.targets.package.window import CHUNK, ArchiveError

Content = bytes | IO[bytes]
"""New content: bytes, or a seekable file that is read from its start."""

ADDED_TIME = 0x0021_0000
"""1980-01-01 00:00, the first moment of MS-DOS time: an added entry does not depend on the clock."""
VERSION = 20
"""Version 2.0 is needed to unpack deflated entries (APPNOTE 4.4.3.2)."""
_OFFSET_AT = 42
"""Where in a central record the offset of the local header is."""
_UNICODE_PATH = 0x7075
"""Info-ZIP's extra field that repeats the name; of no use under a new one."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What is to become of an archive; names are entry names.

    Attributes:
        replace: new content.
        rename: new names. Content may be replaced too, under the old name.
        delete: entries that go.
        add: new entries, deflated, after the last one.
    """

    replace: Mapping[str, Content] = field(default_factory=dict)
    rename: Mapping[str, str] = field(default_factory=dict)
    delete: frozenset[str] = frozenset()
    add: Mapping[str, Content] = field(default_factory=dict)

    def __repr__(self) -> str:
        names = f"replace={sorted(self.replace)}, rename={dict(self.rename)}, delete={sorted(self.delete)}"
        return f"Rewrite({names}, add={sorted(self.add)})"


def content_chunks(content: Content) -> Iterable[bytes]:
    """The content bit by bit, from its start."""
    if isinstance(content, bytes):
        yield content
        return
    content.seek(0)
    while chunk := content.read(CHUNK):
        yield chunk


def check(archive: Archive, change: Rewrite) -> None:
    """Refuse a change that the archive does not admit.

    Raises:
        ArchiveError: an entry that is not there or stands twice, an unsafe new name, or two entries of one name
            afterwards.
    """
    for name in (*change.replace, *change.rename, *change.delete):
        archive.entry(name)
    contradictory = change.delete & (change.replace.keys() | change.rename.keys())
    if contradictory:
        raise _refuse(archive, f"{min(contradictory)} cannot be both deleted and changed", "contradiction")
    gone = change.delete | change.rename.keys()
    taken = {name for name in archive.by_name if name not in gone}
    for name in (*change.rename.values(), *change.add):
        zips.check_name(name)
        if len(name.encode()) > zips.NONE16:
            raise _refuse(archive, "the new entry name is longer than a zip file can hold", "unsafe-name")
        if name in taken:
            raise _refuse(archive, f"{name} is already there", "name-taken")
        taken.add(name)
    if any(name.endswith("/") for name in change.replace):
        raise _refuse(archive, "a folder has no content", "contradiction")
    if any(old.endswith("/") is not new.endswith("/") for old, new in change.rename.items()):
        raise _refuse(archive, "a folder cannot become a file, nor a file a folder", "contradiction")
    if len(archive.entries) - len(change.delete) + len(change.add) >= zips.NONE16:
        raise _refuse(archive, "there would be more than 65534 entries", "zip64")


def rewrite(archive: Archive, out: IO[bytes], change: Rewrite) -> None:
    """Write the changed archive.

    Args:
        archive: what there is.
        out: an empty, seekable file. After an error its content means nothing.
        change: what is to become of it.

    Raises:
        ArchiveError: see `check`; or a result of four gigabytes and more.
        OSError: reading or writing failed.
    """
    check(archive, change)
    writer = _Writer(archive, out)
    writer.copy(0, archive.first)
    records: dict[int, bytes] = {}
    by_place = sorted(range(len(archive.entries)), key=lambda number: archive.entries[number].start)
    for number in by_place:
        entry = archive.entries[number]
        if entry.name not in change.delete:
            new_name, content = change.rename.get(entry.name), change.replace.get(entry.name)
            records[number] = writer.entry(entry, new_name, content)
    added = [writer.added(name, content) for name, content in change.add.items()]
    writer.directory([records[number] for number in sorted(records)] + added)


def _refuse(archive: Archive, message: str, rule: str) -> ArchiveError:
    return ArchiveError(message, rule=f"zip-{rule}", path=archive.display)


@dataclass(slots=True)
class _Writer:
    source: Archive
    out: IO[bytes]
    at: int = 0

    def write(self, data: bytes) -> None:
        self.at += len(data)
        if self.at >= zips.NONE32:
            raise _refuse(self.source, "the result would have four gigabytes or more", "zip64")
        self.out.write(data)

    def copy(self, start: int, end: int) -> None:
        for chunk in self.source.window.chunks(start, end):
            self.write(chunk)

    def entry(self, entry: Entry, new_name: str | None, content: Content | None) -> bytes:
        """Write an entry; gives its central record."""
        offset = self.at - self.source.directory.base
        if new_name is None and content is None:
            self.copy(entry.start, entry.end)
            return _with_offset(entry.central, offset)
        central = _Record.of_central(entry.central)
        local = _Record.of_local(entry.local)
        if new_name is not None:
            central, local = central.named(new_name), local.named(new_name)
        if content is None:
            self.write(local.data())
            self.copy(entry.data, entry.end)
            return _with_offset(central.data(), offset)
        return self._content(central, local, content, offset)

    def added(self, name: str, content: Content) -> bytes:
        """Write a new entry; gives its central record."""
        local = LOCAL.pack(zips.LOCAL_MAGIC, VERSION, 0, DEFLATED, 0, ADDED_TIME >> 16, 0, 0, 0, 0, 0)
        central = CENTRAL.pack(
            zips.CENTRAL_MAGIC,
            VERSION,
            VERSION,
            0,
            DEFLATED,
            0,
            ADDED_TIME >> 16,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
        )
        offset = self.at - self.source.directory.base
        records = _Record.of_central(central).named(name), _Record.of_local(local).named(name)
        return self._content(*records, content, offset)

    def _content(self, central: _Record, local: _Record, content: Content, offset: int) -> bytes:
        """Write header and content; the sizes are known after it, so the header is written again."""
        header_at = self.at
        blank = local.sized(0, 0, 0)
        self.write(blank.data())
        data_at = self.at
        size = crc = 0
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS) if local.method == DEFLATED else None
        for chunk in content_chunks(content):
            size += len(chunk)
            crc = zlib.crc32(chunk, crc)
            self.write(packer.compress(chunk) if packer else chunk)
        if packer:
            self.write(packer.flush())
        if size >= zips.NONE32:
            raise _refuse(self.source, "an entry would have four gigabytes or more", "zip64")
        sizes = crc, self.at - data_at, size
        self.out.seek(header_at)
        self.out.write(blank.sized(*sizes).data())
        self.out.seek(self.at)
        return central.sized(*sizes).placed(offset)

    def directory(self, records: list[bytes]) -> None:
        """Write the central directory, the end record, the comment, and what stood after it."""
        start = self.at
        for record in records:
            self.write(record)
        source = self.source
        old_end = source.window.read(source.directory.end_record, END.size)
        counts = len(records), len(records), self.at - start, start - source.directory.base
        self.write(old_end[:8] + struct.pack("<2H2I", *counts) + old_end[20:])
        self.copy(source.directory.end_record + END.size, source.window.size)


@dataclass(frozen=True, slots=True)
class _Record:
    """A local header or a central record taken apart where an edit needs it.

    Attributes:
        head: the fixed part.
        flags_at: where in it the flags are; method, time, date, CRC and sizes follow.
        lengths_at: where in it the lengths of name and extra fields are.
        name: the name's bytes.
        extra: the extra fields.
        rest: the entry's comment, of a central record.
    """

    head: bytes
    flags_at: int
    lengths_at: int
    name: bytes
    extra: bytes
    rest: bytes

    @classmethod
    def of_local(cls, data: bytes) -> _Record:
        return cls._of(data, LOCAL.size, 6, 26)

    @classmethod
    def of_central(cls, data: bytes) -> _Record:
        return cls._of(data, CENTRAL.size, 8, 28)

    @classmethod
    def _of(cls, data: bytes, size: int, flags_at: int, lengths_at: int) -> _Record:
        name_length, extra_length = struct.unpack_from("<2H", data, lengths_at)
        extra_at = size + name_length
        rest_at = extra_at + extra_length
        return cls(
            data[:size], flags_at, lengths_at, data[size:extra_at], data[extra_at:rest_at], data[rest_at:]
        )

    @property
    def flags(self) -> int:
        return int.from_bytes(self.head[self.flags_at : self.flags_at + 2], "little")

    @property
    def method(self) -> int:
        return int.from_bytes(self.head[self.flags_at + 2 : self.flags_at + 4], "little")

    def data(self) -> bytes:
        return self.head + self.name + self.extra + self.rest

    def _without_extra(self, kind: int) -> bytes:
        """The extra fields without those of one kind; bytes that are no field are kept."""
        fields = list(zips.extra_fields(self.extra))
        known = sum(len(body) for _, body in fields)
        return b"".join(body for found, body in fields if found != kind) + self.extra[known:]

    def _replaced(self, head: bytes, name: bytes, extra: bytes) -> _Record:
        head = _patched(head, self.lengths_at, "<2H", len(name), len(extra))
        return _Record(head, self.flags_at, self.lengths_at, name, extra, self.rest)

    def named(self, name: str) -> _Record:
        """With another name, marked as UTF-8 where that matters."""
        flags = self.flags if name.isascii() else self.flags | zips.UTF8_FLAG
        head = _patched(self.head, self.flags_at, "<H", flags)
        return self._replaced(head, name.encode(), self._without_extra(_UNICODE_PATH))

    def sized(self, crc: int, compressed: int, size: int) -> _Record:
        """With other content: no data descriptor follows it, and its sizes need no Zip64 field."""
        head = _patched(self.head, self.flags_at, "<H", self.flags & ~zips.DESCRIPTOR_FLAG)
        head = _patched(head, self.flags_at + 8, "<3I", crc, compressed, size)
        return self._replaced(head, self.name, self._without_extra(zips.ZIP64_EXTRA))

    def placed(self, offset: int) -> bytes:
        """The bytes of a central record without Zip64 field, of an entry at an offset."""
        return replace(self, head=_patched(self.head, _OFFSET_AT, "<I", offset)).data()


def _patched(data: bytes, at: int, layout: str, *values: int) -> bytes:
    new = bytearray(data)
    struct.pack_into(layout, new, at, *values)
    return bytes(new)


def _with_offset(record: bytes, offset: int) -> bytes:
    """A central record whose entry stands elsewhere; the offset may be in its Zip64 field."""
    fields = CENTRAL.unpack_from(record)
    if fields[16] != zips.NONE32:
        return _patched(record, _OFFSET_AT, "<I", offset)
    # Reading the archive has found the offset there, after those sizes that are there too.
    before = 8 * ((fields[9] == zips.NONE32) + (fields[8] == zips.NONE32))
    at = CENTRAL.size + fields[10]
    extra = zips.extra_fields(record[at : at + fields[11]])
    at += sum(len(body) for _, body in itertools.takewhile(lambda one: one[0] != zips.ZIP64_EXTRA, extra))
    return _patched(record, at + 4 + before, "<Q", offset)
