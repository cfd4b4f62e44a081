"""What real FileVault versions make of a package's names, companions and timestamps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.live

Build = Callable[..., bytes]
CONFIG = "/apps/x/config"
OLD = f"{CONFIG}/com.example.F.123.config"
NEW = f"{CONFIG}/com.example.F-123.config"
COMPANION = b"""<?xml version="1.0" encoding="UTF-8"?>
<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:nt="http://www.jcp.org/jcr/nt/1.0"
    jcr:primaryType="nt:file">
    <jcr:content
        jcr:lastModified="{Date}2020-01-02T03:04:05.678Z"
        jcr:mimeType="text/x-osgi"
        jcr:primaryType="nt:resource"/>
</jcr:root>
"""
CONFIG_NODE = b"""<?xml version="1.0" encoding="UTF-8"?>
<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"
    jcr:primaryType="sling:OsgiConfig"
    p="%s"/>
"""


def test_companion_is_renamed_with_its_file(vault: Any, package: Build) -> None:
    before = package({OLD[1:]: b"a=1", f"{OLD[1:]}.dir/.content.xml": COMPANION})
    after = package({NEW[1:]: b"a=2", f"{NEW[1:]}.dir/.content.xml": COMPANION})
    found = vault.run(before, after)
    assert found.files() == {NEW: b"a=2"}
    assert found.nodes[NEW]["content"]["jcr:mimeType"]["values"] == ["text/x-osgi"]


def test_companion_left_behind_rolls_the_import_back(vault: Any, package: Build) -> None:
    before = package({OLD[1:]: b"a=1", f"{OLD[1:]}.dir/.content.xml": COMPANION})
    after = package({NEW[1:]: b"a=2", f"{OLD[1:]}.dir/.content.xml": COMPANION})
    found = vault.run(before, after)
    assert "jcr:data" in found.imports[1]["exception"]
    assert found.files() == {OLD: b"a=1"}


@pytest.mark.parametrize(
    ("entry", "root", "node"),
    [
        ("F%7e1.config", "F~1.config", "F~1.config"),
        ("F%7e1.config", "F%7e1.config", None),
        ("F~1.xml", "F~1", "F~1"),
        ("F~1.xml", "F~1.xml", None),
    ],
)
def test_filter_root_is_a_repository_path(
    vault: Any, package: Build, entry: str, root: str, node: str | None
) -> None:
    data = CONFIG_NODE % b"x" if entry.endswith(".xml") else b"a=1"
    found = vault.run(package({f"{CONFIG[1:]}/{entry}": data}, filters=f'<filter root="{CONFIG}/{root}"/>'))
    names = {path.rsplit("/", 1)[1] for path in found.nodes if path.startswith(f"{CONFIG}/")}
    assert names == ({node} if node else set())


def test_only_changed_content_gets_a_new_time(vault: Any, package: Build) -> None:
    # The installer notices an nt:file by jcr:lastModified; zip times and the companion's value do not matter.
    first = {OLD[1:]: b"a=1", f"{OLD[1:]}.dir/.content.xml": COMPANION, NEW[1:]: b"b=1"}
    once = vault.run(package(first))
    edited = vault.run(package(first), package({**first, NEW[1:]: b"b=2"}))
    assert edited.nodes[NEW]["modified"] > once.nodes[NEW]["modified"]
    assert edited.data(NEW) == b"b=2"
    assert edited.nodes[OLD]["modified"] == 1577934245678


def test_export_and_import_are_inverse(vault: Any, package: Build) -> None:
    files = {OLD[1:]: b"a=1", f"{CONFIG[1:]}/F~1.xml": CONFIG_NODE % b"\\{x} \xc3\xa4 &quot; \\\\"}
    once = vault.run(package(files), export=True)
    entries = {name.removeprefix("jcr_root/"): data for name, data in once.exported.items()}
    again = vault.run(package(entries), export=True)
    assert again.exported == once.exported
    assert again.nodes[f"{CONFIG}/F~1"]["dictionary"] == {"p": {"type": "String", "values": ['{x} ä " \\']}}


def test_package_manager_imports_alike(vault: Any, package: Build) -> None:
    # Upload and install, as the package manager of AEM does, against the plain importer of the other tests.
    both = (package({OLD[1:]: b"a=1"}), package({NEW[1:]: b"a=2"}))
    assert vault.run(*both, manager=True).files() == vault.run(*both).files() == {NEW: b"a=2"}
