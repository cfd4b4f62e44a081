"""One process of ours, known by its number and the moment it began, so that no other is ever hit."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.live.sling.boot.errors import BootError

STOPS_WITHIN = 60
"""Seconds that a Sling may take to shut down before it is killed."""


@dataclass(frozen=True)
class Process:
    """A process that this package started, perhaps in an earlier run of it."""

    pid: int
    began: str

    @classmethod
    def start(cls, command: Sequence[str], folder: Path, log: Path) -> Process:
        with log.open("ab") as output:
            child = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        child.returncode = 0  # It is ended by its number, here or by a later run; Popen need not wait for it.
        return cls(child.pid, _began(child.pid))

    @property
    def alive(self) -> bool:
        running = bool(self.began) and _began(self.pid) == self.began
        with contextlib.suppress(ChildProcessError):  # Not our child when an earlier run started it.
            os.waitpid(self.pid, os.WNOHANG)
        return running

    def stop(self) -> None:
        """Ask it to end, and wait; kill it when it does not."""
        self._signal(signal.SIGTERM)
        if not self._gone_within(STOPS_WITHIN):
            self.kill()

    def kill(self) -> None:
        """SIGKILL: nothing is saved, nothing is closed."""
        self._signal(signal.SIGKILL)
        if not self._gone_within(STOPS_WITHIN):
            raise BootError(f"process {self.pid} does not end")

    def suspend(self) -> None:
        """It takes connections and answers nothing, until it is resumed."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def memory(self) -> int:
        """Resident megabytes."""
        lines = Path(f"/proc/{self.pid}/status").read_text("utf-8").splitlines()
        return next(int(line.split()[1]) >> 10 for line in lines if line.startswith("VmRSS:"))

    def _signal(self, number: signal.Signals) -> None:
        if self.alive:
            os.kill(self.pid, number)

    def _gone_within(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while self.alive:
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True


def _began(pid: int) -> str:
    """When the process began, in ticks since the machine did; empty when there is none, or only its remains."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    fields = text.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]
