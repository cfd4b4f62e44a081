"""What `java.util.Properties.load` gives, as tried on Java 17."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.java.properties import PropertiesError, load


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=b\nc: d\ne f\n", {"a": "b", "c": "d", "e": "f"}),
        ("a = b = c \n", {"a": "b = c "}),
        ("  \t\f a\t:=b", {"a": "=b"}),
        ("# a=b\n  ! c=d\r\n\r\ne", {"e": ""}),
        ("a=b\\\n   c\\\r\n\td\re=f", {"a": "bcd", "e": "f"}),
        ("a=b\\\\\nc=d", {"a": "b\\", "c": "d"}),
        ("a\\=b\\:c\\ d=\\e\\t\\n\\r\\f\\\\", {"a=b:c d": "e\t\n\r\f\\"}),
        ("a=\\u00e4\\ud83d\\ude00\xe4", {"a": "ä\U0001f600ä"}),
        ("a=1\na=2", {"a": "2"}),
        ("=b", {"": "b"}),
        ("", {}),
        ("a=b\\", {"a": "b"}),
        # An empty line that goes on is none; at the very end of a text it is one.
        ("\\\n# a\n\\\n!b=c\n\\\n\nd", {"d": ""}),
        ("\\\n", {"": ""}),
        ("\\\n# a", {}),
        ("\\", {"": ""}),
        ("\\\r\n", {}),
        ("a=b\\\n# c", {"a": "b# c"}),
        ("a=b\\\n\nc=d", {"a": "b", "c": "d"}),
    ],
)
def test_what_java_reads(text: str, expected: dict[str, str]) -> None:
    assert load(text.encode("latin-1")) == expected


@pytest.mark.parametrize("text", ["a=\\u12", "\\u=1", "a=\\u00g0"])
def test_what_java_refuses(text: str) -> None:
    with pytest.raises(PropertiesError, match="Malformed"):
        load(text.encode())


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = load(data)
    except PropertiesError:
        return
    assert all(isinstance(one, str) for pair in found.items() for one in pair)
