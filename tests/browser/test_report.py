"""The report in a real browser, light and dark, on a screen and on paper: `make browser`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FIXTURES, SECRET, Ended
from tests.places import ROOT

PYTHON = ROOT / ".venv-browser" / "bin" / "python"
LOOKING = ROOT / "tests" / "browser" / "looking.py"
FLAGS = "--no-sandbox --disable-gpu --blink-settings=preferredColorScheme="
DARK, LIGHT = "0", "1"


@pytest.fixture
def page(slingshift: Callable[..., Ended], oauth_options: list[str], tmp_path: Path) -> Path:
    """A report with several targets, a failure, refusals, and an earlier report in it."""
    names = ["hand-written", "package-source", "broken-file"]
    targets = [
        shutil.copytree(FIXTURES / n / "before", tmp_path / n) for n in names if (FIXTURES / n).is_dir()
    ]
    earlier, path = tmp_path / "earlier.json", tmp_path / "report.html"
    slingshift("plan", *targets, *oauth_options, "--report", earlier)
    slingshift(
        *("apply", *targets, tmp_path / "none", *oauth_options, "--yes"),
        *("--report", path, "--evidence", earlier),
    )
    return path


def look(page: Path, scheme: str) -> dict[str, Any]:
    assert PYTHON.exists(), "run `make browser`"
    done = subprocess.run(
        [PYTHON, LOOKING, page, page.with_suffix(f".{scheme}.png"), page.with_suffix(".pdf")],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_CHROMIUM_FLAGS": FLAGS + scheme},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_it_is_whole_in_light_and_dark_and_on_paper(page: Path) -> None:
    light, dark = look(page, LIGHT), look(page, DARK)
    for found in (light, dark):
        assert found["ok"]
        assert found["console"] == []
        # The file itself, and nothing else.
        assert [url for url in found["urls"] if not url.startswith("file://")] == []
        assert (found["scripts"], found["resources"], found["mode"]) == (0, 0, "CSS1Compat")
        # Nothing is cut off, and the page does not scroll sideways.
        assert (found["wide"], found["cut"]) == (0, 0)
        assert found["tables"] > 6
        assert found["title"].startswith("slingshift apply, 20")
        for text in ("Migration", "Carried out as run", "Failed: ", "Diff, secrets masked", "sha256 before"):
            assert text in found["text"], text
        assert SECRET not in found["text"]
        assert found["pdf"]
    assert (light["dark"], dark["dark"]) == (False, True)
    assert light["background"] == dark["color"] or light["background"] != dark["background"]
    assert light["corner"] > 230
    assert dark["corner"] < 60
    assert page.with_suffix(".pdf").read_bytes().startswith(b"%PDF-")
