"""Talking to Adobe IMS: the only module that does.

One POST with a form body, as Adobe's page describes (AdobeDocs/adobe-dev-console, guides/authentication/
ServerToServerAuthentication/ims.md). What goes in is a :class:`TokenRequest`; what comes out is a
:class:`TokenAnswer` or one :class:`~migrate.ims.errors.TokenError` that says which of the many ways to fail it was.

The secret goes into the form body and nowhere else: httpx puts a URL, not a body, into its log and its errors, but
its errors hold the request. So nothing raised here is chained to an error of httpx or json.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.ims.answers import RawAnswer, TokenAnswer, interpret
from migrate.ims.errors import Kind, TokenError
from migrate.integration import token_url
from migrate.integration.properties import CLIENT_CREDENTIALS
from migrate.integration.secret import MASK, Secret
from migrate.transport import (
    LOCATION,
    Progress,
    body,
    is_loopback,
    set_aside,
    ssl_context,
    within,
)

if TYPE_CHECKING:
    import ssl

    import httpx

MAX_BODY = 256 * 1024
"""An IMS answer has about 2 KiB."""
MAX_WAIT = 60.0
"""The longest Retry-After, in seconds, that is waited for."""
_DAY = 86400.0
_BACKOFF = 0.5
"""Seconds before the first retry, doubled for each further one (as aio-lib-ims does)."""


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """The four values of a client-credentials request (RFC 6749 section 4.4.2).

    Attributes:
        client_id: sent as it is.
        scope: sent as it is: AEM sends the configured text unchanged, blanks after the commas included.
        token_url: the endpoint, https (http only for loopback addresses).
        secret: the client secret.
    """

    client_id: str
    scope: str
    token_url: str = field(repr=False)
    secret: Secret

    def form(self) -> dict[str, str]:
        return {
            "grant_type": CLIENT_CREDENTIALS,
            "client_id": self.client_id,
            "client_secret": self.secret.reveal(),
            "scope": self.scope,
        }


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach IMS.

    Attributes:
        ca_bundle: PEM file of the authorities to trust instead of the system's and certifi's.
        timeout: seconds for one request, from looking up the name to the last byte.
        retries: further requests after a 5xx, a 429 or a lost connection.
        sleep: waits the given seconds.
        notify: takes one line for the person who waits.
        watch: takes a line on every request and every answer, without secrets.
        transport: replaces the network, for tests.
        now: seconds since 1970.
    """

    ca_bundle: Path | None = None
    timeout: float = 30.0
    retries: int = 2
    sleep: Callable[[float], None] = time.sleep
    notify: Callable[[str], None] = lambda line: None
    watch: Callable[[str], None] = lambda line: None
    transport: httpx.BaseTransport | None = None
    now: Callable[[], float] = time.time


def request_token(request: TokenRequest, connection: Connection | None = None) -> TokenAnswer:
    """Ask for a token with client credentials.

    Raises:
        TokenError: there is none; the error says why.
    """
    return _ask(request.token_url, request.form(), (request.secret,), connection or Connection())


def exchange_jwt(
    url: str, client_id: str, secret: Secret, assertion: Secret, connection: Connection | None = None
) -> TokenAnswer:
    """Exchange a signed assertion for a token, the way that ended on 2026-03-01 (`/ims/exchange/jwt`).

    Raises:
        TokenError: there is none; the error says why.
    """
    form = {"client_id": client_id, "client_secret": secret.reveal(), "jwt_token": assertion.reveal()}
    return _ask(url, form, (secret, assertion), connection or Connection())


def _ask(
    url: str, form: Mapping[str, str], secrets: tuple[Secret, ...], connection: Connection
) -> TokenAnswer:
    """Send until there is an answer that no retry would change."""
    target = check_url(url)
    _check_form(form)
    attempts = 0
    while True:
        attempts += 1
        connection.watch(
            f"attempt {attempts}: POST {target.raw_host.decode('ascii', 'replace')} with {_masked(form)}"
        )
        raw = _attempt(target, form, connection)
        if isinstance(raw, RawAnswer):
            connection.watch(f"attempt {attempts}: status {raw.status}, {len(raw.body)} bytes")
        outcome = interpret(raw, secrets, attempts) if isinstance(raw, RawAnswer) else raw
        if isinstance(outcome, TokenAnswer):
            return outcome
        wait = _wait_before_retry(outcome, attempts, connection)
        if wait is None:
            outcome.attempts = attempts
            raise outcome
        connection.notify(f"{outcome.message}; trying again in {wait:g} s")
        connection.sleep(wait)


def _masked(form: Mapping[str, str]) -> str:
    """The fields of a form, for people."""
    plain = ("grant_type", "client_id", "scope")
    return ", ".join(f"{name}={text if name in plain else MASK}" for name, text in form.items())


def _wait_before_retry(error: TokenError, attempts: int, connection: Connection) -> float | None:
    """Seconds to wait before the next request; None when there is to be none."""
    transient = error.kind in (Kind.THROTTLED, Kind.SERVER_ERROR, Kind.INTERNAL_ERROR, Kind.CONNECTION_LOST)
    if not transient or attempts > connection.retries:
        return None
    asked = retry_after_seconds(error.retry_after, error.date, connection.now())
    if asked is None:
        return _BACKOFF * float(2 ** (attempts - 1))
    if asked > MAX_WAIT:
        connection.notify(
            f"{error.message}; it asks to wait {min(asked, _DAY):.0f} s{' and more' if asked > _DAY else ''}, "
            "which is longer than this command waits"
        )
        return None
    return asked


def retry_after_seconds(header: str | None, date: str | None, now: float) -> float | None:
    """A Retry-After header (RFC 9110 section 10.2.3: seconds, or a date) as seconds.

    Args:
        date: the answer's own Date header: a date is one of the server's clock, which may not be ours.
        now: seconds since 1970, for an answer without one.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:300])
    when, sent = _seconds_of(text), _seconds_of(date or "")
    return None if when is None else max(0.0, when - (now if sent is None else sent))


def _seconds_of(date: str) -> float | None:
    """An HTTP date as seconds since 1970."""
    try:
        when = parsedate_to_datetime(date)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None


# --- the address ---------------------------------------------------------------------------------------------


def check_url(url: str) -> httpx.URL:
    """The parsed address.

    Raises:
        TokenError: not an address to which a secret may be sent.
    """
    import httpx

    advice = f"The usual one is {token_url.DEFAULT}"
    try:
        parsed = httpx.URL(url)
        problem = "" if parsed.host else "names no host"
    except (httpx.InvalidURL, ValueError, TypeError):
        parsed, problem = httpx.URL(""), "is not a URL"
    if not problem and any(c.isspace() or not c.isprintable() for c in url):
        problem = "holds blanks or invisible characters"
    elif (
        not problem
        and parsed.scheme != "https"
        and not (parsed.scheme == "http" and is_loopback(parsed.host))
    ):
        problem = "is not https, so the client secret would travel in the clear"
    elif not problem and not token_url.can_exist(parsed.raw_host.decode("ascii", "replace")):
        problem = "names a host that cannot exist"
    elif not problem and parsed.port is not None and not 0 < parsed.port < 65536:
        problem = "names a port that does not exist"
    elif not problem and parsed.userinfo:
        problem = "holds a user name or password"
    elif not problem and b"secret" in parsed.query.lower():
        problem = "has a secret in its query, which servers and proxies write into their logs"
    if problem:
        raise TokenError(Kind.BAD_URL, f"the token URL {problem}", advice)
    return parsed


def _check_form(form: Mapping[str, str]) -> None:
    for name, text in form.items():
        if any("\ud800" <= c <= "\udfff" for c in text):
            raise TokenError(Kind.BAD_VALUE, f"the {name} holds half a character, which cannot be sent")
        if not text:
            raise TokenError(Kind.BAD_VALUE, f"the {name} is empty, and IMS needs it")


# --- one request ---------------------------------------------------------------------------------------------


def _attempt(target: httpx.URL, form: Mapping[str, str], connection: Connection) -> RawAnswer | TokenError:
    """One request, never longer than the timeout: a RawAnswer or a TokenError."""
    import httpx

    from migrate.ims import transport_errors

    progress, host = Progress(), _ascii_host(target)
    needs_context = connection.transport is None or connection.ca_bundle is not None
    context = ssl_context(connection.ca_bundle) if needs_context else True
    if context is None:
        return transport_errors.bad_bundle(connection.ca_bundle)
    try:
        client = _client(target, connection, context)
    except (httpx.InvalidURL, OSError, ImportError, ValueError, OverflowError) as error:
        return transport_errors.explain(error, host, progress)
    outcomes = within(
        connection.timeout, lambda: _exchange(client, target, form, connection.timeout, progress)
    )
    return outcomes[0] if outcomes else transport_errors.too_slow(progress, host, connection.timeout)


def _exchange(
    client: httpx.Client, target: httpx.URL, form: Mapping[str, str], timeout: float, progress: Progress
) -> RawAnswer | TokenError:
    import httpx

    from migrate.ims import transport_errors

    deadline = time.monotonic() + timeout
    try:
        with (
            client,
            client.stream("POST", target, data=form, extensions={"trace": progress.trace}) as response,
        ):
            data = body(response, MAX_BODY, deadline)
            if data is None:
                return transport_errors.too_slow(progress, _ascii_host(target), timeout)
            if len(data) > MAX_BODY:
                return transport_errors.huge(MAX_BODY)
            headers = {**response.headers, "location": response.extensions.get(LOCATION, "")}
            return RawAnswer(response.status_code, headers, data)
    except EOFError:
        return transport_errors.lost(_ascii_host(target))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ImportError, ValueError, OverflowError) as error:
        return transport_errors.explain(error, _ascii_host(target), progress)


def _client(target: httpx.URL, connection: Connection, context: ssl.SSLContext | bool) -> httpx.Client:
    """A client for one request. Proxies come from the environment, but never for this machine."""
    import httpx

    return httpx.Client(
        verify=context,
        timeout=connection.timeout,
        follow_redirects=False,
        event_hooks={"response": [set_aside]},
        trust_env=not is_loopback(target.host),
        transport=connection.transport,
        headers={"accept": "application/json", "accept-encoding": "identity", "user-agent": "slingshift"},
    )


def _ascii_host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii", "replace")
