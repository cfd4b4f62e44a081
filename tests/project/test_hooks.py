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
LINT, PROJECT, FMT = "slingshift lint --quiet", "slingshift lint --quiet .", "slingshift fmt --quiet"


@pytest.mark.parametrize(
    ("path", "hooks"),
    [
        ("ui.apps/jcr_root/apps/x/config.author/F~x.config", {LINT, PROJECT, FMT}),
        ("F.config", {LINT, PROJECT, FMT}),
        ("apps/x/config/F.cfg.json", {LINT, PROJECT}),
        ("apps/x/config.author.prod/F.xml", {LINT, PROJECT}),
        ("config/F/.content.xml", {LINT, PROJECT}),
        ("apps/x/install/sub/F.xml", {LINT, PROJECT}),
        ("ui/META-INF/vault/filter.xml", {PROJECT}),
        ("pom.xml", set()),
        ("apps/x/components/dialog.xml", set()),
        ("apps/x/configuration/F.xml", set()),
        ("src/config.json", set()),
    ],
)
def test_files(path: str, hooks: set[str]) -> None:
    assert {entry for entry, files in HOOKS.items() if re.search(files, path)} == hooks


def test_entries_run(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "F.config"
    for entry in HOOKS:
        path.write_text('b="1"\na="2"\n')
        names = [] if entry == PROJECT else [str(path)]
        assert run([*entry.split()[1:], *names]) == 0
        assert capsysbinary.readouterr() == (b"", b"")
    assert path.read_bytes() == b'a="2"\r\nb="1"\r\n'


def test_no_hook_runs_beside_itself() -> None:
    """They share the work out by themselves, and what is written takes a lock."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_text()
    assert text.count("require_serial: true") == text.count("- id:") == len(HOOKS) == 3
    assert text.count("pass_filenames: false") == 1
