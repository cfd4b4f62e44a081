"""Run modes of the Cloud Service."""

from __future__ import annotations

from pathlib import Path

import pytest

from grammar import platforms
from migrate.lint.run import run
from migrate.texts.listing import listing


def rules(root: Path, folder: str, platform: str | None, text: str = "{}") -> list[str]:
    for number in range(2):
        file = root / "jcr_root/apps/x" / folder / f"com.example.F{number}.cfg.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    items = listing([str(root)]).items
    return [hazard.rule for hazard in run(items, platforms=[platforms.of(platform)] * 2).hazards]


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("config", []),
        ("config.author", []),
        ("config.author.prod", []),
        ("config.dev", []),
        ("config.publish.rde", []),
        ("install.author", []),
        ("config.prod.author", ["run-mode-order"]),
        ("install.dev.publish", ["run-mode-order"]),
        ("config.author.author", ["run-mode-order"]),
        ("config.author.qa", ["run-mode-unknown"]),
        ("config.qa.author", ["run-mode-unknown"]),
        ("config.Author", ["run-mode-unknown"]),
        ("config.preview", ["run-mode-unknown"]),
    ],
)
def test_one_hazard_a_folder(tmp_path: Path, folder: str, expected: list[str]) -> None:
    assert rules(tmp_path, folder, "cloud") == expected
    for platform in (None, "aem65", "aem65-lts", "any"):
        assert rules(tmp_path, folder, platform) == []


def test_a_comment_lets_it_pass(tmp_path: Path) -> None:
    assert rules(tmp_path, "config.qa", "cloud", "// slingshift: ignore run-mode-unknown\n{}") == []
