"""Placeholders, and the gaps that an instruction leaves."""

from __future__ import annotations

import pytest

from grammar import placeholders

NAMES = [
    "$[secret:scs]",
    "$[env:PORT]",
    "$[prop:a.b-c]",
    "$[env:PORT;type=Integer]",
    "$[env:LIST;delimiter=,;type=String[]]",
    "${smtp.password}",
    "${env:SECRET}",
]
WITH_VALUES = [
    "$[secret:scs;default=hunter2]",
    "$[env:X;type=String;default=]",
    "${SECRET:-hunter2}",
    "${a=b}",
]
OTHERS = ["", "hunter2", "$[other:x]", "$[secret:scs", "${x", "$(x)", "{0123456789abcdef0123456789abcdef}"]


@pytest.mark.parametrize(
    ("text", "found", "is_open"),
    [
        ("$[secret:scs]", [("secret", "scs")], False),
        ("a$[env:PORT;type=Integer]b$[prop:a.b]", [("env", "PORT"), ("prop", "a.b")], False),
        ("$[env:A] $[secret:B", [("env", "A"), ("secret", "B")], True),
        ("$[ENV:A] $[other:b] ${c} $[env:", [("env", "")], True),
        ("$(x)", [], False),
    ],
)
def test_names_of_the_interpolation_plugin(text: str, found: list[tuple[str, str]], is_open: bool) -> None:
    assert placeholders.names(text) == found
    assert placeholders.is_left_open(text) is is_open


@pytest.mark.parametrize("text", NAMES)
def test_a_name_alone_gives_nothing_away(text: str) -> None:
    assert placeholders.is_name_alone(text)
    assert placeholders.is_placeholder(text)
    assert placeholders.begins_at(text, 0)


@pytest.mark.parametrize("text", WITH_VALUES)
def test_a_default_is_a_value(text: str) -> None:
    assert placeholders.is_placeholder(text)
    assert not placeholders.is_name_alone(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_texts_are_no_placeholders(text: str) -> None:
    assert not placeholders.is_placeholder(text)
    assert not placeholders.is_name_alone(text)
    assert not placeholders.holds_placeholder(text)


@pytest.mark.parametrize("text", ["a$[secret:x]", "$[secret:x]b", "$[secret:x]$[secret:y]", "${a}b", " ${a}"])
def test_a_part_is_not_the_whole(text: str) -> None:
    assert placeholders.holds_placeholder(text)
    assert placeholders.begins_in(text)
    assert not placeholders.is_name_alone(text)


@pytest.mark.parametrize("text", ["$[secret:x", "${x"])
def test_a_placeholder_that_is_not_closed_begins_all_the_same(text: str) -> None:
    assert placeholders.begins_in(f"a{text}")
    assert placeholders.begins_at(f"a{text}", 1)
    assert not placeholders.begins_at(f"a{text}", 0)


@pytest.mark.parametrize("text", ["<OrgID>", "a <your id> b", "**ClientID**"])
def test_gaps(text: str) -> None:
    assert placeholders.holds_gap(text)


@pytest.mark.parametrize("text", ["a < b", "1 <2> 3", "*", "https://x/*"])
def test_no_gaps(text: str) -> None:
    assert not placeholders.holds_gap(text)


def test_a_secret_is_a_gap_as_a_whole_only() -> None:
    assert all(map(placeholders.is_gap, ["<ClientSecret>", "***", "**x**", "your-secret", "<>"]))
    assert not any(map(placeholders.is_gap, ["p8e-<x>", "a**b**", "yourself", ""]))
