"""The walk finds what matters, in one process and in two, and never follows a link."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrate import halves
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.targets import walk


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
        "content/.content.xml",
        "a/other.config",
        ".git/x.config",
        f"node_modules/{PROVIDER}.9.config",
    )
    assert names(tmp_path) == [
        f"a/b/{CUSTOMIZER}-1.xml",
        f"a/{PROVIDER}.1.config",
        f"c/{PROVIDER}-2/.content.xml",
        "config.author/.content.xml",
    ]


def test_links_are_not_followed(tmp_path: Path) -> None:
    make(tmp_path / "real", f"{PROVIDER}.1.config")
    make(tmp_path / "tree", "x")
    (tmp_path / "tree" / "link").symlink_to(tmp_path / "real")
    (tmp_path / "tree" / "loop").symlink_to(tmp_path / "tree")
    assert names(tmp_path / "tree") == []


def big(root: Path) -> list[str]:
    files = [f"d{i}/e{j}/f{k}/x{n}" for i in range(8) for j in range(6) for k in range(4) for n in range(4)]
    ours = [f"d{i}/e{i % 6}/f0/{PROVIDER}.{i}.config" for i in range(8)]
    make(root, *files, *ours, "d0/a.zip", "d7/e5/b.zip", "d3/weird\n\\name/x")
    return sorted(ours)


def test_two_processes_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = big(tmp_path)
    alone = walk.find(str(tmp_path))
    monkeypatch.setattr(walk, "_SPLIT_AFTER", 10)
    monkeypatch.setattr(walk, "_SPLIT_AT_LEAST", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    both = walk.find(str(tmp_path))
    assert [os.path.relpath(p, tmp_path) for p in both.paths] == expected
    assert (both.paths, both.packages, both.unreadable) == (alone.paths, alone.packages, alone.unreadable)
    assert len(both.packages) == 2


@pytest.mark.parametrize("cpus", [1, 2])
def test_nothing_is_lost_when_the_child_dies(
    cpus: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = big(tmp_path)
    monkeypatch.setattr(walk, "_SPLIT_AFTER", 10)
    monkeypatch.setattr(walk, "_SPLIT_AT_LEAST", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: cpus)
    monkeypatch.setattr(halves, "_second", lambda *_: os._exit(9))
    assert names(tmp_path) == expected


def test_unreadable_folders_are_reported_by_both_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    big(tmp_path)
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("f3"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(walk, "_SPLIT_AFTER", 10)
    monkeypatch.setattr(walk, "_SPLIT_AT_LEAST", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    found = walk.find(str(tmp_path))
    assert len(found.unreadable) == 48
    assert {reason for _, reason in found.unreadable} == {"Permission denied"}
