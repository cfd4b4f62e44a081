"""A terminal never shows a secret that is typed on it, and is afterwards what it was before."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from migrate.ims.sandbox.server import Sandbox
from migrate.integration.secret import Secret

pty = pytest.importorskip("pty")
termios = pytest.importorskip("termios")

CANARY = "p8e-canary-typed-DO-NOT-SHOW"
CLIENT = "0123456789abcdef0123456789abcdef"
SECONDS = 60


@pytest.fixture(scope="module")
def ims() -> Iterator[Sandbox]:
    with Sandbox(clients={CLIENT: Secret(CANARY)}) as running:
        yield running


class Terminal:
    """A terminal of its own for one command: what the person at it sees, and what they type."""

    def __init__(self, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self.seen = b""
        self.master, slave = pty.openpty()
        self.before = termios.tcgetattr(slave)
        self._slave = slave
        self._process = subprocess.Popen(
            [sys.executable, "-m", "migrate", *arguments],
            stdin=slave,
            stdout=subprocess.PIPE,
            stderr=slave,
            start_new_session=True,
            env={**os.environ, **(environment or {})},
        )

    def wait_for(self, text: bytes) -> None:
        deadline = time.monotonic() + SECONDS
        while text not in self.seen:
            assert time.monotonic() < deadline, self.seen
            self._look()

    def wait_for_silence(self) -> None:
        """Until the terminal does not echo; what is typed before that shows on every terminal."""
        deadline = time.monotonic() + SECONDS
        while termios.tcgetattr(self._slave)[3] & termios.ECHO:
            assert time.monotonic() < deadline
            self._look()

    def type(self, data: bytes) -> None:
        os.write(self.master, data)

    def end(self) -> tuple[int, bytes]:
        """Exit code and standard output."""
        out, _ = self._process.communicate(timeout=SECONDS)
        self._look()
        return self._process.returncode, out

    def is_as_before(self) -> bool:
        return bool(termios.tcgetattr(self._slave) == self.before)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self.master)
        os.close(self._slave)

    def _look(self) -> None:
        while select.select([self.master], [], [], 0.05)[0]:
            self.seen += os.read(self.master, 4096)


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    with contextlib.ExitStack() as stack:

        def start(*arguments: str, **options: dict[str, str]) -> Terminal:
            found = Terminal(*map(str, arguments), **options)
            stack.callback(found.close)
            return found

        yield start


def to(ims: Sandbox) -> list[str]:
    return ["--token-url", ims.token_url, "--ca-bundle", str(ims.ca_bundle), "--timeout", "20"]


@pytest.mark.parametrize("name", ["-", "/dev/stdin", "/dev/fd/0"])
def test_a_secret_for_client_secret_file(name: str, ims: Sandbox, terminal: Callable[..., Terminal]) -> None:
    person = terminal("check-token", "--client-id", CLIENT, "--client-secret-file", name, *to(ims))
    person.wait_for(b"Client secret: ")
    person.wait_for_silence()
    person.type(CANARY.encode() + b"\n")
    code, out = person.end()
    assert (code, b"token granted" in out) == (0, True)
    assert CANARY.encode() not in person.seen + out
    assert person.is_as_before()


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_a_credential_file_on_standard_input(
    name: str, ims: Sandbox, terminal: Callable[..., Terminal]
) -> None:
    person = terminal("check-token", "--credentials", name, *to(ims))
    person.wait_for(b"does not show it")
    person.wait_for_silence()
    person.type(json.dumps({"CLIENT_ID": CLIENT, "CLIENT_SECRETS": [CANARY]}).encode() + b"\n\x04")
    code, out = person.end()
    assert (code, b"token granted" in out) == (0, True)
    assert CANARY.encode() not in person.seen + out
    assert person.is_as_before()


def test_a_prompt(ims: Sandbox, terminal: Callable[..., Terminal]) -> None:
    person = terminal("check-token", "--client-id", CLIENT, *to(ims))
    person.wait_for(b"Client secret: ")
    person.wait_for_silence()
    person.type(CANARY.encode() + b"\n")
    assert person.end()[0] == 0
    assert CANARY.encode() not in person.seen
    assert person.is_as_before()


def test_an_interrupt_gives_the_terminal_back(ims: Sandbox, terminal: Callable[..., Terminal]) -> None:
    person = terminal("check-token", "--client-id", CLIENT, "--client-secret-file", "-", *to(ims))
    person.wait_for(b"Client secret: ")
    person.wait_for_silence()
    person._process.send_signal(2)
    assert person.end()[0] == 130
    assert person.is_as_before()


def test_plan_asks_likewise(terminal: Callable[..., Terminal], case: Callable[[str], Path]) -> None:
    """The fixture's own folder: nothing is sent anywhere."""
    arguments = ("--client-id", CLIENT, "--org-id", "ABC@AdobeOrg", "--client-secret-file", "-")
    person = terminal("plan", case("hand-written"), *arguments)
    person.wait_for(b"Client secret: ")
    person.wait_for_silence()
    person.type(CANARY.encode() + b"\n")
    code, out = person.end()
    assert (code, b'"***" (after)' in out) == (1, True)
    assert CANARY.encode() not in person.seen + out
