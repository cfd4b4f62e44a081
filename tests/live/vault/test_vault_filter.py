"""filter.xml as real FileVault versions apply it: what a rename or an edited value makes of a repository."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.live

OLD = "/apps/x/config/com.example.F.123.config"
NEW = "/apps/x/config/com.example.F-123.config"
OTHER = "/apps/x/config/com.example.G.config"
BEFORE = b'a="before"\n'
AFTER = b'a="after"\n'
OLD_ROOT = f'<filter root="{OLD}"/>'
NEW_ROOT = f'<filter root="{NEW}"/>'
LOST: dict[str, bytes] = {}

FOLDER_ROOT = '<filter root="/apps/x/config">{}</filter>'
OLD_PATTERN = r"/apps/x/config/com\.example\.F\.123\.config(/.*)?"
NEW_PATTERN = r"/apps/x/config/com\.example\.F-123\.config(/.*)?"

# What stands there after the package with the old name and then the one with the new name were installed.
RENAMES = {
    "folder root": ('<filter root="/apps/x"/>', {NEW: AFTER}),
    "stale file root": (OLD_ROOT, LOST),
    "root replaced": (NEW_ROOT, {OLD: BEFORE, NEW: AFTER}),
    "both roots": (OLD_ROOT + NEW_ROOT, {NEW: AFTER}),
    "stale include": (FOLDER_ROOT.format(f'<include pattern="{OLD_PATTERN}"/>'), LOST),
    "include replaced": (
        FOLDER_ROOT.format(f'<include pattern="{NEW_PATTERN}"/>'),
        {OLD: BEFORE, NEW: AFTER},
    ),
    "include added": (
        FOLDER_ROOT.format(f'<include pattern="{OLD_PATTERN}"/><include pattern="{NEW_PATTERN}"/>'),
        {NEW: AFTER},
    ),
    # Patterns are asked of the root and of its direct children only: a folder between that no pattern matches
    # is left out with all that is below it.
    "include below a folder that is not included": (
        f'<filter root="/apps/x"><include pattern="{OLD_PATTERN}"/><include pattern="{NEW_PATTERN}"/></filter>',
        {OLD: BEFORE},
    ),
    # ... and a folder that is included brings everything below it, excluded or not. An exclude only protects
    # what stands in the repository from being deleted.
    "exclude of the old name": (
        f'<filter root="/apps/x"><exclude pattern="{OLD_PATTERN}"/></filter>',
        {OLD: BEFORE, NEW: AFTER},
    ),
    "exclude of the new name": (
        f'<filter root="/apps/x"><exclude pattern="{NEW_PATTERN}"/></filter>',
        {NEW: AFTER},
    ),
    "merge": ('<filter root="/apps/x" mode="merge"/>', {OLD: BEFORE, NEW: AFTER}),
    "update": ('<filter root="/apps/x" mode="update"/>', {OLD: BEFORE, NEW: AFTER}),
}


@pytest.mark.parametrize("case", RENAMES)
def test_rename_under_each_kind_of_filter(vault: Any, package: Callable[..., bytes], case: str) -> None:
    filters, expected = RENAMES[case]
    found = vault.run(
        package({OLD[1:]: BEFORE}, filters='<filter root="/apps/x"/>'),
        package({NEW[1:]: AFTER}, filters=filters),
    )
    assert found.files() == expected


@pytest.mark.parametrize(
    ("mode", "arrives"),
    [
        ("replace", True),
        ("merge", False),
        ("update", True),
        ("merge_properties", False),
        ("update_properties", True),
    ],
)
def test_edited_value_under_each_mode(
    vault: Any, package: Callable[..., bytes], mode: str, arrives: bool
) -> None:
    first = package({OLD[1:]: BEFORE, OTHER[1:]: BEFORE})
    second = package({OLD[1:]: AFTER}, filters=f'<filter root="/apps/x" mode="{mode}"/>')
    found = vault.run(first, second)
    if vault.version == "3.4.10" and mode.endswith("_properties"):
        assert "exception" in found.imports[1]
        arrives = False
    assert found.data(OLD) == (AFTER if arrives else BEFORE)
    deletes = mode == "replace"
    assert (found.data(OTHER) is None) == deletes


def test_unknown_mode_makes_the_package_unreadable(vault: Any, package: Callable[..., bytes]) -> None:
    found = vault.run(package({OLD[1:]: AFTER}, filters='<filter root="/apps/x" mode="replaced"/>'))
    assert "exception" in found.imports[0]
    assert found.files() == LOST
