"""`lint --format junit`."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from migrate.cli.app import run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def suite(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> ElementTree.Element:
    run(["lint", *arguments, "--format", "junit"])
    root = ElementTree.fromstring(capsysbinary.readouterr().out.decode())
    assert root.tag == "testsuites"
    (found,) = root
    return found


def test_a_file_is_a_test_case(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "a.config").write_text('a="1"\n')
    (here / 'b<&".config').write_text('a=B"yes"\nb=B"<no>"\n')
    found = suite(capsysbinary, ".")
    assert (found.get("tests"), found.get("failures"), found.get("errors")) == ("2", "1", "0")
    good, bad = found
    assert (good.get("name"), len(good)) == ("./a.config", 0)
    assert bad.get("name") == './b<&".config'
    (failure,) = bad
    assert failure.get("type") == "bad-boolean"
    assert (failure.text or "").count("warning bad-boolean") == 2
    assert "AEM loads" in (failure.text or "")


def test_what_does_not_count_is_no_failure(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "a.config").write_text('a=B"yes"\n')
    assert suite(capsysbinary, ".", "--fail-on", "error").get("failures") == "0"


def test_what_cannot_be_read_is_an_error(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    found = suite(capsysbinary, "missing")
    assert (found.get("tests"), found.get("errors")) == ("1", "1")
    assert found[0][0].get("message") == "missing: No such file or directory"


def test_no_control_character_gets_in(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "a\x1b.config").write_bytes(b"\x01=true\n")
    assert suite(capsysbinary, ".").get("failures") == "1"
