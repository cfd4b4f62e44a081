"""Two files of one PID in a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrate.cli.app import run


def test_twins_name_the_one_that_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    head = '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" jcr:primaryType='
    (tmp_path / "F.xml").write_text(f'{head}"sling:OsgiConfig"/>')
    (tmp_path / "F.cfg.json").write_text("{}")
    (tmp_path / "F.config").write_text('a="1"\n')
    (tmp_path / "G-x.config").write_text('a="1"\n')
    (tmp_path / "G~x.config").write_text('a="1"\n')
    (tmp_path / "H.xml").write_text(f'{head}"nt:unstructured"/>')
    (tmp_path / "H.config").write_text('a="1"\n')
    (tmp_path / "I-a.config").write_text('a="1"\n')
    (tmp_path / "I-a.b.config").write_text('a="1"\n')
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "F.config").write_text('a="1"\n')
    (tmp_path / "J%7ex.xml").write_text(f'{head}"sling:OsgiConfig"/>')
    (tmp_path / "J~x.config").write_text('# slingshift: ignore twin\na="1"\n')
    assert run(["lint", ".", "--format", "json"]) == 1
    hazards = json.loads(capsysbinary.readouterr().out)["hazards"]
    assert [(h["path"], h["rule"]) for h in hazards] == [
        ("./F.cfg.json", "twin"),
        ("./F.config", "twin"),
        ("./G~x.config", "twin"),
    ]
    assert "'F.xml'" in hazards[1]["message"]
