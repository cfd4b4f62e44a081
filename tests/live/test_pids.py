"""File names: our rules against the real builds of Sling's configuration factory."""

from __future__ import annotations

import random
from typing import Any

import pytest

from grammar.pids import InstallerBuild, Pid

UUID = "0a1b2c3d-1111-2222-3333-0123456789ab"
EXTENSIONS = ["", ".config", ".cfg", ".cfg.json", ".properties", ".xml"]
PIECES = [
    "F", "a.b", ".", "-", "~", "123", "%7e", " ", "é", "😀", "config", "json", "_", "x-y", UUID, f".{UUID}", UUID[:-1],
    UUID.upper(), *EXTENSIONS,
]  # fmt: skip


def names(rng: random.Random, count: int) -> list[str]:
    """Names of every kind, and pieces in any order."""
    found = [f"F{sep}{name}{ext}" for sep in "-~." for name in ("123", UUID, "x") for ext in EXTENSIONS]
    found += [
        "".join(rng.choices(PIECES, k=rng.randrange(1, 7))) + rng.choice(EXTENSIONS) for _ in range(count)
    ]
    return found


@pytest.mark.parametrize("build", ["1.1.2", "1.2.4", "1.3.4", "1.4.4", "2.0.0"])
def test_every_build_makes_the_pid_that_we_say(
    readers: Any, rng: random.Random, rounds: int, build: str
) -> None:
    files = names(rng, 2000 * rounds)
    for name, (real, factory_pid) in zip(files, readers.pids(build, files), strict=True):
        ours = Pid.from_filename(name, InstallerBuild.of(build))
        assert (ours.singleton or ours.name or "", ours.factory_pid) == (real, factory_pid), name
        assert name == ours.filename(name[len(ours.filename("")) :])
