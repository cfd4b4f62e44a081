"""Instances on the command line: who asks them, and where the password is."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from migrate.cli import exits
from migrate.integration.profile import PROVIDER
from tests.conftest import Ended
from tests.migrate.plans.instance.test_plan import NEW_PAIR
from tests.migrate.targets.instance.author import CONFIG, JWT, Author, U, console_made, text_of
from tests.migrate.targets.instance.servers import Server

PASSWORD = "p8e-canary-password"
Command = Callable[..., Ended]


@pytest.fixture
def author() -> Author:
    return console_made(Author())


@pytest.fixture
def server(author: Author) -> Iterator[Server]:
    with author.running() as running:
        yield running


def test_scan_finds_the_pair(server: Server, slingshift: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AEM_PASSWORD", PASSWORD)
    done = slingshift("scan", server.base, "--user", "admin", "--password-env", "AEM_PASSWORD")
    assert done.code == exits.OK
    assert done.out.count("jwt") == 2
    assert PASSWORD not in done.out + done.err
    assert server.methods <= {"GET", "SEARCH", "PROPFIND"}


def test_plan_is_that_of_a_folder(
    server: Server, slingshift: Command, monkeypatch: pytest.MonkeyPatch, oauth_options: list[str]
) -> None:
    monkeypatch.setenv("AEM_PASSWORD", PASSWORD)
    done = slingshift(
        "plan", server.base, "--user", "admin", "--password-env", "AEM_PASSWORD", *oauth_options
    )
    assert done.code == exits.PENDING
    assert done.out.count("rename to apps/system/config/") == 2
    assert "p8e-canary" not in done.out + done.err
    assert server.methods <= {"GET", "SEARCH", "PROPFIND"}


def test_a_password_from_a_file_a_command_and_standard_input(
    server: Server, slingshift: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    file.chmod(0o600)
    stdin = io.TextIOWrapper(io.BytesIO(f"{PASSWORD}\n".encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    for options in (
        ("--password-file", str(file)),
        ("--password-command", f"cat {file}"),
        ("--password-file", "-"),
    ):
        assert slingshift("scan", server.base, "--user", "admin", *options).code == exits.OK, options


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ((), exits.TOKEN_REFUSED, "may not read"),
        (("--user", "admin"), exits.USAGE, "no terminal to ask on. Give it with --password-env NAME"),
        (("--user", ""), exits.USAGE, "--user is empty"),
        (("--password-env", "AEM_PASSWORD"), exits.USAGE, "a password needs a user"),
        (
            ("--user", "x", "--password-env", "AEM_PASSWORD"),
            exits.TOKEN_REFUSED,
            "does not accept the user x",
        ),
        (("--user", "x", "--password-env", "P8E_UNSET"), exits.USAGE, "is not set"),
        (("--user", "x", "--password-command", "false"), exits.USAGE, "the command for the password ended"),
        (("--user", "x", "--password-command", "'"), exits.USAGE, "--password-command has quotes"),
        (
            ("--user", "x", "--password-command", "true", "--password-env", "AEM_PASSWORD"),
            exits.USAGE,
            "--password-env and --password-command exclude each other",
        ),
        (("--fingerprint", "sha1:00"), exits.USAGE, "--fingerprint: not a fingerprint"),
        (("--ca-bundle", "/nowhere"), exits.USAGE, "http has no certificate"),
        (("--proxy", "http://u:p8e-canary@x"), exits.USAGE, "--proxy is not http://host:port"),
        (("--timeout", "nan"), exits.USAGE, "--timeout"),
    ],
)
def test_what_cannot_be_right(
    author: Author,
    server: Server,
    slingshift: Command,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    code: int,
    words: str,
) -> None:
    author.hidden = ("/apps",)
    monkeypatch.setenv("AEM_PASSWORD", PASSWORD)
    done = slingshift("scan", server.base, *options)
    assert (done.code, words in done.err) == (code, True), done.err
    assert "p8e-canary" not in done.out + done.err


def test_a_user_without_an_instance(slingshift: Command, tmp_path: Path) -> None:
    done = slingshift("scan", str(tmp_path), "--user", "ann")
    assert (done.code, "no TARGET is a URL" in done.err) == (exits.USAGE, True)


@pytest.fixture
def asks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The options of somebody who may."""
    monkeypatch.setenv("AEM_PASSWORD", PASSWORD)
    return ["--user", "admin", "--password-env", "AEM_PASSWORD"]


def test_a_plan_says_what_will_be_done(
    server: Server, slingshift: Command, asks: list[str], oauth_options: list[str]
) -> None:
    text = slingshift("plan", server.base, *asks, *oauth_options)
    lines = [line for line in text.out.splitlines() if line.startswith("# ")]
    assert lines[0] == f"# on {server.base} (factory configuration 1.3.4):"
    assert lines[1] == "#   swap 2 files in one request:"
    assert sum("delete com.adobe" in line for line in lines) == 2
    told = json.loads(slingshift("plan", server.base, *asks, *oauth_options, "--format", "json").out)
    steps = told["targets"][0]["instance"]["steps"]
    assert [step["step"] for step in steps] == ["swap", "wait", "wait", "delete-orphan", "delete-orphan"]
    ticket = slingshift("plan", server.base, *asks, *oauth_options, "--format", "markdown")
    assert "### On the instance" in ticket.out
    assert "p8e-canary" not in text.out + text.err + ticket.out + json.dumps(told)


def test_orphans_alone_are_pending(
    author: Author, server: Server, slingshift: Command, asks: list[str], oauth_options: list[str]
) -> None:
    author.files, author.entities, author.live = {}, [], {}
    for factory, values in NEW_PAIR:
        author.installed(f"{CONFIG}/{factory}-1.config", text_of(values), f"{factory}~1")
        author.runs(f"{factory}~1", values, factory)
    done = slingshift("plan", server.base, *asks, *oauth_options)
    assert (done.code, done.out) == (exits.OK, "")
    author.runs(f"{PROVIDER}.{U}", JWT, PROVIDER)
    done = slingshift("plan", server.base, *asks, *oauth_options)
    assert (done.code, done.out.count("delete ")) == (exits.PENDING, 1)


def test_a_scan_says_what_runs(author: Author, server: Server, slingshift: Command, asks: list[str]) -> None:
    author.runs(f"{PROVIDER}.left", JWT, PROVIDER)
    text = slingshift("scan", server.base, *asks)
    assert text.out.count(f"INSTALLED, runs as .{U}") == 2
    assert f"{server.base}: AEM 6.5.17.0, service pack 17: the files are edited" in text.out
    assert f"orphan: {PROVIDER}.left (provider, adobe-ims-similaritysearch, jwt)" in text.out
    found = json.loads(slingshift("scan", server.base, *asks, "--format", "json").out)["targets"][0]
    assert {row["instance"]["standing"] for row in found["configurations"]} == {"backed"}
    assert {one["pid"]: one["standing"] for one in found["instance"]["running"]}[
        f"{PROVIDER}.left"
    ] == "orphan"
    assert found["instance"]["way"]["id"] == "files"
    assert found["instance"]["rights"][0] == {"folder": "/apps/system/config", "missing": []}
    ticket = slingshift("scan", server.base, *asks, "--format", "markdown").out
    assert f"| {PROVIDER}.left | provider | adobe-ims-similaritysearch | jwt | orphan |" in ticket
    assert "p8e-canary" not in text.out + text.err + ticket + json.dumps(found)


def test_a_closed_console_is_said_and_counts(
    author: Author, server: Server, slingshift: Command, asks: list[str]
) -> None:
    author.console = 403
    done = slingshift("scan", server.base, *asks)
    assert (done.code, "[console-closed]" in done.err) == (exits.REFUSED, True)
    assert "what runs is not known" in done.out
