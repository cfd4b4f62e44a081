"""Paths and what instance they stand for."""

from __future__ import annotations

import pytest

from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.targets.names import identify, never_touched, run_modes

UUID = "3f2a1b0c-9d8e-4f7a-8b6c-5d4e3f2a1b0c"


@pytest.mark.parametrize(
    ("path", "form", "separator", "name", "folder"),
    [
        (f"a/config/{PROVIDER}.123.config", "config", ".", "123", "a/config"),
        (f"{PROVIDER}-123.config", "config", "-", "123", ""),
        (f"{PROVIDER}~my-name.cfg.json", "cfg.json", "~", "my-name", ""),
        (f"{CUSTOMIZER}.{UUID}.config", "config", ".", UUID, ""),
        (f"{CUSTOMIZER}.{UUID.upper()}.config", "config", ".", UUID.upper(), ""),
        (f"c/{PROVIDER}%7ex.xml", "xml", "~", "x", "c"),
        (f"c/{PROVIDER}-1/.content.xml", "xml", "-", "1", "c"),
        (f"c/{PROVIDER}-1.dir/.content.xml", "xml", "-", "1", "c"),
        (f"{PROVIDER}.5.config.cfg.json", "cfg.json", ".", "5", ""),
        (f"{PROVIDER}-5.cfg.json.config", "config", "-", "5", ""),
        (f"c/{PROVIDER}%7ex.config", "config", "~", "x", "c"),
        (f"c/{PROVIDER}%7ex.cfg.json", "cfg.json", "~", "x", "c"),
        (f"c/{PROVIDER}-5.config.xml", "xml", "-", "5", "c"),
        (f"c/{PROVIDER}-5.config/.content.xml", "xml", "-", "5", "c"),
    ],
)
def test_instances(path: str, form: str, separator: str, name: str, folder: str) -> None:
    found = identify(path)
    assert found is not None
    assert (found.form, found.separator, found.name, found.folder) == (form, separator, name, folder)


@pytest.mark.parametrize(
    "path",
    [
        f"{PROVIDER}.config",
        f"{PROVIDER}s.123.config",
        f"{PROVIDER}.abc.config",
        f"{PROVIDER}-.config",
        f"{PROVIDER}.123.properties",
        f"{PROVIDER}.123.config.bak",
        f"{PROVIDER}.123.config.dir/.content.xml",
        f"{PROVIDER}-123.config.dir/.content.xml",
        f"{PROVIDER}~x.cfg.json.dir/.content.xml",
        f"{PROVIDER}.123.config.tmp",
        "com.adobe.cq.commerce.demandware.oauth.accesstoken.provider-1.config",
        "config/.content.xml",
        "",
    ],
)
def test_everything_else(path: str) -> None:
    assert identify(path) is None


@pytest.mark.parametrize(
    ("path", "label", "renamed"),
    [
        (f"a/{PROVIDER}.1.config", f"{PROVIDER}-1.config", f"a/{PROVIDER}-1.config"),
        (f"{PROVIDER}.1.config", f"{PROVIDER}-1.config", f"{PROVIDER}-1.config"),
        (f"a/{PROVIDER}.1/.content.xml", f"{PROVIDER}-1", f"a/{PROVIDER}-1/.content.xml"),
        (f"{PROVIDER}.1/.content.xml", f"{PROVIDER}-1", f"{PROVIDER}-1/.content.xml"),
    ],
)
def test_renamed(path: str, label: str, renamed: str) -> None:
    found = identify(path)
    assert found is not None
    assert found.renamed(label) == renamed


@pytest.mark.parametrize(
    ("folder", "modes"),
    [
        ("apps/x/config", ()),
        ("apps/x/config.author.prod", ("author", "prod")),
        ("crx-quickstart/install", ()),
        ("a/osgiconfig", ()),
        ("apps/x/configuration", None),
        ("", None),
    ],
)
def test_run_modes(folder: str, modes: tuple[str, ...] | None) -> None:
    assert run_modes(folder) == modes


@pytest.mark.parametrize(
    "path",
    [
        "libs/a/config/x",
        "author/libs/a/config/x",
        "x/jcr_root/libs/a/x",
        "crx-quickstart/launchpad/config/x/y",
    ],
)
def test_never_touched(path: str) -> None:
    assert never_touched(path)


@pytest.mark.parametrize(
    "path",
    [
        "apps/libs/config/x",
        "mylibs/config/x",
        "launchpad/configs/x",
        "libs/ui/jcr_root/apps/x/config/y",
        "libs/aem/crx-quickstart/install/y",
    ],
)
def test_may_be_touched(path: str) -> None:
    assert never_touched(path) is None


@pytest.mark.parametrize("place", ["x/libs", "x/jcr_root/libs/granite", "/x/crx-quickstart/launchpad/config"])
def test_a_target_within_libs_is_never_touched(place: str) -> None:
    assert never_touched("config/x", place)


@pytest.mark.parametrize("place", ["", "x/jcr_root/apps/libs", "/home/libs/x/jcr_root"])
def test_a_target_elsewhere_may_be_touched(place: str) -> None:
    assert never_touched("config/x", place) is None
