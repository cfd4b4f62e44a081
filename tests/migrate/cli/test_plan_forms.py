"""A plan in short, and beside the lines of files."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from tests.places import FIXTURES, ROOT

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
    with monkeypatch.context() as terminal:
        terminal.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        terminal.setenv("COLUMNS", "80")
        stacked = slingshift("plan", root.name, *oauth_options, "--stat", "--color", "never").out.splitlines()
    assert stacked == [
        part
        for line in lines
        for part in (line.partition(" | ")[0].rstrip(), f"  {line.partition(' | ')[2]}")
    ]
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


CASES = sorted(path.name for path in FIXTURES.iterdir() if (path / "before").is_dir())


@pytest.mark.skipif(shutil.which("git") is None, reason="git applies it")
@pytest.mark.parametrize("name", CASES)
def test_git_applies_the_patch_byte_for_byte(
    name: str,
    slingshift: Run,
    case: Case,
    oauth_options: list[str],
    tmp_path: Path,
    snapshot: Callable[[Path], dict[str, tuple[bytes, int]]],
) -> None:
    root, file = case(name), tmp_path / "plan.patch"
    ended = slingshift("plan", root, *oauth_options, "--patch", file)
    told = (
        f"apply it in {root} with `git apply`" if file.read_bytes() else "empty, since nothing is to change"
    )
    assert f"{file}: {told}" in ended.err
    assert file.stat().st_mode & 0o777 == 0o600
    patched = Path(shutil.copytree(root, tmp_path / "patched"))
    if file.read_bytes():
        command = ["git", "apply", "--whitespace=nowarn", str(file)]
        done = subprocess.run(command, cwd=patched, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    assert slingshift("apply", root, *oauth_options, "--yes").code == ended.code - (ended.code == 1)
    assert {p: data for p, (data, _) in snapshot(patched).items()} == {
        p: data for p, (data, _) in snapshot(root).items()
    }


def test_a_patch_is_for_one_folder(
    slingshift: Run, case: Case, oauth_options: list[str], tmp_path: Path
) -> None:
    ended = slingshift("plan", case("xml"), case("uuid-names"), *oauth_options, "--patch", tmp_path / "p")
    assert (ended.code, "--patch is for one folder" in ended.err) == (2, True)
    assert not (tmp_path / "p").exists()


def test_a_placeholder_stands_for_a_secret(slingshift: Run, case: Case) -> None:
    root = case("digits-written-back")
    who = ["--client-id", "fedcba98765432100123456789abcdef", "--org-id", "5A3B1C9D5E7F81234A495E22@AdobeOrg"]
    ended = slingshift("plan", root, *who, "--secret-placeholder", "$[secret:scs]")
    assert '+auth.ims.client.secret="$[secret:scs]"' in ended.out
    assert "[secret-in-clear]" not in ended.err
    assert slingshift("apply", root, *who, "--secret-placeholder", "$[secret:scs]", "--yes").code == 0
    assert "$[secret:scs]" in next(root.rglob("*Impl-654321.config")).read_text()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--secret-placeholder", "CANARY-no-placeholder"], "takes what AEM, or a build, replaces"),
        (["--secret-placeholder", "$[secret:x]", "--client-secret-env", "X"], "takes the place of a secret"),
    ],
)
def test_what_is_no_placeholder(more: list[str], words: str, slingshift: Run, case: Case) -> None:
    ended = slingshift("plan", case("xml"), "--client-id", "x", *more)
    assert (ended.code, words in ended.err) == (2, True)
    assert "CANARY" not in ended.out + ended.err


def test_create_in_the_target_itself_is_questioned(
    slingshift: Run, oauth_options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    ended = slingshift("plan", "config", "--create", "config", *oauth_options)
    assert "makes a folder config inside of config" in ended.err
    assert "[create-nested]" in ended.err
    for arguments in (["--create", "config"], ["config", "--create", "."], [".", "--create", "config"]):
        assert "[create-nested]" not in slingshift("plan", *arguments, *oauth_options).err


def test_markdown_shows_renames_and_empty_values(
    slingshift: Run, case: Case, oauth_options: list[str]
) -> None:
    rows = slingshift(
        "plan", case("digits-written-back"), *oauth_options, "--format", "markdown"
    ).out.splitlines()
    cells = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows if row.startswith("| `")]
    (renamed,) = [row for row in cells if row[2] == "`rename`" and "provider" in row[0]]
    assert renamed[3] == ""
    assert (renamed[4][-15:], renamed[5][-15:]) == (".123456.config`", "-123456.config`")
    assert not [row for row in rows if row.startswith("|") and "``" in row]
