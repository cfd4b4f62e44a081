"""The provider of a target whose token `check-token` asks for, with the secret of its customizer."""

from __future__ import annotations

from dataclasses import dataclass, field

from grammar.documents import Document
from grammar.placeholders import holds_placeholder
from migrate.integration import properties as p
from migrate.integration.configuration import Configuration, Scope
from migrate.integration.edits import Refusal
from migrate.integration.findings import INFO, WARNING, Finding
from migrate.integration.progress import State, state_of
from migrate.integration.secret import Secret
from migrate.integration.selection import matching, select
from migrate.integration.settings import Settings
from migrate.masking.names import is_protected
from migrate.plans import inventory
from migrate.plans.inventory import Inventory
from migrate.targets.base import Reader, TargetError


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
    token_url: str = field(repr=False)
    secret: Secret | None
    secret_protected: bool
    path: str
    findings: tuple[Finding, ...] = ()
    endpoint: str | None = field(default=None, repr=False)
    org_id: str | None = None
    migrated: bool = True


def find_integration(reader: Reader, settings: Settings, only: str | None = None) -> Integration:
    """The one integration of a target that carries the profile's name.

    Several run modes with the very same values count as one.

    Args:
        only: file name of the wanted provider, directly in the target; `settings.pick` should be it, too.

    Raises:
        TargetError: there is none, or several with different values; the message lists them.
    """
    found = inventory.take(reader)
    if only is not None:
        found.scopes = [scope for scope in found.scopes if scope.folder == ""]
    picked = [scope for scope in found.scopes if _candidates(scope, settings, picked=True)]
    if picked:
        found.scopes = picked
    integrations = [item for scope in found.scopes for item in _of_scope(reader, scope, settings)]
    if only is not None:
        integrations = [item for item in integrations if item.path == _opened(reader, only)]
    if not integrations:
        raise TargetError(_nothing(reader, found, settings))
    first = integrations[0]
    if any(_sent(item) != _sent(first) for item in integrations[1:]):
        paths = ", ".join(item.path for item in integrations)
        raise TargetError(
            f"{reader.target}: {len(integrations)} providers are named {settings.profile.provider_name} and "
            f"differ: {paths}. Name one of the folders or files as TARGET, or choose with --pick FILE-NAME"
        )
    return first


def _nothing(reader: Reader, found: Inventory, settings: Settings) -> str:
    rejected = "; ".join(str(item.error) for item in found.rejected[:3])
    unread = f". Could not be read: {rejected}" if rejected else ""
    return f"{reader.target.name}: no provider is named {settings.profile.provider_name} here{unread}"


def _sent(item: Integration) -> tuple[object, ...]:
    secret = None if item.secret is None else item.secret.reveal()
    return item.client_id, item.scope, item.token_url, item.endpoint, secret, item.secret_protected


def _of_scope(reader: Reader, scope: Scope, settings: Settings) -> list[Integration]:
    chosen = select(scope, settings)
    if chosen is None:
        return []
    if isinstance(chosen, Refusal):
        problem = Finding(chosen.rule, WARNING, chosen.message, path=_opened(reader, chosen.key or "."))
        candidates = _candidates(scope, settings, picked=True) or _candidates(scope, settings, picked=False)
        return [_integration(reader, provider, None, problem) for provider in candidates]
    return [_integration(reader, chosen.provider, chosen.customizer, None)]


def _candidates(scope: Scope, settings: Settings, *, picked: bool) -> list[Configuration]:
    """The providers of a folder that carry the name; with `picked` only the one that --pick names."""
    return [c for c in matching(scope, settings) if not picked or c.label == settings.pick]


def _integration(
    reader: Reader, provider: Configuration, customizer: Configuration | None, problem: Finding | None
) -> Integration:
    path = _opened(reader, provider.key)
    return of_documents(provider.document, customizer.document if customizer else None, path, problem)


def _opened(reader: Reader, key: str) -> str:
    """The path of a file, as one that an editor opens: several targets may be asked about in one call."""
    return reader.target.opened(reader.target.shown(key))


def of_documents(
    provider: Document, customizer: Document | None, path: str, problem: Finding | None = None
) -> Integration:
    """What a token request needs of two configurations, wherever they come from.

    Args:
        path: what is shown as the provider's place.
        problem: what is wrong with the pair.
    """
    text = provider.text
    secret = (customizer.text(p.CLIENT_SECRET) if customizer else None) or ""
    findings = [problem] if problem else []
    migrated = state_of(provider) is State.OAUTH
    if not migrated:
        message = "this provider is not migrated yet: AEM sends a JWT assertion, and not the request that is made here"
        findings.append(Finding("not-migrated", WARNING, message, "Run: slingshift plan", path))
    if holds_placeholder(secret):
        message = (
            "the client secret is a placeholder that AEM or the build fills in, so it cannot be read here"
        )
        findings.append(Finding("secret-filled-in", INFO, message, path=path))
        secret = ""
    return Integration(
        client_id=text(p.CLIENT_ID) or "",
        scope=text(p.SCOPE) or "",
        token_url=text(p.TOKEN_URL) or "",
        secret=Secret(secret) if secret and not is_protected(secret.strip()) else None,
        secret_protected=is_protected(secret.strip()),
        path=path,
        findings=tuple(findings),
        endpoint=text(p.ENDPOINT),
        org_id=text(p.ORG_ID),
        migrated=migrated,
    )
