"""The shell of the runbook and of docs/fleet.md, as it stands there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import FIXTURES, ROOT

SECRET = "CANARY-runbook-77aa"


@pytest.fixture
def repositories(tmp_path: Path) -> Path:
    """Three repositories, a credential, and the command on the path."""
    for name, case in (("one", "digits-written-back"), ("two", "already-migrated"), ("three", "broken-file")):
        shutil.copytree(FIXTURES / case / "before", tmp_path / "work" / name)
    (tmp_path / "work" / "oauth.json").write_text(
        json.dumps(
            {
                "CLIENT_ID": "fedcba98765432100123456789abcdef",
                "CLIENT_SECRETS": [SECRET],
                "ORG_ID": "5A3B1C9D5E7F81234A495E22@AdobeOrg",
                "SCOPES": [
                    "openid",
                    "AdobeID",
                    "read_pc.dma_smart_content",
                    "additional_info.projectedProductContext",
                ],
            }
        )
    )
    (tmp_path / "work" / "oauth.json").chmod(0o600)
    command = tmp_path / "bin" / "slingshift"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m migrate "$@"\n')
    command.chmod(0o755)
    return tmp_path / "work"


def shell(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{folder.parent / 'bin'}:{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-c", text],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(os.name != "posix", reason="a shell's loop")
def test_the_loop_works_as_it_stands_and_a_second_time(repositories: Path) -> None:
    text = (ROOT / "docs" / "runbook.md").read_text("utf-8").split("## Many instances")[1]
    one_call, loop = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    for _ in range(2):
        done = shell(loop, repositories)
        assert (
            done.stdout.split() == ["1", "one/", "3", "three/", "1", "two/"] or done.stdout.count("\n") == 3
        )
        assert sorted(path.name for path in (repositories / "plans").iterdir()) == [
            "one.json",
            "three.json",
            "two.json",
        ]
        for path in (repositories / "plans").iterdir():
            assert json.loads(path.read_text())["version"] == 1
    done = shell(one_call, repositories)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row.get("target") for row in rows] == ["one/", "plans/", "three/", "two/", None]
    assert SECRET not in done.stdout + done.stderr
