"""Configurations in the ``.content.xml`` of folders count as files do: for twins, run modes and explain."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from migrate.cli.app import run
from migrate.lint.run import run as lint
from migrate.texts.listing import listing

HEAD = (
    '<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0" '
    'jcr:primaryType="sling:Folder">\n'
)
CONFIG = 'jcr:primaryType="sling:OsgiConfig"'
F = f"<com.example.F {CONFIG}/>"
FOLDER = 'jcr:primaryType="sling:Folder"'


def node(*elements: str) -> str:
    return "\n".join((HEAD.rstrip(), *elements, "</jcr:root>\n"))


def found(root: Path, files: dict[str, str]) -> list[tuple[str, str, int]]:
    for path, text in files.items():
        file = root / "jcr_root" / "apps" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    hazards = lint(listing([str(root)]).items).hazards
    return [(h.rule, h.path.removeprefix(f"{root}/jcr_root/apps/"), h.line) for h in hazards]


@pytest.mark.parametrize(
    ("files", "hazards"),
    [
        (
            {"x/config/.content.xml": node("<a/>", F), "w/config/com.example.F.cfg.json": "{}"},
            [("duplicate-pid", "x/config/.content.xml", 3)],
        ),
        (
            {"x/config.author/.content.xml": node(F), "x/config.prod/.content.xml": node(F)},
            [("run-mode-tie", "x/config.prod/.content.xml", 2)],
        ),
        ({"x/config.author/.content.xml": node(F), "x/config.publish/.content.xml": node(F)}, []),
        (
            {"x/config/.content.xml": node(F), "x/config/com.example.F.config": 'a="1"\n'},
            [("twin", "x/config/com.example.F.config", 1)],
        ),
        (
            {"x/config/.content.xml": node(f"<G-a {CONFIG}/>", "<!-- -->", f"<G_x007e_a {CONFIG}/>")},
            [("twin", "x/config/.content.xml", 4)],
        ),
        # Folders within the file: the run modes are those of the innermost one.
        (
            {
                "x/.content.xml": node(f"<config.author {FOLDER}>{F}</config.author>"),
                "x/config.prod/com.example.F.cfg.json": "{}",
            },
            [("run-mode-tie", "x/config.prod/com.example.F.cfg.json", 1)],
        ),
        ({"x/.content.xml": node(F), "w/config/com.example.F.cfg.json": "{}"}, []),
        # One that is not loaded is none.
        (
            {
                "x/config/.content.xml": node(f'<com.example.F {CONFIG} p="1" P="2"/>', f"<G {CONFIG}/>"),
                "w/config/com.example.F.cfg.json": "{}",
                "w/config/G.cfg.json": "{}",
            },
            [("xml-case-twins", "x/config/.content.xml", 2), ("duplicate-pid", "x/config/.content.xml", 3)],
        ),
        (
            {
                "x/config/.content.xml": node("<!-- slingshift: ignore duplicate-pid -->", F),
                "w/config/com.example.F.cfg.json": "{}",
            },
            [],
        ),
    ],
)
def test_elements_count(tmp_path: Path, files: dict[str, str], hazards: list[tuple[str, str, int]]) -> None:
    kept = [one for one in found(tmp_path, files) if one[0] != "outside-config-folder"]
    assert sorted(kept, key=lambda one: one[2]) == hazards


def test_in_a_package(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("jcr_root/apps/x/config/.content.xml", node(F))
        archive.writestr("jcr_root/apps/y/config/.content.xml", node(F))
    ((rule, path),) = [(h.rule, h.path) for h in lint(listing([str(tmp_path / "p.zip")]).items).hazards]
    assert (rule, path.partition("!/")[2]) == ("duplicate-pid", "jcr_root/apps/y/config/.content.xml")


def test_explain_knows_the_run_modes_of_a_folder_within_a_file(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "jcr_root/apps/x/.content.xml"
    file.parent.mkdir(parents=True)
    file.write_text(
        node(f"<config.author {FOLDER}>{F}</config.author>", f"<other {FOLDER}><G {CONFIG}/></other>")
    )
    run(["explain", str(tmp_path), "--format", "json"])
    content = capsysbinary.readouterr().out.decode()
    told = json.loads(content)
    assert "config.author/com.example.F" in content
    rows = {one["pid"]: one["answers"] for one in told["configurations"]}
    assert [(one["runModes"], one["winner"] is not None) for one in rows["com.example.F"]] == [
        (["author"], True),
        (["publish"], False),
    ]
    assert [one["winner"] for one in rows["G"]] == [None, None]
