"""MANIFEST.MF, the definition and properties.xml of a package."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.targets.errors import PackageError
from migrate.targets.vault.files import (
    PackageId,
    definition_follow,
    manifest_follow,
    package_id,
    reinstall_problem,
)

OLD = "/apps/x/config/com.example.F.123.config"
NEW = "/apps/x/config/com.example.F-123.config"


def test_manifest_lists_the_new_root_beside_the_old_one() -> None:
    other_section = b"\r\n\r\nName: x\r\nContent-Package-Roots: " + OLD.encode() + b"\r\n"
    before = (
        b"Manifest-Version: 1.0\r\n"
        b"Content-Package-Roots: /apps/y,/apps/x/config/com.example.F.123.config,/\r\n"
        b" apps/z\r\n"
        b"Content-Package-Type: mixed" + other_section
    )
    after = (
        b"Manifest-Version: 1.0\r\n"
        b"Content-Package-Roots: /apps/y,/apps/x/config/com.example.F.123.config,/\r\n"
        b" apps/x/config/com.example.F-123.config,/apps/z\r\n"
        b"Content-Package-Type: mixed" + other_section
    )
    assert manifest_follow(before, OLD, NEW) == after
    assert manifest_follow(after, OLD, NEW) == after


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"Manifest-Version: 1.0\r\n\r\n",
        b"Content-Package-Roots: /apps/x\r\n\r\n",
        b"Content-Package-Roots: /apps/x,\r\n /apps/\xff\r\n\r\n",
        b"X-Content-Package-Roots: " + OLD.encode() + b"\r\n\r\n",
        b"\r\nContent-Package-Roots: " + OLD.encode(),
        b"Content-Package-Roots: " + OLD.encode() + b"," + NEW.encode(),
        b"Content-Package-Roots: " + OLD.encode() + b"x",
    ],
)
def test_a_manifest_that_names_no_root_of_ours_stays(text: bytes) -> None:
    assert manifest_follow(text, OLD, NEW) == text


@pytest.mark.parametrize("line_break", [b"\r\n", b"\n", b"\r"])
def test_manifest_keeps_its_line_breaks(line_break: bytes) -> None:
    before = b"A: b" + line_break + b"content-package-roots: /a/F.1" + line_break
    after = b"A: b" + line_break + b"content-package-roots: /a/F.1,/a/F-1" + line_break
    assert manifest_follow(before, "/a/F.1", "/a/F-1") == after


def test_a_manifest_line_alone_is_folded_as_the_specification_says() -> None:
    after = manifest_follow(b"Content-Package-Roots: /a", "/a", "/" + "b" * 100)
    assert after == b"Content-Package-Roots: /a,/" + b"b" * 45 + b"\r\n " + b"b" * 55


@given(
    st.lists(
        st.text(st.characters(exclude_characters=",\r\n", exclude_categories=("Cs",)), max_size=30),
        max_size=8,
    )
)
def test_folded_lines_are_short_and_read_back(names: list[str]) -> None:
    roots = [f"/{name.strip()}" for name in names]
    line = b"Content-Package-Roots: " + ",".join([*roots, "/old"]).encode()
    after = manifest_follow(line + b"\r\n\r\n", "/old", "/ü-new")
    lines = after.removesuffix(b"\r\n\r\n").split(b"\r\n")
    assert all(len(part) <= 72 for part in lines)
    for part in lines:
        part.decode("utf-8")
    value = lines[0] + b"".join(part.removeprefix(b" ") for part in lines[1:])
    expected = [
        twin for root in [*roots, "/old"] for twin in ((root, "/ü-new") if root == "/old" else (root,))
    ]
    below = any(root.startswith("/old/") for root in roots)
    if roots.count("/old") == 0 and not below:
        assert value.decode().removeprefix("Content-Package-Roots: ").split(",") == expected


DEFINITION = """<?xml version="1.0" encoding="UTF-8"?>
<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:vlt="http://www.day.com/jcr/vault/1.0"
    jcr:primaryType="vlt:PackageDefinition">
    <thumbnail.png/>
    <filter jcr:primaryType="nt:unstructured">
        <f0
            jcr:primaryType="nt:unstructured"
            mode="replace"
            root="/apps/x/config/com.example.F.123.config"
            rules="[]"/>
        <f1 jcr:primaryType="nt:unstructured" root="/apps/y"></f1>
    </filter>
</jcr:root>
"""


def test_definition_gets_a_node_for_the_new_root() -> None:
    after = definition_follow(DEFINITION.encode(), OLD, NEW).decode()
    node = DEFINITION[DEFINITION.index("<f0") : DEFINITION.index("/>\n        <f1") + 2]
    twin = node.replace("<f0", "<f2").replace(OLD, NEW)
    assert after == DEFINITION.replace(node, f"{node}\n        {twin}")
    assert definition_follow(after.encode(), OLD, NEW).decode() == after


def test_a_definition_node_with_an_end_tag_is_copied_with_it() -> None:
    after = definition_follow(DEFINITION.encode(), "/apps/y", "/apps/<z>").decode()
    assert '<f2 jcr:primaryType="nt:unstructured" root="/apps/&lt;z>"></f2>\n    </filter>' in after


def test_a_definition_that_names_no_root_of_ours_stays() -> None:
    for text in (DEFINITION, "<a/>", "<a><filter/></a>"):
        assert definition_follow(text.encode(), "/apps/other", "/apps/new") == text.encode()


def properties(*entries: str) -> bytes:
    head = '<?xml version="1.0" encoding="utf-8" standalone="no"?>\n'
    doctype = '<!DOCTYPE properties SYSTEM "http://java.sun.com/dtd/properties.dtd">\n'
    return f"{head}{doctype}<properties><comment>x</comment>{''.join(entries)}</properties>".encode()


def entry(key: str, value: str) -> str:
    return f'<entry key="{key}">{value}</entry>'


def test_package_id() -> None:
    data = properties(
        entry("name", "n &amp; m"), entry("group", "g"), entry("version", "1.0"), entry("x", "y")
    )
    found = package_id(data)
    assert found == PackageId("g", "n & m", "1.0")
    assert str(found) == "g:n & m:1.0"
    assert package_id(properties(entry("name", "n"))) == PackageId("", "n", "")
    assert str(PackageId("", "n", "")) == "n"
    assert package_id(properties(entry("group", "g"))) is None


def test_properties_with_an_internal_subset_are_refused() -> None:
    data = properties(entry("name", "&e;")).replace(b'.dtd">', b".dtd\" [<!ENTITY e 'x'>]>")
    with pytest.raises(PackageError, match="may define entities, which are not expanded") as caught:
        package_id(data)
    assert caught.value.rule == "xml-doctype"


def test_reinstall_problem() -> None:
    install = "jcr_root/apps/x/install/inner-1.0.zip"
    problem = reinstall_problem(install, PackageId("g", "inner", "1.0"))
    assert problem is not None
    assert problem.rule == "package-same-version"
    assert problem.message == (
        "g:inner:1.0 is installed by the Sling installer, which ignores a package whose version it has installed "
        "before: give it a new version in META-INF/vault/properties.xml, or install it by hand"
    )
    unknown = reinstall_problem(install, None)
    assert unknown is not None
    assert unknown.message.startswith("inner-1.0.zip is installed by")
    assert reinstall_problem(install, PackageId("g", "inner", "1.0-SNAPSHOT")) is None
    assert reinstall_problem("jcr_root/etc/packages/g/sub.zip", PackageId("g", "sub", "1.0")) is None


@given(st.binary(max_size=60), st.sampled_from([b"", DEFINITION.encode(), properties(entry("name", "n"))]))
def test_any_bytes_are_read_or_refused(data: bytes, base: bytes) -> None:
    for text in (data, base + data, base[:50] + data + base[50:]):
        manifest_follow(text, OLD, NEW)
        for read in (package_id, lambda found: definition_follow(found, OLD, NEW)):
            try:
                read(text)
            except PackageError:
                continue
