"""``F.N`` becomes ``F-N`` (Adobe: "replace dot (.) with hyphen (-)").

No build of Sling's installer reads an edited ``F.N`` file as the instance it came from: digits make it a singleton, a
UUID a bogus factory (before 1.4.6). ``-`` is the one separator that every build understands. ``-`` and ``~``
names stay as they are; N, digits or a UUID, is kept whole. On a running instance that would lose it, N is another one.
"""

from __future__ import annotations

from migrate.integration.configuration import Configuration
from migrate.integration.edits import Edit, Rename
from migrate.integration.selection import Selection
from migrate.integration.settings import Settings
from migrate.passes import Pass

_NAME = "rename_instance"
_DOUBLED = ((".config.cfg.json", ".cfg.json"), (".cfg.json.config", ".config"))
"""What installers of one generation make of the files of another; once edited, half of it is taken for the name."""


def wants(configuration: Configuration, selection: Selection) -> bool:
    """The selected pair."""
    return selection.is_provider(configuration.key) or selection.is_customizer(configuration.key)


def edits(configuration: Configuration, selection: Selection, settings: Settings) -> list[Edit]:
    """The rename; the rest of the file's name, its extension, stays."""
    name = settings.names.get(configuration.key, configuration.name)
    if configuration.separator != "." and name == configuration.name:
        return []
    label = configuration.label.replace(
        f"{configuration.factory_pid}{configuration.separator}{configuration.name}",
        f"{configuration.factory_pid}-{name}",
        1,
    )
    for doubled, plain in _DOUBLED:
        if label.endswith(doubled):
            label = label.removesuffix(doubled) + plain
    return [Rename(configuration.key, _NAME, label, name)]


PASS = Pass(_NAME, 30, wants, edits)
