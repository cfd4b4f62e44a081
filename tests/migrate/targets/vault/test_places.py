"""Elements of a folder's ``.content.xml`` that give the place of a node with a file of its own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.targets.vault.places import moved
from migrate.targets.vault.spans import XmlError

Run = Callable[..., Any]
Tree = Callable[[Mapping[str, str]], Path]

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0"\n'
FOLDER = f'{HEAD}    jcr:primaryType="sling:OrderedFolder">\n%s</jcr:root>\n'


@pytest.mark.parametrize(
    ("inside", "changes", "expected"),
    [
        ("    <F.1/>\n    <o/>\n", [(("F.1",), "F-1")], "    <F-1/>\n    <o/>\n"),
        ("<F.1 a='1'>\r\n<b/></F.1 ><o/>", [(("F.1",), "F-1")], "<F-1 a='1'>\r\n<b/></F-1 ><o/>"),
        ("    <a/>\n    <F.1/>\n    <b/>\n", [(("F.1",), None)], "    <a/>\n    <b/>\n"),
        ("<a/><F.1></F.1><b/>", [(("F.1",), None)], "<a/><b/>"),
        ("<F.1/><F-1/>", [(("F.1",), "F-1")], "<F-1/>"),
        ("<F.1/><F-1/>", [(("F.1",), "F-1"), (("F-1",), None)], "<F-1/>"),
        ("<F_x007e_1/>", [(("F~1",), None)], ""),
        ("<c><F.1/></c><F.1/>", [(("c", "F.1"), "F-1")], "<c><F-1/></c><F.1/>"),
        ("<F.1/><F.10/>", [(("F.1",), "F-1"), (("F.2",), "F-2"), (("x", "F.1"), "F-1")], "<F-1/><F.10/>"),
        ('<F.1 jcr:primaryType="sling:OsgiConfig"/>', [(("F.1",), "F-1")], None),
        ("", [(("F.1",), "F-1")], None),
    ],
)
def test_places_follow(
    inside: str, changes: list[tuple[tuple[str, ...], str | None]], expected: str | None
) -> None:
    wanted = inside if expected is None else expected
    assert moved((FOLDER % inside).encode(), changes) == (FOLDER % wanted).encode()


def test_what_cannot_be_read_is_an_error() -> None:
    with pytest.raises(XmlError):
        moved(b"<a>", [])


PROVIDER_TEXT = (
    'auth.access.token.request="https://ims-na1.adobelogin.com/ims/exchange/jwt"\n'
    'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
)
NODE = "jcr_root/apps/x/config/.content.xml"
FILES = {
    "jcr_root/apps/x/config/P.1.config": PROVIDER_TEXT,
    "jcr_root/apps/x/config/C.1.config": 'customizer.type="t"\nauth.ims.client.secret="old"\n',
}
PLACES = f"    <a/>\n    <{PROVIDER}.1.config/>\n    <{CUSTOMIZER}.1.config/>\n    <{PROVIDER}.7.config/>\n"


def packed(root: Path) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path in sorted(p for p in root.rglob("*") if p.is_file()):
            archive.writestr(str(path.relative_to(root)), path.read_bytes())
    return data.getvalue()


def test_a_rename_takes_its_place_along(
    slingshift: Run, tree: Tree, tmp_path: Path, oauth_options: list[str]
) -> None:
    above = f"    <config>\n        <{PROVIDER}.1.config/>\n    </config>\n"
    root = tree({**FILES, NODE: FOLDER % PLACES, "jcr_root/apps/x/.content.xml": FOLDER % above})
    target = tmp_path / "package.zip"
    target.write_bytes(packed(root))
    before = target.read_bytes()
    for name in (root, target):
        ended = slingshift("apply", name, *oauth_options, "--yes")
        assert ended.code == 0, ended.err
        assert slingshift("plan", name, *oauth_options).code == 0
    expected = PLACES.replace("provider.1", "provider-1").replace("Impl.1", "Impl-1")
    assert (root / NODE).read_text() == FOLDER % expected
    expected = above.replace("provider.1", "provider-1")
    assert (root / "jcr_root/apps/x/.content.xml").read_text() == FOLDER % expected
    with zipfile.ZipFile(target) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    assert slingshift("undo", "--yes").code == 0
    assert target.read_bytes() == before


def test_a_place_beside_an_element_that_is_ours(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    element = f'    <{CUSTOMIZER}.1 jcr:primaryType="sling:OsgiConfig" customizer.type="t"/>\n'
    text = (FOLDER % f"    <{PROVIDER}.1.config/>\n{element}").replace(
        "xmlns:jcr", 'xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr'
    )
    root = tree({"jcr_root/apps/x/config/P.1.config": PROVIDER_TEXT, NODE: text})
    ended = slingshift("apply", root, *oauth_options, "--yes")
    assert ended.code == 0, ended.err
    after = (root / NODE).read_text()
    assert f"    <{PROVIDER}-1.config/>\n    <{CUSTOMIZER}-1 " in after
    assert 'auth.ims.client.secret="fixture-new-oauth-secret"' in after
    assert slingshift("plan", root, *oauth_options).code == 0


def test_a_folder_node_in_utf_16_follows() -> None:
    def encoded(text: str) -> bytes:
        return (FOLDER % text).replace("UTF-8", "UTF-16").encode("utf-16")

    assert moved(encoded("    <a.1/>\n"), [(("a.1",), "a-ä")]) == encoded("    <a-ä/>\n")


def test_a_name_that_the_encoding_does_not_have() -> None:
    text = (FOLDER % "    <a.1/>\n").replace("UTF-8", "ISO-8859-1")
    with pytest.raises(
        XmlError, match=r"the file is in LATIN-1, which has no U\+4E2D for a name\. Save it as UTF-8"
    ):
        moved(text.encode(), [(("a.1",), "a-中")])


def test_a_folder_node_that_cannot_be_read_stops_its_folder(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    above = "jcr_root/apps/x/.content.xml"
    root = tree({**FILES, above: (FOLDER % PLACES).replace("</jcr:root>", "")})
    ended = slingshift("plan", root, *oauth_options)
    assert ended.code == 3
    assert "jcr_root/apps/x/.content.xml names this node and must follow" in ended.err
    assert ended.out == ""
