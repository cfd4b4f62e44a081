"""Fixtures that several test folders share."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import jsonschema
import pytest

from tests import windows, without_posix

# isort: split
from migrate.integration.profile import CUSTOMIZER, PROVIDER, load
from migrate.integration.secret import Secret
from migrate.integration.settings import Settings
from migrate.targets import system

windows.prepare()
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts us in the background has Ctrl-C ignored, and so would every command that the tests stop.
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"

SCHEMAS = {
    "plan": "plan.schema.json",
    "apply": "plan.schema.json",
    "scan": "scan.schema.json",
    "check-token": "check-token.schema.json",
    "undo": "runs.schema.json",
    "lint": "lint.schema.json",
    "show": "show.schema.json",
    "convert": "convert.schema.json",
    "validate": "validate.schema.json",
}

CLIENT_ID = "fedcba98765432100123456789abcdef"
ORG_ID = "5A3B1C9D5E7F81234A495E22@AdobeOrg"
SECRET = "fixture-new-oauth-secret"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what needs POSIX where there is none."""
    if not system.HOLDS_FOLDERS:
        reason = f"needs POSIX: {without_posix.NAME} is set" if without_posix.WANTED else "needs POSIX"
        for item in items:
            if item.get_closest_marker("posix"):
                item.add_marker(pytest.mark.skip(reason=reason))


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def settings() -> Settings:
    """The settings that the fixtures' after/ folders were made with."""
    return Settings(load(), client_id=CLIENT_ID, org_id=ORG_ID, secret=Secret(SECRET))


@pytest.fixture
def oauth_options(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The same as command line options; the secret is in the environment."""
    monkeypatch.setenv("SLINGSHIFT_TEST_SECRET", SECRET)
    return ["--client-id", CLIENT_ID, "--org-id", ORG_ID, "--client-secret-env", "SLINGSHIFT_TEST_SECRET"]


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the user's runs, nor depends on their terminal."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)


@pytest.fixture
def case(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of a case's before/ folder."""

    def copy(name: str) -> Path:
        return Path(shutil.copytree(FIXTURES / name / "before", tmp_path / name))

    return copy


@pytest.fixture
def tree(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """A folder made of texts; ``P`` and ``C`` at the start of a name stand for the two factory PIDs."""

    def make(files: Mapping[str, str]) -> Path:
        root = tmp_path / "tree"
        for name, text in files.items():
            folder, _, label = name.rpartition("/")
            for short, factory in (("P", PROVIDER), ("C", CUSTOMIZER)):
                if label[:1] == short and label[1:2] in (".", "-", "~", "%"):
                    label = factory + label[1:]
            path = root / folder / label
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        return root

    return make


@pytest.fixture
def slingshift(capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Ended]:
    """Run the command in this process; JSON that it prints must follow the schema of its verb."""
    from migrate.cli.app import run

    def call(*arguments: str | Path) -> Ended:
        capsysbinary.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = capsysbinary.readouterr()
        schema = SCHEMAS.get(str(arguments[0])) if arguments and "json" in arguments else None
        if schema and out:
            text = (ROOT / "docs" / "schema" / schema).read_text("utf-8")
            jsonschema.Draft202012Validator(json.loads(text)).validate(json.loads(out))
        return Ended(code, out.decode(), err.decode())

    return call


@pytest.fixture
def slingshift_process() -> Callable[..., Ended]:
    """Run the command in a process of its own."""

    def call(*arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None) -> Ended:
        command = [sys.executable, "-m", "migrate", *map(str, arguments)]
        done = subprocess.run(
            command, input=stdin, capture_output=True, cwd=cwd, env={**os.environ}, check=False
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


def snapshot(root: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of a tree with its bytes and mode; of a mode, Windows knows only whether one may write."""
    kept = 0o7777 if system.HOLDS_FOLDERS else 0o200
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mode & kept)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(name="snapshot")
def _snapshot() -> Callable[[Path], dict[str, tuple[bytes, int]]]:
    return snapshot


@pytest.fixture
def no_wait_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process loses nothing that it wrote: fsync counts as a call there, but takes no time."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def fast_path(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: thousands of files come and go there."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder)
