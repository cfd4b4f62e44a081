"""The report of one token request."""

from __future__ import annotations

import base64
import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.ims import check, claims
from migrate.ims.check import TokenReport
from migrate.ims.client import Connection, TokenRequest
from migrate.ims.errors import Kind
from migrate.ims.sandbox import endpoint as sandbox_ims
from migrate.integration.secret import Secret
from migrate.reports import token_report
from migrate.reports.token_report import Checked

CANARY = "p8e-canary-check-DO-NOT-SHOW"
NOW = 1_800_000_000.0
CLAIMS = {
    "client_id": "client",
    "user_id": "T@techacct.adobe.com",
    "as": "ims-na1",
    "scope": "a,b",
    "created_at": "1800000000000",
    "expires_in": "86400000",
}
REQUEST = TokenRequest("client", "a, b", "https://ims-na1.adobelogin.com/ims/token/v3", Secret(CANARY))


def report(answer: object, *, claims: object = CLAIMS, **options: object) -> TokenReport:
    token = sandbox_ims.imitation(claims) if isinstance(claims, dict) else claims
    body = {"access_token": token, "token_type": "bearer", "expires_in": 86399}
    body |= answer if isinstance(answer, dict) else {}
    status = 200 if isinstance(answer, dict) else answer
    transport = httpx.MockTransport(lambda request: httpx.Response(status, json=body))  # type: ignore[arg-type]
    found = check.ask(REQUEST, Connection(transport=transport, retries=0, now=lambda: NOW), **options)  # type: ignore[arg-type]
    for shown in everything(found):
        assert CANARY not in shown
        assert "canary" not in shown
        assert not isinstance(token, str) or token not in shown
    return found


def everything(found: TokenReport) -> list[str]:
    return [
        token_report.dumps(Checked(found), 0),
        text(found),
        token_report.to_markdown(Checked(found)),
        repr(found),
        "\n".join(map(str, found.findings)),
    ]


def text(found: TokenReport) -> str:
    return token_report.to_text(Checked(found))


def ids(found: TokenReport) -> list[str]:
    return [finding.id for finding in found.findings]


def test_a_good_token() -> None:
    found = report({}, org_id="O@AdobeOrg", source="x.config")
    assert (found.ok, found.findings, found.error) == (True, (), None)
    assert found.requested_scopes == found.granted_scopes == ("a", "b")
    assert (found.lifetime, str(found.expires_at)) == (86399, "2027-01-16 07:59:59+00:00")
    assert found.claims is not None
    assert (found.claims.created_at, found.claims.expires_in) == (1_800_000_000_000, 86_400_000)
    assert text(found) == (
        "values from  x.config\n"
        "endpoint     https://ims-na1.adobelogin.com/ims/token/v3\n"
        "client id    client\n"
        "result       token granted (status 200, type bearer)\n"
        "expires      in 86399 s, at 2027-01-16 07:59 UTC\n"
        "requested    a, b\n"
        "granted      a, b\n"
        "missing      none\n"
        "token says   client id client, account T@techacct.adobe.com (not verified)"
    )


def test_markdown_is_a_table_that_nothing_breaks_out_of() -> None:
    found = report({"token_type": "a"}, claims=CLAIMS | {"user_id": "x|<b>`*[y](z)"})
    table = token_report.to_markdown(Checked(found))
    assert table.startswith("| | |\n|---|---|\n| values from | options |\n")
    assert r"x\|&lt;b>\`\*\[y\](z)" in table


@pytest.mark.parametrize(
    ("answer", "claims", "expected"),
    [
        ({"token_type": "mac"}, CLAIMS, ["token-type"]),
        ({"token_type": "Bearer"}, CLAIMS, []),
        ({"expires_in": None}, CLAIMS, ["no-expiry"]),
        ({"expires_in": 0}, CLAIMS, ["expired"]),
        ({"expires_in": -5}, CLAIMS, ["expired"]),
        ({"expires_in": "soon"}, CLAIMS, ["odd-expiry"]),
        ({"expires_in": 10**18}, CLAIMS, ["odd-expiry"]),
        ({"expires_in": 86399000}, CLAIMS, ["expiry-in-milliseconds"]),
        ({}, "an-opaque-token", ["opaque-token"]),
        ({}, CLAIMS | {"scope": "a"}, ["scope-not-granted"]),
        ({"scope": "a"}, CLAIMS, ["scope-not-granted"]),
        ({"scope": "b a c"}, CLAIMS | {"scope": ""}, []),
        ({}, CLAIMS | {"scope": ["a", "b", 7]}, []),
        ({}, CLAIMS | {"scope": None}, []),
        ({}, CLAIMS | {"client_id": "other"}, ["client-id-differs"]),
        ({}, CLAIMS | {"org": "P@AdobeOrg"}, ["org-id-differs"]),
        ({}, CLAIMS | {"org_id": "O@AdobeOrg", "org": "P@AdobeOrg"}, []),
        ({}, CLAIMS | {"created_at": "1800000301000"}, ["clock"]),
        ({}, CLAIMS | {"created_at": 1800000000000, "expires_in": True}, []),
    ],
)
def test_findings(answer: object, claims: object, expected: list[str]) -> None:
    found = report(answer, claims=claims, org_id="O@AdobeOrg")
    assert ids(found) == expected
    assert found.ok == (expected not in (["scope-not-granted"], ["expired"]))


def test_milliseconds_are_shown_as_seconds() -> None:
    assert report({"expires_in": 86399000}).lifetime == 86399


def test_a_lifetime_beyond_the_calendar() -> None:
    assert report({"expires_in": 10**15 - 1}).expires_at is None


def test_a_refusal_is_a_report_too() -> None:
    found = report(403)
    assert (found.ok, found.answer, found.granted_scopes, found.missing_scopes) == (False, None, None, ())
    assert found.error is not None
    assert found.error.kind is Kind.FORBIDDEN
    assert json.loads(token_report.dumps(Checked(found), 6))["token"]["status"] == 403
    assert "result       no token: the endpoint forbids" in text(found)


def test_a_token_that_carries_the_secret_back() -> None:
    evil = dict.fromkeys(("client_id", "org_id", "user_id", "as"), f"x {CANARY} y") | {
        "scope": f"a,b,{CANARY}"
    }
    found = report({"scope": f"a b {CANARY}"}, claims=evil)
    assert found.claims is not None
    assert found.claims.user_id == "***"
    assert found.granted_scopes == ("a", "b", "***")


def test_control_characters_do_not_reach_the_terminal() -> None:
    found = report({"scope": "a b \x1b[2J"}, claims=CLAIMS | {"user_id": "a\r\n\x1b[31m"})
    assert "\x1b" not in text(found)
    assert "\r" not in text(found)


ODD_VALUES = st.none() | st.text() | st.integers() | st.floats() | st.lists(st.text(), max_size=2)
ODD_CLAIMS = st.dictionaries(st.sampled_from(sorted(CLAIMS)), ODD_VALUES)


@given(st.text(max_size=60) | ODD_CLAIMS.map(sandbox_ims.imitation))
def test_any_token_is_read(token: str) -> None:
    found = claims.read_token(Secret(token))
    assert found is None or found.client_id is None or found.client_id.isprintable()


def test_tokens_that_are_nearly_jwts() -> None:
    for payload in (b"[" * 100_000, b"[1]", b"\xff", b'{"a":' + b"9" * 5000 + b"}"):
        body = base64.urlsafe_b64encode(payload).rstrip(b"=").decode()
        assert claims.read_token(Secret(f"eyJhbGciOiJSUzI1NiJ9.{body}.c2ln")) is None
