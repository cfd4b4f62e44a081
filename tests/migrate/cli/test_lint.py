"""`slingshift lint`, `show`, `fmt` and `convert` as a user meets them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest

from migrate.cli.app import run
from migrate.targets import system
from tests.places import ROOT

GOOD = 'a="1"\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _schema(name: str) -> object:
    return json.loads((ROOT / "docs" / "schema" / f"{name}.schema.json").read_text())


def test_clean_is_0(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "a.config").write_text(GOOD)
    assert run(["lint", "."]) == 0
    assert capsysbinary.readouterr().out == b""


def test_hazards_are_1_with_place_and_loads(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "a.config").write_text('key="x=="\nb="2"\n')
    assert run(["lint", "a.config"]) == 1
    out, err = capsysbinary.readouterr()
    assert out.startswith(b"a.config:1:7: error unescaped-equals: ")
    assert b'AEM loads key = String "x"' in out
    assert b"1 configuration: 1 error; 1 can be repaired with --fix" in err


@pytest.mark.parametrize("format_", ["json", "sarif", "markdown", "github"])
def test_other_formats(here: Path, capsysbinary: pytest.CaptureFixture[bytes], format_: str) -> None:
    (here / "a.config").write_text('a=B"yes"\n')
    assert run(["lint", "a.config", "--format", format_]) == 1
    out = capsysbinary.readouterr().out.decode()
    assert "bad-boolean" in out
    if format_ == "json":
        jsonschema.validate(json.loads(out), _schema("lint"))
        assert json.loads(out)["hazards"][0]["loads"]["1.8.12"]["properties"][0]["value"] is False
    if format_ == "sarif":
        log = json.loads(out)
        assert log["version"] == "2.1.0"
        result = log["runs"][0]["results"][0]
        assert result["level"] == "warning"
        rules = log["runs"][0]["tool"]["driver"]["rules"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "bad-boolean"
        assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 1}


def test_secrets_stay_out(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    for number, line in enumerate(
        [
            'client.secret="CANARY=="',
            "client.secret=CANARY",
            'client.secret = "CANARY"',
            'client.secret=I"CANARY"',
        ]
    ):
        (here / f"{'abcd'[number]}.config").write_text(f'{line}\nb="2"\n')
    for arguments in (
        ["lint", "."],
        ["lint", ".", "--format", "json"],
        ["lint", ".", "--diff"],
        ["lint", ".", "--fix"],
    ):
        run(arguments)
        out, err = capsysbinary.readouterr()
        assert b"ANARY" not in out + err


def test_the_ims_client_secret_is_masked_by_show(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (here / "a.config").write_text('auth.ims.client.secret="CANARY"\n')
    (here / "b.config").write_text('auth.ims.client.secret="CANARY=="\n')
    assert run(["show", "."]) == 3
    out, err = capsysbinary.readouterr()
    assert b"ANARY" not in out + err
    assert run(["show", ".", "--show-secrets"]) == 2


def test_fix_repairs_and_tells(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = here / "a.config"
    path.write_bytes(b'\xef\xbb\xbfkey="x==",\r\nb = "2"\r\n')
    path.chmod(0o640)
    assert run(["lint", "a.config", "--diff"]) == 1
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert run(["lint", "a.config", "--fix"]) == 0
    assert path.read_bytes() == b'key="x\\=\\="\r\nb="2"\r\n'
    assert path.stat().st_mode & 0o777 == 0o640 or not system.HOLDS_FOLDERS
    assert b'b: AEM loaded nothing, and loads String "2" now' in capsysbinary.readouterr().err
    assert os.listdir(here) == ["a.config"]


def test_what_is_told_of_a_repair_holds_no_half_of_a_secret(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    secret = "CANARY" * 10
    (here / "b.config").write_text(f'password="{secret}"\n')
    (here / "a.config").write_text(f'u = "{"x" * 290} {secret}"\n')
    run(["lint", "a.config", "--fix"])
    out, err = capsysbinary.readouterr()
    assert f'"{"x" * 290} ***"'.encode() in err
    assert b"ANARY" not in out + err


def test_a_rejected_file_shows_no_half_of_a_password(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    url = f"https:\\/\\/me:CANARY4f8e12aa77CANARY@h.example\\/{'x' * 10}"
    (here / "a.cfg.json").write_text(f'{{"url": "{url}", "x:Integer": "z"}}')
    assert run(["show", "a.cfg.json"]) == 3
    out, err = capsysbinary.readouterr()
    line, caret = json.loads(out)["rejected"][0]["context"].split("\n")
    assert line.endswith('", "x:Integer": "z"}')
    assert caret.index("^") == line.index('"z"')
    assert b"ANARY" not in out + err


@pytest.mark.parametrize(
    "text", ['a=true\nb="1"\n', 'a="1\nb="2"\n', 'u="x?a="b""\n', 'a=["1" "2"]\n', 'a = "1"\nb=true\n']
)
def test_fix_leaves_what_is_in_doubt(here: Path, text: str) -> None:
    (here / "a.config").write_text(text)
    assert run(["lint", "a.config", "--fix"]) == 1
    assert (here / "a.config").read_text() == text


def test_a_comment_lets_a_hazard_pass(here: Path) -> None:
    (here / "a.config").write_text('# slingshift: ignore bad-boolean, lost-backslash\na=B"yes"\nb="\\."\n')
    assert run(["lint", "a.config"]) == 1
    (here / "a.config").write_text('# slingshift: ignore bad-boolean\na=B"yes"\nb="\\\\."\n')
    assert run(["lint", "a.config"]) == 0


def test_settings_are_found_above_and_checked(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "sub").mkdir()
    (here / "sub" / "a.config").write_text('a=B"yes"\n')
    (here / "pyproject.toml").write_text('[tool.slingshift]\nignore = ["bad-boolean"]\n')
    assert run(["lint", "sub"]) == 0
    (here / "slingshift.toml").write_text('exclude = ["sub"]\n')
    assert run(["lint", "sub"]) == 0
    (here / "slingshift.toml").write_text("rules = []\n")
    assert run(["lint", "sub"]) == 2
    assert b"unknown key 'rules'" in capsysbinary.readouterr().err
    assert run(["lint", "sub", "--select", "nonsense"]) == 2


@pytest.mark.posix
def test_what_cannot_be_read_is_4(here: Path) -> None:
    assert run(["lint", "missing"]) == 4
    os.mkfifo(here / "pipe.config")
    assert run(["lint", "pipe.config"]) == 4
    (here / "loop.config").symlink_to("loop.config")
    assert run(["lint", "loop.config"]) == 4
    assert run(["show", "missing"]) == 4


def test_many_files_keep_their_order(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    for number in range(301):
        (here / f"f{number:03}.config").write_text('a=B"yes"\n' if number % 3 == 0 else GOOD)
    assert run(["lint", ".", "--format", "json"]) == 1
    report = json.loads(capsysbinary.readouterr().out)
    paths = [hazard["path"] for hazard in report["hazards"]]
    assert report["files"] == 301
    assert len(paths) == 101
    assert paths == sorted(paths)


def test_show_follows_its_schema(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "F~x.config").write_text('a=D"9221120237041090560"\nb="\\ud83d"\nc=()\nd=i["1"]\n')
    (here / "P.config").write_text("a=true\n")
    assert run(["show", "F~x.config", "P.config"]) == 3
    shown = json.loads(capsysbinary.readouterr().out)
    jsonschema.validate(shown, _schema("show"))
    found = shown["configurations"][0]
    assert (found["pid"], found["factoryPid"], found["name"]) == ("F~x", "F", "x")
    types = [(p["type"], p["value"]) for p in found["properties"]]
    assert types == [("Double", "NaN"), ("String", "\ud83d"), ("Collection<?>", []), ("int[]", [1])]
    assert shown["rejected"][0]["rule"] == "unquoted-value"
    assert set(shown["rejected"][0]["loads"]) == {"1.8.12", "1.9.26"}


def test_show_points_at_the_place_of_a_rejected_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.config").write_text('a="1"\nb = "2"\n')
    assert run(["show", "--format", "text", "a.config"]) == 3
    assert capsys.readouterr().out == (
        'a.config:2:4: white space after "=": the installer of AEM 6.5 (Felix 1.8.12) drops the value and misreads '
        'what follows. Write key="value" without blanks [blank-around-key]\n'
        '  b = "2"\n     ^\n'
        '  ConfigAdmin 1.8.12 loads a = String "1"\n'
        '  ConfigAdmin 1.9.26 loads a = String "1", b = String "2"\n'
    )


@pytest.mark.parametrize(
    "key", ["auth.ims.client.secret", "auth.ims.client.s\\ecret", "auth.\\u0069ms.client.secret"]
)
def test_show_and_lint_hide_the_secret_of_a_rejected_file(
    here: Path, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    (here / "a.config").write_text(f'{key}="p-canary"\nb=p-canary\n')
    for command in (["show"], ["show", "--format", "text"], ["lint"], ["lint", "--format", "json"]):
        assert run([*command, "a.config"]) != 0
        captured = capsys.readouterr()
        assert "canary" not in captured.out + captured.err


def test_fmt_writes_as_felix_and_keeps_comments(here: Path) -> None:
    path = here / "a.config"
    path.write_text('# head\nb=I"1"\n# on a\na="x y"\n')
    assert run(["fmt", "--check", "a.config"]) == 1
    assert run(["fmt", "a.config"]) == 0
    assert path.read_bytes() == b'# head\r\n# on a\r\na="x\\ y"\r\nb=I"1"\r\n'
    assert run(["fmt", "--check", "a.config"]) == 0
    path.write_text('b="1"\na="2"\n')
    assert run(["fmt", "--keep-order", "a.config"]) == 0
    assert path.read_bytes() == b'b="1"\r\na="2"\r\n'
    path.write_text('# head\nb="1" # on b\n# above a\na="2" # on a\n\n# tail\n')
    assert run(["fmt", "a.config"]) == 0
    formatted = b'# head\r\n# above a\r\n# on a\r\na="2"\r\n# on b\r\nb="1"\r\n# tail\r\n'
    assert path.read_bytes() == formatted
    assert run(["fmt", "--check", "a.config"]) == 0
    path.write_text("a=true\n")
    assert run(["fmt", "a.config"]) == 3


def test_convert_names_what_is_lost(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "F~x.config").write_text('# c\nm="1"\n# d\nn=I"5"\na=["1", "2"]\n')
    assert run(["convert", "--to", "xml", "."]) == 3
    err = capsysbinary.readouterr().err
    assert b"lost: comments" in err
    assert b"lost: n: Integer becomes Long" in err
    assert run(["convert", "--to", "xml", "--allow-lossy", "--out", "out", "."]) == 0
    assert b'n="{Long}5"' in (here / "out" / "F%7ex.xml").read_bytes()
    assert run(["convert", "--to", "xml", "--allow-lossy", "--out", "out", "F~x.config"]) == 4
    assert run(["convert", "--to", "config", "out"]) == 0
    assert (
        here / "out" / "F~x.config"
    ).read_bytes() == b'# c\r\na=[ \\\r\n  "1", \\\r\n  "2", \\\r\n  ]\r\nm="1"\r\nn=L"5"\r\n'


def test_xml_by_the_name_of_a_config_is_one_hazard(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder = here / "jcr_root" / "apps" / "x" / "config"
    folder.mkdir(parents=True)
    xml = '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" jcr:primaryType="sling:OsgiConfig" a="1"/>\n'
    (folder / "com.example.F.config").write_text(xml)
    assert run(["lint", ".", "--format", "json"]) == 1
    (hazard,) = json.loads(capsysbinary.readouterr().out)["hazards"]
    assert (hazard["rule"], hazard["line"], hazard["column"]) == ("xml-as-config", 1, 1)
    assert all(loaded.get("error") or not loaded["properties"] for loaded in hazard["loads"].values())
    (here / "jcr_root" / "com.example.F.config").write_text(xml)
    assert run(["lint", "jcr_root/com.example.F.config"]) == 1
    assert b"xml-as-config" in capsysbinary.readouterr().out
