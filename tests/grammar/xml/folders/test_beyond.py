"""A file with mistakes: which of its configurations are loaded all the same, and what stands behind the first one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar import ParseError, Value, forms
from grammar.platforms import PLATFORMS
from grammar.xml import checks, document
from grammar.xml.docview import Reach
from grammar.xml.folders import beyond
from grammar.xml.reader import VERSIONS, load
from grammar.xml.stored.properties import OLD

PATH = "apps/x/config/.content.xml"
HEAD = (
    '<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0" '
    'jcr:primaryType="sling:Folder">\n'
)
CONFIG = 'jcr:primaryType="sling:OsgiConfig"'
AEM65, LTS = (PLATFORMS[name].own["xml"] for name in ("aem65", "aem65-lts"))


def folder(bad: str) -> bytes:
    return f'{HEAD}<A {CONFIG} p="1"/>\n{bad}\n<C {CONFIG} p="3"/>\n</jcr:root>\n'.encode()


ONE = {
    "xml-date": f'<B {CONFIG} p="{{Date}}2020-01-02T03:04:05.678Z"/>',
    "xml-case-twins": f'<B {CONFIG} p="1" P="2"/>',
    "xml-uuid": f'<B {CONFIG} jcr:uuid="abc"/>',
    "xml-bad-item": f'<B {CONFIG} p="{{Long}}[1,x]"/>',
    "xml-binary": f'<B {CONFIG} p="{{Binary}}x"/>',
    "xml-not-config": '<B jcr:primaryType="{String}sling:OsgiConfig"/>',
    "xml-duplicate": f'<B {CONFIG} p="1"/><B {CONFIG} p="1"/>',
    "xml-no-primary-type": f'<B><D {CONFIG} p="1"/><D {CONFIG} jcr_x0020_="2"/></B>',
}
"""Mistakes that cost the configuration in which they stand, by their rules."""

_DROPPED = [ONE[rule] for rule in ("xml-bad-item", "xml-binary", "xml-not-config")]

REST = {
    "xml-unknown-type": f'<B {CONFIG} p="{{Foo}}x"/>',
    "xml-bad-unicode": f'<B {CONFIG} p="\\uXYZW"/>',
    "xml-name": f'<B {CONFIG} a_x002f_b="x"/>',
}
"""Those at which FileVault stops reading; 3.6.0 fails as a whole."""

ALL = {
    "xml-npe-type": f'<B {CONFIG} p="{{Name}}[a]"/>',
    "xml-name": f'<B {CONFIG} p="{{Name}}x:y"/>',
}


def _loaded(data: bytes, versions: tuple[str, ...] | None = None) -> list[str]:
    found = beyond.parts(data, PATH, versions)
    assert {one.node for one in found.rejected}.isdisjoint(node for node, _ in found.documents)
    return [node for node, _ in found.documents]


@pytest.mark.parametrize(("rule", "bad"), ONE.items())
def test_a_mistake_of_one_configuration_leaves_the_others(rule: str, bad: str) -> None:
    data = folder(bad)
    with pytest.raises(ParseError) as caught:
        forms.parse_all(data, PATH)
    assert caught.value.rule == rule
    for versions in (None, AEM65, LTS):
        assert _loaded(data, versions) == ["A", "C"]
        found = beyond.parts(data, PATH, versions)
        assert {(node, error.rule) for node, error, _ in found.rejected} == {
            ("B/D" if "</B>" in bad else "B", rule)
        }
        assert all(source in bad for _, _, source in found.rejected)
        assert [error.rule for error in found.mistakes] == [rule]
    for version in VERSIONS:
        nodes = load(data, version, PATH).nodes
        assert nodes is not None
        assert [node for node, one in nodes.items() if one.properties is not None] == (
            # Old versions drop the property or the type, and no more.
            ["A", "B", "C"] if bad in _DROPPED and version in OLD else ["A", "C"]
        )


@pytest.mark.parametrize(("rule", "bad"), REST.items())
def test_where_filevault_stops_what_follows_is_lost(rule: str, bad: str) -> None:
    data = folder(bad)
    assert _loaded(data) == []
    for versions in (AEM65, LTS):
        assert _loaded(data, versions) == ["A"]
        assert [(one.node, one.error.rule) for one in beyond.parts(data, PATH, versions).rejected] == [
            ("B", rule),
            ("C", rule),
        ]
    for version in VERSIONS:
        nodes = load(data, version, PATH).nodes
        assert nodes is not None
        assert [node for node, one in nodes.items() if one.error is None] == ["A"] * (version != "3.6.0")
        assert list(nodes) == ["A", "B", "C"]


@pytest.mark.parametrize(("rule", "bad"), ALL.items())
def test_where_the_import_or_the_installer_fails_all_is_lost(rule: str, bad: str) -> None:
    data = folder(bad)
    for versions in (None, AEM65, LTS):
        assert _loaded(data, versions) == []
        assert {one.error.rule for one in beyond.parts(data, PATH, versions).rejected} == {rule}
    for version in VERSIONS:
        nodes = load(data, version, PATH).nodes
        assert nodes is not None
        assert all(one.properties is None for one in nodes.values())


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("bad", "loaded", "lost"),
    [
        ("<d", ["A"], []),
        (f'<B {CONFIG} p="2"><', ["A", "B"], []),
        (f'<d jcr:primaryType="sling:Folder"><B {CONFIG}/></e>', ["A", "d/B"], []),
        (f'<B {CONFIG} {"n" * 1100}="2"/>', ["A"], ["B"]),
        (f'<B_x002f_C {CONFIG} p="2"/>', ["A"], ["B/C", "C"]),
        (f'<B {CONFIG} p="{{Foo}}x"/><D {CONFIG}/><', ["A"], ["B", "D"]),
    ],
)
def test_a_file_that_is_not_read_to_its_end_has_what_begins_before(
    version: str, bad: str, loaded: list[str], lost: list[str]
) -> None:
    """Tried with FileVault 3.2.8 to 4.1.4 (tests/live/vault)."""
    found = load(folder(bad), version, PATH)
    assert found.properties is None
    assert found.nodes is not None
    assert list(found.nodes) == [*loaded, *lost]
    assert [node for node, one in found.nodes.items() if one.error is None] == loaded * (version != "3.6.0")


@pytest.mark.parametrize("version", VERSIONS)
def test_where_nobody_knows_what_is_left_nothing_is_said_of_nodes(version: str) -> None:
    alone = f"{HEAD.replace('sling:Folder', 'sling:OsgiConfig')}<d"
    texts = [f"{HEAD}<d", alone]
    texts.append(folder(f'<B xmlns="http://x" {CONFIG}/>').decode())
    for text in texts:
        found = load(text.encode(), version, PATH)
        assert (found.properties, found.nodes) == (None, None)


def test_an_element_without_a_type_ends_the_old_versions_only() -> None:
    data = folder('<B p="x"/>')
    assert _loaded(data, AEM65) == ["A"]
    assert _loaded(data, LTS) == ["A", "C"]


def test_two_nodes_of_one_name() -> None:
    with pytest.raises(ParseError) as caught:
        forms.parse_all(folder(f'<b/><B {CONFIG} p="1"/>\n<B {CONFIG} p="2"/>'), PATH)
    error = caught.value
    assert (error.rule, error.line, error.column) == ("xml-duplicate", 4, 1)
    assert error.message == "two nodes of the name 'B' in one place: the import loses one of them"


def test_a_node_that_is_not_made_has_nothing_below() -> None:
    data = folder(f'<d jcr:primaryType="nt:unstructured" jcr:uuid="x"><B {CONFIG}/></d>')
    assert _loaded(data) == ["A", "C"]
    for version in VERSIONS:
        nodes = load(data, version, PATH).nodes
        assert nodes is not None
        assert [node for node, one in nodes.items() if one.properties is None] == ["d/B"]


def test_attributes_below_an_element_of_which_no_node_is_made_are_read_by_the_later_versions() -> None:
    data = folder(f'<d><B {CONFIG} p="{{Foo}}2"/></d>')
    found = [(mistake.error.rule, mistake.reach) for mistake in document.read(data, PATH, None).mistakes]
    assert found == [("xml-no-primary-type", Reach.NODE), ("xml-unknown-type", Reach.ALL)]
    assert [load(data, version, PATH).error == "import: unknown type" for version in VERSIONS] == [
        False,
        False,
        True,
        False,
    ]


def test_their_escapes_are_read_there_too() -> None:
    data = folder(f'<d><B {CONFIG} p="\\u-001"/></d>')
    assert _loaded(data, AEM65) == ["A", "C"]
    assert _loaded(data, LTS) == ["A"]
    left = {"3.2.8": ["A", "C"], "3.4.10": ["A", "C"], "3.6.0": [], "3.8.2": ["A"]}
    for version, expected in left.items():
        nodes = load(data, version, PATH).nodes
        assert nodes is not None
        assert [node for node, one in nodes.items() if one.properties is not None] == expected


def test_two_nodes_of_one_name_of_which_no_attribute_is_read() -> None:
    with pytest.raises(ParseError) as caught:
        forms.parse_all(folder('<B p="\\uXYZW"/><B p="\\uXYZW"/>'), PATH)
    assert caught.value.rule == "xml-bad-unicode"


def _made(data: bytes, version: str) -> dict[str, object]:
    """The configurations that stand in the repository, with one of their values."""
    nodes = load(data, version, PATH).nodes
    assert nodes is not None
    return {
        node: one.properties["p"].items[0] if one.properties else None
        for node, one in nodes.items()
        if one.properties is not None
    }


ALONE = {"A": "1", "C": "3"}


@pytest.mark.parametrize(
    ("bad", "old", "later"),
    [
        ("<B_x005b_ {0} p='2'/>", ALONE, {**ALONE, "B": "2"}),
        ("<B_x005b_1_x005d_ {0} p='2'/>", ALONE, ALONE),
        ("<B_x005b_2_x005d_ {0} p='2'/>", ALONE, ALONE),
        ("<B_x005b_2_x005d_ {0} p='{{Foo}}2'/>", ALONE, {"A": "1"}),
        ("<_x002a__x005b_ {0} p='2'/>", ALONE, {}),
        ("<_x003a_b {0} p='2'/>", ALONE, ALONE),
        ("<_x007b_b {0} p='2'/>", ALONE, ALONE),
        # What is below a node goes with it, and so does what the repository would not take.
        ("<d_x005b_1_x005d_ {1}><B {0} p='2'/></d_x005b_1_x005d_>", ALONE, ALONE),
        ("<d_x005b_ {1}><B {0} p='2'/></d_x005b_>", ALONE, {**ALONE, "d/B": "2"}),
        ("<B_x005b_1_x005d_ {0} p='{{Name}}x:y'/>", ALONE, ALONE),
        ("<B_x005b_1_x005d_ {0} p='{{Name}}[x]'/>", ALONE, ALONE),
        # Its path is none in the old versions, so that nothing is made below it, which might stop the import.
        (
            "<__x005b__x005b__x005b_1_x005d_ {1}><d {1} a_x002f_b='2'/></__x005b__x005b__x005b_1_x005d_>",
            ALONE,
            {},
        ),
        # Another element names the node as it is.
        ("<B/><B_x005b_1_x005d_ {0} p='2'/>", {**ALONE, "B": "2"}, {**ALONE, "B": "2"}),
        ("<B/><B_x005b_1_x005d_ {0} p='{{Name}}x:y'/>", {}, {}),
        ("<B/><B_x005b_1_x005d_ {0} p='{{Name}}[x]'/>", {}, {}),
        # Where reading stops first, nothing is removed any more.
        ("<B_x005b_1_x005d_ {0} p='2'/><d {1} p='{{Foo}}x'/>", {"A": "1", "B": "2"}, {"A": "1", "B": "2"}),
        ("<d {1}><B_x005b_1_x005d_ {0} p='2'/></d><e {1} p='{{Foo}}x'/>", {"A": "1"}, {"A": "1"}),
        ("<_x002a__x005b_ {0} p='2'/><d {1} p='{{Foo}}x'/>", {}, {}),
        ("<B_x005b_1_x005d_ {0} p='2'/><", {"A": "1", "B": "2"}, {"A": "1", "B": "2"}),
        ("<_x003a_b {0} p='2'/><d {1} p='{{Foo}}x'/>", {"A": "1", "b": None}, {"A": "1", "b": None}),
        # A value that cannot be read stops it before the name is asked for.
        ("<_x002a_ {0} p='{{Foo}}2'/>", {"A": "1"}, {"A": "1"}),
        ("<_x002a__x005b_ {0} p='{{Foo}}2'/>", {"A": "1"}, {"A": "1"}),
    ],
)
def test_a_node_whose_name_has_brackets(bad: str, old: dict[str, str], later: dict[str, str]) -> None:
    """Tried with FileVault 3.2.8 to 4.1.4 (tests/live/vault)."""
    data = folder(bad.format(CONFIG, 'jcr:primaryType="sling:Folder"'))
    with pytest.raises(ParseError):
        forms.parse_all(data, PATH)
    assert _made(data, "3.2.8") == old
    assert _made(data, "3.8.2") == later


def test_a_node_of_another_name_is_said_to_be_one() -> None:
    nodes = load(folder(f'<B_x005b_ {CONFIG} p="2"/>'), "3.8.2", PATH).nodes
    assert nodes is not None
    assert nodes["B["].error == "import: its node is 'B', for what stands in brackets is taken for an index"


@pytest.mark.parametrize("name", ["B_x005b_1_x005d_", "_x003a_b"])
def test_what_an_odd_name_alone_costs(name: str) -> None:
    data = folder(f'<{name} {CONFIG} p="2"/>')
    for versions in (None, AEM65, LTS):
        assert _loaded(data, versions) == ["A", "C"]
        assert [one.error.rule for one in beyond.parts(data, PATH, versions).rejected] == ["xml-name"]


def test_an_odd_name_below_a_configuration_does_not_cost_it_in_the_old_versions() -> None:
    head = HEAD.replace("sling:Folder", "sling:OsgiConfig").rstrip("\n>")
    text = f'{head} p="1"><B_x005b_ {CONFIG} p="2"/></jcr:root>'.encode()
    assert load(text, "3.2.8", "F.xml").properties == {"p": Value.string("1")}
    for name in (b"_x002a_", b"_x003a_B"):
        bad = text.replace(b"B_x005b_", name)
        assert load(bad, "3.2.8", "F.xml").properties is None


def test_in_3_6_a_brace_makes_a_node_that_can_have_none() -> None:
    data = folder(
        f'<_x007b_d jcr:primaryType="sling:Folder"><B {CONFIG} p="2"/></_x007b_d><_x007b_e {CONFIG} p="4"/>'
    )
    assert _made(data, "3.6.0") == {**ALONE, "{e": "4"}
    nodes = load(data, "3.6.0", PATH).nodes
    assert nodes is not None
    assert nodes["{d/B"].error == "import: below a node that cannot have any"


def test_whether_the_import_stops_at_one_of_two_nodes_of_a_name_is_not_known() -> None:
    data = folder(f'<B {CONFIG} p="1"/><B {CONFIG} p="{{Foo}}x"/>')
    unknown = "import: two nodes of the name in one place"
    for version, first in (("3.2.8", None), ("3.6.0", unknown), ("3.8.2", None)):
        nodes = load(data, version, PATH).nodes
        assert nodes is not None
        assert {node: one.error for node, one in nodes.items()} == {"A": first, "B": unknown, "C": unknown}


ODD_CHARACTERS = (0x7F, 0x80, 0x85, 0x9F, 0xA0, 0x1680, 0x2028, 0x3000, 0xD83D, 0xFEFF, 0xFFFE)


@pytest.mark.parametrize("code", ODD_CHARACTERS)
@pytest.mark.parametrize("name", ["{}", "a{}", "{}b", "a{}b"])
def test_a_node_may_have_an_odd_name(code: int, name: str) -> None:
    """Tried with FileVault 3.2.8 to 4.1.4 (tests/live/vault)."""
    data = folder(f'<{name.format(f"_x{code:04x}_")} {CONFIG} p="2"/>')
    node = name.format(chr(code))
    assert _loaded(data) == ["A", node, "C"]
    assert [values["p"].value.items for _, values in forms.parse_all(data, PATH)] == [("1",), ("2",), ("3",)]
    for version in VERSIONS:
        nodes = load(data, version, PATH).nodes
        assert nodes is not None
        assert [one for one, found in nodes.items() if found.properties] == ["A", node, "C"]


@pytest.mark.parametrize(
    ("bad", "lost"),
    [
        # The repository says no when it saves; then nothing of the import stays.
        ("<B_x0020_ {0}/>", ()),
        ("<B_x0001_ {0}/>", ()),
        ("<_x002a_B {0}/>", ()),
        ("<B_x003a_C {0}/>", ()),
        ('<B {0} p_x0020_="1"/>', ()),
        ('<B {0} _x001f_="{{Long}}[1]"/>', ()),
        ('<B {0} nope_x003a_p="1"/>', ("3.6.0",)),
        ('<B {0} _x007c_="1"/>', ("3.6.0",)),
        ('<B {0} jcr:_x002e_="1"/>', ()),
        ('<B {0} sling:_x002a_a="1"/>', VERSIONS),
        ('<B {0} p_x0020_="{{Long}}[x]"/>', VERSIONS),
        ('<B {0} p_x0020_="{{Binary}}"/>', VERSIONS),
        ('<B {0} a_x005b_b="1"/>', VERSIONS),
    ],
)
def test_what_an_odd_name_costs(bad: str, lost: tuple[str, ...]) -> None:
    """By version, whether the others are loaded; tried with FileVault 3.2.8 to 4.1.4 (tests/live/vault)."""
    data = folder(bad.format(CONFIG))
    with pytest.raises(ParseError) as caught:
        forms.parse_all(data, PATH)
    assert caught.value.rule == "xml-name"
    for version in VERSIONS:
        nodes = load(data, version, PATH).nodes
        assert nodes is not None
        assert {bool(nodes[node].properties) for node in ("A", "C") if node in nodes} == {version in lost}


def test_the_name_of_the_type_may_be_escaped() -> None:
    data = folder('<B jcr:primary_x0054_ype="sling:OsgiConfig" p="2"/>')
    assert _loaded(data) == ["A", "B", "C"]
    twice = folder('<B jcr:primaryType="nt:unstructured" jcr:primary_x0054_ype="sling:OsgiConfig" p="2"/>')
    for version in VERSIONS:
        nodes = load(data, version, PATH).nodes
        assert nodes is not None
        assert list(nodes) == ["A", "B", "C"]
        assert nodes["B"].properties == {"p": Value.string("2")}
        # The last one counts with old versions, the first one later; 3.6.0 fails.
        assert ("B" in (load(twice, version, PATH).nodes or {})) == (version in OLD)


@pytest.mark.parametrize("kind", ["", "{Name}", "[]"])
def test_an_empty_type_ends_the_import(kind: str) -> None:
    data = folder(f'<d jcr:primaryType="{kind}"/>')
    assert _loaded(data, AEM65) == []
    for version in OLD:
        nodes = load(data, version, PATH).nodes
        assert nodes is not None
        assert [node for node, one in nodes.items() if one.properties] == ["A"]


def test_what_is_below_a_configuration_does_not_cost_it() -> None:
    data = folder(f'<B {CONFIG}><d jcr:primaryType="nt:unstructured" p="{{Foo}}x"/></B>')
    assert _loaded(data, AEM65) == ["A", "B"]
    assert [one.node for one in beyond.parts(data, PATH, AEM65).rejected] == ["C"]


@pytest.mark.parametrize("kind", ["{Foo}sling:OsgiConfig", "[]"])
def test_a_type_that_is_none_makes_no_configuration(kind: str) -> None:
    data = folder(f'<B jcr:primaryType="{kind}"/>')
    for version in VERSIONS:
        nodes = load(data, version, PATH).nodes
        assert nodes is not None
        assert list(nodes) == ["A", "C"]


def test_every_mistake_is_told_and_what_it_leaves() -> None:
    data = folder(
        f'<B {CONFIG} p="{{Foo}}x" q="\\."/>\n<D {CONFIG} p="1" P="2" r="{{Date}}2020-01-02T03:04:05.678Z"/>'
    )
    with pytest.raises(ParseError) as caught:
        forms.parse_all(data, PATH)
    errors, documents, loaded = forms.beyond(caught.value, data, PATH)
    assert [(one.line, one.rule) for one in errors] == [(4, "xml-case-twins"), (4, "xml-date")]
    assert {node: list(document) for node, document in documents} == {
        "A": ["p"],
        "B": ["q"],
        "C": ["p"],
        "D": ["p"],
    }
    assert loaded == []


def test_a_file_of_one_configuration() -> None:
    head = HEAD.replace("sling:Folder", "sling:OsgiConfig").rstrip("\n>")
    text = f'{head}\n a="{{Foo}}x"\n b="{{long}}5"\n c="1"/>\n'
    with pytest.raises(ParseError) as caught:
        forms.parse(text.encode(), "F.xml")
    errors, documents, loaded = forms.beyond(caught.value, text.encode(), "F.xml")
    assert [(one.line, one.rule, one.path) for one in errors] == [(3, "xml-unknown-type", "F.xml")]
    ((node, document),) = documents
    assert (node, [(found.name, found.line) for found in document.properties]) == ("", [("c", 4)])
    assert loaded == []
    assert load(text.encode(), "3.8.2", "F.xml").nodes is None


@pytest.mark.parametrize("below", ['<c q="1"/>', '<c jcr:primaryType="nt:unstructured" q="{Foo}x"/>'])
def test_a_mistake_below_the_one_configuration_of_a_file_costs_it(below: str) -> None:
    text = f"{HEAD.replace('sling:Folder', 'sling:OsgiConfig')}{below}</jcr:root>".encode()
    with pytest.raises(ParseError) as caught:
        forms.parse(text, "F.xml", platform=PLATFORMS["aem65"])
    assert load(text, "3.2.8", "F.xml").properties is None
    found = forms.beyond(caught.value, text, "F.xml", platform=PLATFORMS["aem65"])
    assert (found.errors, [node for node, _ in found.documents], found.loaded) == ([], [""], [])


def test_what_is_no_xml_has_nothing_behind() -> None:
    with pytest.raises(ParseError) as caught:
        forms.parse(b"<jcr:root", ".content.xml", form="xml")
    assert forms.beyond(caught.value, b"<jcr:root", ".content.xml", form="xml") == ([], [], [])


def test_of_many_mistakes_not_all_are_looked_for() -> None:
    many = "".join(f'<B{number} {CONFIG} p="1" P="2"/>' for number in range(200))
    assert _loaded(folder(many)) == []
    assert _loaded(folder(f'<B {CONFIG} p="1"/>' * 200)) == []
    twins = " ".join(f'p{number}="1" P{number}="1"' for number in range(200))
    with pytest.raises(ParseError) as caught:
        forms.parse_all(folder(f"<B {CONFIG} {twins}/>"), PATH)
    assert caught.value.rule == "xml-case-twins"
    assert _loaded(folder(f"<B {CONFIG} {twins}/>")) == []
    many = "".join(f'<B{number} {CONFIG} jcr:uuid="x"/>' for number in range(200))
    assert _loaded(folder(many)) == []
    assert beyond.beyond(folder(many) + b" " * beyond.MAX_BYTES, PATH)[:2] == ([], [])


_ATTRIBUTES = st.lists(
    st.sampled_from(
        [
            'p="1"',
            'q="{Long}[1,2]"',
            'P="2"',
            'd="{Date}2020-01-02T03:04:05.678Z"',
            'sling:d="{Date}2020-01-02T03:04:05.678Z"',
            'jcr:uuid="abc"',
            'b="{Long}[1,x]"',
            'n="{Name}[a]"',
            'sling:n="{Name}[a]"',
            'f="{Foo}x"',
            'u="\\uXYZW"',
            'a_x002f_b="x"',
            'x="{Name}x:y"',
            'r="{Binary}x"',
        ]
    ),
    max_size=3,
    unique=True,
)
_TYPES = st.sampled_from([CONFIG, CONFIG, CONFIG, 'jcr:primaryType="nt:unstructured"', ""])
_LEAVES = st.tuples(_TYPES, _ATTRIBUTES, st.just([]))
_ELEMENTS = st.tuples(_TYPES, _ATTRIBUTES, st.lists(_LEAVES, max_size=2))


def _written(element: tuple[str, list[str], list[Any]], name: str, namespaces: str = "") -> str:
    kind, attributes, below = element
    inside = "".join(_written(one, f"{'cd'[number]}") for number, one in enumerate(below))
    return f"<{name} {namespaces} {kind} {' '.join(attributes)}>{inside}</{name}>"


@settings(deadline=None)
@given(
    st.tuples(
        st.sampled_from([CONFIG, 'jcr:primaryType="sling:Folder"']),
        _ATTRIBUTES,
        st.lists(_ELEMENTS, max_size=3),
    ),
    st.sampled_from(VERSIONS),
)
def test_what_is_said_to_be_loaded_the_reader_loads(
    root: tuple[str, list[str], list[Any]], version: str
) -> None:
    kind, attributes, below = root
    inside = "".join(_written(one, "ABC"[number]) for number, one in enumerate(below))
    data = (
        f"{HEAD.rpartition(' jcr:primaryType')[0]} {kind} {' '.join(attributes)}>{inside}</jcr:root>".encode()
    )
    found = load(data, version, "F.xml")
    loaded = {
        node: one.properties
        for node, one in (found.nodes or {"": found}).items()
        if one.properties is not None
    }
    said = {
        node: {one.name: one.value for one in document.properties}
        for node, document in beyond.parts(data, "F.xml", (version,)).documents
    }
    assert said == {node: properties for node, properties in loaded.items() if node in said}


def test_a_prefix_with_an_escape_costs_in_the_old_versions_only() -> None:
    data = folder(f'<m_x0020_:B {CONFIG} xmlns:m_x0020_="http://m" p="2"/>')
    assert _loaded(data, AEM65) == []
    assert len(_loaded(data, LTS)) == 3


BOTH, FIRST = ["A", "C"], ["A"]
NONE: list[str] = []
STOPPED = [FIRST, NONE, FIRST]


@pytest.mark.parametrize(
    ("bad", "loaded"),
    [
        # All texts of an element are read before any of them means something.
        ('<N r="\\uzzzz" jcr:primaryType="{{String}}sling:Folder"/>', STOPPED),
        ('<N _x005b_="{{Foo}}" {1}/>', STOPPED),
        ('<N jcr:primaryType=""/>', STOPPED),
        ('<N jcr:primaryType="[]"/>', [FIRST, BOTH, BOTH]),
        # Where the file says no type the node is what the one around it makes of it.
        ('<N jcr:createdBy="[x]"/>', [FIRST, BOTH, BOTH]),
        ('<n jcr:primaryType="nt:unstructured"><N jcr:createdBy="[x]"/></n>', [FIRST, BOTH, BOTH]),
        # What the repository refuses when it saves is there if it was set before what stops the import.
        ('<N _x0000_="x" jcr:primaryType="{{String}}sling:Folder"/>', [NONE, NONE, NONE]),
        ('<N jcr:primaryType="{{String}}sling:Folder" _x0000_="x"/>', [NONE, NONE, BOTH]),
        ('<N _x0000_="x" jcr:uuid="x" {1}/>', [BOTH, BOTH, BOTH]),
        ('<N jcr:createdBy="{{Name}}x" jcr:uuid="[]" {0}/>', [FIRST, BOTH, BOTH]),
        # A node of its identifier is looked for before the name is.
        ('<N_x002f_ jcr:uuid="x" {1}/>', [BOTH, BOTH, BOTH]),
        ('<_x002a_ jcr:uuid="x" {1}/>', [BOTH, BOTH, BOTH]),
        ('<N_x002f_ jcr:uuid="5a7e7a2c-6f0f-4d2a-9b1e-0123456789ab" {1}/>', STOPPED),
        ('<N_x002f_ jcr:title="x" {1}/>', STOPPED),
        ('<N _x0020_a="x" a_x002f_b="x" {1}/>', [NONE, NONE, NONE]),
        ('<N a_x002f_b="x" _x0020_a="x" {1}/>', [NONE, NONE, FIRST]),
        ('<N _x002a_="x" {1}/>', [NONE, BOTH, NONE]),
        ('<N _x002f__x007b_="x" {1}/>', [BOTH, BOTH, BOTH]),
        ('<N a_x002f_b="x" {1}/>', STOPPED),
        ('<N b="{{Binary}}[x]" {0}/>', [NONE, BOTH, BOTH]),
        ('<N b="{{Binary}}[x]" {1}/>', [BOTH, BOTH, BOTH]),
    ],
)
def test_what_is_left_beside_a_node_that_is_wrong(bad: str, loaded: list[list[str]]) -> None:
    """Tried with FileVault 3.2.8, 3.6.0 and 3.8.2 (tests/live/vault); nothing is said to be loaded that is not."""
    data = folder(bad.format(CONFIG, 'jcr:primaryType="sling:Folder"'))
    for version, expected in zip(("3.2.8", "3.6.0", "3.8.2"), loaded, strict=True):
        assert [node for node in _made(data, version) if node in BOTH] == expected, version
        assert set(_loaded(data, (version,))) <= {*expected, "N"}, version


@pytest.mark.parametrize(("name", "beside"), [("_x002a_", []), ("a_x005b_", BOTH)])
def test_a_name_that_the_repository_refuses_when_it_saves_costs_all(name: str, beside: list[str]) -> None:
    assert _loaded(folder(f'<B {CONFIG} {name}="1"/>'), LTS) == beside
    # Where the value is wrong, too, that may stop the import before.
    assert _loaded(folder(f'<B {CONFIG} {name}="{{Long}}[x]"/>'), LTS) == (beside and FIRST)


def test_nothing_is_known_behind_what_is_no_document_view() -> None:
    assert beyond.beyond(b"<", PATH) == ([], [], [])


def test_nothing_is_known_behind_the_hundredth_mistake() -> None:
    many = "".join(f'<B{number} {CONFIG} p="{{Foo}}x"/>' for number in range(checks.MOST + 50))
    assert beyond.beyond(folder(many), PATH) == ([], [], [])


def test_a_node_below_one_without_path_is_to_have_a_type_in_the_old_versions() -> None:
    """It stops the import there, so that the odd node is not removed, and the repository refuses all when it saves."""
    name = "G_x005b_2_x005d__x002e__x005b_"
    data = '<{0} jcr:primaryType="sling:Folder"><N {1}p="1"/></{0}>'
    assert _made(folder(data.format(name, "")), "3.2.8") == {}
    assert _made(folder(data.format(name, 'jcr:primaryType="nt:unstructured" ')), "3.2.8") == ALONE
