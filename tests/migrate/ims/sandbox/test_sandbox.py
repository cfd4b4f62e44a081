"""The stand-in for IMS: what it answers, what it writes, how it starts and stops."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from migrate.cli import app
from migrate.ims.check import read_token
from migrate.ims.client import Connection, TokenRequest, request_token
from migrate.ims.credentials import formats
from migrate.ims.sandbox import endpoint
from migrate.ims.sandbox.server import Sandbox
from migrate.integration.secret import Secret

FORM = {
    "grant_type": "client_credentials",
    "client_id": endpoint.DEMO_CLIENT_ID,
    "client_secret": endpoint.DEMO_CLIENT_SECRET,
    "scope": "openid, AdobeID",
}


@pytest.fixture(scope="module")
def ims() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def post(ims: Sandbox, path: str, **form: str | None) -> httpx.Response:
    context = ssl.create_default_context(cafile=str(ims.ca_bundle))
    data = {name: text for name, text in (FORM | form).items() if text is not None}
    with httpx.Client(verify=context, trust_env=False) as client:
        return client.post(ims.url + path, data=data)


def test_the_credentials_file_works(ims: Sandbox) -> None:
    found = formats.load(ims.credentials_file)
    assert found.scopes is not None
    request = TokenRequest(found.client_id or "", ", ".join(found.scopes), ims.token_url, found.need_secret())
    answer = request_token(request, Connection(ims.ca_bundle))
    claims = read_token(answer.access_token)
    assert claims is not None
    assert (claims.client_id, claims.scopes, claims.environment) == (found.client_id, found.scopes, "ims-na1")
    assert claims.expires_in == endpoint.LIFETIME * 1000
    assert 900 < len(answer.access_token.reveal()) < 1700


@pytest.mark.parametrize(
    ("path", "form", "status", "error"),
    [
        ("/ims/token/v3", {}, 200, None),
        ("/ims/token/v3?x=y", {}, 200, None),
        ("/ims/token/v2", {"org_id": endpoint.DEMO_ORG_ID}, 200, None),
        ("/ims/token/v2", {}, 400, "invalid_request"),
        ("/ims/token/v2", {"org_id": "x"}, 400, "access_denied"),
        ("/ims/token/v3", {"grant_type": "jwt"}, 400, "unsupported_grant_type"),
        ("/ims/token/v3", {"grant_type": None}, 400, "invalid_request"),
        ("/ims/token/v3", {"scope": None}, 400, "invalid_request"),
        ("/ims/token/v3", {"client_id": "x"}, 400, "invalid_client"),
        ("/ims/token/v3", {"client_secret": "x"}, 400, "invalid_client"),
        ("/ims/token/v3", {"scope": "openid,other"}, 400, "invalid_scope"),
        ("/ims/exchange/jwt", {"jwt_token": "x"}, 500, "internal_error"),
        ("/ims/exchange/jwt", {}, 400, "bad_request"),
        ("/ims/exchange/jwt", {"jwt_token": "x", "client_secret": "y"}, 400, "invalid_client"),
        ("/other", {}, 404, None),
    ],
)
def test_answers(
    ims: Sandbox, path: str, form: dict[str, str | None], status: int, error: str | None
) -> None:
    response = post(ims, path, **form)
    assert response.status_code == status
    assert error is None or response.json()["error"] == error


def test_validation_of_tokens(ims: Sandbox) -> None:
    token = post(ims, "/ims/token/v3").json()["access_token"]
    assert post(ims, "/ims/validate_token/v1", token=token).json() == {"valid": True}
    assert post(ims, "/ims/validate_token/v1", token="x").json()["valid"] is False


def test_tokens_end() -> None:
    ims = endpoint.Ims({"c": Secret("s")}, scopes=())
    form = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s", "scope": "any"}
    token = json.loads(ims.answer("/ims/token/v3", form, "", "h", 0.0).body)["access_token"]
    later = json.loads(ims.answer("/ims/validate_token/v1", {}, token, "h", 90_000.0).body)
    assert later == {"valid": False, "reason": "expired"}


@pytest.mark.parametrize("length", [None, "x", "-1", str(64 * 1024 + 1), "9" * 30])
def test_forms_of_no_or_too_great_length(ims: Sandbox, length: str | None) -> None:
    context = ssl.create_default_context(cafile=str(ims.ca_bundle))
    host, port = ims.url.removeprefix("https://").split(":")
    with (
        socket.create_connection((host, int(port))) as raw,
        context.wrap_socket(raw, server_hostname=host) as tls,
    ):
        header = f"Content-Length: {length}\r\n" if length else ""
        tls.sendall(f"POST /ims/token/v3 HTTP/1.1\r\nHost: h\r\n{header}\r\n".encode())
        assert b" 413 " in tls.recv(100)


def test_get_is_not_answered(ims: Sandbox) -> None:
    context = ssl.create_default_context(cafile=str(ims.ca_bundle))
    with httpx.Client(verify=context, trust_env=False) as client:
        assert client.get(ims.token_url).status_code == 405


def test_files_and_their_modes(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    with Sandbox(folder=folder, clients={"c": Secret("s")}, scopes=("x",), legacy_jwt=True) as ims:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert sorted(path.name for path in folder.iterdir()) == ["ca.pem", "credentials.json", "jwt"]
        assert stat.S_IMODE(ims.credentials_file.stat().st_mode) == 0o600
        assert stat.S_IMODE((folder / "jwt" / "private.key").stat().st_mode) == 0o600
        assert formats.load(ims.credentials_file).scopes == ("x",)
        assert b"PRIVATE" not in ims.ca_bundle.read_bytes()
    with Sandbox(folder=folder):
        assert formats.load(folder / "credentials.json").client_id == endpoint.DEMO_CLIENT_ID


def test_behave_for_every_request() -> None:
    with Sandbox(behave="not-found") as ims:
        assert post(ims, "/ims/token/v3").status_code == 404
    with pytest.raises(ValueError, match="no behaviour 'x'"):
        Sandbox(behave="x")


def test_a_port_that_is_taken(ims: Sandbox) -> None:
    with pytest.raises(OSError, match="in use"):
        Sandbox(port=int(ims.url.rsplit(":", 1)[1])).start()


def test_stops_while_it_is_dripping() -> None:
    with Sandbox() as ims:
        context = ssl.create_default_context(cafile=str(ims.ca_bundle))
        client = httpx.Client(verify=context, trust_env=False)
        with (
            client,
            client.stream("POST", ims.token_url, data=FORM | {"client_id": "sandbox-slow"}) as response,
        ):
            assert response.status_code == 200


def test_two_beside_one_another() -> None:
    with Sandbox() as one, Sandbox() as other:
        assert one.ca_bundle != other.ca_bundle
        assert post(one, "/ims/token/v3").status_code == post(other, "/ims/token/v3").status_code


# --- the verb ----------------------------------------------------------------------------------------------------


def run(*arguments: str, capfd: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = app.run(["sandbox", *arguments])
    out, err = capfd.readouterr()
    return code, out, err


NAMES = ("URL", "TOKEN_URL", "CA_BUNDLE", "CREDENTIALS")
SHOW = f"import os; print(*(os.environ['SLINGSHIFT_SANDBOX_' + n] for n in {NAMES}))"


READ = "; print(open(os.environ['SLINGSHIFT_SANDBOX_CREDENTIALS']).read().split()[-1]); raise SystemExit(7)"


def test_around_a_command(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = run("--", sys.executable, "-c", SHOW + READ, capfd=capfd)
    url, token_url, bundle, found, last = out.split()
    assert (code, err, last) == (7, "", "}")
    assert token_url == f"{url}/ims/token/v3"
    assert Path(bundle).parent == Path(found).parent
    assert not Path(bundle).parent.exists()


def test_a_command_that_is_killed(capfd: pytest.CaptureFixture[str]) -> None:
    code, _, _ = run("--", sys.executable, "-c", "import os; os.kill(os.getpid(), 15)", capfd=capfd)
    assert code == 128 + 15


def test_a_command_that_is_not_there(capfd: pytest.CaptureFixture[str]) -> None:
    code, _, err = run("--", "/nowhere/command", capfd=capfd)
    assert (code, err) == (2, "slingshift: cannot run /nowhere/command: No such file or directory\n")


def test_list_of_behaviours(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run("--behave", "list", capfd=capfd)
    assert (code, "invalid_scope" in out.split(), "flaky" in out.split()) == (0, True, True)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--behave", "x"], "there is no behaviour 'x'; `slingshift sandbox --behave list` names them"),
        (["--client-id", "x"], "--client-id needs --client-secret-env NAME or --client-secret-file FILE"),
        (["--client-secret-env", "X"], "a client secret needs its --client-id ID"),
        (["--client-id", "x", "--client-secret-env", "NOT_SET_AT_ALL"], "NOT_SET_AT_ALL is not set"),
    ],
)
def test_wrong_options(capfd: pytest.CaptureFixture[str], arguments: list[str], text: str) -> None:
    code, out, err = run(*arguments, capfd=capfd)
    assert (code, out) == (2, "")
    assert text in err


def test_port_taken(capfd: pytest.CaptureFixture[str], ims: Sandbox) -> None:
    code, _, err = run("--port", ims.url.rsplit(":", 1)[1], capfd=capfd)
    assert code == 4
    assert "the sandbox cannot start: Address already in use" in err


def test_own_client(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_SECRET", "p8e-canary")
    client = ("--client-id", "mine", "--client-secret-env", "SANDBOX_SECRET", "--scope", "a,b")
    code, out, err = run(
        *client, "--ca-out", str(tmp_path / "o"), "--", sys.executable, "-c", SHOW, capfd=capfd
    )
    assert code == 0
    assert "canary" not in out + err
    found = json.loads((tmp_path / "o" / "credentials.json").read_text())
    assert (found["CLIENT_ID"], found["CLIENT_SECRETS"], found["SCOPES"]) == (
        "mine",
        ["p8e-canary"],
        ["a", "b"],
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("form", ["text", "json"])
def test_runs_until_it_is_told_to_stop(number: signal.Signals, form: str) -> None:
    command = [sys.executable, "-m", "migrate", "sandbox", "--format", form]
    # Under nohup a child would ignore the signal of a terminal that goes away, and rightly so.
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ),
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    ) as child:
        assert child.stdout is not None
        line = child.stdout.readline().decode()
        if form == "json":
            facts = json.loads(line)
            assert sorted(facts) == ["caBundle", "credentials", "tokenUrl", "url", "version"]
            assert Path(facts["credentials"]).is_file()
        else:
            assert line.startswith("url          https://127.0.0.1:")
        child.send_signal(number)
        _, err = child.communicate(timeout=20)
    assert child.returncode == 0
    if form == "json":
        assert not Path(facts["credentials"]).parent.exists()
    assert err.decode().startswith("try: slingshift check-token --credentials ")
    assert err.decode().count("\n") == 1
