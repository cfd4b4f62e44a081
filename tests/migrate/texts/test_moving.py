"""`convert --replace`: the old files go, and what of a package names them follows, in sources as in packages."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from migrate.cli.app import run
from migrate.runs.apply import list_runs
from migrate.runs.undo import undo
from tests.faults import tree_of

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"\n'
    '    jcr:primaryType="{}"'
)
OSGI = HEAD.format("sling:OsgiConfig") + '\n    a="1"/>\n'
FOLDER = (
    HEAD.format("sling:Folder")
    + '>\n    <com.e.N_x007e_x jcr:primaryType="sling:OsgiConfig" b="2"/>\n    <com.e.A.config/>\n</jcr:root>\n'
)
CONFIG = "jcr_root/apps/x/config"
FILES = {
    "META-INF/vault/filter.xml": (
        '<workspaceFilter version="1.0">\n'
        '    <filter root="/apps/x/config/com.e.A.config"/>\n'
        '    <filter root="/apps/x/config/com.e.B"/>\n'
        '    <filter root="/apps/x/config/com.e.N~x"/>\n'
        '    <filter root="/apps/y"/>\n'
        "</workspaceFilter>\n"
    ),
    "META-INF/MANIFEST.MF": "Manifest-Version: 1.0\r\nContent-Package-Roots: /apps/x/config/com.e.B,/apps/y\r\n\r\n",
    f"{CONFIG}/com.e.A.config": '# head\na="1"\n',
    f"{CONFIG}/com.e.A.config.dir/.content.xml": HEAD.format("nt:file") + "/>\n",
    f"{CONFIG}/com.e.B.xml": OSGI,
    f"{CONFIG}/.content.xml": FOLDER,
    "jcr_root/apps/y/config/com.e.C.config": 'c="3"\n',
}
AFTER = {
    f"{CONFIG}/com.e.A.cfg.json": '// head\n{\n  "a":"1"\n}',
    f"{CONFIG}/com.e.B.cfg.json": '{\n  "a":"1"\n}',
    f"{CONFIG}/com.e.N~x.cfg.json": '{\n  "b":"2"\n}',
    "jcr_root/apps/y/config/com.e.C.cfg.json": '{\n  "c":"3"\n}',
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sources(root: Path) -> Path:
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())
    return root


def package(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)
    return path


def contents(target: Path) -> dict[str, str]:
    if target.is_dir():
        return {
            str(path.relative_to(target)): path.read_bytes().decode()
            for path in target.rglob("*")
            if path.is_file()
        }
    with zipfile.ZipFile(target) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture(params=["sources", "package"])
def target(request: pytest.FixtureRequest, here: Path) -> Path:
    return sources(here / "ui") if request.param == "sources" else package(here / "ui.zip")


def test_the_new_form_takes_the_place_of_the_old(target: Path) -> None:
    before = target.read_bytes() if target.is_file() else tree_of(target)
    assert run(["convert", target.name, "--to", "cfg.json", "--replace", "-q"]) == 0
    after = contents(target)
    assert {name: text for name, text in after.items() if name.endswith(".cfg.json")} == AFTER
    others = after.keys() - AFTER.keys()
    assert others == {"META-INF/vault/filter.xml", "META-INF/MANIFEST.MF", f"{CONFIG}/.content.xml"}
    for root in ("com.e.A.config", "com.e.A.cfg.json", "com.e.B", "com.e.B.cfg.json", "com.e.N~x.cfg.json"):
        assert f'root="/apps/x/config/{root}"' in after["META-INF/vault/filter.xml"]
    assert "/apps/x/config/com.e.B.cfg.json" in after["META-INF/MANIFEST.MF"].replace("\r\n ", "")
    # The element that gave a file its place goes with the file, and the configuration with its element.
    assert after[f"{CONFIG}/.content.xml"] == HEAD.format("sling:Folder") + ">\n</jcr:root>\n"
    assert run(["convert", target.name, "--to", "cfg.json", "--replace"]) == 0
    assert contents(target) == after
    (done,) = list_runs()
    assert undo(done.id).state == "undone"
    assert (target.read_bytes() if target.is_file() else tree_of(target)) == before


def test_without_it_a_twin_is_left_and_named(
    target: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    before = contents(target)
    assert run(["convert", target.name, "--to", "cfg.json"]) == 0
    err = capsysbinary.readouterr().err.decode()
    assert "4 old files stay, and AEM takes one of the two forms of each PID; --replace removes them" in err
    after = contents(target)
    kept = before.keys() - {"META-INF/vault/filter.xml", "META-INF/MANIFEST.MF"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert {name: after[name] for name in AFTER} == AFTER
    assert 'root="/apps/x/config/com.e.A.cfg.json"' in after["META-INF/vault/filter.xml"]


def test_a_dry_run_is_one_diff_that_writes_nothing(
    target: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    before = contents(target)
    assert run(["convert", target.name, "--to", "cfg.json", "--replace", "--dry-run"]) == 1
    out = capsysbinary.readouterr().out.decode()
    start = f"{target.name}{'!' if target.is_file() else ''}/"
    heads = [line.split(" ")[2] for line in out.split("\n") if line.startswith("diff --git ")]
    changed = {*AFTER, *FILES}
    assert heads == sorted(f"a/{start}{name}" for name in changed)
    assert contents(target) == before
    assert list_runs() == []


def test_git_applies_the_diff(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    sources(here / "ui")
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "config", "core.autocrlf", "false"], check=True)
    assert run(["convert", "ui", "--to", "cfg.json", "--replace", "--dry-run"]) == 1
    patch = capsysbinary.readouterr().out
    subprocess.run(["git", "apply", "-"], input=patch, check=True)
    applied = contents(here / "ui")
    for path in (here / "ui").rglob("*"):
        if path.is_file():
            path.unlink()
    sources(here / "ui")
    assert run(["convert", "ui", "--to", "cfg.json", "--replace"]) == 0
    assert applied == contents(here / "ui")


def test_what_a_filter_has_against_it_keeps_a_configuration_where_it_is(
    target: Path, slingshift: Callable[..., Any]
) -> None:
    name = "META-INF/vault/filter.xml"
    text = FILES[name].replace('/com.e.A.config"/>', '/com.e.A.config" mode="merge"/>')
    if target.is_dir():
        (target / name).write_text(text)
    else:
        rest = contents(target) | {name: text}
        with zipfile.ZipFile(target, "w") as archive:
            for entry, data in rest.items():
                archive.writestr(entry, data)
    ended = slingshift("convert", target.name, "--to", "cfg.json", "--replace", "--format", "json")
    assert ended.code == 3, ended.err
    states = {row["path"].rpartition("/")[2]: row["state"] for row in json.loads(ended.out)["files"]}
    assert states["com.e.A.config"] == "refused"
    assert states["com.e.B.xml"] == states["com.e.C.config"] == "written"
    after = contents(target)
    assert after[f"{CONFIG}/com.e.A.config"] == FILES[f"{CONFIG}/com.e.A.config"]
    assert f"{CONFIG}/com.e.A.cfg.json" not in after
    assert f"{CONFIG}/com.e.A.config.dir/.content.xml" in after
    assert f"{CONFIG}/com.e.B.xml" not in after


@pytest.mark.parametrize("name", [CONFIG, f"{CONFIG}/com.e.A.config"])
def test_a_filter_outside_of_the_target_is_not_written(here: Path, name: str) -> None:
    sources(here / "ui")
    before = contents(here / "ui")
    assert run(["convert", f"ui/{name}", "--to", "cfg.json", "--replace"]) == 3
    after = contents(here / "ui")
    assert f"{CONFIG}/com.e.A.config" in after
    assert f"{CONFIG}/com.e.A.cfg.json" not in after
    assert after["META-INF/vault/filter.xml"] == before["META-INF/vault/filter.xml"]


def test_where_no_filter_names_it_a_single_file_moves(here: Path) -> None:
    sources(here / "ui")
    assert run(["convert", "ui/jcr_root/apps/y/config/com.e.C.config", "--to", "xml", "--replace"]) == 0
    assert [path.name for path in (here / "ui/jcr_root/apps/y/config").iterdir()] == ["com.e.C.xml"]


def test_git_answers_for_everything_that_changes(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    sources(here / "ui")
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "config", "core.autocrlf", "false"], check=True)
    subprocess.run(["git", "add", "ui/jcr_root"], check=True)
    before = contents(here / "ui")
    command = ["convert", "ui", "--to", "cfg.json", "--replace", "--no-journal"]
    assert run(command) == 4
    assert b"ui/META-INF/vault/filter.xml: not tracked by git" in capsysbinary.readouterr().err
    assert contents(here / "ui") == before
    subprocess.run(["git", "add", "ui"], check=True)
    assert run(command) == 0
    assert {name: contents(here / "ui")[name] for name in AFTER} == AFTER
    assert list_runs() == []


def test_kinds_of_losses_are_allowed_one_by_one(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (here / "F.config").write_text('a="1"\n# lost\nb=I"2"\n')
    for allowed, missing in (([], "comments,integer"), (["comments"], "integer"), (["integer"], "comments")):
        options = ["--allow", ",".join(allowed)] if allowed else []
        assert run(["convert", "F.config", "--to", "xml", *options]) == 3
        assert f"--allow {missing} converts it" in capsysbinary.readouterr().err.decode()
    assert run(["convert", "F.config", "--to", "xml", "--allow", "nothing"]) == 2
    assert run(["convert", "F.config", "--to", "xml", "--allow", "comments,integer"]) == 0
    (here / "F.xml").unlink()
    assert run(["convert", "F.config", "--to", "xml", "--allow-lossy"]) == 0


@pytest.mark.parametrize(
    "options",
    [
        ["--replace", "--out", "x"],
        ["--platform", "cloud", "--out", "x"],
        ["--platform", "cloud", "--to", "xml"],
        ["--placeholders"],
    ],
)
def test_options_that_contradict_each_other_are_refused(here: Path, options: list[str]) -> None:
    (here / "F.config").write_text('a="1"\n')
    to = [] if "--to" in options else ["--to", "cfg.json"]
    assert run(["convert", "F.config", *to, *options]) == 2
    assert [path.name for path in here.iterdir()] == ["F.config"]


def test_what_stands_below_a_node_is_not_lost(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    for name, text in (("F/.content.xml", OSGI), ("F/child.txt", "x"), ("G.xml", OSGI), ("G/a/b.txt", "y")):
        path = here / "ui" / CONFIG / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (here / "ui" / CONFIG / "H.config").write_text('a="1"\n')
    before = contents(here / "ui")
    assert run(["convert", "ui", "--to", "cfg.json", "--replace"]) == 3
    err = capsysbinary.readouterr().err.decode()
    assert "F/.content.xml: child.txt is a part of this node, and would be lost [child-nodes]" in err
    assert "G.xml: a/b.txt is a part of this node" in err
    after = contents(here / "ui")
    assert after == {name: text for name, text in before.items() if not name.endswith("H.config")} | {
        f"{CONFIG}/H.cfg.json": '{\n  "a":"1"\n}'
    }


def test_a_folder_that_stood_for_a_node_goes_with_it(here: Path) -> None:
    path = here / "ui" / CONFIG / "F" / ".content.xml"
    path.parent.mkdir(parents=True)
    path.write_text(OSGI)
    assert run(["convert", "ui", "--to", "cfg.json", "--replace"]) == 0
    assert [p.name for p in (here / "ui" / CONFIG).iterdir()] == ["F.cfg.json"]
