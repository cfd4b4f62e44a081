"""Where `--out` writes to: a file, complete or not at all; never in the place of something else."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.integration.request import Request
from migrate.plans.target_plan import Plan
from migrate.reports import saved_plan


def save(path: Path) -> None:
    saved_plan.save(path, Plan(()), Request(), [], [])


@pytest.mark.parametrize("name", [".", "/"])
def test_a_folder_is_no_place_for_a_plan(name: str) -> None:
    with pytest.raises(IsADirectoryError, match="Is a directory"):
        save(Path(name))


def test_a_file_is_replaced_and_is_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("old")
    path.chmod(0o644)
    save(path)
    assert saved_plan.load(path)["kind"] == "slingshift-plan"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["plan.json"]


@pytest.mark.posix
def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("real")
    save(tmp_path / "link")
    assert os.readlink(tmp_path / "link") == "real"
    assert saved_plan.load(tmp_path / "real")


@pytest.mark.posix
def test_links_may_lead_to_links(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "one").symlink_to("sub/two")
    (tmp_path / "sub" / "two").symlink_to(tmp_path / "real")
    save(tmp_path / "one")
    assert saved_plan.load(tmp_path / "real")
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(OSError, match="Too many levels"):
        save(tmp_path / "round")


@pytest.mark.posix
@pytest.mark.parametrize("there", [True, False])
def test_no_link_is_followed_where_everybody_may_put_one(tmp_path: Path, there: bool) -> None:
    shared, victim = tmp_path / "shared", tmp_path / "victim"
    shared.mkdir()
    shared.chmod(0o1777)
    if there:
        victim.write_text("mine")
    (shared / "plan.json").symlink_to(victim)
    with pytest.raises(OSError, match="Too many levels"):
        save(shared / "plan.json")
    assert (victim.read_text() if there else victim.exists()) == ("mine" if there else False)
    assert os.listdir(shared) == ["plan.json"]
    save(shared / "other.json")
    assert saved_plan.load(shared / "other.json")


def test_a_name_that_fills_the_limit_fits(tmp_path: Path) -> None:
    save(tmp_path / ("p" * 250))
    assert len(os.listdir(tmp_path)) == 1


@pytest.mark.posix
def test_a_pipe_or_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    save(fifo)
    assert b'"kind": "slingshift-plan"' in os.read(reader, 65536)
    os.close(reader)
    assert stat.S_ISFIFO(fifo.stat().st_mode)


def test_standard_output_is_for_the_diff(slingshift: Callable[..., object], tmp_path: Path) -> None:
    ended = slingshift("plan", tmp_path, "--out", "-")
    assert (ended.code, "--format json" in ended.err) == (2, True)  # type: ignore[attr-defined]
