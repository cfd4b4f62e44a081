"""filter.xml as real FileVault versions apply it: what a rename or an edited value makes of a repository."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from migrate.targets.vault.filter import Filter, VaultError

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
    if vault.version in ("3.2.8", "3.4.10") and mode.endswith("_properties"):
        assert "exception" in found.imports[1]
        arrives = False
    assert found.data(OLD) == (AFTER if arrives else BEFORE)
    deletes = mode == "replace"
    assert (found.data(OTHER) is None) == deletes


def test_unknown_mode_makes_the_package_unreadable(vault: Any, package: Callable[..., bytes]) -> None:
    found = vault.run(package({OLD[1:]: AFTER}, filters='<filter root="/apps/x" mode="replaced"/>'))
    assert "exception" in found.imports[0]
    assert found.files() == LOST


ROOTS = [
    *("/apps/x", "/apps/x/config", "/apps/x/config/F-1", "/apps/x/config/F-1.config", "/apps/x/config/G"),
    *("/apps/x/config/G.config", "/apps", "/apps/x/other"),
]
PATTERNS = [
    *(
        "/apps/x/config",
        "/apps/x/config/.*",
        "/apps/x/config(/.*)?",
        ".*",
        ".*F-1.*",
        ".*/F-1",
        r".*/F-1\.config",
    ),
    *(r".*\.config(/.*)?", "/apps/x", "/apps/x(/.*)?", "/apps/x/config/G.*", "nothing"),
]
PATHS = [f"/apps/x/config/{name}" for name in ("F-1", "F-1.config", "G", "G.config")]
NODE = """<?xml version="1.0" encoding="UTF-8"?>
<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"
    jcr:primaryType="sling:OsgiConfig"
    p="{}"/>
"""


def _filter(rng: random.Random) -> str:
    elements = []
    for root in rng.sample(ROOTS, rng.choice([1, 1, 1, 2, 3])):
        entries = "".join(
            f'<{rng.choice(["include", "exclude"])} pattern="{rng.choice(PATTERNS)}"/>'
            for _ in range(rng.choice([0, 0, 1, 1, 2, 3]))
        )
        mode = rng.choice(["replace", "replace", "merge", "update"])
        elements.append(f'<filter root="{root}" mode="{mode}">{entries}</filter>')
    return "".join(elements)


def _entries(paths: Iterable[str], text: str) -> dict[str, bytes]:
    files = {path[1:]: f'p="{text}"'.encode() for path in paths if path.endswith(".config")}
    return files | {f"{path[1:]}.xml": NODE.format(text).encode() for path in paths if path[1:] not in files}


def _text(found: Any, path: str) -> str | None:
    """Which package's value stands at a path."""
    data = found.data(path)
    if data is not None:
        return "new" if b"new" in data else "old"
    node = found.nodes.get(path)
    return node["dictionary"]["p"]["values"][0] if node else None


def test_what_arrives_and_what_stays(vault: Any, package: Callable[..., bytes]) -> None:
    # Two packages, one after the other, under generated filters: `Filter.edit_problems` has to foretell which
    # value stands there in the end, and `rename_problems` whether what the second one lacks is still there.
    rng = random.Random(50)
    wrong = []
    for _ in range(300):
        filters = _filter(rng)
        model = Filter.parse(f'<workspaceFilter version="1.0">{filters}</workspaceFilter>'.encode())
        old = [path for path in PATHS if rng.random() < 0.5]
        new = [path for path in PATHS if rng.random() < 0.6] or PATHS[:1]
        found = vault.run(package(_entries(old, "old")), package(_entries(new, "new"), filters=filters))
        for path in PATHS:
            expected = _foretold(model, path, path in old, path in new)
            if (
                vault.version in ("3.2.8", "3.4.10")
                and path not in new
                and any(path == root.path for root in model.roots)
            ):
                # These versions delete what a root names and the package lacks, whatever the mode.
                expected = None
            if expected is not None and _text(found, path) not in expected:
                wrong.append((path, filters, old, new, expected, _text(found, path)))
    assert not wrong, f"{len(wrong)}: {wrong[:10]}"


def _foretold(model: Filter, path: str, was: bool, comes: bool) -> set[str | None] | None:
    """The values that may stand at a path; None where the model says nothing."""
    if not comes:
        stays = bool(model.rename_problems(path, "/other"))
        return ({"old"} if stays else None) if was else {None}
    problems = model.edit_problems(path, node=not path.endswith(".config"))
    if not problems:
        return {"new"}
    if problems[0].rule == "filter-not-covered":
        return {"old" if was else None}
    return {"old" if was else "new"}


@pytest.mark.parametrize("old", PATHS[:2])
def test_a_followed_rename_arrives_and_leaves_nothing_behind(
    vault: Any, package: Callable[..., bytes], old: str
) -> None:
    rng = random.Random(51)
    new = old.replace("F-1", "F-2")
    node = not old.endswith(".config")
    wrong = []
    sound = 0
    for _ in range(300):
        before = Filter.parse(f'<workspaceFilter version="1.0">{_filter(rng)}</workspaceFilter>'.encode())
        try:
            after = before.follow_rename(old, new)
        except VaultError:
            continue
        problems = (*after.edit_problems(new, node=node), *after.rename_problems(old, new))
        elements = after.source.decode().removeprefix('<workspaceFilter version="1.0">')
        filters = elements.removesuffix("</workspaceFilter>")
        found = vault.run(package(_entries([old], "old")), package(_entries([new], "new"), filters=filters))
        outcome = (_text(found, old), _text(found, new))
        sound += not problems
        if not problems and outcome != (None, "new"):
            wrong.append((filters, before.source, outcome))
        if any(problem.rule == "filter-not-covered" for problem in problems) and outcome[1] is not None:
            wrong.append((filters, before.source, outcome))
    assert not wrong, f"{len(wrong)}: {sorted(wrong, key=lambda case: len(case[0]))[:5]}"
    assert sound > 30
