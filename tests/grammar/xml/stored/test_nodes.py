"""Which node the versions of FileVault make of an odd name: what real imports gave (tests/live/vault)."""

from __future__ import annotations

import pytest

from grammar.xml.docview import Reach
from grammar.xml.reader import VERSIONS
from grammar.xml.stored.nodes import cost, made_node
from grammar.xml.stored.properties import UnstorableNameError

KNOWN = ("jcr", "sling", "my", "nt", "mix")
GONE = "gone"


def _outcome(name: str, version: str, prefix: str = "") -> str:
    try:
        made = made_node(name, prefix, version, KNOWN)
    except UnstorableNameError as error:
        return error.reach.name
    return str(made.name) if made.stays else GONE


@pytest.mark.parametrize(
    ("names", "old", "in_3_6", "in_3_8"),
    [
        (["a[", "a[b", "a[b]", "a[]", "a[0]", "a[1", "a[x]c", "a[99999999999]"], GONE, "a", "a"),
        (["a[1]", "a[2]", "a[01]", "a[+1]", "a[1]b", "a[1]]", "a\x01[1]", "jcr:b[1]"], GONE, GONE, GONE),
        (["*[", " [", ".[", "..[1]", "a [1]", "*[1]", "a|[", "nope:b[1]", "sling:["], GONE, "ALL", "ALL"),
        (["*[2]", "a [2]", "\x01[2]"], GONE, GONE, GONE),
        (["a\x01["], GONE, "ALL", "ALL"),
        (["a[-1]"], GONE, "REST", "REST"),
        (["/[", "a/b[1]", ":", "a/b", ":[", "::a"], "REST", "REST", "REST"),
        ([":a", ":\x7f", ":a[1]"], GONE, GONE, GONE),
        ([":*"], GONE, "ALL", "ALL"),
        (["[", "[a", "[1]", "a]", "*", "a:", " a", "a\x01", "..", ".", "nope:a", "}{", "\uffff{"], "ALL", "ALL", "ALL"),
        (["{a", "{\x7f"], "NODE", None, "NODE"),
        (["{}"], "NODE", "ALL", "NODE"),
        (["jcr:a", "my:a", "a\uffff"], None, "NODE", None),
        (["a", "a{b", "\x7f", "{a}b"], None, None, None),
    ],
)  # fmt: skip
def test_every_version_does_with_a_name_what_it_did(
    names: list[str], old: str | None, in_3_6: str | None, in_3_8: str | None
) -> None:
    for name in names:
        expected = [one or name for one in (old, old, in_3_6, in_3_8)]
        assert [_outcome(name, version) for version in VERSIONS] == expected, name


@pytest.mark.parametrize(
    ("name", "outcomes"),
    [
        ("a[", (GONE, "a", "a")),
        ("[a", (GONE, "ALL", "ALL")),
        ("..[1]", (GONE, GONE, GONE)),
        ("..[", (GONE, "ALL", "ALL")),
        (":a", ("ALL", "ALL", "ALL")),
        ("::", ("ALL", "ALL", "ALL")),
        ("{a", ("{a", "{a", "{a")),
        ("jcr:a", ("ALL", "ALL", "ALL")),
    ],
)
def test_behind_a_prefix(name: str, outcomes: tuple[str, str, str]) -> None:
    versions = ("3.2.8", "3.6.0", "3.8.2")
    assert tuple(_outcome(name, version, "sling") for version in versions) == outcomes


def test_the_old_versions_decode_a_prefix() -> None:
    assert _outcome("a", "3.2.8", "m_x0020_") == "ALL"
    assert _outcome("a", "3.8.2", "m_x0020_") == "a"
    assert cost("a", "m_x0020_", ("3.8.2",), KNOWN) is None
    assert cost("a", "m_x0020_", None, KNOWN) is Reach.ALL


@pytest.mark.parametrize(
    ("name", "old", "later"),
    [
        ("a[1]", Reach.NODE, Reach.NODE),
        ("a[", Reach.NODE, Reach.NODE),
        # Where reading stops before it is removed, nothing is saved.
        ("*[", Reach.ALL, Reach.ALL),
        ("a/b", Reach.REST, Reach.REST),
        ("jcr:a", Reach.NODE, Reach.NODE),
    ],
)
def test_what_a_name_costs(name: str, old: Reach, later: Reach) -> None:
    assert cost(name, "", ("3.2.8",), KNOWN) is old
    assert cost(name, "", ("3.8.2",), KNOWN) is later
    assert cost(name, "", None, KNOWN) is (Reach.ALL if old is Reach.REST else old)
