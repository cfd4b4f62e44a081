"""What the installer does with the first line of a `.config`: what installer core 3.9.0 did (tests/live)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar import ParseError, forms, platforms
from grammar.config import installer, reader

UNREAD = "java.io.IOException: Unable to read configuration."


@pytest.mark.parametrize(
    ("data", "loaded"),
    [
        (b"# c", None),
        (b"#", None),
        (b'# c\ra="1"', None),
        (b'# c\ra="1"\nb="2"\n', ["b"]),
        (b'# c\na="1"\n', ["a"]),
        (b'# c\r\na="1"\n', ["a"]),
        (b" # c", []),
        (b"\n# c", []),
        (b'a="1"\n# c', ["a"]),
        (b"", []),
    ],
)
def test_the_first_line(data: bytes, loaded: list[str] | None) -> None:
    found = installer.load(data)
    assert (None if found.properties is None else [*found.properties]) == loaded
    assert found.error == (UNREAD if loaded is None else None)


@pytest.mark.parametrize("data", [b"# c", b'# c\ra="1"\nb="2"\n', b'# c\ra="1"'])
def test_it_is_refused_where_an_aem_with_the_installer_is_meant(data: bytes) -> None:
    for name in ("aem65", "aem65-lts"):
        with pytest.raises(ParseError) as caught:
            forms.parse(data, "F.config", platform=platforms.of(name))
        error = caught.value
        assert (error.path, error.rule, error.line, error.column) == ("F.config", "lone-comment", 1, 1)
        assert list(error.loads) == ["1.8.12", "1.9.26"]
        assert error.loads["1.8.12"] == installer.load(data)
        assert error.loads["1.9.26"] == reader.load(data, "1.9.26")
    for platform in (platforms.ANY, platforms.of("cloud"), platforms.DEFAULT.by_felix()):
        assert list(forms.parse(data, platform=platform)) == list(
            reader.load(data, "1.8.12").properties or {}
        )
    assert forms.load_all(data)["1.8.12"] == reader.load(data, "1.8.12")


@given(st.lists(st.sampled_from(["#", " c", "\r", "\n", "\r\n", 'a="1"', 'b="2"', '"'])).map("".join))
def test_what_is_accepted_the_installer_loads(text: str) -> None:
    data = text.encode()
    try:
        document = forms.parse(data, platform=platforms.of("aem65"))
    except ParseError:
        return
    assert installer.load(data).properties == {one.name: one.value for one in document.properties}
