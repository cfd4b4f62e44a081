"""One form into another: the same PID, the same values, the comments where there is room, and a name for each loss."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar import forms
from grammar.documents import FORMS
from grammar.pids import Pid
from grammar.platforms import ANY
from grammar.values import Shape, Value
from grammar.xml import names
from migrate.texts import layout
from migrate.texts.converting import conversion, naming
from migrate.texts.converting.conversion import Conversion, Converted
from tests.places import ROOT

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n{}'
    '<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"\n'
    '    jcr:primaryType="{}"'
)
XML = HEAD.format("", "sling:OsgiConfig") + '\n    a="1"/>\n'
SOURCES = {"config": b'a="1"\n', "cfg.json": b'{"a": "1"}', "xml": XML.encode()}
BELOW = "/r/jcr_root/apps/x/config"


def convert(data: bytes | str, path: str, to: str) -> Conversion:
    form = forms.form_of(path)
    assert form is not None
    return conversion.convert(data.encode() if isinstance(data, str) else data, path, form=form, to=to)


def one(data: bytes | str, path: str, to: str) -> Converted:
    (made,) = convert(data, path, to).made
    return made


def kinds(made: Converted) -> list[str]:
    return sorted({loss.kind for loss in made.losses})


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "to", "expected"),
    [
        ("c/com.e.X.config.xml", "cfg.json", "c/com.e.X.cfg.json"),
        ("c/com.e.X.xml", "cfg.json", "c/com.e.X.cfg.json"),
        ("c/com.e.F-x.config.xml", "cfg.json", "c/com.e.F-x.cfg.json"),
        ("c/com.e.F%7ex.cfg.json.xml", "config", "c/com.e.F~x.config"),
        ("c/com.e.X.cfg.json", "xml", "c/com.e.X.xml"),
        ("c/com.e.F~x.cfg.json", "xml", "c/com.e.F%7ex.xml"),
        ("c/com.e.F~a b.cfg.json", "xml", "c/com.e.F%7ea b.xml"),
        ("c/F%7ea b/.content.xml", "cfg.json", "c/F~a b.cfg.json"),
        ("c/F-x.dir/.content.xml", "config", "c/F-x.config"),
        # One extension is taken off: the PID is X.config here.
        ("c/X.config.cfg.json", "xml", "c/X.config.config.xml"),
        ("c/X.config.config.xml", "cfg.json", "c/X.config.cfg.json"),
        # Outside of a repository a percent sign is one.
        ("c/F%7ex.config", "xml", "c/F%257ex.xml"),
        ("c/_a_b.config", "xml", "c/__a_b.xml"),
        ("c/__a_b.xml", "config", "c/_a_b.config"),
        (f"{BELOW}/F%7ex.config", "cfg.json", f"{BELOW}/F~x.cfg.json"),
        (f"{BELOW}/__a_b.config", "cfg.json", f"{BELOW}/__a_b.cfg.json"),
        (f"{BELOW}/__a_b.xml", "cfg.json", f"{BELOW}/__a_b.cfg.json"),
        (f"{BELOW}/F~100%25.xml", "config", f"{BELOW}/F~100%25.config"),
    ],
)
def test_no_configuration_gets_another_pid(path: str, to: str, expected: str) -> None:
    form = forms.form_of(path)
    assert form is not None
    made = one(SOURCES[form], path, to)
    assert made.path == expected
    old, new = naming.node_of(path, form)[1], naming.node_of(made.path, to)[1]
    assert Pid.from_filename(old).pid == Pid.from_filename(new).pid


@given(
    name=st.text(st.sampled_from("aZ09._-~% ü[]{}()+@#"), min_size=1, max_size=12),
    form=st.sampled_from(FORMS),
    to=st.sampled_from(FORMS),
    folder=st.sampled_from(["c", BELOW, ""]),
)
def test_any_name_keeps_its_pid_or_is_refused(name: str, form: str, to: str, folder: str) -> None:
    path = f"{folder}/{name}{naming.EXTENSIONS[form]}".lstrip("/" if not folder else "")
    try:
        where, node = naming.node_of(path, form)
        made = naming.file_for(where, node, to)
    except naming.NamingError:
        return
    assert where == folder
    read = names.node_of(made) if to == "xml" else None
    label = made.rpartition("/")[2] if folder != BELOW else names.repository_name(made.rpartition("/")[2])
    again = read.name if read is not None else label
    assert Pid.from_filename(again).pid == Pid.from_filename(node).pid


def test_a_name_that_makes_no_node_is_refused() -> None:
    with pytest.raises(conversion.ConversionError, match="another node"):
        convert(b'a="1"\n', "c/F-[1].config", "xml")
    with pytest.raises(conversion.ConversionError, match="no name"):
        convert(SOURCES["xml"], ".content.xml", "config")


# --- folders ------------------------------------------------------------------------------------------------------


def test_each_element_of_a_folders_node_becomes_a_file() -> None:
    text = (
        HEAD.format("", "sling:Folder")
        + ">\n"
        + '    <com.e.A jcr:primaryType="sling:OsgiConfig" a="1"/>\n'
        + "    <!-- about F -->\n"
        + '    <com.e.F_x007e_x jcr:primaryType="sling:OsgiConfig" a="2"><!-- lost --></com.e.F_x007e_x>\n'
        + "    <com.e.other/>\n"
        + '    <sub jcr:primaryType="sling:Folder"><com.e.G jcr:primaryType="sling:OsgiConfig" a="3"/></sub>\n'
        + "</jcr:root>\n"
    )
    found = convert(text, f"{BELOW}/.content.xml", "cfg.json")
    assert [(made.path, kinds(made), made.alone) for made in found.made] == [
        (f"{BELOW}/com.e.A.cfg.json", [], f"{BELOW}/com.e.A.xml"),
        (f"{BELOW}/com.e.F~x.cfg.json", ["comments"], f"{BELOW}/com.e.F~x.xml"),
        (f"{BELOW}/sub/com.e.G.cfg.json", [], f"{BELOW}/sub/com.e.G.xml"),
    ]
    assert [made.data for made in found.made] == [b'{\n  "a":"%d"\n}' % number for number in (1, 2, 3)]
    assert found.rest is not None
    assert found.rest.decode() == (
        HEAD.format("", "sling:Folder")
        + ">\n    <!-- about F -->\n    <com.e.other/>\n"
        + '    <sub jcr:primaryType="sling:Folder"></sub>\n</jcr:root>\n'
    )


@pytest.mark.parametrize(
    ("folder", "is_one"), [("config", False), ("config.author", False), ("config/F-1", True)]
)
def test_a_folder_that_aem_watches_is_no_configuration_itself(folder: str, is_one: bool) -> None:
    path = f"/r/jcr_root/apps/x/{folder}/.content.xml"
    if is_one:
        assert one(XML, path, "cfg.json").path == f"{BELOW}/F-1.cfg.json"
        assert layout.formatted(XML.encode(), path, form="xml")
        return
    with pytest.raises(
        conversion.ConversionError, match="no configuration itself; give its properties a file"
    ):
        convert(XML, path, "cfg.json")
    with pytest.raises(layout.LayoutError, match="no configuration itself; left alone"):
        layout.formatted(XML.encode(), path, form="xml")


# --- comments -----------------------------------------------------------------------------------------------------

COMMENTED = '# head\n\na="1" \n#above b\n  # and\nb=I"2"\n# tail\n'


def test_comments_go_from_config_to_json_and_back() -> None:
    made = one(COMMENTED, "F.config", "cfg.json")
    assert made.losses == ()
    assert made.data.decode() == (
        '// head\n{\n  "a":"1",\n  //above b\n  // and\n  "b:Integer":2\n  // tail\n}'
    )
    again = one(made.data, "F.cfg.json", "config")
    assert again.losses == ()
    assert again.data.decode() == '# head\r\na="1"\r\n#above b\r\n# and\r\nb=I"2"\r\n# tail\r\n'


def test_comments_of_json_of_all_kinds() -> None:
    text = '/*\n * Licence\n *   two\n */\n{ // first\n "u":"http://x", // behind u\n /*b*/ "b": 2 // end\n}\n// tail'
    made = one(text, "F.cfg.json", "config")
    assert made.data.decode() == (
        '# Licence\r\n#   two\r\n# first\r\n#b\r\n# end\r\nb=L"2"\r\n# behind u\r\nu="http://x"\r\n# tail\r\n'
    )
    assert made.losses == ()


def test_xml_has_room_for_the_head_only() -> None:
    made = one('# who -- what-\na="1"\n', "F.config", "xml")
    assert made.data.decode().split("\n")[1] == "<!-- who - - what- -->"
    assert made.losses == ()
    assert kinds(one(COMMENTED, "F.config", "xml")) == ["comments", "integer"]
    assert b"<!-- head -->" in one(COMMENTED, "F.config", "xml").data


def test_comments_of_xml_stand_at_the_head() -> None:
    text = HEAD.format('<!--\n  ~ It\'s "so"\n  -->\n', "sling:OsgiConfig") + '\n    a="1"/>\n<!-- end -->\n'
    made = one(text, "F.xml", "cfg.json")
    assert made.data.decode() == '// It\'s "so"\n// end\n{\n  "a":"1"\n}'
    assert made.losses == ()


def test_a_comment_that_would_be_in_a_readers_way_is_lost_and_named() -> None:
    text = '# http://x\nc="x\\\\"\n#b\nd="1"\n'
    (made,) = conversion.convert(text.encode(), "F.config", form="config", to="cfg.json", platform=ANY).made
    assert kinds(made) == ["comments"]
    assert b"//" not in made.data
    assert kinds(one(text, "F.config", "cfg.json")) == []
    # Too long a head, and FileVault does not see that this is a configuration.
    long = one("".join(f"# {'x' * 80}\n" for _ in range(20)) + 'a="1"\n', "F.config", "xml")
    assert kinds(long) == ["comments"]
    assert b"xxx" not in long.data


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=8), max_size=4))
def test_comments_change_no_value(lines: list[str]) -> None:
    source = "".join(f"#{line}\n" for line in lines) + 'a="1"\nb=["1","2"]\n'
    for to in ("cfg.json", "xml"):
        made = one(source, "F.config", to)
        found = forms.parse(made.data, made.path, form=to)
        assert {p.name: p.value.items for p in found.properties} == {"a": ("1",), "b": ("1", "2")}


# --- losses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a=L"1"\n', []),
        ('a=I"1"\n', ["integer"]),
        ('a=S["1"]\n', ["integer"]),
        ('a=F"1"\n', ["float"]),
        ('a=C"x"\n', ["character"]),
        ('a=("x")\n', ["collection"]),
        ('a=I("1")\n', ["collection", "integer"]),
        ("a=[]\n", []),
        ("a=L[]\n", ["empty"]),
        ('a=("x")\nb=( )\n', ["collection", "empty"]),
        ('a="1"\na="2"\n', ["duplicate"]),
        ('a="1"\n#x\nb=I"1"\n', ["comments", "integer"]),
    ],
)
def test_each_loss_has_its_kind(text: str, expected: list[str]) -> None:
    made = one(text, "F.config", "xml")
    assert kinds(made) == expected
    assert set(expected) <= set(conversion.KINDS)


def test_what_stands_beside_the_properties_in_xml_is_named() -> None:
    text = HEAD.format("", "sling:OsgiConfig") + ' jcr:title="t" a="1"><child/></jcr:root>\n'
    made = one(text, "F.xml", "config")
    assert [loss.text for loss in made.losses] == [
        "instructions or child nodes",
        "attributes of other namespaces",
    ]
    assert kinds(made) == ["node"]


def test_a_double_that_reads_back_as_a_long_is_named() -> None:
    made = one('a=D"4715268809856909312"\n', "F.config", "cfg.json")
    assert [(loss.kind, loss.text) for loss in made.losses] == [("type", "a: Double is read back as Long")]


def test_values_are_the_same_in_every_form() -> None:
    values = {"a": Value.string("x"), "b": Value("Long", Shape.ARRAY, (1, 2)), "c": Value.boolean(True)}
    for form in FORMS:
        data = forms.write(values, form=form)
        for to in FORMS:
            if to != form:
                made = one(data, f"F{naming.EXTENSIONS[form]}", to)
                found = forms.parse(made.data, form=to)
                assert {p.name: p.value for p in found.properties} == values


def test_the_schema_knows_every_kind() -> None:
    schema = json.loads((ROOT / "docs" / "schema" / "convert.schema.json").read_text())
    kinds = schema["properties"]["files"]["items"]["properties"]["kinds"]["items"]["enum"]
    assert kinds == sorted(conversion.KINDS)
    described = (ROOT / "docs" / "lint.md").read_text()
    assert [kind for kind in conversion.KINDS if f"`{kind}`" not in described] == []


@pytest.mark.parametrize("to", ["cfg.json", "xml"])
def test_a_mark_that_is_glued_to_a_key_is_not_buried(to: str) -> None:
    with pytest.raises(conversion.ConversionError, match="byte order mark is a part of its first key"):
        conversion.convert(b'\xef\xbb\xbfb="x"\n', "com.e.F.config", form="config", to=to)
