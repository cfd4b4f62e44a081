"""Folders to migrate, as many as a test wants."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.places import FIXTURES

Copies = Callable[..., list[Path]]


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    """So many copies of a fixture's folder, in the order of their names."""

    def make(count: int, name: str = "digits-written-back", prefix: str = "t") -> list[Path]:
        return [
            Path(shutil.copytree(FIXTURES / name / "before", tmp_path / f"{prefix}{number:02}"))
            for number in range(count)
        ]

    return make
