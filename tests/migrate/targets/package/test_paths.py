"""Paths in packages and in their sources."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.targets.package.paths import companions, filter_candidates, repository_path, split


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("jcr_root/apps/a.config", ("", "jcr_root/apps/a.config")),
        ("ui/src/main/content/jcr_root/a", ("ui/src/main/content", "jcr_root/a")),
        ("a/jcr_root/b/jcr_root/c", ("a", "jcr_root/b/jcr_root/c")),
        ("a/jcr_root", None),
        ("apps/a.config", None),
        ("", None),
    ],
)
def test_split(path: str, expected: tuple[str, str] | None) -> None:
    assert split(path) == expected


META = "META-INF/vault/filter.xml"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("", [META, f"src/main/{META}", f"src/main/content/{META}", f"src/content/{META}"]),
        (
            "ui/src/main/content",
            [f"ui/src/main/content/{META}", f"ui/{META}", f"ui/src/main/{META}", f"ui/src/content/{META}"],
        ),
        ("src/main", [f"src/main/{META}", META, f"src/main/content/{META}", f"src/content/{META}"]),
        (
            "xsrc/main",
            [
                f"xsrc/main/{META}",
                f"xsrc/main/src/main/{META}",
                f"xsrc/main/src/main/content/{META}",
                f"xsrc/main/src/content/{META}",
            ],
        ),
    ],
)
def test_filter_candidates(before: str, expected: list[str]) -> None:
    assert list(filter_candidates(before)) == expected


def test_candidates_of_another_file() -> None:
    assert filter_candidates("a", "META-INF/MANIFEST.MF")[0] == "a/META-INF/MANIFEST.MF"


@pytest.mark.parametrize(
    ("entry", "docview", "expected"),
    [
        ("jcr_root/apps/x/config/F-1.config", False, "/apps/x/config/F-1.config"),
        ("jcr_root/apps/x/config/F%7e1.config", False, "/apps/x/config/F~1.config"),
        ("jcr_root/apps/x/config/F%7e1.xml", True, "/apps/x/config/F~1"),
        ("jcr_root/apps/x/config/F%7e1.xml", False, "/apps/x/config/F~1.xml"),
        ("jcr_root/apps/x/config/F-1/.content.xml", False, "/apps/x/config/F-1"),
        ("jcr_root/apps/x/config/F-1.dir/.content.xml", True, "/apps/x/config/F-1"),
        ("jcr_root/apps/x/config/F-1.config.dir/.content.xml", False, "/apps/x/config/F-1.config"),
        ("jcr_root/_cq_x/__a_b/_c/F.config", False, "/cq:x/_a_b/_c/F.config"),
        ("jcr_root/.content.xml", False, "/"),
        ("jcr_root/apps/x.dir/a.txt", False, "/apps/x/a.txt"),
        ("jcr_root/apps/x.dir/", False, "/apps/x"),
        ("jcr_root/apps/x.dir", False, "/apps/x.dir"),
        ("jcr_root/apps/F.config", True, "/apps/F.config"),
        ("META-INF/vault/filter.xml", False, None),
        ("apps/F.config", False, None),
    ],
)
def test_repository_path(entry: str, docview: bool, expected: str | None) -> None:
    assert repository_path(entry, docview=docview) == expected


ENTRIES = [
    "a/F.config",
    "a/F.config.dir/",
    "a/F.config.dir/.content.xml",
    "a/F.config.director",
    "a/F.xml",
    "a/F/child.xml",
    "a/F.dir/.content.xml",
    "a/FF/child.xml",
    "a/G/.content.xml",
    "a/G/",
    "a/G/child/.content.xml",
    "a/G.dir/.content.xml",
]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "a/F.config",
            "a/N.config",
            {
                "a/F.config.dir/": "a/N.config.dir/",
                "a/F.config.dir/.content.xml": "a/N.config.dir/.content.xml",
            },
        ),
        (
            "a/F.xml",
            "a/N.xml",
            {"a/F/child.xml": "a/N/child.xml", "a/F.dir/.content.xml": "a/N.dir/.content.xml"},
        ),
        (
            "a/G/.content.xml",
            "a/N/.content.xml",
            {"a/G/": "a/N/", "a/G/child/.content.xml": "a/N/child/.content.xml"},
        ),
        ("a/G.dir/.content.xml", "a/N.dir/.content.xml", {}),
        ("a/none.config", "a/N.config", {}),
    ],
)
def test_companions(old: str, new: str, expected: dict[str, str]) -> None:
    assert companions(ENTRIES, old, new) == expected


@given(st.text(max_size=30), st.booleans())
def test_any_name_has_a_path_or_none(name: str, docview: bool) -> None:
    path = repository_path(f"jcr_root/{name}", docview=docview)
    assert path is not None
    assert path.startswith("/") or path == ""
    assert repository_path(f"x{name}") is None
    split(name)
    filter_candidates(name)
