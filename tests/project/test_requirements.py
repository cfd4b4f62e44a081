"""The lock files install the same bytes everywhere, and name no machine and no index."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.places import ROOT

PINNED = re.compile(r"([a-z0-9-]+)==[\w.]+(?: ; [^#]+)? \\")
VERSION = re.compile(r"^([a-z0-9-]+)==([\w.]+)", re.MULTILINE)


@pytest.mark.parametrize(
    "name", ["dev.txt", "run.txt", "dist.txt", "ansible.txt", "browser.txt", "java11.txt"]
)
def test_every_line_pins_a_package_by_hash(name: str) -> None:
    lines = (ROOT / "requirements" / name).read_text("utf-8").splitlines()
    odd = [
        line
        for line in lines
        if not (
            not line
            or PINNED.fullmatch(line)
            or re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?", line)
            or line.lstrip().startswith("#")
        )
    ]
    assert odd == []


def test_the_command_needs_what_it_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[<>=!~\[ ]", text)[0] for text in project["dependencies"]}
    text = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    assert declared <= {found[1] for found in PINNED.finditer(text)}


def test_both_lock_files_agree() -> None:
    """On the versions: on which systems a package is needed may differ."""
    run, dev = (
        dict(found.groups() for found in VERSION.finditer((ROOT / "requirements" / name).read_text("utf-8")))
        for name in ("run.txt", "dev.txt")
    )
    assert run
    assert run.items() <= dev.items()
