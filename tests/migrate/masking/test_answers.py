"""What of a hostile answer is shown: never a part of a secret, however it is disguised."""

from __future__ import annotations

import base64
import codecs
import html
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.integration.secret import Secret
from migrate.masking import answers

CANARY = "p8e-CaNaRy+/s3cr3t=Zq7"
SECRETS = (Secret(CANARY),)

DISGUISES = {
    "as it is": CANARY,
    "upper case": CANARY.upper(),
    "half": CANARY[: len(CANARY) // 2],
    "other half": CANARY[len(CANARY) // 2 :],
    "percent": quote(CANARY, safe=""),
    "percent twice": quote(quote(CANARY, safe=""), safe=""),
    "html": html.escape(CANARY).replace("/", "&#47;"),
    "hex": CANARY.encode().hex(),
    "base64": base64.b64encode(CANARY.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(CANARY.encode()).decode(),
    "base64 within": base64.b64encode(b"x" + CANARY.encode() + b"y").decode(),
    "base64 further in": base64.b64encode(b"xy" + CANARY.encode()).decode(),
    "backwards": CANARY[::-1],
    "rot13": codecs.encode(CANARY, "rot13"),
    "spread out": "-".join(CANARY),
    "in groups": ".".join(CANARY[i : i + 4] for i in range(0, len(CANARY), 4)),
}


@pytest.mark.parametrize("name", DISGUISES)
def test_disguises_are_seen_through(name: str) -> None:
    text = DISGUISES[name]
    assert answers.resembles(text, SECRETS)
    assert answers.resembles(f"x {text} y", SECRETS)
    assert answers.error_code(text, SECRETS) == "***"
    assert answers.debug_id(text, SECRETS, "") == "***"
    assert answers.token_type(text, SECRETS) == "***"
    assert answers.scope(text, SECRETS) == "***"
    assert answers.host(text, SECRETS) == "***"
    assert answers.claim(text, SECRETS) == "***"


@given(st.text(min_size=8, max_size=40), st.text(max_size=100), st.text(max_size=100))
def test_no_secret_is_ever_quoted(secret: str, before: str, after: str) -> None:
    text, secrets = before + secret + after, (Secret(secret),)
    assert answers.resembles(text, secrets)
    for shown in (
        answers.error_code(text, secrets),
        answers.debug_id(text, secrets, ""),
        answers.scope(text, secrets),
        answers.claim(text, secrets),
    ):
        assert shown is None or secret not in shown


def test_a_short_secret_hides_nothing_else() -> None:
    assert not answers.resembles("invalid_scope", (Secret("s"),))
    assert answers.resembles("S", (Secret("s"),))
    assert answers.resembles("xx secret xx", (Secret("secret"),))
    assert not answers.resembles("a", (Secret("!!a!!!!!"),))
    assert not answers.resembles("anything", (Secret(""),))


@pytest.mark.parametrize("text", ["some_new_error", "too many requests", "not-found", "forbidden"])
def test_error_codes_that_are_shown(text: str) -> None:
    assert answers.error_code(text, SECRETS) == text


@pytest.mark.parametrize(
    "text",
    ["eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "tok_0A1B", "\x1b[31mred", "a" * 99, "deadbeef", "Bad_Code", "a_\n"],
)
def test_error_codes_that_are_hidden(text: str) -> None:
    assert answers.error_code(text, SECRETS) == "***"


def test_no_error_code() -> None:
    assert answers.error_code("", SECRETS) is None
    assert answers.error_code(7, SECRETS) is None


def test_debug_ids() -> None:
    uuid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
    assert answers.debug_id(uuid, SECRETS, "") == uuid
    assert answers.debug_id("abc-1", SECRETS, "") == "abc-1"
    assert answers.debug_id(None, SECRETS, "") is None
    assert answers.debug_id("opaque-token-0f1e", SECRETS, '{"echo": "opaque-token-0f1e"}') == "***"
    assert answers.debug_id("eyJhbGciOiJSUzI1NiJ9.e30.c2ln", SECRETS, "") == "***"
    assert answers.debug_id("0123456789abcdef0123456789abcdef", SECRETS, "") == "***"
    assert answers.debug_id("a\x9bb", SECRETS, "") == "***"


@pytest.mark.parametrize(
    "text",
    [
        "openid",
        "AdobeID",
        "additional_info.projectedProductContext",
        "https://api.example/auth/read-only",
        "v3",
    ],
)
def test_scopes_that_are_shown(text: str) -> None:
    assert answers.scope(text, SECRETS) == text


def test_a_scope_that_was_asked_for_is_shown_whatever_it_looks_like() -> None:
    assert answers.scope("0a1b2c3d4e5f", SECRETS) == "***"
    assert answers.scope("0a1b2c3d4e5f", SECRETS, ("0a1b2c3d4e5f",)) == "0a1b2c3d4e5f"


def test_claims_cannot_steer_a_terminal() -> None:
    assert answers.claim("a\x1b[31m\u202e\nb" + "c" * 300, ()) == "a?[31m??b" + "c" * 191
