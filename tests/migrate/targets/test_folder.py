"""Folders and files as targets: what is read, and what is refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from grammar.config.document import MAX_BYTES
from migrate.integration.profile import PROVIDER
from migrate.targets.base import TargetError
from migrate.targets.opening import open_target, target_of
from tests.rights import as_anybody

Tree = Callable[[Mapping[str, str]], Path]


@pytest.mark.posix
def test_a_link_a_fifo_and_a_giant_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("x")
    (tmp_path / "link").symlink_to("real")
    os.mkfifo(tmp_path / "fifo")
    with (tmp_path / "giant").open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    target = open_target(target_of(str(tmp_path)))
    for name, words in (("link", "symbolic link"), ("fifo", "not a regular file"), ("giant", "so not read")):
        with pytest.raises(TargetError, match=words):
            target.read(name)
    with pytest.raises(TargetError, match="No such file"):
        target.read("none")
    assert target.read_if_there("none") is None
    assert target.read("real") == b"x"


@pytest.mark.parametrize("name", ["nowhere", "a\0b"])
def test_targets_that_are_none(name: str, tmp_path: Path) -> None:
    with pytest.raises(TargetError):
        open_target(target_of(str(tmp_path / name)))


def test_a_device_is_no_target() -> None:
    with pytest.raises(TargetError, match="neither a folder nor a file"):
        open_target(target_of("/dev/null"))


def test_a_single_file(tree: Tree) -> None:
    root = tree({"a/P.1.config": "", "a/b/x": ""})
    file = root / "a" / f"{PROVIDER}.1.config"
    target = open_target(target_of(str(file)))
    assert list(target.find()) == [file.name]
    assert target.target.shown(file.name) == str(file)
    assert target.inside(target.location(file.name)) is None
    assert open_target(target_of(str(root))).below("a") == [f"a/{PROVIDER}.1.config", "a/b/x"]
    assert open_target(target_of(str(root))).listing("none") == frozenset()


def test_a_listing_of_names_with_one_of_some_parts(tree: Tree) -> None:
    target = open_target(target_of(str(tree({"a/P.1.config": "", "a/b/x": "", "a/c.d": "", "a/cxd": ""}))))
    assert target.listing("a") == {f"{PROVIDER}.1.config", "b", "c.d", "cxd"}
    assert target.listing("a", PROVIDER, "c.d") == {f"{PROVIDER}.1.config", "c.d"}


@pytest.mark.posix
def test_a_symbolic_link_among_ours_is_refused(
    tree: Tree, slingshift: Callable[..., object], oauth_options: list[str], tmp_path: Path
) -> None:
    root = tree({"config/x": ""})
    (tmp_path / "elsewhere").write_text('name="adobe-ims-similaritysearch"\n')
    (root / "config" / f"{PROVIDER}.1.config").symlink_to(tmp_path / "elsewhere")
    ended = slingshift("plan", root, *oauth_options)
    assert ended.code == 3  # type: ignore[attr-defined]
    assert "symbolic link" in ended.err  # type: ignore[attr-defined]


def test_a_filter_outside_of_the_target_is_named(
    case: Callable[[str], Path], slingshift: Callable[..., object], oauth_options: list[str]
) -> None:
    folder = case("package-source") / "ui.config/src/main/content/jcr_root/apps/example/config"
    ended = slingshift("plan", folder, *oauth_options)
    assert ended.code == 3  # type: ignore[attr-defined]
    assert "lies outside the target" in ended.err  # type: ignore[attr-defined]
    assert ended.out == ""  # type: ignore[attr-defined]


@pytest.mark.posix
@pytest.mark.parametrize("inside", [True, False])
def test_a_filter_that_nobody_may_look_at_is_not_taken_for_none(
    inside: bool,
    case: Callable[[str], Path],
    slingshift: Callable[..., object],
    oauth_options: list[str],
) -> None:
    """A rename without its filter would leave the file out of the package."""
    content = case("package-source") / "ui.config/src/main/content"
    vault = content / "META-INF" / "vault"
    vault.chmod(0)
    try:
        with as_anybody():
            ended = slingshift("plan", content if inside else content / "jcr_root/apps", *oauth_options)
    finally:
        vault.chmod(0o755)
    assert (ended.code, "Permission denied" in ended.err, ended.out) == (3, True, "")  # type: ignore[attr-defined]
