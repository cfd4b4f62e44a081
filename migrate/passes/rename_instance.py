"""``F.N`` becomes ``F-N`` (Adobe: "replace dot (.) with hyphen (-)").

No build of Sling's installer reads an edited ``F.N`` file as the instance it came from: digits make it a singleton, a
UUID a bogus factory (before 1.4.6). ``-`` is the one separator that every build understands. ``-`` and ``~``
names stay as they are; N, digits or a UUID, is kept whole.
"""

from __future__ import annotations

from migrate.integration.configuration import Configuration
from migrate.integration.edits import Edit, Rename
from migrate.integration.selection import Selection
from migrate.integration.settings import Settings

NAME = "rename_instance"


def edits(configuration: Configuration, selection: Selection, settings: Settings) -> list[Edit]:
    """The rename of the selected provider or customizer, when its name still has the dot."""
    is_ours = selection.is_provider(configuration.key) or selection.is_customizer(configuration.key)
    if not is_ours or configuration.separator != ".":
        return []
    dotted = f"{configuration.factory_pid}.{configuration.name}"
    hyphened = f"{configuration.factory_pid}-{configuration.name}"
    return [Rename(configuration.key, NAME, configuration.label.replace(dotted, hyphened, 1))]
