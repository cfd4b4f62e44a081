"""The customizer's client secret (Adobe, "Configure Smart Tags using OAuth", the edit of the customizer file)."""

from __future__ import annotations

from collections.abc import Iterator

from grammar.documents import Document
from grammar.values import Value
from migrate.integration.configuration import Configuration
from migrate.integration.profile import CUSTOMIZER
from migrate.integration.progress import State, state_of
from migrate.integration.properties import CLIENT_SECRET
from migrate.integration.selection import Selection
from migrate.integration.settings import Settings
from migrate.passes import Desired, setting


def wants(configuration: Configuration, selection: Selection) -> bool:
    """The selected customizer."""
    return selection.is_customizer(configuration.key)


def desired(factory_pid: str, current: Document | None, settings: Settings) -> Desired:
    """``auth.ims.client.secret``, of no particular value when no secret was given."""
    if factory_pid == CUSTOMIZER:
        yield CLIENT_SECRET, Value.string(settings.secret.reveal()) if settings.secret is not None else None


def needs(configuration: Configuration, selection: Selection, settings: Settings) -> Iterator[str]:
    """A secret, unless the pair is migrated and has one: that of the JWT credential is another."""
    migrated = state_of(selection.provider.document) is State.OAUTH
    if settings.secret is None and not (migrated and CLIENT_SECRET in configuration.document):
        yield "the client secret (--credentials, --client-secret-env or --client-secret-file)"


PASS = setting("customizer_secret", 20, wants, desired, needs)
