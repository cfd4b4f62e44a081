"""Several configurations in one file: what changes is the elements concerned, and nothing beside them."""

from __future__ import annotations

import pytest

from grammar.errors import EditError, ParseError
from grammar.values import Value
from grammar.xml import document as xml_document
from grammar.xml import names as xml_names
from grammar.xml.folders import nodes as xml_nodes
from grammar.xml.folders.nodes import Node

PATH = "apps/x/config/.content.xml"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"\n'
    '    jcr:primaryType="sling:Folder">'
)
FIRST = '<a.F.1\n        jcr:primaryType="sling:OsgiConfig"\n        name="x"\n        number="{Long}5"/>'
SECOND = (
    '<a.G_x007e_1 jcr:primaryType="sling:OsgiConfig" name="y">\n'
    '        <a.G_x007e_1 jcr:primaryType="nt:unstructured"/>\n'
    "    </a.G_x007e_1 >"
)
FILE = f"{HEAD}\n    {FIRST}\n    <!-- between -->\n    {SECOND}\n    <order/>\n</jcr:root>\n"


def documents(text: str) -> dict[str, xml_document.XmlDocument]:
    return dict(xml_document.configurations(text.encode(), PATH))


def rewritten(text: str, nodes: dict[str, Node | None]) -> str:
    return xml_nodes.rewritten(text.encode(), PATH, nodes)[0].decode()


def test_nothing_to_do_changes_nothing() -> None:
    assert rewritten(FILE, {}) == FILE
    kept = {name: Node(document, name) for name, document in documents(FILE).items()}
    assert list(kept) == ["a.F.1", "a.G~1"]
    assert rewritten(FILE, dict(kept)) == FILE


def test_both_edited_and_one_renamed() -> None:
    found = documents(FILE)
    first = found["a.F.1"].with_value("name", Value.string("new")).with_value("more", Value.string("1"))
    second = found["a.G~1"].with_value("name", Value.string("<z>"))
    result = rewritten(FILE, {"a.F.1": Node(first, "a.F-1"), "a.G~1": Node(second, "a.G~1")})
    assert result == FILE.replace("a.F.1", "a.F-1").replace('"x"', '"new"').replace(
        '"{Long}5"', '"{Long}5"\n        more="1"'
    ).replace('"y"', '"&lt;z>"')


def test_a_renamed_element_keeps_its_children_and_its_end_tag() -> None:
    node = Node(documents(FILE)["a.G~1"], "a.G-1")
    expected = FILE.replace('<a.G_x007e_1 jcr:primaryType="sling', '<a.G-1 jcr:primaryType="sling').replace(
        "</a.G_x007e_1 >", "</a.G-1 >"
    )
    assert rewritten(FILE, {"a.G~1": node}) == expected


def test_a_name_that_xml_does_not_have() -> None:
    node = Node(documents(FILE)["a.F.1"], "1 ~")
    result = rewritten(FILE, {"a.F.1": node})
    assert "<_x0031__x0020__x007e_\n" in result
    assert list(documents(result)) == ["1 ~", "a.G~1"]


def test_removing_takes_the_line() -> None:
    assert rewritten(FILE, {"a.F.1": None}) == FILE.replace(f"    {FIRST}\n", "")
    assert rewritten(FILE, {"a.G~1": None}) == FILE.replace(f"    {SECOND}\n", "")
    assert rewritten(FILE, {"a.F.1": None, "a.G~1": None}) == FILE.replace(f"    {FIRST}\n", "").replace(
        f"    {SECOND}\n", ""
    )


def test_removing_leaves_what_shares_the_line() -> None:
    text = f"{HEAD}{FIRST} <!-- k --></jcr:root>"
    assert rewritten(text, {"a.F.1": None}) == f"{HEAD} <!-- k --></jcr:root>"
    text = f"{HEAD}\n<!-- k -->{FIRST}\n</jcr:root>"
    assert rewritten(text, {"a.F.1": None}) == f"{HEAD}\n<!-- k -->\n</jcr:root>"


def test_deeper_elements_keep_their_folder() -> None:
    text = f'{HEAD}\n<sub jcr:primaryType="sling:Folder">{FIRST}</sub>\n</jcr:root>'
    found = documents(text)
    result = rewritten(text, {"sub/a.F.1": Node(found["sub/a.F.1"], "a.F-1")})
    assert list(documents(result)) == ["sub/a.F-1"]
    assert result == text.replace("a.F.1", "a.F-1")


def test_line_ends_and_encodings_stay() -> None:
    text = FILE.replace("\n", "\r\n").replace("UTF-8", "ISO-8859-1").replace("between", "\xe9")
    data = text.encode("latin-1")
    found = dict(xml_document.configurations(data, PATH))
    edited = found["a.F.1"].with_value("more", Value.string("\xfc"))
    result, documents = xml_nodes.rewritten(data, PATH, {"a.F.1": Node(edited, "a.F-1")})
    expected = text.replace("a.F.1", "a.F-1").replace('5"/>', '5"\r\n        more="\xfc"/>')
    assert result == expected.encode("latin-1")
    assert [(name, document.source) for name, document in documents] == [("a.F-1", result), ("a.G~1", result)]


def test_a_name_that_the_encoding_lacks() -> None:
    data = FILE.replace("UTF-8", "US-ASCII").encode()
    node = Node(dict(xml_document.configurations(data, PATH))["a.F.1"], "\u4e2d")
    with pytest.raises(EditError, match="cannot be written so that AEM reads it back"):
        xml_nodes.rewritten(data, PATH, {"a.F.1": node})


def test_a_result_that_is_not_what_was_meant_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    node = Node(documents(FILE)["a.F.1"], "a.F-1")
    monkeypatch.setattr(xml_names, "encode", lambda name: "other")
    with pytest.raises(EditError, match="reads back the same nodes"):
        rewritten(FILE, {"a.F.1": node})


@pytest.mark.parametrize("path", [PATH, None])
def test_a_broken_file_is_an_error_with_its_path(path: str | None) -> None:
    with pytest.raises(ParseError) as caught:
        xml_document.configurations(FILE.replace("</jcr:root>", "").encode(), path)
    assert caught.value.path == path
