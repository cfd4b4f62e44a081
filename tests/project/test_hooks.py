"""The pre-commit hooks: what they run, and on which files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from migrate.cli.app import run
from tests.places import ROOT

HOOKS = dict(
    zip(
        *(
            re.findall(rf"^  {key}: '?(.*?)'?$", (ROOT / ".pre-commit-hooks.yaml").read_text(), re.MULTILINE)
            for key in ("entry", "files")
        ),
        strict=True,
    )
)
LINT, FMT = "slingshift lint --quiet", "slingshift fmt --quiet"


@pytest.mark.parametrize(
    ("path", "hooks"),
    [
        ("ui.apps/jcr_root/apps/x/config.author/F~x.config", {LINT, FMT}),
        ("F.config", {LINT, FMT}),
        ("apps/x/config/F.cfg.json", {LINT}),
        ("apps/x/config.author.prod/F.xml", {LINT}),
        ("config/F/.content.xml", {LINT}),
        ("apps/x/install/sub/F.xml", {LINT}),
        ("pom.xml", set()),
        ("apps/x/components/dialog.xml", set()),
        ("apps/x/configuration/F.xml", set()),
        ("src/config.json", set()),
    ],
)
def test_files(path: str, hooks: set[str]) -> None:
    assert {entry for entry, files in HOOKS.items() if re.search(files, path)} == hooks


def test_entries_run(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "F.config"
    for entry in HOOKS:
        path.write_text('b="1"\na="2"\n')
        assert run([*entry.split()[1:], str(path)]) == 0
        assert capsysbinary.readouterr() == (b"", b"")
    assert path.read_bytes() == b'a="2"\r\nb="1"\r\n'
