"""`explain` against the installer of a real Sling with the same run modes: the same file, priority and values."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate.plans.precedence import Decision, Reason, Resource
from migrate.texts.listing import listing
from migrate.texts.repository.explaining import Entry, Explained, among, explain
from tests.live.sling.author import CONSOLE, Author
from tests.live.sling.boot.kinds import KINDS
from tests.live.sling.boot.lab import Lab
from tests.live.sling.boot.options import Options

REPOSITORIES = 12
"""Each with folders of its own, and PIDs of its own, so that one instance holds them all."""
MODES = ("author", "publish", "prod", "dev", "emea")
PID = "com.example.slx"
XML = (
    '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:sling="http://sling.apache.org/jcr/sling/1.0"'
    ' jcr:primaryType="sling:OsgiConfig" where="{}"/>\n'
)
PLAIN = "# where=else\nwhere : {}\n"
GOOD = {
    "config": 'where="{}"\n',
    "cfg.json": '{{"where": "{}"}}',
    "xml": XML,
    "cfg": PLAIN,
    "properties": PLAIN,
}
BAD = {
    "config": ['where=["a"', 'where = "{}"\n', 'a=x\nwhere="{}"\n', 'where="{}"\nwhere="b"\n', 'a="\\q"\nwhere="{}"\n'],
    "cfg.json": ["{{ broken", '["{}"]', '{{"where": "{}",}}', '{{"a": null, "where": "{}"}}', '{{"where": "{}"}} x'],
    "xml": [XML.replace("where", "x.y")],
    "cfg": ["where=\\\n   {}\n", "where", "where=\\u00"],
    "properties": ["!where={}\n", "where={}=x\n"],
}  # fmt: skip


def _folders(rng: random.Random, number: int) -> Iterator[str]:
    """Folders as people nest them, and as nobody should: watched ones in one another, too deep, misspelled."""
    for _ in range(rng.randrange(4, 9)):
        above = rng.choice(
            [[], [f"r{number}"], [f"r{number}"], [f"r{number}", "a"], [f"r{number}", "osgiconfig"]]
        )
        parts = [rng.choice(("apps", "apps", "apps", "libs")), *above]
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
            kind = rng.choice(("config", "config", "config", "install", "configs", "Config"))
            modes = rng.sample(MODES, rng.choice((0, 0, 1, 1, 2, 3)))
            parts.append(".".join((kind, *modes)) + rng.choice(("",) * 30 + (".",)))
            parts += rng.choice(([], [], [], ["sub"], ["sub", "deeper"]))
        yield "/".join(parts)


def _name(rng: random.Random, number: int) -> tuple[str, str]:
    """A node's name, without what a form adds, and the form."""
    form = rng.choice(("config", "config", "cfg.json", "cfg.json", "xml", "cfg", "properties"))
    service = f"{PID}.r{number}.S{rng.randrange(3)}"
    instance = rng.choice(("", "", "-a", "~a", "-b-c", "~b-c", "-d.e", "~d.config", "-1"))
    return f"{service}{instance}", form


def _tree(rng: random.Random, number: int) -> dict[str, tuple[str, bytes]]:
    """Form and bytes of files, by the paths of their nodes; each says where it stands, some what nobody can read."""
    files = {}
    for folder in _folders(rng, number):
        for _ in range(rng.randrange(2, 7)):
            name, form = _name(rng, number)
            node = f"{folder}/{name}" if form == "xml" else f"{folder}/{name}.{form}"
            text = rng.choice(BAD[form]) if rng.random() < 0.15 else GOOD[form]
            files[node] = (form, text.format(node).encode())
    return files


@pytest.mark.cases
@pytest.mark.parametrize(
    "run_modes", [("author", "prod"), ("publish",), ("author", "dev", "emea")], ids=",".join
)
def test_the_installer_takes_what_explain_says(lab: Lab, run_modes: tuple[str, ...]) -> None:
    rng = random.Random(f"{run_modes}")
    trees = [_tree(rng, number) for number in range(REPOSITORIES)]
    explained = [_explained(files, run_modes) for files in trees]
    expected = {
        pid: _possible(decision)
        for one in explained
        for pid in one.entries
        for _, decision in one.decisions(pid)
        if decision.winner is not None
    }
    assert any(len(possible) > 1 for possible in expected.values())
    kind = KINDS["aem65"]
    options = Options(run_modes=run_modes, stand_ins=())
    with lab.another(kind, f"explain-{'-'.join(run_modes)}", options) as instance:  # type: ignore[attr-defined]
        author = Author(instance)
        for files in trees:
            _bring(author, files)
        author.until("the installer's work", lambda: len(_installed(author)) == len(expected))
        author.settle()
        installed = _installed(author)
        assert {pid: found for pid, found in installed.items() if found not in expected.get(pid, ())} == {}
        assert installed.keys() == expected.keys()
        found = author.http.get(f"{CONSOLE}/(service.pid={PID}.*).json").json()
        loaded = {one["pid"]: one["properties"].get("where", {}).get("value") for one in found}
    entries = {(pid, e.resource.url): e for one in explained for pid, es in one.entries.items() for e in es}
    assert loaded == {pid: _value(entries[pid, url]) for pid, (url, _) in installed.items()}


def _explained(files: dict[str, tuple[str, bytes]], run_modes: tuple[str, ...]) -> Explained:
    with tempfile.TemporaryDirectory() as folder:
        for node, (form, data) in files.items():
            file = Path(folder) / "jcr_root" / (f"{node.replace('~', '%7e')}.xml" if form == "xml" else node)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        found = listing([folder])
        return explain([*found.items, *among(found.others)], run_modes)


def _bring(author: Author, files: dict[str, tuple[str, bytes]]) -> None:
    """All of a repository in one POST: what is XML as the nodes that FileVault would make of it."""
    above = {str(parent) for path in files for parent in Path(path).parents if parent.name}
    fields = {f"./{parent}/jcr:primaryType": "sling:Folder" for parent in sorted(above) if "/" in parent}
    for node, (form, data) in files.items():
        if form == "xml":
            fields[f"./{node}/jcr:primaryType"] = "sling:OsgiConfig"
            fields[f"./{node}/{'x.y' if b'x.y=' in data else 'where'}"] = node
    uploads = {node: data for node, (form, data) in files.items() if form != "xml"}
    answer = author.swap(uploads, folder="/", fields=fields)
    assert answer.status_code in (200, 201), answer.text


def _value(entry: Entry) -> object:
    """None where a list is never closed: the file is taken all the same, without the property."""
    return next((found["value"] for found in entry.properties if found["name"] == "where"), None)


def _possible(decision: Decision) -> set[tuple[str, int]]:
    """What may be installed: equals in several folders, which are scanned one after the other, each may be."""
    assert decision.winner is not None
    equals = [decision.winner, *(loser.resource for loser in decision.losers if loser.reason is Reason.URL)]
    first: dict[str, Resource] = {}
    for found in equals:
        first.setdefault(found.url.rpartition("/")[0], found)
    return {(found.url, decision.priority) for found in first.values()}


def _installed(author: Author) -> dict[str, tuple[str, int]]:
    return {
        entry.entity: (entry.path, entry.priority)
        for entry in author.entries()
        if entry.state == "INSTALLED" and entry.entity.startswith(f"{PID}.")
    }
