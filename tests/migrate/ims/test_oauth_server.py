"""check-token against an OAuth server that is not ours: oauthlib's, which is strict about RFC 6749."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from oauthlib.oauth2 import BackendApplicationServer, RequestValidator

from migrate.cli import app
from migrate.ims.sandbox import tls

SECRET = "p8e-canary+/=& 100%41-\u00e9"
CLIENT = "0123456789abcdef0123456789abcdef"
SCOPES = ("openid", "AdobeID")

Run = Callable[..., tuple[int, dict[str, object]]]


class Client:
    """What oauthlib asks of a client."""

    def __init__(self, client_id: str) -> None:
        self.client_id = client_id


class Validator(RequestValidator):
    """Knows two clients with one secret; the second may not use client credentials."""

    def authenticate_client(self, request, *args, **kwargs):
        known = request.client_id in (CLIENT, "f" * 32) and request.client_secret == SECRET
        request.client = Client(request.client_id) if known else None
        return known

    def validate_grant_type(self, client_id, grant_type, client, request, *args, **kwargs):
        return client.client_id == CLIENT and grant_type == "client_credentials"

    def validate_scopes(self, client_id, scopes, client, request, *args, **kwargs):
        return set(scopes) <= set(SCOPES)

    def get_default_scopes(self, client_id, request, *args, **kwargs):
        return list(SCOPES)

    def save_bearer_token(self, token, request, *args, **kwargs):
        """Nobody uses the token."""


class Handler(BaseHTTPRequestHandler):
    """Hands every request to oauthlib as it came."""

    oauth = BackendApplicationServer(Validator())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        uri = f"https://{self.headers['Host']}{self.path}"
        headers, text, status = self.oauth.create_token_response(uri, "POST", body, dict(self.headers))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: object) -> None:
        """Nothing is logged."""


@pytest.fixture(scope="module", params=["https", "http"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The options that reach a server with a private authority, and one without TLS on this machine."""
    folder = tmp_path_factory.mktemp("authority")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        trust = []
        if request.param == "https":
            context = tls.server_context(folder)
            running.socket = context.wrap_socket(running.socket, server_side=True)
            trust = ["--ca-bundle", str(folder / "ca.pem")]
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield ["--token-url", f"{request.param}://127.0.0.1:{running.server_port}/token", *trust]
        running.shutdown()
        thread.join()


@pytest.fixture
def run(
    server: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    monkeypatch.setattr(sys, "stdin", None)

    def call(
        client: str = CLIENT, secret: str = SECRET, scope: str = " ".join(SCOPES)
    ) -> tuple[int, dict[str, object]]:
        file = tmp_path / "secret"
        file.write_text(secret, "utf-8")
        file.chmod(0o600)
        options = ["--client-id", client, "--client-secret-file", str(file), "--scope", scope]
        code = app.run(["check-token", *options, *server, "--retries", "0", "--format", "json"])
        out, err = capfd.readouterr()
        assert "canary" not in out + err
        return code, json.loads(out)["token"]

    return call


def test_a_token(run: Run) -> None:
    code, token = run()
    assert (code, token["ok"], token["tokenType"], token["expiresIn"]) == (0, True, "Bearer", 3600)
    assert token["scopes"] == {"requested": list(SCOPES), "granted": list(SCOPES), "missing": []}
    assert token["unverifiedClaims"] is None


@pytest.mark.parametrize(
    ("change", "status", "kind"),
    [
        ({"secret": SECRET + "x"}, 401, "invalid-client"),
        ({"client": "e" * 32}, 401, "invalid-client"),
        ({"client": "f" * 32}, 400, "unauthorized-client"),
        ({"scope": "openid other"}, 400, "invalid-scope"),
        # RFC 6749 separates scopes by blanks; Adobe's configured commas are part of the names for anybody else.
        ({"scope": "openid, AdobeID"}, 400, "invalid-scope"),
    ],
)
def test_a_refusal(run: Run, change: dict[str, str], status: int, kind: str) -> None:
    code, token = run(**change)
    error = token["error"]
    assert isinstance(error, dict)
    assert (code, token["status"], error["kind"]) == (5, status, kind)
