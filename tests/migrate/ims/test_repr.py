"""Nothing of ims/ shows a secret, a token, a key or the password in a URL when it is printed."""

from __future__ import annotations

import dataclasses
import inspect
import json
import pkgutil
import traceback
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import httpx
import pytest

import migrate.ims
from migrate.ims import check, claims, configured, request_values
from migrate.ims.answers import RawAnswer, interpret
from migrate.ims.client import Connection, TokenRequest
from migrate.ims.credentials import credential, dotenv, formats, jwt_download
from migrate.ims.credentials.errors import CredentialsError
from migrate.ims.sandbox import endpoint
from migrate.ims.sandbox.server import Sandbox
from migrate.integration import token_url
from migrate.integration.secret import Secret

CANARY = "p8e-canary-repr-DO-NOT-SHOW"
URL = f"https://user:{CANARY}@ims-na1.adobelogin.com/ims/token/v3?client_secret={CANARY}"
CONSOLE = {"CLIENT_ID": "0" * 32, "CLIENT_SECRETS": [CANARY, f"{CANARY}2"], "ORG_ID": "A@AdobeOrg"}
JWT = {
    "API_KEY": "k",
    "CLIENT_SECRET": CANARY,
    "ORG_ID": "A@AdobeOrg",
    "TECHNICAL_ACCOUNT_ID": "t@techacct.adobe.com",
}
REQUEST = TokenRequest("client", "openid", URL, Secret(CANARY))


def answered() -> check.TokenReport:
    token = endpoint.imitation({"client_id": CANARY, "scope": f"openid,{CANARY}"}) + CANARY
    body = {"access_token": token, "token_type": CANARY, "expires_in": 1, "scope": CANARY}
    transport = httpx.MockTransport(
        lambda request: httpx.Response(200, json=body, headers={"x-debug-id": CANARY})
    )
    request = dataclasses.replace(REQUEST, token_url=token_url.DEFAULT)
    return check.ask(request, Connection(transport=transport, retries=0))


def made(tmp_path: Path) -> Iterator[object]:
    """One of every record that ims/ makes and that holds, or could hold, something secret."""
    (tmp_path / "config.json").write_text(json.dumps(JWT))
    (tmp_path / "private.key").write_text(CANARY)
    file = formats.read(json.dumps(CONSOLE).encode())
    yield from (REQUEST, file, file.with_secret(1), credential.merge(file, secret=Secret(CANARY)))
    yield dotenv.parse(f"SECRET={CANARY}")
    yield jwt_download.load(tmp_path)
    yield configured.Integration("c", "openid", URL, Secret(CANARY), False, "p", endpoint=URL)
    yield request_values.Overrides(token_url=URL)
    yield request_values.Wanted(REQUEST, "p", None)
    yield token_url.address(URL, URL)
    yield RawAnswer(200, {"x": CANARY}, CANARY.encode())
    report = answered()
    assert report.answer is not None
    yield from (report, report.answer, report.claims)
    yield claims.read_token(Secret(endpoint.imitation({"scope": CANARY})))
    yield interpret(RawAnswer(400, {}, json.dumps({"error": CANARY}).encode()), (Secret(CANARY),), 1)
    ims = endpoint.Ims({"client": Secret(CANARY)}, behave="echo")
    yield ims.answer(token_url.TOKEN_PATH, {"client_secret": CANARY}, "", "h", 0.0)
    ims._tokens[CANARY] = 1.0
    yield ims
    yield Sandbox(clients={"client": Secret(CANARY)})


def test_no_record_shows_a_secret(tmp_path: Path) -> None:
    found = list(made(tmp_path))
    for one in found:
        assert CANARY not in repr(one), type(one)
        assert CANARY not in str(one), type(one)


def test_every_record_of_the_room_is_looked_at(tmp_path: Path) -> None:
    """A new one has to be added above, unless it cannot hold anything secret."""
    harmless = {"CertificateInfo", "Connection", "Progress", "LegacyReport", "Line"}
    looked_at = {type(one).__name__ for one in made(tmp_path)} | harmless
    for module in pkgutil.walk_packages(migrate.ims.__path__, "migrate.ims."):
        for name, member in vars(import_module(module.name)).items():
            here = inspect.isclass(member) and member.__module__ == module.name and not name.startswith("_")
            if here and dataclasses.is_dataclass(member):
                assert name in looked_at, f"{module.name}.{name}"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"CLIENT_ID": CANARY, "CLIENT_SECRETS": [7]}),
        f"{CANARY}\n",
        f'{{"CLIENT_ID": "{CANARY}',
        "A='" + CANARY,
    ],
)
def test_no_error_shows_a_secret(text: str) -> None:
    with pytest.raises(CredentialsError) as caught:
        formats.read(text.encode())
    error = caught.value
    shown = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error)) + str(error)
    assert CANARY not in shown
