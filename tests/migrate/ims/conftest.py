"""Fixtures of the tests of ims/."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.migrate.ims.downloads import config, key_bytes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a JWT download."""
    (tmp_path / "config.json").write_bytes(config())
    (tmp_path / "private.key").write_bytes(key_bytes())
    return tmp_path
