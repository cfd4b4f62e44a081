"""`slingshift scan`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., "object"]
Case = Callable[[str], Path]


def states(slingshift: Run, root: Path) -> list[tuple[str, str, str]]:
    found = json.loads(slingshift("scan", root, "--format", "json").out)
    return [
        (c["kind"], c["state"], c["path"].rpartition("/")[2][-16:])
        for c in found["targets"][0]["configurations"]
    ]


def test_every_state_is_told(slingshift: Run, case: Case) -> None:
    seen = {state for _, state, _ in states(slingshift, case("stale-left-behind"))}
    assert seen == {"stale", "oauth", "other integration"}
    assert {s for _, s, _ in states(slingshift, case("half-done-by-hand"))} == {"mixed"}
    assert "jwt" in {s for _, s, _ in states(slingshift, case("uuid-names"))}


def test_an_unreadable_file_is_listed_and_gives_3(slingshift: Run, case: Case) -> None:
    ended = slingshift("scan", case("broken-file"), "--format", "json")
    assert ended.code == 3
    rows = json.loads(ended.out)["targets"][0]["configurations"]
    assert [r["missing"] for r in rows if r["state"] == "unreadable"] == [["unescaped-equals"]]


def test_run_modes_and_what_is_missing(slingshift: Run, case: Case) -> None:
    rows = json.loads(slingshift("scan", case("run-modes"), "--format", "json").out)["targets"][0][
        "configurations"
    ]
    by_folder = {row["folder"]: row for row in rows if row["kind"] == "provider"}
    assert by_folder["jcr_root/apps/example/config.author.prod"]["runModes"] == ["author", "prod"]
    assert by_folder["crx-quickstart/install"]["runModes"] == []
    assert "name with -" in by_folder["crx-quickstart/install"]["missing"]
    assert not any("libs" in row["path"] or "launchpad" in row["path"] for row in rows)


def test_the_table_shows_no_secret(slingshift: Run, case: Case) -> None:
    root = case("digits-written-back")
    for output in ("text", "json", "markdown"):
        ended = slingshift("scan", root, "--format", output, "-v")
        assert ended.code == 0
        assert "fixture-old-jwt-secret" not in ended.out + ended.err
        assert "fixture-target-secret" not in ended.out + ended.err


def test_an_empty_folder(slingshift: Run, tmp_path: Path) -> None:
    ended = slingshift("scan", tmp_path)
    assert (ended.code, ended.out) == (0, "no provider and no customizer here\n")
