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
        ("config.sdk", []),
        ("config.author.sdk", []),
        ("config.sdk.author", ["run-mode-order"]),
        ("config.local", ["run-mode-unknown"]),
        ("config.author.publish", ["run-mode-unknown"]),
        ("config.publish.dev.prod", ["run-mode-unknown"]),
        ("config.dev.sdk", []),
        ("install", ["config-in-install"]),
        ("install.author/sub", ["config-in-install"]),
        ("config/install", ["config-in-install"]),
        ("install/config", []),
        ("installed/config", []),
        ("a/b/c/d/install", ["config-in-install"]),
        ("a/b/c/d/config.prod.author", ["run-mode-order"]),
        ("config.prod.author", ["run-mode-order"]),
        ("install.dev.publish", ["config-in-install", "run-mode-order"]),
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
        assert rules(tmp_path, folder, platform) == (["too-deep"] if "a/b/c" in folder else [])


def test_what_a_folders_node_holds_is_in_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "jcr_root/apps/x/.content.xml"
    file.parent.mkdir(parents=True)
    element = '<com.example.F jcr:primaryType="sling:OsgiConfig"/>'
    file.write_text(
        '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:sling="http://sling.apache.org/jcr/sling/1.0" '
        f'jcr:primaryType="sling:Folder"><config jcr:primaryType="sling:Folder">{element}</config>'
        f'<install.author jcr:primaryType="sling:Folder">{element}</install.author></jcr:root>'
    )
    items = listing([str(tmp_path)]).items
    hazards = run(items, platforms=[platforms.of("cloud")]).hazards
    assert [hazard.rule for hazard in hazards] == ["config-in-install"]
    assert hazards[0].message.endswith("Move it to /apps/x/config.author")


def test_a_comment_lets_it_pass(tmp_path: Path) -> None:
    assert rules(tmp_path, "config.qa", "cloud", "// slingshift: ignore run-mode-unknown\n{}") == []
