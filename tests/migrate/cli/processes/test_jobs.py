"""Any number of processes give what one gives, lose nothing when some die, and leave none behind."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grammar import forms
from grammar.values import Value
from migrate.cli.processes.jobs import Processes, available
from migrate.workers import SERIAL, Workers
from tests.places import ROOT

pytestmark = pytest.mark.posix

XML = (
    b'<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0" '
    b'jcr:primaryType="sling:OsgiConfig" a="1"/>'
)
HERE = os.getpid()


def crew(count: int = 2) -> Processes:
    """Workers that do not wait to see whether a job is long."""
    return Processes(count, patience=0)


@pytest.fixture(autouse=True)
def _nobody_is_left() -> Iterator[None]:
    yield
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
@pytest.mark.parametrize("size", [0, 1, 2, 5, 1_000])
def test_each_keeps_the_order(count: int, size: int) -> None:
    assert list(crew(count).each(lambda item: item * 2, range(size))) == [2 * i for i in range(size)]


def test_each_is_done_by_others() -> None:
    done_by = list(crew().each(lambda item: (time.sleep(0.001), os.getpid())[1], range(60)))
    assert done_by[0] == HERE
    assert len(set(done_by) - {HERE}) == 2


def test_a_short_list_is_done_here() -> None:
    assert list(Processes(2, patience=60).each(lambda item: os.getpid(), range(300))) == [HERE] * 300


def test_a_slow_first_item_makes_no_long_list() -> None:
    def work(item: int) -> int:
        if item == 0:
            time.sleep(0.05)
        return os.getpid()

    assert list(Processes(2, patience=0.04).each(work, range(10))) == [HERE] * 10


def test_results_come_before_all_are_done(tmp_path: Path) -> None:
    """A list that is long holds no more results than the parts that are under way."""
    started = tmp_path / "started"

    def note(item: int) -> int:
        with started.open("ab") as stream:
            stream.write(b"x")
        return item

    results = crew().each(note, range(10_000))
    for _ in range(100):
        next(results)
    assert started.stat().st_size < 10_000
    results.close()  # type: ignore[attr-defined]


def test_results_that_are_larger_than_a_pipe() -> None:
    assert list(crew().each(lambda item: str(item) * 1_000_000, range(8))) == [
        str(item) * 1_000_000 for item in range(8)
    ]


def test_file_names_that_are_no_utf8() -> None:
    names = [os.fsdecode(b"caf\xe9\n%d" % number) for number in range(10)]
    assert list(crew().each(lambda name: name, names)) == names


def numbers_below(size: int) -> Callable[[list[tuple[int, int]]], list[int]]:
    """A step over ranges of numbers: halves a range, or gives its one number."""

    def step(ranges: list[tuple[int, int]]) -> list[int]:
        low, high = ranges.pop()
        if high - low < 2:
            return [low] if low < high else []
        middle = (low + high) // 2
        ranges += [(low, middle), (middle, high)]
        return []

    assert size > 0
    return step


def lopsided(size: int) -> Callable[[list[int]], list[int]]:
    """A step over a chain with one leaf at every link: there is never much to share at once."""

    def step(left: list[int]) -> list[int]:
        number = left.pop()
        if 0 <= number < size - 1:
            left += [-number - 2, number + 1]
        return [number]

    return step


@pytest.mark.parametrize("workers", [SERIAL, crew(1), crew(2), crew(5)])
def test_every_task_is_done_once(workers: Workers) -> None:
    results = [n for part in workers.exhaust(numbers_below(500), [(0, 500)]) for n in part]
    assert sorted(results) == list(range(500))
    chain = [n for part in workers.exhaust(lopsided(300), [0]) for n in part]
    assert sorted(chain) == list(range(-300, -1)) + list(range(300))


def test_what_one_task_leads_to_is_shared() -> None:
    """The whole tree hangs on one task of the first process: the other one gets a part of it all the same."""

    def step(left: list[int]) -> tuple[int, int]:
        number = left.pop()
        if number == 0:
            left.append(1)
            left.append(-1)
        elif number == 1:
            left += range(2, 200)
        time.sleep(0.001)
        return os.getpid(), number

    done = list(crew().exhaust(step, [0]))
    by = {pid: sum(1 for who, _ in done if who == pid) for pid in {pid for pid, _ in done} - {HERE}}
    assert sorted(number for _, number in done) == [-1, 0, 1, *range(2, 200)]
    assert len(by) == 2
    assert min(by.values()) > 10


@pytest.mark.parametrize("end", ["killed", "raises", "leaves"])
@pytest.mark.parametrize("deadly", [{7}, set(range(40)), set(range(10, 1_000, 3))])
def test_what_the_dead_had_to_do_is_done_here(end: str, deadly: set[int]) -> None:
    def work(item: int) -> int:
        if os.getpid() != HERE and item in deadly:
            if end == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            if end == "leaves":
                os._exit(0)
            raise MemoryError
        return item

    assert list(crew(3).each(work, range(1_000))) == list(range(1_000))


def test_the_tasks_of_the_dead_are_done_once() -> None:
    """Also those that it had made, but not those that it had given back."""

    def step(left: list[int]) -> list[int]:
        number = left.pop()
        if number < 200:
            left += [number * 2 + 200, number * 2 + 201]
        if os.getpid() != HERE and number in (199, 350):
            os.kill(os.getpid(), signal.SIGKILL)
        return [number]

    found = [n for part in crew(2).exhaust(step, range(200)) for n in part]
    assert sorted(found) == list(range(600))


def test_no_process_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    monkeypatch.setattr(os, "fork", fork)
    assert list(crew().each(str, range(100))) == [str(item) for item in range(100)]
    if before:
        assert len(os.listdir("/proc/self/fd")) == before


def test_errors_are_raised_here() -> None:
    def work(item: int) -> int:
        if item == 50:
            raise ValueError("item 50")
        return item

    results = crew().each(work, range(100))
    with pytest.raises(ValueError, match="item 50"):
        list(results)


def test_a_result_that_does_not_travel_is_made_here() -> None:
    results = list(crew().each(lambda item: lambda: item, range(20)))
    assert [result() for result in results] == list(range(20))


def test_no_process_outlives_a_job_that_is_stopped(tmp_path: Path) -> None:
    def work(item: int) -> int:
        if item > 1:
            (tmp_path / str(os.getpid())).touch()
            signal.pause()
        return item

    for _ in crew().each(work, range(100)):
        break
    told = [int(name) for name in os.listdir(tmp_path)]
    for pid in told:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


SLOW = """
import os, sys, time
from migrate.cli.processes.jobs import Processes

def work(item):
    sys.stdout.write(f"{os.getpid()}\\n")
    sys.stdout.flush()
    time.sleep(0.01 if item < 2 else 60)
    return item

try:
    list(Processes(2, patience=0).each(work, range(50)))
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize("whom", ["group", "parent"])
def test_nobody_is_left_after_ctrl_c(whom: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SLOW],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        pids: set[int] = set()
        while len(pids) < 3:
            pids.add(int(process.stdout.readline()))
        if whom == "group":
            os.killpg(process.pid, signal.SIGINT)
        else:
            os.kill(process.pid, signal.SIGINT)
        # The streams end when the last of them is gone.
        assert process.stderr.read() == b""
        assert process.wait() == 130
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_an_orphan_ends_at_its_next_word() -> None:
    script = SLOW.replace("0.01 if item < 2 else 60", "0.05")
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT, start_new_session=True
    ) as process:
        assert process.stdout is not None
        pids: set[int] = set()
        while len(pids) < 3:
            pids.add(int(process.stdout.readline()))
        process.kill()
        # Ends with the last process that could write there.
        process.stdout.read()


def test_without_fork_there_is_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    assert available() is SERIAL


@pytest.mark.parametrize(("cores", "kind"), [({0}, type(SERIAL)), ({0, 1}, Processes)])
def test_as_many_as_there_are_cores(cores: set[int], kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: cores, raising=False)
    assert type(available()) is kind
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: len(cores))
    assert type(available()) is kind


@pytest.mark.parametrize(
    ("form", "data"), [("config", b'a="1"\r\n'), ("cfg.json", b'{"a": "1"}'), ("xml", XML)]
)
def test_documents_travel_whole(form: str, data: bytes) -> None:
    document = forms.parse(data, form=form)
    assert list(document) == ["a"]
    arrived = pickle.loads(pickle.dumps(document))
    assert arrived.source == data
    assert arrived.properties == document.properties
    edited = arrived.with_value("a", Value.string("2"))
    assert edited.source == document.with_value("a", Value.string("2")).source
