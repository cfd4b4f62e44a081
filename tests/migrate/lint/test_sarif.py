"""`lint --format sarif`: the shape, and what a code scanning service makes of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from migrate.cli.app import run
from migrate.lint import sarif

SCHEMA = json.loads(Path(__file__).with_name("sarif.schema.json").read_text())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _log(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> dict[str, Any]:
    run(["lint", *arguments, "--format", "sarif"])
    out = capsysbinary.readouterr().out
    log = json.loads(out)
    jsonschema.validate(log, SCHEMA)
    found: dict[str, Any] = log["runs"][0]
    return found


def _uris(found: dict[str, Any]) -> list[str]:
    return [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in found["results"]]


def test_no_hazard_is_an_empty_run(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    found = _log(capsysbinary, ".")
    assert found["results"] == []
    assert found["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_uris_are_relative_and_encoded(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    names = [
        b"a b.config",
        b"c:d#e?.config",
        b"f%41.config",
        b"g\xff.config",
        "ü.config".encode(),
        b"h\ni.config",
    ]
    for name in names:
        with open(os.path.join(os.fsencode(here), name), "wb") as stream:
            stream.write(b"a=true\n")
    expected = ["a%20b", "c%3Ad%23e%3F", "f%2541", "g%FF", "h%0Ai", "%C3%BC"]
    assert sorted(_uris(_log(capsysbinary, "."))) == sorted(f"{name}.config" for name in expected)
    assert sorted(_uris(_log(capsysbinary, str(here)))) == sorted(f"{name}.config" for name in expected)


def test_what_cannot_be_read_is_a_notification(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    found = _log(capsysbinary, "missing")
    assert found["invocations"][0]["executionSuccessful"] is False
    text = found["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert text == "missing: No such file or directory"


def test_fingerprints_survive_moved_lines_and_tell_twins_apart(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    def fingerprints(text: str) -> list[str]:
        (here / "a.config").write_text(text)
        results = _log(capsysbinary, "a.config")["results"]
        return [result["partialFingerprints"]["slingshift/v1"] for result in results]

    first = fingerprints('a=B"yes"\nb=B"no"\n')
    assert len(set(first)) == 2
    assert fingerprints('# c\n\na=B"yes"\n\nb=B"no"\n') == first


def test_every_rule_that_was_met_explains_itself(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (here / "a.config").write_text('a=B"yes"\nb="\\."\n')
    found = _log(capsysbinary, "a.config")
    rules = found["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["bad-boolean", "lost-backslash"]
    for result in found["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert f"docs/rules/{rule['id']}.md" in rule["help"]["text"]
        assert "AEM loads" in result["message"]["text"]


def test_rules_say_what_a_service_shows(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "a.config").write_text('service.ranking="5"\npassword="x1y2z3"\n')
    (here / "b.cfg.json").write_text("")
    rules = {rule["id"]: rule for rule in _log(capsysbinary, ".")["tool"]["driver"]["rules"]}
    assert set(rules) == {"plain-secret", "service-ranking-type", "json-empty"}
    for name, rule in rules.items():
        assert rule["helpUri"].startswith("https://")
        assert f"slingshift: ignore {name}" in rule["help"]["markdown"]
        assert len(rule["properties"]["tags"]) <= 10
    assert rules["plain-secret"]["properties"]["security-severity"] == "7.5"
    assert "security" in rules["plain-secret"]["properties"]["tags"]
    assert "security-severity" not in rules["json-empty"]["properties"]
    assert "json" in rules["json-empty"]["properties"]["tags"]
    assert "aemanalyser: configurations-basic" in rules["service-ranking-type"]["help"]["markdown"]


def test_no_more_results_than_are_shown(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 3)
    for name in "abcd":
        (here / f"{name}.config").write_text('a=B"yes"\n' if name < "c" else "a=true\n")
    found = _log(capsysbinary, ".")
    assert _uris(found) == ["a.config", "c.config", "d.config"]
    (note,) = found["invocations"][0]["toolExecutionNotifications"]
    assert note["level"] == "warning"
    assert note["message"]["text"].startswith("1 of 4 hazards are left out")
    assert found["invocations"][0]["executionSuccessful"] is True
