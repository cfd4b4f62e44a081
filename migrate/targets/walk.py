"""Find the few files that matter among very many: the name decides, before anything is read.

A repository has hundreds of thousands of files and a handful of ours. One ``os.scandir`` loop that looks at
names only, in two processes once the tree proves large, keeps ahead of ``find``. Symbolic links are never
followed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from migrate.profile import CUSTOMIZER, PROVIDER

PREFIXES = (PROVIDER, CUSTOMIZER)
FOLDER_NODE = ".content.xml"
"""A FileVault folder node: its elements may be configurations too."""

_SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules"})
_SPLIT_AFTER = 4_000
_SPLIT_AT_LEAST = 16


@dataclass(slots=True)
class Found:
    """What a walk saw.

    Attributes:
        paths: files whose name, or whose folder's name, begins with one of the two factory PIDs, and the
            folder nodes of configuration folders; absolute, sorted.
        packages: content packages (``*.zip``) on the way, absolute, sorted; not opened.
        unreadable: folders that could not be listed, with the reason.
    """

    paths: list[str] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)

    def sort(self) -> Found:
        self.paths.sort()
        self.packages.sort()
        self.unreadable.sort()
        return self


def find(root: str) -> Found:
    """Walk a tree."""
    found = Found()
    pending = [root]
    seen = 0
    while pending and (seen < _SPLIT_AFTER or len(pending) < _SPLIT_AT_LEAST):
        # Breadth first, so that what is left to split is as even as it can be.
        seen += _scan(pending.pop(0), pending, found)
    if not pending:
        return found.sort()
    if not hasattr(os, "fork") or (os.cpu_count() or 1) < 2:
        _drain(pending, found)
        return found.sort()
    return _in_two(pending, found).sort()


def is_configuration_folder(name: str) -> bool:
    """Whether Sling's installer watches a folder of this name: ``config``, ``install``, with run modes or not."""
    return name.partition(".")[0] in ("config", "install") or name.partition(".")[0] == "osgiconfig"


def _drain(pending: list[str], found: Found) -> None:
    while pending:
        _scan(pending.pop(), pending, found)


def _scan(folder: str, pending: list[str], found: Found) -> int:
    """List one folder; gives the number of its entries."""
    seen = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                seen += 1
                name = entry.name
                if entry.is_dir(follow_symlinks=False):
                    if name not in _SKIPPED:
                        pending.append(entry.path)
                elif name.startswith(PREFIXES):
                    found.paths.append(entry.path)
                elif name.endswith((".zip", FOLDER_NODE)):
                    _keep_if_ours(folder, name, entry.path, found)
    except OSError as error:
        found.unreadable.append((folder, error.strerror or str(error)))
    return seen


def _keep_if_ours(folder: str, name: str, path: str, found: Found) -> None:
    if name != FOLDER_NODE:
        found.packages.append(path)
        return
    base = os.path.basename(folder)
    if base.startswith(PREFIXES) or is_configuration_folder(base):
        found.paths.append(path)


def _in_two(pending: list[str], found: Found) -> Found:
    """Half of the pending folders in a forked child, which sends back what it found."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _child(reader, writer, pending[1::2])
    os.close(writer)
    _drain(pending[0::2], found)
    with os.fdopen(reader, "rb") as stream:
        data = stream.read()
    _, status = os.waitpid(child, 0)
    if status != 0:
        # The child died (memory, a signal): its half is walked again here rather than lost.
        _drain(pending[1::2], found)
        return found
    for kind, *values in _records(data):
        if kind == "u":
            found.unreadable.append((values[0], values[1]))
        else:
            (found.paths if kind == "p" else found.packages).append(values[0])
    return found


def _child(reader: int, writer: int, pending: list[str]) -> None:
    code = 1
    try:
        os.close(reader)
        found = Found()
        _drain(pending, found)
        records = [("p", path) for path in found.paths] + [("z", path) for path in found.packages]
        lines = ["\0".join(record) for record in [*records, *(("u", *pair) for pair in found.unreadable)]]
        with os.fdopen(writer, "wb") as stream:
            # No file name holds NUL, so two of them end a record.
            stream.write(os.fsencode("\0\0".join(lines)))
        code = 0
    finally:
        os._exit(code)


def _records(data: bytes) -> Iterator[list[str]]:
    for line in os.fsdecode(data).split("\0\0"):
        if line:
            yield line.split("\0")
