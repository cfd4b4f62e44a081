"""A process killed, or refused by the system, at any system call: for the tests that nothing is ever lost."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest

from migrate.runs.apply import interrupted, resume
from migrate.runs.undo import undo
from migrate.targets import system
from tests import without_posix

CALLS = [
    *("open", "read", "write", "pread", "pwrite", "ftruncate", "fsync", "listdir", "stat", "fstat", "lstat"),
    *("replace", "link", "unlink", "mkdir", "rmdir", "chmod", "fchmod", "fchown"),
    *("listxattr", "getxattr", "setxattr"),
]
STEP = int(os.environ.get("SLINGSHIFT_SWEEP_STEP", "6"))
"""Every how many system calls to strike; 1 strikes at each (over a minute)."""

MODES = 0o7777 if system.HOLDS_FOLDERS else 0o200
"""What a mode says: on Windows only whether a file may be written to."""

Tree = dict[str, tuple[int, bytes | None]]


class Fault:
    """Counts the system calls of a block, and strikes at the k-th.

    Attributes:
        at: the call to strike at, from 1; 0 for none.
        kill: SIGKILL the process there (half of a write is done first) rather than fail.
        code: the errno to fail with.
        lasting: fail each call from there on that changes the disk.
    """

    def __init__(
        self, at: int = 0, *, kill: bool = False, code: int = errno.EIO, lasting: bool = False
    ) -> None:
        self.at, self.kill, self.code, self.lasting = at, kill, code, lasting
        self.count = 0
        self.struck = ""

    @contextlib.contextmanager
    def active(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for name in filter(partial(hasattr, os), CALLS):
                patch.setattr(os, name, self._wrap(name, getattr(os, name)))
            module, name = ("fcntl", "flock") if system.HOLDS_FOLDERS else ("msvcrt", "locking")
            locks = import_module(module)
            patch.setattr(locks, name, self._wrap("lock", getattr(locks, name)))
            yield

    def _wrap(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **named: object) -> object:
            self.count += 1
            changes = name not in ("read", "pread", "stat", "fstat", "lstat", "listdir", "listxattr", "lock")
            opens_to_read = name == "open" and not int(str(args[1])) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if self.count == self.at or (
                self.lasting and 0 < self.at < self.count and changes and not opens_to_read
            ):
                self._strike(name, real, args)
            if name == "fsync":
                return (
                    None  # A kill loses nothing that was written; waiting for the disk would only take time.
                )
            return real(*args, **named)

        return call

    def _strike(self, name: str, real: Callable[..., object], args: tuple[object, ...]) -> None:
        if self.kill:
            if name == "write":
                data = memoryview(args[1])  # type: ignore[arg-type]
                real(args[0], data[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        self.struck = self.struck or name
        raise OSError(self.code, os.strerror(self.code))


class World:
    """A target and a state folder that can be put back. What is in it, and what is done to it, is to be said."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.target, self.state = base / "target", base / "state"

    def build(self) -> None:
        """The target as it is before."""
        raise NotImplementedError

    def execute(self) -> object:
        """What is done to it."""
        raise NotImplementedError

    def tree(self) -> Tree:
        return tree_of(self.target)

    def save(self, name: str) -> None:
        shutil.rmtree(self.base.with_name(name), ignore_errors=True)
        shutil.copytree(self.base, self.base.with_name(name), symlinks=True)

    def restore(self, name: str) -> None:
        shutil.rmtree(self.base)
        shutil.copytree(self.base.with_name(name), self.base, symlinks=True)


def tree_of(folder: Path) -> Tree:
    found: Tree = {}
    for parent, folders, names in os.walk(folder):
        for name in folders + names:
            path = Path(parent, name)
            data = path.read_bytes() if path.is_file() else None
            mode = path.stat().st_mode & MODES if data is not None or system.HOLDS_FOLDERS else 0
            found[path.relative_to(folder).as_posix()] = (mode, data)
    return found


def killed(action: Callable[[], object], at: int) -> bool:
    """Run an action in a child that is killed at its k-th system call; False when it came to its end before."""
    child = without_posix.fork()
    if child == 0:
        code = 3
        try:
            with Fault(at, kill=True).active():
                action()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the action failed by itself"
    return os.WIFSIGNALED(status)


def settle_both_ways(world: World, old: Tree, new: Tree) -> str:
    """From what a kill left: both ways out lead to a whole tree, and a new apply works. Says what was found."""
    found = interrupted(world.state, [str(world.target)])
    if found is None:
        assert world.tree() in (old, new)
        return "old" if world.tree() == old else "new"
    world.save("killed")
    assert resume(found.id, world.state).state in ("done", "undone")
    assert world.tree() == (new if found.state == "interrupted" else old)
    world.restore("killed")
    assert undo(found.id, world.state).state == "undone"
    assert world.tree() == old
    return found.state
