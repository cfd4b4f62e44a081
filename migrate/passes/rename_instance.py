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
from migrate.passes import Pass

_NAME = "rename_instance"


def wants(configuration: Configuration, selection: Selection) -> bool:
    """The selected pair, where a name still has the dot."""
    is_ours = selection.is_provider(configuration.key) or selection.is_customizer(configuration.key)
    return is_ours and configuration.separator == "."


def edits(configuration: Configuration, selection: Selection, settings: Settings) -> list[Edit]:
    """The rename; the rest of the file's name, its extensions among it, stays."""
    dotted = f"{configuration.factory_pid}.{configuration.name}"
    hyphened = f"{configuration.factory_pid}-{configuration.name}"
    return [Rename(configuration.key, _NAME, configuration.label.replace(dotted, hyphened, 1))]


PASS = Pass(_NAME, 30, wants, edits)
