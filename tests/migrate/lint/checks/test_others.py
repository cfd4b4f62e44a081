"""Files that are no configurations and worth a word all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrate.cli.app import run as run_command
from migrate.lint.run import run
from migrate.texts.listing import listing

FOLDER = "jcr_root/apps/x/config"


def found(root: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    seen = listing([str(root)])
    return [(h.rule, h.path.removeprefix(f"{root}/")) for h in run(seen.items, others=seen.others).hazards]


def node(kind: str) -> str:
    return f'<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" jcr:primaryType="{kind}"/>'


@pytest.mark.parametrize(
    "name",
    [
        f"{FOLDER}/com.example.F.cfg",
        f"{FOLDER}/simple.cfg",
        f"{FOLDER}/com.example.F.properties",
        "com.example.F.cfg",
        "any/com.example.F.osgiconfig.json",
        "feature/src/main/features/base.json",
    ],
)
def test_other_forms_are_named_once(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, {name: "", f"{name[:-5]}zz{name[-5:]}": ""}) == [("other-form", name)]


@pytest.mark.parametrize(
    "name",
    [
        "setup.cfg",
        "package.json",
        "features/a.json",
        "jcr_root/apps/x/logging.cfg",
        "jcr_root/apps/x/i18n/de.properties",
    ],
)
def test_what_is_none(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, {name: ""}) == []


def test_what_lies_among_configurations(tmp_path: Path) -> None:
    files = {
        f"{FOLDER}/a.html": "",
        f"{FOLDER}/b/c.js": "",
        f"{FOLDER}/page/.content.xml": node("cq:Page"),
        "jcr_root/apps/x/install/d.jsp": "",
    }
    assert found(tmp_path, files) == [
        ("not-osgi-in-config-folder", f"{FOLDER}/a.html"),
        ("not-osgi-in-config-folder", "jcr_root/apps/x/install/d.jsp"),
    ]


def test_a_configuration_with_half_its_ending_is_told_how_to_be_called(tmp_path: Path) -> None:
    files = {f"{FOLDER}/com.example.Service~x.json": "{}", f"{FOLDER}/messages.json": "{}"}
    found(tmp_path, files)
    seen = listing([str(tmp_path)])
    hazards = run(seen.items, others=seen.others).hazards
    assert [hazard.rule for hazard in hazards] == ["not-osgi-in-config-folder"] * 2
    assert hazards[0].message.endswith("configuration. Call it com.example.Service~x.cfg.json")
    assert hazards[1].message.endswith("this is none. Move it out of the folder")


def test_xml_alone(tmp_path: Path) -> None:
    path = f"{FOLDER}/page/.content.xml"
    assert found(tmp_path, {path: node("cq:Page")}) == [("not-osgi-in-config-folder", path)]


def test_what_belongs_there(tmp_path: Path) -> None:
    files = {
        f"{FOLDER}/.content.xml": node("sling:Folder"),
        f"{FOLDER}/sub/.content.xml": node("sling:OrderedFolder"),
        f"{FOLDER}/_rep_policy.xml": node("rep:ACL"),
        f"{FOLDER}/README.md": "",
        f"{FOLDER}/com.example.F.cfg.json": "{}",
        f"{FOLDER}/.gitkeep": "",
        "jcr_root/apps/x/install/a.jar": "",
        "jcr_root/apps/x/install/a.zip": "",
        "jcr_root/apps/x/configs/a.js": "",
        "config/a.js": "",
    }
    assert found(tmp_path, files) == []


def test_the_command_names_them(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    found(tmp_path, {f"{FOLDER}/a.js": "", f"{FOLDER}/b.cfg": ""})
    assert run_command(["lint", str(tmp_path), "--format", "json"]) == 1
    report = json.loads(capsysbinary.readouterr().out)
    assert {hazard["rule"] for hazard in report["hazards"]} == {"other-form", "not-osgi-in-config-folder"}
    assert report["files"] == 0
    assert run_command(["lint", str(tmp_path), "--ignore", "not-osgi-in-config-folder"]) == 0


def test_pipelines_of_the_rewriter_belong_into_config(tmp_path: Path) -> None:
    pipeline = node("nt:unstructured")
    assert (
        found(tmp_path, {f"{FOLDER}/rewriter/a/.content.xml": pipeline, f"{FOLDER}/rewriter.xml": pipeline})
        == []
    )
    others = (f"{FOLDER}/rewriters.xml", "jcr_root/apps/y/config.author/rewriter/a/.content.xml")
    for path in others:
        assert found(tmp_path / path.split("/")[2], {path: pipeline})[-1] == (
            "not-osgi-in-config-folder",
            path,
        )
