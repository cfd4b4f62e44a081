"""What lint says of a file behind its first error: marked as waiting for that one, in every form and output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrate.cli.app import run
from migrate.lint import check

CONFIG = b'a=true\npattern="https?://.*\\.x"\nb="k=="\nclientSecret="$[secret:N;default=p=q]"\n'


def test_errors_and_hazards_behind_the_first_error_wait_for_it() -> None:
    found = check.check("F.config", CONFIG, "config")
    assert [(one.line, one.column, one.rule, one.pending) for one in found] == [
        (1, 3, "unquoted-value", False),
        (2, 1, "lost-backslash", True),
        (3, 5, "unescaped-equals", True),
        (4, 33, "unescaped-equals", True),
    ]
    assert [bool(one.loads) for one in found] == [True, False, False, False]


def test_a_cfg_json_too() -> None:
    data = b'{\n "a": null,\n "b:Boolean": "yes",\n "c:Integer": "x"\n}\n'
    found = check.check("F.cfg.json", data, "cfg.json")
    assert [(one.line, one.rule, one.pending, bool(one.loads)) for one in found] == [
        (2, "json-null", False, True),
        (3, "json-odd-boolean", True, False),
        (4, "json-bad-value", True, False),
    ]


def test_a_comment_lets_one_pass_there_too() -> None:
    data = b'a=true\n# slingshift: ignore unquoted-value\nb=false\n# slingshift: ignore lost-backslash\nc="\\."\n'
    assert [one.line for one in check.check("F.config", data, "config")] == [1]


def test_xml_in_a_config_is_said_once() -> None:
    found = check.check("F.config", b'<?xml version="1.0"?>\n<a b="c">\n<d e="f"/>\n</a>\n', "config")
    assert [one.rule for one in found] == ["xml-as-config"]


def test_every_output_says_that_it_waits(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "F.config").write_bytes(b"a=true\nb=false\n")
    note = check.PENDING.encode()
    for form in ("text", "markdown", "github", "junit", "sarif"):
        assert run(["lint", str(tmp_path), "--format", form]) == 1
        assert capsysbinary.readouterr().out.count(note) == 1, form
    assert run(["lint", str(tmp_path), "--format", "json"]) == 1
    hazards = json.loads(capsysbinary.readouterr().out)["hazards"]
    assert [one["pending"] for one in hazards] == [False, True]
