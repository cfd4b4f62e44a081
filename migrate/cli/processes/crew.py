"""The processes of one job.

One pool of tasks lies with the process that has the job. A process that has nothing to do gets a share of it, and
when it is empty, those that have more than one task left give half of them back. So no core waits while there is
work, whatever its shape.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, NoReturn, TypeVar, cast

from migrate.cli.processes.pipes import receive, send

Result = TypeVar("Result")
Task = TypeVar("Task")

Step = Callable[[list[Task]], Result]
Answer = tuple[list[Result], list[Task], list[Task]]
"""What came of some steps, the tasks that are left, and those that are given back."""


@dataclass(slots=True)
class _Process(Generic[Task, Result]):
    """A forked process as this one sees it.

    Attributes:
        pid: its number.
        orders: the pipe to it: tasks; none at all ask it to give some back.
        answers: the pipe from it.
        tasks: what it is about; none when it waits for us.
        asked: whether it knows that another one waits.
    """

    pid: int
    orders: int
    answers: int
    tasks: list[Task] = field(default_factory=list)
    asked: bool = False


class Crew(Generic[Task, Result]):
    """The processes of one job."""

    def __init__(self, step: Step[Task, Result], count: int) -> None:
        self._step = step
        self._count = count
        self._all: list[_Process[Task, Result]] = []
        self._lost: list[Task] = []

    def run(self, pool: list[Task]) -> Iterator[Result]:
        """What came of each step until pool and processes have nothing left; the caller may add to the pool."""
        try:
            while True:
                self._hand_out(pool)
                if any(process.tasks for process in self._all):
                    yield from self._answered(pool)
                elif pool or self._lost:
                    # The processes are gone, or there never was one.
                    yield self._step(self._lost or pool)
                else:
                    return
        finally:
            # What is left waits for an order, or is not wanted any more: Ctrl-C may have been meant for us alone.
            for process in self._all:
                _end(process)

    def _hand_out(self, pool: list[Task]) -> None:
        """See that nobody waits who could work."""
        idle = [process for process in self._all if not process.tasks]
        while pool and (idle or len(self._all) < self._count):
            process = idle.pop() if idle else self._fork()
            if process is None:
                break
            share = -(-len(pool) // (2 * self._count))
            process.tasks, pool[-share:] = pool[-share:], []
            self._order(process, process.tasks)
        if idle:
            for process in self._all:
                if process.tasks and not process.asked:
                    process.asked = True
                    self._order(process, [])

    def _order(self, process: _Process[Task, Result], tasks: list[Task]) -> None:
        try:
            send(process.orders, tasks)
        except OSError:
            # It died; what it was about is seen to when its answers end.
            process.asked = True

    def _answered(self, pool: list[Task]) -> list[Result]:
        """Wait for answers; gives their results, and puts what was given back into the pool."""
        import select

        poll = select.poll()
        for process in self._all:
            poll.register(process.answers, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll()}
        found: list[Result] = []
        for process in [process for process in self._all if process.answers in ready]:
            answer = cast("Answer[Result, Task] | None", receive(process.answers))
            if answer is None:
                self._lost += process.tasks
                self._all.remove(process)
                self._count -= 1
                _end(process)
                continue
            results, process.tasks, given = answer
            process.asked = False
            pool += given
            found += results
        return found

    def _fork(self) -> _Process[Task, Result] | None:
        """A new process; None when the system has no room for one."""
        import signal

        orders, to_child = os.pipe()
        from_child, answers = os.pipe()
        # Ctrl-C must find a process that knows which of the two it is.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            pid = os.fork()
            if pid == 0:
                # The ends of the others, too: each must see that its orders end when this process is gone.
                ours = [to_child, from_child, *(end for p in self._all for end in (p.orders, p.answers))]
                _serve(self._step, orders, answers, ours, before)
            self._all.append(_Process(pid, to_child, from_child))
            return self._all[-1]
        except OSError:
            os.close(to_child)
            os.close(from_child)
            self._count = len(self._all)
            return None
        finally:
            os.close(orders)
            os.close(answers)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(
    step: Step[Task, Result], orders: int, answers: int, others: Iterable[int], mask: Iterable[int]
) -> NoReturn:
    """The life of a forked process; it never returns to the code that forked it."""
    import gc
    import signal

    try:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            # It ends without a word: the one that forked it has that.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for descriptor in others:
            os.close(descriptor)
        # What is there already is shared with the others as long as nobody writes to it.
        gc.freeze()
        while (tasks := cast("list[Task] | None", receive(orders))) is not None:
            if tasks:
                send(answers, _worked(step, tasks, orders, answers))
    finally:
        os._exit(0)


def _worked(step: Step[Task, Result], tasks: list[Task], orders: int, answers: int) -> Answer[Result, Task]:
    """Do tasks, and give half of what is left as soon as somebody asks for it."""
    import select

    poll = select.poll()
    poll.register(orders, select.POLLIN)
    results: list[Result] = []
    asked = False
    while tasks:
        results.append(step(tasks))
        if not asked and poll.poll(0):
            asked = True
            if receive(orders) is None:
                # Nobody is there any more.
                break
        if asked and len(tasks) > 1:
            # Every other one: the first of a list and the last may differ much in what they lead to.
            given, tasks = tasks[::2], tasks[1::2]
            send(answers, (results, tasks, given))
            results, asked = [], False
    return results, [], []


def _end(process: _Process[Task, Result]) -> None:
    import signal

    os.close(process.orders)
    os.close(process.answers)
    # It may be gone, and nobody's child any more where SIGCHLD is ignored.
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(process.pid, signal.SIGKILL)
        os.waitpid(process.pid, 0)
