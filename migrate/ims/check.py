"""One token request with exactly the values that a configuration makes AEM send, and what came of it.

The token itself is read for what it says of itself, and then thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from migrate.ims import request_values
from migrate.ims.answers import TokenAnswer
from migrate.ims.claims import TokenClaims, read_token
from migrate.ims.client import Connection, TokenRequest, request_token
from migrate.ims.configured import Integration
from migrate.ims.credentials.credential import Credentials
from migrate.ims.errors import Kind, TokenError
from migrate.ims.request_values import Overrides
from migrate.integration import scopes
from migrate.integration.findings import ERROR, INFO, WARNING, Finding
from migrate.integration.profile import Profile
from migrate.integration.secret import Secret
from migrate.masking import answers
from migrate.targets.sieve import USUAL, Sieve
from migrate.terminal import printable

_DAY = 86400
_SKEW = 300


@dataclass(frozen=True, slots=True)
class TokenReport:
    """What came of one request.

    Attributes:
        request: what was sent (the secret prints as ``***``).
        answer: the answer with the token, or None.
        error: why there is none, or None.
        claims: what the token says; None when it is opaque or there is none.
        now: when the answer came, seconds since 1970.
        org_id: the organization that the values' source names.
        source: where the values came from: a path, or ``options``.
    """

    request: TokenRequest
    answer: TokenAnswer | None
    error: TokenError | None
    claims: TokenClaims | None
    now: float
    org_id: str | None = None
    source: str = "options"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is worth saying of the token, worst first."""
        return tuple(_findings(self))

    @property
    def ok(self) -> bool:
        """There is a token, it lives, and it has every scope that was asked for, as far as it can be told."""
        return self.answer is not None and not self.missing_scopes and not self.dead

    @property
    def requested_scopes(self) -> tuple[str, ...]:
        return scopes.split(self.request.scope)

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
            return scopes.split(self.answer.scope)
        return self.claims.scopes if self.claims else None

    @property
    def missing_scopes(self) -> tuple[str, ...]:
        granted = self._granted
        return () if granted is None else scopes.missing(self.requested_scopes, granted)

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
    target: str | Path | Integration | None = None,
    credentials: Credentials | None = None,
    *,
    profile: Profile | None = None,
    client_id: str | None = None,
    org_id: str | None = None,
    scope: str | None = None,
    token_url: str | None = None,
    pick: str | None = None,
    connection: Connection | None = None,
    ask_secret: Callable[[], Secret] | None = None,
    notify: Callable[[Finding], None] = lambda finding: None,
    sieve: Sieve | None = None,
) -> TokenReport:
    """Ask IMS for a token with the values that AEM would send, and report what came of it.

    The values are those of the target's configuration, then those of the credential, then the profile's. What is
    given by itself (`client_id`, `org_id`, `scope`, `token_url`) wins over all of them. The client secret is the
    configuration's when it is plain, else the credential's.

    >>> import migrate
    >>> from migrate.ims.sandbox.server import Sandbox
    >>> with Sandbox() as ims:  # a stand-in for IMS on this machine
    ...     report = migrate.check_token(
    ...         credentials=migrate.load_credentials(ims.credentials_file),
    ...         token_url=ims.token_url,
    ...         connection=migrate.Connection(ca_bundle=ims.ca_bundle),
    ...     )
    >>> report.ok, report.missing_scopes, report.lifetime
    (True, (), 86399)

    Args:
        target: folder, file or content package with the configuration, or that itself; None to try the credential
            alone.
        credentials: the credential, from :func:`migrate.load_credentials` or made by hand.
        profile: which integration; smart tags by default.
        pick: file name of the provider to take where several are meant.
        connection: how to reach IMS.
        ask_secret: gives the client secret when neither configuration nor credential has one.
        notify: takes each finding on the values before anything is sent.
        sieve: what of a folder is left out; the folders of builds by default.

    Returns:
        What came of it. A refusal, or an IMS that cannot be reached, is a report with an `error`.

    Raises:
        CredentialsError: nothing was sent, because a value is missing or cannot be right.
        TargetError: the target cannot be used.
    """
    overrides = Overrides(client_id, org_id, scope, token_url)
    wanted = request_values.collect(
        target,
        credentials,
        overrides,
        profile=profile,
        pick=pick,
        ask_secret=ask_secret,
        notify=notify,
        sieve=sieve or USUAL,
    )
    return ask(wanted.request, connection, org_id=wanted.org_id, source=wanted.source)


def ask(
    request: TokenRequest,
    connection: Connection | None = None,
    *,
    org_id: str | None = None,
    source: str = "options",
) -> TokenReport:
    """Send one request and report what came of it; never raises for a refusal.

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
    if error is not None and error.kind is Kind.INVALID_SCOPE:
        error.advice = (
            "Compare the scopes with the credential's in the Adobe Developer Console; "
            f"{scopes.api_of(scopes.split(request.scope))}, or its product profile, may be missing from the project"
        )
    if answer is not None:
        claims = read_token(answer.access_token, (request.secret, answer.access_token))
    return TokenReport(request, answer, error, claims, connection.now(), org_id, source)


def looks_like_milliseconds(expires_in: int) -> bool:
    """Whether a lifetime can only be meant in milliseconds: as seconds it would be more than ten days."""
    return expires_in > 10 * _DAY


# --- findings --------------------------------------------------------------------------------------------------


def _findings(report: TokenReport) -> Iterator[Finding]:
    if report.missing_scopes:
        yield Finding(
            "scope-not-granted",
            ERROR,
            f"the token lacks {printable(scopes.join(report.missing_scopes))}, so the service will refuse it",
            f"Add {scopes.api_of(report.missing_scopes)}, and its product profile, to the project in the Adobe "
            "Developer Console",
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
        yield from _claim_findings(report, claims)


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


def _claim_findings(report: TokenReport, claims: TokenClaims) -> Iterator[Finding]:
    if claims.client_id is not None and claims.client_id != report.request.client_id:
        yield Finding(
            "client-id-differs", WARNING, f"the token says it is for the client id {claims.client_id}"
        )
    if None not in (claims.org_id, report.org_id) and claims.org_id != report.org_id:
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
