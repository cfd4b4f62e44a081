"""The walk finds what matters, however many walk, and never follows a link."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrate.cli.processes.jobs import Processes
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.targets import walk
from migrate.targets.sieve import MAY_SKIP, Sieve


def names(root: Path) -> list[str]:
    return [os.path.relpath(path, root) for path in walk.find(str(root)).paths]


def make(root: Path, *files: str) -> None:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")


def test_only_names_that_concern_us(tmp_path: Path) -> None:
    make(
        tmp_path,
        f"a/{PROVIDER}.1.config",
        f"a/b/{CUSTOMIZER}-1.xml",
        f"c/{PROVIDER}-2/.content.xml",
        "config.author/.content.xml",
        "configuration/.content.xml",
        "content/.content.xml",
        "config/page.content.xml",
        "a/other.config",
        f"a/old.{PROVIDER}.1.config",
        f"a/{PROVIDER[:-1]}.1.config",
        ".git/x.config",
        f"node_modules/{PROVIDER}.9.config",
    )
    assert names(tmp_path) == [
        f"a/b/{CUSTOMIZER}-1.xml",
        f"a/{PROVIDER}.1.config",
        f"c/{PROVIDER}-2/.content.xml",
        "config.author/.content.xml",
    ]


def test_only_what_ends_like_a_package_is_one(tmp_path: Path) -> None:
    make(tmp_path, "a/b.zip", f"a/of.{PROVIDER}.zip", "a/page.content.xml", "a/c.zip.bak")
    assert walk.find(str(tmp_path)).packages == [
        str(tmp_path / name) for name in ("a/b.zip", f"a/of.{PROVIDER}.zip")
    ]


def test_what_is_looked_for_in_every_name_stands_in_all_of_ours() -> None:
    assert all(walk._IN_OURS in prefix for prefix in walk.PREFIXES)


def test_folders_that_are_never_skipped_are_not_asked_about() -> None:
    for everything in (False, True):
        sieve = Sieve(everything)
        for name in (".git", ".hg", ".svn", "node_modules", "__pycache__", "target", "src", ".mvn"):
            assert name in MAY_SKIP or not sieve.skips(name, f"/r/{name}")


@pytest.mark.posix
def test_links_are_not_followed(tmp_path: Path) -> None:
    make(tmp_path / "real", f"{PROVIDER}.1.config")
    make(tmp_path / "tree", "x")
    (tmp_path / "tree" / "link").symlink_to(tmp_path / "real")
    (tmp_path / "tree" / "loop").symlink_to(tmp_path / "tree")
    assert names(tmp_path / "tree") == []


@pytest.fixture(autouse=True)
def _one_folder_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "_AT_A_TIME", 1)


def big(root: Path) -> list[str]:
    files = [f"d{i}/e{j}/f{k}/x{n}" for i in range(8) for j in range(6) for k in range(4) for n in range(4)]
    ours = [f"d{i}/e{i % 6}/f0/{PROVIDER}.{i}.config" for i in range(8)]
    make(root, *files, *ours, "d0/a.zip", "d7/e5/b.zip", "d3/weird\n\\name/x")
    return sorted(ours)


@pytest.mark.posix
def test_several_processes_find_the_same(tmp_path: Path) -> None:
    expected = big(tmp_path)
    alone = walk.find(str(tmp_path))
    together = walk.find(str(tmp_path), Processes(3, patience=0))
    assert [os.path.relpath(p, tmp_path) for p in together.paths] == expected
    assert vars(together) == vars(alone)
    assert len(together.packages) == 2


@pytest.mark.posix
def test_nothing_is_lost_when_a_process_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = big(tmp_path)
    real, here = os.scandir, os.getpid()

    def scandir(path: str) -> object:
        if os.getpid() != here and path.endswith("e3"):
            os._exit(9)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = walk.find(str(tmp_path), Processes(2, patience=0))
    assert [os.path.relpath(path, tmp_path) for path in found.paths] == expected


@pytest.mark.posix
def test_unreadable_folders_are_reported_by_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    big(tmp_path)
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("f3"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = walk.find(str(tmp_path), Processes(2, patience=0))
    assert len(found.unreadable) == 48
    assert {reason for _, reason in found.unreadable} == {"Permission denied"}
