"""Who does the work of a large job: this process alone, or others that the caller brings along.

Nothing in the library makes a process. What may take long takes workers; the command hands it its own
(`migrate.cli.processes`), and everybody else gets SERIAL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Task = TypeVar("Task")


class Workers(Protocol):
    """What they do has the same results as `SERIAL` gives, which must be picklable; the functions need not be."""

    def each(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """`function` of each item, in their order, some at a time: the results need not fit into memory."""

    def exhaust(self, step: Callable[[list[Task]], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """What came of every step until no task is left, in any order.

        A step takes one task or some from the end of its list and puts there what they lead to.
        """


class Serial:
    """One after the other, here."""

    def each(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        return map(function, items)

    def exhaust(self, step: Callable[[list[Task]], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        left = list(tasks)
        while left:
            yield step(left)


SERIAL: Workers = Serial()
