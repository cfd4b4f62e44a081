"""Folders that AEM never reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from grammar import platforms
from migrate.lint.run import run
from migrate.texts.listing import listing

PID = "com.example.Service"


def hazards(root: Path, *paths: str, text: str = '{"a": 1}\n') -> list[tuple[str, str]]:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    report = run(listing([str(root)]).items)
    return [(hazard.path.removeprefix(f"{root}/"), hazard.rule) for hazard in report.hazards]


@pytest.mark.parametrize(
    "folder",
    [
        "apps/x/config",
        "apps/x/install.author",
        "apps/a/b/config",
        "apps/x/osgiconfig/config.prod",
        "libs/x/config",
    ],
)
def test_folders_that_aem_reads(tmp_path: Path, folder: str) -> None:
    assert (
        hazards(tmp_path, f"jcr_root/{folder}/{PID}.cfg.json", f"jcr_root/{folder}/sub/a/b/{PID}2.cfg.json")
        == []
    )


@pytest.mark.parametrize(
    ("folder", "rule"),
    [
        ("apps/com/corp/site/config", "too-deep"),
        ("apps/x/configs", "outside-config-folder"),
        ("apps/x/osgiconfig", "outside-config-folder"),
        ("etc/x/config", "outside-config-folder"),
    ],
)
def test_one_hazard_a_folder(tmp_path: Path, folder: str, rule: str) -> None:
    paths = [f"ui/jcr_root/{folder}/{PID}{number}.cfg.json" for number in range(3)]
    assert hazards(tmp_path, *paths) == [(paths[0], rule)]
    (hazard,) = run(listing([str(tmp_path)]).items).hazards
    assert "(2 more files there)" in hazard.message
    assert f"/{folder}" in hazard.message


def test_files_of_tests_and_outside_a_repository_are_no_matter(tmp_path: Path) -> None:
    assert hazards(tmp_path, f"src/test/jcr_root/apps/x/configs/{PID}.cfg.json", f"it/{PID}.cfg.json") == []


def test_a_comment_lets_a_file_pass(tmp_path: Path) -> None:
    text = '// slingshift: ignore outside-config-folder\n{"a": 1}\n'
    assert hazards(tmp_path, f"jcr_root/apps/x/configs/{PID}.cfg.json", text=text) == []


@pytest.mark.parametrize(
    ("platform", "rules"),
    [("aem65", ["too-deep"]), ("aem65-lts", ["too-deep"]), ("any", ["too-deep"]), ("cloud", [])],
)
def test_the_cloud_reads_folders_of_any_depth(tmp_path: Path, platform: str, rules: list[str]) -> None:
    hazards(tmp_path, f"jcr_root/apps/a/b/c/config/{PID}.cfg.json")
    found = run(listing([str(tmp_path)]).items, platforms=[platforms.of(platform)]).hazards
    assert [hazard.rule for hazard in found] == rules
