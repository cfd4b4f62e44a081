"""Why IMS gave no token, told apart so that each has its own cure.

Meanings are from Adobe's JWT and Server-to-Server pages (AdobeDocs/adobe-dev-console), RFC 6749 section 5.2, Adobe's
open client code, and the AEM hotfix article KA-24660.
"""

from __future__ import annotations

import enum

from migrate.errors import MigrateError
from migrate.integration import token_url


class Kind(enum.Enum):
    """What went wrong. The value is what JSON output shows."""

    BAD_URL = "bad-url"
    BAD_VALUE = "bad-value"
    CA_BUNDLE = "ca-bundle"
    DNS = "dns"
    PROXY = "proxy"
    CONNECTION_REFUSED = "connection-refused"
    UNREACHABLE = "unreachable"
    CONNECTION_LOST = "connection-lost"
    TLS_UNKNOWN_CA = "tls-unknown-ca"
    TLS_HOSTNAME = "tls-hostname"
    TLS_EXPIRED = "tls-expired"
    TLS = "tls"
    TIMEOUT_CONNECT = "timeout-connect"
    TIMEOUT_READ = "timeout-read"
    SLOW = "slow"
    NOT_HTTP = "not-http"
    HUGE = "huge"
    REDIRECT = "redirect"
    HTML = "html"
    EMPTY = "empty"
    NOT_JSON = "not-json"
    NO_TOKEN = "no-token"
    WRONG_TYPES = "wrong-types"
    NOT_FOUND = "not-found"
    FORBIDDEN = "forbidden"
    THROTTLED = "throttled"
    SERVER_ERROR = "server-error"
    STATUS = "status"
    INVALID_CLIENT = "invalid-client"
    INVALID_CLIENT_ID = "invalid-client-id"
    INVALID_CLIENT_SECRET = "invalid-client-secret"
    UNAUTHORIZED_CLIENT = "unauthorized-client"
    UNSUPPORTED_GRANT_TYPE = "unsupported-grant-type"
    INVALID_SCOPE = "invalid-scope"
    INVALID_REQUEST = "invalid-request"
    ACCESS_DENIED = "access-denied"
    INVALID_TOKEN = "invalid-token"
    INVALID_SIGNATURE = "invalid-signature"
    INTERNAL_ERROR = "internal-error"
    REFUSED = "refused"


_REFUSALS = frozenset(
    {
        Kind.FORBIDDEN,
        Kind.INVALID_CLIENT,
        Kind.INVALID_CLIENT_ID,
        Kind.INVALID_CLIENT_SECRET,
        Kind.UNAUTHORIZED_CLIENT,
        Kind.UNSUPPORTED_GRANT_TYPE,
        Kind.INVALID_SCOPE,
        Kind.INVALID_REQUEST,
        Kind.ACCESS_DENIED,
        Kind.INVALID_TOKEN,
        Kind.INVALID_SIGNATURE,
        Kind.REFUSED,
    }
)
_USAGE = frozenset({Kind.BAD_URL, Kind.BAD_VALUE, Kind.CA_BUNDLE})


class TokenError(MigrateError):
    """No token. Holds no secret, no token and nothing of the answer's body but a cleaned `error` code.

    Attributes:
        kind: what went wrong.
        message: it in one line.
        advice: what to do, one line; may be empty.
        status: the HTTP status, when there was an answer.
        error: IMS's `error` code, cleaned and cut, when there was one.
        debug_id: IMS's `x-debug-id`, which Adobe's support asks for.
        attempts: how many requests were sent.
        retry_after: the answer's Retry-After header, as it came.
        date: likewise its Date header.
    """

    def __init__(
        self,
        kind: Kind,
        message: str,
        advice: str = "",
        *,
        status: int | None = None,
        error: str | None = None,
        debug_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.advice = advice
        self.status = status
        self.error = error
        self.debug_id = debug_id
        self.attempts = 0
        self.retry_after: str | None = None
        self.date: str | None = None

    @property
    def refused(self) -> bool:
        """IMS understood and said no (exit code 5)."""
        return self.kind in _REFUSALS

    @property
    def usage(self) -> bool:
        """Nothing was sent, because what was asked for cannot be (exit code 2)."""
        return self.kind in _USAGE

    def __str__(self) -> str:
        debug = f" (x-debug-id {self.debug_id})" if self.debug_id else ""
        return f"{self.message}{debug}" + (f". {self.advice}" if self.advice else "")


REFUSALS: dict[str, tuple[Kind, str, str]] = {
    "invalid_client": (
        Kind.INVALID_CLIENT,
        "IMS does not accept this client id with this client secret",
        (
            "Compare both with the credential in the Adobe Developer Console; a value {hex digits} is one that AEM "
            "encrypted, and IMS needs the plain secret"
        ),
    ),
    "unauthorized_client": (
        Kind.UNAUTHORIZED_CLIENT,
        (
            "IMS knows the client id but does not let it use client credentials: it is still a JWT credential, or one "
            "for users to sign in"
        ),
        "Add an OAuth Server-to-Server credential to the project in the Adobe Developer Console",
    ),
    "unsupported_grant_type": (
        Kind.UNSUPPORTED_GRANT_TYPE,
        "IMS does not know the grant type at this address",
        (
            f"Check that the URL ends with {token_url.TOKEN_PATH}. When AEM's own log shows this error, AEM still "
            "sends the JWT grant: install the Granite hotfix (6.5 SP11 to SP20), see Adobe KA-24660"
        ),
    ),
    "invalid_scope": (
        Kind.INVALID_SCOPE,
        "IMS does not grant this credential a scope that was asked for",
        (
            "Compare the scopes with the credential's in the Adobe Developer Console; an API that they belong to, or "
            "its product profile, may be missing from the project"
        ),
    ),
    "invalid_request": (
        Kind.INVALID_REQUEST,
        "IMS calls the request malformed or incomplete",
        "Check that client id, client secret and scope are all set and hold no stray characters",
    ),
    "bad_request": (
        Kind.INVALID_REQUEST,
        "IMS calls the request malformed or incomplete",
        "Check that client id, client secret and scope are all set and hold no stray characters",
    ),
    "access_denied": (
        Kind.ACCESS_DENIED,
        "IMS denies this credential access",
        "Check in the Adobe Developer Console that the credential is active and has its product profiles",
    ),
    "invalid_token": (
        Kind.INVALID_TOKEN,
        "IMS does not accept the signed assertion: its certificate has expired, was removed, or belongs to another key",
        "A JWT certificate can no longer be renewed: move to OAuth Server-to-Server",
    ),
    "invalid_signature": (
        Kind.INVALID_SIGNATURE,
        "IMS cannot verify the assertion's signature with the certificates of the credential",
        "The private key is not the one of this credential",
    ),
    "internal_error": (
        Kind.INTERNAL_ERROR,
        "IMS reports an internal error",
        "Try again in some minutes; a dead JWT credential gets this answer for ever",
    ),
}
"""IMS's `error` code -> kind, meaning, cure."""

CLIENT_ID = (
    Kind.INVALID_CLIENT_ID,
    "IMS knows no such client id",
    (
        "Compare it with the credential in the Adobe Developer Console, and the host with the credential's environment "
        "(production or stage)"
    ),
)
CLIENT_SECRET = (
    Kind.INVALID_CLIENT_SECRET,
    "IMS knows the client id, but the client secret is wrong",
    (
        "Copy the secret again from the Adobe Developer Console; a value {hex digits} is one that AEM encrypted with "
        "keys that this instance may not have, and IMS needs the plain secret"
    ),
)
