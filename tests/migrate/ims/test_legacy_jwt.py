"""The old exchange: reading the download, signing, and what each answer means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import jwt
import pytest

from migrate.ims import legacy_jwt
from migrate.ims.client import Connection
from migrate.ims.credentials import jwt_download
from migrate.ims.errors import Kind
from migrate.ims.sandbox.server import Sandbox
from migrate.reports import token_report
from migrate.reports.token_report import Checked
from tests.migrate.ims.downloads import (
    CANARY,
    CONFIG,
    KEY,
    fails,
    no_password,
)

TODAY = date(2026, 11, 1)


# --- the exchange --------------------------------------------------------------------------------------------------


def probe(
    handler: Callable[[httpx.Request], httpx.Response], folder: Path, **options: object
) -> legacy_jwt.LegacyReport:
    found = jwt_download.load(folder)
    connection = Connection(transport=httpx.MockTransport(handler), retries=0, now=lambda: 1_800_000_000.0)
    return legacy_jwt.probe(found, KEY, today=TODAY, connection=connection, **options)  # type: ignore[arg-type]


def test_what_is_sent(folder: Path) -> None:
    seen: list[dict[str, str]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "https://ims-na1.adobelogin.com/ims/exchange/jwt"
        seen.append({name: values[0] for name, values in parse_qs(request.content.decode()).items()})
        return httpx.Response(200, json={"access_token": "t", "token_type": "bearer", "expires_in": 86399990})

    report = probe(handler, folder, metascopes=("ent_smartcontent_sdk", "other"))
    assert (report.answers, report.expires_in, report.error) == (True, 86399990, None)
    assert "ended on 2026-03-01" in report.verdict
    (form,) = seen
    assert set(form) == {"client_id", "client_secret", "jwt_token"}
    assert jwt.get_unverified_header(form["jwt_token"])["alg"] == "RS256"
    claims = jwt.decode(
        form["jwt_token"],
        KEY.public_key(),
        algorithms=["RS256"],
        audience=f"https://ims-na1.adobelogin.com/c/{CONFIG['API_KEY']}",
        options={"verify_exp": False},
    )
    assert claims == {
        "exp": 1_800_000_300,
        "iss": "ABC@AdobeOrg",
        "sub": "T@techacct.adobe.com",
        "aud": f"https://ims-na1.adobelogin.com/c/{CONFIG['API_KEY']}",
        "https://ims-na1.adobelogin.com/s/ent_smartcontent_sdk": True,
        "https://ims-na1.adobelogin.com/s/other": True,
    }


@pytest.mark.parametrize(
    ("status", "error", "kind", "text"),
    [
        (500, "internal_error", Kind.INTERNAL_ERROR, "converted or ended (500 internal_error)"),
        (400, "invalid_token", Kind.INVALID_TOKEN, "matches no certificate"),
        (400, "invalid_signature", Kind.INVALID_SIGNATURE, "does not belong"),
        (400, "invalid_scope", Kind.INVALID_SCOPE, "metascope"),
        (400, "invalid_client", Kind.INVALID_CLIENT, "knows no JWT credential"),
        (401, "invalid_client", Kind.INVALID_CLIENT, "(401 invalid_client)"),
        (400, "bad_request", Kind.INVALID_REQUEST, "malformed"),
        (403, None, Kind.FORBIDDEN, "status 403"),
        (503, None, Kind.SERVER_ERROR, "status 503"),
    ],
)
def test_what_answers_mean(folder: Path, status: int, error: str | None, kind: Kind, text: str) -> None:
    body = {"error": error, "error_description": CANARY} if error else {}
    report = probe(lambda request: httpx.Response(status, json=body), folder)
    assert report.error is not None
    assert (report.answers, report.error.kind) == (False, kind)
    assert text in report.message
    shown = token_report.dumps(Checked(legacy=report), 6) + repr(report)
    assert CANARY not in shown


def test_a_key_that_cannot_sign(folder: Path) -> None:
    found = jwt_download.load(folder)
    error = fails(lambda: legacy_jwt.assertion(found, "no key", host="h", metascopes=(), now=0.0))  # type: ignore[arg-type]
    assert error.rule == "private-key"


def test_against_the_sandbox() -> None:
    with Sandbox(legacy_jwt=True) as ims:
        assert ims.jwt_folder is not None
        found = jwt_download.load(ims.jwt_folder)
        key = jwt_download.private_key(found.key, no_password)
        host = ims.url.removeprefix("https://")
        connection = Connection(ims.ca_bundle, retries=0)
        good = legacy_jwt.probe(found, key, today=TODAY, host=host, connection=connection)
        assert (good.answers, good.expires_in) == (True, 86399000)
        other = legacy_jwt.probe(found, KEY, today=TODAY, host=host, connection=connection)
        assert other.error is not None
        assert other.error.kind is Kind.INVALID_SIGNATURE
        bare = legacy_jwt.probe(found, key, today=TODAY, host=host, metascopes=(), connection=connection)
        assert bare.error is not None
        assert bare.error.kind is Kind.INVALID_SCOPE
        late = Connection(ims.ca_bundle, retries=0, now=lambda: 0.0)
        expired = legacy_jwt.probe(found, key, today=TODAY, host=host, connection=late)
        assert expired.error is not None
        assert expired.error.kind is Kind.INVALID_TOKEN
