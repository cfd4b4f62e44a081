"""`--fleet`: the targets of a file, each with its own credential."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from migrate.fleet import record
from migrate.runs import undo as undoing
from migrate.runs.state import locate
from tests import without_posix
from tests.places import FIXTURES, ROOT

Run = Callable[..., "object"]
Snapshot = Callable[[Path], dict[str, tuple[bytes, int]]]
CANARY = "CANARY-8e41-fleet"


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fleet of four, in a folder that is not the working one."""
    root = tmp_path / "f"
    root.mkdir()
    for name in ("a", "b", "c", "d"):
        shutil.copytree(FIXTURES / "digits-written-back" / "before", root / "sites" / name)
    (root / "count.py").write_text(
        f"import pathlib; p = pathlib.Path(r'{root}') / 'asked'\n"
        "p.write_text((p.read_text() if p.exists() else '') + 'x')\n"
        f"print('{CANARY}-of-a-command')\n"
    )
    (root / "secret").write_text(f"{CANARY}-of-a-file")
    (root / "secret").chmod(0o600)
    (root / "fleet.toml").write_text(
        f"""
waves = ["canary", "rest"]
[defaults]
client-id = "fedcba98765432100123456789abcdef"
org-id = "5A3B1C9D5E7F81234A495E22@AdobeOrg"
client-secret-command = "{sys.executable} {root}/count.py"
[targets.first]
path = "sites/a"
wave = "rest"
[targets.second]
path = "sites/b"
wave = "canary"
client-secret-file = "secret"
[targets.third]
path = "sites/c"
tags = ["odd"]
[targets.fourth]
path = "sites/d"
tags = ["odd"]
client-secret-env = "NO_SUCH_VARIABLE"
"""
    )
    monkeypatch.chdir(tmp_path)
    return root / "fleet.toml"


def states(out: str) -> dict[str, tuple[str, int | None]]:
    return {row["name"]: (row["state"], row["exitCode"]) for row in json.loads(out)["targets"]}


def test_each_has_its_own_credential_and_a_command_runs_once(fleet: Path, slingshift: Run) -> None:
    ended = slingshift("plan", "--fleet", fleet, "--format", "json")
    assert states(ended.out) == {
        "second": ("pending", 1), "first": ("pending", 1), "third": ("pending", 1), "fourth": ("failed", 2),
    }  # fmt: skip
    assert "fourth: the environment variable of that name is not set" in ended.err.replace(
        "NO_SUCH_VARIABLE", "of that name"
    )
    assert (fleet.parent / "asked").read_text() == "x"
    assert CANARY not in ended.out + ended.err
    shown = slingshift("plan", "--fleet", fleet, "--limit", "tag:odd", "--color", "never")
    assert "# third\n" in shown.out
    assert CANARY not in shown.out + shown.err


def test_what_is_written_is_its_own_secret(fleet: Path, slingshift: Run) -> None:
    ended = slingshift("apply", "--fleet", fleet, "--limit", "first,second", "--yes", "--format", "json")
    assert states(ended.out) == {"second": ("applied", 0), "first": ("applied", 0)}
    texts = {
        name: next((fleet.parent / "sites" / name).rglob("*Impl-654321.config")).read_text() for name in "ab"
    }
    assert f"{CANARY}-of-a-command" in texts["a"].replace("\\", "")
    assert f"{CANARY}-of-a-file" in texts["b"].replace("\\", "")
    assert CANARY not in ended.out + ended.err


def test_the_command_line_wins(fleet: Path, slingshift: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINE", "another-secret-of-mine")
    ended = slingshift("plan", "--fleet", fleet, "--client-secret-env", "MINE", "--format", "json")
    assert {state for state, _ in states(ended.out).values()} == {"pending"}
    assert not (fleet.parent / "asked").exists()


def test_a_wave_waits_for_the_one_before(fleet: Path, slingshift: Run, snapshot: Snapshot) -> None:
    before = snapshot(fleet.parent / "sites")
    ended = slingshift("apply", "--fleet", fleet, "--wave", "rest", "--yes")
    assert (ended.code, "  second: pending" in ended.err) == (4, True)
    assert "the wave rest waits for the ones before it; nothing was changed" in ended.err
    assert snapshot(fleet.parent / "sites") == before
    assert slingshift("apply", "--fleet", fleet, "--wave", "canary", "--yes").code == 0
    assert slingshift("apply", "--fleet", fleet, "--wave", "rest", "--yes").code == 0
    ended = slingshift("plan", "--fleet", fleet, "--format", "json")
    assert [state for state, _ in states(ended.out).values()] == [
        "unchanged",
        "unchanged",
        "pending",
        "failed",
    ]
    assert slingshift("plan", "--fleet", fleet, "--wave", "none").code == 2


def test_a_wave_that_is_not_through_stops_the_next(fleet: Path, slingshift: Run) -> None:
    site = fleet.parent / "sites" / "b"
    other = next(site.rglob("*provider.123456.config"))
    (site / "more").mkdir()
    shutil.copy(other, site / "more" / other.name)
    ended = slingshift("apply", "--fleet", fleet, "--limit", "first,second", "--yes", "--format", "json")
    assert states(ended.out) == {"second": ("applied", 3), "first": ("skipped", None)}
    assert "the wave canary is not through, so no later one is begun" in ended.err
    assert ended.code == 3


def test_undo_scan_and_lint_take_the_fleet(fleet: Path, slingshift: Run, snapshot: Snapshot) -> None:
    before = snapshot(fleet.parent / "sites")
    scanned = slingshift("scan", "--fleet", fleet, "--format", "json")
    assert [state for state, _ in states(scanned.out).values()] == ["scanned"] * 4
    assert not (fleet.parent / "asked").exists(), "an inventory needs no secret"
    assert slingshift("apply", "--fleet", fleet, "--limit", "first,second,third", "--yes").code == 0
    ended = slingshift("undo", "--fleet", fleet, "--limit", "t*", "--yes")
    assert (ended.code, ended.err.count("is taken back")) == (0, 1)
    ended = slingshift("undo", "--fleet", fleet, "--yes")
    assert (ended.code, ended.err.count("is taken back")) == (4, 2)
    assert snapshot(fleet.parent / "sites") == before
    for name in ("a", "b"):
        (fleet.parent / "sites" / name / "com.example.Odd.config").write_text('a = "1"\n')
    linted = slingshift("lint", "--fleet", fleet, "--limit", "first")
    assert linted.code == 1
    assert str(fleet.parent / "sites" / "a" / "com.example.Odd.config") in linted.out
    assert str(fleet.parent / "sites" / "b") not in linted.out


def test_undo_names_each_target_as_the_fleet_file_does(fleet: Path, slingshift: Run) -> None:
    limit = ["--fleet", fleet, "--limit", "first,second,third"]
    assert slingshift("apply", *limit, "--yes").code == 0
    (changed,) = (fleet.parent / "sites" / "a").rglob("*Impl-654321.config")
    changed.write_bytes(b"x=y")
    listed = json.loads(slingshift("undo", *limit, "--list", "--format", "json").out)["runs"]
    assert [run["name"] for run in listed] == ["second", "first", "third"]
    ended = slingshift("undo", *limit[:2], "--limit", "first,second,fourth", "--yes", "--format", "json")
    rows = {row["name"]: (row["state"], row["exitCode"]) for row in json.loads(ended.out)["runs"]}
    assert rows == {"second": ("undone", 0), "first": ("done", 4)}
    schema = json.loads((ROOT / "docs" / "schema" / "runs.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(ended.out))
    lines = ended.err.splitlines()
    assert [line for line in lines if line.startswith("second: run ") and " is taken back: " in line]
    assert [line for line in lines if line.startswith("slingshift: first: ")]
    assert [line for line in lines if line.startswith("slingshift: fourth: ")]
    assert str(changed) in ended.err


@pytest.mark.skipif(without_posix.fork is None, reason="targets are worked on at a time in forked processes")
def test_undo_takes_some_back_at_a_time(
    fleet: Path, slingshift: Run, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(fleet.parent / "sites")
    assert slingshift("apply", "--fleet", fleet, "--limit", "first,second,third", "--yes").code == 0
    real, met = undoing.undo, fleet.parent / "met"
    met.mkdir()

    def meeting(run: str, **named: object) -> object:
        """Goes on when another one is about its run, too."""
        (met / run).touch()
        deadline = time.monotonic() + 60
        while len(os.listdir(met)) < 2:
            assert time.monotonic() < deadline, "the runs are taken back one after the other"
            time.sleep(0.01)
        return real(run, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(undoing, "undo", meeting)
    ended = slingshift("undo", "--fleet", fleet, "--jobs", 2, "--yes", "--format", "json")
    rows = [(row["name"], row["state"], row["exitCode"]) for row in json.loads(ended.out)["runs"]]
    assert rows == [(name, "undone", 0) for name in ("second", "first", "third")]
    assert snapshot(fleet.parent / "sites") == before


def test_a_killed_fleet_goes_on_and_asks_the_vault_again(
    fleet: Path, slingshift: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from migrate.runs import apply as running

    real = running.apply_changes

    def stopping(target: object, *rest: object, **named: object) -> object:
        if str(target).endswith("/a"):
            raise KeyboardInterrupt
        return real(target, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "apply_changes", stopping)
    ended = slingshift(
        "apply", "--fleet", fleet, "--limit", "first,second,third", "--yes", "--format", "json"
    )
    assert (ended.code, [state for state, _ in states(ended.out).values()]) == (
        130,
        ["applied", "failed", "skipped"],
    )
    for path in (locate() / "fleets").glob("*.json"):
        assert CANARY not in path.read_text()
    monkeypatch.setattr(running, "apply_changes", real)
    (fleet.parent / "asked").unlink()
    os.chdir("/")
    ended = slingshift("apply", "--resume", "--format", "json")
    assert {state for state, _ in states(ended.out).values()} == {"applied"}
    assert (ended.code, (fleet.parent / "asked").read_text()) == (0, "x")
    assert record.unfinished() == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["plan", "x", "--fleet", "f/fleet.toml"], "--fleet names the targets"),
        (["plan", "--limit", "x"], "choose from a fleet file"),
        (["scan", "x", "--limit", "x"], "choose from a fleet file"),
        (["apply", "--fleet", "none.toml", "--yes"], "cannot read the fleet file"),
        (["plan", "--fleet", "f/fleet.toml", "--limit", "nobody"], "fits no target; there are: first"),
        (["plan", "--fleet", "f/fleet.toml", "--out", "p.json"], "--out saves one command line's plan"),
        (["undo", "X", "--fleet", "f/fleet.toml"], "leave --target"),
        (["lint"], "name a TARGET"),
    ],
)
def test_what_makes_no_sense(arguments: list[str], words: str, fleet: Path, slingshift: Run) -> None:
    ended = slingshift(*arguments)
    assert (ended.code, words in ended.err) == (2, True), ended.err


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("print('CANARY-1'); print('CANARY-2')", "has 2 lines, and a secret is one"),
        ("pass", "is empty, so it holds no secret"),
        ("import sys; print('CANARY-3'); sys.exit(7)", "ended with code 7"),
    ],
    ids=["two-lines", "nothing", "fails"],
)
def test_a_command_that_gives_no_secret_runs_once_and_is_named(
    program: str, words: str, fleet: Path, slingshift: Run
) -> None:
    """A vault that says no may lock its user out when it is asked for each target."""
    (fleet.parent / "count.py").write_text(
        f"import pathlib; pathlib.Path(r'{fleet.parent}', 'asked').open('a').write('x')\n{program}\n"
    )
    ended = slingshift("plan", "--fleet", fleet, "--limit", "first,third", "--format", "json")
    assert states(ended.out) == {"first": ("failed", 2), "third": ("failed", 2)}
    for name in ("first", "third"):
        assert f"slingshift: {name}: " in ended.err
    assert ended.err.count(words) == 2
    assert "CANARY" not in ended.out + ended.err
    assert (fleet.parent / "asked").read_text() == "x"


VERBS = [
    ["plan"],
    ["plan", "--format", "json"],
    ["plan", "--format", "jsonl"],
    ["plan", "--format", "markdown"],
    ["plan", "--format", "github"],
    ["plan", "--format", "sarif"],
    ["plan", "--stat", "-v"],
    ["scan", "-v"],
    ["scan", "--format", "jsonl"],
    ["lint", "-v"],
    ["apply", "--yes", "-v"],
    ["apply", "--yes", "--format", "jsonl"],
    ["undo", "--diff"],
    ["undo", "--yes", "--format", "json"],
]


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_no_secret_anywhere(jobs: str, fleet: Path, slingshift: Run) -> None:
    """Old secrets and new ones, on every path that a fleet takes."""
    old = "CANARY-old-secret-33d"
    for file in (fleet.parent / "sites").rglob("*Impl.654321.config"):
        file.write_text(file.read_text().replace("fixture-old-jwt-secret", old))
        assert old in file.read_text()
    assert slingshift("apply", "--fleet", fleet, "--limit", "third", "--yes").code == 0
    for verb, *more in VERBS:
        several = ["--jobs", jobs] if verb in ("plan", "scan", "apply") else []
        ended = slingshift(verb, "--fleet", fleet, *more, *several)
        assert ended.out + ended.err
        for secret in (old, CANARY):
            assert secret not in ended.out + ended.err, (verb, more)
    for path in locate().rglob("*"):
        assert CANARY not in path.name
        if path.is_file() and path.suffix == ".json":
            assert CANARY not in path.read_text("utf-8", "replace")
            assert old not in path.read_text("utf-8", "replace")
