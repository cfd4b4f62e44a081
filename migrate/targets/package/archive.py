"""Zip files read without trust and without loading them: a content package may have gigabytes."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from migrate.targets.package.directory import STORED, Directory, Entry, read_directory
from migrate.targets.package.window import CHUNK, Window
from migrate.targets.package.window import ArchiveError as ArchiveError

ENVIRONMENT = "SLINGSHIFT_ZIP_LIMITS"
"""The environment variable with the user's limits."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may ask of us; all sizes in bytes. The user's are in the environment (docs/packages.md).

    Attributes:
        entry_bytes: the largest entry that is read into memory.
        nested_bytes: the largest nested package, unpacked.
        total_bytes: everything that is unpacked of one package, nested ones included.
        ratio: unpacked to packed size of one entry, where it unpacks to more than a megabyte. Deflate itself
            reaches 1032.
        directory_bytes: the central directory.
        depth: packages within packages; 0 is the outer one.
    """

    entry_bytes: int = 64 << 20
    nested_bytes: int = 4 << 30
    total_bytes: int = 16 << 30
    ratio: int = 200
    directory_bytes: int = 64 << 20
    depth: int = 5

    @classmethod
    def of_user(cls) -> Self:
        """The limits that the environment gives, such as ``ratio=1000,total_bytes=68719476736``.

        Not from a file of the target: whoever made the package may have put it there.

        Raises:
            ArchiveError: not a list of known limits and numbers.
        """
        limits = cls()
        for part in filter(None, os.environ.get(ENVIRONMENT, "").split(",")):
            name, _, value = part.strip().partition("=")
            if name not in cls.__slots__ or not (value.isascii() and value.isdecimal()) or len(value) > 18:
                known = ", ".join(f"{known}=NUMBER" for known in cls.__slots__)
                message = f"{ENVIRONMENT} is not understood at {part!r}; it is a list of {known}"
                raise ArchiveError(message, rule="zip-limits")
            limits = replace(limits, **{name: int(value)})
        return limits


@dataclass(slots=True)
class Budget:
    """What may still be unpacked of one package; nested packages share it."""

    limits: Limits
    spent: int = 0

    def spend(self, size: int) -> None:
        self.spent += size
        if self.spent > self.limits.total_bytes:
            raise ArchiveError(
                f"the package unpacks to more than {self.limits.total_bytes} bytes", rule="zip-bomb"
            )


Packed = Callable[[int, int], Iterator[bytes]]


class _Hashing:
    """A window that is read once from its start to its end, for the entries and for its sha256 together."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._digest = hashlib.sha256()
        self._at = 0

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes between two offsets; entries do not overlap, so each call begins behind the last one."""
        for chunk in self._window.chunks(self._at, start):
            self._digest.update(chunk)
        for chunk in self._window.chunks(start, end):
            self._digest.update(chunk)
            yield chunk
        self._at = end

    def finish(self) -> str:
        for _ in self.chunks(self._window.size, self._window.size):
            pass
        return self._digest.hexdigest()


@dataclass(slots=True)
class Archive:
    """An opened archive. Close it, or use it in a `with` statement.

    Attributes:
        display: its name for people.
        window: its bytes.
        directory: what it consists of.
        budget: what may still be unpacked.
        depth: how many packages it stands in.
        by_name: the last entry of each name, the one that Java finds.
        duplicates: names that stand more than once.
        inner: the name and the archive of the nested package that was read last (`nested.opened`).
    """

    display: str
    window: Window
    directory: Directory
    budget: Budget
    depth: int = 0
    by_name: Mapping[str, Entry] = field(default_factory=dict)
    duplicates: frozenset[str] = frozenset()
    inner: tuple[str, Archive] | None = None

    @classmethod
    def open(cls, path: Path, limits: Limits | None = None, display: str = "") -> Self:
        """Open an archive by its path; `display` is its name for people, its path by default.

        Raises:
            ArchiveError: one of the refusals of docs/packages.md.
            OSError: the file cannot be opened or read.
        """
        file = path.open("rb", buffering=0)
        try:
            size = os.fstat(file.fileno()).st_size
            return cls.over(Window(file, 0, size), display or str(path), Budget(limits or Limits()))
        except BaseException:
            file.close()
            raise

    @classmethod
    def over(cls, window: Window, display: str, budget: Budget, depth: int = 0) -> Self:
        """An archive in a part of a file; raises as `open`."""
        try:
            found = read_directory(window, budget.limits.directory_bytes)
        except ArchiveError as error:
            error.path = error.path or display
            raise
        counts = Counter(entry.name for entry in found.entries)
        duplicates = frozenset(name for name, count in counts.items() if count > 1)
        by_name = {entry.name: entry for entry in found.entries}
        return cls(display, window, found, budget, depth, by_name, duplicates)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """In the order of the central directory."""
        return self.directory.entries

    @property
    def first(self) -> int:
        """Offset of the first local header: before it stand bytes that are not the archive's."""
        return min((entry.start for entry in self.entries), default=self.directory.start)

    @property
    def limits(self) -> Limits:
        return self.budget.limits

    def close(self) -> None:
        self.close_inner()
        if self.window.owned:
            self.window.file.close()

    def close_inner(self) -> None:
        if self.inner is not None:
            self.inner[1].close()
            self.inner = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def entry(self, name: str) -> Entry:
        """The entry of a name.

        Raises:
            ArchiveError: there is none, or more than one.
        """
        if name in self.duplicates:
            raise ArchiveError(
                f"{name} stands in the archive more than once: readers disagree which one counts",
                rule="zip-duplicate",
                fix="Pack it again",
                path=self.display,
            )
        if name not in self.by_name:
            raise ArchiveError(f"there is no entry {name}", rule="zip-no-entry", path=self.display)
        return self.by_name[name]

    def prove(self) -> str:
        """Read everything once, before the archive is rewritten: a copy must not carry on what lies.

        Returns:
            the sha256 of all its bytes, hexadecimal.

        Raises:
            ArchiveError: a file stands twice, an entry is not what its headers say, or more than the limits.
        """
        for name in sorted(self.duplicates):
            if not name.endswith("/"):
                self.entry(name)
        total = sum(entry.size for entry in self.entries)
        if total > self.limits.total_bytes:
            message = f"the package unpacks to {total} bytes, more than {self.limits.total_bytes}"
            raise ArchiveError(message, rule="zip-bomb", path=self.display)
        for entry in self.entries:
            self._check_ratio(entry)
        spent = self.budget.spent
        hashing = _Hashing(self.window)
        for entry in sorted(self.entries, key=lambda entry: entry.data):
            for _ in self.chunks(entry, hashing.chunks):
                # What is only looked at costs no budget; the sum above holds, since no entry exceeds its claim.
                self.budget.spent = spent
        return hashing.finish()

    def sha256(self) -> str:
        """Of all its bytes, hexadecimal."""
        digest = hashlib.sha256()
        for chunk in self.window.chunks(0, self.window.size):
            digest.update(chunk)
        return digest.hexdigest()

    def read(self, name: str) -> bytes:
        """The content of an entry, checked against its size and CRC.

        Raises:
            ArchiveError: none or several of that name, too large, or not what the headers say.
        """
        entry = self.entry(name)
        if entry.size > self.limits.entry_bytes:
            raise self._refuse(
                entry,
                f"has {entry.size} bytes, more than the {self.limits.entry_bytes} that are read",
                "bomb",
            )
        return b"".join(self.chunks(entry))

    def chunks(self, entry: Entry, packed: Packed | None = None) -> Iterator[bytes]:
        """The content of an entry bit by bit; raises as `read`, at the latest after the last chunk.

        Args:
            packed: gives the bytes between two offsets; those of the window by default.
        """
        self._check_ratio(entry)
        size = crc = 0
        for chunk in self._unpacked(entry, packed or self.window.chunks):
            size += len(chunk)
            if size > entry.size:
                break
            self.budget.spend(len(chunk))
            crc = zlib.crc32(chunk, crc)
            yield chunk
        if size != entry.size:
            raise self._refuse(
                entry, f"does not unpack to the {entry.size} bytes that its header says", "size"
            )
        if crc != entry.crc:
            raise self._refuse(entry, "is damaged: its CRC is wrong", "crc")

    def _check_ratio(self, entry: Entry) -> None:
        if entry.size > 1 << 20 and entry.size > self.limits.ratio * entry.compressed:
            message = f"unpacks to more than {self.limits.ratio} times its size"
            raise self._refuse(entry, message, "bomb")

    def _unpacked(self, entry: Entry, chunks: Packed) -> Iterator[bytes]:
        """The data without its deflate coding, at most CHUNK bytes at a time."""
        packed = chunks(entry.data, entry.data + entry.compressed)
        if entry.method == STORED:
            yield from packed
            return
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for chunk in packed:
                waiting = chunk
                while waiting and not stream.eof:
                    yield stream.decompress(waiting, CHUNK)
                    waiting = stream.unconsumed_tail
                if stream.unused_data or (stream.eof and waiting):
                    raise self._refuse(entry, "has bytes after the end of its compressed data", "size")
            while not stream.eof:
                rest = stream.decompress(b"", CHUNK)
                if not rest:
                    raise self._refuse(entry, "is cut off", "size")
                yield rest
        except zlib.error:
            raise self._refuse(entry, "is damaged: it does not unpack", "crc") from None

    def _refuse(self, entry: Entry, message: str, rule: str) -> ArchiveError:
        return ArchiveError(f"{entry.name} {message}", rule=f"zip-{rule}", path=self.display)
