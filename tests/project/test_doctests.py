"""The examples in docstrings do what they say: in the folder of the project, with a state folder of their own."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

from tests.places import ROOT


def modules_with_examples() -> list[str]:
    paths = [*(ROOT / "grammar").rglob("*.py"), *(ROOT / "migrate").rglob("*.py")]
    return sorted(
        _name(path) for path in paths if "\n>>> " in path.read_text("utf-8") or "    >>> " in path.read_text()
    )


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_the_functions_of_the_library_have_examples() -> None:
    assert {"migrate", "migrate.ims.check", "migrate.ims.sandbox.server"} <= set(modules_with_examples())


@pytest.mark.parametrize("name", modules_with_examples())
def test_examples(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testmod(import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert (failed, tried > 0) == (0, True)
