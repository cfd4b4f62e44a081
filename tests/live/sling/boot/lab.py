"""Several instances: all that a run of the tests needs, started at once and put away at the end."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.live.sling.boot.instance import Instance, fetch
from tests.live.sling.boot.kinds import Kind
from tests.live.sling.boot.options import Options

ONE_INSTANCE = 1024
"""Megabytes that must be free for each further instance; they take 300 to 600."""


class Lab:
    """One instance of each kind, each started once.

    Attributes:
        folder: everything is below; at the end only logs are left.
    """

    def __init__(self, folder: Path, kinds: Iterable[Kind]) -> None:
        self.folder = folder
        self._kinds = tuple(kinds)
        self._pool = ThreadPoolExecutor(max(1, len(self._kinds)))
        self._starting: dict[Kind, Future[Instance]] = {}

    def get(self, kind: Kind) -> Instance:
        """The running instance of `kind`. The first call starts all kinds, as far as memory allows."""
        for wanted in (kind, *self._kinds):
            if wanted in self._starting:
                continue
            if wanted is kind or _free_megabytes() > ONE_INSTANCE * (len(self._starting) + 1):
                fetch(wanted)
                self._starting[wanted] = self._pool.submit(self._start, wanted, wanted.name, None)
        return self._starting[kind].result()

    @contextmanager
    def another(self, kind: Kind, name: str, options: Options) -> Iterator[Instance]:
        """One more instance, set up in another way, for as long as the caller needs it."""
        fetch(kind)
        instance = self._start(kind, name, options)
        try:
            yield instance
        finally:
            _put_away(instance)

    def close(self) -> None:
        for starting in self._starting.values():
            if starting.exception() is None:
                _put_away(starting.result())
        self._pool.shutdown()

    def _start(self, kind: Kind, name: str, options: Options | None) -> Instance:
        instance = Instance(kind, self.folder / name, options)
        try:
            instance.start()
        except BaseException:
            _put_away(instance)
            raise
        return instance


def _put_away(instance: Instance) -> None:
    """End it and keep nothing but its logs."""
    instance.close()
    logs = instance.logs
    for path in instance.home.iterdir():
        if path in logs:
            continue
        if path.is_dir():
            for log in logs:
                if log.is_relative_to(path):
                    shutil.copyfile(log, instance.home / log.name)
            shutil.rmtree(path)
        else:
            path.unlink()


def _free_megabytes() -> int:
    lines = Path("/proc/meminfo").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) >> 10 for line in lines if line.startswith("MemAvailable:"))
