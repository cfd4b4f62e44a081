# ruff: noqa: E501 - tables of cases read better in one line each
"""Asking for a token: what is sent, and every way in which there is none."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import ssl
import threading
import traceback
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.ims import client as oauth
from migrate.ims.answers import RawAnswer, TokenAnswer, interpret
from migrate.ims.client import Connection, TokenRequest, request_token
from migrate.ims.errors import Kind, TokenError
from migrate.ims.sandbox import endpoint
from migrate.ims.sandbox.server import Sandbox
from migrate.integration import scopes
from migrate.integration.secret import Secret
from migrate.transport import ssl_context
from tests.places import ROOT

CANARY = "p8e-canary-0f3a+/=& DO-NOT-SHOW"
TOKEN = "eyJ.canary-token-DO-NOT-SHOW.sig"
URL = "https://ims.example/ims/token/v3"
REQUEST = TokenRequest("client", "a, b", URL, Secret(CANARY))
GOOD = {"access_token": TOKEN, "token_type": "bearer", "expires_in": 86399}

Handler = Callable[[httpx.Request], httpx.Response]


def via(handler: Handler, **options: object) -> Connection:
    options = {
        "retries": 0,
        "timeout": 20.0,
        "sleep": lambda seconds: None,
        "now": lambda: 1_000_000.0,
    } | options
    return Connection(transport=httpx.MockTransport(handler), **options)  # type: ignore[arg-type]


def answering(status: int, content: object = b"", **headers: str) -> Handler:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return lambda request: httpx.Response(status, content=body, headers=named)


def failing(connection: Connection, request: TokenRequest = REQUEST) -> TokenError:
    """The error, after looking for secrets in everything that a traceback, repr or JSON would show."""
    with pytest.raises(TokenError) as caught:
        request_token(request, connection)
    error = caught.value
    shown = (
        "".join(traceback.format_exception(error))
        + repr(error)
        + json.dumps(vars(error), default=repr)
        + str(error)
    )
    shown += repr(vars(error))
    for secret in (CANARY, CANARY.lower(), "p8e-canary", TOKEN, "canary-token"):
        assert secret not in shown
    assert error.__context__ is None
    assert error.__cause__ is None
    assert "\n" not in str(error)
    return error


# --- what is sent ------------------------------------------------------------------------------------------------


def test_exactly_the_four_fields_in_the_body() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=GOOD, headers={"X-Debug-Id": "abc-1"})

    answer = request_token(REQUEST, via(handler))
    (request,) = seen
    assert request.method == "POST"
    assert str(request.url) == URL
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(request.content.decode(), strict_parsing=True) == {
        "grant_type": ["client_credentials"],
        "client_id": ["client"],
        "client_secret": [CANARY],
        "scope": ["a, b"],
    }
    assert "canary" not in repr(request.headers)
    assert (answer.access_token, answer.token_type, answer.expires_in) == (Secret(TOKEN), "bearer", 86399)
    assert (answer.status, answer.debug_id, answer.attempts) == (200, "abc-1", 1)
    assert TOKEN not in repr(answer)
    assert CANARY not in repr(REQUEST)


def test_jwt_exchange_sends_three_fields() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        assert form == {"client_id": "c", "client_secret": CANARY, "jwt_token": "signed"}
        return httpx.Response(200, json=GOOD | {"expires_in": 86399999})

    answer = oauth.exchange_jwt(URL, "c", Secret(CANARY), Secret("signed"), via(handler))
    assert answer.expires_in == 86399999


def test_nothing_secret_in_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Sandbox(clients={"client": Secret(CANARY)}, scopes=()) as ims:
        answer = request_token(replace(REQUEST, token_url=ims.token_url), Connection(ca_bundle=ims.ca_bundle))
        failing(
            Connection(ca_bundle=ims.ca_bundle, retries=0),
            replace(REQUEST, token_url=ims.token_url, client_id="sandbox-echo"),
        )
    assert caplog.text
    assert CANARY not in caplog.text
    assert "canary" not in caplog.text
    assert answer.access_token.reveal() not in caplog.text


# --- the address -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("", "names no host"),
        ("ims.example/x", "names no host"),
        ("http://ims.example/x", "is not https"),
        ("http://127.0.0.1.example/x", "is not https"),
        ("ftp://localhost/x", "is not https"),
        ("https://[::1/", "is not a URL"),
        ("https://[bad", "a host that cannot exist"),
        ("https://a%b/", "a host that cannot exist"),
        ("https://a:99999999/", "a port that does not exist"),
        ("https://a:0/", "a port that does not exist"),
        ("https://u:p8e-canary@ims.example/x", "user name or password"),
        ("https://ims.example/ims/token/v3?client_secret=p8e-canary", "secret in its query"),
        ("https://ims.example/a b", "blanks"),
        ("https://ims.example/\u2028", "blanks or invisible"),
        (f"{URL}\n", "not a URL"),
    ],
)
def test_addresses_to_which_nothing_is_sent(url: str, text: str) -> None:
    error = failing(via(answering(200, GOOD)), replace(REQUEST, token_url=url))
    assert error.kind is Kind.BAD_URL
    assert text in error.message
    assert error.usage
    assert error.attempts == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "[::1]"])
def test_http_is_allowed_for_this_machine(host: str) -> None:
    request_token(replace(REQUEST, token_url=f"http://{host}:1/x"), via(answering(200, GOOD)))


@given(st.text(max_size=40) | st.text(max_size=40).map("https://".__add__))
def test_any_url_is_parsed_or_refused(url: str) -> None:
    try:
        parsed = oauth.check_url(url)
    except TokenError as error:
        parsed = None
        kind = error.kind
    assert parsed is not None or kind is Kind.BAD_URL


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"client_id": ""}, "the client_id is empty"),
        ({"scope": ""}, "the scope is empty"),
        ({"secret": Secret("")}, "the client_secret is empty"),
        ({"secret": Secret("p8e-canary\udcff")}, "the client_secret holds half a character"),
    ],
)
def test_values_that_cannot_be_sent(change: dict[str, object], text: str) -> None:
    error = failing(via(answering(200, GOOD)), replace(REQUEST, **change))  # type: ignore[arg-type]
    assert (error.kind, error.usage) == (Kind.BAD_VALUE, True)
    assert text in error.message


# --- answers -----------------------------------------------------------------------------------------------------

HTML = b"<!DOCTYPE html><p>p8e-canary</p>"


def refused(error: object, description: object = None) -> dict[str, object]:
    return {"error": error, "error_description": description}


ANSWERS: dict[str, tuple[Handler, Kind, bool, str]] = {
    "client id": (answering(400, refused("invalid_client", "invalid client_id parameter")), Kind.INVALID_CLIENT_ID, True, "no such client id"),
    "client secret": (answering(400, refused("invalid_client", "invalid client_secret parameter")), Kind.INVALID_CLIENT_SECRET, True, "client secret is wrong"),
    "client, 401": (answering(401, refused("invalid_client")), Kind.INVALID_CLIENT, True, "(401 invalid_client)"),
    "client, odd description": (answering(400, refused("invalid_client", [1])), Kind.INVALID_CLIENT, True, "encrypted"),
    "unauthorized": (answering(400, refused("unauthorized_client")), Kind.UNAUTHORIZED_CLIENT, True, "still a JWT credential"),
    "grant": (answering(400, refused("unsupported_grant_type")), Kind.UNSUPPORTED_GRANT_TYPE, True, "KA-24660"),
    "scope": (answering(400, refused("invalid_scope", "")), Kind.INVALID_SCOPE, True, "product profile"),
    "request": (answering(400, refused("invalid_request")), Kind.INVALID_REQUEST, True, "malformed"),
    "bad request": (answering(400, refused("bad_request")), Kind.INVALID_REQUEST, True, "malformed"),
    "access": (answering(400, refused("access_denied")), Kind.ACCESS_DENIED, True, "denies"),
    "unknown": (answering(400, refused("new\x1b[31m_error" + "x" * 100)), Kind.REFUSED, True, "400 ***"),
    "unknown words": (answering(400, refused("some_new_error")), Kind.REFUSED, True, "400 some_new_error"),
    "echo": (answering(400, refused(CANARY, CANARY)), Kind.REFUSED, True, "400 ***"),
    "echo of a part": (answering(400, refused("x" + CANARY[3:12].upper())), Kind.REFUSED, True, "400 ***"),
    "error of another type": (answering(400, refused(["invalid_client"])), Kind.STATUS, False, "status 400"),
    "403": (answering(403, b""), Kind.FORBIDDEN, True, "status 403"),
    "403 with error": (answering(403, refused("access_denied")), Kind.ACCESS_DENIED, True, "403"),
    "403 page": (answering(403, HTML), Kind.HTML, False, "status 403"),
    "404": (answering(404, HTML), Kind.NOT_FOUND, False, "no such page"),
    "405": (answering(405, b""), Kind.STATUS, False, "status 405"),
    "407": (answering(407, b""), Kind.PROXY, False, "HTTPS_PROXY"),
    "429": (answering(429, refused("too many requests")), Kind.THROTTLED, False, "throttles"),
    "500": (answering(500, refused("internal_error", "Please try again later")), Kind.INTERNAL_ERROR, False, "dead JWT"),
    "503": (answering(503, HTML), Kind.SERVER_ERROR, False, "status 503"),
    "500 known error": (answering(500, refused("invalid_client")), Kind.SERVER_ERROR, False, "status 500"),
    "redirect": (answering(302, b"", Location=f"https://evil.example/?s={'p8e-canary'}"), Kind.REDIRECT, False, "to evil.example;"),
    "redirect on the host": (answering(307, b"", Location="/login"), Kind.REDIRECT, False, "another page of the same host"),
    "not modified": (answering(304, b""), Kind.STATUS, False, "status 304"),
    "client, other words": (answering(401, refused("invalid_client", "use client_secret_post")), Kind.INVALID_CLIENT, True, "encrypted"),
    "redirect nowhere": (answering(301, b"", Location="https://[bad/"), Kind.REDIRECT, False, "another page"),
    "redirect with the secret": (answering(302, b"", Location="https://p8e-canary-0f3a.example/"), Kind.REDIRECT, False, "to ***;"),
    "html": (answering(200, HTML), Kind.HTML, False, "web page"),
    "html by type": (answering(200, b"x", Content_Type="text/html"), Kind.HTML, False, "web page"),
    "html 400": (answering(400, HTML), Kind.HTML, False, "status 400"),
    "empty": (answering(200, b" \r\n"), Kind.EMPTY, False, "is empty"),
    "empty 401": (answering(401, b""), Kind.EMPTY, False, "status 401"),
    "text": (answering(200, b"access_token=p8e-canary"), Kind.NOT_JSON, False, "not a JSON object"),
    "list": (answering(200, [TOKEN]), Kind.NOT_JSON, False, "not a JSON object"),
    "deep": (answering(200, b"[" * 100_000), Kind.NOT_JSON, False, "not a JSON object"),
    "long number": (answering(200, b"[" + b"9" * 5000 + b"]"), Kind.NOT_JSON, False, "not a JSON object"),
    "not utf-8": (answering(200, b"\xff\xfe{}"), Kind.NOT_JSON, False, "not a JSON object"),
    "no token": (answering(200, {"token_type": "bearer"}), Kind.NO_TOKEN, False, "no access_token"),
    "no token but an error": (answering(200, refused("invalid_scope")), Kind.INVALID_SCOPE, True, "(200 invalid_scope)"),
    "token a number": (answering(200, GOOD | {"access_token": 7}), Kind.WRONG_TYPES, False, "not of the types"),
    "token empty": (answering(200, GOOD | {"access_token": ""}), Kind.WRONG_TYPES, False, "not of the types"),
    "token blank": (answering(200, GOOD | {"access_token": " "}), Kind.WRONG_TYPES, False, "not of the types"),
    "token not ASCII": (answering(200, GOOD | {"access_token": "\u00e9"}), Kind.WRONG_TYPES, False, "not of the types"),
    "type a number": (answering(200, GOOD | {"token_type": 1}), Kind.WRONG_TYPES, False, "not of the types"),
    "scope a list of numbers": (answering(200, GOOD | {"scope": [1]}), Kind.WRONG_TYPES, False, "not of the types"),
    "huge": (answering(200, b"x" * (256 * 1024 + 1)), Kind.HUGE, False, "256 KiB"),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_without_a_token(name: str) -> None:
    handler, kind, refused_by_ims, text = ANSWERS[name]
    error = failing(via(handler))
    assert (error.kind, error.refused, error.usage) == (kind, refused_by_ims, False)
    assert text in str(error)
    assert error.attempts == 1


@pytest.mark.parametrize(
    ("change", "lifetime", "kind"),
    [
        ({"expires_in": "3600"}, 3600, "bearer"),
        ({"expires_in": None}, None, "bearer"),
        ({"expires_in": 10**20}, None, "bearer"),
        ({"expires_in": 3600.9}, 3600, "bearer"),
        ({"expires_in": "3600.0"}, 3600, "bearer"),
        ({"expires_in": float("nan")}, None, "bearer"),
        ({"expires_in": float("-inf")}, None, "bearer"),
        ({"expires_in": "soon"}, None, "bearer"),
        ({"expires_in": True}, None, "bearer"),
        ({"expires_in": []}, None, "bearer"),
        ({"expires_in": -5}, -5, "bearer"),
        ({"token_type": "BEARER"}, 86399, "BEARER"),
        ({"token_type": "Bea\nrer"}, 86399, "***"),
        ({"token_type": TOKEN}, 86399, "***"),
        ({"token_type": None}, 86399, None),
    ],
)
def test_answers_with_a_token(change: dict[str, object], lifetime: int | None, kind: str | None) -> None:
    answer = request_token(REQUEST, via(answering(200, GOOD | change)))
    assert (answer.expires_in, answer.token_type) == (lifetime, kind)


@pytest.mark.parametrize(
    ("sent", "scope"), [(["a", "b"], "a b"), ([], ""), ("a, b", "a b"), (None, None), ("", "")]
)
def test_granted_scopes(sent: object, scope: str | None) -> None:
    assert request_token(REQUEST, via(answering(200, GOOD | {"scope": sent}))).scope == scope


def test_a_lifetime_that_makes_no_sense_is_not_one_that_is_not_said() -> None:
    said = [request_token(REQUEST, via(answering(200, GOOD | {"expires_in": v}))) for v in ("x", None, 5)]
    assert [answer.odd_lifetime for answer in said] == [True, False, False]


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw deflate"])
def test_an_answer_that_is_compressed_unasked(encoding: str) -> None:
    packer = zlib.compressobj(wbits={"gzip": 31, "deflate": 15, "raw deflate": -15}[encoding])
    data = packer.compress(json.dumps(GOOD).encode()) + packer.flush()
    assert request_token(REQUEST, via(streaming(data, encoding.split()[-1]))).access_token == Secret(TOKEN)
    bomb = zlib.compress(b" " * 50_000_000)
    assert failing(via(streaming(bomb, "deflate"))).kind is Kind.HUGE
    assert failing(via(streaming(b"no zlib", "gzip"))).kind is Kind.NOT_JSON
    assert failing(via(streaming(b"", "gzip"))).kind is Kind.EMPTY


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_compressed_answer_that_is_cut_short_is_no_token(encoding: str) -> None:
    """Wherever it is cut: all of the JSON may be there, and its check sum missing."""
    packer = zlib.compressobj(wbits={"gzip": 31, "deflate": 15}[encoding])
    data = packer.compress(json.dumps(GOOD).encode()) + packer.flush()
    for size in range(1, len(data)):
        assert failing(via(streaming(data[:size], encoding))).kind is Kind.CONNECTION_LOST, size


class Pieces(httpx.SyncByteStream):
    """A body that arrives, which one given at once does not."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __iter__(self) -> Iterator[bytes]:
        yield self.data


def streaming(data: bytes, encoding: str) -> Handler:
    return lambda request: httpx.Response(200, stream=Pieces(data), headers={"Content-Encoding": encoding})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["https://evil.example/", "/login", "http://[::1", "\x9b31m", "https://"]
)
def test_nothing_is_sent_after_a_redirect(status: int, location: str) -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        return httpx.Response(status, headers={"Location": location.encode("latin-1")})

    assert failing(via(handler, retries=2)).kind is Kind.REDIRECT
    assert seen == ["ims.example"]


@given(
    st.integers(100, 599),
    st.binary(max_size=80) | st.dictionaries(
        st.sampled_from(["access_token", "expires_in", "token_type", "scope", "error", "error_description"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.lists(st.none(), max_size=1),
    ).map(lambda value: json.dumps(value).encode()),
    st.dictionaries(
        st.sampled_from(["content-type", "location", "retry-after", "x-debug-id"]), st.text(max_size=30)
    ),
)  # fmt: skip
def test_any_answer_is_a_token_or_an_error(status: int, body: bytes, headers: dict[str, str]) -> None:
    outcome = interpret(RawAnswer(status, headers, body), (Secret("q"),), 1)
    assert isinstance(outcome, (TokenAnswer, TokenError))
    assert "\n" not in str(outcome)


def test_a_documented_error_is_shown_whatever_the_secret() -> None:
    error = failing(
        via(answering(400, refused("invalid_scope"))), replace(REQUEST, secret=Secret("invalid_scope"))
    )
    assert error.error == "invalid_scope"


def test_every_kind_is_documented() -> None:
    root = ROOT
    text = (root / "docs" / "check-token.md").read_text("utf-8")
    schema = json.loads((root / "docs" / "schema" / "check-token.schema.json").read_text("utf-8"))
    assert [kind.value for kind in Kind if f"`{kind.value}`" not in text] == []
    assert schema["$defs"]["error"]["properties"]["kind"]["enum"] == sorted(kind.value for kind in Kind)


# --- retries -----------------------------------------------------------------------------------------------------


def scripted(*answers: Handler | Exception) -> Handler:
    """Each answer once; an exception is raised."""
    left = list(answers)

    def handler(request: httpx.Request) -> httpx.Response:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer(request)

    return handler


def test_retries_after_5xx_and_lost_connections() -> None:
    waits: list[float] = []
    said: list[str] = []
    handler = scripted(
        answering(503), httpx.ReadError("reset"), httpx.RemoteProtocolError("gone"), answering(200, GOOD)
    )
    answer = request_token(REQUEST, via(handler, retries=3, sleep=waits.append, notify=said.append))
    assert answer.attempts == 4
    assert waits == [0.5, 1.0, 2.0]
    assert said[0] == "the endpoint fails (status 503); trying again in 0.5 s"
    assert "was lost before the answer was complete; trying again in 1 s" in said[1]


def test_retries_end() -> None:
    error = failing(via(answering(503), retries=2))
    assert error.attempts == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 302])
def test_what_a_retry_would_not_change_is_not_retried(status: int) -> None:
    assert failing(via(scripted(answering(status, b"")), retries=5)).attempts == 1


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("7", 7.0),
        (" 60 ", 60.0),
        ("Mon, 12 Jan 1970 13:46:45 GMT", 5.0),
        ("Mon, 12 Jan 1970 13:46:30 GMT", 0.0),
        ("soon", 0.5),
        ("", 0.5),
        ("-1", 0.5),
        ("Mon, 99 Xxx 1970", 0.5),
        ("1.5", 0.5),
        ("Mon, 12 Jan 1970 13:46:45", 5.0),
    ],
)
def test_retry_after(header: str, wait: float) -> None:
    waits: list[float] = []
    handler = scripted(answering(429, b"", Retry_After=header), answering(200, GOOD))
    request_token(REQUEST, via(handler, retries=1, sleep=waits.append))
    assert waits == [wait]


@pytest.mark.parametrize(
    ("date", "wait"),
    [
        ("Fri, 27 Nov 2026 11:59:53 GMT", 7.0),
        ("Fri, 27 Nov 2026 12:00:00 GMT", 0.0),
        ("Fri, 27 Nov 2026 12:30:00 GMT", 0.0),
    ],
)
def test_a_date_to_retry_after_is_one_of_the_clock_that_wrote_it(date: str, wait: float) -> None:
    """The local clock here says 1970."""
    waits: list[float] = []
    asked = answering(429, b"", Retry_After="Fri, 27 Nov 2026 12:00:00 GMT", Date=date)
    request_token(REQUEST, via(scripted(asked, answering(200, GOOD)), retries=1, sleep=waits.append))
    assert waits == [wait]


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("61", "to wait 61 s, which"),
        ("1" * 400, "to wait 86400 s and more, which"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "86400 s and more"),
    ],
)
def test_retry_after_that_is_too_long_is_said_and_not_waited_for(header: str, text: str) -> None:
    waits: list[float] = []
    said: list[str] = []
    error = failing(
        via(answering(429, b"", Retry_After=header), retries=3, sleep=waits.append, notify=said.append)
    )
    assert (error.kind, error.attempts, waits) == (Kind.THROTTLED, 1, [])
    assert text in said[0]


@given(st.text(max_size=40), st.none() | st.text(max_size=40))
def test_any_retry_after(header: str, date: str | None) -> None:
    seconds = oauth.retry_after_seconds(header, date, 0.0)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8", "utf-16"])
def test_a_refusal_is_one_in_any_encoding(encoding: str) -> None:
    body = json.dumps(
        {"error": "invalid_scope", "error_description": "Port\u00e9e refus\u00e9e"}, ensure_ascii=False
    )
    error = failing(via(answering(400, body.encode(encoding), content_type="application/json")))
    assert (error.kind, error.error) == (Kind.INVALID_SCOPE, "invalid_scope")


# --- no answer at all --------------------------------------------------------------------------------------------


def caused_by(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def certificate_error(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError("p8e-canary")
    error.verify_code = code
    return error


def tls_error(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, "p8e-canary")
    error.reason = reason
    return error


NO_ANSWER: dict[str, tuple[Exception, Kind, str]] = {
    "dns": (caused_by(httpx.ConnectError("x"), socket.gaierror(-2, "x")), Kind.DNS, "ims.example cannot be looked up"),
    "refused": (caused_by(httpx.ConnectError("x"), ConnectionRefusedError()), Kind.CONNECTION_REFUSED, "refuses"),
    "no route": (caused_by(httpx.ConnectError("x"), OSError(113, "No route")), Kind.UNREACHABLE, "no way to"),
    "connect timeout": (httpx.ConnectTimeout("x"), Kind.TIMEOUT_CONNECT, "no connection to ims.example"),
    "read timeout": (httpx.ReadTimeout("x"), Kind.TIMEOUT_READ, "did not answer in time"),
    "write timeout": (httpx.WriteTimeout("x"), Kind.TIMEOUT_READ, "did not answer in time"),
    "reset": (httpx.ReadError("x"), Kind.CONNECTION_LOST, "was lost"),
    "closed": (httpx.RemoteProtocolError("x"), Kind.CONNECTION_LOST, "was lost"),
    "closed in the body": (httpx.RemoteProtocolError("peer closed connection without ..."), Kind.CONNECTION_LOST, "was lost"),
    "closed before": (httpx.RemoteProtocolError("Server disconnected without ..."), Kind.CONNECTION_LOST, "was lost"),
    "no http": (httpx.RemoteProtocolError("illegal status line: p8e-canary"), Kind.NOT_HTTP, "is not HTTP"),
    "long headers": (httpx.RemoteProtocolError("Receive buffer too long"), Kind.HUGE, "headers"),
    "proxy's password": (httpx.ProxyError("407 p8e-canary"), Kind.PROXY, "NTLM and Kerberos are not supported"),
    "proxy's rules": (httpx.ProxyError("403 p8e-canary"), Kind.PROXY, "does not let us through (status 403)"),
    "proxy, no status": (httpx.ProxyError("p8e-canary"), Kind.PROXY, "does not let us through."),
    "proxy scheme": (ValueError("Unknown scheme for proxy URL p8e-canary"), Kind.PROXY, "SOCKS"),
    "socks": (ImportError("socksio p8e-canary"), Kind.PROXY, "SOCKS proxies are not supported"),
    "self-signed": (caused_by(httpx.ConnectError("x"), certificate_error(18)), Kind.TLS_UNKNOWN_CA, "--ca-bundle"),
    "unknown authority": (caused_by(httpx.ConnectError("x"), certificate_error(20)), Kind.TLS_UNKNOWN_CA, "--ca-bundle"),
    "host name": (caused_by(httpx.ConnectError("x"), certificate_error(62)), Kind.TLS_HOSTNAME, "not one for ims.example"),
    "ip address": (caused_by(httpx.ConnectError("x"), certificate_error(64)), Kind.TLS_HOSTNAME, "not one for"),
    "expired": (caused_by(httpx.ConnectError("x"), certificate_error(10)), Kind.TLS_EXPIRED, "clock"),
    "not for servers": (caused_by(httpx.ConnectError("x"), certificate_error(26)), Kind.TLS, "not made for servers"),
    "sha1": (caused_by(httpx.ConnectError("x"), certificate_error(68)), Kind.TLS, "too weak, SHA-1 or MD5"),
    "odd certificate": (caused_by(httpx.ConnectError("x"), certificate_error(34)), Kind.TLS, "is not accepted: "),
    "old tls": (caused_by(httpx.ConnectError("x"), tls_error("UNSUPPORTED_PROTOCOL")), Kind.TLS, "too old"),
    "old tls, said by it": (caused_by(httpx.ConnectError("x"), tls_error("TLSV1_ALERT_PROTOCOL_VERSION")), Kind.TLS, "too old"),
    "client certificate": (caused_by(httpx.ReadError("x"), tls_error("TLSV13_ALERT_CERTIFICATE_REQUIRED")), Kind.TLS, "client certificate"),
    "plain http": (caused_by(httpx.ConnectError("x"), ssl.SSLError(1, "wrong version")), Kind.TLS, "plain http"),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_ANSWER)
def test_no_answer(name: str) -> None:
    raised, kind, text = NO_ANSWER[name]
    error = failing(via(scripted(raised)))
    assert (error.kind, error.refused, error.status) == (kind, False, None)
    assert text in str(error)


def test_a_bug_is_not_taken_for_a_network_failure() -> None:
    with pytest.raises(ZeroDivisionError):
        request_token(REQUEST, via(scripted(ZeroDivisionError())))


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_ca_bundle_that_is_none(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    error = failing(via(answering(200, GOOD), ca_bundle=path))
    assert (error.kind, error.usage) == (Kind.CA_BUNDLE, True)
    assert str(path) in error.message


# --- against a server ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ims() -> Iterator[Sandbox]:
    with Sandbox(clients={"client": Secret(CANARY)}) as running:
        yield running


EXPECTED = {
    "forbidden": Kind.FORBIDDEN,
    "html-400": Kind.HTML,
    "not-found": Kind.NOT_FOUND,
    "reset": Kind.CONNECTION_LOST,
    "silent": Kind.TIMEOUT_READ,
    "slow": Kind.SLOW,
    "slow-headers": Kind.SLOW,
    "throttled-long": Kind.THROTTLED,
    "unknown-error": Kind.REFUSED,
    "bad_request": Kind.INVALID_REQUEST,
    "echo": Kind.REFUSED,
}
ENDLESS = {"silent", "slow", "slow-headers"}
TOKENS = {"milliseconds", "opaque", "fewer-scopes"}


@pytest.mark.parametrize("name", sorted({*endpoint.BEHAVIOURS, *endpoint.COMPUTED} - TOKENS - {"flaky"}))
def test_every_hostile_behaviour_has_its_own_name(ims: Sandbox, name: str) -> None:
    # Short where the time has to run out; long elsewhere, so that a busy machine fails no test.
    connection = Connection(ims.ca_bundle, timeout=0.8 if name in ENDLESS else 20, retries=0)
    error = failing(connection, replace(REQUEST, client_id=f"sandbox-{name}", token_url=ims.token_url))
    assert error.kind is EXPECTED.get(name) or error.kind.value == name.replace("_", "-")


def test_the_certificate_is_verified(ims: Sandbox) -> None:
    error = failing(Connection(timeout=20, retries=0), replace(REQUEST, token_url=ims.token_url))
    assert error.kind is Kind.TLS_UNKNOWN_CA


@pytest.mark.parametrize("bundle", [False, True])
def test_authorities_that_java_takes_are_taken(ims: Sandbox, bundle: bool) -> None:
    """From Python 3.13 on the default refuses what `openssl req -x509` makes."""
    context = ssl_context(ims.ca_bundle if bundle else None)
    assert context is not None
    assert not context.verify_flags & ssl.VERIFY_X509_STRICT
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        error = failing(Connection(timeout=20), replace(REQUEST, token_url=f"https://127.0.0.1:{port}/"))
    assert error.kind is Kind.CONNECTION_REFUSED


class RefusingProxy(BaseHTTPRequestHandler):
    """Lets nobody through."""

    status = 407

    def do_CONNECT(self) -> None:
        self.send_error(self.status)

    def log_message(self, *args: object) -> None:
        """Nothing is logged."""


@pytest.fixture
def proxy() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), RefusingProxy) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.usefixtures("no_proxies")
def test_a_proxy_that_refuses(proxy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:p8e-canary@127.0.0.1:{proxy}")
    error = failing(Connection(timeout=20, retries=0))
    assert error.kind is Kind.PROXY
    assert error.message == "the proxy of the environment asks for a user name and password (status 407)"


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize(
    "url",
    [
        "http://p8e-canary@127.0.0.1:1",
        "socks5://127.0.0.1:1",
        "gopher://p8e-canary@x",
        "http://[p8e-canary",
        "http://x:99999999",
        ":::p8e-canary",
    ],
)
def test_a_proxy_that_cannot_be_used(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", url)
    assert failing(Connection(timeout=20, retries=0)).kind is Kind.PROXY


@contextlib.contextmanager
def answering_once(data: bytes, *, close: bool = True) -> Iterator[int]:
    """A port where whoever comes gets these bytes."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        done = threading.Event()

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(1000)
                client.sendall(data)
                if not close:
                    done.wait(20)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        done.set()
        thread.join()


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize(
    ("proxy", "text"),
    [
        ("http://127.0.0.1:1", "the proxy 127.0.0.1 refuses the connection"),
        ("http://no-proxy.invalid:3128", "the proxy no-proxy.invalid has a name that cannot be looked up"),
        ("http://u:p8e@c-anary@no-proxy.invalid:1", "the proxy of the environment has a name that"),
        ("https://127.0.0.1:1", "refuses the connection"),
    ],
)
def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch, proxy: str, text: str) -> None:
    look_up = socket.getaddrinfo

    def only_numbers(host: str, *rest: object, **more: object) -> object:
        if host.endswith(".invalid"):
            raise socket.gaierror(-2, "Name or service not known")
        return look_up(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", only_numbers)
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    error = failing(Connection(timeout=20, retries=0))
    assert (error.kind, text in error.message) == (Kind.PROXY, True)


@pytest.mark.usefixtures("no_proxies")
def test_a_proxy_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering_once(b"220 mail.example ESMTP\r\n") as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        error = failing(Connection(timeout=20, retries=0))
    assert (error.kind, "does not answer as an http proxy does" in error.message) == (Kind.PROXY, True)


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_proxy_that_never_answers(monkeypatch: pytest.MonkeyPatch, start: bytes) -> None:
    with answering_once(start, close=False) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        error = failing(Connection(timeout=0.5, retries=0))
    assert error.kind is (Kind.TIMEOUT_CONNECT if start else Kind.PROXY)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\0\0\x12\x04\0\0\0\0\0" + b"\0" * 18 + b"\r\n\r\n", Kind.NOT_HTTP),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", Kind.NOT_HTTP),
        (b"HTTP/1.1 200 OK\r\nA: " + b"a" * 200_000, Kind.HUGE),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", Kind.CONNECTION_LOST),
        (b"", Kind.CONNECTION_LOST),
    ],
)
def test_what_is_not_quite_http(data: bytes, kind: Kind) -> None:
    with answering_once(data) as port:
        error = failing(
            Connection(timeout=20, retries=0), replace(REQUEST, token_url=f"http://127.0.0.1:{port}/x")
        )
    assert error.kind is kind


@pytest.mark.parametrize(
    ("data", "kind"), [(b"", Kind.TIMEOUT_READ), (b"HTTP/1.1 200 OK\r\n\r\n{", Kind.SLOW)]
)
def test_an_answer_that_stalls(data: bytes, kind: Kind) -> None:
    with answering_once(data, close=False) as port:
        error = failing(
            Connection(timeout=0.5, retries=0), replace(REQUEST, token_url=f"http://127.0.0.1:{port}/x")
        )
    assert error.kind is kind


@pytest.mark.usefixtures("no_proxies")
def test_this_machine_is_reached_without_a_proxy(ims: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    request = TokenRequest("client", ", ".join(scopes.SMART_TAGS), ims.token_url, Secret(CANARY))
    assert request_token(request, Connection(ims.ca_bundle)).status == 200


def test_a_name_that_is_never_looked_up_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """No timeout of httpx covers the resolver; ours does."""
    never = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kw: never.wait(20) and None)
    error = failing(Connection(timeout=0.1, retries=0))
    never.set()
    assert error.kind is Kind.TIMEOUT_CONNECT
