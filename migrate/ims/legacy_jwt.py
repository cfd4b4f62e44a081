"""Whether a Service Account (JWT) credential still gets a token: the old exchange, tried once.

Adobe's JWT page (AdobeDocs/adobe-dev-console, guides/authentication/JWT): an assertion signed with RS256, with exp,
iss (organization), sub (technical account), aud (``https://HOST/c/CLIENT_ID``) and at least one metascope
(``https://HOST/s/NAME: true``), is posted to ``/ims/exchange/jwt``. Its ``expires_in`` is in milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from migrate.ims import addresses
from migrate.ims.client import Connection, check_url, exchange_jwt
from migrate.ims.credentials.errors import CredentialsError
from migrate.ims.credentials.jwt_download import JwtCredentials, LegacyJwtError
from migrate.ims.errors import Kind, TokenError
from migrate.integration import deadlines, scopes, token_url
from migrate.integration.findings import Finding
from migrate.integration.profile import Profile
from migrate.integration.secret import Secret

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_ASSERTION_SECONDS = 300


@dataclass(frozen=True, slots=True)
class LegacyReport:
    """What the old exchange answered.

    Attributes:
        answers: whether it gave a token.
        message: the answer in one line.
        advice: what to do.
        verdict: what the deadlines say.
        expires_in: milliseconds that the token lives.
        error: why there was none.
    """

    client_id: str
    answers: bool
    message: str
    advice: str
    verdict: str
    expires_in: int | None = None
    error: TokenError | None = None


# --- the exchange --------------------------------------------------------------------------------------------


def assertion(
    credentials: JwtCredentials, key: RSAPrivateKey, *, host: str, metascopes: tuple[str, ...], now: float
) -> Secret:
    """The signed assertion, good for five minutes.

    Args:
        host: host (and port) of IMS; part of the audience and of the metascopes.
        now: seconds since 1970.

    Raises:
        LegacyJwtError: the key cannot sign.
    """
    import warnings

    import jwt

    claims: dict[str, object] = {
        "exp": int(now) + _ASSERTION_SECONDS,
        "iss": credentials.org_id,
        "sub": credentials.account_id,
        "aud": f"https://{host}/c/{credentials.client_id}",
    }
    claims |= {f"https://{host}/s/{name}": True for name in metascopes}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a key of 1024 bits is Adobe's to refuse
            return Secret(jwt.encode(claims, key, algorithm="RS256"))
    except (jwt.PyJWTError, ValueError, TypeError):
        pass
    raise LegacyJwtError(
        "the private key cannot sign an assertion", rule="private-key", source=credentials.key_source
    )


def server_of(url: str | None, notify: Callable[[Finding], None] = lambda finding: None) -> tuple[str, str]:
    """Scheme and host (with its port) of the IMS that has a token URL; of Adobe's own without one.

    Args:
        notify: takes the warning of a host that is none of Adobe's.

    Raises:
        CredentialsError: it is no address to which a secret may be sent.
    """
    try:
        parsed = check_url(url or token_url.DEFAULT)
    except TokenError as error:
        raise CredentialsError(error.message, rule="bad-url", fix=error.advice) from None
    for finding in addresses.unknown_host(parsed.raw_host.decode("ascii")):
        notify(finding)
    return parsed.scheme, parsed.netloc.decode("ascii")


def metascopes_of(profile: Profile) -> tuple[str, ...]:
    """The metascopes that an assertion for an integration names.

    Raises:
        CredentialsError: Adobe documents none.
    """
    name = scopes.metascope_of(profile.scopes)
    if name is None:
        raise CredentialsError(
            f"the metascope of {profile.title or profile.provider_name} is not known",
            rule="metascope",
            fix="Name it with --metascope M",
        )
    return (name,)


def probe(
    credentials: JwtCredentials,
    key: RSAPrivateKey,
    *,
    today: date,
    scheme: str = "https",
    host: str = token_url.HOST,
    metascopes: tuple[str, ...] = (scopes.SMART_TAGS_METASCOPE,),
    connection: Connection | None = None,
) -> LegacyReport:
    """Try the old exchange once and say what its answer means. The token is thrown away.

    Args:
        scheme: ``http`` is for loopback hosts only; audience and metascopes are https all the same.

    Raises:
        LegacyJwtError: the key cannot sign.
    """
    connection = connection or Connection()
    signed = assertion(credentials, key, host=host, metascopes=metascopes, now=connection.now())
    url = f"{scheme}://{host}{token_url.EXCHANGE_PATH}"
    verdict = deadlines.verdict(credentials.last_day, today)
    error = None
    try:
        answer = exchange_jwt(url, credentials.client_id, credentials.secret, signed, connection)
    except TokenError as failed:
        error = failed
    if error is not None:
        message, advice = _meaning(error)
        return LegacyReport(credentials.client_id, False, message, advice, verdict, error=error)
    return LegacyReport(
        credentials.client_id,
        True,
        "the JWT exchange still gives a token",
        "Move to OAuth Server-to-Server all the same: the client id stays when the OAuth credential is added to the "
        "same project",
        verdict,
        expires_in=answer.expires_in,
    )


_MEANINGS: dict[Kind, tuple[str, str]] = {
    Kind.INTERNAL_ERROR: (
        "the JWT exchange fails with internal_error, as it does for credentials that were converted or ended",
        "Use the OAuth Server-to-Server credential of the same project",
    ),
    Kind.INVALID_TOKEN: (
        "the assertion matches no certificate of the credential: expired, removed, or another key",
        "Certificates cannot be renewed since 2025-06-30: move to OAuth Server-to-Server",
    ),
    Kind.INVALID_SIGNATURE: (
        "the private key does not belong to a certificate of this credential",
        "Give the private.key of the same download",
    ),
    Kind.INVALID_SCOPE: (
        "the credential does not have a metascope that was asked for",
        "Give the credential's own with --metascope; the JSON of its project lists them under meta_scopes",
    ),
    Kind.INVALID_CLIENT: (
        "IMS knows no JWT credential of this client id and secret: converted to OAuth, deleted, or mistyped",
        "Look at the project in the Adobe Developer Console",
    ),
    Kind.INVALID_REQUEST: (
        "IMS calls the exchange malformed",
        "Check organization id and technical account in config.json",
    ),
}
_MEANINGS |= dict.fromkeys(
    (Kind.INVALID_CLIENT_ID, Kind.INVALID_CLIENT_SECRET), _MEANINGS[Kind.INVALID_CLIENT]
)


def _meaning(error: TokenError) -> tuple[str, str]:
    """What a failure means for the old exchange, which is not always what it means for the new one."""
    message, advice = _MEANINGS.get(error.kind, (error.message, error.advice))
    status = f" ({error.status} {error.error})" if error.kind in _MEANINGS and error.error else ""
    return message + status, advice
