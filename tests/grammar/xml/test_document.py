"""Documents: what is accepted, what is refused and why, and edits that move nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar.documents import Loaded
from grammar.errors import EditError, ParseError
from grammar.values import Float64, Shape, Value
from grammar.xml import document as xml_document
from grammar.xml import hazards
from grammar.xml.reader import VERSIONS, load
from tests.places import ROOT

NAMESPACES = 'xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"'
PROVIDER = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- licence -->
<jcr:root {NAMESPACES}
          jcr:primaryType="sling:OsgiConfig"
          auth.token.provider.scope="read_pc.dma_smart_content\\, openid"
          auth.token.provider.default.claims="[&quot;iss&quot;]"
          name='adobe-ims-similaritysearch'
          auth.token.provider.reuse.access.token="{{Boolean}}true"
          auth.token.provider.conn.timeout="{{Long}}5000"
/>
"""


def config(attributes: str, inside: str = "", kind: str = "sling:OsgiConfig") -> str:
    return f'<jcr:root {NAMESPACES}\n    jcr:primaryType="{kind}"\n    {attributes}>{inside}</jcr:root>'


def document(text: str, path: str | None = None) -> xml_document.XmlDocument:
    return xml_document.parse(text.encode(), path)


def refusal(text: str, path: str | None = None) -> ParseError:
    with pytest.raises(ParseError) as caught:
        document(text, path)
    return caught.value


def test_properties_in_the_order_of_the_text() -> None:
    found = document(PROVIDER)
    assert found.form == "xml"
    assert [
        (p.name.rpartition(".")[2], p.type_code, p.value, p.line, p.column) for p in found.properties
    ] == [
        ("scope", "", Value.string("read_pc.dma_smart_content, openid"), 5, 11),
        ("claims", "", Value.array(['"iss"']), 6, 11),
        ("name", "", Value.string("adobe-ims-similaritysearch"), 7, 11),
        ("token", "Boolean", Value.boolean(True), 8, 11),
        ("timeout", "Long", Value("Long", Shape.SCALAR, (5000,)), 9, 11),
    ]
    assert found.source == PROVIDER.encode()
    assert found.text("name") == "adobe-ims-similaritysearch"
    assert list(found.names) == [one.name for one in found.properties]


REFUSED = {
    "xml-unknown-type": [
        (
            'p="{Integer}5"',
            3,
            8,
            "that is no JCR type: FileVault loses the whole file",
            "XML has no other numbers",
        ),
        ('p="{LONG}5"', 3, 8, "that is no JCR type", "Types are case sensitive: write {Long}"),
        ('p="{da39a3ee}"', 3, 8, "that is no JCR type", r"Write \{ if this is text"),
        ('p="{}"', 3, 8, "that is no JCR type", r"Write \{ if this is text"),
    ],
    "xml-bad-unicode": [(r'p="\uXYZW"', 3, 8, "needs four hexadecimal digits", r"Write \\u")],
    "xml-bad-item": [
        ('p="{Long}[1, 2]"', 3, 8, "an item is no Long: FileVault 3.4 drops the array", "Mind blanks")
    ],
    "xml-binary": [
        ('p="{Binary}aGk="', 3, 8, "later versions fail on it", "Remove the property"),
        ('p="{Binary}[]"', 3, 8, "later versions fail on it", "Remove the property"),
        ('p="{BinaryRef}"', 3, 8, "later versions fail on it", "Remove the property"),
    ],
    "xml-date": [
        (
            'p="{Date}2020-01-02T03:04:05.678Z"',
            3,
            8,
            "ConfigAdmin takes no dates",
            "Write the date without {Date}",
        )
    ],
    "xml-npe-type": [
        ('p="{Name}[nt:file]"', 3, 8, "an array of Name: Sling's installer fails", "Remove {Name}")
    ],
    "xml-case-twins": [
        ('p="1"\n P="2"', 4, 2, "'P' differs from another key in case only", "Remove one of them")
    ],
    "xml-duplicate": [('ab="1" a_x0062_="2"', 3, 12, "'ab' twice, once with _xhhhh_", "Remove one of them")],
    "xml-name": [
        ('a_x002a_="1"', 3, 5, "or loses or renames it", "Give the property another name"),
        ('p="{Name}zz:a"', 3, 8, "a Name that Oak does not store", "Declare the prefix, or remove {Name}"),
    ],
    "xml-namespace": [
        ('xmlns:r="internal" r:x="1"', 3, 24, "FileVault 3.6.0 makes this a property", "Remove it")
    ],
    "xml-malformed": [
        (
            'p="1" p="2"',
            3,
            11,
            'not well-formed XML (Attribute "p" was already specified for element "jcr:root")',
            "",
        )
    ],
}


@pytest.mark.parametrize(
    ("rule", "case"), [(rule, case) for rule, cases in REFUSED.items() for case in cases]
)
def test_refusals(rule: str, case: tuple[str, int, int, str, str]) -> None:
    attributes, line, column, message, fix = case
    error = refusal(config(attributes), "a/X.xml")
    assert (error.rule, error.line, error.column, error.path) == (rule, line, column, "a/X.xml")
    assert message in error.message
    assert fix in error.fix


@pytest.mark.parametrize(
    ("text", "rule", "message"),
    [
        (config("", kind="sling:osgiConfig"), "xml-not-config", "not exactly sling:OsgiConfig"),
        (config("", kind="sling:OSGiConfig"), "xml-not-config", "not exactly sling:OsgiConfig"),
        (
            config("").replace("http://sling", "https://sling"),
            "xml-not-config",
            "sling: is bound to 'https://sling.apache.org/jcr/sling/1.0', which is not Sling's namespace",
        ),
        (config("", kind="{String}sling:OsgiConfig"), "xml-not-config", "FileVault 3.6 and later fail on it"),
        (config("", kind="[sling:OsgiConfig]"), "xml-not-config", "FileVault 3.6 and later fail on it"),
        (f"<jcr:root {NAMESPACES}/>", "xml-not-config", "not exactly sling:OsgiConfig"),
        (f'<jcr:root {NAMESPACES} p="1"/>', "xml-no-primary-type", "FileVault 3.4 loses the file"),
        (config("", '<c q="1"/>'), "xml-no-primary-type", "FileVault 3.4 loses the file"),
        (f"<!--<jcr:root--><x {NAMESPACES}/>", "xml-not-docview", "the root element is not jcr:root"),
        (config("").replace('"http', "'http").replace('.0"', ".0'"), "xml-not-docview", "in double quotes"),
        ("", "xml-not-docview", "FileVault stores the file as it is"),
        (f"<!--{'c' * 1024}-->" + config(""), "xml-not-docview", "its first 1024 characters"),
        ("<!DOCTYPE x []>" + config(""), "xml-doctype", "not read here"),
        (config("") + "x", "xml-malformed", "not well-formed"),
    ],
)
def test_refusals_of_whole_files(text: str, rule: str, message: str) -> None:
    error = refusal(text)
    assert (error.rule, error.path) == (rule, None)
    assert message in error.message


def test_content_xml_has_no_limit_of_1024() -> None:
    text = f"<!--{'c' * 1024}-->" + config('p="1"')
    found = document(text, "F/.content.xml")
    assert found.with_value("p", Value.string("2")).text("p") == "2"


def test_dropped_properties_are_no_properties_but_can_be_edited() -> None:
    found = document(config('p="{Decimal}5" q="1"'))
    assert list(found) == ["q"]
    assert found.with_value("p", Value.string("5")).source.decode() == config('p="5" q="1"')
    assert found.without("p").source.decode() == config('q="1"')


TRAPS = {
    r'p="a\.b\\\,"': ["xml-backslash"],
    r'p="\u1XYZ"': ["xml-bad-unicode"],
    'p="x\\"': ["xml-cut-escape"],
    r'p="x\u12"': ["xml-cut-escape"],
    r'p="x\0y"': ["xml-empty-escape"],
    'p="{Long"': ["xml-unclosed-type"],
    'p=" {Long}5"': ["xml-leading-blank"],
    'p=" [a]"': ["xml-leading-blank"],
    'p="{Decimal}5"': ["xml-dropped-type"],
    'p="{Binary}"': ["xml-dropped-type"],
    'p="{Long}5.0"': ["xml-bad-scalar"],
    'p="{Boolean}yes"': ["xml-bad-boolean"],
    'p="[a,b"': ["xml-unclosed-array"],
    'p="[]"': ["xml-empty-array"],
    'p="{Long}["': ["xml-empty-array", "xml-unclosed-array"],
    'p="[ a,b]"': ["xml-item-blanks"],
    'p="[{Long}1]"': ["xml-typed-item"],
    'p="[a,]"': ["xml-last-comma"],
    'p="[org.x:sub=[a,b],c]"': ["xml-split-item"],
    'p="[type=allow;privileges=jcr:read,rep:write;path=/content]"': ["xml-split-item"],
    'p="[type=allow;privileges=jcr:read,rep:write]"': ["xml-split-item"],
    'p="[type=allow;privileges=jcr:read\\,rep:write;path=/content]"': [],
    'p="[type=allow;path=/a,type=deny;path=/b]"': [],
    'p="[a=b,c]"': [],
    'p="[/x{1,3}/.*,/y]"': ["xml-split-item"],
    """p='[{"a":1,"b":2}]'""": ["xml-split-item"],
    'p="[/(a|b),f(x,y)]"': ["xml-split-item"],
    'p="[/x{1\\,3}/.*,/y]"': [],
    'p="[/a{2},/(b),/[c]]"': [],
    r'p="[/a\\(,/b\\),{,}]"': [],
    'p="[mailto:,/[,tel:]"': [],
    'p="a\nb"': ["xml-raw-break"],
    r'p="\ud83d"': ["xml-lone-surrogate"],
    r'p="{Boolean}TRUE" q="{Long}[1]" r="[\0]" s="\{x" t="{String}x" u="{Boolean}[x]" v=""': [],
}


@pytest.mark.parametrize(("attributes", "rules"), TRAPS.items())
def test_traps(attributes: str, rules: list[str]) -> None:
    found = list(hazards.traps(document(config(attributes))))
    assert [(rule, p.name) for rule, p, _ in found] == [(rule, "p") for rule in rules]
    assert all(message and not message.endswith(".") for _, _, message in found)


def test_an_attribute_with_a_prefix_is_no_property() -> None:
    text = config('sling:p="5" jcr:title="x"')
    ((rule, found, _),) = hazards.traps(document(text))
    assert (rule, found.name) == ("xml-prefix", "sling:p")
    assert text.splitlines()[found.line - 1][found.column - 1 :].startswith("sling:p")


def test_a_dropped_property_comes_with_its_text() -> None:
    ((_, found, message),) = hazards.traps(document(config('p="{Decimal}5"')))
    assert (found.type_code, found.value) == ("Decimal", Value.string("5"))
    assert message == "AEM drops a property of type Decimal; remove {Decimal}"


def test_the_same_value_is_the_same_document() -> None:
    found = document(PROVIDER)
    assert found.with_value("name", Value.string("adobe-ims-similaritysearch")) is found
    assert found.without("missing") is found


EDITS = {
    ("name", Value.string('it\'s <&> "x"\n')): (
        "'adobe-ims-similaritysearch'",
        "'it&apos;s &lt;&amp;> \"x\"&#xa;'",
    ),
    ("auth.token.provider.scope", Value.string("{x}")): ('"read_pc.dma_smart_content\\, openid"', '"\\{x}"'),
    ("auth.token.provider.default.claims", Value.array(['"iss", "x"', ""])): (
        '"[&quot;iss&quot;]"',
        '"[&quot;iss&quot;\\, &quot;x&quot;,]"',
    ),
    ("auth.token.provider.conn.timeout", Value.string("")): ('"{Long}5000"', '""'),
    ("auth.token.provider.conn.timeout", Value.array([""])): ('"{Long}5000"', '"[\\0]"'),
    ("new", Value.array([1, 2], "Long")): ('"{Long}5000"', '"{Long}5000"\n          new="{Long}[1,2]"'),
    ("1 new", Value.string("[x")): ('"{Long}5000"', '"{Long}5000"\n          _x0031__x0020_new="\\[x"'),
}


@pytest.mark.parametrize(("edit", "change"), EDITS.items())
def test_edits_change_the_attribute_only(edit: tuple[str, Value], change: tuple[str, str]) -> None:
    edited = document(PROVIDER).with_value(*edit)
    assert edited.source.decode() == PROVIDER.replace(*change)
    assert edited[edit[0]].value == edit[1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (config('p="1"'), config('p="1"\n    n="x"')),
        (config("p='1'"), config("p='1'\n    n='x'")),
        (config('p="1"\n    jcr:title="t"'), config('p="1"\n    n="x"\n    jcr:title="t"')),
        (
            config("").replace("\n", "\r\n"),
            config('n="x"\r\n    ').replace("\r\n", "\n").replace("\n", "\r\n"),
        ),
        (f'<jcr:root {NAMESPACES} jcr:primaryType="sling:OsgiConfig" p="1"/>', 'p="1" n="x"/>'),
        (config('p="1" q="2"'), config('p="1" q="2"\n    n="x"')),
    ],
)
def test_a_new_attribute_follows_the_style_of_the_file(before: str, after: str) -> None:
    edited = document(before).with_value("n", Value.string("x")).source.decode()
    assert edited.endswith(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (config('p="1"\n    q="2"'), config('q="2"')),
        (config('q="2"\n    p="1"'), config('q="2"')),
        (config('q="2"\n\n    p="1"\n'), config('q="2"\n\n')),
        (config('p="1" q="2"'), config('q="2"')),
        (config('q="2" p="1"'), config('q="2"')),
        (config('q="2" p="1"/').replace("</jcr:root>", ""), config('q="2"/').replace("</jcr:root>", "")),
    ],
)
def test_removing_takes_the_line_of_the_attribute(before: str, after: str) -> None:
    edited = document(before).without("p").source.decode()
    if before == config('q="2"\n\n    p="1"\n'):
        after = config('q="2"\n\n')
    assert edited == after


def test_a_written_string_type_is_kept() -> None:
    edited = document(config('p="{String}x"')).with_value("p", Value.string("[y"))
    assert edited.source.decode() == config(r'p="{String}\[y"')


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("p", Value("Integer", Shape.SCALAR, (5,)), "'p': XML has no Integer; the nearest is Long"),
        ("p", Value.array([5], "int"), r"'p': XML has no int\[\]; the nearest is Long\[\]"),
        ("p", Value.collection(["a"]), r"'p': XML has no Collection<String>; the nearest is String\[\]"),
        ("p", Value.collection([]), r"'p': XML has no Collection<\?>; the nearest is String\[\]"),
        ("p", Value.array([], "Long"), r"'p': XML has no empty Long\[\]; AEM loads one of Strings"),
        ("p", Value.array(["a", None]), "'p': XML has no null in an array"),
        ("jcr:title", Value.string("x"), "'jcr:title' cannot be the name of a property in XML"),
        ("p", Value.string("\ud83d\ude00"), "'p' cannot be written so that AEM reads back this value"),
        ("P", Value.string("x"), "'P' cannot be written so that AEM reads it back: .*case only"),
    ],
)
def test_edits_that_xml_cannot_express(name: str, value: Value, message: str) -> None:
    with pytest.raises(EditError, match=message):
        document(config('p="1"')).with_value(name, value)


def test_an_edit_must_not_push_the_marks_beyond_1024() -> None:
    filler = "\n    ".join(f'p{i}="{"x" * 80}"' for i in range(9))
    text = f'<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" jcr:primaryType="sling:OsgiConfig" {filler}'
    text += '\n    xmlns:jcr="http://www.jcp.org/jcr/1.0"/>'
    with pytest.raises(EditError, match=r"cannot be written so that AEM reads it back: .*1024"):
        document(text).with_value("p0", Value.string("y" * 300))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_encodings_are_kept(codec: str) -> None:
    declared = {"utf-8-sig": "UTF-8", "latin-1": "ISO-8859-1"}.get(codec, codec.upper())
    text = f'<?xml version="1.0" encoding="{declared}"?>\n' + config('p="é"')
    found = xml_document.parse(text.encode(codec), ".content.xml")
    assert found.text("p") == "é"
    assert found.with_value("p", Value.string("ü")).source == text.replace("é", "ü").encode(codec)


def test_an_encoding_without_the_character() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>\n' + config('p="é"')
    found = xml_document.parse(text.encode("latin-1"))
    message = "'p': the file's encoding, LATIN-1, has no U\\+20AC; save it as UTF-8"
    with pytest.raises(EditError, match=message):
        found.with_value("p", Value.string("€"))


FOLDER = f"""<jcr:root {NAMESPACES} xmlns:nt="http://www.jcp.org/jcr/nt/1.0" jcr:primaryType="nt:folder">
    <first/>
    <F_x007e_a jcr:primaryType="sling:OsgiConfig" p="1">
        <inner jcr:primaryType="sling:OsgiConfig" p="0"/>
    </F_x007e_a>
    <sub jcr:primaryType="nt:folder">
        <F-b jcr:primaryType="sling:OsgiConfig"
            p="2"/>
    </sub>
    <F-c jcr:primaryType="sling:OsgiConfig" p="3"/>
</jcr:root>
"""


def test_several_configurations_in_one_file() -> None:
    found = xml_document.configurations(FOLDER.encode(), "config/.content.xml")
    assert [(name, doc.text("p")) for name, doc in found] == [("F~a", "1"), ("sub/F-b", "2"), ("F-c", "3")]
    edited = found[1][1].with_value("p", Value.string("x")).with_value("q", Value.string("y"))
    assert edited.source.decode() == FOLDER.replace('p="2"', 'p="x"\n            q="y"')
    assert edited["q"].line == 9
    assert refusal(FOLDER, "config/.content.xml").rule == "xml-not-config"


def test_the_file_itself_as_the_only_configuration() -> None:
    ((name, found),) = xml_document.configurations(
        config('p="1"', '<a jcr:primaryType="sling:OsgiConfig"/>').encode()
    )
    assert (name, found.text("p")) == ("", "1")


def test_a_bad_element_loses_all_configurations_of_a_file() -> None:
    with pytest.raises(ParseError) as caught:
        xml_document.configurations(FOLDER.replace("3", "{Foo}3").encode(), "c/.content.xml")
    assert (caught.value.rule, caught.value.line, caught.value.path) == (
        "xml-unknown-type",
        10,
        "c/.content.xml",
    )


ATTRIBUTE = st.one_of(
    st.text(st.sampled_from("ab5{}[],\\u0. 'é😀\n\t&;<")),
    st.builds(
        "{{{}}}{}".format,
        st.sampled_from(["Long", "Double", "Boolean", "Date", "Name", "Foo"]),
        st.text("15.,[]"),
    ),
    st.lists(st.text("a {}[\\,0", max_size=4)).map(lambda items: f"[{','.join(items)}]"),
)
ODD = st.text("\\[]{},0u&<\"'\r\n\t \x00😀", max_size=6)
ITEM = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | ODD
VALUE = st.one_of(
    ITEM.map(Value.string),
    st.lists(ITEM, min_size=1, max_size=3).map(Value.array),
    st.integers(-(1 << 63), (1 << 63) - 1).map(lambda number: Value("Long", Shape.SCALAR, (number,))),
    st.floats(allow_nan=False).map(lambda number: Value("Double", Shape.SCALAR, (Float64.of(number),))),
    st.lists(st.booleans(), min_size=1).map(lambda flags: Value.array(flags, "Boolean")),
)
TEXT = st.lists(ATTRIBUTE, max_size=3).map(
    lambda values: config("\n    ".join(f'p{i}="{value}"' for i, value in enumerate(values)))
)


def _without_empty(found: Loaded, version: str) -> Loaded:
    """FileVault 3.6.0, which no AEM 6.5 has, drops empty arrays; they are accepted all the same."""
    if version != "3.6.0" or found.properties is None:
        return found
    return Loaded({name: value for name, value in found.properties.items() if value.items})


@settings(deadline=None)
@given(TEXT)
def test_accepted_is_what_all_versions_load_alike(text: str) -> None:
    loaded = [load(text.encode(), version, "X.xml") for version in VERSIONS]
    alike = loaded[0].properties is not None and all(
        found == _without_empty(loaded[0], version) for found, version in zip(loaded, VERSIONS, strict=True)
    )
    try:
        found = document(text)
    except ParseError:
        assert not alike
        return
    assert alike
    assert {p.name: p.value for p in found.properties} == loaded[0].properties
    assert found.source == text.encode()
    for rule, _, message in hazards.traps(found):
        assert rule.startswith("xml-")
        assert message


@settings(max_examples=150, deadline=None)
@given(TEXT, st.sampled_from(["p0", "p1", "new", "a b"]), VALUE)
def test_edits_touch_one_span_and_are_read_back(text: str, name: str, value: Value) -> None:
    try:
        found = document(text)
    except ParseError:
        return
    edited = found.with_value(name, value)
    assert edited[name].value == value
    assert [p for p in edited if p != name] == [p for p in found if p != name]
    before, after = found.source, edited.source
    start = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    assert before[:start] == after[:start]
    removed = edited.without(name)
    assert name not in removed
    if name not in found and not any(entry.name == name for entry in found.entries):
        assert removed.source == found.source


@settings(deadline=None)
@given(st.binary() | TEXT.map(str.encode))
def test_any_bytes_end_as_a_document_or_as_a_parse_error(data: bytes) -> None:
    for path in (None, ".content.xml"):
        try:
            found = xml_document.parse(data, path)
        except ParseError:
            continue
        assert bytes(found) == data


@pytest.mark.parametrize(
    "path", ["a%.xml", "_a_b.xml", "x/%2a.xml", "F[2].xml", "_com_x.F/.content.xml", "a|b.dir/.content.xml"]
)
def test_a_file_of_whose_name_no_node_is_made(path: str) -> None:
    data = (
        b'<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:sling="http://sling.apache.org/jcr/sling/1.0" '
        b'jcr:primaryType="sling:OsgiConfig" p="x"/>'
    )
    with pytest.raises(ParseError) as caught:
        xml_document.parse(data, path)
    assert (caught.value.rule, caught.value.line, caught.value.column) == ("xml-file-name", 1, 1)
    assert all(load(data, version, path).properties is None for version in VERSIONS)
    assert xml_document.parse(data, f"{path.partition('/')[0]}/F/.content.xml")["p"].value == Value.string(
        "x"
    )


def test_every_rule_is_documented() -> None:
    root = ROOT
    rule = re.compile(r"xml-[a-z0-9-]+")
    sources = (path.read_text("utf-8") for path in (root / "grammar" / "xml").rglob("*.py"))
    raised = {found for text in sources for found in re.findall(r'"(xml-[a-z0-9-]+)"', text)}
    assert raised == set(rule.findall((root / "docs" / "format-xml.md").read_text("utf-8")))
