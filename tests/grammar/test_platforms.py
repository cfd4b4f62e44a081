"""Which readers speak for which AEM."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar import forms, platforms
from grammar.errors import FormError, ParseError
from grammar.platforms import ANY, DEFAULT, PLATFORMS, Platform
from grammar.values import Float64, Shape, Value

AEM65, LTS, CLOUD = PLATFORMS["aem65"], PLATFORMS["aem65-lts"], PLATFORMS["cloud"]
HEAD = (
    '<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"\n'
    '    jcr:primaryType="sling:OsgiConfig"\n    '
)


def _loaded(text: str, form: str, platform: Platform, name: str | None = None) -> dict[str, Value] | str:
    """What is accepted, or the rule by which it is not."""
    try:
        document = forms.parse(text.encode(), name, form=form, platform=platform)
    except ParseError as error:
        return error.rule
    return {found.name: found.value for found in document.properties}


def test_without_a_word_aem_65_is_meant() -> None:
    assert platforms.of(None) == DEFAULT == AEM65._replace(is_assumed=True)
    assert platforms.of("any") == ANY
    assert forms.versions("xml", DEFAULT) == ("3.2.8", "3.4.10", "3.6.0", "3.8.2")
    assert forms.versions("xml", CLOUD) == ("3.8.2", "3.2.8", "3.4.10", "3.6.0")
    assert forms.versions("cfg.json", CLOUD) == ("3.14.2", "3.12.0", "3.9.0", "3.10.0")
    assert forms.versions("config", AEM65) == forms.versions("config") == ("1.8.12", "1.9.26")


def test_an_accepted_text_is_loaded_alike_by_those_that_were_asked() -> None:
    assert forms.speaking("cfg.json", DEFAULT) == ("3.9.0",)
    assert forms.speaking("cfg.json", LTS) == forms.versions("cfg.json")
    assert forms.speaking("xml", DEFAULT) == ("3.2.8",)
    assert forms.speaking("xml", ANY) == forms.versions("xml")
    assert forms.speaking("config", DEFAULT) == ("1.8.12", "1.9.26")


def test_no_other_platform() -> None:
    with pytest.raises(FormError, match="'aem64' is no platform: aem65, aem65-lts, cloud, any"):
        platforms.of("aem64")


@pytest.mark.parametrize(
    ("text", "strict", "old", "new"),
    [
        # A block comment right before a quote flips the string state of CM JSON 1.x only.
        ('{/*k*/"a":"http://x"}', "json-comment", {"a": Value.string("http://x")}, "json-comment"),
        (r'{"a":"C:\\","b":"http://x"}', "json-comment-quote-parity", None, "json-comment-quote-parity"),
        # Each item is there as it stands; the old reader would cut the fraction off.
        (
            '{"a":[1,2.5]}',
            "json-mixed-array",
            "json-mixed-array",
            {"a": Value("Double", Shape.ARRAY, (Float64.of(1.0), Float64.of(2.5)))},
        ),
        ('{"a:Collection<Long>":[null]}', "json-null-in-array", "json-null-in-array", "json-null-in-array"),
        ('{"a":["x",1]}', "json-mixed-array", "json-mixed-array", "json-mixed-array"),
        ('{"a:Integer":[7,8]}', {"a": Value("Integer", Shape.SCALAR, (7,))}, None, None),
        ('{"a":{"b":1.0}}', {"a": Value.string('{"b":1.0}')}, None, None),
        ('{"a":null}', "json-null", "json-null", "json-null"),
        ('{"a:Long":true}', "json-readers-differ", "json-readers-differ", "json-readers-differ"),
    ],
)
def test_json_that_one_aem_reads_as_it_looks(text: str, strict: object, old: object, new: object) -> None:
    found = [_loaded(text, "cfg.json", platform) for platform in (ANY, DEFAULT, AEM65, CLOUD)]
    if old is None and isinstance(strict, str):
        old = {"a": Value.string("C:\\"), "b": Value.string("http://x")}
    own = strict if old is None else old
    assert found == [strict, own, own, strict if new is None else new]


def test_a_name_that_only_the_old_readers_paste_into_the_text() -> None:
    name = "a:b.cfg.json"
    found = [_loaded('{"a": "1"}', "cfg.json", platform, name) for platform in (ANY, AEM65, CLOUD)]
    assert found == ["json-file-name", "json-file-name", {"a": Value.string("1")}]


@pytest.mark.parametrize(
    ("attributes", "strict", "own", "expected"),
    [
        ('p="[]"', "", (ANY, AEM65, LTS, CLOUD), {"p": Value.array(())}),
        ('p="{Long}[]"', "", (ANY, AEM65, LTS, CLOUD), {"p": Value.array(())}),
        ('p="{Decimal}[]"', "", (ANY, AEM65, LTS, CLOUD), {"p": Value.array(())}),
        ('p="{Date}[]"', "", (ANY, AEM65, LTS, CLOUD), {"p": Value.array(())}),
        ('p="{Binary}[]"', "xml-binary", (), {}),
        ('xmlns:i="internal" i:x="1"', "xml-namespace", (AEM65, LTS, CLOUD), {}),
        ('p="{Long}[x]"', "xml-bad-item", (), {}),
        ('a_x007b_b="1" _x007b_c="2"', "xml-name", (), {}),
    ],
)
def test_xml_that_one_aem_reads_as_it_looks(
    attributes: str, strict: str, own: tuple[Platform, ...], expected: object
) -> None:
    for platform in (ANY, AEM65, LTS, CLOUD):
        found = _loaded(f"{HEAD}{attributes}/>", "xml", platform)
        assert found == (expected if platform in own else strict), platform.id


def test_a_child_without_a_type_is_lost_in_old_versions_only() -> None:
    text = f'{HEAD}p="1"><a x="1"/></jcr:root>'
    assert _loaded(text, "xml", AEM65) == "xml-no-primary-type"
    assert _loaded(text, "xml", CLOUD) == {"p": Value.string("1")}
    ((node, document),) = forms.parse_all(text.encode(), "config/.content.xml", platform=CLOUD)
    assert (node, list(document)) == ("", ["p"])


def test_an_edit_stays_with_its_readers() -> None:
    source = b'{/*k*/"a":"http://x"}'
    document = forms.parse(source, form="cfg.json", platform=AEM65)
    assert document.with_value("a", Value.string("http://y")).source == source.replace(b"x", b"y")
    xml = forms.parse(f'{HEAD}p="[]"\n    q="1"/>'.encode(), "X.xml", platform=AEM65)
    assert xml.with_value("q", Value.string("2"))["p"].value == Value.array(())


_PIECES = st.sampled_from(
    [
        '"a"',
        '"a:Integer"',
        ":",
        ",",
        "[",
        "]",
        "{",
        "}",
        "1",
        "2.5",
        '"x"',
        "true",
        "null",
        "/*c*/",
        "//c\n",
        r'"\\"',
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(_PIECES, max_size=9).map("".join), st.sampled_from([AEM65, CLOUD]))
def test_what_is_accepted_its_own_readers_load(text: str, platform: Platform) -> None:
    data = f"{{{text}}}".encode()
    found = _loaded(data.decode(), "cfg.json", platform)
    if isinstance(found, str):
        return
    loads = forms.load_all(data, form="cfg.json", platform=platform)
    assert all(loads[version].properties == found for version in platform.own["cfg.json"])
