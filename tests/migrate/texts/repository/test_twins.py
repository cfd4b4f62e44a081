"""Two files of one PID: a conversion must not make AEM take the other one."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.cli.app import run
from migrate.texts.repository.twins import Twin, Twins

XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0"'
    ' xmlns:jcr="http://www.jcp.org/jcr/1.0" jcr:primaryType="sling:{}" {}'
)
ONE = XML.format("OsgiConfig", 'a="1"/>\n')
FOLDER = XML.format("Folder", '><com.example.A jcr:primaryType="sling:OsgiConfig" a="1"/></jcr:root>\n')


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "p/jcr_root/apps/x/config"
    path.mkdir(parents=True)
    return path


def state(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("targets", [["p"], ["p/jcr_root/apps/x/config/.content.xml"]])
@pytest.mark.parametrize("replace", [[], ["--replace"]])
def test_what_aem_takes_does_not_change(
    folder: Path, targets: list[str], replace: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".content.xml").write_text(FOLDER)
    (folder / "com.example.A.cfg.json").write_text('{"a": "2"}')
    before = state(folder)
    assert run(["convert", *targets, "--to", "config", *replace]) == 3
    assert state(folder) == before
    assert (
        "com.example.A is also in com.example.A.cfg.json, and AEM takes one of the two by its name; "
        "keep one of them first [twin]"
    ) in capsys.readouterr().err


def test_names_that_are_one_pid(folder: Path) -> None:
    (folder / "com.example.F-x.xml").write_text(ONE)
    (folder / "com.example.F~x.config").write_text('a="2"\n')
    (folder / "com.example.F~y.config").write_text('a="2"\n')
    assert run(["convert", "p", "--to", "cfg.json", "--platform", "cloud"]) == 3
    assert sorted(path.name for path in folder.iterdir()) == [
        "com.example.F-x.xml",
        "com.example.F~x.config",
        "com.example.F~y.cfg.json",
    ]


def test_what_is_there_is_not_overwritten_as_ever(folder: Path) -> None:
    (folder / "com.example.A.config").write_text('a="2"\n')
    (folder / "com.example.A.cfg.json").write_text('{"a": "2"}')
    assert run(["convert", "p", "--to", "cfg.json"]) == 4


def test_a_folder_of_its_own_is_no_matter(folder: Path, tmp_path: Path) -> None:
    (folder / "com.example.A.config").write_text('a="2"\n')
    (folder / "com.example.A.xml").write_text(ONE)
    assert run(["convert", "p", "--to", "cfg.json", "--out", str(tmp_path / "out")]) in (0, 4)


def test_only_real_twins_are_some(folder: Path) -> None:
    (folder / "com.example.A.xml").write_text(XML.format("Folder", "/>\n"))
    (folder / "com.example.A.config").write_text('a="2"\n')
    (folder / "com.example.B.config").write_text('a="2"\n')
    (folder / "com.example.C").mkdir()
    (folder / "com.example.C/.content.xml").write_text(ONE)
    (folder / "com.example.C.config").write_text('a="2"\n')
    (folder / "notes.txt").write_text("x")
    place, twins = "p/jcr_root/apps/x/config", Twins()
    assert twins.of(f"{place}/com.example.A.config") is None
    assert twins.of(f"{place}/com.example.B.config") is None
    assert twins.of("-") is None
    assert twins.of(f"{place}/com.example.C.config") == Twin("com.example.C", "com.example.C/.content.xml")
    assert twins.of(f"{place}/com.example.C/.content.xml") == Twin("com.example.C", "com.example.C.config")
