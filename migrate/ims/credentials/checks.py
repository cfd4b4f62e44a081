"""What is wrong with a credential's values, before anything is sent or written.

The list is the "input" part of what goes wrong in practice: a technical account in place of the organization, the
placeholders of Adobe's page left in, a word processor's quotes, a blank or a line break that came along with the
copying, an AEM-encrypted secret in place of a plain one. No function here returns or quotes a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from grammar import patterns
from grammar.placeholders import holds_gap, holds_placeholder, is_gap, is_placeholder
from migrate.ims.credentials.credential import Credentials
from migrate.integration import scopes
from migrate.integration.findings import ERROR, INFO, WARNING, Finding
from migrate.masking.names import is_protected

_ORG = patterns.lazy(r"[A-Za-z0-9]+@AdobeOrg")
_CLIENT = patterns.lazy(r"[0-9A-Za-z_-]{1,128}")
_USUAL_CLIENT = patterns.lazy(r"[0-9a-f]{32}")
_YOURS = patterns.lazy(r"\byour[-_ ]", re.IGNORECASE)
_NAME_OF_SECRET = patterns.lazy(r"Client_?Secret(?:_?ID)?", re.IGNORECASE)
_SMART_QUOTES = frozenset("\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb")
_INVISIBLE = frozenset("\ufeff\u200b\u200c\u200d\u2060\u00a0")


def check(
    credentials: Credentials, needed_scopes: tuple[str, ...] = scopes.SMART_TAGS, *, for_aem: bool = False
) -> tuple[Finding, ...]:
    """Every finding on a credential, in a stable order.

    Args:
        credentials: the credential.
        needed_scopes: the scopes that the service needs.
        for_aem: AEM is to read the secret, not IMS: then it may be one that AEM encrypted, or a placeholder that
            AEM or a build fills in.
    """
    return tuple(_all(credentials, needed_scopes, for_aem))


def _all(credentials: Credentials, needed: tuple[str, ...], for_aem: bool) -> Iterator[Finding]:
    if credentials.client_id is not None:
        yield from check_text("client id", credentials.client_id)
        yield from check_client_id(credentials.client_id)
    if credentials.org_id is not None:
        yield from check_text("organization id", credentials.org_id)
        yield from check_org_id(credentials.org_id)
    if credentials.secret is not None:
        secret = credentials.secret.reveal()
        if not (for_aem and (is_placeholder(secret) or is_protected(secret))):
            yield from check_secret(secret)
    elif len(credentials.secrets) > 1:
        yield Finding(
            "two-secrets",
            WARNING,
            "the credential has two client secrets, and only you know which one stays",
            "Choose with --secret-index 1|2, counted as in the file",
        )
    yield from check_source(credentials, needed)


def check_source(credentials: Credentials, needed: tuple[str, ...]) -> Iterator[Finding]:
    """What the file says beside client id, organization and secret: its encoding, its scopes, an open migration."""
    for note in credentials.decoding:
        yield Finding(
            "file-encoding",
            INFO,
            f"the credential file is written as {note}",
            "It was read all the same; other tools may stumble over it",
        )
    if credentials.scopes is not None:
        yield from check_scopes(credentials.scopes, needed)
    if credentials.migrating:
        yield Finding(
            "migration-open",
            INFO,
            "the project still holds the JWT credential beside this one, with the same client id: both work side by "
            "side, and until the JWT one is deleted Adobe forbids to rotate the client secret",
            "A token that AEM cached for this client id can hide a mistake for up to a day",
        )


class _Damage(NamedTuple):
    """What copying does to a value."""

    id: str
    severity: str
    message: str
    fix: str


_STRAY_BLANK = _Damage(
    "stray-blank",
    WARNING,
    "begins or ends with a blank, or holds a line break, and IMS compares every character",
    "Remove it at the source",
)
_INVISIBLE_CHARACTER = _Damage(
    "invisible-character",
    ERROR,
    "holds a character that cannot be seen (byte order mark, no-break or zero-width space)",
    "Type the value anew instead of pasting it",
)
_QUOTES = _Damage(
    "smart-quotes",
    ERROR,
    "holds typographic quotes, which a word processor put there",
    "Copy the value from its source again; in files only \" and ' are quotes",
)
_LEFT_IN = _Damage(
    "placeholder",
    ERROR,
    "is still the placeholder of an instruction or a template",
    "Put the value of your own credential there (Adobe Developer Console, credential details)",
)


def check_text(what: str, text: str, *, secret: bool = False) -> Iterator[Finding]:
    """Damage that copying does to any value. The finding names the damage and never the value."""
    for damage, is_there in (
        (_STRAY_BLANK, text != text.strip() or any(c in text for c in "\r\n")),
        (_INVISIBLE_CHARACTER, any(c in _INVISIBLE for c in text)),
        (_QUOTES, any(c in _SMART_QUOTES for c in text)),
        (_LEFT_IN, _is_left_in(text.strip()) if secret else _holds_left_in(text)),
    ):
        if is_there:
            yield Finding(damage.id, damage.severity, f"the {what} {damage.message}", damage.fix)


def _is_left_in(secret: str) -> bool:
    return is_placeholder(secret) or is_gap(secret) or bool(_NAME_OF_SECRET.fullmatch(secret))


def _holds_left_in(text: str) -> bool:
    return holds_placeholder(text) or holds_gap(text) or bool(_YOURS.search(text))


def check_client_id(text: str) -> Iterator[Finding]:
    """Shape of a client id. Adobe documents none; every one seen is 32 hexadecimal digits."""
    bare = text.strip()
    if "@" in bare:
        yield Finding(
            "client-id-shape",
            ERROR,
            "the client id holds an @, so it is an organization id or a technical account",
            "The client id is 32 characters long and is also called API key",
        )
    elif not _CLIENT.fullmatch(bare):
        yield Finding(
            "client-id-shape",
            WARNING,
            "the client id holds characters that client ids do not have",
            "Copy it again from the credential's details",
        )
    elif not _USUAL_CLIENT.fullmatch(bare):
        yield Finding(
            "client-id-shape",
            INFO,
            "the client id is not the usual 32 hexadecimal digits; it may still be right",
        )


def check_org_id(text: str) -> Iterator[Finding]:
    """Shape of an organization id: letters and digits, then ``@AdobeOrg``."""
    bare = text.strip()
    if _ORG.fullmatch(bare):
        return
    lower = bare.lower()
    if lower.endswith("@techacct.adobe.com"):
        problem, fix = "is a technical account", "Take the organization id, which ends with @AdobeOrg"
    elif lower.endswith("@adobeorg") and not bare.endswith("@AdobeOrg"):
        problem, fix = "ends with @AdobeOrg in another case", "Write @AdobeOrg"
    elif "@" not in bare:
        problem, fix = "lacks its end", "Append @AdobeOrg"
    else:
        problem, fix = (
            "is not of the form 0123456789ABCDEF01234567@AdobeOrg",
            "Copy it from the credential's details",
        )
    yield Finding("org-id-shape", ERROR, f"the organization id {problem}, so IMS will not know it", fix)


def check_secret(text: str) -> Iterator[Finding]:
    """Damage to a client secret, and secrets that only one AEM instance can read."""
    if is_protected(text.strip()):
        yield Finding(
            "protected-secret",
            ERROR,
            "the client secret is one that AEM encrypted ({hexadecimal digits}); only the AEM instance that made it "
            "can decrypt it, and IMS answers `invalid client_secret parameter` to it",
            "Give the plain secret of the Adobe Developer Console",
        )
        return
    if not text.strip():
        yield Finding(
            "secret-empty", ERROR, "the client secret is empty", "Copy it from the credential's details"
        )
        return
    yield from check_text("client secret", text, secret=True)


def check_requested(asked: tuple[str, ...], needed: tuple[str, ...]) -> Iterator[Finding]:
    """Scopes that the service needs and that are not asked for."""
    dropped = scopes.missing(needed, asked)
    if dropped:
        yield Finding(
            "scope-dropped",
            WARNING,
            f"the scopes that are asked for lack {', '.join(dropped)}, so the service will refuse the token",
            "Name all of them, or leave --scope out",
        )


def check_scopes(listed: tuple[str, ...], needed: tuple[str, ...] = scopes.SMART_TAGS) -> Iterator[Finding]:
    """Scopes that the service needs and the credential does not name."""
    missing = scopes.missing(needed, listed)
    if missing:
        yield Finding(
            "scope-missing",
            WARNING,
            f"the credential does not list {', '.join(missing)}, so IMS may answer `invalid_scope`",
            f"Add {scopes.api_of(missing)}, and its product profile, to the project in the Adobe Developer Console",
        )
