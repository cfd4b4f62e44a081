"""`.config` documents: reading, losslessness, edits."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import grammar
from grammar.config import reader
from grammar.config.document import MAX_BYTES, parse
from grammar.config.writer import write_config
from grammar.errors import EditError, ParseError
from grammar.values import Float32, Float64, Shape, Value
from tests.places import ROOT

WRITTEN_BACK = (
    b"# Configuration created by Apache Sling JCR Installer\n"
    b'a.first="one"\r\n'
    b'b.list=[ \\\r\n  "x", \\\r\n  "y\\=z", \\\r\n  ]\r\n'
    b'd.number=I"5"\r\n'
)


def values_of(document: grammar.Document) -> dict[str, Value]:
    return {found.name: found.value for found in document.properties}


SAMPLES = [
    b"",
    b"\n\n",
    b"# only a comment",
    b'a="1"',
    b'a="1"b="2"',
    b'a="1" # c\nb="2"\n',
    b'a="1"\rb="2"\n',
    b'a=T"x"\nb=("x",,"y",)\nc=[,]\nd=()\n',
    b'k\\=ey="\\b\\t\\n\\f\\r\\u00e9\\x\\\\"\n',
    b'k\\ ey\n2="line\r\nbreak"\n',
    b'a="caf\xe9 \xed\xa0\x80"\n',
    b'\xef\xbb\xbfa="1"\n',
    b'i=i["1","-2"]\nl=l"3"\nf=F"1065353216"\nd=D["4607182418800017408"]\nx=X"+7"\ns=s("8")\nc=c["x"]\nb=B"TRUE"\n',
    b'a="1"\na="2"\nb="3"\na="4"\n',
    b'u=I"\xd9\xa1\xd9\xa2"\nv="\\u-001"\n',
    '\u00a0a\U0001f600="\U0001f600"\n'.encode(),
    b'a=[\n"x"\n,\\\n\\\r\n"y"\x0c]\n',
    WRITTEN_BACK,
]


@pytest.mark.parametrize("data", SAMPLES)
def test_what_is_accepted_is_what_both_readers_load(data: bytes) -> None:
    document = parse(data)
    assert document.source == data
    for version in reader.VERSIONS:
        assert reader.load(data, version).properties == values_of(document)


@given(data=st.data())
def test_whatever_is_accepted_is_what_both_readers_load(
    data: st.DataObject, soup: st.SearchStrategy[bytes]
) -> None:
    text = data.draw(soup)
    try:
        document = parse(text)
    except ParseError as error:
        assert error.line >= 1
        assert error.column >= 1
        assert error.rule
        assert error.message
        return
    assert document.source == text
    for version in reader.VERSIONS:
        assert reader.load(text, version).properties == values_of(document)


def test_properties_have_type_codes_values_and_places() -> None:
    document = parse(WRITTEN_BACK)
    assert document.form == "config"
    assert [(p.name, p.type_code, p.value.type_name, p.line, p.column) for p in document.properties] == [
        ("a.first", "", "String", 2, 1),
        ("b.list", "", "String[]", 3, 1),
        ("d.number", "I", "Integer", 7, 1),
    ]


def test_a_document_is_a_mapping_of_names() -> None:
    document = parse(WRITTEN_BACK)
    assert list(document) == ["a.first", "b.list", "d.number"]
    assert len(document) == 3
    assert "a.first" in document
    assert "none" not in document
    assert document.get("none") is None
    assert document.text("a.first") == "one"
    assert document.text("d.number") is None
    assert document.text("none") is None
    assert bytes(document) == WRITTEN_BACK
    with pytest.raises(KeyError):
        document["none"]


def test_a_pickled_document_is_the_same_document() -> None:
    document = parse(WRITTEN_BACK)
    copy = pickle.loads(pickle.dumps(document))
    assert copy.source == document.source
    assert copy.properties == document.properties


def test_columns_count_code_points_and_lines_all_line_ends() -> None:
    document = parse('# é\r\n\U0001f600="1" b="2"\rc="3"\n'.encode())
    assert [(p.line, p.column) for p in document.properties] == [(2, 1), (2, 7), (3, 1)]


def test_the_last_of_a_repeated_key_wins() -> None:
    document = parse(b'a="1"\nb="2"\na="3"\n')
    assert [(p.name, p.value.text, p.line) for p in document.properties] == [("b", "2", 2), ("a", "3", 3)]
    assert [p.value.text for p in document.occurrences] == ["1", "2", "3"]


def test_setting_what_is_there_changes_nothing() -> None:
    document = parse(b'a=T"x y"\nb=I"+05"\n')
    assert document.with_value("a", Value.string("x y")) is document
    assert document.with_value("b", Value("Integer", Shape.SCALAR, (5,))) is document
    assert document.without("none") is document
    assert document.with_values({}) is document


@pytest.mark.parametrize(
    ("before", "name", "value", "after"),
    [
        (b'a="1"\n', "a", Value.string("x y=z"), b'a="x\\ y\\=z"\n'),
        (b'a=T"1" # c\r\nb="2"', "a", Value.string("3"), b'a=T"3" # c\r\nb="2"'),
        (b'a=i"1"\n', "a", Value("Integer", Shape.SCALAR, (2,)), b'a=i"2"\n'),
        (b'a=I["1"]\n', "a", Value.array([2], "int"), b'a=i["2"]\n'),
        (b'a="1"\na="2"\n', "a", Value.string("3"), b'a="1"\na="3"\n'),
        (b'b="1"\r\n', "c", Value.boolean(True), b'b="1"\r\nc=B"true"\r\n'),
        (b'b="1"\nc="2"', "d", Value.string("x"), b'b="1"\nc="2"\nd="x"'),
        (b'b="1"\nd="2"\n', "c", Value.string("x"), b'b="1"\nc="x"\nd="2"\n'),
        (b'# head\nb="1"\nd="2"\n', "a", Value.string("x"), b'# head\na="x"\nb="1"\nd="2"\n'),
        (b'd="1"\nb="2"\n', "c", Value.string("x"), b'd="1"\nb="2"\nc="x"\n'),
        (b'b="1" d="2"\n', "c", Value.string("x"), b'b="1" d="2"\nc="x"\n'),
        (b"", "a", Value.string("x"), b'a="x"\n'),
        (b"# c", "a", Value.string("x"), b'# c\na="x"'),
        (b"# c\r\n", "a", Value.string("x"), b'# c\r\na="x"\r\n'),
        (b'a=["x",\\\n  "y"]\n', "a", Value.array(["x", "z w", "y"]), b'a=["x",\\\n  "z\\ w",\\\n  "y"]\n'),
        (b'a=[ \\\n  "x", \\\n  ]\n', "a", Value.array(["y", "x"]), b'a=[ \\\n  "y", \\\n  "x", \\\n  ]\n'),
        (b'a=["x"]\n', "a", Value.array(["x", "y"]), b'a=["x", "y"]\n'),
        (b"a=[]\n", "a", Value.array(["x"]), b'a=["x"]\n'),
        (b"a=[\n,]\n", "a", Value.array(["x", "y"]), b'a=["x", "y"]\n'),
        (b'a=["x"]\n', "a", Value.array([]), b"a=[]\n"),
        (b'a=["x"]\n', "a", Value.collection(["x"]), b'a=("x")\n'),
        (b'a="x"\n', "a", Value.collection(["x", "y"]), b'a=("x", "y")\n'),
        (b'a="x"\n', "#b", Value.string("y"), b'a="x"\n\\#b="y"\n'),
        (b'a="x"\n', "\u2028b", Value.string("y"), 'a="x"\n\\\u2028b="y"\n'.encode()),
        (b'b="1"\nc="2"\r\nd="3"\r\n', "b1", Value.string("x"), b'b="1"\nb1="x"\r\nc="2"\r\nd="3"\r\n'),
        (b'a=["1\n2\n3\n"]\r\n', "b", Value.string("x"), b'a=["1\n2\n3\n"]\r\nb="x"\r\n'),
        (b'a="1\r\n2"', "b", Value.string("x"), b'a="1\r\n2"\r\nb="x"'),
        (b'\ra="1"\n', "b", Value.string("x"), b'\ra="1"\nb="x"\n'),
        (b"# c\r# d\r# e\n", "b", Value.string("x"), b'# c\r# d\r# e\nb="x"\n'),
        (
            b'# head\n\n# about b\n# more\n  b="1"\n  c="2"\n',
            "a",
            Value.string("x"),
            b'# head\n\n  a="x"\n# about b\n# more\n  b="1"\n  c="2"\n',
        ),
        (b'\n\x0cb="1"\nc="2"\n', "a", Value.string("x"), b'\n\x0ca="x"\nb="1"\nc="2"\n'),
        (
            b'\xef\xbb\xbfb="1"\n\xef\xbb\xbfc="2"\n',
            "a",
            Value.string("x"),
            b'\xef\xbb\xbfb="1"\n\xef\xbb\xbfc="2"\na="x"\n',
        ),
        (b'a=[ "x","y" ,\n"z"]\n', "a", Value.array(["x", "1", "z"]), b'a=[ "x","1" ,\n"z"]\n'),
        (b'a=[ "x","y" ,\n"z"]\n', "a", Value.array(["1"]), b'a=[ "1"]\n'),
        (b'a=[ "x" ,\n"y"]\n', "a", Value.array(["x", "y", "z"]), b'a=[ "x" ,\n"y" ,\n"z"]\n'),
        (b'a="x"\n', "b", Value.string("\ud83d"), b'a="x"\nb="\\ud83d"\n'),
        (b'f=F"0"\n', "f", Value("Float", Shape.SCALAR, (Float32.of(-2.0),)), b'f=F"-1073741824"\n'),
        (
            b'f=D"0"\n',
            "f",
            Value("Double", Shape.SCALAR, (Float64.of(-2.0),)),
            b'f=D"-4611686018427387904"\n',
        ),
    ],
)
def test_an_edit_follows_the_file(before: bytes, name: str, value: Value, after: bytes) -> None:
    edited = parse(before).with_value(name, value)
    assert edited.source == after
    assert edited[name].value == value


@pytest.mark.parametrize(
    ("before", "name", "after"),
    [
        (b'a="1"\nb="2"\nc="3"\n', "b", b'a="1"\nc="3"\n'),
        (b'a="1"\r\n  b="2"', "b", b'a="1"'),
        (b'a="1" # keep\nb="2"\n', "a", b' # keep\nb="2"\n'),
        (b'a="1"b="2"\n', "a", b'b="2"\n'),
        (b'a="1"\nb="2"\na="3"\n', "a", b'b="2"\n'),
        (b'a="1"', "a", b""),
        (b'a="1"\na="2"', "a", b""),
        (b'b="1"\r\na="1"\r\na="2"\r\n  a="3"', "a", b'b="1"'),
        (b'a="1"\nb="1"\na="2"', "a", b'b="1"'),
        (b'a="1" b="1" a="2"', "a", b' b="1" '),
        (b'b="1"\na="1"\na="2"\n', "a", b'b="1"\n'),
    ],
)
def test_a_removed_property_takes_its_line_with_it(before: bytes, name: str, after: bytes) -> None:
    assert parse(before).without(name).source == after


@pytest.mark.parametrize("make", [Value.array, Value.collection])
def test_an_empty_list_of_felix_is_filled_as_felix_does(make: Callable[[list[str]], Value]) -> None:
    for items in (["x"], ["x", "y z"]):
        filled = parse(write_config({"a": make([])})).with_value("a", make(items))
        assert filled.source == write_config({"a": make(items)})


def test_a_line_added_and_taken_away_again_leaves_no_trace() -> None:
    for data in (b'b="1"\nc="2"\r\nd="3"\r\n', b'b="1"\r\n# c\nd="2"', b'b="1" # c\r\n', WRITTEN_BACK):
        for name in ("a", "b1", "z"):
            assert parse(data).with_value(name, Value.string("x")).without(name).source == data


def test_the_last_property_goes_and_the_line_ends_stay() -> None:
    edited = parse(b'a="1"\r\n').with_values({"a": None, "b": Value.string("2")})
    assert edited.source == b'b="2"\r\n'


def test_several_edits_are_one() -> None:
    before = parse(WRITTEN_BACK)
    together = before.with_values(
        {
            "a.first": Value.string("1"),
            "d.number": None,
            "c.new": Value.string("2"),
            "b.list": Value.array([]),
        }
    )
    one_by_one = (
        before.with_value("a.first", Value.string("1"))
        .without("d.number")
        .with_value("c.new", Value.string("2"))
        .with_value("b.list", Value.array([]))
    )
    assert together.source == one_by_one.source


def test_edits_that_touch_each_other_are_done_one_after_the_other() -> None:
    document = parse(b'a="1"\nb="2"').with_values({"b": None, "c": Value.string("3")})
    assert document.source == b'a="1"\nc="3"'


@pytest.mark.parametrize("name", ["", " a", "a ", "\x01a"])
def test_a_key_that_cannot_be_read_back_is_refused(name: str) -> None:
    with pytest.raises(EditError, match="cannot be written"):
        parse(b'a="1"\n').with_value(name, Value.string("x"))


def test_null_and_an_empty_character_are_refused() -> None:
    for value in (Value.array(["a", None]), Value("Character", Shape.SCALAR, ("",))):
        with pytest.raises(EditError):
            parse(b'a="1"\n').with_value("b", value)


def test_the_error_names_the_file() -> None:
    with pytest.raises(ParseError) as caught:
        parse(b'a="x=y"\n', "config/x.config")
    assert str(caught.value).startswith('config/x.config:1:5: unescaped "=" ends this value')
    assert caught.value.context() == '  a="x=y"\n      ^'


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        (b'a ="x"\n' * 100_000, "blank-around-key", 1),
        (b'\\u0041="1"\n#' + b"c" * 300_000 + b"\nb=1\n", "unquoted-value", 3),
        (b'a="1"\n' * 100_000 + b'b="x=y"\n', "unescaped-equals", 100_001),
        (b'a="' + b"x" * 900_000, "unclosed-quote", 1),
        (b"a=[" + b'"x", ' * 20_000 + b"#", "comment-in-list", 1),
    ],
)
def test_what_is_wrong_is_told_however_much_is_written_before(data: bytes, rule: str, line: int) -> None:
    with pytest.raises(ParseError) as caught:
        parse(data)
    assert (caught.value.rule, caught.value.line) == (rule, line)


def test_huge_files_are_not_read() -> None:
    with pytest.raises(ParseError) as caught:
        parse(b" " * (MAX_BYTES + 1))
    assert caught.value.rule == "too-large"


@pytest.mark.parametrize(
    "data",
    [
        b'"' * 50_000,
        b'a="' + b"\\" * 50_001,
        b"a=[" * 20_000,
        b"#" * 50_000,
        b'a=["x"' * 20_000,
        b"\\u" * 30_000,
        b'a="' + b'\\"' * 500_000,
        b'a="' + b"b\n" * 500_000,
    ],
)
def test_hostile_text_takes_linear_time(data: bytes) -> None:
    with pytest.raises(ParseError):
        parse(data + b"\n\x00=")


_LAYOUT = st.sampled_from(["", "\r\n", "\n", "# c\n", "\n\n", " "])


@given(data=st.data())
def test_an_edit_changes_its_property_only(
    data: st.DataObject,
    dictionaries: st.SearchStrategy[dict[str, Value]],
    any_key: st.SearchStrategy[str],
    any_value: st.SearchStrategy[Value],
) -> None:
    before = data.draw(dictionaries)
    lines = [write_config({name: value}).decode() for name, value in before.items()]
    text = "".join(data.draw(_LAYOUT) + line for line in lines).encode()
    try:
        document = parse(text)
    except ParseError:
        return  # a key that Felix's own writer cannot bring back
    name = data.draw(any_key | st.sampled_from(sorted(before)) if before else any_key)
    value = data.draw(any_value)
    try:
        edited = document.with_value(name, value)
    except EditError:
        return
    assert values_of(edited) == {**values_of(document), name: value}
    # Everything before the first and after the last difference is one span.
    old, new = document.source, edited.source
    start = next(
        (i for i, (x, y) in enumerate(zip(old, new, strict=False)) if x != y), min(len(old), len(new))
    )
    untouched = [p for p in document.properties if p.name != name]
    for found in untouched:
        assert edited[found.name].value == found.value
    assert new[:start] == old[:start]
    assert edited.without(name).with_value(name, value)[name].value == value
    assert edited.with_value(name, value) is edited


_LINES = st.lists(
    st.sampled_from(['a="1"', 'a="2"', 'b=["x"]', "\n", "\n", "\r\n", "# c\n", " "]), max_size=9
)


@given(text=_LINES.map("".join))
def test_every_property_of_any_text_can_be_set_and_removed(text: str) -> None:
    document = parse(text.encode())
    values = values_of(document)
    for name in values:
        assert values_of(document.with_value(name, Value.string("new"))) == {
            **values,
            name: Value.string("new"),
        }
        assert values_of(document.without(name)) == {
            other: value for other, value in values.items() if other != name
        }


@given(data=st.data())
def test_the_canonical_form_is_read_back_and_written_alike(
    data: st.DataObject, dictionaries: st.SearchStrategy[dict[str, Value]]
) -> None:
    """But for keys whose first character Felix takes for something else: its own writer loses them too."""
    before = {
        name: value for name, value in data.draw(dictionaries).items() if not name.startswith(tuple("#[](),"))
    }
    written = write_config(before)
    document = parse(written)
    assert values_of(document) == before
    assert write_config(values_of(document)) == written


@pytest.mark.parametrize("name", ["#a", "[a", "(a", "]a", ")a", ",a"])
def test_an_edit_escapes_a_first_character_that_would_not_be_read_as_a_key(name: str) -> None:
    edited = parse(b'x="1"\n').with_value(name, Value.string("2"))
    assert edited.source == f'x="1"\n\\{name}="2"\n'.encode()


def test_removals_that_overlap_are_done_one_after_the_other() -> None:
    document = parse(b'a="1"\nb="2"')
    assert document.with_values({"b": None, "a": None}).source == b""


def test_an_edited_value_that_is_not_read_back_as_meant_is_refused() -> None:
    with pytest.raises(EditError, match="b: cannot be written so that AEM reads back this value"):
        parse(b'a="1"\n').with_value("b", Value("Float", Shape.SCALAR, (Float32(1, width=64),)))


def test_the_page_on_the_format_shows_what_is_read() -> None:
    page = (ROOT / "docs" / "format.md").read_text("utf-8")
    samples = [block.split("```")[0].lstrip("\n") for block in page.split("```")[1::2]]
    loaded = [
        {name: value.to_json() for name, value in values_of(parse(sample.encode())).items()}
        for sample in samples
    ]
    assert loaded == [
        {"key": "a string", "number": 5, "list": ["one", "two"], "collection": ["one", "two"]},
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('  b="1"\n  c="2"\n', '  a="x"\n  b="1"\n  c="2"\n'),
        ('\tb="1"\r\n', '\tb="1"\r\n\ta="x"\r\n'),
        ('# c\r\n\r\n  b="1"\r\n  c="2"', '# c\r\n\r\n  a="x"\r\n  b="1"\r\n  c="2"'),
        ('  b="1" c="2"', '  b="1" c="2"\na="x"'),
    ],
)
def test_an_added_line_is_indented_as_its_neighbour_and_moves_no_blank_of_it(before: str, after: str) -> None:
    document = grammar.parse(before.encode())
    assert document.with_values({"a": Value.string("x")}).source == after.encode()
