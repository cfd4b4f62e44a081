"""Work in two halves, one of them in a forked process, so that large jobs use two cores.

Processes, not threads: what we do is Python code, which holds the interpreter's lock. Forked, not spawned: a new
interpreter takes longer to start than most halves take to do.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, cast

Result = TypeVar("Result")
Item = TypeVar("Item")

FIRST, SECOND = 0, 1
_CHUNK = 2_000
_WORTH_A_PROCESS = 200


def possible() -> bool:
    """Whether a second process can run beside this one."""
    return hasattr(os, "fork") and (os.cpu_count() or 1) > 1


def in_two(work: Callable[[int], Result]) -> tuple[Result, Result]:
    """`work(FIRST)` here and `work(SECOND)` in a child at the same time; both results.

    The child's result must be picklable. When the child dies (memory, a signal), its half is done here: nothing is
    lost.
    """
    import pickle

    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _second(work, writer)
    os.close(writer)
    try:
        # When our half fails the pipe is closed first: the child must not wait for somebody to read it.
        with os.fdopen(reader, "rb") as stream:
            first = work(FIRST)
            data = stream.read()
    except BaseException:
        # Ctrl-C may have been meant for us alone; nobody waits for the other half any more.
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        _, status = os.waitpid(child, 0)
    return first, cast("Result", pickle.loads(data)) if status == 0 else work(SECOND)


def each(function: Callable[[Item], Result], items: Sequence[Item], *, from_count: int) -> list[Result]:
    """`function` of each item, in their order; in two processes when there are at least `from_count`."""
    if len(items) < from_count or not possible():
        return [function(item) for item in items]
    first, second = in_two(lambda half: [function(item) for item in items[half::2]])
    results = [*first, *second]
    results[0::2], results[1::2] = first, second
    return results


def stream(function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    """`function` of each item, in their order, some thousand at a time: the results need not fit into memory."""
    for start in range(0, len(items), _CHUNK):
        yield from each(function, items[start : start + _CHUNK], from_count=_WORTH_A_PROCESS)


def _second(work: Callable[[int], object], writer: int) -> None:
    """The child: hands over its result and never returns to the code that forked it."""
    import pickle

    code = 1
    try:
        data = pickle.dumps(work(SECOND), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writer, "wb") as stream:
            stream.write(data)
        code = 0
    finally:
        os._exit(code)
