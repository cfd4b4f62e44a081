"""How tests read and write texts on Windows: as they stand, in UTF-8, without changed line ends."""

from __future__ import annotations

import os
from pathlib import Path


def read_text(path: Path, encoding: str = "utf-8", errors: str | None = None) -> str:
    return path.read_bytes().decode(encoding, errors or "strict").replace("\r\n", "\n")


def write_text(
    path: Path, data: str, encoding: str = "utf-8", errors: str | None = None, newline: str = ""
) -> int:
    return path.write_bytes(data.encode(encoding, errors or "strict"))


def prepare() -> None:
    """Let `Path` do so in this process."""
    if os.name == "nt":
        Path.read_text = read_text  # type: ignore[method-assign]
        Path.write_text = write_text  # type: ignore[method-assign,assignment]
