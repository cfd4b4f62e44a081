"""Sixty targets of every kind, twelve of them broken in twelve ways, through every verb that takes a fleet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from migrate.ims import validating
from migrate.plans.validation.seen import Token
from migrate.runs.listing import list_runs
from migrate.runs.state import locate
from migrate.targets.instance.session import Session
from tests.conftest import Ended
from tests.migrate.fleet import sixty
from tests.migrate.fleet.sixty import APPLIED, AUTHORS, BROKEN, CANARY, PASSWORD, PLANNED, SOUND, Sixty
from tests.places import ROOT

pytestmark = pytest.mark.posix

Run = Callable[..., Ended]
OLD_SECRETS = (b"fixture-old-jwt-secret", b"p8e-canary-old-secret")


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sixty]:
    monkeypatch.setitem(Session.__init__.__kwdefaults__, "sleep", lambda seconds: None)
    monkeypatch.setenv("SIXTY_PASSWORD", PASSWORD)
    monkeypatch.setattr(
        validating, "ask", lambda *_: Token("unreachable", "there is no way to Adobe from here")
    )
    with sixty.sixty(tmp_path / "f") as made:
        yield made


@pytest.fixture
def run(slingshift: Run, fleet: Sixty) -> Run:
    """The command on the fleet; no secret is in anything that it says."""

    def call(verb: str, *words: str | Path) -> Ended:
        ended = slingshift(verb, "--fleet", fleet.file, *words)
        for secret in (CANARY, PASSWORD, *(old.decode() for old in OLD_SECRETS)):
            assert secret not in ended.out + ended.err
        assert "Traceback" not in ended.err
        assert "a bug in slingshift" not in ended.err
        return ended

    return call


def rows(ended: Ended) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in json.loads(ended.out)["targets"]}


def states(ended: Ended) -> dict[str, tuple[str, int]]:
    return {name: (row["state"], row["exitCode"]) for name, row in rows(ended).items()}


def test_there_are_sixty(fleet: Sixty) -> None:
    assert len(PLANNED) == len(APPLIED) == 60
    assert len(BROKEN) == 12
    assert set(fleet.state()) >= set(SOUND)


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_what_can_be_done_is_done_and_nothing_by_halves(jobs: str, fleet: Sixty, run: Run) -> None:
    before = fleet.state()
    planned = run("plan", "--jobs", jobs, "--format", "json")
    assert states(planned) == PLANNED
    assert (planned.code, fleet.state(), fleet.asked) == (4, before, 1)

    applied = run("apply", "--jobs", jobs, "--yes", "--no-validate", "--format", "json")
    assert states(applied) == APPLIED
    assert list(rows(applied)) == list(rows(planned))
    runs = {name: row["runId"] for name, row in rows(applied).items()}
    assert all(runs[name] for name in SOUND)
    assert not any(runs[name] for name in BROKEN)
    for name, row in rows(applied).items():
        assert (row["error"] is None) == (row["state"] != "failed")
        # What is said of a target names it: its path, its address or its name.
        assert row["error"] is None or str(fleet.root / "t" / name) in row["error"] or "http" in row["error"]
    after = fleet.state()
    for name in before:
        assert (after[name] == before[name]) == (name in BROKEN), name

    done = fleet.requests()
    again = run("apply", "--jobs", jobs, "--yes", "--no-validate", "--format", "json")
    assert states(again) == {**APPLIED, **dict.fromkeys(SOUND, ("unchanged", 0))}
    assert fleet.state() == after
    assert not any(row["runId"] for row in rows(again).values())
    for name in AUTHORS:
        assert not [one for one in fleet.servers[name].asked[done[name] :] if one.method == "POST"]

    for one in ("author03", "package05", "folder07", "source02"):
        assert run("undo", "--limit", one, "--yes").code == 0
    left = run("plan", "--jobs", jobs, "--format", "json")
    taken = {"package05", "folder07", "source02"}
    assert states(left) == {
        **PLANNED,
        **dict.fromkeys(SOUND, ("unchanged", 0)),
        # An instance gets its old values under the new name, since the console makes PIDs of its own.
        **dict.fromkeys([*taken, "author03"], ("pending", 1)),
    }
    for name in taken:
        assert fleet.state()[name] == before[name]


def test_undo_of_all_asks_each_instance_as_the_file_says(
    fleet: Sixty, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fleet.state()
    run("apply", "--jobs", "3", "--yes", "-q", "--no-validate")
    posts = {name: len(fleet.authors[name].posts) for name in AUTHORS}
    heads = [line for line in run("undo", "--diff").out.splitlines() if line.startswith(("# /", "# http"))]
    assert len(heads) == len(SOUND)
    monkeypatch.delenv("SIXTY_PASSWORD")
    ended = run("undo", "--limit", "author*", "--yes", "--format", "json")
    assert ended.code == 2
    assert {row["exitCode"] for row in json.loads(ended.out)["runs"]} == {2}
    assert posts == {name: len(fleet.authors[name].posts) for name in AUTHORS}
    monkeypatch.setenv("SIXTY_PASSWORD", PASSWORD)
    ended = run("undo", "--yes", "--format", "json")
    told = json.loads(ended.out)["runs"]
    assert {row["exitCode"] for row in told} == {0}
    assert len(told) == len(SOUND)
    # Those that never had a run have none to take back, which is said of each.
    assert (ended.code, ended.err.count("there is no run on it")) == (4, len(BROKEN))
    now = fleet.state()
    assert {name for name in before if now[name] != before[name]} == set(AUTHORS)
    assert {one.state for one in list_runs()} == {"undone", "rolled-back"}


def test_an_undo_of_one_instance_leaves_the_others_unasked(fleet: Sixty, run: Run) -> None:
    run("apply", "--limit", "author*", "--yes", "-q", "--no-validate")
    before = fleet.requests()
    assert run("undo", "--limit", "author01", "--yes").code == 0
    assert {name for name, count in fleet.requests().items() if count != before[name]} == {"author01"}


def test_validate_has_one_table_and_asks_several_at_a_time(fleet: Sixty, run: Run) -> None:
    schema = json.loads((ROOT / "docs" / "schema" / "validate.schema.json").read_text("utf-8"))
    wanted = {
        **dict.fromkeys(AUTHORS, ("invalid", 1)),
        **{name: BROKEN[name] for name in ("wrong-password", "closed-port", "server-error")},
    }
    for jobs in ("1", "3"):
        ended = run("validate", "--jobs", jobs, "--skip", "token", "--format", "json")
        jsonschema.Draft202012Validator(schema).validate(json.loads(ended.out))
        assert states(ended) == wanted
        lines = run("validate", "--jobs", jobs, "--skip", "token", "--format", "jsonl").out.splitlines()
        told, last = list(map(json.loads, lines[:-1])), json.loads(lines[-1])
        assert {row["name"]: (row["state"], row["exitCode"]) for row in told} == wanted
        assert last["summary"]["states"] == {"failed": 3, "invalid": 8}
    text = run("validate", "--skip", "token")
    head, *table = text.err.splitlines()[-12:]
    assert head.split() == ["target", "state", "wrong", "unclear", "exit"]
    assert {line.split()[0]: (line.split()[1], int(line.split()[-1])) for line in table} == wanted
    assert text.code == 6
    markdown = run("validate", "--skip", "token", "--format", "markdown").out
    assert "| target | state | wrong | unclear | token | exit |" in markdown


def test_tokens_are_asked_for_with_what_instances_run(fleet: Sixty, run: Run) -> None:
    """Adobe is out of reach of the tests: what matters is what would be asked with, and how often."""
    run("apply", "--yes", "-q", "--no-validate")
    ended = run("check-token", "--token-url", "https://127.0.0.1:1/ims/token/v3", "--format", "json")
    told = rows(ended)
    assert list(told) == list(rows(run("plan", "--format", "json")))
    assert {told[name]["state"] for name in SOUND} == {"unreachable"}
    assert [name for name in SOUND if told[name]["sameAs"] is None] == ["folder00"]
    refused = {name: told[name]["exitCode"] for name in BROKEN}
    assert (refused["wrong-password"], refused["closed-port"], refused["server-error"]) == (5, 6, 6)
    for name in BROKEN:
        assert str(fleet.root / "t" / name) in told[name]["error"] or "http" in told[name]["error"]


def test_scan_and_lint(fleet: Sixty, run: Run) -> None:
    scanned = run("scan", "--jobs", "3", "--format", "json")
    failed = {name: state for name, state in BROKEN.items() if state[0] == "failed"}
    assert states(scanned) == {
        **dict.fromkeys([*SOUND, *BROKEN], ("scanned", 0)),
        **failed,
        **dict.fromkeys(("unreadable", "no-syntax"), ("scanned", 3)),
    }
    linted = run("lint", "--format", "json")
    assert linted.code == 4
    assert linted.err.count("unreadable") == 1
    paths = [hazard["path"] for hazard in json.loads(linted.out)["hazards"]]
    files = [Path(path) for path in paths if not path.startswith("http")]
    assert {path.relative_to(fleet.root / "t").parts[0] for path in files} >= {"no-syntax"}
    for name in AUTHORS:
        assert any(path.startswith(f"{fleet.servers[name].base}/") for path in paths), name
    for name in ("wrong-password", "server-error"):
        assert linted.err.count(fleet.servers[name].base) == 1, name
    assert linted.err.count("refuses the connection") == 1
    assert fleet.asked == 0
    for path in locate().rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes()
