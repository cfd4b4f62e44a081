"""`fmt --eol`: the layout of AEM's writers with line ends of one's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar import ParseError, forms
from grammar.values import Value
from migrate.texts import layout

CONFIG = b'# head\nb=["1","2"]\na="1"\n'
JSON = b'{"b":["1","2"],"a":"x"}'
XML = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"\n'
    b'  jcr:primaryType="sling:OsgiConfig" b="[1,2]" a="x"/>\n'
)
FILES = {"config": CONFIG, "cfg.json": JSON, "xml": XML}


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize(
    ("eol", "first", "expected"),
    [
        (None, b"\n", None),
        (None, b"\r\n", None),
        ("lf", b"\r\n", b"\n"),
        ("crlf", b"\n", b"\r\n"),
        ("keep", b"\n", b"\n"),
        ("keep", b"\r\n", b"\r\n"),
    ],
)
def test_line_ends(form: str, eol: str | None, first: bytes, expected: bytes | None) -> None:
    data = FILES[form].replace(b"\n", first)
    canonical = layout.formatted(FILES[form], "F", form=form)
    result = layout.formatted(data, "F", form=form, eol=eol)
    if expected is None or (eol == "keep" and b"\n" not in data):
        assert result == canonical
        return
    assert result.replace(b"\r\n", b"\n") == canonical.replace(b"\r\n", b"\n")
    assert result.count(b"\r") == (result.count(b"\n") if expected == b"\r\n" else 0)
    assert layout.formatted(result, "F", form=form, eol=eol) == result


@given(
    st.sampled_from(layout.forms.FORMS),
    st.dictionaries(
        st.sampled_from("abcd"), st.text(st.sampled_from("a\r\n\t\\ =é"), max_size=6), min_size=1
    ),
    st.sampled_from(["lf", "crlf", "keep"]),
)
def test_no_value_changes(form: str, texts: dict[str, str], eol: str) -> None:
    data = forms.write({name: Value.string(text) for name, text in texts.items()}, form=form)
    try:
        result = layout.formatted(data, "F", form=form, eol=eol)
    except layout.LayoutError:
        return
    assert {p.name: p.value.text for p in forms.parse(result, form=form).properties} == texts


def test_the_comments_of_a_cfg_json_stay() -> None:
    data = (
        b"// head\n{ // first\n  /* above b,\n   * at length */\n"
        b'  "b": ["1", // one\n "http://x"], // behind b\n  "a:Integer": /* amid a */ 5\n  // last\n}\n'
    )
    once = layout.formatted(data, "F.cfg.json", form="cfg.json")
    assert once == (
        b"// head\n{\n  // first\n  // above b,\n  // at length\n  // one\n  // behind b\n"
        b'  "b":[\n    "1",\n    "http://x"\n  ],\n  // amid a\n  "a:Integer":5\n  // last\n}'
    )
    assert layout.formatted(once, "F.cfg.json", form="cfg.json") == once


def test_a_comment_that_would_be_in_the_way_of_a_reader_leaves_the_file_alone() -> None:
    data = b'{"a":"C:\\\\"\n// b\n}'
    with pytest.raises(ParseError, match="ends of strings and comments"):
        layout.formatted(data, "F.cfg.json", form="cfg.json")
    with pytest.raises(layout.LayoutError, match="not UTF-8"):
        layout.formatted(b'{"a":"\xff"}', "F.cfg.json", form="cfg.json")


def test_an_empty_array_in_xml_is_laid_out() -> None:
    data = FILES["xml"].replace(b"[1,2]", b"[]")
    assert b'b="[]"' in layout.formatted(data, "F.xml", form="xml")


@pytest.mark.parametrize("text", ['b="x"\r\na="y"\r\n', '# head\r\nb="x"\r\n'])
def test_a_mark_that_is_glued_to_a_key_is_not_buried(text: str) -> None:
    with pytest.raises(
        layout.LayoutError, match="byte order mark is a part of its first key; `slingshift lint --fix`"
    ):
        layout.formatted(b"\xef\xbb\xbf" + text.encode(), "com.e.F.config", form="config")
