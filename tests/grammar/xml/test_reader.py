"""The models of FileVault 3.4.10, 3.6.0 and 3.8.2, with outcomes seen on the real classes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar.errors import ParseError
from grammar.values import Float64, Shape, Value
from grammar.xml import document
from grammar.xml.reader import VERSIONS, DocViewError, JcrText, is_docview, load, node_of, parse_text

NAMESPACES = 'xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"'


def config(
    attributes: str, namespaces: str = NAMESPACES, kind: str = "sling:OsgiConfig", inside: str = ""
) -> bytes:
    return (
        f'<jcr:root {namespaces}\n    jcr:primaryType="{kind}"\n    {attributes}>{inside}</jcr:root>'.encode()
    )


def outcomes(data: bytes, filename: str = "com.example.My.xml") -> list[dict[str, Value] | str | None]:
    """Per version the properties, or the error; 3.2.8 does as 3.4.10."""
    first, *loaded = [load(data, version, filename) for version in VERSIONS]
    assert first == loaded[0]
    return [found.error if found.properties is None else found.properties for found in loaded]


STRINGS = {
    "x": "x",
    "": "",
    "{String}x": "x",
    "{undefined}x": "x",
    " {Long}5": " {Long}5",
    "{Long}abc": "abc",
    "{Long}{5}": "{5}",
    "{Date}2020-01-02": "2020-01-02",
    "{Name}a/b": "a/b",
    "{Long": "Long",
    r"{a\.b": r"a\.b",
    "{": "",
    r"\{a}": "{a}",
    r"{String}\[x]": "[x]",
    r"\[a,b]": "[a,b]",
    " [a]": " [a]",
    r"C:\temp\\": "C:temp\\",
    r"a\u000ab": "a\nb",
    r"\ud83d\ude00": "😀",
    r"\u1XYZ": "\u0eef",
    r"x\u12": "x",
    "x\\": "x",
    r"x\0y": "xy",
    "&#123;String}&amp;amp;": "&amp;",
    "a\r\n\tb&#xa;": "a  b\n",
}


@pytest.mark.parametrize(("written", "text"), STRINGS.items())
def test_strings(written: str, text: str) -> None:
    assert outcomes(config(f'p="{written}"')) == [{"p": Value.string(text)}] * 3


VALUES = {
    "{Long}+5": Value("Long", Shape.SCALAR, (5,)),
    "{Double}1e3": Value("Double", Shape.SCALAR, (Float64.of(1000.0),)),
    "{Boolean}yes": Value.boolean(False),
    "{Boolean}[x,TRUE]": Value.array([False, True], "Boolean"),
    "{Long}[1,2]": Value.array([1, 2], "Long"),
    "[a,b": Value.array(["a", "b"]),
    "[a]b]": Value.array(["a]b"]),
    "[ a , b ]": Value.array([" a ", " b "]),
    r"[a\,b,[x],{Long}1]": Value.array(["a,b", "[x]", "{Long}1"]),
    r"[\0]": Value.array([""]),
    "[,]": Value.array(["", ""]),
    "[a,]": Value.array(["a", ""]),
    "[a,": Value.array(["a"]),
    r"[\0,": Value.array([""]),
    "[,": Value.array([""]),
}


@pytest.mark.parametrize(("written", "value"), VALUES.items())
def test_typed_values_and_arrays(written: str, value: Value) -> None:
    assert outcomes(config(f'p="{written}"')) == [{"p": value}] * 3


@pytest.mark.parametrize("written", ["[]", "{Long}[]", "[", r"[\0", "{Name}[]"])
def test_an_empty_array_is_lost_by_one_version(written: str) -> None:
    assert outcomes(config(f'p="{written}"')) == [{"p": Value.array(())}, {}, {"p": Value.array(())}]


@pytest.mark.parametrize("written", ["{Decimal}1", "{Name}foo", "{Path}/a", "{URI}x", "{Binary}"])
def test_types_that_are_dropped(written: str) -> None:
    assert outcomes(config(f'p="{written}" q="1"')) == [{"q": Value.string("1")}] * 3


@pytest.mark.parametrize("written", ["{Integer}5", "{long}5", "{}5", r"{Lo\ng}5", "{da39a3ee}"])
def test_unknown_types_lose_the_file(written: str) -> None:
    assert outcomes(config(f'p="{written}"')) == ["import: unknown type"] * 3


def test_a_unicode_escape_that_is_no_code_point_loses_the_file() -> None:
    assert outcomes(config(r'p="\uXYZW"')) == ["import: not a valid Unicode code point"] * 3


@pytest.mark.parametrize("written", ["{Long}[1,x]", "{Long}[ 1]", "{Date}[2020-01-02]"])
def test_bad_items(written: str) -> None:
    dropped, *failed = outcomes(config(f'p="{written}"'))
    assert dropped == {}
    assert all(str(found).startswith("import: Invalid value for type ") for found in failed)


@pytest.mark.parametrize("written", ["{Decimal}[1]", "{Name}[nt:file]", "{Path}[/a,/b]"])
def test_arrays_that_end_the_scan(written: str) -> None:
    assert outcomes(config(f'p="{written}"')) == ["scan: java.lang.NullPointerException"] * 3


@pytest.mark.parametrize("written", ["{Date}2020-01-02T03:04:05.678Z", "{Date}[2020-01-02T03:04:05.678Z]"])
def test_dates_are_refused(written: str) -> None:
    assert (
        outcomes(config(f'p="{written}"'))
        == ["import: ConfigAdmin: unsupported type java.util.GregorianCalendar"] * 3
    )


def test_binaries() -> None:
    inline = "import: Inline binaries are only supported as binary references"
    npe = "scan: java.lang.NullPointerException"
    assert outcomes(config('p="{Binary}aGk="')) == [{}, inline, inline]
    assert outcomes(config('p="{BinaryRef}x"')) == [
        {},
        "import: Inaccessible value",
        "import: Inaccessible value",
    ]
    assert outcomes(config('p="{Binary}[a]"')) == [npe, inline, inline]
    assert outcomes(config(r'p="{Binary}[\0]"')) == [npe, {}, {}]
    assert outcomes(config('p="{Binary}[]"')) == [{"p": Value.array(())}, {}, {}]


def test_names_in_values_need_a_known_prefix() -> None:
    error = "import: Invalid name, or a namespace prefix that is not registered"
    assert outcomes(config('p="{Name}zz:foo"')) == [error] * 3
    declared = config('p="{Name}zz:foo"', NAMESPACES + ' xmlns:zz="http://zz"')
    assert outcomes(declared) == [{}] * 3


def test_keys_that_differ_in_case() -> None:
    assert outcomes(config('p="1" P="2"')) == ["ConfigAdmin: keys that differ in case only"] * 3


def test_names_of_attributes() -> None:
    one = {"a b": Value.string("1")}
    assert outcomes(config('a_x0020_b="1"')) == [one] * 3
    assert outcomes(config('_x0020_a="1"')) == ["import: Invalid name:  a"] * 3
    assert outcomes(config('a_x002a_="1"')) == [{}, "import: Invalid name: a*", "import: Invalid name: a*"]
    assert outcomes(config('a_x002f_="1"')) == [{"a": Value.string("1")}] * 3
    assert outcomes(config('jcr_x003a_b="1"')) == [{}, "import: Invalid name: jcr:b", {}]
    assert outcomes(config('_x003a_b="1"')) == [{}, "import: Invalid name: :b", "import: Invalid name: :b"]
    assert outcomes(config('z_x003a_b="1"')) == ["import: Invalid name: z:b"] * 3
    assert outcomes(config('_x007b_b="1"')) == [{}, {"{b": Value.string("1")}, "import: Invalid name: {b"]
    assert outcomes(config('_x007b_a_x007d_b="1"')) == [{"{a}b": Value.string("1")}] * 3


def test_an_attribute_twice() -> None:
    one, two = ({"ab": Value.string(text)} for text in "12")
    assert outcomes(config('ab="1" a_x0062_="2"')) == [two, "import: Duplicate key ab", one]


def test_prefixed_attributes_are_no_properties() -> None:
    assert outcomes(config('jcr:title="t" p="1"')) == [{"p": Value.string("1")}] * 3
    internal = config('rep:x="1"', NAMESPACES + ' xmlns:rep="internal"')
    assert outcomes(internal) == [{}, {"{internal}x": Value.string("1")}, {}]


@pytest.mark.parametrize("kind", ["sling:OsgiConfig", r"sling:\OsgiConfig", "{Name}sling:OsgiConfig"])
def test_primary_type(kind: str) -> None:
    assert outcomes(config("", kind=kind)) == [{}] * 3


def test_other_primary_types() -> None:
    for kind in ("sling:osgiConfig", "nt:unstructured", " sling:OsgiConfig", "zz:OsgiConfig"):
        assert outcomes(config("", kind=kind)) == [f"not a configuration: a node of type {kind!r}"] * 3
    later = ["import: No matching property definition: jcr:primaryType"] * 2
    assert outcomes(config("", kind="[sling:OsgiConfig]")) == [{}, *later]
    assert outcomes(config("", kind="{String}sling:OsgiConfig")) == [{}, *later]
    empty = outcomes(config("", kind="[]"))
    assert empty == ["import: Invalid name: ''", *later]
    assert outcomes(config("", kind="")) == ["import: Invalid name: ''"] * 3
    foo = NAMESPACES.replace("xmlns:sling", "xmlns:foo")
    assert outcomes(config("", foo, kind="foo:OsgiConfig")) == [{}] * 3


def test_the_root_element() -> None:
    none = "import: No default node type available"
    assert outcomes(f"<jcr:root {NAMESPACES}/>".encode()) == [none] * 3
    other = config("").replace(b"<jcr:root", b"<X").replace(b"</jcr:root", b"</X")
    error = "the root element is not jcr:root: its node has another name than the file"
    assert outcomes(other, "X/.content.xml") == [error] * 3


def test_elements_below() -> None:
    good = config("", inside='<c jcr:primaryType="nt:unstructured" q="{Long}x"/><d/>')
    assert outcomes(good) == [{}] * 3
    untyped = config("", inside='<c q="1"/>')
    assert outcomes(untyped) == ["import: No default node type available", {}, {}]
    broken = config("", inside='<c jcr:primaryType="nt:unstructured" q="{Foo}x"/>')
    assert outcomes(broken) == ["import: unknown type"] * 3


def test_files_that_are_stored_as_they_are() -> None:
    far = b"<!--" + b"c" * 1024 + b"-->" + config("")
    assert outcomes(far) == ["not a document view: stored as a file, which is no configuration"] * 3
    assert outcomes(far, "F/.content.xml") == [{}] * 3
    assert outcomes(config(""), "F.config") == ["not XML by its name: stored as a file"] * 3
    assert outcomes(config(""), "_zz_F.xml") == ["import: Unknown namespace prefix used in file name: zz"] * 3
    assert outcomes(config(""), "_jcr_F.xml") == [{}] * 3


def test_nothing_of_a_dtd_is_read() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + config('p="&b;"')
    assert all("document type declaration" in str(found) for found in outcomes(bomb))
    assert outcomes(b'<!DOCTYPE x SYSTEM "x.dtd">' + config("")) == [{}] * 3


def test_public_names() -> None:
    assert is_docview(config(""))
    node = node_of("a/F-x.xml")
    assert node is not None
    assert node.name == "F-x"


def test_parse_text() -> None:
    assert parse_text("{Long}[1]") == JcrText("Long", True, ("1",))
    with pytest.raises(DocViewError):
        parse_text("{x}")


ATTRIBUTE = st.text(st.sampled_from(r"""ab5{}[],\u0 "&<é😀:/LongDate"""), max_size=12)


@settings(deadline=None)
@given(st.binary() | ATTRIBUTE.map(lambda text: config(f'p="{text}"')), st.sampled_from(VERSIONS), st.text())
def test_load_never_raises(data: bytes, version: str, filename: str) -> None:
    for name in (filename, "F.xml", ".content.xml"):
        found = load(data, version, name)
        assert (found.properties is None) == (found.error is not None)


@pytest.mark.parametrize("text", ["[] ", "[]a", "[x", "[ ", "a/[]", "/[]", "[]/b", "[1] "])
def test_brackets_that_make_no_identifier_make_no_path(text: str) -> None:
    assert (
        outcomes(config(f'p="{{Path}}\\{text}"' if text[0] == "[" else f'p="{{Path}}{text}"'))
        == [{"p": Value.string(text)}] * 3
    )


@pytest.mark.parametrize("text", ["[a]", "[ ]", "[][]", "[]"])
def test_an_identifier_that_is_none_fails_the_import(text: str) -> None:
    found = outcomes(config(f'p="{{Path}}\\{text}"'))
    assert found == ["import: Invalid name, or a namespace prefix that is not registered"] * 3


UUID = "01234567-89ab-CDEF-0123-456789abcdef"


@pytest.mark.parametrize(
    ("uuid", "taken"),
    [(UUID, True), (f"{{Reference}}{UUID}", True), ("abc", False), ("", False), (f"[a,{UUID}]", False)],
)
def test_the_identifier_of_a_node(uuid: str, taken: bool) -> None:
    bad = "import: the repository does not take this jcr:uuid"
    child = config("", inside=f'<a jcr:primaryType="nt:unstructured" jcr:uuid="{uuid}"/>')
    for data in (config(f'jcr:uuid="{uuid}"'), child):
        assert outcomes(data) == [{} if taken else bad] * 3
        if taken:
            assert list(document.parse(data)) == []
        else:
            with pytest.raises(ParseError) as caught:
                document.parse(data)
            assert caught.value.rule == "xml-uuid"


@pytest.mark.parametrize("where", ["{}<jcr:root", "/>{}"])
def test_a_colon_in_the_target_of_an_instruction(where: str) -> None:
    text = config('p="<?x:y?>"'.replace("<", "&lt;")).decode()
    text = text.replace("<jcr:root", "<?x:l a:b?><jcr:root") if where.startswith("{") else f"{text}<?x:y:z?>"
    assert outcomes(text.encode()) == [{"p": Value.string("<?x:y?>")}] * 3
    parsed = document.parse(text.encode())
    assert parsed.source == text.encode()
    assert parsed.with_value("p", Value.string("z")).source == text.replace("&lt;?x:y?>", "z").encode()
