"""How a job is cut into parts for processes, and whether it is worth any."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from migrate.workers import SERIAL, Workers

if TYPE_CHECKING:
    from migrate.cli.processes.crew import Crew, Step

Item = TypeVar("Item")
Result = TypeVar("Result")
Task = TypeVar("Task")

_PATIENCE = 0.02
"""Seconds after which a job is worth more processes: several times what it costs to fork one."""
_PART = 0.01
"""Seconds that one part of a list takes: much more than it costs to hand it out."""
_AHEAD = 8
"""Parts of a list that may be under way for each process while an earlier one is awaited."""


def available() -> Workers:
    """As many processes as there are cores for us; this one alone where there is no fork."""
    count = cores() if sys.platform != "win32" and hasattr(os, "fork") else 1
    return Processes(count) if count > 1 else SERIAL


def cores() -> int:
    """How many cores there are for us."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Processes:
    """Workers in forked processes.

    Results come back pickled. What a process that died (memory, a signal) had not finished is done here: nothing
    is lost, and an error is raised here, where it has a traceback. None outlives the job, however it ends.

    Args:
        count: how many processes.
        patience: for how many seconds a job is done here first.
    """

    def __init__(self, count: int, patience: float = _PATIENCE) -> None:
        self._count = count
        self._patience = patience

    def each(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """See :class:`Workers`."""
        if not items:
            return
        # What the first one loads is there for all the processes, and tells nothing about the others.
        yield function(items[0])
        done, spent = 1, 0.0
        while done < len(items) and (spent < self._patience or done < 2):
            started = time.perf_counter()
            result = function(items[done])
            spent += time.perf_counter() - started
            done += 1
            yield result
        left = len(items) - done
        if left * spent <= self._patience * (done - 1):
            yield from map(function, items[done:])
            return
        size = max(1, min(int(_PART * (done - 1) / spent), left // (2 * self._count)))
        yield from self._in_parts(function, [items[at : at + size] for at in range(done, len(items), size)])

    def exhaust(self, step: Step[Task, Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """See :class:`Workers`."""
        left = list(tasks)
        end = time.perf_counter() + self._patience
        # A single task is nothing to share.
        while left and (len(left) < 2 or time.perf_counter() < end):
            yield step(left)
        if left:
            yield from self._crew(step).run(left)

    def _in_parts(
        self, function: Callable[[Item], Result], parts: Sequence[Sequence[Item]]
    ) -> Iterator[Result]:
        """`function` of each item of each part, in order."""

        def step(numbers: list[int]) -> tuple[int, list[Result]]:
            number = numbers.pop()
            return number, [function(item) for item in parts[number]]

        awaited, ahead = 0, _AHEAD * self._count
        pool = list(reversed(range(min(ahead, len(parts)))))
        arrived: dict[int, list[Result]] = {}
        for number, results in self._crew(step).run(pool):
            arrived[number] = results
            while awaited in arrived:
                if awaited + ahead < len(parts):
                    pool.insert(0, awaited + ahead)
                yield from arrived.pop(awaited)
                awaited += 1

    def _crew(self, step: Step[Task, Result]) -> Crew[Task, Result]:
        # Loaded where a job is worth it: most are over before.
        from migrate.cli.processes.crew import Crew

        return Crew(step, self._count)


class Jobs(Processes):
    """So many processes from the first item on: for few items of which each takes long, such as targets."""

    def each(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """See :class:`Workers`."""
        yield from self._in_parts(function, [[item] for item in items])
