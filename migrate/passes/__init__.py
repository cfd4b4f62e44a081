"""The passes: each one step of Adobe's page, pure, one module a pass.

A pass gets one configuration, the folder's selection and the settings, and gives edits. It knows no path, clock,
environment or network, and it never changes anything itself. Its name is its module's name and its value for
``--only`` and ``--skip``.
"""

from __future__ import annotations

from collections.abc import Callable

from migrate.integration.configuration import Configuration
from migrate.integration.edits import Edit
from migrate.integration.selection import Selection
from migrate.integration.settings import Settings
from migrate.passes import customizer_secret, delete_stale, provider_oauth, rename_instance

Pass = Callable[[Configuration, Selection, Settings], list[Edit]]

PASSES: dict[str, Pass] = {
    "provider_oauth": provider_oauth.edits,
    "customizer_secret": customizer_secret.edits,
    "rename_instance": rename_instance.edits,
    "delete_stale": delete_stale.edits,
}
"""In the order of Adobe's page, which is the order of a plan."""
