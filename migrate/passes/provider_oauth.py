"""The provider's seven properties (Adobe, "Configure Smart Tags using OAuth", the edits of the provider file).

``auth.token.provider.authorization.grants``, ``.orgId``, ``.default.claims``, ``.scope``, ``.client.id``,
``auth.token.validator.type`` and ``auth.access.token.request``. Everything else in the file stays, ``name`` and
``token.request.customizer.type`` above all.
"""

from __future__ import annotations

from collections.abc import Iterator

from grammar.documents import Document
from grammar.values import Shape, Value
from migrate.integration import properties as p
from migrate.integration.configuration import Configuration
from migrate.integration.profile import PROVIDER
from migrate.integration.progress import State, state_of
from migrate.integration.selection import Selection
from migrate.integration.settings import Settings
from migrate.passes import Desired, setting


def wants(configuration: Configuration, selection: Selection) -> bool:
    """The selected provider."""
    return selection.is_provider(configuration.key)


def desired(factory_pid: str, current: Document | None, settings: Settings) -> Desired:
    """The desired state, property by property."""
    if factory_pid != PROVIDER:
        return
    profile = settings.profile
    yield p.GRANTS, Value.string(p.CLIENT_CREDENTIALS)
    yield p.ORG_ID, _text(settings.org_id)
    if settings.org_id is not None:
        yield p.CLAIMS, _claims(current, settings.org_id)
    yield p.SCOPE, Value.string(profile.scope)
    if profile.validator_type is not None:
        yield p.VALIDATOR_TYPE, Value.string(profile.validator_type)
    yield p.CLIENT_ID, _text(settings.client_id)
    yield p.TOKEN_URL, Value.string(profile.token_url)


def needs(configuration: Configuration, selection: Selection, settings: Settings) -> Iterator[str]:
    """The client id of a JWT credential is not that of the OAuth one, unless somebody says so."""
    document = configuration.document
    migrated = state_of(document) is State.OAUTH
    if settings.client_id is None and not (migrated and p.CLIENT_ID in document):
        yield "the client id (--credentials or --client-id)"
    if settings.org_id is None and p.ORG_ID not in document:
        yield "the organisation (--credentials or --org-id)"


def _text(given: str | None) -> Value | None:
    return None if given is None else Value.string(given)


def _claims(current: Document | None, org_id: str) -> Value:
    """One claim, the issuer. A collection, unless the file has an array, or a form that knows no collections."""
    claim = [f'"iss" : "{org_id}"']
    if current is None:
        return Value.collection(claim)
    claims = current.get(p.CLAIMS)
    has_array = claims is not None and claims.value.shape is Shape.ARRAY
    if has_array or current.form == "xml":
        return Value.array(claim)
    return Value.collection(claim)


PASS = setting("provider_oauth", 10, wants, desired, needs)
