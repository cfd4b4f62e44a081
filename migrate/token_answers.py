"""Reading what a token endpoint answered: a token, or which of its refusals.

The body is never passed on. Of a refusal only the `error` code is shown, cleaned, cut, and hidden when it resembles
a secret: a hostile endpoint may send back what it was sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from migrate import token_errors
from migrate.credentials import split_scopes
from migrate.secret import MASK, Secret
from migrate.token_errors import Kind, TokenError


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """A token.

    Attributes:
        access_token: the token.
        token_type: normally ``bearer``.
        expires_in: how long it lives, in the unit of the endpoint (seconds for /ims/token, milliseconds for
            /ims/exchange/jwt); None when the answer does not say.
        scope: the granted scopes, separated by blanks, when the answer says (RFC 6749 section 5.1).
        status: the HTTP status.
        debug_id: IMS's `x-debug-id`.
        attempts: how many requests were sent.
    """

    access_token: Secret = field(repr=False)
    token_type: str | None
    expires_in: int | None
    scope: str | None
    status: int
    debug_id: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An HTTP answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"RawAnswer({self.status})"


@dataclass(frozen=True, slots=True)
class _Reading:
    """An answer together with what may be said about it."""

    raw: RawAnswer
    secrets: tuple[Secret, ...]
    data: Mapping[str, object] | None

    def error(self, kind: Kind, message: str, advice: str = "", error: str | None = None) -> TokenError:
        result = TokenError(
            kind,
            message,
            advice,
            status=self.raw.status,
            error=error,
            debug_id=quotable(self.raw.headers.get("x-debug-id"), self.secrets),
        )
        result.retry_after = self.raw.headers.get("retry-after")
        return result


def interpret(raw: RawAnswer, secrets: tuple[Secret, ...], attempts: int) -> TokenAnswer | TokenError:
    """The token in an answer, or the failure that it is.

    Args:
        secrets: what was sent and must not be shown, wherever it turns up.
    """
    reading = _Reading(raw, secrets, _object(raw.body))
    if 200 <= raw.status < 300:
        return _token(reading, attempts)
    if 300 <= raw.status < 400:
        return _redirect(reading)
    return _failure(reading)


def resembles(text: str, secrets: tuple[Secret, ...]) -> bool:
    """Whether a text from outside holds eight characters in a row of a secret (a shorter one whole), in any case."""
    lower = text.lower()
    for secret in secrets:
        value = secret.reveal().lower()
        size = min(_WINDOW, len(value))
        if len(value) < _SHORTEST and value == lower:
            return True
        if len(value) >= _SHORTEST and any(
            value[i : i + size] in lower for i in range(len(value) - size + 1)
        ):
            return True
    return False


_WINDOW = 8
_SHORTEST = 6
"""A shorter secret than this is none of IMS's, and would be found in every other word."""


def quotable(text: object, secrets: tuple[Secret, ...]) -> str | None:
    """A short code from outside, fit to be shown; ``***`` when it resembles a secret."""
    if not isinstance(text, str) or not text:
        return None
    if resembles(text[:200], secrets):
        return MASK
    return re.sub(r"[^A-Za-z0-9_.:-]", "?", text[:64])


def _object(body: bytes) -> Mapping[str, object] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _token(reading: _Reading, attempts: int) -> TokenAnswer | TokenError:
    data = reading.data
    if data is None:
        return _no_object(reading)
    token, kind, lifetime, scope = (
        data.get(k) for k in ("access_token", "token_type", "expires_in", "scope")
    )
    if token is None and isinstance(data.get("error"), str):
        return _failure(reading)
    if token is None:
        return reading.error(
            Kind.NO_TOKEN, "the answer has no access_token, so this is not IMS's token endpoint", _CHECK_URL
        )
    if isinstance(lifetime, str) and re.fullmatch(r"[0-9]{1,15}", lifetime):
        lifetime = int(lifetime)
    good_lifetime = lifetime is None or (isinstance(lifetime, int) and not isinstance(lifetime, bool))
    texts = (kind is None or isinstance(kind, str)) and (scope is None or isinstance(scope, str))
    if not isinstance(token, str) or not token or not good_lifetime or not texts:
        return reading.error(
            Kind.WRONG_TYPES,
            "the answer has the members of a token answer, but not of the types of RFC 6749 section 5.1",
            _CHECK_URL,
        )
    return TokenAnswer(
        access_token=Secret(token),
        token_type=quotable(kind, (*reading.secrets, Secret(token))),
        expires_in=lifetime if isinstance(lifetime, int) and abs(lifetime) < 10**15 else None,
        scope=_clean_scope(scope, reading.secrets) if isinstance(scope, str) else None,
        status=reading.raw.status,
        debug_id=quotable(reading.raw.headers.get("x-debug-id"), (*reading.secrets, Secret(token))),
        attempts=attempts,
    )


def _clean_scope(text: str, secrets: tuple[Secret, ...]) -> str:
    return " ".join(
        MASK if resembles(scope, secrets) else scope for scope in split_scopes(text)[:_MAX_SCOPES]
    )


_MAX_SCOPES = 200
_CHECK_URL = "Check the token URL (it ends with /ims/token/v3), and what a proxy may put in its place"


def _no_object(reading: _Reading) -> TokenError:
    """A body that is not a JSON object."""
    body, status = reading.raw.body.lstrip(), reading.raw.status
    html = "html" in reading.raw.headers.get("content-type", "").lower() or body[:1] == b"<"
    if not body:
        return reading.error(Kind.EMPTY, f"the answer (status {status}) is empty", _CHECK_URL)
    if html:
        return reading.error(
            Kind.HTML,
            f"the answer (status {status}) is a web page, not IMS's JSON",
            "A sign-in page of a proxy or portal looks like this; check the token URL and HTTPS_PROXY",
        )
    return reading.error(Kind.NOT_JSON, f"the answer (status {status}) is not a JSON object", _CHECK_URL)


def _redirect(reading: _Reading) -> TokenError:
    location = reading.raw.headers.get("location", "")
    try:
        host = urlsplit(location).hostname
    except ValueError:
        host = None
    where = quotable(host, reading.secrets) if host else "another page of the same host"
    return reading.error(
        Kind.REDIRECT,
        f"the endpoint redirects (status {reading.raw.status}) to {where}; a secret is never sent after a redirect",
        "IMS does not redirect: check the token URL and HTTPS_PROXY",
    )


def _failure(reading: _Reading) -> TokenError:
    status, data = reading.raw.status, reading.data
    code = data.get("error") if data is not None else None
    shown = (
        code if isinstance(code, str) and code in token_errors.REFUSALS else quotable(code, reading.secrets)
    )
    if status == 429:
        return reading.error(
            Kind.THROTTLED,
            "IMS answers too many requests (status 429)",
            "Wait some minutes; Adobe throttles those who ask for tokens instead of keeping them",
            shown,
        )
    known = _known(data) if isinstance(code, str) else None
    if status >= 500 and (known is None or known[0] is not Kind.INTERNAL_ERROR):
        return reading.error(
            Kind.SERVER_ERROR, f"the endpoint fails (status {status})", "Try again in some minutes", shown
        )
    if known is not None:
        kind, message, advice = known
        return reading.error(kind, f"{message} ({status} {shown})", advice, shown)
    return _undocumented(reading, shown)


def _undocumented(reading: _Reading, shown: str | None) -> TokenError:
    """A failure without an `error` that Adobe documents: often not IMS's at all."""
    status = reading.raw.status
    if status == 407:
        return reading.error(
            Kind.PROXY, "the proxy asks for a user name and password (status 407)", "Set HTTPS_PROXY"
        )
    if status == 404:
        return reading.error(Kind.NOT_FOUND, "there is no such page (status 404)", _CHECK_URL, shown)
    if shown is not None:
        return reading.error(
            Kind.REFUSED,
            f"the endpoint refuses ({status} {shown})",
            "No error code that Adobe documents; Adobe's support can look it up by the x-debug-id",
            shown,
        )
    if reading.data is None and status in (400, 401):
        return _no_object(reading)
    if status == 403:
        return reading.error(
            Kind.FORBIDDEN,
            "the endpoint forbids the request (status 403)",
            "A firewall or proxy may say so instead of IMS; check both, then the credential",
        )
    return reading.error(Kind.STATUS, f"the endpoint answers with status {status}", _CHECK_URL)


def _known(data: Mapping[str, object] | None) -> tuple[Kind, str, str] | None:
    """Kind, meaning and cure of a documented `error`; `invalid_client` is told apart by its description."""
    code = data.get("error") if data else None
    if code == "invalid_client":
        description = str((data or {}).get("error_description", "")).lower()
        if "client_secret" in description:
            return token_errors.CLIENT_SECRET
        if "client_id" in description:
            return token_errors.CLIENT_ID
    return token_errors.REFUSALS.get(code) if isinstance(code, str) else None
