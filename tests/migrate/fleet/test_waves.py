"""Waves: the next begins only when those before it are through, and a run that had to halt goes on by `--resume`."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from migrate.cli import exits
from migrate.fleet import record
from migrate.ims import validating
from migrate.plans.validation.seen import Token
from migrate.runs.state import locate
from migrate.targets.instance.session import Session
from tests.conftest import Ended
from tests.migrate.cli.validating.test_validate import OPERATION
from tests.migrate.runs.instance.living import Living
from tests.migrate.targets.instance.author import console_made
from tests.migrate.targets.instance.servers import Server
from tests.places import FIXTURES

Run = Callable[..., Ended]
PASSWORD = "p8e-canary-password"


class World:
    """A canary that is an instance, a folder that follows it, and one that comes last."""

    def __init__(self, root: Path, author: Living, server: Server) -> None:
        self.root, self.author, self.server = root, author, server
        self.file = root / "fleet.toml"
        self.token = Token("unreachable", "no way to IMS")

    @property
    def asked(self) -> int:
        return len((self.root / "asked").read_bytes()) if (self.root / "asked").exists() else 0


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setitem(Session.__init__.__kwdefaults__, "sleep", lambda seconds: None)
    monkeypatch.setenv("AEM_PASSWORD", PASSWORD)
    author = Living()
    console_made(author)
    with author.running() as server:
        world = World(tmp_path, author, server)
        monkeypatch.setattr(validating, "ask", lambda *rest, **named: world.token)
        for name in ("second", "third", "fourth"):
            shutil.copytree(FIXTURES / "digits-written-back" / "before", tmp_path / name)
        (tmp_path / "count.py").write_text(
            f"import pathlib; pathlib.Path({str(tmp_path)!r}, 'asked').open('a').write('x')\nprint('CANARY-waves')\n"
        )
        world.file.write_text(
            f"""
waves = ["canary", "rest"]
[defaults]
client-id = "fedcba98765432100123456789abcdef"
org-id = "5A3B1C9D5E7F81234A495E22@AdobeOrg"
client-secret-command = "{sys.executable} {tmp_path}/count.py"
[targets.first]
url = "{server.base}"
user = "admin"
password-env = "AEM_PASSWORD"
wave = "canary"
[targets.second]
path = "second"
wave = "rest"
[targets.third]
path = "third"
"""
        )
        yield world


@pytest.fixture
def validates(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets instances validate from then on: what that takes is the matter of other tests."""
    from migrate.plans.validation.validation import Validation

    return lambda: monkeypatch.setattr(Validation, "checks", ())


def states(ended: Ended) -> dict[str, tuple[str, int | None]]:
    return {row["name"]: (row["state"], row["exitCode"]) for row in json.loads(ended.out)["targets"]}


def test_a_wave_that_does_not_validate_waits_and_resume_looks_again(
    world: World, slingshift: Run, validates: Callable[[], None]
) -> None:
    ended = slingshift("apply", "--fleet", world.file, "--yes", "--format", "json")
    assert states(ended) == {"first": ("applied", 0), "second": ("skipped", None), "third": ("skipped", None)}
    assert ended.code == exits.PENDING
    assert "the wave canary is not through" in ended.err
    (why,) = [line for line in ended.err.splitlines() if "first: does not validate (" in line]
    # Who cannot reach IMS from here could never go on.
    assert "token" not in why
    assert "`slingshift apply --resume` looks again" in ended.err
    told = slingshift("plan", "--fleet", world.file, "--limit", "second").err
    assert "a run over 3 targets was cut off, or waits" in told

    # Still wrong: nothing is done, and the run can go on later.
    posts = list(world.author.posts)
    ended = slingshift("apply", "--fleet", world.file, "--resume", "--format", "json")
    assert states(ended) == {"first": ("applied", 0), "second": ("skipped", None), "third": ("skipped", None)}
    assert (ended.code, "the wave canary is not through" in ended.err) == (exits.PENDING, True)
    assert world.author.posts == posts or {path for path, _ in world.author.posts[len(posts) :]} == {
        OPERATION
    }

    validates()
    ended = slingshift("apply", "--fleet", world.file, "--resume", "--format", "json")
    assert states(ended) == dict.fromkeys(("first", "second", "third"), ("applied", 0))
    assert (ended.code, record.unfinished()) == (0, [])
    ended = slingshift("apply", "--fleet", world.file, "--resume")
    assert (ended.code, "there is nothing to finish" in ended.err) == (4, True)


def test_what_was_typed_is_asked_for_again_and_once(
    world: World, slingshift: Run, validates: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the run nor its wave writes it down; however many targets have it, nobody types it twice."""
    lines = world.file.read_text().splitlines(keepends=True)
    world.file.write_text(
        "".join(one for one in lines if not one.startswith(("client-secret-command", "password-env")))
    )
    asked: list[str] = []

    def typed(prompt: str) -> str:
        asked.append(prompt)
        return PASSWORD if prompt.startswith("Password") else "CANARY-waves"

    def on_a_terminal(*arguments: object) -> Ended:
        asked.clear()
        for stream in (sys.stdin, sys.stderr):
            monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
        return slingshift("apply", *arguments, "--format", "json")

    monkeypatch.setattr("getpass.getpass", typed)
    questions = [
        f"Password of admin on {world.server.base}: ", "Client secret of fedcba98765432100123456789abcdef: ",
    ]  # fmt: skip
    ended = on_a_terminal("--fleet", world.file, "--yes")
    assert states(ended) == {"first": ("applied", 0), "second": ("skipped", None), "third": ("skipped", None)}
    assert sorted(asked, reverse=True) == questions
    for path in (locate() / record.FLEETS).glob("*.json"):
        assert "CANARY-waves" not in path.read_text()
        assert PASSWORD not in path.read_text()
    validates()
    ended = on_a_terminal("--resume")
    assert states(ended) == dict.fromkeys(("first", "second", "third"), ("applied", 0))
    assert sorted(asked, reverse=True) == questions
    for site in ("second", "third"):
        (written,) = (world.root / site).rglob("*Impl-654321.config")
        assert "CANARY-waves" in written.read_text().replace("\\", "")


def test_a_wave_by_itself_asks_once_too(
    world: World, slingshift: Run, validates: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    validates()
    assert slingshift("apply", "--fleet", world.file, "--wave", "canary", "--yes").code == 0
    asked = world.asked
    assert slingshift("apply", "--fleet", world.file, "--wave", "rest", "--yes").code == 0
    assert world.asked == asked + 1, "for the wave before, and for this one"


def test_once_a_later_wave_has_begun_the_one_before_is_not_asked_again(
    world: World, slingshift: Run, validates: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from migrate.runs import apply as running

    validates()
    real = running.apply_changes

    def stopping(target: object, *rest: object, **named: object) -> object:
        if str(target).endswith("third"):
            raise KeyboardInterrupt
        return real(target, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "apply_changes", stopping)
    assert slingshift("apply", "--fleet", world.file, "--yes").code == exits.INTERRUPTED
    monkeypatch.setattr(running, "apply_changes", real)
    # The folder of the wave before is still asked: nobody knows that it was through. The instance of the first is not.
    requests, asked = len(world.server.asked), world.asked
    ended = slingshift("apply", "--resume", "--format", "json")
    assert states(ended) == dict.fromkeys(("first", "second", "third"), ("applied", 0))
    assert (ended.code, len(world.server.asked)) == (0, requests)
    assert world.asked - asked <= 2


def test_one_that_could_not_be_planned_holds_the_wave_and_is_looked_at_again(
    world: World, slingshift: Run
) -> None:
    """It is not among what the run wrote down to do, and the wave is not through without it."""
    text = world.file.read_text().replace('wave = "canary"', 'wave = "rest"', 1)
    text += '[targets.fourth]\npath = "fourth"\nwave = "canary"\n[targets.fifth]\npath = "fifth"\nwave = "canary"\n'
    world.file.write_text(text)
    provider = next((world.root / "fourth").rglob("*provider.123456.config"))
    good = provider.read_bytes()
    provider.write_bytes(good + b"x=y\n")
    shutil.copytree(FIXTURES / "digits-written-back" / "before", world.root / "fifth")
    ended = slingshift(
        "apply", "--fleet", world.file, "--limit", "second,fourth,fifth", "--yes", "--format", "json"
    )
    assert states(ended) == {"fourth": ("refused", 3), "fifth": ("applied", 0), "second": ("skipped", None)}
    assert "  fourth: refused" in ended.err
    ended = slingshift("apply", "--resume", "--format", "json")
    assert states(ended) == {"fifth": ("applied", 0), "second": ("skipped", None)}
    assert (ended.code, "  fourth: refused" in ended.err) == (exits.PENDING, True)
    provider.write_bytes(good)
    assert slingshift("apply", "--fleet", world.file, "--limit", "fourth", "--yes").code == 0
    ended = slingshift("apply", "--resume", "--format", "json")
    assert states(ended) == {"fifth": ("applied", 0), "second": ("applied", 0)}
    assert (ended.code, record.unfinished()) == (0, [])


def test_a_new_run_over_all_of_them_takes_the_place_of_the_one_that_waits(
    world: World, slingshift: Run, validates: Callable[[], None]
) -> None:
    assert slingshift("apply", "--fleet", world.file, "--yes").code == exits.PENDING
    (waiting,) = record.unfinished()
    assert [one.name for one in waiting.targets] == ["first", "second", "third"]
    validates()
    assert slingshift("apply", "--fleet", world.file, "--limit", "second", "--yes").code == 0
    assert record.unfinished() == [waiting], "a run over some of them does not end what is open of the others"
    ended = slingshift("apply", "--fleet", world.file, "--yes", "--format", "json")
    assert states(ended) == {"first": ("unchanged", 0), "second": ("unchanged", 0), "third": ("applied", 0)}
    assert record.unfinished() == []


def test_what_is_taken_back_since_is_not_done_again(world: World, slingshift: Run) -> None:
    assert slingshift("apply", "--fleet", world.file, "--yes").code == exits.PENDING
    assert slingshift("undo", "--fleet", world.file, "--limit", "first", "--yes").code == 0
    posts = len(world.author.posts)
    ended = slingshift("apply", "--resume", "--format", "json")
    assert states(ended) == {
        "first": ("skipped", None),
        "second": ("skipped", None),
        "third": ("skipped", None),
    }
    assert (ended.code, len(world.author.posts)) == (exits.PENDING, posts)
    assert "  first: pending" in ended.err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--limit", "second"], "leave --limit"),
        (["--wave", "rest"], "leave --limit"),
        (["--only", "delete_stale"], "leave --limit"),
        (["20270102T030405.000000Z-abcdef"], "name one of them"),
    ],
)
def test_what_makes_no_sense_beside_resume(
    more: list[str], words: str, world: World, slingshift: Run
) -> None:
    ended = slingshift("apply", "--fleet", world.file, "--resume", *more)
    assert (ended.code, words in ended.err) == (2, True)


def test_two_do_not_go_on_with_one_run(world: World, slingshift: Run) -> None:
    assert slingshift("apply", "--fleet", world.file, "--yes").code == exits.PENDING
    (waiting,) = record.unfinished()
    with record.owned(waiting):
        ended = slingshift("apply", "--resume")
        assert (ended.code, "the run over 3 targets is at work still (process" in ended.err) == (4, True)
        assert "was cut off" not in slingshift("scan", "--fleet", world.file).err
    assert "was cut off" in slingshift("scan", "--fleet", world.file).err
