"""What can be done to the files of a folder, on every system. Each method says what is there when it is cut off."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Meta:
    """Who may do what with a file.

    Attributes:
        mode: permission bits, set-id bits included; of Windows, whether it may be written to.
        uid: owner; 0 on Windows.
        gid: group; 0 on Windows.
        attributes: extended attributes that are kept (`user.*` and POSIX access lists), base64; of Windows, its
            access list.
    """

    mode: int
    uid: int
    gid: int
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """A regular file as it was met.

    Attributes:
        sha256: of its bytes, hexadecimal.
        meta: mode, owner, attributes.
        identity: device, inode, size and times; equal identities mean that nobody wrote in between.
    """

    sha256: str
    meta: Meta
    identity: tuple[int, ...]


class Folder(ABC):
    """A folder of a target, or of the journals; files are named by their names in it."""

    @abstractmethod
    def open(self, name: str) -> int:
        """Open a file to read; raises OSError, ELOOP for a symbolic link. It may be no regular file."""

    @abstractmethod
    def new(self, name: str) -> int:
        """Open a file of mode 0600 that is not there yet, to write."""

    @abstractmethod
    def status(self, name: str) -> os.stat_result | None:
        """What has a name, links not followed; None for nothing."""

    @abstractmethod
    def meta(self) -> Meta:
        """Mode and owner of the folder itself."""

    @abstractmethod
    def set_meta(self, meta: Meta) -> None:
        """Give the folder itself a mode and an owner, as far as the system lets us."""

    @abstractmethod
    def meta_of(self, name: str, descriptor: int) -> Meta:
        """Mode, owner and the kept attributes of an open file."""

    @abstractmethod
    def set_meta_of(self, name: str, descriptor: int, meta: Meta) -> Meta:
        """Give an open file a mode and an owner, as far as the system lets us; gives what it got."""

    @abstractmethod
    def guard(self, name: str, meta: Meta) -> None:
        """Keep others from a new file before content comes into it, where its mode did not do so from the start."""

    @abstractmethod
    def restore_meta(self, name: str, meta: Meta) -> None:
        """Give a file a mode and an owner, durably."""

    @abstractmethod
    def put_new(self, temporary: str, name: str) -> None:
        """Give a staged file its name, which must be free.

        Cut off: the complete file under the name, perhaps under the temporary name as well.

        Raises:
            FileExistsError: something stands there.
        """

    @abstractmethod
    def put_over(self, temporary: str, name: str) -> None:
        """Give a staged file a name that another file has: one step, the old or the new one."""

    @abstractmethod
    def remove(self, name: str) -> None:
        """Remove a file that may be gone already."""

    @abstractmethod
    def make_folder(self, name: str) -> None:
        """Make a folder of mode 0700 in it."""

    @abstractmethod
    def remove_folder(self, name: str) -> None:
        """Remove an empty folder in it."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the folder."""

    @abstractmethod
    def device(self) -> int:
        """Which file system it is on."""

    @abstractmethod
    def sync_file_system(self) -> None:
        """Make everything durable that was written to its file system, where `syncing.is_many` says so."""

    @abstractmethod
    def settle(self) -> None:
        """Make the names in the folder durable."""

    @abstractmethod
    def is_same(self, seen: Seen, status: os.stat_result) -> bool:
        """Whether the system's word for it is enough that nobody wrote to a file in between."""

    def exists(self, name: str) -> bool:
        """Whether anything has a name."""
        return self.status(name) is not None

    def look(self, name: str) -> Seen | None:
        """What stands under a name; None for nothing.

        Raises:
            OSError: it cannot be read; EISDIR or ELOOP when it is no regular file.
        """
        try:
            descriptor = self.open(name)
        except FileNotFoundError:
            return None
        try:
            status = regular(descriptor)
            return Seen(digest(descriptor), self.meta_of(name, descriptor), identity(status))
        finally:
            os.close(descriptor)

    def is_still(self, name: str, seen: Seen | None) -> bool:
        """Whether a name still holds what was seen there; reads the bytes only when it has to."""
        status = self.status(name)
        if status is None or seen is None:
            return status is None and seen is None
        if self.is_same(seen, status):
            return True
        now = self.look(name)
        return now is not None and now.sha256 == seen.sha256

    def copy(self, source: int, name: str, *, durably: bool = True) -> tuple[str, int]:
        """Copy an open file into a new one of mode 0600.

        Cut off: a part of the new file under its name. Gives sha256 and size of what was copied.
        """
        descriptor = self.new(name)
        try:
            copied = pour(source, descriptor)
            _sync(descriptor, durably)
            return copied
        finally:
            os.close(descriptor)

    def write(self, name: str, data: bytes, *, durably: bool = True) -> None:
        """Write bytes into a new file of mode 0600. Cut off: a part of it under its name."""
        descriptor = self.new(name)
        try:
            write_all(descriptor, data)
            _sync(descriptor, durably)
        finally:
            os.close(descriptor)

    def stage(self, content: int | bytes, name: str, meta: Meta, *, durably: bool = True) -> tuple[str, Meta]:
        """Make a new file with a given content, mode and owner; never wider than that on the way.

        Gives sha256 of what was copied, and the mode and owner that it really got: only root gives files away, and
        rights of a group that cannot be kept are not handed to another group.
        Cut off: a part of the new file under its name.

        Args:
            content: an open file, or the bytes.
        """
        descriptor = self.new(name)
        try:
            self.guard(name, meta)
            if isinstance(content, bytes):
                write_all(descriptor, content)
                copied = hashlib.sha256(content).hexdigest()
            else:
                copied, _ = pour(content, descriptor)
            got = self.set_meta_of(name, descriptor, meta)
            _sync(descriptor, durably)
            return copied, got
        finally:
            os.close(descriptor)


def _sync(descriptor: int, durably: bool) -> None:
    if durably:
        os.fsync(descriptor)


def regular(descriptor: int) -> os.stat_result:
    """The status of an open file.

    Raises:
        OSError: EISDIR for whatever is no regular file.
    """
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    return status


def identity(status: os.stat_result) -> tuple[int, ...]:
    """What is another as soon as somebody has written to a file, or put another one in its place."""
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        stat.S_IFMT(status.st_mode),
    )


def digest(descriptor: int) -> str:
    """The sha256 of what an open file holds from where it stands, hexadecimal."""
    found = hashlib.sha256()
    for chunk in chunks(descriptor):
        found.update(chunk)
    return found.hexdigest()


def chunks(descriptor: int) -> Iterator[bytes]:
    """The bytes of an open file from where it stands, a megabyte at a time."""
    while chunk := os.read(descriptor, CHUNK):
        yield chunk


def pour(source: int, descriptor: int) -> tuple[str, int]:
    """Write the rest of one open file to another; gives its sha256 and size."""
    found, size = hashlib.sha256(), 0
    for chunk in chunks(source):
        found.update(chunk)
        size += len(chunk)
        write_all(descriptor, chunk)
    return found.hexdigest(), size


def write_all(descriptor: int, data: bytes) -> None:
    """Write bytes, however many the system takes at once."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
