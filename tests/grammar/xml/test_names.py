"""Names of attributes, elements and files, as FileVault and Oak were seen to treat them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar.xml import names as xml_names
from grammar.xml.names import Node, is_node_name, node_of


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("a.b-c_d", "a.b-c_d"),
        ("a_x0020_b", "a b"),
        ("a_x007E_b", "a~b"),
        ("_x0031_st", "1st"),
        ("a_x005f_x0020_b", "a_x0020_b"),
        ("a_xd83d__xde00_", "a😀"),
        ("a_x20_", "a_x20_"),
        ("a_X0020_", "a_X0020_"),
    ],
)
def test_decode(written: str, name: str) -> None:
    assert xml_names.decode(written) == name


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("auth.token-x_y", "auth.token-x_y"),
        ("1st", "_x0031_st"),
        ("a b", "a_x0020_b"),
        ("_x0041", "_x005f_x0041"),
        ("_xyz", "_xyz"),
        ("é", "é"),
        ("a·", "a·"),
        ("·a", "_x00b7_a"),
        ("x😀", "x_xd83d__xde00_"),
        ("a\u2028", "a_x2028_"),
    ],
)
def test_encode_writes_what_an_export_has(name: str, written: str) -> None:
    assert xml_names.encode(name) == written


@settings(deadline=None)
@given(st.text(min_size=1))
def test_encode_is_undone_by_decode(name: str) -> None:
    assert xml_names.decode(xml_names.encode(name)) == name


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "a b",
        "a~b",
        "é",
        "a\u00a0b",
        "a}",
        "$",
        "a\\b",
        "...",
        "a\x7f",
        "\x85b",
        "a\u2028b",
        "\u00a0a",
        "a\u3000",
        "a\ud83d",
        "a\ufffe",
        "{a}",
        "{a}b",
        "{jcr}a",
        "{{}",
        "{{a}",
        ".}a",
    ],
)
def test_names_that_every_version_stores(name: str) -> None:
    assert xml_names.is_property_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        " a",
        "a ",
        "a\tb",
        "a\nb",
        "a/b",
        "a:b",
        "a[1]",
        "a|",
        "a*",
        "\0",
        "\uffff",
        "{}a",
        "{a:b}c",
        ".}",
        "..}",
        ".}.",
        "}{",
        "{",
    ],
)
def test_names_that_some_version_refuses(name: str) -> None:
    assert not xml_names.is_property_name(name)


@pytest.mark.parametrize(
    ("path", "node"),
    [
        ("config/com.example.My-x.xml", Node("config/com.example.My-x", "com.example.My-x")),
        ("com.example.My~x.cfg.json.xml", Node("com.example.My~x.cfg.json", "com.example.My~x.cfg.json")),
        ("config/F-x/.content.xml", Node("config/F-x", "F-x")),
        ("config/F-x.config.dir/.content.xml", Node("config/F-x.config", "F-x.config")),
        ("config.dir/F.xml", Node("config/F", "F")),
        ("config/F%7ex.xml", Node("config/F~x", "F~x")),
        ("config/F_x007e_x.xml", Node("config/F_x007e_x", "F_x007e_x")),
        ("config/F-[1].xml", Node("config/F-", "F-")),
        ("[1].xml", Node("[1]", "[1]")),
        ("_jcr_content/F.xml", Node("jcr:content/F", "F")),
        (".content.xml", Node("", "")),
        ("config/F.XML", None),
        ("config/F.config", None),
    ],
)
def test_node_of(path: str, node: Node | None) -> None:
    assert node_of(path) == node


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("_a_b", "a:b"),
        ("__a_b", "_a_b"),
        ("_com.example", "_com.example"),
        ("_", "_"),
        ("a_b", "a_b"),
        ("_a%5fb_c", "a_b:c"),
        ("_a%5fb", "_a_b"),
        ("_%7e_b", "%7e:b"),
        ("100%", "100%"),
        ("a%3ab", "a:b"),
        ("a%zz", "a\uffef"),
    ],
)
def test_repository_name(file_name: str, name: str) -> None:
    assert xml_names.repository_name(file_name) == name


@settings(deadline=None)
@given(st.text())
def test_node_of_takes_any_path(path: str) -> None:
    node_of(path + ".xml")


@pytest.mark.parametrize(
    "name", ["F~a", "jcr:F", "sling:{a", "a.", "..a", "_a_b", "{a}", "a{b", "\x7f", "\u2003", "\xa0F", "😀"]
)
def test_node_names_that_every_file_vault_makes(name: str) -> None:
    assert is_node_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "a:b",
        "rep:a",
        "jcr:",
        ":a",
        "a*",
        "a|b",
        "F[2]",
        "[1]",
        " a",
        "a ",
        "{",
        "{}",
        "a\n",
    ],
)
def test_node_names_that_one_refuses(name: str) -> None:
    assert not is_node_name(name)
