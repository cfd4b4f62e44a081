"""What a token says of itself. It is read without verifying its signature, which only IMS's keys could."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from migrate.integration import scopes
from migrate.integration.secret import Secret
from migrate.masking import answers

_MAX_SCOPES = 200
_ORG_CLAIMS = ("org_id", "org", "ims_org_id", "owner_org")


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


def read_token(token: Secret, secrets: tuple[Secret, ...] = ()) -> TokenClaims | None:
    """The claims of a token; None when it is not a JWT, which is fine.

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
        scopes=scopes.split(scope)[:_MAX_SCOPES] if isinstance(scope, str) else None,
        created_at=_number(payload.get("created_at")),
        expires_in=_number(payload.get("expires_in")),
    )


def _number(value: object) -> int | None:
    """IMS writes its numbers as strings."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
        return value
    return int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,15}", value) else None
