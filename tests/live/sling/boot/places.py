"""Where the live Slings keep what they fetch and build."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from tests.places import ROOT

HERE = ROOT / "tests" / "live" / "sling"
TARGET = HERE / "target"
"""Fetched and built; `make clean` removes it, git does not see it."""


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Only one process at a time fetches or builds `what`; the others wait for it."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with (TARGET / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
