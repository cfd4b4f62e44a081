"""How far a provider has come: still JWT, already OAuth, or half of each.

The evidence is in the values alone (Adobe's pages on both flows): a JWT-era provider asks ``/ims/exchange/jwt``
and carries the assertion's claims; an OAuth one names the grant and asks ``/ims/token/vN``.
"""

from __future__ import annotations

import enum
import re

from grammar import patterns
from grammar.documents import Document
from migrate.integration import token_url
from migrate.integration.properties import CLAIMS, CLIENT_CREDENTIALS, GRANTS, ORG_ID

_ASSERTION_CLAIM = patterns.lazy(r'^\s*"?(?:sub|aud|exp|https?://[^"]*/s/[^"]*)"?\s*:', re.IGNORECASE)


class State(enum.Enum):
    """The state of a provider, by its values."""

    JWT = "jwt"
    OAUTH = "oauth"
    MIXED = "mixed"


def state_of(document: Document) -> State:
    """Whether a provider's values are those of the JWT flow, of client credentials, or of both."""
    address = token_url.of(document)
    grants = document.text(GRANTS)
    is_oauth = grants == CLIENT_CREDENTIALS and not address.is_exchange and not assertion_claims(document)
    if is_oauth and (ORG_ID in document or address.is_token):
        return State.OAUTH
    hints = (grants == CLIENT_CREDENTIALS, address.is_token, ORG_ID in document)
    return State.MIXED if any(hints) else State.JWT


def assertion_claims(document: Document) -> list[str]:
    """The default claims that only a JWT assertion needs: sub, aud, exp and metascopes."""
    found = document.get(CLAIMS)
    items = found.value.items if found else ()
    return [item for item in items if isinstance(item, str) and _ASSERTION_CLAIM.match(item)]
