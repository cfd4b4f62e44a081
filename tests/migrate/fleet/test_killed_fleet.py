"""A fleet of every kind of target, killed at many places: `--resume` ends it, and asks nothing of what is done."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from migrate.cli.app import run as run_command
from migrate.fleet import record
from migrate.runs.listing import list_runs
from migrate.runs.state import locate
from migrate.targets.instance.session import Session
from tests import without_posix
from tests.faults import Fault
from tests.migrate.fleet.sixty import packed
from tests.migrate.runs.instance.living import Living
from tests.migrate.targets.instance.author import console_made
from tests.migrate.targets.instance.servers import Reply, Server
from tests.places import FIXTURES

pytestmark = [
    pytest.mark.usefixtures("no_wait_for_the_disk"),
    pytest.mark.skipif(without_posix.fork is None, reason="kills forked processes"),
]

PLACES = int(os.environ.get("SLINGSHIFT_FLEET_KILLS", "10"))
"""At how many places to kill; 200 take some minutes."""
PASSWORD = "p8e-canary-password"
ORDER = ["one", "pack", "source", "author", "last"]


class World:
    """Five targets of every kind, and what is asked meanwhile."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.author = Living()
        self.server: Server | None = None
        self.saved = root.with_name("saved")

    def build(self) -> None:
        pair = FIXTURES / "digits-written-back" / "before"
        for name in ("one", "last"):
            shutil.copytree(pair, self.root / name)
        packed(FIXTURES / "demo" / "content-package", self.root / "pack.zip")
        shutil.copytree(FIXTURES / "package-source" / "before", self.root / "source")
        (self.root / "count.py").write_text(
            f"import pathlib; pathlib.Path({str(self.root)!r}, 'asked').open('a').write('x')\nprint('CANARY-k')\n"
        )
        assert self.server is not None
        (self.root / "fleet.toml").write_text(
            f"""
[defaults]
client-id = "fedcba98765432100123456789abcdef"
org-id = "5A3B1C9D5E7F81234A495E22@AdobeOrg"
client-secret-command = "{sys.executable} {self.root}/count.py"
[targets.one]
path = "one"
[targets.pack]
package = "pack.zip"
[targets.source]
path = "source"
[targets.author]
url = "{self.server.base}"
user = "admin"
password-env = "AEM_PASSWORD"
[targets.last]
path = "last"
"""
        )
        shutil.copytree(self.root, self.saved)

    def reset(self) -> None:
        shutil.rmtree(self.root)
        shutil.copytree(self.saved, self.root)
        shutil.rmtree(locate(), ignore_errors=True)
        author = Living()
        console_made(author)
        for name in (
            "files",
            "nodes",
            "content",
            "entities",
            "live",
            "further",
            "posts",
            "bundles",
            "states",
        ):
            setattr(self.author, name, getattr(author, name))
        self.author.before_post = lambda number: None

    def apply(self) -> int:
        return run_command(
            ["apply", "--fleet", str(self.root / "fleet.toml"), "--yes", "-q", "--no-validate"]
        )

    def forked(self, action: Callable[[], object]) -> bool:
        """Do something in a process of its own; whether it was killed."""
        pid = without_posix.fork()
        if pid == 0:
            try:
                action()
            finally:
                os._exit(0)
        return os.WIFSIGNALED(os.waitpid(pid, 0)[1])

    def calls(self) -> int:
        """How many system calls an apply makes."""
        reader, writer = os.pipe()

        def counted() -> None:
            fault = Fault()
            with fault.active():
                code = self.apply()
            os.write(writer, f"{fault.count} {code}".encode())

        self.forked(counted)
        count, code = os.read(reader, 100).split()
        os.close(reader)
        os.close(writer)
        assert code == b"0"
        return int(count)

    def state(self) -> dict[str, object]:
        files = {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and path.name != "asked"
        }
        return {**files, "author": dict(self.author.files)}

    @property
    def asked(self) -> int:
        path = self.root / "asked"
        return len(path.read_bytes()) if path.exists() else 0


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setitem(Session.__init__.__kwdefaults__, "sleep", lambda seconds: None)
    monkeypatch.setenv("AEM_PASSWORD", PASSWORD)
    (tmp_path / "w").mkdir()
    world = World(tmp_path / "w")
    with world.author.running() as server:
        world.server = server
        world.build()
        world.reset()
        yield world


def resumed(world: World, after: dict[str, object]) -> None:
    """Go on from what a kill left, and prove that it is whole and that nothing done was asked again."""
    done = {one.targets[0] for one in list_runs() if one.state == "done"}
    unfinished = record.unfinished()
    assert world.server is not None
    requests, asked = len(world.server.asked), world.asked
    code = run_command(["apply", "--resume", "-q"])
    if not unfinished:
        # Nothing had been begun, or all had been done.
        assert code == 4
        assert world.apply() == 0
    else:
        assert code == 0
        if world.server.base in done:
            assert len(world.server.asked) == requests
        if len(done) == len(ORDER):
            assert world.asked == asked
    assert world.state() == after
    assert record.unfinished() == []
    assert {one.state for one in list_runs()} == {"done"}
    assert len(list_runs()) == len(ORDER)
    assert not [path for path in world.author.files if path.startswith("/var/")]


def test_killed_at_any_system_call(world: World, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    calls = world.calls()
    after = world.state()
    for place in range(1, calls, max(1, calls // PLACES)):
        world.reset()

        def killed(at: int = place) -> None:
            with Fault(at, kill=True).active():
                world.apply()

        assert world.forked(killed), place
        resumed(world, after)
    out, err = capsysbinary.readouterr()
    assert b"CANARY" not in out + err
    assert PASSWORD.encode() not in out + err


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_every_post(moment: str, world: World) -> None:
    """The instance has, or has not, got what was on its way to it."""
    world.calls()
    after = world.state()
    posts = sum(not path.startswith("/system/console/") for path, _ in world.author.posts)
    assert posts > 1
    for number in range(1, posts + 1):
        world.reset()
        victim: list[int] = []

        def strike(at: int, number: int = number, victim: list[int] = victim) -> Reply | None:
            if at == number and victim:
                os.kill(victim.pop(), signal.SIGKILL)
                return Reply(0) if moment == "before" else None
            return None

        setattr(world.author, f"{moment}_post", strike)
        pid = without_posix.fork()
        if pid == 0:
            try:
                world.apply()
            finally:
                os._exit(0)
        victim.append(pid)
        assert os.WIFSIGNALED(os.waitpid(pid, 0)[1]), number
        setattr(world.author, f"{moment}_post", lambda number: None)
        resumed(world, after)
