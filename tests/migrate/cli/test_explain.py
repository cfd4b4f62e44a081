"""`slingshift explain` as a user meets it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from migrate.cli.app import run
from tests.places import ROOT

XML = """<?xml version="1.0" encoding="UTF-8"?>
<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:sling="http://sling.apache.org/jcr/sling/1.0"
    jcr:primaryType="{kind}">{inside}</jcr:root>
"""
FILES = {
    "config/com.example.S.config": 'a="base"\n',
    "config/com.example.S.cfg.json": '{"a": "json"}\n',
    "config.author/com.example.S.config": 'a="author"\n',
    "config.author.prod/com.example.S.config": 'a="prod"\npassword="geheim"\n',
    "config.publish/com.example.S.config": 'a = "cut"\n',
    "a/b/c/config/com.example.S.config": 'a="deep"\n',
    "config/com.example.F-x.config": 'a="hyphen"\n',
    "config/com.example.F%7ex.config": 'a="tilde"\n',
    "config.publish/.content.xml": XML.format(
        kind="sling:Folder",
        inside='<com.example.N jcr:primaryType="sling:OsgiConfig" n="{Long}5"/>',
    ),
    "config.dev/com.example.F~x.cfg.json": "{ broken",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        file = tmp_path / "jcr_root" / "apps" / "x" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def _json(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str, code: int = 0) -> Any:
    assert run(["explain", *arguments, "--format", "json"]) == code
    out, _ = capsysbinary.readouterr()
    assert b"geheim" not in out
    content = json.loads(out)
    jsonschema.validate(content, json.loads((ROOT / "docs" / "schema" / "explain.schema.json").read_text()))
    return content


def _winners(content: Any) -> dict[str, dict[str, str | None]]:
    return {
        found["pid"]: {
            ",".join(answer["runModes"]): answer["winner"]
            and answer["winner"]["url"].removeprefix("/apps/x/")
            for answer in found["answers"]
        }
        for found in content["configurations"]
    }


def test_a_matrix_over_the_run_modes_of_the_folders(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    hyphen = "config/com.example.F-x.config"
    assert _winners(_json(capsysbinary, ".")) == {
        "com.example.F~x": dict.fromkeys(
            ["author", "author,dev", "author,prod", "publish", "publish,dev", "publish,prod"], hyphen
        ),
        "com.example.N": {
            **dict.fromkeys(["author", "author,dev", "author,prod"]),
            **dict.fromkeys(["publish", "publish,dev", "publish,prod"], "config.publish/com.example.N"),
        },
        "com.example.S": {
            "author": "config.author/com.example.S.config",
            "author,dev": "config.author/com.example.S.config",
            "author,prod": "config.author.prod/com.example.S.config",
            "publish": "config.publish/com.example.S.config",
            "publish,dev": "config.publish/com.example.S.config",
            "publish,prod": "config.publish/com.example.S.config",
        },
    }


def test_one_set_of_run_modes_and_one_pid(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    content = _json(capsysbinary, "jcr_root", "--run-modes", "publish, dev", "com.example.S")
    (found,) = content["configurations"]
    (answer,) = found["answers"]
    assert answer["winner"]["url"] == "/apps/x/config.publish/com.example.S.config"
    reasons = {loser["url"].removeprefix("/apps/"): loser["reason"] for loser in answer["losers"]}
    assert reasons == {
        "x/config/com.example.S.cfg.json": "priority",
        "x/config/com.example.S.config": "priority",
        "x/config.author.prod/com.example.S.config": "run-modes",
        "x/config.author/com.example.S.config": "run-modes",
        "x/a/b/c/config/com.example.S.config": "not-taken",
    }
    files = {file["url"].removeprefix("/apps/x/"): file for file in found["files"]}
    # What AEM makes of a blank before the equals sign: nothing of the property.
    cut = files["config.publish/com.example.S.config"]
    assert (cut["rule"], cut["properties"]) == ("blank-around-key", [])
    secret = files["config.author.prod/com.example.S.config"]["properties"][1]
    assert (secret["value"], secret["secret"]) == ("***", True)


def test_a_file_that_aem_cannot_read_is_no_candidate(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    content = _json(capsysbinary, ".", "--run-modes", "dev", "--pid", "com.example.F")
    (answer,) = content["configurations"][0]["answers"]
    assert answer["winner"]["url"].endswith("/config/com.example.F-x.config")
    assert answer["tie"] is True
    assert [(loser["reason"], loser["url"].rpartition("/")[2]) for loser in answer["losers"]] == [
        ("url", "com.example.F~x.config"),
        ("not-taken", "com.example.F~x.cfg.json"),
    ]
    assert answer["losers"][1]["message"].startswith("AEM cannot read it and ignores the file")


def test_text_and_markdown(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["explain", "jcr_root", "--run-modes", "author,prod", "com.example.S"]) == 0
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert lines[:4] == [
        "com.example.S",
        "  jcr_root/apps/x/config.author.prod/com.example.S.config (priority 202)",
        '    a = String "prod"',
        '    password = String "***"',
    ]
    assert "  beats jcr_root/apps/x/config.author/com.example.S.config: priority 201, not 202" in lines
    assert run(["explain", "jcr_root", "com.example.S"]) == 0
    out = capsysbinary.readouterr().out.decode()
    assert "  author, prod   jcr_root/apps/x/config.author.prod/com.example.S.config\n" in out
    assert (
        "  never          jcr_root/apps/x/a/b/c/config/com.example.S.config: AEM does not look so deep\n"
        in out
    )
    assert run(["explain", "jcr_root", "--run-modes", "author", "com.example.N"]) == 0
    assert (
        "  none active\n  not jcr_root/apps/x/config.publish/.content.xml"
        in capsysbinary.readouterr().out.decode()
    )
    assert (
        run(["explain", "jcr_root", "--run-modes", "publish", "com.example.S", "--format", "markdown"]) == 0
    )
    assert (
        "| com.example.S | publish | jcr_root/apps/x/config.publish/"
        in capsysbinary.readouterr().out.decode()
    )
    assert run(["explain", "jcr_root", "--run-modes", "publish", "com.example.S"]) == 0
    assert "    not what it looks like: blank-around-key\n" in capsysbinary.readouterr().out.decode()


def test_a_package_and_a_loose_folder(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    with zipfile.ZipFile(here / "p.zip", "w") as package:
        package.writestr("META-INF/vault/filter.xml", '<workspaceFilter version="1.0"/>')
        for name, text in FILES.items():
            package.writestr(f"jcr_root/apps/x/{name}", text)
    assert _winners(_json(capsysbinary, "p.zip")) == _winners(_json(capsysbinary, "jcr_root"))
    loose = here / "osgi" / "config.author"
    loose.mkdir(parents=True)
    (loose / "com.example.L.config").write_text('a="1"\n')
    found = _json(capsysbinary, "osgi", "--run-modes", "publish")
    assert found["configurations"][0]["files"][0]["runModes"] == ["author"]
    assert found["configurations"][0]["answers"][0]["winner"] is None


@pytest.mark.parametrize(("platform", "winner"), [("aem65", None), ("aem65-lts", None), ("cloud", "deep")])
def test_the_cloud_reads_folders_of_any_depth(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], platform: str, winner: str | None
) -> None:
    for folder, text in (("a/b/c/config.author", "deep"), ("config.prod/config.dev", "nested")):
        file = tmp_path / "jcr_root" / "apps" / "x" / folder / f"com.example.{text}.config"
        file.parent.mkdir(parents=True)
        file.write_text(f'a="{text}"\n')
    found = _json(capsysbinary, str(tmp_path), "--platform", platform, "--run-modes", "author,prod")
    winners = {one["pid"]: one["answers"][0]["winner"] for one in found["configurations"]}
    assert (winners["com.example.deep"] is None) == (winner is None)
    # The installer watches both folders; the Cloud's build knows the innermost alone.
    nested = next(one for one in found["configurations"] if one["pid"] == "com.example.nested")
    assert (nested["answers"][0]["winner"] is None) == (platform == "cloud")
    assert nested["files"][0].get("otherwise") == (None if platform == "cloud" else [["dev"]])
    assert run(["explain", str(tmp_path), "--platform", platform]) == 0
    assert (b"does not look so deep" in capsysbinary.readouterr().out) == (platform != "cloud")


def test_of_folders_in_one_another_the_matrix_has_all(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "jcr_root/apps/x/config.publish/config.author/com.example.S.config"
    file.parent.mkdir(parents=True)
    file.write_text('a="1"\n')
    assert run(["explain", str(tmp_path), "--run-modes", "author"]) == 0
    assert b".config (priority 201)\n" in capsysbinary.readouterr().out
    found = _json(capsysbinary, str(tmp_path))
    url = file.relative_to(tmp_path / "jcr_root/apps/x").as_posix()
    assert _winners(found) == {"com.example.S": {"author": url, "publish": url}}


def test_properties_stand_for_a_pid_too(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    files = {
        "config/com.example.S.config": 'a="config"\n',
        "config.author/com.example.S.cfg": "# mine\na = cfg\\\n   more\npassword=geheim\n",
        "config.author.prod/com.example.S.properties": "a=\\u12",
        "config.author.dev/com.example.S.properties": "<properties/>",
        "i18n/de.properties": "a=b",
        "configs/de.properties": "a=b",
    }
    for name, text in files.items():
        file = tmp_path / "jcr_root/apps/x" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    found = _json(capsysbinary, str(tmp_path), "--run-modes", "author,prod,dev")
    assert [one["pid"] for one in found["configurations"]] == ["com.example.S"]
    (answer,) = found["configurations"][0]["answers"]
    assert answer["winner"]["url"] == "/apps/x/config.author/com.example.S.cfg"
    assert [(loser["reason"], loser["message"]) for loser in answer["losers"]] == [
        ("priority", "priority 200, not 201"),
        ("not-taken", "Java's properties in XML are not read here"),
        ("not-taken", "AEM cannot read it and ignores the file: Malformed \\uxxxx encoding."),
    ]
    taken = next(one for one in found["configurations"][0]["files"] if one["url"].endswith(".cfg"))
    assert (taken["format"], [one["value"] for one in taken["properties"]]) == ("cfg", ["cfgmore", "***"])
    # Outside a repository, too.
    loose = tmp_path / "osgi"
    loose.mkdir()
    (loose / "com.example.L.cfg").write_text("a=1\n")
    assert _winners(_json(capsysbinary, str(loose), "--run-modes", "author"))


def test_what_makes_no_sense(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["explain", "-"]) == 2
    assert run(["explain", ".", "--installer", "new"]) == 2
    assert run(["explain", "nowhere.zip"]) == 4
    assert b"nowhere.zip: No such file or directory" in capsysbinary.readouterr().err
    assert run(["explain", ".", "com.example.None"]) == 0
    assert b"no file here stands for com.example.None" in capsysbinary.readouterr().err
