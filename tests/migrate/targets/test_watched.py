"""Where AEM looks, against what `FolderNameFilter` and `findPathsUnderNode` do."""

from __future__ import annotations

import pytest

from grammar.platforms import PLATFORMS
from migrate.targets.watched import Ground, Place, needs_of, place_of

W, D, E, L = Ground.WATCHED, Ground.TOO_DEEP, Ground.OUTSIDE, Ground.LOOSE


@pytest.mark.parametrize(
    ("path", "ground", "folder", "modes"),
    [
        ("/w/jcr_root/apps/x/config/F.config", W, "/apps/x/config", ()),
        ("/w/jcr_root/apps/x/config.author.prod/F.config", W, "/apps/x/config.author.prod", ("author", "prod")),
        ("jcr_root/apps/x/config/F.config", W, "/apps/x/config", ()),
        ("/w/a.zip!/jcr_root/apps/x/install/F.config", W, "/apps/x/install", ()),
        ("/w/jcr_root/apps/a/b/config/F.config", W, "/apps/a/b/config", ()),
        ("/w/jcr_root/apps/x/osgiconfig/config.publish/F.config", W, "/apps/x/osgiconfig/config.publish", ("publish",)),
        ("/w/jcr_root/apps/x/config/backup/old/F.config", W, "/apps/x/config", ()),
        ("/w/jcr_root/apps/x/config/F-1/.content.xml", W, "/apps/x/config", ()),
        ("/w/jcr_root/libs/x/config/F.config", W, "/libs/x/config", ()),
        ("/w/jcr_root/apps/_x_y/config/F.config", W, "/apps/x:y/config", ()),
        ("/w/jcr_root/apps/com/corp/site/config/F.config", D, "/apps/com/corp/site/config", ()),
        ("/w/jcr_root/apps/x/configs/F.config", E, "/apps/x/configs", ()),
        ("/w/jcr_root/apps/x/osgiconfig/F.config", E, "/apps/x/osgiconfig", ()),
        ("/w/jcr_root/apps/x/Config/F.config", E, "/apps/x/Config", ()),
        ("/w/jcr_root/etc/config/F.config", E, "/etc/config", ()),
        ("/w/jcr_root/config/F.config", E, "/config", ()),
        ("/w/jcr_root/apps/x/my.config/F.config", E, "/apps/x/my.config", ()),
        ("/w/config/F.config", L, "", ()),
        ("F.config", L, "", ()),
        ("/w/my_jcr_root/apps/x/config/F.config", L, "", ()),
    ],
)  # fmt: skip
def test_places(path: str, ground: Ground, folder: str, modes: tuple[str, ...]) -> None:
    assert place_of(path) == Place(ground, folder, modes)


@pytest.mark.parametrize(
    ("folder", "ways"),
    [
        ("x/config/config.author", [()]),  # The outer one is always scanned first.
        ("x/config.author/config.prod.author", [("author",)]),
        ("x/config.author/config.prod", [("author",), ("prod",)]),
        ("x/config.publish/config", [("publish",), ()]),
        # The third is five levels deep.
        ("x/config.publish/config.prod/config.author", [("publish",), ("prod",)]),
        ("config.dev/x/config.author/sub", [("dev",), ("author",)]),
        ("x/config.publish/a/b/config", [("publish",)]),
        ("a/b/config/config.author", [()]),
        ("x/config./sub", [("",)]),
    ],
)
def test_folders_in_one_another_count_as_deep_as_the_installer_looks(
    folder: str, ways: list[tuple[str, ...]]
) -> None:
    place = place_of(f"/w/jcr_root/apps/{folder}/F.config")
    assert place.ground is W
    assert [place.run_modes, *place.otherwise] == ways


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("apps/x/config.author", Place(W, "/apps/x/config.author", ("author",))),
        ("apps/a/b/c/d/install.prod/sub", Place(W, "/apps/a/b/c/d/install.prod", ("prod",))),
        ("apps/x/config/config.author/sub", Place(W, "/apps/x/config/config.author", ("author",))),
        ("apps/x/config.author/config", Place(W, "/apps/x/config.author/config")),
        ("apps/config/x", Place(E, "/apps/config/x")),
        ("apps/x/configs", Place(E, "/apps/x/configs")),
        ("etc/x/config", Place(E, "/etc/x/config")),
    ],
)
def test_the_cloud_looks_at_the_innermost_folder_however_deep(folder: str, expected: Place) -> None:
    assert place_of(f"/w/jcr_root/{folder}/F.config", PLATFORMS["cloud"]) == expected


@pytest.mark.parametrize(
    ("around", "needs"),
    [
        ("all.zip", ()),
        ("all.zip!/jcr_root/apps/x/install.author/a.zip", ("author",)),
        (
            "all.zip!/jcr_root/apps/x/install.author/a.zip!/jcr_root/apps/y/install.prod/b.zip",
            ("author", "prod"),
        ),
        ("all.zip!/jcr_root/etc/packages/install.author/a.zip", ()),
        ("ui/jcr_root/apps/x/install.publish/a.zip", ("publish",)),
        ("https://author.example:4502", ()),
    ],
)
def test_a_package_in_a_folder_needs_its_run_modes(around: str, needs: tuple[str, ...]) -> None:
    assert needs_of(f"{around}!/jcr_root/apps/z/config.dev/F.config") == needs


def test_a_file_in_no_package_needs_none() -> None:
    assert needs_of("ui/jcr_root/apps/x/install.author/F.config") == ()
