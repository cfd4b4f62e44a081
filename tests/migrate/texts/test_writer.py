"""What `fmt`, `lint --fix` and `convert` write: with the writer of `apply`, whole at every moment, and undoable."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from migrate.cli.app import run
from migrate.runs import locks, state
from migrate.runs.apply import interrupted, list_runs
from migrate.runs.disk import syncing
from migrate.runs.undo import undo
from migrate.texts import writer as writing
from migrate.texts.moving import Made, Move
from migrate.texts.places import Places
from migrate.workers import SERIAL
from tests.faults import STEP, Fault, Tree, World, killed, settle_both_ways, tree_of

UNSORTED, SORTED = b'b="1"\na="2"\n', b'a="2"\r\nb="1"\r\n'
BLANK, REPAIRED = b'a = "1"\n', b'a="1"\n'
Command = list[str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def write(path: Path, data: bytes, mode: int = 0o644) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(mode)
    return path


# --- the file that is written -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "before", "after"),
    [(["fmt"], UNSORTED, SORTED), (["lint", "--fix"], BLANK, REPAIRED)],
    ids=["fmt", "lint"],
)
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444, 0o664])
def test_mode_owner_and_attributes_stay(
    here: Path, command: Command, before: bytes, after: bytes, mode: int
) -> None:
    path = write(here / "F.config", before, mode)
    _set_attribute(path)
    if os.geteuid() == 0:
        os.chown(path, 12345, 54321)
    told = path.stat()
    assert run([*command, "."]) == 0
    assert path.read_bytes() == after
    now = path.stat()
    assert (stat.S_IMODE(now.st_mode), now.st_uid, now.st_gid) == (mode, told.st_uid, told.st_gid)
    assert _attribute(path) in (b"kept", None)
    assert [p.name for p in here.iterdir()] == ["F.config"]


def _set_attribute(path: Path) -> None:
    if hasattr(os, "setxattr"):
        try:
            os.setxattr(path, "user.slingshift", b"kept")
        except OSError as error:
            if error.errno != errno.ENOTSUP:
                raise


def _attribute(path: Path) -> bytes | None:
    """None where the file system has no attributes."""
    try:
        return os.getxattr(path, "user.slingshift")
    except (OSError, AttributeError) as error:
        if isinstance(error, OSError) and error.errno != errno.ENOTSUP:
            raise
        return None


@pytest.mark.parametrize("out", [[], ["--out", "new/deep"]], ids=["beside", "elsewhere"])
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_converted_file_is_as_private_as_the_one_it_comes_from(
    here: Path, out: Command, mode: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_mask = os.umask(0)
    try:
        path = write(here / "conf" / "F~x.config", b'smtp.password="s3cret"\n', mode)
        _set_attribute(path)
        if os.geteuid() == 0:
            os.chown(path, 12345, 54321)
        assert run(["convert", "conf", "--to", "cfg.json", *out]) == 0
    finally:
        os.umask(old_mask)
    made = here / ("new/deep" if out else "conf") / "F~x.cfg.json"
    told, now = path.stat(), made.stat()
    assert (stat.S_IMODE(now.st_mode), now.st_uid, now.st_gid) == (mode, told.st_uid, told.st_gid)
    assert _attribute(made) in (b"kept", None)


def test_what_comes_out_of_a_package_is_as_private_as_the_package(here: Path) -> None:
    import zipfile

    package = here / "p.zip"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("jcr_root/apps/x/config/F.config", b'smtp.password="s3cret"\n')
        archive.writestr("META-INF/vault/filter.xml", "<workspaceFilter/>")
    package.chmod(0o600)
    assert run(["convert", "p.zip", "--to", "cfg.json", "--out", "new"]) == 0
    made = here / "new/jcr_root/apps/x/config/F.cfg.json"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_a_link_is_left_alone_and_the_rest_is_written(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    real = write(here / "real" / "F.config", UNSORTED)
    write(here / "G.config", UNSORTED)
    (here / "F.config").symlink_to(real)
    assert run(["fmt", "F.config", "G.config"]) == 4
    assert b"F.config: a symbolic link; not written" in capsysbinary.readouterr().err
    assert real.read_bytes() == UNSORTED
    assert (here / "G.config").read_bytes() == SORTED


def test_the_folder_of_a_file_may_be_reached_through_a_link(here: Path) -> None:
    real = write(here / "real" / "F.config", UNSORTED)
    (here / "link").symlink_to("real")
    assert run(["fmt", "link"]) == 0
    assert real.read_bytes() == SORTED


def test_what_a_conversion_replaces_is_counted_apart(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    write(here / "F.config", b'a="1"\n')
    assert run(["convert", "F.config", "--to", "cfg.json", "--replace"]) == 0
    (done,) = list_runs()
    told = f"1 file written, 1 removed; `slingshift undo {done.id}` takes it back"
    assert told in capsysbinary.readouterr().err.decode()
    assert os.listdir(here) == ["F.cfg.json"]


# --- one run ------------------------------------------------------------------------------------------------------


def test_all_targets_are_one_run_and_undo_takes_it_back(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    for name in ("a/F.config", "a/sub/G.config", "b/H.config", "I.config"):
        write(here / name, UNSORTED, 0o640)
    before = tree_of(here)
    assert run(["fmt", "a", "b", "I.config", "a/F.config"]) == 0
    err = capsysbinary.readouterr().err.decode()
    (done,) = list_runs()
    assert f"4 files written; `slingshift undo {done.id}` takes it back" in err
    assert (done.state, done.description) == ("done", "fmt: 4 files")
    assert all(data == SORTED for mode, data in tree_of(here).values() if data is not None)
    assert run(["undo", "--yes"]) == 0
    assert tree_of(here) == before


def test_undo_removes_what_convert_made_and_its_folders(here: Path) -> None:
    write(here / "conf" / "F.config", REPAIRED)
    before = tree_of(here)
    assert run(["convert", "conf", "--to", "xml", "--out", "new/deep"]) == 0
    assert (here / "new/deep/F.xml").is_file()
    assert run(["undo", "--yes"]) == 0
    assert tree_of(here) == before


def test_nothing_to_write_is_no_run(here: Path) -> None:
    write(here / "F.config", SORTED)
    for command in (["fmt", "."], ["lint", "--fix", "."], ["fmt", "--check", "."], ["fmt", "--diff", "."]):
        assert run(command) == 0
    assert run(["convert", ".", "--to", "cfg.json", "--dry-run"]) == 1
    assert list_runs() == []


def meanwhile(monkeypatch: pytest.MonkeyPatch, action: Callable[[], object]) -> None:
    """Do something between the reading and the writing."""
    finish = writing.Writer.finish

    def later(self: writing.Writer) -> writing.Written:
        action()
        return finish(self)

    monkeypatch.setattr(writing.Writer, "finish", later)


def test_a_file_that_changes_meanwhile_stops_the_run(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    for name in "ABC":
        write(here / f"{name}.config", UNSORTED)
    meanwhile(monkeypatch, lambda: write(here / "B.config", b'mine="1"\n'))
    assert run(["fmt", "."]) == 4
    assert b"B.config: not what" in capsysbinary.readouterr().err
    assert [(here / f"{name}.config").read_bytes() for name in "ABC"] == [UNSORTED, b'mine="1"\n', UNSORTED]


@pytest.mark.parametrize("target", [".", "conf", "conf/F.config"])
def test_a_folder_that_is_swapped_for_a_link_is_not_followed(
    here: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(here / "conf" / "F.config", UNSORTED)
    other = write(here.parent / "other" / "F.config", UNSORTED)

    def swap() -> None:
        (here / "conf").rename(here / "away")
        (here / "conf").symlink_to(other.parent)

    meanwhile(monkeypatch, swap)
    assert run(["fmt", target]) == 4
    assert other.read_bytes() == UNSORTED
    assert (here / "away" / "F.config").read_bytes() == UNSORTED
    assert not list(other.parent.glob(".slingshift*"))


def test_two_commands_on_one_target_exclude_each_other(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    write(here / "F.config", UNSORTED)
    with locks.hold(state.prepare(), [str(here)]):
        assert run(["fmt", "."]) == 4
    assert b"in use by another slingshift" in capsysbinary.readouterr().err
    assert (here / "F.config").read_bytes() == UNSORTED


def test_a_name_that_is_taken_stops_one_file_only(here: Path) -> None:
    for name in "FG":
        write(here / f"{name}.config", REPAIRED)
    write(here / "F.cfg.json", b"{}")
    assert run(["convert", ".", "--to", "cfg.json"]) == 4
    assert (here / "F.cfg.json").read_bytes() == b"{}"
    assert (here / "G.cfg.json").is_file()


# --- killed and refused -------------------------------------------------------------------------------------------


class Verb(World):
    """A verb at work on a folder."""

    def __init__(self, base: Path, command: Command, before: bytes) -> None:
        super().__init__(base)
        self.command, self.before = command, before
        self.state = base / "state" / "slingshift"

    def build(self) -> None:
        shutil.rmtree(self.base, ignore_errors=True)
        (self.base / "state").mkdir(parents=True)
        for name, mode in (("a/F.config", 0o640), ("a/b/G.config", 0o600), ("H.config", 0o444)):
            write(self.target / name, self.before, mode)

    def execute(self) -> None:
        assert run([*self.command, str(self.target)]) == 0


COMMANDS = {
    "fmt": (["fmt", "--quiet"], UNSORTED),
    "lint": (["lint", "--fix", "--quiet"], BLANK),
    "convert": (["convert", "--quiet", "--to", "cfg.json"], REPAIRED),
    "replace": (["convert", "--quiet", "--to", "xml", "--replace"], REPAIRED),
}


@pytest.fixture(params=COMMANDS)
def verb(
    request: pytest.FixtureRequest,
    fast_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    no_wait_for_the_disk: None,
) -> Verb:
    from migrate.cli.processes import jobs

    monkeypatch.setattr(jobs, "available", lambda: SERIAL)
    made = Verb(fast_path / "world", *COMMANDS[request.param])
    monkeypatch.setenv("XDG_STATE_HOME", str(made.state.parent))
    made.build()
    return made


@pytest.fixture
def old(verb: Verb) -> Tree:
    return verb.tree()


@pytest.fixture
def new(verb: Verb, old: Tree) -> Tree:
    verb.execute()
    result = verb.tree()
    assert result != old
    verb.build()
    return result


def test_killed_at_every_call(verb: Verb, old: Tree, new: Tree) -> None:
    met = set()
    at = 1
    while killed(verb.execute, at):
        # No file is ever anything but old or new, and nothing but a hidden file of ours stands beside them.
        for name, told in verb.tree().items():
            assert told in (old.get(name), new.get(name)) or Path(name).name.startswith(".slingshift-"), name
        outcome = settle_both_ways(verb, old, new)
        met.add(outcome)
        if outcome != "new":
            verb.execute()
        assert verb.tree() == new
        verb.build()
        at += STEP
    assert met >= {"old", "interrupted"}


def test_killed_at_every_call_without_a_journal(verb: Verb, old: Tree, new: Tree) -> None:
    _commit(verb)
    verb.command = [*verb.command, "--no-journal"]
    verb.save("before")
    met = set()
    at = 1
    while killed(verb.execute, at):
        tree = _files_of(verb)
        for name, told in tree.items():
            assert told in (old.get(name), new.get(name)) or Path(name).name.startswith(".slingshift-"), name
        assert interrupted(verb.state, []) is None
        assert list_runs(verb.state) == []
        met.add("new" if tree == new else "old" if tree == old else "between")
        write(verb.target / "other" / "I.config", verb.before)
        _git(verb.target, "add", "other")
        # The next run that writes removes what the killed one left, wherever it is.
        assert run([*verb.command, str(verb.target / "other")]) == 0
        assert not list(verb.base.rglob(".slingshift-*"))
        assert list((verb.state / "runs").iterdir()) == []
        verb.restore("before")
        at += STEP
    assert met >= {"old", "new", "between"}


@pytest.mark.usefixtures("no_wait_for_the_disk")
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("guard", [None, lambda files: {}], ids=["journal", "git"])
def test_refused_at_every_call(here: Path, code: int, guard: writing.Guard | None) -> None:
    """All is written, or nothing; and it says so."""
    at = 1
    while True:
        # Each run that is kept makes the next one longer.
        for folder in (here / "conf", state.locate(None)):
            shutil.rmtree(folder, ignore_errors=True)
        for name in ("F", "sub/G"):
            write(here / "conf" / f"{name}.config", UNSORTED, 0o640)
        write(here / "conf" / "H.config", REPAIRED, 0o640)
        before = tree_of(here)
        places = Places()
        places.add_folder("conf")
        writer = writing.Writer("test", places, guard=guard)
        for name in ("F", "sub/G"):
            writer.replace(f"conf/{name}.config", UNSORTED, SORTED)
        made = Made("conf/new/H.cfg.json", b"{}", "conf/H.config")
        writer.move(Move("conf/H.config", REPAIRED, (made,), goes=True))
        fault = Fault(at, code=code)
        with fault.active():
            written = writer.finish()
        if written.errors:
            assert tree_of(here) == before, fault.struck
            assert written.paths == set()
        else:
            assert tree_of(here / "conf")["new/H.cfg.json"] == (0o640, b"{}")
            assert not (here / "conf" / "H.config").exists()
            assert len(written.paths) == 4
        if not fault.struck:
            assert not written.errors
            return
        at += STEP


def _files_of(verb: Verb) -> Tree:
    return {name: told for name, told in verb.tree().items() if not name.startswith(".git")}


def _commit(verb: Verb) -> None:
    _git(verb.target, "init", "-q")
    _git(verb.target, "config", "core.autocrlf", "false")
    _git(verb.target, "add", ".")


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


# --- very many files ----------------------------------------------------------------------------------------------


@pytest.fixture
def many(here: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """So many files that they are made durable with one call."""
    if not syncing.is_many(syncing.MANY):
        pytest.skip("this system cannot make a file system durable with one call")
    monkeypatch.setattr(syncing, "MANY", 3)
    for number in range(6):
        write(here / f"sub{number % 2}" / f"F{number}.config", UNSORTED)
    return here


def test_many_files_are_made_durable_at_once(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = {"fsync": 0, "sync": 0}
    fsync, sync = os.fsync, syncing.sync_at_once
    monkeypatch.setattr(os, "fsync", lambda fd: (calls.update(fsync=calls["fsync"] + 1), fsync(fd))[1])
    monkeypatch.setattr(
        syncing, "sync_at_once", lambda fd: (calls.update(sync=calls["sync"] + 1), sync(fd))[1]
    )
    assert run(["fmt", "."]) == 0
    assert all(path.read_bytes() == SORTED for path in many.rglob("*.config"))
    # The journal's contents, the staged files; and one for each folder, small file of the journal and its folder.
    assert calls["sync"] == 2
    assert calls["fsync"] < 20
    assert undo().state == "undone"
    assert all(path.read_bytes() == UNSORTED for path in many.rglob("*.config"))


@pytest.mark.parametrize("at", [1, 2])
def test_what_cannot_be_made_durable_is_taken_back(
    many: Path, at: int, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    calls = []

    def fail(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == at:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(syncing, "sync_at_once", fail)
    before = tree_of(many)
    assert run(["fmt", "."]) == 4
    assert b"the disk reports a fault" in capsysbinary.readouterr().err
    assert tree_of(many) == before


# --- without a journal --------------------------------------------------------------------------------------------


@pytest.fixture
def repository(here: Path) -> Path:
    _git(here, "init", "-q")
    _git(here, "config", "core.autocrlf", "false")
    for name in ("clean", "staged", "dirty", "hidden", "blank name ü"):
        write(here / f"{name}.config", UNSORTED)
    _git(here, "add", ".")
    write(here / "staged.config", b'c="1"\nb="2"\n')
    _git(here, "add", "staged.config")
    for name in ("dirty", "hidden"):
        write(here / f"{name}.config", b'z="1"\ny="2"\n')
    _git(here, "update-index", "--assume-unchanged", "hidden.config")
    write(here / "untracked.config", UNSORTED)
    return here


def test_only_what_git_could_bring_back_is_written(
    repository: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    before = {path.name: path.read_bytes() for path in repository.glob("*.config")}
    assert run(["fmt", "--no-journal", "."]) == 4
    err = capsysbinary.readouterr().err.decode()
    changed = {p.name for p in repository.glob("*.config") if p.read_bytes() != before[p.name]}
    assert changed == {"clean.config", "staged.config", "blank name ü.config"}
    told = "not what git would bring back; not written without a journal"
    assert f"dirty.config: {told}" in err
    assert f"hidden.config: {told}" in err
    assert "untracked.config: not tracked by git; not written without a journal" in err
    assert "undo" not in err
    assert list_runs() == []
    _git(repository, "checkout", "--", ".")
    for name in changed:
        assert (repository / name).read_bytes() == before[name]


def test_line_ends_that_git_would_change_are_not_safe(here: Path) -> None:
    _git(here, "init", "-q")
    (here / ".gitattributes").write_bytes(b"*.config text eol=crlf\n")
    for name in "FG":
        write(here / f"{name}.config", UNSORTED.replace(b"\n", b"\r\n"))
    _git(here, "add", ".")
    # Git calls this file unchanged, and would write other bytes.
    write(here / "G.config", UNSORTED)
    assert run(["fmt", "--no-journal", "."]) == 4
    assert (here / "F.config").read_bytes() == SORTED
    assert (here / "G.config").read_bytes() == UNSORTED


def test_each_work_tree_answers_for_its_own_files(here: Path) -> None:
    for name in ("outer", "outer/inner"):
        write(here / name / "F.config", UNSORTED)
    _git(here / "outer" / "inner", "init", "-q")
    _git(here / "outer" / "inner", "config", "core.autocrlf", "false")
    _git(here / "outer" / "inner", "add", ".")
    assert run(["fmt", "--no-journal", "outer"]) == 4
    assert (here / "outer/inner/F.config").read_bytes() == SORTED
    assert (here / "outer/F.config").read_bytes() == UNSORTED


def test_convert_without_a_journal_needs_a_work_tree(here: Path) -> None:
    write(here / "plain" / "F.config", REPAIRED)
    write(here / "tree" / "F.config", REPAIRED)
    _git(here / "tree", "init", "-q")
    assert run(["convert", "--no-journal", "--to", "cfg.json", "."]) == 4
    assert not (here / "plain/F.cfg.json").exists()
    assert (here / "tree/F.cfg.json").exists()


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_json_says_why_a_file_stays(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes], dry: list[str]
) -> None:
    import zipfile

    write(here / "plain" / "F.config", REPAIRED)
    write(here / "tree" / "G.config", REPAIRED)
    write(here / "tree" / "META-INF/vault/filter.xml", b'<workspaceFilter version="1.0"/>')
    _git(here / "tree", "init", "-q")
    with zipfile.ZipFile(here / "p.zip", "w") as archive:
        archive.writestr("jcr_root/apps/x/config/H.config", REPAIRED)
    command = ["convert", "--no-journal", "--to", "cfg.json", "--format", "json", "plain", "tree", "p.zip"]
    assert run([*command, *dry]) == 4
    rows = json.loads(capsysbinary.readouterr().out)["files"]
    assert [(row["path"], row["state"], row["message"], row["to"]) for row in rows] == [
        (
            "plain/F.config",
            "failed",
            "plain/F.config: in no work tree of git; not written without a journal",
            None,
        ),
        ("tree/G.config", "pending" if dry else "written", "", "tree/G.cfg.json"),
        (
            "p.zip!/jcr_root/apps/x/config/H.config",
            "failed",
            "p.zip: a package is not written without a journal",
            None,
        ),
    ]
    assert (here / "tree/G.cfg.json").exists() != bool(dry)


def test_json_says_why_nothing_could_be_written(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    from migrate.runs import apply as running
    from migrate.runs.errors import ApplyError, Kind

    def fail(*_: object, **__: object) -> None:
        raise ApplyError(Kind.IO, "F.cfg.json: No space left on device")

    write(here / "F.config", REPAIRED)
    monkeypatch.setattr(running, "execute", fail)
    assert run(["convert", "--to", "cfg.json", "--format", "json", "F.config"]) == 4
    (row,) = json.loads(capsysbinary.readouterr().out)["files"]
    assert (row["state"], row["message"]) == ("failed", "F.cfg.json: No space left on device")


def test_json_says_why_a_package_could_not_be_written(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    import zipfile

    from migrate.runs import apply as running
    from migrate.runs.errors import ApplyError, Kind

    def fail(*_: object, **__: object) -> None:
        raise ApplyError(Kind.IO, "No space left on device")

    with zipfile.ZipFile(here / "p.zip", "w") as archive:
        archive.writestr("jcr_root/apps/x/config/F.config", REPAIRED)
    monkeypatch.setattr(running, "apply_changes", fail)
    assert run(["convert", "--to", "cfg.json", "--format", "json", "p.zip"]) == 4
    (row,) = json.loads(capsysbinary.readouterr().out)["files"]
    assert (row["state"], row["message"]) == ("failed", "p.zip: No space left on device")


def test_json_says_which_follower_keeps_a_file(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    old = write(here / "jcr_root/apps/x/config/com.example.F.config", REPAIRED)
    root = b'<filter root="/apps/x/config/com.example.F.config"/>'
    names = write(
        here / "META-INF/vault/filter.xml", b'<workspaceFilter version="1.0">%b</workspaceFilter>' % root
    )
    _git(here, "init", "-q")
    _git(here, "add", "-A")
    names.write_bytes(names.read_bytes() + b"\n")
    command = ["convert", "--replace", "--no-journal", "--to", "cfg.json", "--format", "json", "."]
    assert run(command) == 4
    (row,) = json.loads(capsysbinary.readouterr().out)["files"]
    assert row["state"] == "failed"
    assert row["message"].startswith("META-INF/vault/filter.xml: ")
    assert old.read_bytes() == REPAIRED


def test_without_git_nothing_is_written_without_a_journal(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert run(["fmt", "--no-journal", "clean.config"]) == 4
    assert b"git cannot be asked" in capsysbinary.readouterr().err
    assert (repository / "clean.config").read_bytes() == UNSORTED


def test_packages_need_the_journal(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    import zipfile

    with zipfile.ZipFile(here / "p.zip", "w") as archive:
        archive.writestr("jcr_root/apps/x/config/F.config", UNSORTED)
    before = (here / "p.zip").read_bytes()
    assert run(["fmt", "--no-journal", "p.zip"]) == 4
    assert b"p.zip: a package is not written without a journal" in capsysbinary.readouterr().err
    assert (here / "p.zip").read_bytes() == before


# --- convert ------------------------------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_be_made(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    write(here / "F.config", b'a=I"1"\n')
    write(here / "G.config", b'a="x=="\n')
    before = tree_of(here)
    assert run(["convert", "--dry-run", "--to", "cfg.json", "."]) == 3
    out, err = capsysbinary.readouterr()
    assert out == (
        b"diff --git a/F.cfg.json b/F.cfg.json\nnew file mode 100644\n--- /dev/null\n+++ b/F.cfg.json\n"
        b'@@ -0,0 +1,3 @@\n+{\n+  "a:Integer":1\n+}\n\\ No newline at end of file\n'
    )
    assert b"1 of 2 files would be converted" in err
    assert run(["convert", "--dry-run", "--to", "cfg.json", "--quiet", "F.config"]) == 1
    out, err = capsysbinary.readouterr()
    assert (out.count(b"new file mode"), err) == (1, b"")
    assert tree_of(here) == before


def test_what_was_converted_as_json(here: Path, slingshift: Callable[..., object]) -> None:
    write(here / "F.config", b'a=I"1"\n')
    write(here / "G.config", b'a="x=="\n')
    write(here / "H.config", b'a="1"\n')
    write(here / "I.config", b'a="1"\n')
    write(here / "I.xml", b"")
    ended = slingshift("convert", "--to", "xml", "--format", "json", ".")
    assert ended.code == 4  # type: ignore[attr-defined]
    shown = json.loads(ended.out)  # type: ignore[attr-defined]
    assert (shown["version"], shown["dryRun"]) == (1, False)
    rows = {row["path"]: (row["state"], row["to"], row["losses"]) for row in shown["files"]}
    assert rows == {
        "./F.config": ("refused", None, ["a: Integer becomes Long"]),
        "./G.config": ("refused", None, []),
        "./H.config": ("written", "./H.xml", []),
        "./I.config": ("failed", None, []),
    }
    assert all(row["message"] for row in shown["files"] if row["state"] != "written")


@pytest.mark.parametrize("extra", [["--dry-run"], ["--format", "json"]])
def test_standard_input_is_only_converted(extra: Command) -> None:
    assert run(["convert", "-", "--to", "xml", *extra]) == 2


def test_quiet_says_nothing_but_errors(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    write(here / "F.config", b'a=I"1"\n')
    assert run(["convert", ".", "--to", "xml", "--allow-lossy", "-q"]) == 0
    assert capsysbinary.readouterr() == (b"./F.xml\n", b"")
