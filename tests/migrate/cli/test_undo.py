"""`slingshift undo`, `apply --resume` and what the commands say about runs that ended badly."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.runs.state import locate
from tests.places import ROOT

Run = Callable[..., "object"]
Snapshot = Callable[[Path], dict[str, tuple[bytes, int]]]


@pytest.fixture
def root(case: Callable[[str], Path]) -> Path:
    return case("digits-written-back")


@pytest.fixture
def applied(root: Path, slingshift: Run, oauth_options: list[str]) -> Path:
    """The target after an apply."""
    assert slingshift("apply", root, *oauth_options, "--yes").code == 0
    return root


def journal() -> Path:
    """The folder of the newest run."""
    return max((locate() / "runs").iterdir())


def interrupt() -> str:
    """Make the newest run look as if its process had been killed just before the end; gives its id."""
    (journal() / "state").unlink()
    return journal().name


def new_provider(root: Path) -> Path:
    return next(root.rglob("*provider-123456.config"))


def test_the_list_as_text_and_as_json(applied: Path, slingshift: Run) -> None:
    assert "done" in slingshift("undo", "--list").out
    (run,) = json.loads(slingshift("undo", "--list", "--format", "json").out)["runs"]
    assert (run["state"], run["targets"]) == ("done", [str(applied)])
    assert slingshift("undo", "--yes").code == 0
    (run,) = json.loads(slingshift("undo", "--list", "--format", "json").out)["runs"]
    assert run["state"] == "undone"


def test_nothing_to_take_back(slingshift: Run) -> None:
    assert slingshift("undo", "--list").out == "no runs\n"
    ended = slingshift("undo", "--yes")
    assert (ended.code, ended.err) == (4, "slingshift: there is no run to take back\n")
    ended = slingshift("apply", "--resume")
    assert (ended.code, "nothing to finish" in ended.err) == (4, True)


@pytest.mark.parametrize("run", ["nonsense", "../..", "20261125T194404.428229Z-a41739", ""])
def test_a_run_that_is_none(run: str, applied: Path, slingshift: Run, snapshot: Snapshot) -> None:
    before = snapshot(applied)
    ended = slingshift("undo", run, "--yes")
    assert (ended.code, "no such run" in ended.err) == (4, True)
    assert snapshot(applied) == before


def test_it_asks_and_needs_yes_without_a_terminal(applied: Path, slingshift: Run, snapshot: Snapshot) -> None:
    before = snapshot(applied)
    ended = slingshift("undo")
    assert (ended.code, "--yes" in ended.err) == (2, True)
    assert snapshot(applied) == before


def test_quiet_and_verbose(applied: Path, slingshift: Run, oauth_options: list[str]) -> None:
    run = journal()
    ended = slingshift("undo", "--yes", "-q")
    assert ended.err == f"run {run.name} is taken back: 2 files are what they were\n"
    assert slingshift("apply", applied, *oauth_options, "--yes").code == 0
    assert f"journal: {journal()}\n" in slingshift("undo", "--yes", "-v").err


def test_a_file_changed_since_is_named_with_a_way_out(applied: Path, slingshift: Run) -> None:
    file = new_provider(applied)
    file.write_bytes(file.read_bytes() + b'mine="1"\n')
    ended = slingshift("undo", "--yes")
    assert ended.code == 4
    assert f"{file}: the run made this file; move yours elsewhere" in ended.err
    assert b"mine" in file.read_bytes()
    file.rename(file.with_name("mine"))
    assert slingshift("undo", "--yes").code == 0


def test_an_edited_file_changed_since_is_put_back_by_the_line_that_is_printed(
    applied: Path, slingshift: Run, oauth_options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLINGSHIFT_TEST_SECRET", "another-secret")
    assert slingshift("apply", applied, *oauth_options, "--yes").code == 0
    file = next(applied.rglob("*Impl-654321.config"))
    file.write_text("mine")
    ended = slingshift("undo", "--yes")
    line = next(line for line in ended.err.splitlines() if " cp " in line)
    assert os.system(line[line.index("cp ") :]) == 0
    ended = slingshift("undo", "--yes")
    assert (ended.code, "1 file is what it was" in ended.err) == (0, True)


def test_a_newer_run_stands_in_the_way(
    applied: Path, slingshift: Run, oauth_options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = journal().name
    monkeypatch.setenv("SLINGSHIFT_TEST_SECRET", "another-secret")
    assert slingshift("apply", applied, *oauth_options, "--yes").code == 0
    ended = slingshift("undo", first, "--yes")
    assert (ended.code, f"slingshift undo {journal().name}" in ended.err) == (4, True)
    assert slingshift("undo", journal().name, "--yes").code == 0
    assert slingshift("undo", first, "--yes").code == 0


def test_a_folder_that_is_gone_is_named_and_nothing_is_begun(
    root: Path, applied: Path, slingshift: Run, snapshot: Snapshot
) -> None:
    before = snapshot(ROOT / "fixtures" / "digits-written-back" / "before")
    shutil.rmtree(applied / "apps")
    ended = slingshift("undo", "--yes")
    assert ended.code == 4
    folder = applied / "apps" / "system" / "config"
    assert f"mkdir -p {folder}\n" in ended.err
    assert "done" in slingshift("undo", "--list").out
    folder.mkdir(parents=True)
    assert slingshift("undo", "--yes").code == 0
    restored = {name: data for name, (data, _) in snapshot(root).items()}
    assert set(restored.items()) <= {(name, data) for name, (data, _) in before.items()}


@pytest.mark.parametrize("verb", ["plan", "apply", "scan"])
def test_the_next_command_tells_of_an_interrupted_run(
    verb: str, applied: Path, slingshift: Run, oauth_options: list[str]
) -> None:
    run = interrupt()
    options = [] if verb == "scan" else oauth_options
    ended = slingshift(verb, applied, *options, *(["--yes"] if verb == "apply" else []))
    assert ended.code == 0
    assert f"run {run} was interrupted; `slingshift undo {run}` takes it back" in ended.err
    other = applied.parent / "other"
    other.mkdir()
    assert "interrupted" not in slingshift("scan", other).err


def test_an_interrupted_run_is_finished_or_taken_back(
    root: Path, slingshift: Run, oauth_options: list[str], snapshot: Snapshot
) -> None:
    before = snapshot(root)
    assert slingshift("apply", root, *oauth_options, "--yes").code == 0
    after = snapshot(root)
    interrupt()
    assert slingshift("apply", "--resume").code == 0
    assert snapshot(root) == after
    interrupt()
    assert slingshift("undo", "--yes").code == 0
    assert snapshot(root) == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda run: (run / "plan.json").write_text(""),
        lambda run: (run / "plan.json").unlink(),
        lambda run: (run / "plan.json").write_text("{"),
        lambda run: (run / "plan.json").write_text("{}"),
        lambda run: (run / "plan.json").write_bytes(os.urandom(100)),
        lambda run: ((run / "plan.json").unlink(), (run / "plan.json").mkdir()),
        pytest.param(
            lambda run: ((run / "plan.json").unlink(), (run / "plan.json").symlink_to("/dev/null")),
            marks=pytest.mark.posix,
        ),
        lambda run: (run / "state").write_text("odd"),
        lambda run: ((run / "state").unlink(), (run / "state").mkdir()),
    ],
)
def test_a_damaged_journal_stops_nobody_and_is_told(
    damage: Callable[[Path], object], applied: Path, slingshift: Run, oauth_options: list[str]
) -> None:
    damage(journal())
    assert "damaged" in slingshift("undo", "--list").out
    assert slingshift("plan", applied, *oauth_options).code == 0
    for arguments in (["undo", "--yes"], ["undo", journal().name, "--yes"], ["plan", applied]):
        told = slingshift(*arguments).err
        assert "the journal is damaged" in told, arguments
        assert f".slingshift-{journal().name}-*.tmp" in told
    assert slingshift("apply", applied, *oauth_options, "--org-id", "0@AdobeOrg", "--yes").code == 0
    damaged_run = min((locate() / "runs").iterdir())
    assert (damaged_run / "old.0").exists(), "no later run takes the originals away"
    shutil.rmtree(damaged_run)
    assert "the journal is damaged" not in slingshift("plan", applied, *oauth_options).err


@pytest.mark.parametrize(
    "change", [("apps", "appt"), ('"mode": 420', '"mode": 511'), ('"uid": ', '"uid": 1')]
)
def test_a_journal_is_not_believed_when_anything_in_it_has_changed(
    change: tuple[str, str], applied: Path, slingshift: Run, snapshot: Snapshot
) -> None:
    before = snapshot(applied)
    plan = journal() / "plan.json"
    assert change[0] in plan.read_text()
    plan.write_text(plan.read_text().replace(*change, 1))
    ended = slingshift("undo", journal().name, "--yes")
    assert (ended.code, "the journal is damaged" in ended.err) == (4, True)
    assert snapshot(applied) == before


@pytest.mark.parametrize("damage", [b"", b"garbage", None])
def test_a_damaged_copy_stops_undo_before_anything_is_done(
    damage: bytes | None, applied: Path, slingshift: Run, snapshot: Snapshot
) -> None:
    before = snapshot(applied)
    copy = max(journal().glob("old.*"))
    if damage is None:
        copy.unlink()
    else:
        copy.write_bytes(damage)
    ended = slingshift("undo", "--yes")
    assert (ended.code, str(copy) in ended.err) == (4, True)
    assert snapshot(applied) == before
    assert "  done  " in slingshift("undo", "--list").out


def test_a_state_folder_within_the_target_is_not_even_made(
    root: Path, slingshift: Run, oauth_options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(root / "state"))
    ended = slingshift("apply", root, *oauth_options, "--yes")
    assert (ended.code, "lie within one another" in ended.err) == (4, True)
    assert not (root / "state").exists()


def test_the_advice_is_about_the_run_of_this_target(
    case: Callable[[str], Path], slingshift: Run, oauth_options: list[str], snapshot: Snapshot
) -> None:
    first, second = case("digits-written-back"), case("uuid-names")
    runs = []
    for root in (first, second):
        assert slingshift("apply", root, *oauth_options, "--yes").code == 0
        runs.append(interrupt())
    told = slingshift("plan", first, *oauth_options).err
    assert f"`slingshift apply --resume {runs[0]}` finishes it" in told
    assert runs[1] not in told
    assert slingshift("apply", "--resume", runs[0]).code == 0
    states = {
        run["id"]: run["state"]
        for run in json.loads(slingshift("undo", "--list", "--format", "json").out)["runs"]
    }
    assert [states[run] for run in runs] == ["done", "interrupted"]


def test_a_run_that_is_none_is_refused_before_anybody_is_asked(
    applied: Path, slingshift: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from migrate.cli import console

    monkeypatch.setattr(console, "can_ask", lambda: True)
    monkeypatch.setattr(console, "confirm", lambda question: pytest.fail(question))
    ended = slingshift("undo", "nope")
    assert (ended.code, "no such run" in ended.err) == (4, True)
    assert slingshift("undo", "--yes").code == 0
    ended = slingshift("undo", journal().name)
    assert (ended.code, "there is nothing to take back" in ended.err) == (4, True)


def test_the_list_of_files_says_what_becomes_of_each(applied: Path, slingshift: Run) -> None:
    ended = slingshift("undo")
    lines = [line.split(maxsplit=1) for line in ended.err.splitlines() if line.startswith("  ")]
    assert [word for word, _ in lines] == ["back", "gone", "back", "gone"]
    assert all(Path(path).is_absolute() for _, path in lines)
    (run,) = json.loads(slingshift("undo", "--list", "--format", "json").out)["runs"]
    assert {row["becomes"] for row in run["undo"]} == {"back", "gone"}
    assert [row["path"] for row in run["undo"]] == run["files"]


@pytest.mark.parametrize(
    "name", ["xml", "package-source", "stale-left-behind", "run-modes", "folder-node", "empty"]
)
def test_undo_counts_as_apply_does(
    name: str, slingshift: Run, oauth_options: list[str], case: Callable[[str], Path], tmp_path: Path
) -> None:
    if name == "empty":
        root, options = tmp_path / name, ["--create", "config"]
        root.mkdir()
    else:
        root, options = case(name), []
    applied = re.search(
        r"(\d+) files? to change", slingshift("apply", root, *oauth_options, *options, "--yes").err
    )
    undone = slingshift("undo", "--yes").err.rpartition(" is taken back: ")[2]
    assert applied is not None
    assert sum(map(int, re.findall(r"\d+", undone))) == int(applied[1])
    assert ("that it made are gone" in undone) == (name == "empty")


def test_the_newest_run_of_a_target(
    case: Callable[[str], Path], slingshift: Run, oauth_options: list[str], snapshot: Snapshot
) -> None:
    first, second = case("digits-written-back"), case("uuid-names")
    before = snapshot(first)
    for root in (first, second):
        assert slingshift("apply", root, *oauth_options, "--yes").code == 0
    after = snapshot(second)
    listed = json.loads(slingshift("undo", "--list", "--target", first, "--format", "json").out)["runs"]
    assert [run["targets"] for run in listed] == [[str(first)]]
    assert slingshift("undo", "--target", first, "--yes").code == 0
    assert (snapshot(first), snapshot(second)) == (before, after)
    ended = slingshift("undo", "--target", first, "--target", second, "--yes", "--format", "json")
    assert (ended.code, f"{first}: there is no run on it to take back" in ended.err) == (4, True)
    (row,) = json.loads(ended.out)["runs"]
    assert (row["targets"], row["state"], row["exitCode"], row["error"]) == ([str(second)], "undone", 0, None)


def test_the_diff_shows_what_would_come_back(
    applied: Path, slingshift: Run, snapshot: Snapshot, oauth_options: list[str]
) -> None:
    before = snapshot(applied)
    ended = slingshift("undo", "--diff")
    assert (ended.code, ended.err, snapshot(applied)) == (0, "", before)
    assert (
        "rename from apps/system/config/com.adobe.granite.auth.oauth.accesstoken.provider-123456.config"
        in ended.out
    )
    assert (
        "rename to apps/system/config/com.adobe.granite.auth.oauth.accesstoken.provider.123456.config"
        in ended.out
    )
    assert '-auth.ims.client.secret="***" (before)' in ended.out
    assert "/ims/exchange/jwt" in ended.out
    for secret in ("fixture-old-jwt-secret", os.environ["SLINGSHIFT_TEST_SECRET"]):
        assert secret not in ended.out
    assert slingshift("undo", "--yes").code == 0
    assert slingshift("undo", journal().name, "--diff").code == 4


def test_the_diff_of_what_nobody_can_read_shows_nothing(applied: Path, slingshift: Run) -> None:
    file = next(applied.rglob("*Impl-654321.config"))
    file.write_text('auth.ims.client.secret="mine=x"\n')
    ended = slingshift("undo", "--diff")
    assert f"# {file}: comes back, too; not shown, since it cannot be read" in ended.out
    assert "mine" not in ended.out


def test_old_journals_are_deleted_and_no_others(
    root: Path, slingshift: Run, oauth_options: list[str], snapshot: Snapshot
) -> None:
    assert slingshift("apply", root, *oauth_options, "--yes").code == 0
    assert "no settled run is that old" in slingshift("undo", "--prune", "--older-than", "90d", "--yes").err
    after = snapshot(root)
    ended = slingshift("undo", "--prune", "--older-than", "0d")
    assert (ended.code, journal().name in ended.err, journal().is_dir()) == (2, True, True)
    run = interrupt()
    assert "no settled run" in slingshift("undo", "--prune", "--older-than", "0d", "--yes").err
    assert slingshift("apply", "--resume", run).code == 0
    assert "1 journal is deleted" in slingshift("undo", "--prune", "--older-than", "0d", "--yes").err
    assert list((locate() / "runs").iterdir()) == []
    assert snapshot(root) == after
    assert slingshift("undo", "--list").out == "no runs\n"


def test_a_prune_that_was_cut_off_is_finished_by_the_next(
    applied: Path, slingshift: Run, oauth_options: list[str]
) -> None:
    going = journal().rename(journal().with_name(f".pruned-{journal().name}"))
    (going / "plan.json").unlink()
    assert slingshift("undo", "--list").out == "no runs\n"
    assert slingshift("apply", applied, *oauth_options, "--org-id", "0@AdobeOrg", "--yes").code == 0
    assert slingshift("undo", "--prune", "--older-than", "0h", "--yes").code == 0
    assert list((locate() / "runs").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--prune"], "belong together"),
        (["--older-than", "1d"], "belong together"),
        (["--prune", "--older-than", "soon"], "no age"),
        (["--list", "--diff"], "exclude each other"),
        (["X", "--run", "Y"], "named twice"),
        (["X", "--target", "Y"], "leave --target"),
    ],
)
def test_what_makes_no_sense_together(arguments: list[str], words: str, slingshift: Run) -> None:
    ended = slingshift("undo", *arguments)
    assert (ended.code, words in ended.err) == (2, True)
