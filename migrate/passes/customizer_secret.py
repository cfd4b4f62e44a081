"""The customizer's client secret (Adobe, "Configure Smart Tags using OAuth", the edit of the customizer file)."""

from __future__ import annotations

from grammar.values import Value
from migrate.integration.configuration import Configuration
from migrate.integration.edits import Edit, SetProperty
from migrate.integration.properties import CLIENT_SECRET
from migrate.integration.selection import Selection
from migrate.integration.settings import Settings

NAME = "customizer_secret"


def edits(configuration: Configuration, selection: Selection, settings: Settings) -> list[Edit]:
    """Set ``auth.ims.client.secret`` of the selected customizer; nothing when no secret was given."""
    if not selection.is_customizer(configuration.key) or settings.secret is None:
        return []
    current = configuration.document.get(CLIENT_SECRET)
    before = current.value if current else None
    after = Value.string(settings.secret.reveal())
    if before == after:
        return []
    return [SetProperty(configuration.key, NAME, CLIENT_SECRET, before, after, secret=True)]
