"""Killed or refused at every system call: the next command finishes the run or takes it back, and loses nothing."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.runs.apply import ApplyError, Run, execute, interrupted, list_runs, resume
from migrate.runs.effects import Placed
from migrate.runs.undo import undo
from migrate.targets.changes import FileChange
from tests import without_posix
from tests.faults import MODES, STEP, Fault, Tree, World, killed, settle_both_ways, tree_of

pytestmark = [
    pytest.mark.usefixtures("no_wait_for_the_disk"),
    pytest.mark.skipif(without_posix.fork is None, reason="kills forked processes"),
]

SECRET = b"s3cr3t-canary"
CODES = [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EPERM]


class Applied(World):
    """An apply that does everything at once: edits, renames, deletions, folders that come and go."""

    def build(self) -> None:
        shutil.rmtree(self.base, ignore_errors=True)
        config = self.target / "config.author"
        config.mkdir(parents=True)
        (config / "F.4").mkdir(mode=0o750)
        for name, data, mode in (
            ("F.4/.content.xml", b"<x/>", 0o640),
            ("set.config", b'a="1"\r\n' + SECRET, 0o640),
            ("F.1.config", b'name="x"\n', 0o600),
            ("F-2.config", b"stale", 0o664),
            ("gone.config", b"bye", 0o444),
            ("F.3.config", b"moves as it is", 0o604),
            ("other.config", b"not ours", 0o644),
        ):
            (config / name).write_bytes(data)
            (config / name).chmod(mode)

    def changes(self) -> list[FileChange]:
        def change(name: str, before: bytes | None, after: bytes | None, to: str | None = None) -> FileChange:
            moved = f"config.author/{to}" if to else None
            return FileChange(f"config.author/{name}", before, after, moved)

        return [
            change("set.config", b'a="1"\r\n' + SECRET, b'a="22"\r\n' + SECRET),
            change("F.1.config", b'name="x"\n', b'name="y"\n', "F-1.config"),
            change("F-2.config", b"stale", None),
            change("F.3.config", b"moves as it is", b"moves as it is", "F-2.config"),
            change("gone.config", b"bye", None),
            change("F.4/.content.xml", b"<x/>", b"<y/>", "F-4/.content.xml"),
            FileChange("new/deeper/made.config", None, b"fresh " + SECRET),
        ]

    def execute(self) -> Run:
        return execute(
            [Placed(str(self.target), self.changes())], targets=[str(self.target)], state=self.state
        )


@pytest.fixture
def world(fast_path: Path) -> World:
    made = Applied(fast_path / "world")
    made.build()
    return made


@pytest.fixture
def old(world: World) -> Tree:
    return world.tree()


@pytest.fixture
def new(world: World, old: Tree) -> Tree:
    assert world.execute().state == "done"
    result = world.tree()
    world.build()
    config = "config.author"
    assert result[f"{config}/set.config"] == (0o640 & MODES, b'a="22"\r\n' + SECRET)
    assert result[f"{config}/F-1.config"] == (0o600 & MODES, b'name="y"\n')
    assert result[f"{config}/F-2.config"] == (0o604 & MODES, b"moves as it is")
    assert f"{config}/gone.config" not in result
    assert f"{config}/F.1.config" not in result
    assert f"{config}/F.4" not in result
    assert result[f"{config}/F-4/.content.xml"] == (0o640 & MODES, b"<y/>")
    assert result["new/deeper/made.config"][1] == b"fresh " + SECRET
    return result


def test_apply_killed_at_every_call(world: World, old: Tree, new: Tree) -> None:
    met = set()
    at = 1
    while killed(world.execute, at):
        outcome = settle_both_ways(world, old, new)
        met.add(outcome)
        if outcome != "new":
            assert world.execute().state == "done", "the next apply works"
        assert world.tree() == new
        partial = [run.name for run in (world.state / "runs").iterdir() if not (run / "plan.json").exists()]
        assert outcome == "new" or partial == [], "the next command cleans up"
        world.build()
        at += STEP
    assert met >= {"old", "interrupted"}
    assert at > 150


def test_undo_killed_at_every_call(world: World, old: Tree, new: Tree) -> None:
    world.execute()
    world.save("applied")
    met = set()
    at = 1
    while killed(lambda: undo(None, world.state), at):
        met.add(settle_both_ways(world, old, new))
        if world.tree() == new:
            assert undo(None, world.state).state == "undone"
        assert world.tree() == old
        world.restore("applied")
        at += STEP
    assert met >= {"new", "undo-interrupted"}


@pytest.mark.parametrize("finish", [lambda state: resume(None, state), lambda state: undo(None, state)])
def test_the_way_out_killed_as_well(
    world: World, old: Tree, new: Tree, finish: Callable[[Path], object]
) -> None:
    met = 0
    first = 0
    while killed(world.execute, first := first + 11 * STEP):
        if interrupted(world.state, [str(world.target)]) is None:
            world.build()
            continue
        world.save("first")
        met += 1
        at = 1
        while killed(lambda: finish(world.state), at):
            settle_both_ways(world, old, new)
            world.restore("first")
            at += 7 * STEP
        world.build()
    assert met >= 2


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from-then-on"])
@pytest.mark.parametrize("code", CODES)
def test_apply_refused_at_every_call(world: World, old: Tree, new: Tree, code: int, lasting: bool) -> None:
    at = CODES.index(code) + 1 - STEP
    while True:
        at += STEP
        fault = Fault(at, code=code, lasting=lasting)
        try:
            with fault.active():
                world.execute()
        except ApplyError as error:
            check_message(world, error, old, lasting=lasting)
            settle_both_ways(world, old, new)
            assert world.tree() == old
            world.execute()
        assert world.tree() == new, fault.struck
        world.build()
        if not fault.struck:
            break


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from-then-on"])
@pytest.mark.parametrize("code", CODES)
def test_undo_refused_at_every_call(world: World, old: Tree, new: Tree, code: int, lasting: bool) -> None:
    world.execute()
    world.save("applied")
    at = CODES.index(code) + 1 - STEP
    while True:
        at += STEP
        fault = Fault(at, code=code, lasting=lasting)
        try:
            with fault.active():
                undo(None, world.state)
        except ApplyError as error:
            check_message(world, error, None, lasting=lasting)
            if list_runs(world.state)[-1].state != "undone":
                undo(None, world.state)
        assert world.tree() == old, fault.struck
        world.restore("applied")
        if not fault.struck:
            break


def check_message(world: World, error: ApplyError, old: Tree | None, *, lasting: bool) -> None:
    """One line without content, which tells the truth about what is on the disk."""
    text = str(error)
    assert SECRET.decode() not in f"{error!r} {text} {error.files}"
    assert "\n" not in text
    if old is None:
        return
    if interrupted(world.state, [str(world.target)]) is None or not lasting:
        assert world.tree() == old, text
    if "as it was" in text or "Nothing was changed" in text:
        assert world.tree() == old, text
    elif error.run is not None:
        assert f"slingshift undo {error.run}" in text


def test_stopped_from_the_keyboard(world: World, old: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, seen = os.replace, []

    def interrupt(source: str, target: str, **named: int) -> None:
        if target.endswith(".config"):
            seen.append(target)
            raise KeyboardInterrupt
        replace(source, target, **named)

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(ApplyError) as caught:
        world.execute()
    assert caught.value.kind == "stopped"
    assert "Everything is as it was before" in str(caught.value)
    assert seen
    assert world.tree() == old
    assert [run.state for run in list_runs(world.state)] == ["rolled-back"]


NAMES = st.sampled_from(["a.config", "b.config", "sub/c.config", "sub/d.config", "sub/deep/e.config"])
CONTENTS = st.one_of(st.none(), st.binary(max_size=12))
TREES = st.dictionaries(
    NAMES, st.tuples(st.binary(max_size=12), st.sampled_from([0o600, 0o640, 0o444])), max_size=5
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=TREES,
    after=st.dictionaries(NAMES, CONTENTS),
    moves=st.permutations(range(5)),
    at=st.integers(1, 400),
)
def test_any_changes_killed_anywhere(
    fast_path: Path,
    files: dict[str, tuple[bytes, int]],
    after: dict[str, bytes | None],
    moves: list[int],
    at: int,
) -> None:
    base = fast_path / "any"
    shutil.rmtree(base, ignore_errors=True)
    target, state = base / "target", base / "state"
    target.mkdir(parents=True)
    for name, (data, mode) in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(data)
        (target / name).chmod(mode)
    changes = random_changes(files, after, moves)
    old = tree_of(target)
    killed(lambda: execute([Placed(str(target), changes)], targets=[str(target)], state=state), at)
    waiting = interrupted(state, [str(target)])
    if waiting is None:
        if list_runs(state):
            assert undo(None, state).state == "undone"
    else:
        assert undo(waiting.id, state).state == "undone"
    assert tree_of(target) == old


def random_changes(
    files: dict[str, tuple[bytes, int]], after: dict[str, bytes | None], moves: list[int]
) -> list[FileChange]:
    """Changes that a plan could ask for: each path is a source at most once, and gets content at most once."""
    taken: set[str] = set()
    changes = []
    names = sorted({*files, *after})
    for name, move in zip(names, moves, strict=False):
        before = files[name][0] if name in files else None
        content = after.get(name)
        to = names[move % len(names)]
        if before is not None and content is not None and to not in taken and to not in files:
            taken.add(to)
            changes.append(FileChange(name, before, content, to if to != name else None))
        elif content is not None and name not in taken:
            taken.add(name)
            changes.append(FileChange(name, before, content))
        elif before is not None and content is None and name in after:
            changes.append(FileChange(name, before, None))
    return changes
