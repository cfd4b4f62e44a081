"""`slingshift convert`: what its preview shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.conftest import Ended


def test_a_preview_shows_no_secret_of_a_file_beside(
    tree: Callable[[Mapping[str, str]], Path], slingshift: Callable[..., Ended], tmp_path: Path
) -> None:
    """It need not be one that is converted, nor need the new file stand where the old one is."""
    canary = 'p8e-canary-beside-"\u20ac'
    root = tree(
        {
            "config/com.example.Mail.config": 'smtp.password="p8e-canary-beside-\\"\u20ac"\n',
            "config/com.example.Note.cfg.json": json.dumps({"note": f"once {canary}"}),
        }
    )
    for more in ([], ["--out", str(tmp_path / "out")]):
        ended = slingshift("convert", root, "--to", "config", "--dry-run", *more)
        assert ended.code == 1
        assert '+note="once\\ ***"' in ended.out
        assert "canary" not in ended.out + ended.err
