"""`slingshift scan`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.integration.settings import Settings
from migrate.plans.scan import scan_target
from migrate.targets.opening import open_target, target_of

Run = Callable[..., "object"]
Case = Callable[[str], Path]
Tree = Callable[[Mapping[str, str]], Path]


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


def test_a_configuration_folder_as_target_has_its_run_modes(slingshift: Run, case: Case) -> None:
    folder = case("run-modes") / "jcr_root/apps/example/config.author.prod"
    rows = json.loads(slingshift("scan", folder, "--format", "json").out)["targets"][0]["configurations"]
    assert {tuple(row["runModes"]) for row in rows} == {("author", "prod")}
    file = next(folder.glob("*provider*"))
    (row,) = json.loads(slingshift("scan", file, "--format", "json").out)["targets"][0]["configurations"]
    assert (row["path"], row["runModes"], row["state"]) == (str(file), ["author", "prod"], "jwt")


def test_the_deadline_of_what_is_still_jwt(slingshift: Run, case: Case) -> None:
    assert "[jwt-deadline]" in slingshift("scan", case("uuid-names")).err
    assert "[jwt-deadline]" not in slingshift("scan", case("already-migrated")).err


@pytest.mark.parametrize(
    ("today", "words"), [(date(2026, 2, 27), "in 2 days"), (date(2027, 1, 1), "ended on")]
)
def test_the_deadline_depends_on_the_day(today: date, words: str, case: Case, settings: Settings) -> None:
    found = scan_target(open_target(target_of(str(case("uuid-names")))), settings, today)
    (finding,) = (f for f in found.findings if f.id == "jwt-deadline")
    assert words in finding.message


def test_the_table_has_colours_when_asked(slingshift: Run, case: Case) -> None:
    root = case("stale-left-behind")
    plain = slingshift("scan", root).out
    colored = slingshift("scan", root, "--color", "always").out
    assert re.search("\x1b\\[32moauth *\x1b\\[0m", colored)
    assert re.sub("\x1b\\[\\d+m", "", colored) == plain


def test_the_table_has_a_block_for_each_folder(
    slingshift: Run, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = slingshift("scan", case("run-modes")).out.splitlines()
    folders = [line for line in lines if not line.startswith(" ")]
    assert len(folders) == len(set(folders)) > 1
    assert "jcr_root/apps/example/config.author.prod" in folders
    at = next(i for i, line in enumerate(lines) if line.split()[:2] == ["jwt", "provider"])
    assert lines[at + 1].split()[0] == "lacks:"
    assert all(len(line) <= 80 for line in lines if "lacks:" in line)


def test_what_concerns_no_file_is_said_once(slingshift: Run, case: Case) -> None:
    ended = slingshift("scan", case("run-modes"), case("uuid-names"))
    assert ended.err.count("[jwt-deadline]") == 1


def test_an_empty_folder(slingshift: Run, tmp_path: Path) -> None:
    ended = slingshift("scan", tmp_path)
    assert (ended.code, ended.out) == (0, "no provider and no customizer here\n")


def test_an_unreadable_file_says_why_and_where(slingshift: Run, case: Case) -> None:
    ended = slingshift("scan", case("broken-file"))
    assert "lacks: unescaped-equals" not in ended.out
    said = " ".join(ended.out.split())
    assert 'unescaped-equals: line 1, column 46: unescaped "=" ends this value' in said
    assert (
        "can only be com.adobe.granite.auth.ims.impl.IMSAccessTokenRequestCustomizerImpl.123.config"
        in ended.err
    )
    assert "no customizer with" not in ended.err


def test_the_flow_of_other_integrations_is_told(slingshift: Run, case: Case) -> None:
    root = case("stale-left-behind")
    rows = json.loads(slingshift("scan", root, "--format", "json").out)["targets"][0]["configurations"]
    others = {
        (row["integration"], row["kind"], row["flow"]) for row in rows if row["state"] == "other integration"
    }
    assert ("adobe-ims-launch", "provider", "jwt") in others
    assert ("adobe-ims-target", "customizer", "jwt") in others
    lines = slingshift("scan", root).out.splitlines()
    assert sum(line.startswith("  jwt, other") for line in lines) == 4


def test_folders_stand_in_the_order_of_their_names(slingshift: Run, case: Case) -> None:
    rows = json.loads(slingshift("scan", case("run-modes"), "--format", "json").out)["targets"][0][
        "configurations"
    ]
    folders = list(dict.fromkeys(row["folder"].rpartition("/")[2] for row in rows))
    assert folders == ["install", "config", "config.author", "config.author.prod"]


def test_the_summary_counts_and_names_targets_without_a_provider(
    slingshift: Run, case: Case, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    ended = slingshift("scan", case("already-migrated"), case("uuid-names"), empty)
    assert " in 3 targets: 2 jwt, " in ended.err
    assert ended.err.endswith(f"no provider named adobe-ims-similaritysearch in: {empty}\n")
    assert f"{empty}/\n  no provider and no customizer here\n" in ended.out
    assert slingshift("scan", empty, "-q").err == ""


@pytest.mark.parametrize(
    "name", ["stale-left-behind", "uuid-names", "run-modes", "broken-file", "xml", "folder-node"]
)
def test_the_table_fits_a_terminal(
    name: str, slingshift: Run, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = slingshift("scan", case(name)).out.splitlines()
    assert [line for line in lines if line.startswith(" ") and len(line) > 80] == []


def test_a_customizer_whose_provider_cannot_be_read_is_not_anothers(slingshift: Run, tree: Tree) -> None:
    """Nobody knows which integration it belongs to; where all can be read, it is that of none."""
    files = {
        "config/P.1.config": 'name="adobe-ims-similaritysearch"\na="x=y"\n',
        "config/C.1.config": 'customizer.type="adobe-ims-similaritysearch"\nauth.ims.client.secret="x"\n',
        "config/P-2.config": 'name="other"\ntoken.request.customizer.type="theirs"\n',
        "config/C-2.config": 'customizer.type="theirs"\n',
        "config.author/C.3.config": 'customizer.type="adobe-ims-similaritysearch"\n',
    }
    root = tree(files)
    ended = slingshift("scan", root, "--format", "json")
    rows = {row["path"]: row for row in json.loads(ended.out)["targets"][0]["configurations"]}
    state = {path.replace(CUSTOMIZER, "C").replace(PROVIDER, "P"): row["state"] for path, row in rows.items()}
    assert state == {
        "config/P.1.config": "unreadable",
        "config/C.1.config": "unreadable",
        "config/P-2.config": "other integration",
        "config/C-2.config": "other integration",
        "config.author/C.3.config": "other integration",
    }
    row = rows[f"config/{CUSTOMIZER}.1.config"]
    assert row["missing"] == ["provider-unreadable"]
    assert f"config/{PROVIDER}.1.config cannot be read" in row["problem"]
    text = " ".join(slingshift("scan", root).out.split())
    assert "cannot be read, so nobody knows which provider this belongs to" in text
