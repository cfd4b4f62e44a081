"""slingshift, the connection or the instance ends in the middle, or somebody else is at work: never half of it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from migrate.ims.sandbox import endpoint
from tests.live.sling import starts
from tests.live.sling.author import CUSTOMIZER, PROVIDER, Author
from tests.live.sling.migration import Hurry, Migration
from tests.live.sling.pairs import Pair
from tests.live.sling.proxy import Fault, FaultProxy, Match, answered, cut_after, cut_before

FOR_GOOD = 7
"""Seconds after which the repository has written what there is: a crash takes the last five."""
NOTHING = {PROVIDER: {}, CUSTOMIZER: {}}
"""What AEM's components have of names of digits."""
_HURRIED = (
    "import sys; from migrate.runs.instance import settling; settling.QUIET = 1.0; "
    "from migrate.cli.app import run; sys.exit(run(sys.argv[1:]))"
)


class Process:
    """slingshift in a process of its own, that can be killed."""

    def __init__(self, *words: str, state: Path | None = None) -> None:
        environment = {**os.environ, **({"XDG_STATE_HOME": str(state)} if state else {})}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _HURRIED, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
        )

    def kill(self) -> None:
        """SIGKILL; when this returns, it is gone."""
        self._process.kill()
        self._process.wait()

    def ended(self) -> tuple[int, str]:
        """Its exit code, negative where it was killed, and all that it said; no secret is in it."""
        out, _ = self._process.communicate(timeout=300)
        said = out.decode()
        assert not [one for one in (endpoint.DEMO_CLIENT_SECRET, "jwt-secret") if one in said]
        return self._process.returncode, said


def halves(author: Author) -> set[str]:
    """The separators of the names of both files: one, when it is not half done."""
    names = [name for name in author.files() if name.startswith((PROVIDER, CUSTOMIZER))]
    assert len(names) == 2, names
    return {name.removeprefix(PROVIDER).removeprefix(CUSTOMIZER)[0] for name in names}


def killed_again_and_again(words: list[str], go_on: list[str], author: Author, proxy: FaultProxy) -> int:
    """Run something, killed by SIGKILL before its next request that changes something, then after it, and so on,
    until it comes through; gives how often it was killed."""
    kills = 0
    running: list[Process] = []
    while True:
        proxy.forget()
        # Before it was sent, and when the instance has carried it out; else no process would ever come further.
        hit = (
            Fault(before=lambda: running[-1].kill(), forward=False, deliver="nothing")
            if kills % 2 == 0
            else Fault(after=lambda: running[-1].kill(), deliver="nothing")
        )
        proxy.when(Match("POST"), hit)
        running.append(Process(*(go_on if kills else words)))
        code, said = running[-1].ended()
        if code >= 0:
            assert code == 0, said
            return kills
        kills += 1
        author.settle()
        assert len(halves(author)) == 1
        assert kills < 30, said


@pytest.mark.parametrize("author", ["aem65"], indirect=True)
def test_killed_at_every_request_that_changes_something(
    migrated: Migration, author: Author, proxy: FaultProxy
) -> None:
    """The swap, each orphan, what lies below /var: forward and back."""
    starts.console_made(author, Pair())
    before = migrated.runs()
    apply = ["apply", migrated.url, "--yes", "--no-validate", *migrated.who, *migrated.wanted]
    go_on = ["apply", "--resume", "--no-validate", *migrated.who]
    # One swap, two orphans, two for what was moved aside.
    assert killed_again_and_again(apply, go_on, author, proxy) >= 8
    proxy.forget()
    migrated.is_migrated(before)
    assert migrated.wrong() == []
    undo = ["undo", "--yes", *migrated.who]
    assert killed_again_and_again(undo, undo, author, proxy) >= 4
    proxy.forget()
    migrated.is_back(before)


FAULTS: dict[str, Fault] = {
    "cut before": cut_before(),
    "cut after": cut_after(),
    "409": answered(409),
    "500 and carried out": answered(500, forward=True),
    "500": answered(500),
}


@pytest.mark.parametrize("author", ["sling12n"], indirect=True)
def test_faults_at_the_swap(migrated: Migration, author: Author, proxy: FaultProxy, hurried: Hurry) -> None:
    """Never a lost or half-made configuration, always a way on that the message names."""
    starts.digits(author, Pair())
    pids, found = author.pids(), author.files()
    with hurried():
        for name, fault in FAULTS.items():
            proxy.forget()
            proxy.when(Match("POST"), fault)
            ended = migrated.apply("--no-validate", code=(0, 4, 6))
            if "--resume" in ended.err:
                migrated.resume("--no-validate")
            elif ended.code:
                assert author.files() == found, (name, ended.err)
                migrated.apply("--no-validate")
            migrated.is_migrated(NOTHING)
            migrated.undo()
            assert (author.pids(), author.files()) == (pids, found), name


@pytest.mark.cases
@pytest.mark.parametrize("author", ["aem65", "sling12n"], indirect=True)
@pytest.mark.parametrize("name", ["cut before", "cut after", "500", "500 and carried out"])
def test_faults_at_every_request_that_changes_something(
    migrated: Migration, author: Author, proxy: FaultProxy, hurried: Hurry, name: str
) -> None:
    """Each POST in turn meets the fault; whatever was begun is finished from there."""
    met = 0
    with hurried():
        while True:
            # Anew each time: after an undo there are no orphans any more.
            author.clean()
            starts.console_made(author, Pair())
            before = migrated.runs()
            proxy.forget()
            proxy.when(Match("POST", nth=1 + met), FAULTS[name])
            ended = migrated.apply("--no-validate", code=(0, 3, 4, 6))
            count = len(proxy.writes)
            proxy.forget()
            if ended.code and "--resume" in ended.err:
                migrated.resume("--no-validate", code=(0, 3))
            elif ended.code in (4, 6):
                migrated.apply("--no-validate")
            migrated.is_migrated(before)
            assert migrated.wrong() == []
            if met >= count:
                break
            met += 1
    # One swap, two orphans where there are any, two for what was moved aside.
    assert met >= (5 if author.instance.kind.name == "aem65" else 3)


@pytest.fixture
def states(tmp_path: Path) -> tuple[Path, Path]:
    """Of two people on two machines: no lock of ours is between them."""
    return tmp_path / "hers", tmp_path / "his"


@pytest.mark.parametrize("author", ["sling12", "aem65"], indirect=True)
def test_two_at_once(
    migrated: Migration, author: Author, proxy: FaultProxy, states: tuple[Path, Path]
) -> None:
    """Both swaps are sent in the same moment: 409, 500 or twice 200, and never a mix of both."""
    starts.console_made(author, Pair())
    before = migrated.runs()
    together = threading.Barrier(2, timeout=60)
    for nth in (1, 2):
        proxy.when(Match("POST", nth=nth), Fault(before=together.wait))
    words = ("apply", migrated.url, "--yes", "--no-validate", *migrated.who, *migrated.wanted)
    both = [Process(*words, state=state) for state in states]
    ended = [one.ended() for one in both]
    assert any(code == 0 for code, _ in ended), ended
    for (code, said), state in zip(ended, states, strict=True):
        assert code in (0, 3, 4, 6), said
        if "--resume" in said:
            again = Process("apply", "--resume", "--no-validate", *migrated.who, state=state).ended()
            assert again[0] in (0, 3), again[1]
    author.settle()
    migrated.is_migrated(before)
    assert migrated.wrong() == []
    # Whoever was too late finds nothing to do.
    for state in states:
        assert Process("plan", migrated.url, *migrated.who, *migrated.wanted, state=state).ended()[0] == 0


@pytest.mark.parametrize("author", ["sling12"], indirect=True)
@pytest.mark.parametrize("at", ["the swap"])
def test_the_instance_is_killed(migrated: Migration, author: Author, proxy: FaultProxy, at: str) -> None:
    killed_at(migrated, author, proxy, at)


@pytest.mark.cases
@pytest.mark.parametrize(
    ("author", "at"),
    [
        ("aem65", "the swap"),
        ("aem65", "the first orphan"),
        ("aem65", "the cleaning"),
        ("sling12n", "the swap"),
        ("sling12n", "the cleaning"),
    ],
    indirect=["author"],
)
def test_the_instance_is_killed_at_each_step(
    migrated: Migration, author: Author, proxy: FaultProxy, at: str
) -> None:
    killed_at(migrated, author, proxy, at)


STEPS = {
    "the swap": Match("POST", "/apps"),
    "the first orphan": Match("POST", "configMgr"),
    "the cleaning": Match("POST", "/var/slingshift$"),
}


def killed_at(migrated: Migration, author: Author, proxy: FaultProxy, at: str) -> None:
    """What was not written yet is lost with it; the run is finished all the same."""
    starts.console_made(author, Pair())
    time.sleep(FOR_GOOD)
    before = migrated.runs()
    proxy.when(STEPS[at], Fault(after=author.instance.kill))
    ended = migrated.apply("--no-validate", code=6)
    assert "--resume" in ended.err
    author.instance.start()
    migrated.resume()
    migrated.is_migrated(before)
    assert migrated.wrong() == []


@pytest.mark.parametrize("author", ["sling12n"], indirect=True)
def test_a_package_and_its_way_back(migrated: Migration, author: Author, tmp_path: Path) -> None:
    """The same swap by the instance's own package installer, and back.

    That of `aem65` lacks its service user; the classes of FileVault 3.2.8 import packages in tests/live/vault.
    """
    starts.digits(author, Pair())
    pids, found = author.pids(), author.files()
    forward, back = tmp_path / "oauth.zip", tmp_path / "back.zip"
    words = ("--out", str(forward), "--back", str(back))
    migrated.run("package", migrated.url, *words, *migrated.who, *migrated.wanted)
    author.put({"oauth.zip": forward.read_bytes()}, "/apps/packages/install")
    author.until("the new names", lambda: halves(author) == {"-"})
    author.settle()
    migrated.is_migrated(NOTHING)
    assert migrated.wrong() == []
    migrated.plan(code=0)
    author.put({"back.zip": back.read_bytes()}, "/apps/packages/install")
    author.until("the old names", lambda: author.files().keys() == found.keys())
    author.settle()
    assert (author.pids(), author.files()) == (pids, found)
