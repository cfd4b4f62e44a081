"""Which files lint looks at, and what it says of those that are none."""

from __future__ import annotations

import io
import json
import os
import socket
import sys
from pathlib import Path

import pytest

from migrate.cli.app import run
from migrate.cli.progress import Progress
from migrate.lint import check
from migrate.texts import listing


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


@pytest.mark.posix
def test_a_folder_names_what_only_looks_like_a_configuration(here: Path) -> None:
    os.mkfifo("pipe.config")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.xml")
    os.symlink("nowhere", "dangling.cfg.json")
    os.symlink("loop.config", "loop.config")
    (here / "there.config").write_text('a="1"\n')
    os.symlink("there.config", "link.config")
    os.mkdir("folder.config")
    found = listing.listing(["."])
    assert [item.path for item in found.items] == ["./there.config"]
    assert sorted(found.problems) == [
        "./dangling.cfg.json: No such file or directory",
        "./loop.config: Too many levels of symbolic links",
        "./pipe.config: not a regular file",
        "./socket.xml: not a regular file",
    ]


@pytest.mark.posix
def test_a_pipe_that_is_named_like_a_package_is_not_waited_for(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    os.mkfifo("pipe.zip")
    for verb in (["lint"], ["show"], ["fmt"], ["convert", "--to", "xml"]):
        assert run([*verb, "pipe.zip"]) == 4
        assert b"pipe.zip: not a regular file" in capsysbinary.readouterr().err


def test_standard_input(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    _stdin(monkeypatch, b'a="x="\n')
    assert run(["lint", "-"]) == 1
    assert capsysbinary.readouterr().out.startswith(b"-:1:5: error unescaped-equals")
    _stdin(monkeypatch, b'{"a":[1,"x"]}')
    assert run(["lint", "-", "--form", "cfg.json", "--format", "json"]) == 1
    assert json.loads(capsysbinary.readouterr().out)["hazards"][0]["rule"] == "json-mixed-array"
    _stdin(monkeypatch, b'# slingshift: x\nb="1"\na="2"\n')
    assert run(["fmt", "-"]) == 0
    assert capsysbinary.readouterr().out == b'# slingshift: x\r\na="2"\r\nb="1"\r\n'
    _stdin(monkeypatch, b'b="1"\na="2"\n')
    assert run(["fmt", "--check", "-"]) == 1
    assert capsysbinary.readouterr().out == b""
    _stdin(monkeypatch, b'b="1"\n')
    assert run(["convert", "-", "--to", "cfg.json"]) == 0
    assert capsysbinary.readouterr().out == b'{\n  "b":"1"\n}'
    _stdin(monkeypatch, b" " * (listing.MAX_BYTES + 1))
    assert run(["lint", "-"]) == 1
    assert b"too-large" in capsysbinary.readouterr().out
    assert run(["lint", "-", "--fix"]) == 2


def test_one_rule_does_not_fill_a_report() -> None:
    data = ("{" + ",".join('"a":1' for _ in range(1_000)) + "}").encode()
    hazards = check.check("F.cfg.json", data, "cfg.json")
    assert len(hazards) == check.MOST_OF_A_RULE
    assert hazards[-1].message.endswith("; 899 more of them below")
    assert not any("more of them" in hazard.message for hazard in hazards[:-1])


def test_a_rule_is_named_once_a_place() -> None:
    head = '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" jcr:primaryType="sling:OsgiConfig"'
    hazards = check.check("F.xml", rf'{head} a="\.\.\.\d"/>'.encode(), "xml")
    assert [hazard.rule for hazard in hazards] == ["xml-backslash"]


def test_xml_that_is_no_configuration_is_none_though_named(here: Path) -> None:
    head = '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" jcr:primaryType='
    (here / ".content.xml").write_text(f'{head}"sling:Folder"/>')
    (here / "dialog.xml").write_text(f'{head}"nt:unstructured"/>')
    assert run(["lint", ".content.xml", "dialog.xml"]) == 0
    (here / "F.xml").write_text(f'{head}"sling:osgiConfig"/>')
    assert run(["lint", "F.xml"]) == 1


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ('a"b.cfg.json', ["json-file-name"]),
        ("a:b.cfg.json", ["json-file-name"]),
        ("a b~c.cfg.json", []),
        ("_a_b.xml", ["xml-file-name"]),
        ("F-[1].xml", ["xml-file-name"]),
        ("__a_b.xml", []),
        ("F%7ex.xml", []),
        ("a:b.config", []),
    ],
)
def test_names_that_readers_stumble_over(name: str, rules: list[str]) -> None:
    head = '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" jcr:primaryType="sling:OsgiConfig"/>'
    data = head.encode() if name.endswith("xml") else b"{}" if name.endswith("json") else b""
    assert [hazard.rule for hazard in check.check(name, data, name.split(".", 1)[1])] == rules


@pytest.mark.parametrize("name", ["F-x.cfg.json", "F-x.xml"])
def test_a_pid_inside_differs_in_every_form(name: str) -> None:
    head = '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" jcr:primaryType="sling:OsgiConfig"'
    data = b'{"service.pid":"G"}' if name.endswith("json") else f'{head} service.pid="G"/>'.encode()
    assert [h.rule for h in check.check(name, data, name.split(".", 1)[1])] == ["pid-differs"]


def test_rules_by_pattern(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "a.cfg.json").write_text('{"a":[1,"x"]}')
    assert run(["lint", ".", "--ignore", "json-*"]) == 0
    assert run(["lint", ".", "--select", "xml-*"]) == 0
    assert run(["lint", ".", "--select", "json-mixed-*,bom"]) == 1
    capsysbinary.readouterr()
    assert run(["lint", ".", "--ignore", "json-mixed-arrays"]) == 2
    assert b"did you mean 'json-mixed-array'?" in capsysbinary.readouterr().err


def test_file_names_cannot_steer_the_output(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "a\n::error::\x1b[31m,b:c%.config").write_text("a=true\n")
    for arguments in (["lint", "."], ["fmt", "."], ["lint", ".", "--format", "markdown"], ["show", "."]):
        run(arguments)
        out, err = capsysbinary.readouterr()
        assert b"\x1b" not in out + err
        assert not any(line.startswith(b"::") for line in (out + err).splitlines())
    run(["lint", ".", "--format", "github"])
    line = capsysbinary.readouterr().out
    assert line.startswith(
        rb"::error file=a%0A%3A%3Aerror%3A%3A\x1b[31m%2Cb%3Ac%25.config,line=1,col=3,title="
    )
    assert line.count(b"\n") == 1


def test_the_bar_is_for_terminals_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress(2_000) as progress:
        progress(500)
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Progress(2_000) as progress:
        progress(500)
    shown = capsys.readouterr().err
    assert "500 of 2,000 files" in shown
    assert shown.endswith("\r\x1b[K")
    for quiet, total in ((True, 2_000), (False, 20)):
        with Progress(total, quiet=quiet) as progress:
            progress(10)
        assert capsys.readouterr().err == ""


def test_many_files_are_formatted_in_order(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    for number in range(450):
        (here / f"f{number:03}.config").write_text('b="1"\na="2"\n' if number % 2 else "a=true\n")
    assert run(["fmt", "."]) == 3
    lines = capsysbinary.readouterr().err.decode().splitlines()
    refused = [line.split(":")[1] for line in lines if line.startswith("slingshift: ")]
    changed = [line for line in lines if line.startswith("reformatted ")]
    assert (len(refused), len(changed)) == (225, 225)
    assert (refused, changed) == (sorted(refused), sorted(changed))
    assert lines[-2].startswith("225 files written; `slingshift undo ")
    assert lines[-1] == "225 of 450 files changed"
    assert (here / "f449.config").read_bytes() == b'a="2"\r\nb="1"\r\n'


def test_broken_bytes_are_not_replaced_in_silence(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = here / "a.config"
    path.write_bytes(b'b="\xe9"\na="1"\n')
    assert run(["convert", ".", "--to", "cfg.json"]) == 3
    assert b"lost: bytes that are not UTF-8" in capsysbinary.readouterr().err
    assert run(["fmt", "."]) == 0
    assert b"a.config:1:4: invalid-utf8: " in capsysbinary.readouterr().err
    assert path.read_bytes() == 'a="1"\r\nb="\ufffd"\r\n'.encode()


def test_fmt_names_what_its_layout_hides(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "a.config").write_text('a="x\\."\nb=B"yes"\nc="1"\nc="2"\nd="[1,2]"\n')
    assert run(["fmt", "a.config"]) == 0
    err = capsysbinary.readouterr().err.decode().splitlines()
    named = sorted(line.split(": ")[1] for line in err[:3])
    assert named == ["bad-boolean", "duplicate-key", "lost-backslash"]
    assert err[3] == "reformatted a.config"
    assert err[4].startswith("1 file written; `slingshift undo ")
    assert err[5:] == ["1 of 1 files changed"]
    assert run(["fmt", "a.config"]) == 0
    assert capsysbinary.readouterr().err == b"0 of 1 files changed\n"


def test_a_table_of_the_same_name_in_slingshift_toml(here: Path) -> None:
    (here / "a.config").write_text('a=B"yes"\n')
    (here / "slingshift.toml").write_text('[tool.slingshift]\nignore = ["bad-boolean"]\n')
    assert run(["lint", "a.config"]) == 0
    (here / "slingshift.toml").write_text("[tool.other]\n")
    assert run(["lint", "a.config"]) == 1


def test_fix_keeps_the_order_and_what_it_cannot_repair(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (here / "a.config").write_text('a="1="\nb=B"yes"\n')
    (here / "b.config").write_text("a=true\n")
    (here / "c.cfg.json").write_text("{}")
    (here / "c.config").write_text('a="1="\n')
    (here / ("d" * 248 + ".config")).write_text('a="1="\n')
    assert run(["lint", ".", "--fix", "--format", "json"]) == 1
    hazards = json.loads(capsysbinary.readouterr().out)["hazards"]
    assert [(h["path"], h["rule"]) for h in hazards] == [
        ("./a.config", "bad-boolean"),
        ("./b.config", "unquoted-value"),
        ("./c.config", "twin"),
    ]
    assert sorted(path.name[:9] for path in here.iterdir()) == [
        "a.config", "b.config", "c.cfg.jso", "c.config", "ddddddddd",
    ]  # fmt: skip


def test_a_type_that_no_repository_has_is_found_where_aem_looks(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder = here / "jcr_root/apps/site/config"
    folder.mkdir(parents=True)
    root = '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:sling="http{}://sling.apache.org/jcr/sling/1.0"'
    (folder / "A.xml").write_text(root.format("") + '\n jcr:primaryType="sling:osgiConfig" a="1"/>')
    (folder / "B.xml").write_text(root.format("s") + '\n jcr:primaryType="sling:OsgiConfig" a="1"/>')
    (folder / "C.xml").write_text(root.format("") + '\n jcr:primaryType="sling:OsgiConfig" a="osgiconfig"/>')
    child = '>\n<D jcr:primaryType="sling:OSGIConfig"/><E jcr:primaryType="sling:OsgiConfig"/></jcr:root>'
    (folder / ".content.xml").write_text(root.format("") + '\n jcr:primaryType="sling:Folder"' + child)
    assert run(["lint", ".", "--format", "json"]) == 1
    hazards = json.loads(capsysbinary.readouterr().out)["hazards"]
    assert [(Path(found["path"]).name, found["rule"], found["line"]) for found in hazards] == [
        (".content.xml", "xml-not-config", 3),
        ("A.xml", "xml-not-config", 2),
        ("B.xml", "xml-not-config", 2),
    ]
    assert "Write xmlns:sling=" in hazards[2]["message"]
    assert run(["show", "."]) == 3
    shown = json.loads(capsysbinary.readouterr().out)
    assert [Path(found["path"]).name for found in shown["rejected"]] == ["A.xml", "B.xml"]
    assert [Path(found["path"]).name for found in shown["configurations"]] == [".content.xml", "C.xml"]
