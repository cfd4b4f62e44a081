"""Many targets in one call: every one is its own, a bad one is named and the rest go on."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from migrate.cli.app import run as run_command
from migrate.runs.state import locate
from tests.places import FIXTURES, ROOT

Run = Callable[..., "object"]
Snapshot = Callable[[Path], dict[str, tuple[bytes, int]]]
CANARY = "CANARY-5d1f77-secret"

SOUND = [*(f"sound{number:02}" for number in range(12)), *(f"pack{number:02}.zip" for number in range(3))]
BROKEN = {
    "bad-nowhere": 4,
    "bad-empty": 3,
    "bad-text": 3,
    "bad-zip.zip": 4,
    "bad-link.zip": 4,
    "bad-two": 3,
    "bad-both": 3,
    "bad-lone": 3,
    "bad-file.txt": 3,
    "sound00/apps": 2,
}
"""Ten targets broken in ten ways, with the exit code of each."""


def packed(folder: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, str(file.relative_to(folder)))


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with sound and broken targets, which is the working folder."""
    root = tmp_path / "fleet"
    root.mkdir()
    pair = FIXTURES / "digits-written-back" / "before"
    for name in SOUND:
        if name.endswith(".zip"):
            packed(FIXTURES / "demo" / "content-package", root / name)
        else:
            shutil.copytree(pair, root / name)
    (root / "bad-empty").mkdir()
    shutil.copytree(FIXTURES / "broken-file" / "before", root / "bad-text")
    (root / "bad-zip.zip").write_bytes(b"PK\x03\x04 no zip")
    (root / "bad-link.zip").symlink_to(root / "pack00.zip")
    for name in ("bad-two", "bad-both", "bad-lone"):
        shutil.copytree(pair, root / name)
    provider = next((root / "bad-two").rglob("*provider.123456.config"))
    shutil.copy(provider, provider.with_name(provider.name.replace("123456", "999")))
    provider = next((root / "bad-both").rglob("*provider.123456.config"))
    shutil.copy(provider, provider.with_name(provider.name.replace(".123456", "-123456")))
    next((root / "bad-lone").rglob("*Impl.654321.config")).unlink()
    (root / "bad-file.txt").write_text("no configuration")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("FLEET_SECRET", CANARY)
    return [
        "--client-id", "fedcba98765432100123456789abcdef", "--org-id", "5A3B1C9D5E7F81234A495E22@AdobeOrg",
        "--client-secret-env", "FLEET_SECRET",
    ]  # fmt: skip


def mixed() -> list[str]:
    """Sound and broken ones in turns."""
    broken, names = list(BROKEN), []
    for name in SOUND:
        names += [name, *([broken.pop(0)] if broken else [])]
    return names + broken


def states(out: str) -> dict[str, tuple[str, int]]:
    return {row["target"]: (row["state"], row["exitCode"]) for row in json.loads(out)["targets"]}


@pytest.mark.parametrize("jobs", ["1", "4"])
def test_ten_broken_in_ten_ways(
    jobs: str, fleet: Path, slingshift: Run, options: list[str], snapshot: Snapshot
) -> None:
    names = mixed()
    before = snapshot(fleet)
    planned = slingshift("plan", *names, *options, "--jobs", jobs, "--format", "json")
    assert list(states(planned.out)) == names
    assert {name: states(planned.out)[name][1] for name in BROKEN} == BROKEN
    assert {states(planned.out)[name] for name in SOUND} == {("pending", 1)}
    assert (planned.code, snapshot(fleet)) == (2, before)
    applied = slingshift("apply", *names, *options, "--jobs", jobs, "--yes", "--format", "json")
    assert {states(applied.out)[name] for name in SOUND} == {("applied", 0)}
    assert {name: states(applied.out)[name][1] for name in BROKEN} == BROKEN
    runs = {row["target"]: row["runId"] for row in json.loads(applied.out)["targets"]}
    assert all(runs[name] for name in SOUND)
    assert not any(runs[name] for name in BROKEN)
    after = snapshot(fleet)
    for name, content in before.items():
        if name.startswith("bad-") and not (fleet / name).is_symlink():
            assert after[name] == content
    again = slingshift("plan", *names, *options, "--format", "json")
    assert {states(again.out)[name] for name in SOUND} == {("unchanged", 0)}
    # One is taken back, the others stay.
    assert slingshift("undo", "--run", runs["sound03"], "--yes").code == 0
    left = slingshift("plan", *SOUND, *options, "--format", "json")
    assert [name for name in SOUND if states(left.out)[name] == ("pending", 1)] == ["sound03"]
    assert [name for name in SOUND if states(left.out)[name] == ("unchanged", 0)] == [
        name for name in SOUND if name != "sound03"
    ]
    for ended in (planned, applied, again, left):
        assert CANARY not in ended.out + ended.err


def test_the_table_is_true(fleet: Path, slingshift: Run, options: list[str]) -> None:
    ended = slingshift("apply", "sound00", "bad-text", "bad-nowhere", *options, "--yes")
    table, steps = ended.err.split("next steps:\n")
    head, *lines = table.splitlines()[-4:]
    assert head.split() == ["target", "state", "edits", "refused", "run", "exit"]
    run = max((locate() / "runs").iterdir()).name
    edits = sum(line.startswith("+") for line in ended.out.splitlines())
    assert edits > 0
    assert [line.split() for line in lines] == [
        ["sound00", "applied", lines[0].split()[2], "0", run, "0"],
        ["bad-text", "refused", "0", "2", "-", "3"],
        ["bad-nowhere", "failed", "-", "-", "-", "4"],
    ]
    assert "slingshift check-token sound00\n" in steps, "for what is done, whatever came of the others"
    assert ended.code == 4


def test_the_next_steps_are_for_all_that_is_done(fleet: Path, slingshift: Run, options: list[str]) -> None:
    ended = slingshift("apply", "sound00", "bad-nowhere", "sound01", *options, "--yes")
    assert "slingshift check-token sound00 sound01\n" in ended.err
    assert "next steps" not in slingshift("apply", "sound00", "bad-nowhere", *options, "--yes").err


def test_everything_names_its_target_by_a_path_that_opens(
    fleet: Path, slingshift: Run, options: list[str]
) -> None:
    ended = slingshift("plan", "sound00", "bad-text", "pack00.zip", "bad-nowhere", *options, "-v")
    lines = [line for line in ended.err.splitlines() if ": warning: " in line or ": info: " in line]
    places = [line.split(": ")[0] for line in lines if not line.startswith("info: ")]
    refused = [line.split(": ")[1] for line in ended.err.splitlines() if line.startswith("refused: ")]
    assert len(places) > 5
    for place in [*places, *refused]:
        path = place.rpartition(":")[0] if place.rpartition(":")[2].isdecimal() else place
        package, inside, _ = path.partition("!/")
        assert os.path.lexists(package), place
        assert bool(inside) == package.endswith(".zip")
    assert any(line.startswith("slingshift: bad-nowhere: ") for line in ended.err.splitlines())
    assert ended.err.count("[service-pack-path]") == 1


def test_json_lines_come_one_for_each_target(fleet: Path, slingshift: Run, options: list[str]) -> None:
    schema = json.loads((ROOT / "docs" / "schema" / "plan.schema.json").read_text("utf-8"))
    for verb, more in (("plan", []), ("apply", ["--yes"])):
        ended = slingshift(verb, "sound00", "bad-text", "bad-nowhere", *options, *more, "--format", "jsonl")
        *rows, last = map(json.loads, ended.out.splitlines())
        assert [row["target"] for row in rows] == ["sound00", "bad-text", "bad-nowhere"]
        jsonschema.Draft202012Validator(schema).validate({"targets": rows, **last})
        assert sum(last["summary"]["states"].values()) == 3
    ended = slingshift("scan", "sound00", "bad-nowhere", "--format", "jsonl")
    assert [json.loads(line).get("state") for line in ended.out.splitlines()] == ["scanned", "failed", None]


def test_markdown_has_the_table(fleet: Path, slingshift: Run, options: list[str]) -> None:
    ended = slingshift("apply", "sound00", "bad-nowhere", *options, "--yes", "--format", "markdown")
    table = ended.out.split("## Targets\n\n")[1].splitlines()
    assert table[0] == "| target | state | edits | refused | run | token | exit |"
    assert [line.split(" | ")[1] for line in table[2:]] == ["applied", "failed"]


def test_fail_fast_begins_nothing_after_a_failure(
    fleet: Path, slingshift: Run, options: list[str], snapshot: Snapshot
) -> None:
    before = snapshot(fleet)
    ended = slingshift(
        "apply", "sound00", "bad-nowhere", "sound01", *options, "--yes", "--fail-fast", "--format", "json"
    )
    assert states(ended.out) == {
        "sound00": ("skipped", None), "bad-nowhere": ("failed", 4), "sound01": ("skipped", None)
    }  # fmt: skip
    assert (ended.code, snapshot(fleet)) == (4, before)


def test_fail_fast_keeps_what_was_done(fleet: Path, slingshift: Run, options: list[str]) -> None:
    folder = next((fleet / "sound01").rglob("*provider.123456.config")).parent
    (folder / "other").mkdir()
    run = slingshift("apply", "sound01", *options, "--yes")
    assert run.code == 0
    (max((locate() / "runs").iterdir()) / "state").unlink()  # as if it had been killed
    next(folder.glob("*provider-123456.config")).rename(folder / "gone")
    shutil.copy(next((FIXTURES / "digits-written-back" / "before").rglob("*provider.123456.config")), folder)
    ended = slingshift(
        "apply", "sound00", "sound01", "sound02", *options, "--yes", "--fail-fast", "--format", "json"
    )
    assert [state for state, _ in states(ended.out).values()] == ["applied", "failed", "skipped"]
    assert ended.code == 4


def test_lists_and_patterns(
    fleet: Path, slingshift: Run, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (fleet / "list").write_text("# ours\nsound00\n\n  pack0?.zip  \r\nsound00/\n")
    planned = slingshift("plan", "--targets-from", "list", *options, "--format", "json")
    assert list(states(planned.out)) == ["sound00", "pack00.zip", "pack01.zip", "pack02.zip"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"sound0[12]\n")))
    planned = slingshift("plan", "--targets-from", "-", *options, "--format", "json")
    assert list(states(planned.out)) == ["sound01", "sound02"]
    ended = slingshift("plan", "none*", *options)
    assert (ended.code, "none*: No such file" in ended.err) == (4, True)
    odd = fleet / "odd[1]"
    shutil.copytree(fleet / "sound00", odd)
    assert list(states(slingshift("plan", "odd[1]", *options, "--format", "json").out)) == ["odd[1]"]


@pytest.mark.parametrize(
    ("content", "code", "words"), [(None, 4, "No such file"), ("# none\n", 2, "names no target")]
)
def test_a_list_that_is_none(
    content: str | None, code: int, words: str, fleet: Path, slingshift: Run, options: list[str]
) -> None:
    if content is not None:
        (fleet / "list").write_text(content)
    ended = slingshift("plan", "--targets-from", "list", *options)
    assert (ended.code, words in ended.err) == (code, True)


def test_a_plan_that_leaves_targets_out_is_not_saved(
    fleet: Path, slingshift: Run, options: list[str]
) -> None:
    ended = slingshift("plan", "sound00", "bad-nowhere", *options, "--out", "plan.json")
    assert (ended.code, "the plan is not saved" in ended.err) == (4, True)
    assert not (fleet / "plan.json").exists()
    assert slingshift("plan", "sound00", "sound01", *options, "--out", "plan.json").code == 1
    shutil.rmtree(fleet / "sound01")
    ended = slingshift("apply", "--plan", "plan.json", "--client-secret-env", "FLEET_SECRET", "--yes")
    assert (ended.code, "sound01: No such file" in ended.err) == (4, True)


@pytest.mark.parametrize(
    ("names", "states_", "code"),
    [
        (["sound00"], "jwt,mixed", 1),
        (["sound00"], "stale", 0),
        (["pack00.zip", "sound00"], "other-jwt", 1),
        (["bad-empty"], "no-provider", 1),
        (["bad-empty"], "jwt", 0),
        (["bad-text"], "jwt", 3),
        (["sound00"], "nothing", 2),
    ],
)
def test_scan_fails_on_what_is_named(
    names: list[str], states_: str, code: int, fleet: Path, slingshift: Run
) -> None:
    assert slingshift("scan", *names, "--fail-on", states_).code == code


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on standard error is one; for the test itself, since each step of it has another standard error."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.usefixtures("fleet")
def test_the_bar_is_drawn_on_a_terminal_only(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    on_a_terminal(monkeypatch)
    assert run_command(["plan", "sound00", "sound01", *options, "--color", "never"]) == 1
    shown = capsysbinary.readouterr().err.decode()
    assert "1 of 2 targets" in shown
    assert "2 of 2 targets" in shown
    assert run_command(["plan", "sound00", "sound01", *options, "-q"]) == 1
    assert b"targets" not in capsysbinary.readouterr().err


@pytest.mark.usefixtures("fleet")
def test_messages_stand_above_the_bar(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    on_a_terminal(monkeypatch)
    names = ["sound00", "bad-nowhere", "sound01"]
    assert run_command(["apply", *names, *options, "--yes", "--color", "never"]) == 4
    shown = capsysbinary.readouterr().err.decode()
    screen = [line.rpartition("\r\x1b[K")[2] for line in shown.split("\n")]
    assert not [line for line in screen if " of 3 targets" in line]
    assert [line.split(":")[0] for line in screen if "takes it back" in line] == ["sound00", "sound01"]
    assert shown.count("2 of 3 targets") >= 2, "for the plans, and for the runs"


def test_a_list_that_is_none_is_not_taken_for_patterns(
    slingshift: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some megabytes of brackets would be compared for hours."""
    monkeypatch.setattr("glob.glob", lambda name, **_: pytest.fail("looked for what matches"))
    (tmp_path / "list").write_text("[" * 5000 + "\n")
    assert slingshift("scan", "--targets-from", tmp_path / "list").code == 4  # type: ignore[attr-defined]
