"""The form of the audit log: lines of JSON, each with the hash of the one before; and the proof that they are whole."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

from migrate.errors import MigrateError
from migrate.terminal import printable

FIRST = "0" * 64
"""What stands for the hash before the first line."""


class AuditError(MigrateError):
    """A log that is not what was written; one line that says where."""


class Verified(NamedTuple):
    """What a log is that nobody has changed: how many lines, and the hash of the last one."""

    entries: int
    head: str


def verify(path: Path, head: str | None = None) -> Verified:
    """Prove that a log is as it was written.

    Args:
        path: the log.
        head: a hash that was kept elsewhere, which must be in it: then nothing before it is cut off either.

    Raises:
        OSError: it cannot be read.
        AuditError: it is not; the first line that is wrong is named.
    """
    previous, number, seen = FIRST, 0, head is None
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            previous = _checked(path, number, line, previous)
            seen = seen or previous == head
    if not seen:
        raise AuditError(
            f"{path}: the entry with hash {printable(str(head))} is not in it: lines were cut off"
        )
    return Verified(number, previous)


def _checked(path: Path, number: int, line: bytes, previous: str) -> str:
    """The hash of a line that follows on the one before."""
    where = f"{path}:{number}"
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        entry = None
    if not line.endswith(b"\n"):
        raise AuditError(
            f"{where}: was cut off: a process was killed, or a disk was full, in the middle of it. The lines before "
            "it are as they were written; the next run takes this one away"
        )
    if not isinstance(entry, dict) or not isinstance(entry.get("hash"), str):
        raise AuditError(f"{where}: no whole entry of an audit log")
    digest = str(entry.pop("hash"))
    if hash_of(entry) != digest or line_of(entry, digest) != line:
        raise AuditError(f"{where}: was changed: its hash is another")
    if entry.get("previous") != previous or entry.get("number") != number:
        raise AuditError(f"{where}: does not follow on the line before: lines were left out, put in or moved")
    return digest


def line_of(entry: dict[str, object], digest: str) -> bytes:
    """An entry with its hash, as it is written."""
    return _canonical({**entry, "hash": digest}) + b"\n"


def hash_of(entry: dict[str, object]) -> str:
    """Of an entry without it."""
    return hashlib.sha256(_canonical(entry)).hexdigest()


def _canonical(entry: dict[str, object]) -> bytes:
    return json.dumps(entry, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")
