"""The directory of a zip file: its entries, and whether every reader sees the same ones.

Format: PKWARE APPNOTE 6.3.10. What counts is how Java reads it (`java.util.zip.ZipFile`, which FileVault's
`ZipArchive` uses): by the central directory, names as UTF-8 whatever the flag says, bytes before and after the
archive ignored. What two readers could see differently is refused by name: the local header of each entry must agree
with the central one, and no two entries may share a byte.
"""

from __future__ import annotations

import re
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from grammar import patterns
from migrate.targets.package.window import ArchiveError, Window

STORED = 0
DEFLATED = 8

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
LOCAL_MAGIC, CENTRAL_MAGIC, END_MAGIC = b"PK\3\4", b"PK\1\2", b"PK\5\6"
ZIP64_LOCATOR = b"PK\6\7"
_LOCATOR_SIZE = 20
ZIP64_EXTRA = 0x0001
NONE16, NONE32 = 0xFFFF, 0xFFFFFFFF

ENCRYPTED_FLAGS = 0x2041
"""Bits 0, 6 and 13: encrypted, strongly encrypted, encrypted central directory."""
MAX_VERSION = 63
"""The last version of the format, 6.3, in tenths. Java does not look; what comes after it nobody knows."""
DESCRIPTOR_FLAG = 0x8
PATCHED_FLAG = 0x20
UTF8_FLAG = 0x800

# Some versions of Plexus write 0xF000 for folders, so only the kinds that mean something are refused.
_SPECIAL_FILES = frozenset({stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK})
_DRIVE = patterns.lazy(r"[A-Za-z]:")
_CONTROL = patterns.lazy(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    Attributes:
        name: the name as Java reads it: UTF-8, whatever the flags say. Folders end with `/`.
        raw_name: its bytes.
        flags: general purpose bits, of the central directory.
        method: STORED or DEFLATED.
        time: MS-DOS time and date as one number, the date in the high half.
        crc: CRC-32 of the content.
        compressed: bytes in the archive.
        size: bytes of the content.
        start: offset in the file of its local header.
        data: offset of its first data byte.
        end: offset of what follows it: the next local header, or the central directory.
        local: the local header with name and extra fields.
        central: the central directory record with name, extra fields and comment.
        attributes: external attributes.
    """

    name: str
    raw_name: bytes
    flags: int
    method: int
    time: int
    crc: int
    compressed: int
    size: int
    start: int
    data: int
    end: int
    local: bytes
    central: bytes
    attributes: int

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")


@dataclass(frozen=True, slots=True)
class Directory:
    """What an archive consists of.

    Attributes:
        entries: in the order of the central directory.
        base: the offset that the archive's own offsets count from (bytes before the archive).
        start: offset of the central directory.
        end_record: offset of the end record.
        comment: the archive's comment.
    """

    entries: tuple[Entry, ...]
    base: int
    start: int
    end_record: int
    comment: bytes


def read_directory(window: Window, limit: int) -> Directory:
    """Read the directory and every local header.

    Args:
        window: the archive, with whatever stands before and after it.
        limit: bytes of central directory that are read.

    Raises:
        ArchiveError: one of the refusals of docs/packages.md.
    """
    end_record, fields = _find_end(window)
    base, start = _directory_span(end_record, fields, limit)
    records = list(_records(window.read(start, end_record - start), fields[4]))
    entries = _entries(window, records, base, start)
    return Directory(entries, base, start, end_record, window.read(end_record + END.size, fields[7]))


End = tuple[bytes, int, int, int, int, int, int, int]


def _find_end(window: Window) -> tuple[int, End]:
    """Offset and fields of the end record, if every reader takes the same one.

    Java looks for a record that ends the file, then for one that leads to a directory; others take the last
    signature.
    """
    tail_start = max(0, window.size - END.size - NONE16)
    tail = window.read(tail_start, window.size - tail_start)
    ends = [_end_at(tail, found.start()) for found in re.finditer(re.escape(END_MAGIC), tail)]
    if not any(end <= len(tail) for _, _, end in ends):
        raise ArchiveError("not a zip file, or cut off: there is no end record", rule="zip-no-end")
    at, fields, end = ends[-1]
    if end > len(tail) or any(other == len(tail) for _, _, other in ends[:-1]):
        raise ArchiveError(
            "two end records: readers see different archives", rule="zip-two-ends", fix="Pack it again"
        )
    if tail[max(0, at - _LOCATOR_SIZE) : at].startswith(ZIP64_LOCATOR):
        raise _zip64()
    return tail_start + at, fields


def _end_at(tail: bytes, at: int) -> tuple[int, End, int]:
    """Offset, fields and end of the record at a signature; an end beyond the file when it is cut off."""
    fields: End = END.unpack(tail[at : at + END.size].ljust(END.size, b"\xff"))
    return at, fields, at + END.size + fields[7]


def _zip64() -> ArchiveError:
    return ArchiveError(
        "a Zip64 end record: 65535 entries or four gigabytes are more than is handled here",
        rule="zip-zip64",
        fix="Split the package",
    )


def _directory_span(at: int, fields: End, limit: int) -> tuple[int, int]:
    """Base offset and offset of the central directory."""
    _, disk, first_disk, here, total, size, offset, _ = fields
    if NONE16 in (disk, first_disk, here, total) or NONE32 in (size, offset):
        raise _zip64()
    if disk or first_disk or here != total:
        raise ArchiveError("one part of an archive that is split over several files", rule="zip-multi-disk")
    if size > limit:
        raise ArchiveError(f"its directory has {size} bytes, more than is read", rule="zip-bomb")
    directory = at - size
    if directory < 0 or directory < offset:
        raise ArchiveError("the end record points outside of the file", rule="zip-truncated")
    return directory - offset, directory


def _records(data: bytes, total: int) -> Iterator[bytes]:
    """The records of the central directory."""
    at = count = 0
    while at < len(data):
        if data[at : at + 4] != CENTRAL_MAGIC or at + CENTRAL.size > len(data):
            raise ArchiveError("the central directory is damaged", rule="zip-directory")
        length = CENTRAL.size + sum(struct.unpack_from("<3H", data, at + 28))
        if at + length > len(data):
            raise ArchiveError("the central directory is damaged", rule="zip-directory")
        yield data[at : at + length]
        at += length
        count += 1
    if count != total:
        raise ArchiveError(
            f"the central directory has {count} entries, its end record says {total}", rule="zip-directory"
        )


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a Zip64 extra field may hold in place of the header's 32-bit fields."""

    size: int
    compressed: int
    offset: int


def extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields (id, the field with its head); stops where the rest is no field, as Java does."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if at + 4 + length > len(extra):
            return
        yield kind, extra[at : at + 4 + length]
        at += 4 + length


def zip64_sizes(sizes: Sizes, extra: bytes) -> Sizes:
    """The real sizes: those that are 0xFFFFFFFF stand in the Zip64 extra field, in this order."""
    values = [sizes.size, sizes.compressed, sizes.offset]
    if NONE32 not in values:
        return sizes
    found = next((body[4:] for kind, body in extra_fields(extra) if kind == ZIP64_EXTRA), b"")
    for number, value in enumerate(values):
        if value == NONE32 and len(found) >= 8:
            values[number] = int.from_bytes(found[:8], "little")
            found = found[8:]
    return Sizes(*values)


def _entries(window: Window, records: list[bytes], base: int, directory: int) -> tuple[Entry, ...]:
    """Entries with their places, which must not overlap."""
    starts = [_offset(record) + base for record in records]
    order = sorted(range(len(records)), key=starts.__getitem__)
    entries: dict[int, Entry] = {}
    for place, number in enumerate(order):
        end = starts[order[place + 1]] if place + 1 < len(order) else directory
        entries[number] = _entry(window, records[number], starts[number], end)
    return tuple(entries[number] for number in range(len(records)))


def _central_sizes(record: bytes) -> Sizes:
    fields = CENTRAL.unpack_from(record)
    name_end = CENTRAL.size + fields[10]
    extra = record[name_end : name_end + fields[11]]
    return zip64_sizes(Sizes(fields[9], fields[8], fields[16]), extra)


def _offset(record: bytes) -> int:
    return _central_sizes(record).offset


def _entry(window: Window, record: bytes, start: int, end: int) -> Entry:
    fields = CENTRAL.unpack_from(record)
    flags, method, crc = fields[3], fields[4], fields[7]
    raw_name = record[CENTRAL.size : CENTRAL.size + fields[10]]
    name = _checked_name(raw_name)
    if flags & ENCRYPTED_FLAGS:
        raise ArchiveError(f"{name} is encrypted: AEM cannot read it", rule="zip-encrypted")
    patched = " as a patch" if flags & PATCHED_FLAG else ""
    if method not in (STORED, DEFLATED) or patched:
        raise ArchiveError(
            f"{name} is packed with method {method}{patched}; Java reads only stored and deflated entries",
            rule="zip-method",
            fix="Pack it again",
        )
    if fields[2] & 0xFF > MAX_VERSION:
        raise ArchiveError(
            f"{name} needs version {(fields[2] & 0xFF) / 10} of the format, which is not known",
            rule="zip-version",
        )
    if fields[13] not in (0, NONE16):
        message = f"{name} begins in another one of the files that the archive is split over"
        raise ArchiveError(message, rule="zip-multi-disk")
    if stat.S_IFMT(fields[15] >> 16) in _SPECIAL_FILES:
        raise ArchiveError(f"{name} is a symbolic link or a device", rule="zip-special-file")
    extra = record[CENTRAL.size + fields[10] : CENTRAL.size + fields[10] + fields[11]]
    if len(extra) - sum(len(body) for _, body in extra_fields(extra)) >= 4:
        # Java since 17.0.8 and Python refuse the archive; up to three bytes of padding are none of their business.
        raise ArchiveError(
            f"the extra fields of {name} are damaged", rule="zip-directory", fix="Pack it again"
        )
    sizes = _central_sizes(record)
    local = _local_header(window, start, end, name)
    data = start + len(local)
    if data + sizes.compressed > end:
        raise ArchiveError(f"{name} overlaps what follows it", rule="zip-overlap")
    if method == STORED and sizes.size != sizes.compressed:
        raise ArchiveError(f"{name} is stored, but its two sizes differ", rule="zip-size")
    if not _agree(local, record, sizes):
        raise ArchiveError(
            f"the two headers of {name} differ: readers see different entries",
            rule="zip-header-mismatch",
            fix="Pack it again",
        )
    time = fields[6] << 16 | fields[5]
    return Entry(
        name, raw_name, flags, method, time, crc, sizes.compressed, sizes.size, start, data, end,
        local, record, fields[15],
    )  # fmt: skip


def _local_header(window: Window, start: int, end: int, name: str) -> bytes:
    """The header with name and extra fields."""
    if start + LOCAL.size > end:
        raise ArchiveError(f"{name} overlaps what follows it", rule="zip-overlap")
    # One read for nearly every entry: the name again, and extra fields of the usual length.
    head = window.read(start, min(end - start, LOCAL.size + len(name.encode()) + 64))
    if not head.startswith(LOCAL_MAGIC):
        raise ArchiveError(
            f"there is no entry where the directory says {name} is", rule="zip-header-mismatch"
        )
    length = LOCAL.size + sum(struct.unpack_from("<2H", head, 26))
    if start + length > end:
        raise ArchiveError(f"{name} overlaps what follows it", rule="zip-overlap")
    return head[:length] if length <= len(head) else window.read(start, length)


def _agree(local: bytes, record: bytes, sizes: Sizes) -> bool:
    """Whether the local header says what the central record says.

    With a data descriptor (flag bit 3) the local CRC and sizes may be zero: they follow the data then.
    """
    here, there = LOCAL.unpack_from(local), CENTRAL.unpack_from(record)
    name = local[LOCAL.size : LOCAL.size + here[9]]
    relevant = ENCRYPTED_FLAGS | DESCRIPTOR_FLAG
    same_flags = here[2] & relevant == there[3] & relevant
    if name != record[CENTRAL.size : CENTRAL.size + there[10]] or not same_flags or here[3] != there[4]:
        return False
    extra = local[LOCAL.size + here[9] :]
    found = zip64_sizes(Sizes(here[8], here[7], 0), extra)
    values = ((here[6], there[7]), (found.compressed, sizes.compressed), (found.size, sizes.size))
    late = bool(here[2] & DESCRIPTOR_FLAG)
    return all(one == other or (late and one == 0) for one, other in values)


def _checked_name(raw: bytes) -> str:
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        shown = raw.decode("utf-8", "backslashreplace")
        message = f"the entry name {shown} is not UTF-8: AEM cannot open the package"
        raise ArchiveError(message, rule="zip-name-encoding", fix="Pack it again with UTF-8 names") from None
    check_name(name)
    return name


def check_name(name: str) -> None:
    """Refuse a name that leads out of the package or that two readers see differently.

    Raises:
        ArchiveError: `..`, `.` or an empty part, an absolute path, a drive, a backslash, a control character.
    """
    parts = name.removesuffix("/").split("/")
    bad = any(part in ("", ".", "..") for part in parts)
    if bad or "\\" in name or _DRIVE.match(name) or _CONTROL.search(name):
        raise ArchiveError(
            f"the entry name {name!r} is not a plain relative path",
            rule="zip-unsafe-name",
            fix="Pack it again",
        )
