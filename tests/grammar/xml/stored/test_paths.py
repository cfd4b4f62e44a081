"""The paths that Oak makes of names: what Oak 1.60 made of them when FileVault asked it (tests/live/vault)."""

from __future__ import annotations

import pytest

from grammar.xml.names import KNOWN_NAMESPACES, KNOWN_PREFIXES
from grammar.xml.stored.paths import NoIdentifierError, NoPathError, is_saved, oak_path

JCR = "{http://www.jcp.org/jcr/1.0}"
UUID = "5a7e7a2c-6f0f-4d2a-9b1e-0123456789ab"


@pytest.mark.parametrize(
    "path", ["a", "a/b", "/", "/a", "*", "*a", "]", "|a", "}", "a}b", " a", "a:b", "\0", "a\uffffb", "a.b"]
)
def test_most_paths_are_not_looked_at(path: str) -> None:
    assert oak_path(path, KNOWN_NAMESPACES) == path


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("a/", "a"),
        ("./a", "a"),
        ("a/./b", "a/b"),
        ("a/../b", "b"),
        ("../a", "../a"),
        ("../../a", "../../a"),
        ("a/..", ""),
        ("", ""),
        ("/.", ""),
        ("/./a", "/a"),
        ("...", "..."),
        (".a", ".a"),
        ("..a", "..a"),
        ("a[1]", "a"),
        ("a[01]/", "a"),
        ("a[2]", "a[2]"),
        ("a:b[3]", "a:b[3]"),
        ("}[", ""),
        (".[", ""),
        ("{}a", "a"),
        ("{}{}a", "{}a"),
        ("{}:a", None),
        ("{a}", "{a}"),
        ("{a}b", "{a}b"),
        ("{a}{b}", "{a}{b}"),
        ("{internal}a", "{internal}a"),
        (f"{JCR}a", "jcr:a"),
        (f"{JCR}", None),
        (f"{JCR}{{a", "jcr:{a"),
        (f"{JCR}}}a", "jcr:}a"),
        (f"{JCR}a[2]", None),
        ("{a:b}c", None),
        ("{a/b}c", None),
        ("{{/}c", None),
        ("{a", None),
        ("{a/b", None),
        ("{{", None),
        ("{", None),
        ("a{b", "a{b"),
        ("a:{b", "a:{b"),
        ("a:}b{", "a:}b{"),
        (".{a", ".{a"),
        ("..{a", "..{a"),
        ("a/.{b}", "a/.{b}"),
        ("a:.{", "a:.{"),
        ("[a{", None),
        ("a{[", None),
        ("a{]", None),
        ("a[1", None),
        ("a[x]", None),
        ("a[-1]", None),
        ("a[1]b", None),
        ("a[1].", None),
        ("a[1]:", None),
        ("a[1][2]", None),
        ("a]", None),
        ("a*", None),
        ("a|", None),
        ("{a*}", None),
        (":", None),
        (":a", None),
        ("a:", None),
        ("a:b:c", None),
        ("1:{a", None),
        ("a b:{a", None),
        ("{a}:b", None),
        (".:a", None),
        ("a//b", None),
        ("a/:b", None),
        ("//", None),
        ("/..", None),
        ("a:/b", "a:/b"),
        ("a:/{b", None),
        ("a\uffff{", None),
        ("{a\uffffb}", None),
        ("[", None),
        ("[a", None),
        ("[/]", "/"),
        ("[/a]", None),
        (f"[{UUID}]", None),
    ],
)
def test_others_are_parsed(path: str, made: str | None) -> None:
    if made is None:
        with pytest.raises(NoPathError):
            oak_path(path, KNOWN_NAMESPACES)
    else:
        assert oak_path(path, KNOWN_NAMESPACES) == made


@pytest.mark.parametrize("path", ["[]", "[a]", "[a/b]", "[*]", "[a][b]"])
def test_what_stands_in_brackets_is_to_be_an_identifier(path: str) -> None:
    with pytest.raises(NoIdentifierError):
        oak_path(path, KNOWN_NAMESPACES)


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("a", True),
        ("a b", True),
        ("\x7f\u2028\xa0", True),
        ("{a", True),
        ("...", True),
        ("jcr:a", True),
        (":*", True),
        ("a[2]", True),
        ("ab[]", True),
        ("a[]", False),
        ("[2]", False),
        ("[12]", False),
        ("", False),
        (".", False),
        ("..", False),
        ("jcr:", False),
        ("jcr:..", False),
        ("xx:a", False),
        ("jcr:a:b", False),
        (" a", False),
        ("a ", False),
        ("a\tb", False),
        ("a\x1fb", False),
        ("*.", False),
        ("a]", False),
        ("a|b", False),
    ],
)
def test_oak_looks_at_a_name_again_when_it_saves(name: str, taken: bool) -> None:
    assert is_saved(name, KNOWN_PREFIXES) is taken
