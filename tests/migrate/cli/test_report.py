"""`--report` and `--evidence`: written by plan and apply, in three forms, without a secret."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import SECRET, Ended
from tests.places import ROOT

SCHEMA = json.loads((ROOT / "docs" / "schema" / "report.schema.json").read_text("utf-8"))
OLD_SECRET = "p8e-legacy-secret"
Run = Callable[..., Ended]
Case = Callable[[str], Path]


def loaded(path: Path) -> dict[str, object]:
    found = json.loads(path.read_text("utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    return dict(found)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_plan_and_apply_tell_what_they_found_and_did(
    slingshift: Run, case: Case, oauth_options: list[str], tmp_path: Path
) -> None:
    root = case("hand-written")
    before = {path.name: sha256(path) for path in root.rglob("*.config")}
    old_texts = [path.read_text("utf-8") for path in root.rglob("*.config")]
    page, ticket, data, done = (tmp_path / name for name in ("p.html", "p.md", "p.json", "done.json"))
    reports = [part for path in (page, ticket, data) for part in ("--report", path)]
    assert slingshift("plan", root, *oauth_options, *reports).code == 1
    (planned,) = loaded(data)["targets"]  # type: ignore[misc, attr-defined]
    assert (planned["state"], planned["runId"]) == ("pending", None)
    assert {Path(file["path"]).name: file["before"] for file in planned["files"]} == before
    applied = slingshift("apply", root, *oauth_options, "--yes", "--report", done, "--evidence", data)
    assert applied.code == 0
    report = loaded(done)
    (target,) = report["targets"]  # type: ignore[misc, attr-defined]
    assert (target["state"], report["exitCode"], report["verb"]) == ("applied", 0, "apply")
    assert target["runId"] in applied.err
    for file in target["files"]:
        assert sha256(root / (file["to"] or file["path"])) == file["after"]
    assert report["evidence"][0]["kind"] == "slingshift-report"  # type: ignore[index]
    for path in (page, ticket, data, done):
        text = path.read_text("utf-8")
        assert SECRET not in text
        assert "***" in text
        assert stat.S_IMODE(path.stat().st_mode) == (0o600 if os.name == "posix" else 0o666)
    # What the old files held as a secret is masked, too.
    secrets = [
        line.split('"')[1] for text in old_texts for line in text.splitlines() if "client.secret" in line
    ]
    assert secrets
    assert not [s for s in secrets for path in (page, ticket, data, done) if s in path.read_text("utf-8")]


def test_a_failing_target_is_in_the_report(
    slingshift: Run, case: Case, oauth_options: list[str], tmp_path: Path
) -> None:
    report = tmp_path / "r.json"
    ended = slingshift(
        "apply", case("hand-written"), tmp_path / "none", *oauth_options, "--yes", "--report", report
    )
    assert ended.code == 4
    sound, broken = loaded(report)["targets"]  # type: ignore[misc, attr-defined]
    assert (sound["state"], broken["state"], broken["files"], broken["diff"]) == ("applied", "failed", [], "")
    assert str(tmp_path / "none") in broken["error"]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--report", "r.pdf"], 2, ".html, .md or .json"),
        (["--report", "none/r.html"], 4, "is not there"),
        (["--evidence", "e.json"], 2, "--report"),
        (["--report", "r.html", "--evidence", "none.json"], 4, "No such file"),
        (["--report", "r.html", "--evidence", "notes.html"], 2, "not what"),
        (["--report", "notes.html"], 4, "is no report of slingshift"),
    ],
)
def test_mistakes_are_told_before_anything_is_done(
    slingshift: Run,
    case: Case,
    oauth_options: list[str],
    snapshot: Callable[[Path], object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    code: int,
    said: str,
) -> None:
    root = case("hand-written")
    before = snapshot(root)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.html").write_text("<p>mine")
    ended = slingshift("apply", root, *oauth_options, "--yes", *options)
    assert (ended.code, said in ended.err) == (code, True), ended.err
    assert snapshot(root) == before
    assert (tmp_path / "notes.html").read_text() == "<p>mine"
    assert not (tmp_path / "r.html").exists()


def test_a_report_may_be_written_again(
    slingshift: Run, case: Case, oauth_options: list[str], tmp_path: Path
) -> None:
    root = case("hand-written")
    for ending in ("html", "md", "json"):
        path = tmp_path / f"r.{ending}"
        for _ in range(2):
            assert slingshift("plan", root, *oauth_options, "--report", path).code == 1
