"""Delete the JWT left-overs (Adobe: "Delete the older configurations", of both factories).

Stale is what has the same ``name`` as the selected provider and is not it, and the customizers that only such
providers use. The selected pair stands migrated in the same folder once the plan is carried out.
"""

from __future__ import annotations

from migrate.integration.configuration import Configuration
from migrate.integration.edits import Delete, Edit
from migrate.integration.progress import State, state_of
from migrate.integration.selection import Selection
from migrate.integration.settings import Settings
from migrate.passes import Pass

_NAME = "delete_stale"


def wants(configuration: Configuration, selection: Selection) -> bool:
    """What the selected pair supersedes."""
    return any(configuration.key == stale.key for stale in selection.stale)


def edits(configuration: Configuration, selection: Selection, settings: Settings) -> list[Edit]:
    """The deletion of a stale provider or customizer."""
    if state_of(selection.provider.document) is not State.OAUTH:
        # With --only or --skip the provider may still be JWT: then the other one is not superseded.
        return []
    kept = selection.provider if configuration.is_provider else selection.customizer or selection.provider
    return [Delete(configuration.key, _NAME, f"superseded by {kept.label}")]


PASS = Pass(_NAME, 40, wants, edits)
