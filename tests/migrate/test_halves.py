"""Two processes give what one gives, and lose nothing when the second one dies."""

from __future__ import annotations

import os
import pickle
import signal

import pytest

from grammar import forms
from grammar.values import Value
from migrate import halves

XML = (
    b'<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0" '
    b'jcr:primaryType="sling:OsgiConfig" a="1"/>'
)


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def test_both_halves_come_back_from_two_processes() -> None:
    first, second = halves.in_two(lambda half: (half, os.getpid()))
    assert (first[0], second[0]) == (halves.FIRST, halves.SECOND)
    assert first[1] == os.getpid() != second[1]


def test_more_than_a_pipe_holds() -> None:
    assert halves.in_two(lambda half: str(half) * 1_000_000) == ("0" * 1_000_000, "1" * 1_000_000)


def test_file_names_that_are_no_utf8() -> None:
    name = os.fsdecode(b"caf\xe9\n")
    assert halves.in_two(lambda half: [name]) == ([name], [name])


@pytest.mark.parametrize("count", [0, 1, 5, 6])
def test_each_keeps_the_order(count: int, two_cores: None) -> None:
    assert halves.each(lambda item: item * 2, range(count), from_count=1) == [2 * i for i in range(count)]


def test_few_items_are_not_worth_a_process(two_cores: None) -> None:
    assert halves.each(lambda item: os.getpid(), range(3), from_count=4) == [os.getpid()] * 3


@pytest.mark.parametrize("end", ["killed", "raises"])
def test_the_half_of_a_dead_child_is_done_again(end: str) -> None:
    parent = os.getpid()

    def work(half: int) -> int:
        if os.getpid() != parent:
            if end == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            raise MemoryError
        return half

    assert halves.in_two(work) == (0, 1)


def test_an_error_here_leaves_no_child_behind() -> None:
    def work(half: int) -> bytes:
        if half == halves.FIRST:
            raise ValueError("half")
        return bytes(1_000_000)

    with pytest.raises(ValueError, match="half"):
        halves.in_two(work)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


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
