"""Several instances: each started when it is first asked for, all put away at the end."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.live.sling.boot.instance import Instance, fetch
from tests.live.sling.boot.kinds import Kind
from tests.live.sling.boot.options import Options


class Lab:
    """One instance of the kind that is asked for, and others for a while.

    Attributes:
        folder: everything is below; at the end only logs are left.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: dict[Kind, Instance] = {}

    def get(self, kind: Kind) -> Instance:
        """The instance of `kind`, running unless a test has stopped it. That of another kind is put away."""
        if kind not in self._running:
            self.close()
            self._running[kind] = self._start(kind, kind.name, Options())
        return self._running[kind]

    @contextmanager
    def another(self, kind: Kind, name: str, options: Options) -> Iterator[Instance]:
        """One more instance, set up in another way, for as long as the caller needs it."""
        instance = self._start(kind, name, options)
        try:
            yield instance
        finally:
            _put_away(instance)

    def close(self) -> None:
        for instance in self._running.values():
            _put_away(instance)
        self._running.clear()

    def _start(self, kind: Kind, name: str, options: Options) -> Instance:
        fetch(kind)
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
