"""The order of a `java.util.HashMap`, as a JVM has it."""

from __future__ import annotations

import pytest

from grammar.java.hashes import position, string_hash


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("a", 97),
        ("Aa", 2112),
        ("BB", 2112),
        ("jcr:primaryType", 1317115067),
        ("sling:OsgiConfigs", -1854330470),
        ("😀", 1772899),
    ],
)
def test_the_hash_of_a_string(text: str, expected: int) -> None:
    assert string_hash(text) == expected % (1 << 32)


def test_a_map_grows_when_it_is_three_quarters_full() -> None:
    assert [position(16 + 3, count) for count in (1, 12, 13, 24, 25)] == [3, 3, 19, 19, 19]
    assert position(1 << 16, 1) == 1
