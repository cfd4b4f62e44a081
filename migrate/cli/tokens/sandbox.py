"""`slingshift sandbox`: a stand-in for Adobe IMS on this machine."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

from migrate.cli import console, exits, inputs
from migrate.cli.arguments import options
from migrate.cli.arguments.choices import SandboxFormat
from migrate.cli.arguments.declaring import argument, option

if TYPE_CHECKING:
    from migrate.ims.sandbox.server import Sandbox
    from migrate.integration.secret import Secret


Command = Annotated[
    list[str] | None,
    argument(
        "[-- COMMAND...]", "Run this command with SLINGSHIFT_SANDBOX_... in its environment, then stop."
    ),
]
Port = Annotated[int, option("--port N", "Port; 0 takes a free one.", between=(0, 65535))]
Out = Annotated[
    Path | None,
    option("--ca-out FOLDER", "Keep ca.pem and credentials.json here; else they go when it stops."),
]
ScopeOption = Annotated[
    str | None, option("--scope SCOPES", "What may be asked for; the smart tags scopes else.")
]
Behave = Annotated[str, option("--behave NAME", "Answer every request in one way; `list` names them.")]
Legacy = Annotated[bool, option("--legacy-jwt", "Also make a JWT credential, and let the old exchange work.")]
FormatOption = Annotated[SandboxFormat, option("--format", "How to print the addresses.")]

_CTRL_BREAK = [number for number in signal.valid_signals() if number == getattr(signal, "SIGBREAK", None)]
"""Of Windows."""
_SLICE = 0.5


def sandbox(
    command: Command = None,
    port: Port = 0,
    ca_out: Out = None,
    client_id: options.ClientId = None,
    client_secret_env: options.SecretEnv = None,
    client_secret_file: options.SecretFile = None,
    scope: ScopeOption = None,
    behave: Behave = "",
    legacy_jwt: Legacy = False,
    output: FormatOption = SandboxFormat.TEXT,
) -> None:
    """Answer like Adobe IMS on https://127.0.0.1, for rehearsals; runs until interrupted.

    The client ids `sandbox-NAME` get the behaviour NAME with any secret (`--behave list` names them).
    Nothing that is sent to it is kept or logged.
    """
    from migrate.ims.sandbox import endpoint
    from migrate.ims.sandbox.server import Sandbox
    from migrate.integration import scopes

    if behave == "list":
        console.result("\n".join(sorted((*endpoint.BEHAVIOURS, *endpoint.COMPUTED))))
        raise exits.Exit
    clients = _clients(client_id, client_secret_env, client_secret_file)
    try:
        server = Sandbox(
            port=port,
            folder=ca_out,
            clients=clients,
            scopes=None if scope is None else scopes.split(scope),
            behave=behave,
            legacy_jwt=legacy_jwt,
        )
    except ValueError as error:
        console.fail(f"{error}; `slingshift sandbox --behave list` names them")
    try:
        server.start()
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        console.fail(
            f"the sandbox cannot start: {where}{error.strerror or 'no reason given'}", exits.CONFLICT
        )
    try:
        code = _run(command, server) if command else _wait(server, output)
    finally:
        server.stop()
    raise exits.Exit(code)


def _clients(client_id: str | None, env: str | None, file: str | None) -> dict[str, Secret] | None:
    from migrate.cli.credentials import sources

    inputs.refuse_empty({"client_id": client_id})
    if client_id is None:
        if env is not None or file is not None:
            console.fail("a client secret needs its --client-id ID")
        return None
    if (env is None) == (file is None):
        console.fail("--client-id needs --client-secret-env NAME or --client-secret-file FILE")
    secret = sources.from_env(env) if env is not None else sources.from_file(file or "")[0]
    return {client_id: secret}


def _facts(server: Sandbox) -> dict[str, str]:
    facts = {
        "url": server.url,
        "tokenUrl": server.token_url,
        "caBundle": str(server.ca_bundle),
        "credentials": str(server.credentials_file),
    }
    return facts | ({"legacyJwt": str(server.jwt_folder)} if server.jwt_folder else {})


@contextlib.contextmanager
def _on_signals(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Handle SIGINT, SIGTERM and the end of the terminal (unless nohup ignores it) in one way for a while."""
    numbers = [signal.SIGINT, signal.SIGTERM, *_CTRL_BREAK]
    hangup = getattr(signal, "SIGHUP", None)
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
        numbers.append(hangup)
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _wait(server: Sandbox, output: SandboxFormat) -> int:
    """Print the addresses and stay until a signal comes."""
    stop = threading.Event()
    with _on_signals(lambda _number, _frame: stop.set()):
        _announce(server, output)
        # In slices: Windows lets no signal through to a thread that waits without an end.
        while not stop.wait(_SLICE):
            pass
    return exits.OK


def _announce(server: Sandbox, output: SandboxFormat) -> None:
    facts = _facts(server)
    if output is SandboxFormat.JSON:
        console.result(json.dumps({"version": 1, **facts}))
    else:
        console.result("\n".join(f"{name:<12} {text}" for name, text in facts.items()))
    console.note(
        f"try: slingshift check-token --credentials {facts['credentials']} --token-url {facts['tokenUrl']} "
        f"--ca-bundle {facts['caBundle']}"
    )


def _run(command: list[str], server: Sandbox) -> int:
    """Run a command beside the sandbox; its exit code is ours."""
    names = {"url": "URL", "tokenUrl": "TOKEN_URL", "caBundle": "CA_BUNDLE", "credentials": "CREDENTIALS"}
    names |= {"legacyJwt": "LEGACY_JWT"}
    extra = {f"SLINGSHIFT_SANDBOX_{names[name]}": text for name, text in _facts(server).items()}
    try:
        with subprocess.Popen(command, env={**os.environ, **extra}) as child, _on_signals(_for(child)):
            code = child.wait()
    except OSError as error:
        console.fail(f"cannot run {command[0]}: {error.strerror or 'no reason given'}")
    return code if code >= 0 else 128 - code


def _for(child: subprocess.Popen[bytes]) -> Callable[[int, FrameType | None], None]:
    """Hands signals on to the child, but Ctrl-C, which a terminal sends to it anyway. We end when it does."""

    def handler(number: int, _frame: FrameType | None) -> None:
        if number not in (signal.SIGINT, *_CTRL_BREAK) and child.poll() is None:
            child.send_signal(number)

    return handler
