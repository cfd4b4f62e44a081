"""`explain` against the installer of a real Sling with the same run modes: the same file, priority and values."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest

from migrate.plans.precedence import Decision, Reason, Resource
from migrate.texts.listing import listing
from migrate.texts.repository.explaining import Explained, explain
from tests.live.sling.author import CONSOLE, Author
from tests.live.sling.boot.kinds import KINDS
from tests.live.sling.boot.lab import Lab
from tests.live.sling.boot.options import Options

FOLDERS = [
    "apps/slx/config", "apps/slx/config.author", "apps/slx/config.author.prod", "apps/slx/config.prod.author",
    "apps/slx/config.prod", "apps/slx/config.publish", "apps/slx/config.author.dev", "apps/slx/config/below",
    "apps/sly/config", "apps/sly/install.author", "apps/sly/a/config.author", "apps/sly/a/b/config.author.prod",
    "libs/slz/config", "libs/slz/config.author.prod",
]  # fmt: skip
NAMES = [
    *(f"com.example.slx.S{number}.{form}" for number in range(8) for form in ("config", "cfg.json")),
    *(f"com.example.slx.F{separator}{number}.{form}" for number in range(6) for separator in "-~"
      for form in ("config", "cfg.json")),
]  # fmt: skip


def _tree(rng: random.Random) -> dict[str, bytes]:
    """Files by their paths in the repository; each says where it stands, and some nobody can read."""
    files = {}
    for folder in FOLDERS:
        for name in rng.sample(NAMES, 14):
            path = f"{folder}/{name}"
            good = f'where="{path}"\n' if name.endswith(".config") else f'{{"where": "{path}"}}'
            bad = 'where=["a"' if name.endswith(".config") else "{ broken"
            files[path] = (bad if rng.random() < 0.1 else good).encode()
    return files


@pytest.mark.cases
@pytest.mark.parametrize("run_modes", [("author", "prod"), ("publish",)], ids=",".join)
def test_the_installer_takes_what_explain_says(lab: Lab, run_modes: tuple[str, ...]) -> None:
    files = _tree(random.Random(f"{run_modes}"))
    with tempfile.TemporaryDirectory() as folder:
        for path, data in files.items():
            file = Path(folder) / "jcr_root" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        explained = explain(listing([folder]).items, run_modes)
    expected = {
        pid: _possible(decision)
        for pid in explained.entries
        for _, decision in explained.decisions(pid)
        if decision.winner is not None
    }
    assert any(len(possible) > 1 for possible in expected.values())
    kind = KINDS["aem65"]
    options = Options(run_modes=run_modes, stand_ins=())
    with lab.another(kind, f"explain-{'-'.join(run_modes)}", options) as instance:  # type: ignore[attr-defined]
        author = Author(instance)
        above = {str(parent) for path in files for parent in Path(path).parents if parent.name}
        fields = {f"./{parent}/jcr:primaryType": "sling:Folder" for parent in sorted(above) if "/" in parent}
        answer = author.swap(files, folder="/", fields=fields)
        assert answer.status_code in (200, 201), answer.text
        author.until("the installer's work", lambda: len(_installed(author)) == len(expected))
        author.settle()
        installed = _installed(author)
        assert {pid: found in expected[pid] for pid, found in installed.items()} == dict.fromkeys(
            expected, True
        )
        found = author.http.get(f"{CONSOLE}/(service.pid=com.example.slx.*).json").json()
        loaded = {one["pid"]: one["properties"].get("where", {}).get("value") for one in found}
    assert loaded == {pid: _value(explained, pid, url) for pid, (url, _) in installed.items()}


def _value(explained: Explained, pid: str, url: str) -> object:
    """None where a list is never closed: the file is taken all the same, without the property."""
    (entry,) = (entry for entry in explained.entries[pid] if entry.resource.url == url)
    return next((found["value"] for found in entry.properties), None)


def _possible(decision: Decision) -> set[tuple[str, int]]:
    """What may be installed: equals in several folders, which are scanned one after the other, each may be."""
    assert decision.winner is not None
    equals = [decision.winner, *(loser.resource for loser in decision.losers if loser.reason is Reason.URL)]
    first: dict[str, Resource] = {}
    for found in equals:
        first.setdefault(found.url.rpartition("/")[0], found)
    return {(found.url, found.priority) for found in first.values()}


def _installed(author: Author) -> dict[str, tuple[str, int]]:
    return {
        entry.entity: (entry.path, entry.priority)
        for entry in author.entries()
        if entry.state == "INSTALLED" and entry.entity.startswith("com.example.slx.")
    }
