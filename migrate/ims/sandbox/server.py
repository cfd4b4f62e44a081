"""A local https server that answers like Adobe IMS: for tests, for trying the command, for rehearsing failures.

>>> from migrate.ims.client import Connection, TokenRequest, request_token
>>> from migrate.ims.credentials import formats
>>> with Sandbox() as ims:
...     known = formats.load(ims.credentials_file)
...     request = TokenRequest(known.client_id, "openid", ims.token_url, known.need_secret())
...     request_token(request, Connection(ca_bundle=ims.ca_bundle)).token_type
'bearer'

It listens on 127.0.0.1 only and never writes what it is sent anywhere.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import parse_qsl

from migrate.ims.sandbox import endpoint, tls
from migrate.ims.sandbox.endpoint import Answer, Ims
from migrate.integration import token_url
from migrate.integration.secret import Secret

_MAX_FORM = 64 * 1024
_DRIP_SECONDS = 0.2


class Sandbox:
    """The server, from `start` (or `with`) to `stop`.

    Attributes:
        url: `https://127.0.0.1:PORT`.
        ca_bundle: PEM of the authority to trust.
        credentials_file: what the Developer Console's "Download JSON" would hold for the first client.
        jwt_folder: the download of a JWT credential (config.json, private.key), when one was asked for.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        folder: Path | None = None,
        clients: Mapping[str, Secret] | None = None,
        org_id: str = endpoint.DEMO_ORG_ID,
        scopes: tuple[str, ...] | None = None,
        behave: str = "",
        legacy_jwt: bool = False,
    ) -> None:
        """Prepare a server.

        Args:
            port: 0 takes a free one.
            folder: where `ca.pem` and the credentials go; a temporary folder by default.
            clients: client id -> secret; the built-in demo credential by default.
            scopes: what may be asked for, ``()`` for anything; the smart tags scopes by default.
            behave: a behaviour of :mod:`migrate.ims.sandbox.endpoint` for every request.
            legacy_jwt: also make a JWT credential, and let `/ims/exchange/jwt` work for it.

        Raises:
            ValueError: no such behaviour.
        """
        if behave and behave not in endpoint.BEHAVIOURS and behave not in endpoint.COMPUTED:
            raise ValueError(f"there is no behaviour {behave!r}")
        known = clients or {endpoint.DEMO_CLIENT_ID: Secret(endpoint.DEMO_CLIENT_SECRET)}
        self._ims = Ims(known, org_id=org_id, behave=behave)
        if scopes is not None:
            self._ims = replace(self._ims, scopes=scopes)
        self._port = port
        self._folder = folder
        self._legacy_jwt = legacy_jwt
        self._cleanup = contextlib.ExitStack()
        self.url = ""
        self.ca_bundle = Path()
        self.credentials_file = Path()
        self.jwt_folder: Path | None = None

    @property
    def token_url(self) -> str:
        return f"{self.url}{token_url.TOKEN_PATH}"

    def start(self) -> Sandbox:
        """Write the files and listen.

        Raises:
            OSError: the port is taken, or the folder cannot be written.
        """
        with contextlib.ExitStack() as undo:
            folder = self._folder or Path(
                undo.enter_context(tempfile.TemporaryDirectory(prefix="slingshift-"))
            )
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            context = tls.server_context(folder)
            server = _Server(("127.0.0.1", self._port), self._ims)
            undo.callback(server.server_close)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
            self.url = f"https://127.0.0.1:{server.server_address[1]}"
            self._write_credentials(folder)
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="sandbox", daemon=True)
            thread.start()
            undo.callback(thread.join)
            undo.callback(server.shutdown)
            undo.callback(server.stopping.set)
            self._cleanup = undo.pop_all()
        return self

    def stop(self) -> None:
        """Stop listening; the folder stays when it was given."""
        self._cleanup.close()

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _write_credentials(self, folder: Path) -> None:
        self.ca_bundle, self.credentials_file = folder / "ca.pem", folder / "credentials.json"
        client_id, secret = next(iter(self._ims.clients.items()))
        account = {
            "ORG_ID": self._ims.org_id,
            "TECHNICAL_ACCOUNT_ID": endpoint.DEMO_ACCOUNT,
            "TECHNICAL_ACCOUNT_EMAIL": endpoint.DEMO_ACCOUNT,
        }
        oauth = account | {
            "CLIENT_ID": client_id,
            "CLIENT_SECRETS": [secret.reveal()],
            "SCOPES": list(self._ims.scopes),
        }
        tls.write_private(self.credentials_file, json.dumps(oauth, indent=2).encode())
        if self._legacy_jwt:
            self.jwt_folder = folder / "jwt"
            self.jwt_folder.mkdir(mode=0o700, exist_ok=True)
            jwt = account | {"API_KEY": client_id, "CLIENT_SECRET": secret.reveal()}
            tls.write_private(self.jwt_folder / "config.json", json.dumps(jwt, indent=2).encode())
            private, self._ims.jwt_key = _rsa_pair()
            tls.write_private(self.jwt_folder / "private.key", private)


def _rsa_pair() -> tuple[bytes, bytes]:
    """PEM of a private key and of its public key."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, public


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = os.name == "posix"

    def __init__(self, address: tuple[str, int], ims: Ims) -> None:
        super().__init__(address, _Handler)
        self.ims = ims
        self.stopping = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up, or does not trust the certificate, is nothing to report."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Nothing is logged."""

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit() and len(length) < 9) or int(length) > _MAX_FORM:
            self._send(Answer(413))
            return
        body = self.rfile.read(int(length))
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        path = self.path.split("?", 1)[0]
        host = self.headers.get("Host", "")
        self._send(self.server.ims.answer(path, form, bearer, host, time.time()))

    def do_GET(self) -> None:
        self._send(Answer(405, b"", {"Allow": "POST"}))

    def _send(self, answer: Answer) -> None:
        self.close_connection = True
        if answer.pace == "silent":
            self.server.stopping.wait()
        elif answer.pace == "reset":
            # SO_LINGER of zero seconds makes close() send RST instead of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            headers = {"Content-Length": str(len(answer.body)), "Connection": "close", **answer.headers}
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            head = f"HTTP/1.1 {answer.status} Sandbox\r\n{lines}\r\n".encode("latin-1", "replace")
            self._write(head, slowly=answer.pace == "drip-headers")
            self._write(answer.body, slowly=answer.pace == "drip")

    def _write(self, data: bytes, *, slowly: bool) -> None:
        if not slowly:
            self.wfile.write(data)
            return
        for byte in data:
            self.wfile.write(bytes((byte,)))
            if self.server.stopping.wait(_DRIP_SECONDS):
                return
