"""The node that a file makes, by the name that it has in a package's sources."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrate.cli.app import run

GOOD = 'a="1"\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_names_below_jcr_root_are_those_of_the_repository(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    names = {
        "com.example.F%7ex.config": "com.example.F~x",
        "com.example.F-a%20b.config": "com.example.F~a b",
        "__a_b.config": "_a_b",
        "_com.example.config": "_com.example",
        "_cq_a.config": "cq:a",
    }
    for folder in ("jcr_root/apps/x/config", "loose/config"):
        (here / folder).mkdir(parents=True)
        for name in names:
            (here / folder / name).write_text(GOOD)
    assert run(["show", "jcr_root"]) == 0
    shown = json.loads(capsysbinary.readouterr().out)["configurations"]
    assert {found["path"].rpartition("/")[2]: found["pid"] for found in shown} == names
    assert run(["show", "loose/config/com.example.F%7ex.config"]) == 0
    assert json.loads(capsysbinary.readouterr().out)["configurations"][0]["pid"] == "com.example.F%7ex"
    assert run(["lint", "jcr_root"]) == 0


@pytest.mark.parametrize(
    "name", ["_ab_com.example.config", "com.example.F-[1].config", "com.example.F-%2a.cfg.json"]
)
def test_names_that_no_import_survives(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes], name: str
) -> None:
    for folder in ("jcr_root/apps/x/config", "loose"):
        (here / folder).mkdir(parents=True)
        (here / folder / name).write_text("{}" if name.endswith("json") else GOOD)
    assert run(["lint", "jcr_root"]) == 1
    assert b" file-name: the repository takes no node " in capsysbinary.readouterr().out
    assert run(["lint", "loose"]) == 0


FOLDER = """<?xml version="1.0" encoding="UTF-8"?>
<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:sling="http://sling.apache.org/jcr/sling/1.0"
    jcr:primaryType="sling:OsgiConfig"
    a="1"/>
"""


@pytest.mark.parametrize(
    ("folder", "pids"),
    [
        ("jcr_root/apps/x/config", []),
        ("jcr_root/apps/x/config.author", []),
        ("jcr_root/apps/x/config/com.example.Service", ["com.example.Service"]),
        ("jcr_root/apps/x/config/config", ["config"]),
        ("loose/config", ["config"]),
    ],
)
def test_a_watched_folder_is_no_configuration(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes], folder: str, pids: list[str]
) -> None:
    (here / folder).mkdir(parents=True)
    (here / folder / ".content.xml").write_text(FOLDER)
    assert run(["show", "."]) == 0
    shown = json.loads(capsysbinary.readouterr().out)
    assert [found["pid"] for found in shown["configurations"]] == pids
    assert run(["explain", ".", "--format", "json"]) == 0
    assert [found["pid"] for found in json.loads(capsysbinary.readouterr().out)["configurations"]] == pids
    assert run(["lint", "."]) == (not pids)
    assert (b"a folder that AEM watches is no configuration itself" in capsysbinary.readouterr().out) == (
        not pids
    )
