"""A run over many targets, killed at every place: `--resume` ends it, and what is done is not done again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.cli.app import run as run_command
from migrate.fleet import record
from migrate.fleet.record import Planned
from migrate.runs.listing import list_runs
from migrate.runs.state import locate
from tests import without_posix
from tests.faults import Fault, killed

pytestmark = [
    pytest.mark.usefixtures("no_wait_for_the_disk"),
    pytest.mark.skipif(without_posix.fork is None, reason="kills forked processes"),
]

Copies = Callable[..., list[Path]]
Run = Callable[..., "object"]
Snapshot = Callable[[Path], dict[str, tuple[bytes, int]]]

PLACES = int(os.environ.get("SLINGSHIFT_FLEET_KILLS", "24"))
"""At how many places to kill; 200 take some minutes."""


class World:
    """Three targets, the state folder, and what becomes of them."""

    def __init__(self, base: Path, options: list[str], targets: list[Path], snapshot: Snapshot) -> None:
        self.base, self.options, self.targets, self.snapshot = base, options, targets, snapshot
        self.saved = base.with_name("saved")
        shutil.copytree(base, self.saved)

    def reset(self) -> None:
        shutil.rmtree(self.base)
        shutil.copytree(self.saved, self.base)
        shutil.rmtree(locate(), ignore_errors=True)

    def apply(self, *more: str) -> int:
        return run_command(["apply", *map(str, self.targets), *self.options, "--yes", "-q", *more])

    def killed_at(self, place: int) -> bool:
        """Apply in a process that is killed at a system call; False when it ended before."""
        return killed(self.apply, place)

    def calls(self) -> int:
        fault = Fault()
        with fault.active():
            assert self.apply() == 0
        return fault.count


@pytest.fixture
def world(tmp_path: Path, copies: Copies, oauth_options: list[str], snapshot: Snapshot) -> World:
    targets = copies(3)
    base = tmp_path / "world"
    base.mkdir()
    moved = [target.rename(base / target.name) for target in targets]
    return World(base, oauth_options, moved, snapshot)


def test_killed_anywhere_resume_ends_it(world: World, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    before = world.snapshot(world.base)
    calls = world.calls()
    after = world.snapshot(world.base)
    assert after != before
    seen = set()
    for place in range(1, calls, max(1, calls // PLACES)):
        world.reset()
        assert world.killed_at(place)
        code = run_command(["apply", "--resume"])
        seen.add(code)
        if code != 0:
            # Nothing had been written down: nothing was touched.
            assert world.snapshot(world.base) == before, place
            assert b"nothing to finish" in capsysbinary.readouterr().err
            assert world.apply() == 0
        assert world.snapshot(world.base) == after, place
        assert record.unfinished() == []
        assert world.apply() == 0
        assert len([run for run in list_runs() if run.state == "done"]) == 3, place
    assert seen == {0, 4}
    assert b"fixture-" not in capsysbinary.readouterr().err


def test_killed_with_several_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    from migrate.runs import apply as running

    real = running.apply_changes

    def killing(target: object, *rest: object, **named: object) -> object:
        if str(target) == str(world.targets[1]):
            os.kill(os.getppid(), signal.SIGKILL)
        return real(target, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "apply_changes", killing)
    pid = without_posix.fork()
    if pid == 0:
        try:
            world.apply("--jobs", "2")
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status)
    monkeypatch.setattr(running, "apply_changes", real)
    # A worker that outlived its parent may hold the lock of its target still; then nothing is done, and 4 says so.
    for _ in range(100):
        if (code := run_command(["apply", "--resume"])) != 4:
            break
        time.sleep(0.1)
    assert code == 0
    assert {run.state for run in list_runs()} == {"done"}
    assert len(list_runs()) == 3


def unfinished(world: World) -> None:
    """Let the run be cut off before its second target."""
    from migrate.runs import apply as running

    pid = without_posix.fork()
    if pid == 0:
        real = running.apply_changes

        def killing(target: object, *rest: object, **named: object) -> object:
            if str(target) == str(world.targets[1]):
                os.kill(os.getpid(), signal.SIGKILL)
            return real(target, *rest, **named)  # type: ignore[arg-type]

        running.apply_changes = killing  # type: ignore[assignment]
        try:
            world.apply()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def test_what_has_changed_since_is_not_done(world: World, slingshift: Run) -> None:
    unfinished(world)
    file = next(world.targets[1].rglob("*provider.123456.config"))
    file.write_bytes(file.read_bytes() + b'mine="1"\n')
    ended = slingshift("apply", "--resume", "--format", "json")
    rows = json.loads(ended.out)["targets"]
    assert [row["state"] for row in rows] == ["applied", "failed", "applied"]
    assert (ended.code, "changed since the run over many targets began" in rows[1]["error"]) == (4, True)
    assert b"mine" in file.read_bytes()
    assert record.unfinished() == []


def test_the_next_command_tells_of_it_and_a_new_run_supersedes_it(world: World, slingshift: Run) -> None:
    unfinished(world)
    told = slingshift("plan", world.targets[2], *world.options).err
    assert "`slingshift apply --resume` goes on with it" in told
    assert world.apply() == 0
    assert record.unfinished() == []


def test_a_secret_that_is_nowhere_is_asked_for_again(
    world: World, slingshift: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    unfinished(world)
    secret = os.environ["SLINGSHIFT_TEST_SECRET"]
    for path in locate().rglob("*.json"):
        assert secret not in path.read_text("utf-8") or "runs" in path.parts
    monkeypatch.delenv("SLINGSHIFT_TEST_SECRET")
    ended = slingshift("apply", "--resume")
    assert (ended.code, "SLINGSHIFT_TEST_SECRET" in ended.err) == (2, True)
    monkeypatch.setenv("ANOTHER", secret)
    assert slingshift("apply", "--resume", "--client-secret-env", "ANOTHER").code == 0
    assert slingshift("plan", *world.targets, "--client-id", "x").code != 4


def test_the_record_says_the_same_from_any_folder(
    world: World, slingshift: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = world.base.with_name("secret")
    secret.write_text("a-secret-of-a-file")
    secret.chmod(0o600)
    monkeypatch.chdir(world.base)
    world.options[4:] = ["--client-secret-file", "../secret"]
    world.targets[:] = [Path(target.name) for target in world.targets]
    unfinished(world)
    monkeypatch.chdir("/")
    ended = slingshift("apply", "--resume", "--format", "json")
    assert [row["state"] for row in json.loads(ended.out)["targets"]] == ["applied"] * 3
    assert "a-secret-of-a-file" not in ended.out + ended.err


@pytest.mark.parametrize("damage", ["", "{", "{}", '{"version": 99}', "[1]"])
def test_a_damaged_record_stops_nobody(damage: str, world: World, slingshift: Run) -> None:
    unfinished(world)
    (path,) = (locate() / "fleets").glob("*.json")
    path.write_text(damage)
    assert record.unfinished() == []
    assert slingshift("apply", "--resume").code == 4
    assert world.apply() == 0


def test_a_stop_takes_back_the_target_at_hand_and_keeps_what_was_done(
    world: World, slingshift: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from migrate.runs import carrying

    real = carrying.carry_out

    def stopping(journal: object, *rest: object) -> object:
        if str(world.targets[1]) in journal.record.targets and rest[0].goal == "new":  # type: ignore[attr-defined]
            raise KeyboardInterrupt
        return real(journal, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(carrying, "carry_out", stopping)
    ended = slingshift("apply", *world.targets, *world.options, "--yes", "--format", "json")
    rows = json.loads(ended.out)["targets"]
    assert [row["state"] for row in rows] == ["applied", "failed", "skipped"]
    assert (ended.code, rows[1]["exitCode"]) == (130, 130)
    assert "`slingshift apply --resume` goes on" in ended.err
    monkeypatch.setattr(carrying, "carry_out", real)
    assert slingshift("apply", "--resume").code == 0
    assert [run.state for run in list_runs()] == ["done", "rolled-back", "done", "done"]


def test_a_record_is_for_its_owner_only() -> None:
    planned = [Planned("a", "/a", "/a", {}, {"x": None}), Planned("b", "/b", "/b", {}, {})]
    made = record.begin(planned)
    (path,) = (locate() / "fleets").glob("*.json")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert record.unfinished() == [made]
    record.end(made)
    record.end(made)
    assert record.unfinished() == []
