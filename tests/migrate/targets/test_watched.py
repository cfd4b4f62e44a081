"""Where AEM looks, against what `FolderNameFilter` and `findPathsUnderNode` do."""

from __future__ import annotations

import pytest

from migrate.targets.watched import Ground, Place, place_of

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
