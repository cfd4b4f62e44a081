"""File names and the PIDs that the builds of Sling's installer make from them."""

from __future__ import annotations

import pytest

from grammar.pids import InstallerBuild, Pid, instance_of, is_uuid, strip_extension

OLD, MIDDLE, NEW = InstallerBuild.V1_0, InstallerBuild.V1_2, InstallerBuild.V1_4_6
UUID = "0a1b2c3d-1111-2222-3333-0123456789ab"


@pytest.mark.parametrize(
    ("name", "old", "middle", "new"),
    [
        ("F-123.config", "F~123", "F~123", "F~123"),
        ("F~123.config", "F~123.", "F~123", "F~123"),
        ("F.123.config", "F.123.", "F.123.", "F.123."),
        (f"F.{UUID}.config", f"F.0a1b2c3d~{UUID[9:]}", f"F.0a1b2c3d~{UUID[9:]}", f"F~{UUID}"),
        (f"F.{UUID.upper()}.config", *[f"F.0A1B2C3D~{UUID[9:].upper()}"] * 3),
        ("a-b~c.config", "a~b~c", "a-b~c", "a-b~c"),
        ("-x.config", "-x.", "-x.", "-x."),
        ("a.cfg.json", "a.cfg.json.", "a.", "a."),
        ("a.xml", "a.", "a.xml.", "a.xml."),
        ("folder/config/a.cfg", "a.", "a.", "a."),
    ],
)
def test_pids_by_build(name: str, old: str, middle: str, new: str) -> None:
    """A dot at the end of what is expected marks a singleton."""
    for build, expected in ((OLD, old), (MIDDLE, middle), (NEW, new)):
        pid = Pid.from_filename(name, build)
        assert pid.pid == expected.removesuffix(".")
        assert (pid.singleton is not None) == expected.endswith(".")


def test_a_name_comes_back_with_its_separator() -> None:
    for name in ("F-1.config", "F~x.config", f"F.{UUID}.config", "a.b.config"):
        assert Pid.from_filename(name, NEW).filename() == name
    assert Pid.from_filename("a.b.config").filename(".cfg.json") == "a.b.cfg.json"
    pid = Pid.from_filename(f"F.{UUID}.config", NEW)
    assert pid == Pid(None, "F", UUID, ".")


def test_one_extension_is_taken_off() -> None:
    assert strip_extension("a.config.config") == "a.config"
    assert strip_extension("a.txt") == "a.txt"


@pytest.mark.parametrize(
    ("version", "build"),
    [("1.0.14", OLD), ("1.1", OLD), ("1.2.0", MIDDLE), ("1.4.4", MIDDLE), ("1.4.6", NEW), ("2.0", NEW)],
)
def test_builds_by_version(version: str, build: InstallerBuild) -> None:
    assert InstallerBuild.of(version) is build


def test_a_text_that_is_no_version() -> None:
    with pytest.raises(ValueError, match="not a bundle version: 'new'"):
        InstallerBuild.of("new")


@pytest.mark.parametrize(
    ("base", "found"),
    [
        ("F-1", ("-", "1")),
        ("F~x", ("~", "x")),
        ("F.12", (".", "12")),
        (f"F.{UUID}", (".", UUID)),
        ("F.word", None),
        ("F", None),
        ("F-", None),
        ("Fx", None),
        ("G-1", None),
    ],
)
def test_instances_of_a_factory(base: str, found: tuple[str, str] | None) -> None:
    assert instance_of(base, "F") == found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("3f2a1b0c-9d8e-4f7a-8b6c-5d4e3f2a1b0c", True),
        ("3F2A1B0C-9D8E-4F7A-8B6C-5D4E3F2A1B0C", True),
        ("3f2a1b0c-9d8e-4f7a-8b6c-5d4e3f2a1b0cd", False),
        ("1234567890", False),
        ("", False),
    ],
)
def test_a_uuid_is_one_as_a_whole(name: str, expected: bool) -> None:
    assert is_uuid(name) is expected
