"""Configurations in a folder's ``.content.xml`` with a mistake: each is told of by its own PID."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.cli.app import run
from migrate.texts import listing, loads
from migrate.texts.repository.explaining import explain

CONFIG = 'jcr:primaryType="sling:OsgiConfig"'
UNKNOWN = f'<com.example.Two {CONFIG} b="{{Nope}}1"/>'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "jcr_root" / "apps" / "x" / "config" / ".content.xml"
    path.parent.mkdir(parents=True)
    return path


def write(file: Path, bad: str) -> None:
    file.write_text(
        '<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" '
        'xmlns:jcr="http://www.jcp.org/jcr/1.0" jcr:primaryType="sling:Folder">\n'
        f'<com.example.One {CONFIG} a="1"/>\n{bad}\n<com.example.Three {CONFIG} c="3"/>\n</jcr:root>\n'
    )


@pytest.mark.parametrize(
    ("bad", "winners"),
    [
        (UNKNOWN, {"com.example.One": True, "com.example.Two": False, "com.example.Three": False}),
        ("<d", {"com.example.One": True}),
        (f'<config.author jcr:primaryType="sling:Folder">{UNKNOWN}', {"com.example.One": True}),
    ],
)
def test_explain_names_what_is_lost_and_no_folder(file: Path, bad: str, winners: dict[str, bool]) -> None:
    write(file, bad)
    found = explain(listing.listing([str(file)]).items)
    told = {pid: next(found.decisions(pid))[1].winner is not None for pid in found.entries}
    assert {pid: told[pid] for pid in winners} == winners
    assert "config" not in told


def test_a_lost_node_in_a_folder_that_aem_does_not_look_into(file: Path) -> None:
    above = file.parent.parent / file.name
    inner = f'<{{}} jcr:primaryType="sling:Folder"><F {CONFIG} b="1" B="2"/></{{}}>'
    write(above, "\n".join(inner.format(name, name) for name in ("other", "config")))
    found = explain(listing.listing([str(above)]).items)
    read, other = sorted(found.entries["F"], key=lambda entry: entry.resource.url)
    assert "ignores the node" in read.resource.problem
    assert "ignores" not in other.resource.problem
    assert other.resource.problem


@pytest.mark.parametrize(("pid", "code"), [("One", 3), ("Two", 3), ("Three", 3), ("Four", 0), (None, 3)])
@pytest.mark.parametrize("platform", ["any", "aem65"])
def test_show_of_one_pid_tells_why_it_is_lost(
    file: Path, pid: str | None, code: int, platform: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """One stands before the mistake: only FileVault 3.6.0 loses it, too."""
    write(file, UNKNOWN)
    only = [] if pid is None else ["--pid", f"com.example.{pid}"]
    loaded = pid in ("One", None) and platform == "aem65"
    code = 0 if pid == "One" and loaded else code
    assert run(["show", str(file), "--platform", platform, "--format", "text", *only]) == code
    out = capsysbinary.readouterr().out.decode()
    assert ("[xml-unknown-type]" in out) == (code == 3)
    assert ("a = String" in out.split("[xml-unknown-type]")[0]) == loaded


def test_what_all_nodes_of_a_file_share_is_said_once() -> None:
    failed: dict[str, object] = {"error": "import: no"}
    folder = {"error": "a folder", "nodes": {"A": failed, "B": {"error": "no"}}}
    assert loads.text({"3.6.0": {**failed, "nodes": {"A": failed, "B": failed}}, "3.8.2": folder}) == [
        "FileVault 3.6.0 loads nothing: import: no",
        "FileVault 3.8.2 (AEM 6.5 LTS, AEM Cloud) loads A: nothing: import: no; B: nothing: no",
    ]
