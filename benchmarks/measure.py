"""Time and memory of commands. Only ratios of figures taken in one run mean anything, so that is what is printed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

SLINGSHIFT = (sys.executable, "-m", "migrate")


class Cost(NamedTuple):
    """What one run of a command took.

    Attributes:
        seconds: wall time.
        kib: the peak resident size of its largest process, in KiB.
        code: its exit code.
    """

    seconds: float
    kib: int
    code: int


def run(command: Sequence[str], *, codes: Sequence[int] = (0,), env: Mapping[str, str] | None = None) -> Cost:
    """Run a command once with its output thrown away.

    Raises:
        SystemExit: an exit code that is not among `codes`: what failed is not worth a figure.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**_environment(), **(env or {})}
    ) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        text = said.decode(errors="replace")[-2000:]
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{text}")
    return Cost(seconds, usage.ru_maxrss, process.returncode)


def _environment() -> dict[str, str]:
    """As installed: an interpreter that may not keep what it has compiled is another thing to measure."""
    return {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def best(rounds: int, *actions: Callable[[], Cost]) -> list[Cost]:
    """The quickest of several rounds for each action. The actions take turns, so that a busy moment hits all."""
    costs: list[list[Cost]] = [[] for _ in actions]
    for _ in range(rounds):
        for action, kept in zip(actions, costs, strict=True):
            kept.append(action())
    return [min(kept) for kept in costs]


def show(what: str, measured: float, bar: float, *, unit: str = "times", at_least: bool = False) -> bool:
    """Print one figure beside its bar; gives whether it keeps it."""
    kept = measured >= bar if at_least else measured <= bar
    bound = "at least" if at_least else "at most"
    print(f"{'ok  ' if kept else 'MISS'}  {what:<62} {measured:>9,.2f} {unit} ({bound} {bar:g})", flush=True)
    return kept
