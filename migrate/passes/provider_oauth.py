"""The provider's seven properties (Adobe, "Configure Smart Tags using OAuth", the edits of the provider file).

``auth.token.provider.authorization.grants``, ``.orgId``, ``.default.claims``, ``.scope``, ``.client.id``,
``auth.token.validator.type`` and ``auth.access.token.request``. Everything else in the file stays, ``name`` and
``token.request.customizer.type`` above all.
"""

from __future__ import annotations

from collections.abc import Iterator

from grammar.values import Shape, Value
from migrate.integration import properties as p
from migrate.integration.configuration import Configuration
from migrate.integration.edits import Edit, SetProperty
from migrate.integration.selection import Selection
from migrate.integration.settings import Settings

NAME = "provider_oauth"


def edits(configuration: Configuration, selection: Selection, settings: Settings) -> list[Edit]:
    """The properties of the selected provider that are not yet as Adobe's page wants them."""
    if not selection.is_provider(configuration.key):
        return []
    found: list[Edit] = []
    for name, after in desired(configuration, settings):
        current = configuration.document.get(name)
        before = current.value if current else None
        if before != after:
            found.append(SetProperty(configuration.key, NAME, name, before, after))
    return found


def desired(configuration: Configuration | None, settings: Settings) -> Iterator[tuple[str, Value]]:
    """The desired state, property by property; a setting that is not given leaves its property out."""
    profile = settings.profile
    yield p.GRANTS, Value.string(p.CLIENT_CREDENTIALS)
    if settings.org_id is not None:
        yield p.ORG_ID, Value.string(settings.org_id)
        yield p.CLAIMS, _claims(configuration, settings.org_id)
    yield p.SCOPE, Value.string(profile.scope)
    if profile.validator_type is not None:
        yield p.VALIDATOR_TYPE, Value.string(profile.validator_type)
    if settings.client_id is not None:
        yield p.CLIENT_ID, Value.string(settings.client_id)
    yield p.TOKEN_URL, Value.string(profile.token_url)


def _claims(configuration: Configuration | None, org_id: str) -> Value:
    """One claim, the issuer. A collection, unless the file has an array, or a form that knows no collections."""
    claim = [f'"iss" : "{org_id}"']
    if configuration is None:
        return Value.collection(claim)
    current = configuration.document.get(p.CLAIMS)
    has_array = current is not None and current.value.shape is Shape.ARRAY
    if has_array or configuration.document.form == "xml":
        return Value.array(claim)
    return Value.collection(claim)
