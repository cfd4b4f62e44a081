"""One door for three forms."""

from __future__ import annotations

import doctest
import subprocess
import sys
from collections.abc import Callable

import pytest

import grammar
from grammar import forms
from grammar.values import Value

XML = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" '
    b'xmlns:jcr="http://www.jcp.org/jcr/1.0"\n    jcr:primaryType="sling:OsgiConfig"\n    a="1"/>\n'
)
TEXTS = {"config": b'a="1"\r\n', "cfg.json": b'{\n  "a":"1"\n}', "xml": XML}


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.config", "config"),
        ("a.cfg.json", "cfg.json"),
        ("a.xml", "xml"),
        ("a.json", None),
        ("config", None),
    ],
)
def test_form_of(name: str, form: str | None) -> None:
    assert forms.form_of(name) == form


@pytest.mark.parametrize("form", sorted(TEXTS))
def test_every_form_reads_writes_and_is_modelled(form: str) -> None:
    data = TEXTS[form]
    document = forms.parse(data, form=form)
    assert document.form == form
    assert document.text("a") == "1"
    assert [(node, d.text("a")) for node, d in forms.parse_all(data, form=form)] == [("", "1")]
    for name in (None, f"com.example.A.{form}"):
        loads = forms.load_all(data, form=form, filename=name)
        assert {version: loaded.properties for version, loaded in loads.items()} == {
            version: {"a": Value.string("1")} for version in forms.versions(form)
        }
    assert forms.parse(forms.write({"a": Value.string("1")}, form=form), form=form).text("a") == "1"
    assert list(forms.hazards(document)) == []


@pytest.mark.parametrize("form", sorted(TEXTS))
def test_the_name_tells_the_form(form: str) -> None:
    path = f"apps/x/config/com.example.A-1.{form}"
    assert grammar.parse(TEXTS[form], path).form == form
    assert [document.form for _, document in forms.parse_all(TEXTS[form], path)] == [form]
    assert list(forms.load_all(TEXTS[form], filename=path)) == list(forms.versions(form))
    assert grammar.parse(TEXTS["config"], path, form="config").form == "config"


@pytest.mark.parametrize("read", [grammar.parse, forms.parse_all])
def test_a_name_or_word_that_is_no_form(read: Callable[..., object]) -> None:
    for path in ("x.json", "config", "", "x.config.bak"):
        with pytest.raises(grammar.FormError) as caught:
            read(b'a="1"', path)
        assert str(caught.value).startswith(
            f"{path}: a configuration's name ends in .config, .cfg.json, .xml"
        )
    with pytest.raises(
        grammar.FormError, match=r"'yaml' is no form of a configuration: config, cfg\.json, xml"
    ):
        read(b'a="1"', "x.config", form="yaml")


def test_the_examples_of_the_library() -> None:
    for module in (grammar, forms):
        found = doctest.testmod(module)
        assert (found.failed, found.attempted > 0) == (0, True)


def test_hazards_of_every_form() -> None:
    assert [h.rule for h in forms.hazards(forms.parse(b'a=B"yes"\n'))]
    assert [h.rule for h in forms.hazards(forms.parse(b'{"a:Boolean":"yes"}', form="cfg.json"))]
    xml = XML.replace(b'a="1"', b'a="{Boolean}yes"')
    assert [h.rule for h in forms.hazards(forms.parse(xml, form="xml"))]


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("config", b'a="1"\nb=x\n'),
        ("cfg.json", b'{"a":"1",}'),
        ("xml", XML.replace(b'a="1"', b'a="{Binary}1"')),
    ],
)
def test_an_error_tells_what_is_loaded_instead(form: str, data: bytes) -> None:
    path = f"d/com.example.A.{form}"
    for read in (forms.parse, forms.parse_all):
        with pytest.raises(grammar.ParseError) as caught:
            read(data, path, form=form)
        assert caught.value.path == path
        assert caught.value.loads == forms.load_all(data, form=form, filename=forms.reader_name(path, form))
        assert list(caught.value.loads) == list(forms.versions(form))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.config", b'# what the installer writes\r\na="1"\r\n'),
        ("a.cfg.json", b'{"a": "1", // one\n "b:Integer": 2}'),
        ("a.xml", XML),
    ],
)
def test_no_model_is_loaded_for_a_file_without_a_hazard(name: str, data: bytes) -> None:
    """Linting of one file is measured against an empty start of Python."""
    code = (
        "import sys; from grammar import forms\n"
        f"assert not list(forms.hazards(forms.parse({data!r}, {name!r})))\n"
        "sys.exit(any(name.startswith('lark') or name.endswith('.reader') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_nobody_reads_what_is_too_large() -> None:
    with pytest.raises(grammar.ParseError) as caught:
        grammar.parse(b" " * (5 << 20))
    assert caught.value.loads == {}


@pytest.mark.parametrize(
    ("path", "form", "name"),
    [
        (None, "config", None),
        ("a/b.config", "config", "b.config"),
        ("a/b.cfg.json", "cfg.json", "b.cfg.json"),
        ("a/F/.content.xml", "xml", "F/.content.xml"),
    ],
)
def test_the_name_that_the_readers_go_by(path: str | None, form: str, name: str | None) -> None:
    assert forms.reader_name(path, form) == name


def test_public_names() -> None:
    for name in grammar.__all__:
        assert getattr(grammar, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = grammar.nothing  # type: ignore[attr-defined]


EMPTY = {"config": b"", "cfg.json": b"{}", "xml": XML.replace(b'a="1"', b"")}


@pytest.mark.parametrize("form", sorted(EMPTY))
def test_a_document_without_properties_is_there_all_the_same(form: str) -> None:
    document = forms.parse(EMPTY[form], form=form)
    assert (len(document), list(document), bool(document)) == (0, [], True)


TWICE = {
    "config": b'a="1"\nb\\ c="2"\na="3"\n',
    "cfg.json": b'{"a": "1", "b c:Integer": 2, "a": "3"}',
    "xml": XML.replace(b'a="1"', b'a="1" b_x0020_c="2" d="{Binary}"'),
}


@pytest.mark.parametrize(
    ("form", "names"),
    [("config", ["a", "b c", "a"]), ("cfg.json", ["a", "b c", "a"]), ("xml", ["a", "b c", "d"])],
)
def test_names_of_every_occurrence(form: str, names: list[str]) -> None:
    document = forms.parse(TWICE[form], form=form)
    assert list(document.names) == names
    assert set(document) <= set(names)


def test_several_edits_of_any_form_are_one() -> None:
    document = forms.parse(TEXTS["cfg.json"], form="cfg.json")
    edited = document.with_values({"a": None, "b": Value.string("2")})
    assert list(edited) == ["b"]
    assert document.with_values({}) is document


def test_what_is_behind_an_error_names_the_file() -> None:
    data = b"a=1\nb=2\nc=3\n"
    with pytest.raises(grammar.ParseError) as caught:
        forms.parse(data, "x/F.config")
    errors, documents, loaded = forms.beyond(caught.value, data, "x/F.config")
    assert [str(one).partition(" ")[0] for one in errors] == ["x/F.config:2:3:", "x/F.config:3:3:"]
    assert ([(node, len(document)) for node, document in documents], loaded) == ([("", 0)], [])
    assert forms.beyond(caught.value, data).errors[0].path is None
