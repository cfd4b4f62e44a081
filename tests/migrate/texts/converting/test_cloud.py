"""`convert --to cfg.json --platform cloud`: a tree as the Cloud Service wants it, and nothing to do the second time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.values import Value
from migrate.cli.app import run
from migrate.runs.apply import list_runs
from migrate.runs.undo import undo
from migrate.texts import listing
from migrate.texts.converting.cloud import Cloud
from migrate.texts.converting.naming import NamingError
from migrate.texts.repository import explaining
from tests.faults import tree_of

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"\n'
    '    jcr:primaryType="{}"'
)
CANARY = "canary-4711-secret"
APPS = "ui/jcr_root/apps/x"
FILTER = "ui/META-INF/vault/filter.xml"
FILES = {
    FILTER: '<workspaceFilter version="1.0">\n    <filter root="/apps/x/config.prod.author"/>\n'
    '    <filter root="/apps/x/config"/>\n</workspaceFilter>\n',
    f"{APPS}/config/com.e.F-one.config": f'a=I"1"\nsmtp.password="{CANARY}"\nservice.ranking=L"5"\n',
    f"{APPS}/config/com.e.S.cfg.json": '// stays as it is\n{ "b" : 1 }\n',
    f"{APPS}/config.prod.author/.content.xml": HEAD.format("sling:Folder") + "/>\n",
    f"{APPS}/config.prod.author/com.e.T-two.cfg.json": f'// mine\n{{"api.key": "{CANARY}", "c": 1}}\n',
    f"{APPS}/config.prod.author/sub/com.e.U.xml": HEAD.format("sling:OsgiConfig")
    + '\n    service.ranking="{Long}7"/>\n',
}
SECRET = "$[secret:COM_E_{}]"
AFTER = {
    f"{APPS}/config/com.e.F~one.cfg.json": '{\n  "a:Integer":1,\n  "smtp.password":'
    f'"{SECRET.format("F_ONE_SMTP_PASSWORD")}",\n  "service.ranking:Integer":5\n}}',
    f"{APPS}/config/com.e.S.cfg.json": FILES[f"{APPS}/config/com.e.S.cfg.json"],
    f"{APPS}/config.author.prod/.content.xml": FILES[f"{APPS}/config.prod.author/.content.xml"],
    f"{APPS}/config.author.prod/com.e.T~two.cfg.json": '// mine\n{"api.key": '
    f'"{SECRET.format("T_TWO_API_KEY")}", "c": 1}}\n',
    f"{APPS}/config.author.prod/sub/com.e.U.cfg.json": '{\n  "service.ranking:Integer":7\n}',
}
COMMAND = ["convert", "ui", "--to", "cfg.json", "--platform", "cloud"]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def contents(root: Path) -> dict[str, str]:
    return {str(p.relative_to(root)): p.read_text() for p in root.rglob("*") if p.is_file()}


def test_a_tree_moves(tree: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    before = tree_of(tree)
    assert run([*COMMAND, "--placeholders", "--dry-run"]) == 1
    shown = capsysbinary.readouterr()
    assert tree_of(tree) == before
    assert run([*COMMAND, "--placeholders"]) == 0
    said = capsysbinary.readouterr()
    after = contents(tree)
    roots = re.findall(r'root="([^"]*)"', after.pop(FILTER))
    assert after == AFTER
    assert roots == ["/apps/x/config.prod.author", "/apps/x/config.author.prod", "/apps/x/config"]
    assert not (tree / APPS / "config.prod.author").exists()
    assert b"to create: the secret COM_E_F_ONE_SMTP_PASSWORD (smtp.password of ui/" in said.err
    assert CANARY.encode() not in b"".join((*shown, *said))
    assert run([*COMMAND, "--placeholders", "--dry-run"]) == 0
    assert run([*COMMAND, "--placeholders"]) == 0
    assert contents(tree).keys() - {FILTER} == AFTER.keys()
    (done,) = list_runs()
    undo(done.id)
    assert tree_of(tree) == before


def test_secrets_stay_without_a_word_about_placeholders(
    tree: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(COMMAND) == 0
    out, err = capsysbinary.readouterr()
    assert b"secrets in clear: 2; --placeholders puts $[secret:NAME] in their place" in err
    # They are there still when there is nothing else to do.
    assert run(COMMAND) == 0
    assert b"secrets in clear: 2;" in capsysbinary.readouterr().err
    assert CANARY.encode() not in out + err
    assert CANARY in contents(tree)[f"{APPS}/config.author.prod/com.e.T~two.cfg.json"]
    # Asked for afterwards, only the texts change, and nothing beside the secret.
    assert run([*COMMAND, "--placeholders"]) == 0
    assert (
        contents(tree)[f"{APPS}/config.author.prod/com.e.T~two.cfg.json"]
        == (AFTER[f"{APPS}/config.author.prod/com.e.T~two.cfg.json"])
    )


def test_the_names_to_create_as_json(tree: Path, slingshift: Callable[..., Any]) -> None:
    ended = slingshift(*COMMAND, "--placeholders", "--format", "json")
    assert (ended.code, CANARY in ended.out + ended.err) == (0, False)
    shown = json.loads(ended.out)
    assert {secret["name"]: secret["property"] for secret in shown["secrets"]} == {
        "COM_E_F_ONE_SMTP_PASSWORD": "smtp.password",
        "COM_E_T_TWO_API_KEY": "api.key",
    }
    assert shown["followers"] == [FILTER]


def test_run_modes_that_the_cloud_has_not_are_refused_by_name(
    tree: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    for modes, why in (
        ("qa", "no run mode 'qa'"),
        ("author.publish", "author and publish are never on together"),
    ):
        path = tree / APPS / f"config.{modes}" / "com.e.Q.config"
        path.parent.mkdir()
        path.write_text('q="1"\n')
        assert run(["convert", "ui", "--to", "cfg.json", "--platform", "cloud", "--dry-run"]) == 3
        assert why in capsysbinary.readouterr().err.decode()
        path.unlink()
        path.parent.rmdir()


def test_two_files_that_become_one_are_a_conflict(
    tree: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    twin = tree / APPS / "config.author.prod" / "com.e.T~two.config"
    twin.parent.mkdir()
    twin.write_text('d="1"\n')
    assert run(COMMAND) == 4
    err = capsysbinary.readouterr().err.decode()
    assert "com.e.T~two.cfg.json: is there already; not overwritten" in err
    assert (tree / APPS / "config.prod.author" / "com.e.T-two.cfg.json").exists()
    # What describes the folder follows its files, one way or the other.
    assert (tree / APPS / "config.author.prod" / ".content.xml").exists()


@pytest.mark.parametrize(
    ("target", "folder", "expected"),
    [
        (".", "./jcr_root/apps/x/config.prod.author", "./jcr_root/apps/x/config.author.prod"),
        ("/r", "/r/jcr_root/apps/x/install.stage", "/r/jcr_root/apps/x/config.stage"),
        ("/r", "/r/jcr_root/apps/x/config.sdk", "/r/jcr_root/apps/x/config.sdk"),
        ("/r", "/r/jcr_root/apps/x/config.rde.author", "/r/jcr_root/apps/x/config.author.rde"),
        ("/r", "/r/jcr_root/apps/x/install/sub", "/r/jcr_root/apps/x/config/sub"),
        ("/r", "/r/jcr_root/apps/x/config.dev.dev/sub/a", "/r/jcr_root/apps/x/config.dev/sub/a"),
        ("p.zip", "p.zip!/jcr_root/apps/x/config.dev.publish", "p.zip!/jcr_root/apps/x/config.publish.dev"),
        ("/r", "/r/config.prod.author", "/r/config.prod.author"),
        # The Cloud's build takes configurations from folders of any depth.
        ("/r", "/r/jcr_root/apps/a/b/c/config.prod.author", "/r/jcr_root/apps/a/b/c/config.author.prod"),
        ("/r", "/r/jcr_root/apps/x/config/config", "/r/jcr_root/apps/x/config/config"),
    ],
)
def test_run_modes_stand_in_the_clouds_order(target: str, folder: str, expected: str) -> None:
    assert Cloud(target).folder(folder) == expected


@pytest.mark.parametrize("folder", ["config/config.author", "config.author/config", "config.dev/config.prod"])
def test_what_the_two_take_by_other_run_modes_stays(folder: str) -> None:
    with pytest.raises(NamingError, match="takes it by the run modes of /apps/x/config"):
        Cloud("/r").folder(f"/r/jcr_root/apps/x/{folder}/sub")


@pytest.mark.parametrize(
    ("old", "new", "root"),
    [
        ("config.prod.author", "config.author.prod", "config.prod.author"),
        ("install/sub", "config/sub", "install"),
        ("config.prod.author/sub/a", "config.author.prod/sub/a", "config.prod.author/sub"),
    ],
)
def test_a_root_of_the_filter_that_names_the_folder_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, root: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILTER).parent.mkdir(parents=True)
    (tmp_path / FILTER).write_text(
        f'<workspaceFilter version="1.0">\n  <filter root="/apps/x/{root}"/>\n</workspaceFilter>\n'
    )
    # Nothing describes the folder itself.
    file = tmp_path / APPS / old / "com.e.B.config"
    file.parent.mkdir(parents=True)
    file.write_text('a="b"\n')
    before = tree_of(tmp_path)
    assert run(COMMAND) == 0
    assert contents(tmp_path).keys() == {FILTER, f"{APPS}/{new}/com.e.B.cfg.json"}
    roots = re.findall(r'root="/apps/x/([^"]*)"', (tmp_path / FILTER).read_text())
    assert roots == [root, root.replace(old.partition("/")[0], new.partition("/")[0])]
    assert run([*COMMAND, "--dry-run"]) == 0
    undo(list_runs()[0].id)
    assert tree_of(tmp_path) == before


def test_configurations_leave_the_folder_of_the_bundles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    old, new = (tmp_path / APPS / name for name in ("install.author", "config.author"))
    old.mkdir(parents=True)
    (old / ".content.xml").write_text(HEAD.format("sling:Folder") + "/>\n")
    (old / "com.e.B.config").write_text('a="b"\n')
    (old / "bundle.jar").write_bytes(b"PK")
    assert run(COMMAND) == 0
    assert sorted(path.name for path in old.iterdir()) == [".content.xml", "bundle.jar"]
    assert [path.name for path in new.iterdir()] == ["com.e.B.cfg.json"]
    assert run([*COMMAND, "--dry-run"]) == 0


def test_a_folder_with_configurations_of_its_own_moves_with_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    old, new = (tmp_path / APPS / name for name in ("config.prod.author", "config.author.prod"))
    old.mkdir(parents=True)
    element = (
        '><com.e.A jcr:primaryType="sling:OsgiConfig" a="b"/><sub jcr:primaryType="nt:folder"/></jcr:root>\n'
    )
    (old / ".content.xml").write_text(HEAD.format("sling:Folder") + element)
    (old / "com.e.B.config").write_text('a="b"\n')
    assert run(COMMAND) == 0
    assert not list(old.glob("*"))
    assert sorted(path.name for path in new.iterdir()) == [
        ".content.xml",
        "com.e.A.cfg.json",
        "com.e.B.cfg.json",
    ]
    assert b"com.e.A" not in (new / ".content.xml").read_bytes()
    assert run([*COMMAND, "--dry-run"]) == 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("com.e.F-a.config.config", "com.e.F~a.config.cfg.json"),
        ("com.e.F~a.config.cfg.json", "com.e.F~a.config.cfg.json"),
        ("com.e.LogManager.factory.config-x.config", "com.e.LogManager.factory.config~x.cfg.json"),
        ("com.e.S.config.config", "com.e.S.config.cfg.json"),
    ],
)
def test_what_looks_like_an_extension_is_a_part_of_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / APPS / "config").mkdir(parents=True)
    (tmp_path / APPS / "config" / name).write_text('{"a": 1}' if name.endswith("json") else 'a=L"1"\n')
    assert run(COMMAND) == 0
    assert [path.name for path in (tmp_path / APPS / "config").iterdir()] == [expected]


def test_the_target_itself_is_not_renamed(tree: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    before = contents(tree)
    named = f"{APPS}/config.prod.author"
    assert run(["convert", named, "--to", "cfg.json", "--platform", "cloud"]) == 3
    assert b"becomes config.author.prod, and is the target itself" in capsysbinary.readouterr().err
    assert contents(tree) == before
    with pytest.raises(NamingError):
        Cloud(named).folder(f"{named}/sub")


@given(st.text(st.sampled_from("aZ.~-_ ü9"), min_size=1, max_size=120), st.text("ab.-_9", max_size=60))
def test_names_of_secrets_are_names_that_the_cloud_takes(node: str, name: str) -> None:
    values = Cloud("/", placeholders=True).values(node, {f"{name}.password": Value.array(["x-1", "y-1"])})
    texts = [str(item) for item in values[f"{name}.password"].items]
    found = [re.fullmatch(r"\$\[secret:([A-Za-z_]\w{1,99})\]", text, re.ASCII) for text in texts]
    assert all(found)
    assert texts[0] != texts[1]
    assert not any(
        text.startswith(("$[secret:ADOBE_", "$[secret:AEM_", "$[secret:INTERNAL_")) for text in texts
    )


def test_of_a_list_only_what_has_no_placeholder_gets_one() -> None:
    before = {"password": Value.array(["$[secret:OLD]", "key-1"])}
    after = Cloud("/", placeholders=True).values("com.e.S", before)["password"]
    assert after == Value.array(["$[secret:OLD]", "$[secret:COM_E_S_PASSWORD_2]"])


def test_a_number_stays_and_is_named_as_what_it_is(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "com.e.S.cfg.json").write_text('{"user.pin": 481516}')
    assert run(["convert", str(tmp_path), *COMMAND[2:], "--placeholders"]) == 0
    out, err = capsysbinary.readouterr()
    assert b"secrets in clear: 1; they are numbers, which are left to you" in err
    assert (b"--placeholders" in err, b"481516" in out + err) == (False, False)


def test_a_placeholder_or_an_empty_text_is_no_secret_in_clear() -> None:
    values = {
        "password": Value.string("$[secret:A]"),
        "token": Value.string(""),
        "api.key": Value.string("key-1"),
        "apiKeyHeader": Value.string("X-Api-Key"),
        "keystore.password.path": Value.string("/etc/keys"),
        "proxy.password": Value.string("none"),
    }
    aim = Cloud("/", placeholders=True)
    assert aim.secrets(values) == 1
    after = aim.values("com.e.F~x", values)
    assert {name for name in values if after[name] != values[name]} == {"api.key"}
    # What the old instance has encrypted is no secret in clear, but the Cloud cannot read it.
    protected = {"password": Value.string(f"{{{'0a' * 16}}}")}
    assert (aim.secrets(protected), aim.values("com.e.S", protected) != protected) == (0, True)
    assert aim.variables("com.e.F~x", after) == (("A", "password"), ("COM_E_F_X_API_KEY", "api.key"))


@pytest.mark.parametrize("active", [["author"], ["author", "prod"], ["publish", "dev"], []])
def test_aem_takes_the_same_configurations_before_and_after(tree: Path, active: list[str]) -> None:
    def taken() -> dict[str, list[tuple[object, object]]]:
        found = explaining.explain(listing.listing(["ui"]).items, active)
        winners = {}
        for pid in found.entries:
            ((_, decision),) = found.decisions(pid)
            assert not decision.is_tie
            if decision.winner is not None:
                entry = found.entry(pid, decision.winner)
                winners[pid] = sorted((str(one["name"]), one["value"]) for one in entry.properties)
        return winners

    # One PID in a folder for all run modes and in one for some.
    (tree / APPS / "config.prod.author" / "com.e.S.config").write_text('b=L"2"\n')
    before = taken()
    assert run(COMMAND) == 0
    assert taken() == before
    assert len(before) == (4 if active == ["author", "prod"] else 2)
    assert before["com.e.S"] == [("b", 2 if active == ["author", "prod"] else 1)]


def test_no_secret_is_asked_for_by_a_file_that_stays(tree: Path, slingshift: Callable[..., Any]) -> None:
    text = FILES[FILTER].replace('"/apps/x/config"/>', '"/apps/x/config" mode="merge"/>')
    (tree / FILTER).write_text(text)
    ended = slingshift(*COMMAND, "--placeholders", "--format", "json")
    assert ended.code == 3
    assert [secret["property"] for secret in json.loads(ended.out)["secrets"]] == ["api.key"]


def test_values_that_the_cloud_loads_otherwise_are_refused(
    tree: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tree / APPS / "config" / "com.e.D.cfg.json").write_text('{"a": [1, 2.5]}')
    (tree / APPS / "config" / "com.e.E.xml").write_text(HEAD.format("sling:OsgiConfig") + ' a="[]"/>\n')
    before = (tree / APPS / "config" / "com.e.D.cfg.json").read_bytes()
    assert run(COMMAND) == 3
    err = capsysbinary.readouterr().err.decode()
    assert "com.e.D.cfg.json" in err
    assert (tree / APPS / "config" / "com.e.D.cfg.json").read_bytes() == before
    assert (tree / APPS / "config" / "com.e.E.cfg.json").read_text() == '{\n  "a":[\n  ]\n}'
