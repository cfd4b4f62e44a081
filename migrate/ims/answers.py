"""Reading what a token endpoint answered: a token, or which of its refusals.

The body is never passed on. Of a refusal only the `error` code is shown, and only as far as
:mod:`migrate.masking.answers` lets it pass.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import NoneType
from urllib.parse import urlsplit

from migrate.ims import errors
from migrate.ims.errors import Kind, TokenError
from migrate.integration import scopes, token_url
from migrate.integration.secret import Secret
from migrate.masking import answers


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """A token.

    Attributes:
        access_token: the token.
        token_type: normally ``bearer``.
        expires_in: how long it lives, in the unit of the endpoint (seconds for /ims/token, milliseconds for
            /ims/exchange/jwt); None when the answer does not say.
        scope: the granted scopes, separated by blanks, when the answer says (RFC 6749 section 5.1); as they came,
            so not to be shown.
        status: the HTTP status.
        debug_id: IMS's `x-debug-id`.
        attempts: how many requests were sent.
        odd_lifetime: it names a lifetime that is no number, or one beyond all reason.
    """

    access_token: Secret = field(repr=False)
    token_type: str | None
    expires_in: int | None
    scope: str | None = field(repr=False)
    status: int
    debug_id: str | None
    attempts: int
    odd_lifetime: bool = False


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
            debug_id=self.debug_id(),
        )
        result.retry_after = self.raw.headers.get("retry-after")
        result.date = self.raw.headers.get("date")
        return result

    def is_page(self) -> bool:
        """A web page, or XML."""
        body = self.raw.body.lstrip()
        return bool(body) and ("html" in self.raw.headers.get("content-type", "").lower() or body[:1] == b"<")

    def debug_id(self) -> str | None:
        raw = self.raw
        elsewhere = "\n".join(value for name, value in raw.headers.items() if name != "x-debug-id")
        elsewhere += "\n" + raw.body.decode("utf-8", "replace")
        return answers.debug_id(raw.headers.get("x-debug-id"), self.secrets, elsewhere)


def interpret(raw: RawAnswer, secrets: tuple[Secret, ...], attempts: int) -> TokenAnswer | TokenError:
    """The token in an answer, or the failure that it is.

    Args:
        secrets: what was sent and must not be shown, wherever it turns up.
    """
    data = _object(raw.body)
    reading = _Reading(raw, (*secrets, *_tokens(data)), data)
    if 200 <= raw.status < 300:
        return _token(reading, attempts)
    if 300 <= raw.status < 400:
        return _redirect(reading)
    return _failure(reading)


def _tokens(data: Mapping[str, object] | None) -> Iterator[Secret]:
    """What an answer itself calls a token or a secret, be it a failure."""
    for name, value in (data or {}).items():
        if isinstance(value, str) and re.search("token(?!_type)|secret|assertion", name, re.IGNORECASE):
            yield Secret(value[:_LONGEST_TOKEN])


def _object(body: bytes) -> Mapping[str, object] | None:
    try:
        value = json.loads(body)
    except UnicodeDecodeError:
        # RFC 8259 wants UTF-8; a description in Latin-1 must not hide the code beside it.
        return _object(body.decode("latin-1").encode())
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _token(reading: _Reading, attempts: int) -> TokenAnswer | TokenError:
    data = reading.data
    if data is None:
        return _no_object(reading)
    token, kind = data.get("access_token"), data.get("token_type")
    if token is None and isinstance(data.get("error"), str):
        return _failure(reading)
    if token is None:
        return reading.error(
            Kind.NO_TOKEN, "the answer has no access_token, so this is not IMS's token endpoint", _CHECK_URL
        )
    scope = _scope(data.get("scope"))
    good_token = isinstance(token, str) and token.strip() and token.isascii() and token.isprintable()
    if not good_token or not isinstance(kind, (str, NoneType)) or not isinstance(scope, (str, NoneType)):
        return reading.error(
            Kind.WRONG_TYPES,
            "the answer has the members of a token answer, but not of the types of RFC 6749 section 5.1",
            _CHECK_URL,
        )
    lifetime = _lifetime(data.get("expires_in"))
    return TokenAnswer(
        access_token=Secret(str(token)),
        token_type=None if kind is None else answers.token_type(kind, reading.secrets),
        expires_in=lifetime,
        scope=scope,
        status=reading.raw.status,
        debug_id=reading.debug_id(),
        attempts=attempts,
        odd_lifetime=lifetime is None and data.get("expires_in") is not None,
    )


def _scope(value: object) -> object:
    """The granted scopes as one text; some servers send a list."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = " ".join(value)
    return " ".join(scopes.split(value)[:_MAX_SCOPES]) if isinstance(value, str) else value


def _lifetime(value: object) -> int | None:
    """`expires_in` as a whole number; some servers send a text, or a fraction. None when it is no number of use."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,9})?", value):
        value = float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < _TOO_LONG:
        return None
    return int(value)


_TOO_LONG = 10**15
_LONGEST_TOKEN = 8192
"""IMS's have at most 1.6 kB; what a stranger calls a token may not cost more time than this."""
_MAX_SCOPES = 200
_CHECK_URL = (
    f"Check the token URL (it ends with {token_url.TOKEN_PATH}), and what a proxy may put in its place"
)


def _no_object(reading: _Reading) -> TokenError:
    """A body that is not a JSON object."""
    status = reading.raw.status
    if not reading.raw.body.strip():
        return reading.error(Kind.EMPTY, f"the answer (status {status}) is empty", _CHECK_URL)
    if reading.is_page():
        return reading.error(
            Kind.HTML,
            f"the answer (status {status}) is a web page, not IMS's JSON",
            "A sign-in page of a proxy or portal looks like this; check the token URL and HTTPS_PROXY",
        )
    return reading.error(Kind.NOT_JSON, f"the answer (status {status}) is not a JSON object", _CHECK_URL)


def _redirect(reading: _Reading) -> TokenError:
    location = reading.raw.headers.get("location", "")
    if not location:
        return _undocumented(reading, None)
    try:
        host = urlsplit(location).hostname
    except ValueError:
        host = None
    where = answers.host(host, reading.secrets) if host else "another page of the same host"
    return reading.error(
        Kind.REDIRECT,
        f"the endpoint redirects (status {reading.raw.status}) to {where}; a secret is never sent after a redirect",
        "IMS does not redirect: check the token URL and HTTPS_PROXY",
    )


def _failure(reading: _Reading) -> TokenError:
    status, data = reading.raw.status, reading.data
    code = data.get("error") if data is not None else None
    documented = isinstance(code, str) and code in errors.REFUSALS
    shown = str(code) if documented else answers.error_code(code, reading.secrets)
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
    if reading.data is None and (status in (400, 401) or (status == 403 and reading.is_page())):
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
        if re.search(r"\bclient_secret\b", description):
            return errors.CLIENT_SECRET
        if re.search(r"\bclient_id\b", description):
            return errors.CLIENT_ID
    return errors.REFUSALS.get(code) if isinstance(code, str) else None
