"""`--platform`: which AEM is meant, in every verb that asks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from migrate.cli import inputs
from migrate.cli.app import run
from migrate.integration.request import Request
from tests.places import ROOT

DOUBLES = '{"a": [1, 2.5]}\n'
EMPTY = """<?xml version="1.0" encoding="UTF-8"?>
<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:sling="http://sling.apache.org/jcr/sling/1.0"
    jcr:primaryType="sling:OsgiConfig"
    p="[]"/>
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "com.example.Doubles.cfg.json").write_text(DOUBLES)
    (tmp_path / "com.example.Empty.xml").write_text(EMPTY)
    (tmp_path / "com.example.Blank.config").write_text('a = "1"\n')
    return tmp_path


def _json(verb: str, capsysbinary: pytest.CaptureFixture[bytes], *options: str) -> Any:
    run([verb, ".", "--format", "json", *options])
    content = json.loads(capsysbinary.readouterr().out)
    schema = json.loads((ROOT / "docs" / "schema" / f"{verb}.schema.json").read_text())
    jsonschema.validate(content, schema)
    return content


ALWAYS = "blank-around-key"


@pytest.mark.parametrize(
    ("options", "platform", "rules"),
    [
        ([], "aem65", {ALWAYS, "json-mixed-array"}),
        (["--platform", "any"], "any", {ALWAYS, "json-mixed-array", "xml-empty-array"}),
        (["--platform", "aem65"], "aem65", {ALWAYS, "json-mixed-array"}),
        (["--platform=aem65-lts"], "aem65-lts", {ALWAYS, "json-mixed-array"}),
        (["--platform", "cloud"], "cloud", {ALWAYS}),
    ],
)
def test_lint_and_show_ask_the_readers_of_the_platform(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes], options: list[str], platform: str, rules: set[str]
) -> None:
    linted = _json("lint", capsysbinary, *options)
    assert linted["platform"] == platform
    assert {hazard["rule"] for hazard in linted["hazards"]} == rules
    shown = _json("show", capsysbinary, *options)
    assert shown["platform"] == platform
    assert {rejected["rule"] for rejected in shown["rejected"]} == rules - {"xml-empty-array"}


def test_what_the_platform_loads_comes_first(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    def order(rule: str, *options: str) -> list[str]:
        hazards = _json("lint", capsysbinary, *options)["hazards"]
        return next(list(h["loads"]) for h in hazards if h["rule"] == rule)

    assert order("xml-empty-array", "--platform", "any") == ["3.2.8", "3.4.10", "3.6.0", "3.8.2"]
    assert order("json-mixed-array") == ["3.9.0", "3.10.0", "3.12.0", "3.14.2"]
    assert order("json-mixed-array", "--platform", "any") == ["3.9.0", "3.10.0", "3.12.0", "3.14.2"]
    run(["lint", "com.example.Empty.xml", "--platform", "any"])
    out = capsysbinary.readouterr().out.decode()
    assert "FileVault 3.2.8 (AEM 6.5), 3.4.10 and 3.8.2 (AEM 6.5 LTS, AEM Cloud) load p = String[] []" in out
    assert "FileVault 3.6.0 loads no property at all, without an error" in out


def test_where_the_others_load_otherwise_it_is_said(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """What AEM 6.5 loads as it looks, next to what the Cloud makes of it, with no part of a secret in it."""
    text = '{"service.ranking": "1", "b": "C:\\\\", "c": "http://x", "password": "canary-1"}\n'
    (here / "com.example.Ranked.cfg.json").write_text(text)
    hazards = _json("lint", capsysbinary)["hazards"]
    (found,) = (h for h in hazards if h["rule"] == "service-ranking-type")
    told = {"properties": [{"name": "service.ranking", "type": "String", "value": "1"}]}
    assert [found["loads"][version] for version in ("3.9.0", "3.10.0")] == [told, told]
    assert all("error" in found["loads"][version] for version in ("3.12.0", "3.14.2"))
    assert "canary" not in str(hazards)
    (other,) = (
        h for h in _json("lint", capsysbinary, "--platform", "any")["hazards"] if h["path"] == found["path"]
    )
    assert other["rule"] == "json-comment-quote-parity"


def test_settings_say_it_and_options_more(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "slingshift.toml").write_text('platform = "cloud"\n')
    assert _json("show", capsysbinary)["platform"] == "cloud"
    assert {hazard["rule"] for hazard in _json("lint", capsysbinary)["hazards"]} == {ALWAYS}
    assert _json("lint", capsysbinary, "--platform", "any")["platform"] == "any"


@pytest.mark.parametrize("options", [[], ["--platform", "any"], ["--platform", "aem65"]])
def test_fmt_leaves_alone_what_the_readers_that_count_load_otherwise(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes], options: list[str]
) -> None:
    assert run(["fmt", "com.example.Doubles.cfg.json", *options]) == 3
    assert "com.example.Doubles.cfg.json:1:7: " in capsysbinary.readouterr().err.decode()
    assert (here / "com.example.Doubles.cfg.json").read_text() == DOUBLES


@pytest.mark.parametrize("in_settings", [True, False])
def test_fmt_asks_the_readers_of_the_platform(here: Path, in_settings: bool) -> None:
    options = [] if in_settings else ["--platform", "cloud"]
    if in_settings:
        (here / "slingshift.toml").write_text('platform = "cloud"\n')
    assert run(["fmt", "com.example.Doubles.cfg.json", *options]) == 0
    written = (here / "com.example.Doubles.cfg.json").read_text()
    assert written == '{\n  "a":[\n    1.0,\n    2.5\n  ]\n}'
    assert run(["fmt", "com.example.Doubles.cfg.json", "--check", *options]) == 0


def test_folders_with_settings_of_their_own(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    for name in ("aem65", "cloud"):
        (here / name).mkdir()
        (here / name / "com.example.Doubles.cfg.json").write_text(DOUBLES)
        (here / name / "slingshift.toml").write_text(f'platform = "{name}"\n')
    assert run(["lint", "aem65", "cloud", "--format", "json"]) == 1
    content = json.loads(capsysbinary.readouterr().out)
    assert content["platform"] is None
    assert [hazard["path"] for hazard in content["hazards"]] == ["aem65/com.example.Doubles.cfg.json"]


@pytest.mark.parametrize("verb", ["lint", "show"])
@pytest.mark.parametrize(
    ("text", "said"), [("platform = 65\n", "is a string"), ('platform = "6.5"\n', "no platform")]
)
def test_settings_that_make_no_sense(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes], verb: str, text: str, said: str
) -> None:
    (here / "slingshift.toml").write_text(text)
    assert run([verb, "."]) == 2
    assert said in capsysbinary.readouterr().err.decode()


def test_an_option_that_makes_no_sense(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["lint", ".", "--platform", "6.5"]) == 2
    assert b"aem65" in capsysbinary.readouterr().err


def test_convert_reads_for_the_platform(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "com.example.Mixed.cfg.json").write_text('{"a": [1, 2.5]}')
    for options, code in (([], 3), (["--platform", "aem65"], 3), (["--platform", "any"], 3)):
        assert run(["convert", "com.example.Mixed.cfg.json", "--to", "config", *options]) == code
    assert run(["convert", "com.example.Empty.xml", "--to", "config"]) == 0
    assert b"p=[ \\" in (here / "com.example.Empty.config").read_bytes()


def test_a_tree_moves_to_the_cloud_that_the_settings_name(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder = here / "jcr_root" / "apps" / "x" / "config.author.author"
    folder.mkdir(parents=True)
    (folder / "com.example.F-1.config").write_text('a="1"\n')
    said: list[bytes] = []
    (here / "jcr_root" / "slingshift.toml").write_text('platform = "cloud"\n')
    for options in ([], ["--platform", "cloud"]):
        assert run(["convert", "--to", "cfg.json", "--dry-run", "jcr_root", *options]) == 1
        said.append(capsysbinary.readouterr().out)
    assert said[0] == said[1]
    assert b"/config.author/com.example.F~1.cfg.json" in said[0]
    assert run(["convert", "--to", "xml", "jcr_root"]) == 2
    assert run(["convert", "--to", "xml", "--dry-run", "--platform", "aem65", "jcr_root"]) == 1


@pytest.mark.parametrize(
    ("platform", "installer", "version"),
    [(None, None, None), ("aem65", None, "1.3.4"), ("cloud", None, None), ("aem65", "1.4.10", "1.4.10")],
)
def test_the_installer_is_the_platforms_by_default(
    platform: str | None, installer: str | None, version: str | None
) -> None:
    settings, _ = inputs.settings_of(Request(platform=platform, installer=installer))
    assert settings.version == version


def test_standard_input_has_no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "slingshift.toml").write_text('platform = "cloud"\n')
    assert inputs.platform_of(None, ["-"]).id == "aem65"
    assert inputs.platform_of(None, ["-", "."]).id == "cloud"


def test_the_first_targets_settings_say_it_for_a_plan(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (here / "slingshift.toml").write_text('platform = "aem65"\n')
    assert inputs.settings_of(Request(), [str(here)])[0].version == "1.3.4"
    assert inputs.settings_of(Request(platform="any"), [str(here)])[0].version is None
    assert inputs.settings_of(Request(installer="1.4.6"), [str(here)])[0].version == "1.4.6"
    (here / "slingshift.toml").write_text('platform = "6.5"\n')
    for verb in ("plan", "scan", "apply"):
        assert run([verb, str(here)]) == 2
        assert "'6.5' is no platform: aem65, aem65-lts, cloud, any" in capsysbinary.readouterr().err.decode()


LONE = ["# nothing yet", '# c\rservice="1"\nb="2"\n']


@pytest.mark.parametrize("text", LONE)
@pytest.mark.parametrize(
    ("options", "shown"), [([], True), (["--platform", "aem65"], False), (["--platform", "cloud"], True)]
)
def test_what_the_installer_loses_of_a_first_line_is_not_shown_for_an_aem_that_has_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
    text: str,
    options: list[str],
    shown: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "com.example.Lone.config").write_bytes(text.encode())
    content = _json("show", capsysbinary, *options)
    assert [len(content["configurations"]), len(content["rejected"])] == [shown, not shown]
    if not shown:
        (rejected,) = content["rejected"]
        assert rejected["rule"] == "lone-comment"
        felix = {"error": "java.io.IOException: Unable to read configuration."}
        if "\n" in text:
            felix = {"properties": [{"name": "b", "type": "String", "value": "2"}]}
        assert rejected["loads"]["1.8.12"] == felix
        assert "properties" in rejected["loads"]["1.9.26"]
    linted = _json("lint", capsysbinary, *options)
    assert [hazard["rule"] for hazard in linted["hazards"]] == ["lone-comment"]
    assert linted["hazards"][0]["fixable"] == ("\n" not in text)


def test_a_provider_with_such_a_first_line_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "jcr_root" / "apps" / "x" / "config"
    folder.mkdir(parents=True)
    name = "com.adobe.granite.auth.oauth.accesstoken.provider-1.config"
    (folder / name).write_bytes(b'# c\rname="adobe-ims-similaritysearch"\n')
    run(["plan", ".", "--format", "json"])
    content = json.loads(capsysbinary.readouterr().out)
    assert [one["rule"] for one in content["targets"][0]["refusals"]] == ["lone-comment"]
