"""One token request with exactly the values that a configuration makes AEM send, and what came of it.

The token itself is read (without verifying its signature: only IMS's keys could) for what it says of itself, and then
thrown away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from migrate.ims.answers import TokenAnswer
from migrate.ims.client import Connection, TokenRequest, is_loopback, request_token
from migrate.ims.credentials.credential import split_scopes
from migrate.ims.errors import Kind, TokenError
from migrate.integration.findings import ERROR, INFO, WARNING, Finding
from migrate.integration.secret import MASK, Secret
from migrate.masking import answers

_DAY = 86400
_SKEW = 300
_KNOWN_HOST = re.compile(r"(?:[a-z0-9-]+\.)*(?:adobelogin\.com|services\.adobe\.com)", re.IGNORECASE)
_TOKEN_PATH = re.compile(r"/ims/token/v[0-9]+/?")
_MAX_SCOPES = 200
_ORG_CLAIMS = ("org_id", "org", "ims_org_id", "owner_org")


@dataclass(frozen=True, slots=True)
class Integration:
    """A provider and its customizer, as far as a token request needs them.

    Attributes:
        client_id: `auth.token.provider.client.id`.
        scope: `auth.token.provider.scope`, character for character.
        token_url: `auth.access.token.request`, with its ``%s`` if it has one.
        secret: the customizer's `auth.ims.client.secret` when it is plain.
        secret_protected: it is one that AEM encrypted.
        path: the provider's file, as shown.
        findings: what is wrong with the pair.
        endpoint: `auth.token.provider.endpoint`, which replaces the ``%s``.
        org_id: `auth.token.provider.orgId`.
        migrated: AEM would send client credentials, not a JWT.
    """

    client_id: str
    scope: str
    token_url: str
    secret: Secret | None
    secret_protected: bool
    path: str
    findings: tuple[Finding, ...] = ()
    endpoint: str | None = None
    org_id: str | None = None
    migrated: bool = True


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """What a token says of itself; nobody verified it.

    Attributes:
        client_id: whom it was given to.
        org_id: the organization; IMS's client-credentials tokens do not always name one.
        user_id: the technical account.
        environment: the claim `as`, for example ``ims-na1``.
        scopes: granted scopes, as they came, so not to be shown; None when it does not say.
        created_at: when it was made, milliseconds since 1970.
        expires_in: how long it lives, milliseconds.
    """

    client_id: str | None
    org_id: str | None
    user_id: str | None
    environment: str | None
    scopes: tuple[str, ...] | None = field(repr=False)
    created_at: int | None
    expires_in: int | None


@dataclass(frozen=True, slots=True)
class TokenReport:
    """What came of one request.

    Attributes:
        request: what was sent (the secret prints as ``***``).
        answer: the answer with the token, or None.
        error: why there is none, or None.
        claims: what the token says; None when it is opaque or there is none.
        now: when the answer came, seconds since 1970.
        findings: what is worth saying, worst first.
        source: where the values came from: a path, or ``options``.
    """

    request: TokenRequest
    answer: TokenAnswer | None
    error: TokenError | None
    claims: TokenClaims | None
    now: float
    findings: tuple[Finding, ...] = field(default=())
    source: str = "options"

    @property
    def ok(self) -> bool:
        """There is a token, it lives, and it has every scope that was asked for, as far as it can be told."""
        return self.answer is not None and not self.missing_scopes and not self.dead

    @property
    def requested_scopes(self) -> tuple[str, ...]:
        return split_scopes(self.request.scope)

    @property
    def granted_scopes(self) -> tuple[str, ...] | None:
        """From the answer, else from the token, fit to be shown; None when neither says."""
        if self.answer is None or self._granted is None:
            return None
        secrets = (self.request.secret, self.answer.access_token)
        return tuple(answers.scope(s, secrets, self.requested_scopes) for s in self._granted)

    @property
    def _granted(self) -> tuple[str, ...] | None:
        if self.answer is not None and self.answer.scope is not None:
            return split_scopes(self.answer.scope)
        return self.claims.scopes if self.claims else None

    @property
    def missing_scopes(self) -> tuple[str, ...]:
        granted = self._granted
        return tuple(s for s in self.requested_scopes if granted is not None and s not in granted)

    @property
    def dead(self) -> bool:
        """The token has already ended when it arrives."""
        return self.lifetime is not None and self.lifetime <= 0

    @property
    def lifetime(self) -> int | None:
        """Seconds that the token lives."""
        if self.answer is None or self.answer.expires_in is None:
            return None
        seconds = self.answer.expires_in
        return seconds // 1000 if looks_like_milliseconds(seconds) else seconds

    @property
    def expires_at(self) -> datetime | None:
        """When the token ends, UTC; None when that is not said, or is no date."""
        if self.lifetime is None:
            return None
        try:
            return datetime.fromtimestamp(int(self.now) + self.lifetime, UTC)
        except (OverflowError, ValueError, OSError):
            return None


def check_token(
    request: TokenRequest,
    connection: Connection | None = None,
    *,
    org_id: str | None = None,
    source: str = "options",
) -> TokenReport:
    """Ask IMS for a token and report what came of it; never raises for a refusal.

    Args:
        request: what to send.
        connection: how to reach IMS.
        org_id: the organization that the configuration names, to compare with the token's.
        source: where the values came from.
    """
    connection = connection or Connection()
    answer = error = claims = None
    try:
        answer = request_token(request, connection)
    except TokenError as failed:
        error = failed
    if answer is not None:
        claims = read_token(answer.access_token, (request.secret, answer.access_token))
    report = TokenReport(request, answer, error, claims, connection.now(), source=source)
    found = tuple(_findings(report, org_id))
    return TokenReport(request, answer, error, claims, report.now, found, source)


# --- the address that AEM calls --------------------------------------------------------------------------------


def effective_url(template: str, endpoint: str | None) -> str:
    """The address that AEM makes of `auth.access.token.request`: Java's `String.format(template, endpoint)`.

    Raises:
        TokenError: the template holds a ``%`` that is neither ``%s`` nor ``%%``, more than one ``%s``, or a ``%s``
            without an endpoint: AEM then fails, or calls another address.
    """
    parts = re.split(r"(%1\$s|%s|%%)", template)
    fix = "Write the whole address, for example https://ims-na1.adobelogin.com/ims/token/v3"
    problem = ""
    if any("%" in part for part in parts[::2]):
        problem = "holds a % that String.format does not understand, so AEM cannot use it"
    elif parts[1::2].count("%s") > 1:
        problem = "holds %s more than once, and AEM has only one value for it"
    elif {"%s", "%1$s"} & set(parts[1::2]) and not endpoint:
        problem = "holds %s, and auth.token.provider.endpoint, which replaces it, is not set"
    if problem:
        raise TokenError(Kind.BAD_URL, f"auth.access.token.request {problem}", fix)
    values = {"%s": endpoint or "", "%1$s": endpoint or "", "%%": "%"}
    return "".join(values[part] if number % 2 else part for number, part in enumerate(parts))


def shown_url(url: str) -> str:
    """A URL without what may be secret in it: user name, password, query."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "(not a URL)"
    return _shown(f"{parts.scheme}://{host}{parts.path}" + (f"?{MASK}" if parts.query else ""))


def url_findings(url: str) -> Iterator[Finding]:
    """What is unusual about a token URL that can be used."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return  # request_token refuses it
    if not _KNOWN_HOST.fullmatch(host) and not is_loopback(host):
        yield Finding(
            "unknown-host",
            WARNING,
            f"{_shown(host)} is not a host of Adobe IMS, and the client secret is sent to it",
            "The usual host is ims-na1.adobelogin.com",
        )
    if "exchange/jwt" in parts.path:
        yield Finding(
            "jwt-url",
            ERROR,
            "the token URL is the one of the JWT exchange, which does not know client credentials",
            "Use https://ims-na1.adobelogin.com/ims/token/v3",
        )
    elif not _TOKEN_PATH.fullmatch(parts.path):
        yield Finding(
            "token-path",
            WARNING,
            "the token URL does not end with /ims/token/v3",
            "Check it against Adobe's page",
        )


# --- the token -------------------------------------------------------------------------------------------------


def read_token(token: Secret, secrets: tuple[Secret, ...] = ()) -> TokenClaims | None:
    """What a token says of itself, unverified; None when it is not a JWT, which is fine.

    Args:
        secrets: what must not come back in a claim; a claim that resembles one reads ``***``.
    """
    import jwt

    try:
        payload = jwt.decode(token.reveal(), options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    texts = {
        key: answers.claim(value, secrets)
        for key, value in payload.items()
        if isinstance(value, str) and value
    }
    scope = payload.get("scope")
    if isinstance(scope, list):
        scope = " ".join(item for item in scope if isinstance(item, str))
    return TokenClaims(
        client_id=texts.get("client_id"),
        org_id=next((texts[name] for name in _ORG_CLAIMS if name in texts), None),
        user_id=texts.get("user_id"),
        environment=texts.get("as"),
        scopes=split_scopes(scope)[:_MAX_SCOPES] if isinstance(scope, str) else None,
        created_at=_number(payload.get("created_at")),
        expires_in=_number(payload.get("expires_in")),
    )


def looks_like_milliseconds(expires_in: int) -> bool:
    """Whether a lifetime can only be meant in milliseconds: as seconds it would be more than ten days."""
    return expires_in > 10 * _DAY


def _number(value: object) -> int | None:
    """IMS writes its numbers as strings."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
        return value
    return int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,15}", value) else None


def _shown(text: str) -> str:
    """A text from outside, fit for one line of a terminal."""
    return "".join(c if c.isprintable() else "?" for c in text[:200])


# --- findings --------------------------------------------------------------------------------------------------


def _findings(report: TokenReport, org_id: str | None) -> Iterator[Finding]:
    if report.missing_scopes:
        yield Finding(
            "scope-not-granted",
            ERROR,
            f"the token lacks {', '.join(map(_shown, report.missing_scopes))}, so the service will refuse it",
            "Add the API, and its product profile, to the project in the Adobe Developer Console",
        )
    answer, claims = report.answer, report.claims
    if answer is None:
        return
    if answer.token_type is not None and answer.token_type.lower() != "bearer":
        yield Finding(
            "token-type", WARNING, f"the token type is {answer.token_type}; AEM sends tokens as bearer tokens"
        )
    yield from _lifetime_findings(answer)
    if claims is None:
        yield Finding("opaque-token", INFO, "the token is opaque, so what it grants cannot be read from it")
    else:
        yield from _claim_findings(report, claims, org_id)


def _lifetime_findings(answer: TokenAnswer) -> Iterator[Finding]:
    if answer.odd_lifetime:
        yield Finding(
            "odd-expiry", WARNING, "what the answer says of the token's lifetime is no number of seconds"
        )
    elif answer.expires_in is None:
        yield Finding("no-expiry", WARNING, "the answer does not say how long the token lives")
    elif answer.expires_in <= 0:
        yield Finding("expired", ERROR, "the token has already ended when it arrives", "Tell Adobe's support")
    elif looks_like_milliseconds(answer.expires_in):
        yield Finding(
            "expiry-in-milliseconds",
            WARNING,
            "expires_in looks like milliseconds, as the JWT exchange sends them; /ims/token/v3 sends seconds",
            "Check the token URL",
        )


def _claim_findings(report: TokenReport, claims: TokenClaims, org_id: str | None) -> Iterator[Finding]:
    if claims.client_id is not None and claims.client_id != report.request.client_id:
        yield Finding(
            "client-id-differs", WARNING, f"the token says it is for the client id {claims.client_id}"
        )
    if claims.org_id is not None and org_id is not None and claims.org_id != org_id:
        yield Finding(
            "org-id-differs",
            WARNING,
            f"the token is of the organization {claims.org_id}, the configuration names another",
            "Correct auth.token.provider.orgId and the claim iss",
        )
    if claims.created_at is not None and abs(claims.created_at / 1000 - report.now) > _SKEW:
        yield Finding(
            "clock",
            WARNING,
            "this machine's clock differs from IMS's by more than five minutes",
            "Set the clock; on the AEM host a wrong clock makes AEM keep tokens that have ended",
        )


# --- printing --------------------------------------------------------------------------------------------------


def to_json(report: TokenReport) -> dict[str, object]:
    """The report in the shape of docs/schema/check-token.schema.json, member `token`."""
    answer, claims = report.answer, report.claims
    return {
        "ok": report.ok,
        "source": report.source,
        "tokenUrl": shown_url(report.request.token_url),
        "clientId": report.request.client_id,
        "scopes": {
            "requested": list(report.requested_scopes),
            "granted": None if report.granted_scopes is None else list(report.granted_scopes),
            "missing": list(report.missing_scopes),
        },
        "status": answer.status if answer else report.error.status if report.error else None,
        "tokenType": answer.token_type if answer else None,
        "expiresIn": report.lifetime,
        "expiresAt": report.expires_at.isoformat() if report.expires_at else None,
        "debugId": answer.debug_id if answer else report.error.debug_id if report.error else None,
        "attempts": answer.attempts if answer else report.error.attempts if report.error else 0,
        "unverifiedClaims": _claims_json(claims) if claims else None,
        "error": report.error.to_json() if report.error else None,
        "findings": [finding.to_json() for finding in report.findings],
    }


def _claims_json(claims: TokenClaims) -> dict[str, object]:
    return {
        "clientId": claims.client_id,
        "orgId": claims.org_id,
        "technicalAccount": claims.user_id,
        "environment": claims.environment,
        "createdAt": claims.created_at,
        "expiresIn": claims.expires_in,
    }


def rows(report: TokenReport) -> Iterator[tuple[str, str]]:
    """The report as pairs of a label and a text, for people."""
    yield "values from", _shown(report.source)
    yield "endpoint", shown_url(report.request.token_url)
    yield "client id", _shown(report.request.client_id)
    if report.error is not None:
        yield "result", f"no token: {report.error}"
    if report.answer is not None:
        yield (
            "result",
            f"token granted (status {report.answer.status}, type {report.answer.token_type or 'not said'})",
        )
        if report.lifetime is not None and report.expires_at is not None:
            yield "expires", f"in {report.lifetime} s, at {report.expires_at:%Y-%m-%d %H:%M} UTC"
    yield "requested", _shown(", ".join(report.requested_scopes))
    if report.granted_scopes is not None:
        yield "granted", _shown(", ".join(report.granted_scopes))
        yield "missing", _shown(", ".join(report.missing_scopes)) or "none"
    if report.claims is not None:
        yield "token says", _claims_text(report.claims) + " (not verified)"


def _claims_text(claims: TokenClaims) -> str:
    named = (("client id", claims.client_id), ("organization", claims.org_id), ("account", claims.user_id))
    return ", ".join(f"{label} {text}" for label, text in named if text) or "nothing about itself"


def to_text(pairs: Iterator[tuple[str, str]]) -> str:
    """Aligned lines."""
    return "\n".join(f"{label:<12} {text}" for label, text in pairs)


def to_markdown(pairs: Iterator[tuple[str, str]]) -> str:
    """A table."""
    lines = ["| | |", "|---|---|"]
    lines += [f"| {label} | {_cell(text)} |" for label, text in pairs]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return re.sub(r"([\\|`*_<>\[\]])", r"\\\1", text)


def dumps(value: object) -> str:
    """JSON for people and programs: indented, ASCII only, so that no terminal or codec trips over it."""
    return json.dumps(value, indent=2)
