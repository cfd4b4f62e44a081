"""What the versions of FileVault do with names that are not plain: what real imports gave (tests/live/vault)."""

from __future__ import annotations

import itertools

import pytest

from grammar.xml.docview import Reach
from grammar.xml.names import Registered, is_property_name
from grammar.xml.reader import VERSIONS, load
from grammar.xml.stored.properties import UnstorableNameError, stored_name

REGISTERED = Registered({"my": "http://example.com/my"})
FAILS = "the import fails"
JCR = "{http://www.jcp.org/jcr/1.0}"


def _outcome(name: str, version: str) -> str | None:
    try:
        return stored_name(name, version, REGISTERED)
    except UnstorableNameError:
        return FAILS


@pytest.mark.parametrize(
    ("names", "old", "in_3_6", "in_3_8"),
    [
        (
            ["\0", "a\tb", "a\x1f", " a", "a ", "..", "*", "*a", "xx:b", "]", "|a", "a/b", "."],
            FAILS,
            FAILS,
            FAILS,
        ),
        (["/", "/a", "[1]", "[a]", "a:{b}"], FAILS, FAILS, FAILS),
        (["a*", "a*b", "**", "//", ":", ":a", "a:", "::", "[", "[a", "a[", "a]b", "a|"], None, FAILS, FAILS),
        (["a[x]", "a[-1]", "a[1]b", "a[1][2]", "{a}:b", "{a:b}c", "a:b:c", "{x}y[1]"], None, FAILS, FAILS),
        ([f"{JCR}primaryType"], None, FAILS, FAILS),
        (["jcr:a", "sling:a", "nt:b", f"{JCR}a"], None, FAILS, None),
        (["a/"], "a", "a", "a"),
        (["a[0]", "a[1]", "a[01]", "./a"], "a", FAILS, "a"),
        (["{}a"], "a", "{}a", "a"),
        (["a[2]"], "a[2]", FAILS, "a[2]"),
        (["a\uffffb"], "a\uffffb", FAILS, "a\uffffb"),
        (["a\uffff"], "a\uffff", "a", "a\uffff"),
        (["jcr:primaryType"], FAILS, None, None),
        (["jcr:uuid"], FAILS, FAILS, None),
        (["}[", ".["], FAILS, FAILS, FAILS),
        (["[/]", "[]", "*.", "|\0\0b", "* x", "x/ "], FAILS, FAILS, FAILS),
        (["/]", "/:", "//", "/{", "/\x7f[", "{ ", "jcr/:aa", "]/", "*1}{", "\0|/{{"], None, FAILS, FAILS),
        (["{}/"], None, "{}", FAILS),
        (["my:a/../b"], "b", FAILS, "b"),
        (["./jcr:primaryType"], None, FAILS, FAILS),
    ],
)
def test_every_version_does_with_a_name_what_it_did(
    names: list[str], old: str | None, in_3_6: str | None, in_3_8: str | None
) -> None:
    for name in names:
        assert [_outcome(name, version) for version in VERSIONS] == [old, old, in_3_6, in_3_8], name


@pytest.mark.parametrize("name", ["{", "{a", "{{", "{}"])
def test_a_brace_that_closes_nothing_is_a_name_in_3_6_only(name: str) -> None:
    assert [_outcome(name, version) for version in VERSIONS] == [None, None, name, FAILS]


@pytest.mark.parametrize(
    ("name", "kept"), [("a_x0020_", (True, True, False, False)), ("jcr_x003a_a", (True, True, False, False))]
)
def test_a_broken_array_is_dropped_before_its_name_is_looked_at(name: str, kept: tuple[bool, ...]) -> None:
    data = (
        '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:sling="http://sling.apache.org/jcr/sling/1.0" '
        f'jcr:primaryType="sling:OsgiConfig" {name}="{{Long}}[x]" b="1"/>'
    ).encode()
    loaded = [load(data, version, "X.xml").properties for version in VERSIONS]
    assert [found and list(found) for found in loaded] == [["b"] if one else None for one in kept]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_prefixed_name_with_a_slash_costs_the_rest(version: str) -> None:
    with pytest.raises(UnstorableNameError) as caught:
        stored_name("a/b", version, REGISTERED, prefix="my")
    assert caught.value.reach is Reach.REST


def test_an_empty_binary_does_not_save_a_name_that_costs_the_node() -> None:
    data = (
        b'<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:sling="http://sling.apache.org/jcr/sling/1.0" '
        b'jcr:primaryType="sling:OsgiConfig" _x007b_a_x003a_b_x007d_c="{Binary}" b="1"/>'
    )
    assert load(data, "3.8.2", "X.xml").error == "import: Invalid name: {a:b}c"
    assert load(data, "3.2.8", "X.xml").properties is not None


def test_a_plain_name_is_stored_as_it_is_by_every_version() -> None:
    """Of all short names of what means something in a path, those that nobody looks at in detail."""
    names = ("".join(found) for length in range(1, 6) for found in itertools.product(".}{au ", repeat=length))
    plain = [name for name in names if is_property_name(name)]
    assert len(plain) > 1000
    wrong = [name for name in plain if any(_outcome(name, version) != name for version in VERSIONS)]
    assert wrong == []


@pytest.mark.parametrize("name", [".}}", ".}.}", "}}{", "}}}{."])
def test_dots_and_braces_that_a_path_is_read_from_are_no_plain_name(name: str) -> None:
    assert not is_property_name(name)
    assert [_outcome(name, version) for version in ("3.2.8", "3.4.10", "3.8.2")] == [FAILS] * 3
