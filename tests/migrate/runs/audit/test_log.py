"""The audit log: off by default, a chain of hashes, and in the way of a run that cannot be written down."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from migrate.runs import audit
from migrate.runs.apply import ApplyError, execute, resume
from migrate.runs.audit import chain
from migrate.runs.audit import log as writing
from migrate.runs.effects import Placed
from migrate.targets.changes import FileChange
from tests import without_posix
from tests.conftest import FIXTURES, SECRET, Ended
from tests.faults import Fault, killed
from tests.places import ROOT

Run = Callable[..., Ended]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "audit.jsonl"
    monkeypatch.setenv(audit.VARIABLE, str(path))
    return path


def entries(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


@pytest.fixture
def change(tmp_path: Path) -> Callable[[bytes, bytes], object]:
    """One run that gives a file of the target other bytes."""
    root = tmp_path / "target"
    root.mkdir()
    (root / "F.config").write_bytes(b"0")

    def run(before: bytes, after: bytes) -> object:
        changes = (FileChange("F.config", before, after),)
        return execute([Placed(str(root), changes)], targets=[str(root)], state=tmp_path / "state")

    return run


def test_it_is_off_by_default(
    change: Callable[[bytes, bytes], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(audit.VARIABLE, raising=False)
    change(b"0", b"1")
    assert sorted(os.listdir(tmp_path)) == ["state", "target"]


def test_each_begin_and_end_is_a_line(
    slingshift: Run, oauth_options: list[str], log: Path, tmp_path: Path
) -> None:
    tree = Path(shutil.copytree(FIXTURES / "hand-written" / "before", tmp_path / "tree"))
    assert slingshift("plan", tree, *oauth_options).code == 1
    assert not log.exists()
    assert slingshift("apply", tree, *oauth_options, "--yes").code == 0
    assert slingshift("undo", "--yes").code == 0
    assert slingshift("fmt", tree, "-q").code in (0, 3)
    found = entries(log)
    assert [entry["event"] for entry in found[:4]] == ["begun", "done", "undo-begun", "undone"]
    assert [entry["number"] for entry in found] == list(range(1, len(found) + 1))
    assert {entry["run"] for entry in found[:4]} == {found[0]["run"]}
    assert found[0]["previous"] == audit.FIRST
    schema = json.loads((ROOT / "docs" / "schema" / "audit.schema.json").read_text("utf-8"))
    for entry in found:
        jsonschema.Draft202012Validator(schema).validate(entry)
    assert all(len(file["before"] or file["after"]) == 64 for entry in found for file in entry["files"])
    text = log.read_text("utf-8")
    assert SECRET not in text
    if without_posix.fork is not None and not without_posix.WANTED:
        assert log.stat().st_mode & 0o077 == 0
    ended = slingshift("audit", "verify")
    assert (ended.code, ended.out) == (
        0,
        f"{log}: {len(found)} entries, as they were written; the last has the hash {found[-1]['hash']}\n",
    )


@pytest.fixture
def written(change: Callable[[bytes, bytes], object], log: Path) -> Path:
    for number in range(4):
        change(b"%d" % number, b"%d" % (number + 1))
    return log


def _changed(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b'"event":"done"', b'"event":"gone"'), *lines[2:]]


def _rehashed(lines: list[bytes]) -> list[bytes]:
    """As somebody would who knows how the hash is made."""
    entry = json.loads(lines[1])
    entry["user"] = "somebody else"
    del entry["hash"]
    return [lines[0], chain.line_of(entry, chain.hash_of(entry)), *lines[2:]]


DAMAGES: dict[str, tuple[Callable[[list[bytes]], list[bytes]], int]] = {
    "changed": (_changed, 2),
    "changed, with its hash": (_rehashed, 3),
    "left out": (lambda lines: lines[:2] + lines[3:], 3),
    "the first left out": (lambda lines: lines[1:], 1),
    "twice": (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4),
    "moved": (lambda lines: [lines[1], lines[0], *lines[2:]], 1),
    "cut": (lambda lines: [*lines[:-1], lines[-1][:-20]], 8),
    "spelled otherwise": (lambda lines: [lines[0].replace(b'":', b'": ', 1), *lines[1:]], 1),
    "something else": (lambda lines: [*lines, b"hello\n"], 9),
    "deep": (lambda lines: [*lines, b"[" * 100_000 + b"\n"], 9),
}


@pytest.mark.parametrize("how", DAMAGES)
def test_every_damage_is_found_where_it_is(written: Path, how: str, slingshift: Run) -> None:
    assert audit.verify(written).entries == 8
    damage, line = DAMAGES[how]
    written.write_bytes(b"".join(damage(written.read_bytes().splitlines(keepends=True))))
    with pytest.raises(audit.AuditError, match=rf"audit\.jsonl:{line}: "):
        audit.verify(written)
    ended = slingshift("audit", "verify", written)
    assert (ended.code, ended.out) == (4, "")


def test_lines_cut_off_at_the_end_need_a_hash_that_was_kept(written: Path, slingshift: Run) -> None:
    head = audit.verify(written).head
    lines = written.read_bytes().splitlines(keepends=True)
    assert slingshift("audit", "verify", written, "--head", head).code == 0
    written.write_bytes(b"".join(lines[:-2]))
    assert slingshift("audit", "verify", written).code == 0
    ended = slingshift("audit", "verify", written, "--head", head)
    assert (ended.code, "lines were cut off" in ended.err) == (4, True)


@pytest.mark.parametrize("text", [b"half a line", b"hello\n", b'{"number": "x"}\n'])
def test_a_run_that_cannot_be_written_down_does_not_begin(
    change: Callable[[bytes, bytes], object], log: Path, tmp_path: Path, text: bytes
) -> None:
    log.write_bytes(text)
    with pytest.raises(ApplyError, match="Everything is as it was before"):
        change(b"0", b"1")
    assert (tmp_path / "target" / "F.config").read_bytes() == b"0"
    assert log.read_bytes() == text


def test_a_relative_log_is_a_mistake(
    change: Callable[[bytes, bytes], object], monkeypatch: pytest.MonkeyPatch, slingshift: Run
) -> None:
    monkeypatch.setenv(audit.VARIABLE, "audit.jsonl")
    with pytest.raises(ApplyError, match="absolute path"):
        change(b"0", b"1")
    assert slingshift("audit", "prove").code == 2
    assert slingshift("audit", "verify", "none").code == 4


@pytest.mark.skipif(without_posix.fork is None, reason="kills forked processes")
@pytest.mark.usefixtures("no_wait_for_the_disk")
def test_a_killed_run_is_begun_and_ended_by_who_finishes_it(
    change: Callable[[bytes, bytes], object], log: Path, tmp_path: Path
) -> None:
    state, target = tmp_path / "state", tmp_path / "target" / "F.config"
    at, events = 1, set()
    while killed(lambda: change(b"0", b"1"), at):
        if log.exists() and log.stat().st_size and log.read_bytes().endswith(b"\n"):
            with contextlib.suppress(ApplyError):
                resume(state=state)
            audit.verify(log)
            events.add(tuple(entry["event"] for entry in entries(log)))
        log.unlink(missing_ok=True)
        shutil.rmtree(state, ignore_errors=True)
        target.write_bytes(b"0")
        for left in target.parent.glob(".slingshift-*"):
            left.unlink()
        at += 7
    assert ("begun", "begun", "done") in events


@pytest.mark.parametrize("left", [1, 10, 40, 200])
def test_a_line_that_a_kill_cut_off_goes_with_the_next_run(left: int, written: Path, slingshift: Run) -> None:
    """Else one kill would keep every later run from beginning."""
    *whole, last = written.read_bytes().splitlines(keepends=True)
    written.write_bytes(b"".join(whole) + last[:left])
    ended = slingshift("audit", "verify", written)
    assert (ended.code, f"{written}:8: was cut off" in ended.err) == (4, True)
    audit.tell(audit.DONE, _record())
    assert audit.verify(written).entries == 8
    assert written.read_bytes().startswith(b"".join(whole))


@pytest.fixture
def growing(written: Path) -> Iterator[Callable[[], None]]:
    """Lets the log only grow from then on, as an administrator would."""
    if shutil.which("chattr") is None:
        pytest.skip("chattr is not there")

    def only_grow() -> None:
        if subprocess.run(["chattr", "+a", written], capture_output=True).returncode:
            pytest.skip("may not chattr +a here")

    yield only_grow
    subprocess.run(["chattr", "-a", written], check=True)


def test_a_log_that_can_only_grow_takes_entries(
    growing: Callable[[], None], written: Path, change: Callable[[bytes, bytes], object]
) -> None:
    growing()
    change(b"4", b"5")
    assert audit.verify(written).entries == 10


@pytest.mark.parametrize("kept", ["1", "10", "200", "all but the line end", "with its line end", "two parts"])
def test_what_was_cut_off_stays_in_a_log_that_can_only_grow(
    kept: str, growing: Callable[[], None], written: Path, slingshift: Run
) -> None:
    *whole, last = written.read_bytes().splitlines(keepends=True)
    left = {
        "all but the line end": last[:-1], "with its line end": last[:30] + b"\n",
        "two parts": last[:30] + b"\n" + last[:12],
    }  # fmt: skip
    written.write_bytes(b"".join(whole) + (left[kept] if kept in left else last[: int(kept)]))
    before = written.read_bytes()
    growing()
    ended = slingshift("audit", "verify", written)
    assert (ended.code, f"{written}:8: was cut off" in ended.err) == (4, True)
    audit.tell(audit.DONE, _record())
    assert written.read_bytes().startswith(before)
    is_entry = kept == "all but the line end"
    parts = 0 if is_entry else 2 if kept == "two parts" else 1
    found = audit.verify(written)
    assert (found.entries, found.parts) == (9 if is_entry else 8, parts)
    new = json.loads(written.read_bytes().splitlines()[-1])
    assert new["number"] == found.entries
    assert ("torn" in new) is not is_entry
    schema = json.loads((ROOT / "docs" / "schema" / "audit.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(new)
    audit.tell(audit.DONE, _record())
    assert audit.verify(written).entries == found.entries + 1
    ended = slingshift("audit", "verify", written)
    assert (f"and {parts} that killed processes left unfinished" in ended.out) is not is_entry


@pytest.mark.parametrize("how", ["another part", "no part", "one more"])
def test_a_part_that_stays_is_in_the_chain(how: str, growing: Callable[[], None], written: Path) -> None:
    *whole, last = written.read_bytes().splitlines(keepends=True)
    written.write_bytes(b"".join(whole) + last[:40])
    growing()
    audit.tell(audit.DONE, _record())
    subprocess.run(["chattr", "-a", written], check=True)
    *whole, part, last = written.read_bytes().splitlines(keepends=True)
    assert audit.verify(written).entries == 8
    other = {"another part": [part[:30] + b"\n"], "no part": [], "one more": [part, part]}[how]
    written.write_bytes(b"".join([*whole, *other, last]))
    with pytest.raises(audit.AuditError, match=r"audit\.jsonl:8: "):
        audit.verify(written)


@pytest.mark.parametrize("text", [b"root:x:0:0", b'{"version":2', b"x\n# the end", b'{"a": 1}'])
def test_what_is_no_log_is_not_cut(text: bytes, log: Path) -> None:
    log.write_bytes(text)
    with pytest.raises(ApplyError, match="does not end in an entry"):
        audit.tell(audit.DONE, _record())
    assert log.read_bytes() == text


def test_processes_make_one_chain_and_a_killed_one_breaks_none(log: Path) -> None:
    """Two slingshifts at once, and a third that is killed in the middle of a line."""

    if without_posix.fork is None:
        pytest.skip("kills forked processes")
    children = []
    for number in range(6):
        pid = without_posix.fork()
        if pid == 0:
            try:
                for _ in range(10):
                    audit.tell(audit.DONE, _record())
                if number % 2:
                    real = os.write

                    def half(descriptor: int, data: bytes, real: Any = real) -> int:
                        real(descriptor, bytes(data)[:30])
                        os.kill(os.getpid(), signal.SIGKILL)
                        return 0

                    os.write = half  # type: ignore[assignment]
                    audit.tell(audit.DONE, _record())
            finally:
                os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)
    audit.tell(audit.DONE, _record())
    assert audit.verify(log).entries == 61


def test_a_full_disk_leaves_whole_lines(written: Path, change: Callable[[bytes, bytes], object]) -> None:
    before = written.read_bytes()
    at = 1
    while True:
        fault = Fault(at, code=28)
        try:
            with fault.active():
                audit.tell(audit.DONE, _record())
        except ApplyError:
            assert written.read_bytes() == before
        else:
            if not fault.struck:
                break
            written.write_bytes(before)
        at += 1
    audit.verify(written)


def _record() -> Any:
    from migrate.runs.records import Record

    return Record("run", ("t",), ("/t",), "", (), (), (), True)


def test_many_at_once_make_one_chain(log: Path) -> None:
    def write() -> None:
        for _ in range(20):
            audit.tell(audit.DONE, _record())

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert audit.verify(log).entries == 80


def test_the_end_of_a_run_that_cannot_be_written_down_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(audit.VARIABLE, str(tmp_path / "no" / "log"))
    (note,) = audit.told(audit.DONE, _record())
    assert "lacks the end of run run" in note


def test_long_lines_are_read_from_the_end(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_CHUNK", 7)
    for _ in range(3):
        audit.tell(audit.DONE, _record())
    assert audit.verify(log).entries == 3


@pytest.mark.posix
def test_what_has_no_end_is_no_log() -> None:
    with pytest.raises(audit.AuditError, match=r"/dev/zero:1: no whole entry of an audit log"):
        audit.verify(Path("/dev/zero"))


def test_a_long_line_is_one(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "_PART", 64)
    assert audit.verify(written).entries == 8
