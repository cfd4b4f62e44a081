"""A plan in short, and beside the lines of files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from tests.places import ROOT

Run = Callable[..., "object"]
Case = Callable[[str], Path]


def test_stat_has_a_line_for_each_file(
    slingshift: Run, case: Case, oauth_options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = case("stale-left-behind")
    monkeypatch.chdir(root.parent)
    ended = slingshift("plan", root.name, *oauth_options, "--stat")
    lines = ended.out.splitlines()
    files = re.search(r"(\d+) files to change", ended.err)
    assert files is not None
    assert len(lines) == int(files[1])
    assert len({line.index(" | ") for line in lines}) == 1
    for line in lines:
        assert Path(line.split(" | ")[0].strip()).is_file(), line
    assert any(line.split(" | ")[1].startswith("deleted (") for line in lines)
    assert "diff --git" not in ended.out
    assert ended.code == 1
    renamed = slingshift("plan", case("digits-written-back"), *oauth_options, "--stat").out
    assert re.search(r"\| 1 set, renamed to com\.adobe\.granite\.auth\.ims\.impl\..*-654321\.config", renamed)


@pytest.mark.parametrize("name", ["package-source", "xml", "folder-node", "both-names", "run-modes"])
def test_stat_speaks_of_every_change(
    name: str, slingshift: Run, case: Case, oauth_options: list[str]
) -> None:
    ended = slingshift("plan", case(name), *oauth_options, "--stat")
    found = re.search(r"(\d+) files? to change", ended.err)
    assert len(ended.out.splitlines()) == (int(found[1]) if found else 0)
    assert "| changed" not in ended.out or name in ("package-source", "folder-node")


def test_github_marks_files(
    slingshift: Run, case: Case, oauth_options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = case("broken-file")
    monkeypatch.chdir(root.parent)
    ended = slingshift("plan", root.name, "nowhere", *oauth_options, "--format", "github")
    lines = ended.out.splitlines()
    assert all(re.match(r"::(error|warning|notice) ", line) for line in lines)
    assert any(re.match("::error file=nowhere,.*title=failed::nowhere: ", line) for line in lines)
    files = {found[1] for line in lines if (found := re.search(r"file=([^,]+),", line))} - {"nowhere"}
    assert files
    assert all(Path(file).exists() for file in files)
    pending = slingshift("plan", case("digits-written-back"), *oauth_options, "--format", "github").out
    assert re.search(
        r"::warning file=[^,]*provider\.123456\.config,line=[1-9]\d*,.*title=pending::to migrate: ", pending
    )


def test_sarif_follows_its_schema(slingshift: Run, case: Case, oauth_options: list[str]) -> None:
    schema = json.loads((ROOT / "tests" / "migrate" / "lint" / "sarif.schema.json").read_text("utf-8"))
    roots = [case(name) for name in ("broken-file", "digits-written-back", "already-migrated")]
    ended = slingshift("plan", *roots, roots[0].parent / "nowhere", *oauth_options, "--format", "sarif")
    log = json.loads(ended.out)
    jsonschema.validate(log, schema)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert {"pending", "failed", "unescaped-equals"} <= set(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    prints = [result["partialFingerprints"]["slingshift/v1"] for result in run["results"]]
    assert len(prints) == len(set(prints))
    assert run["invocations"][0]["executionSuccessful"] is False
    assert "fixture-" not in ended.out


def test_stat_is_a_form_of_the_text(slingshift: Run, case: Case, oauth_options: list[str]) -> None:
    ended = slingshift("plan", case("xml"), *oauth_options, "--stat", "--format", "json")
    assert (ended.code, "--stat is a form of the text" in ended.err) == (2, True)
