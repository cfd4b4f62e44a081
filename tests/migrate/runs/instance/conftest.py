"""What every test of runs on instances has."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.targets.instance.session import Session


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody really waits."""
    seconds: list[float] = []
    monkeypatch.setitem(Session.__init__.__kwdefaults__, "sleep", seconds.append)
    return seconds


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"
