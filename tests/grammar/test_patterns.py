"""Patterns that wait for their first use are right before it."""

from __future__ import annotations

import importlib
import re

import pytest

from grammar import patterns
from tests.places import ROOT

MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for room in ("grammar", "migrate")
    for path in sorted((ROOT / room).rglob("*.py"))
    if "patterns.lazy(" in path.read_text("utf-8")
]


@pytest.mark.parametrize("module", MODULES)
def test_every_lazy_pattern_compiles(module: str) -> None:
    found = [value for value in vars(importlib.import_module(module)).values() if hasattr(value, "_flags")]
    assert found
    for pattern in found:
        assert pattern.groups >= 0


def test_it_does_what_a_pattern_does() -> None:
    lazy, plain = patterns.lazy(r"(a)(?P<b>b+)", re.IGNORECASE), re.compile(r"(a)(?P<b>b+)", re.IGNORECASE)
    assert lazy.pattern == plain.pattern
    assert lazy.sub("-", "xABBy") == plain.sub("-", "xABBy") == "x-y"
    assert lazy.groupindex == plain.groupindex
    assert lazy.findall("abAb") == plain.findall("abAb")
    with pytest.raises(AttributeError):
        lazy.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_a_wrong_pattern_fails_at_its_first_use() -> None:
    wrong = patterns.lazy("(")
    with pytest.raises(re.error):
        wrong.match("x")
