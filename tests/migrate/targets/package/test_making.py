"""Packages made from nothing: what a manager reads of them, and that the same content is the same bytes."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

from migrate.targets.package.making import Content, make
from migrate.targets.vault import filter as filters
from migrate.targets.vault.files import package_id

CONTENT = Content(
    {"apps/system/config/F-1.config": b'a="b"\r\n', "apps/x/config/G%7e2.cfg.json": b"{}"},
    ("/apps/system/config/F-1.config", "/apps/system/config/F.1.config", "/apps/x/config/G~2.cfg.json"),
)


def entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def test_content() -> None:
    found = entries(make(CONTENT, "name", "what & why"))
    assert found["jcr_root/apps/system/config/F-1.config"] == b'a="b"\r\n'
    assert found["jcr_root/apps/x/config/G%7e2.cfg.json"] == b"{}"
    identity = package_id(found["META-INF/vault/properties.xml"])
    assert identity is not None
    assert (identity.group, identity.name) == ("slingshift", "name")
    roots = ElementTree.fromstring(found["META-INF/vault/filter.xml"]).findall("filter")
    assert [root.get("root") for root in roots] == list(CONTENT.roots)
    assert next(iter(found)) == "META-INF/MANIFEST.MF"


def test_our_own_reader_takes_the_filter() -> None:
    found = entries(make(CONTENT, "name", ""))
    parsed = filters.Filter.parse(found["META-INF/vault/filter.xml"])
    assert [root.path for root in parsed.roots] == list(CONTENT.roots)


def test_the_manifest_is_folded_as_java_wants_it() -> None:
    text = entries(make(CONTENT, "name", ""))["META-INF/MANIFEST.MF"]
    lines = text.split(b"\r\n")
    assert max(map(len, lines)) <= 72
    unfolded = text.replace(b"\r\n ", b"").decode()
    assert f"Content-Package-Roots: {','.join(CONTENT.roots)}\r\n" in unfolded


def test_the_same_content_is_the_same_bytes_and_another_is_another_version() -> None:
    again = Content(dict(reversed(CONTENT.files.items())), CONTENT.roots)
    assert make(CONTENT, "n", "") == make(again, "n", "")
    other = CONTENT._replace(files={**CONTENT.files, "apps/system/config/F-1.config": b"x"})
    ids = [
        package_id(entries(make(one, "n", ""))["META-INF/vault/properties.xml"]) for one in (CONTENT, other)
    ]
    assert ids[0] != ids[1]


def test_nothing_but_deletions_is_a_package_all_the_same() -> None:
    found = entries(make(Content({}, ("/apps/x/config/F.1.config",)), "n", ""))
    assert found["jcr_root/"] == b""
