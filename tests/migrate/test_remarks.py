"""Remarks for services: where they stand, as the services know files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrate import remarks
from migrate.remarks import Annotation


@pytest.mark.parametrize("path", ["./a b/x.config", "a b/x.config", "a b//x.config", "here"])
def test_a_path_is_as_git_knows_it(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = os.path.join(tmp_path, "a b/x.config") if path == "here" else path
    line = remarks.github([Annotation("rule", "warning", "said", path, 2, 3)])
    assert line == "::warning file=a b/x.config,line=2,col=3,title=rule::said\n"
    assert remarks.uri(path) == "a%20b/x.config"


def test_the_address_of_an_instance_is_kept() -> None:
    address = "https://author.example:4502/apps/a b"
    assert "file=https%3A//author.example%3A4502/apps/a b," in remarks.github(
        [Annotation("rule", "error", "said", address)]
    )
    assert remarks.uri(address) == "https://author.example:4502/apps/a%20b"
