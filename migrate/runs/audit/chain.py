"""The form of the audit log: lines of JSON, each with the hash of the one before; and the proof that they are whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from migrate.errors import MigrateError
from migrate.targets.changes import sha256
from migrate.terminal import printable

FIRST = "0" * 64
"""What stands for the hash before the first line."""
_START = b'{"version":1,"number":'
_PART = 1 << 16


class AuditError(MigrateError):
    """A log that is not what was written; one line that says where."""


class Verified(NamedTuple):
    """What a log is that nobody has changed.

    Attributes:
        entries: how many there are.
        head: the hash of the last one.
        parts: how many lines are parts of entries, which killed processes left in a log that can only grow.
    """

    entries: int
    head: str
    parts: int = 0


def verify(path: Path, head: str | None = None) -> Verified:
    """Prove that a log is as it was written.

    Args:
        path: the log.
        head: a hash that was kept elsewhere, which must be in it: then nothing before it is cut off either.

    Raises:
        OSError: it cannot be read.
        AuditError: it is not; the first line that is wrong is named.
    """
    previous, entries, seen = FIRST, 0, head is None
    torn, first_torn, parts = b"", 0, 0
    with path.open("rb") as stream:
        for number, line in enumerate(_lines(stream), start=1):
            if is_torn(line):
                torn, first_torn, parts = torn + line, first_torn or number, parts + 1
                continue
            entries += 1
            previous = _checked(path, number, line, _Before(entries, previous, torn, first_torn))
            torn, first_torn = b"", 0
            seen = seen or previous == head
    if torn:
        raise AuditError(
            f"{path}:{first_torn}: was cut off: a process was killed, or a disk was full, in the middle of it. The "
            "lines before it are as they were written; the next run sees to this one"
        )
    if not seen:
        raise AuditError(
            f"{path}: the entry with hash {printable(str(head))} is not in it: lines were cut off"
        )
    return Verified(entries, previous, parts)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a log; of one that begins as no entry does, only a part: it may have no end."""
    while line := stream.readline(_PART):
        if line.startswith(_START) and not line.endswith(b"\n"):
            line += stream.readline()
        yield line


class _Before(NamedTuple):
    """What an entry has to follow on: its own number, the hash before, and the parts of lines in between."""

    number: int
    previous: str
    torn: bytes
    first_torn: int


def _checked(path: Path, number: int, line: bytes, before: _Before) -> str:
    """The hash of a line that follows on the one before."""
    where = f"{path}:{number}"
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        entry = None
    if not isinstance(entry, dict) or not isinstance(entry.get("hash"), str):
        raise AuditError(f"{where}: no whole entry of an audit log")
    digest = str(entry.pop("hash"))
    if hash_of(entry) != digest or line_of(entry, digest) != line:
        raise AuditError(f"{where}: was changed: its hash is another")
    if before.torn and entry.get("torn") != sha256(before.torn):
        raise AuditError(
            f"{path}:{before.first_torn}: no whole entry of an audit log, nor a part that was left as it is"
        )
    if (entry.get("previous"), entry.get("number"), "torn" in entry) != (
        before.previous,
        before.number,
        bool(before.torn),
    ):
        raise AuditError(f"{where}: does not follow on the line before: lines were left out, put in or moved")
    return digest


def is_torn(line: bytes) -> bool:
    """Whether a line is what a process left that was killed while it wrote an entry."""
    if not _START.startswith(line[: len(_START)].rstrip(b"\n")) or line == b"\n":
        return False
    if not line.endswith(b"\n"):
        return True
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return True
    return False


def line_of(entry: dict[str, object], digest: str) -> bytes:
    """An entry with its hash, as it is written."""
    return _canonical({**entry, "hash": digest}) + b"\n"


def hash_of(entry: dict[str, object]) -> str:
    """Of an entry without it."""
    return hashlib.sha256(_canonical(entry)).hexdigest()


def _canonical(entry: dict[str, object]) -> bytes:
    return json.dumps(entry, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")
