"""Which AEM is meant, and so whose reading counts.

AEM 6.5 from SP9 on has installer core 3.9.0, JCR installer 3.1.26, FileVault 3.2.8, factory configuration 1.3.4 and
ConfigAdmin 1.9.12 (Adobe's bundle lists of SP23 to SP25). Installer core reads every `.config` with Felix 1.8.12;
ConfigAdmin 1.9.12 reads alike. Where it is not known what an AEM has, all readers must agree. Where nobody says which
AEM is meant, it is AEM 6.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from grammar.errors import FormError


class Platform(NamedTuple):
    """An AEM.

    Attributes:
        id: as users write it; ``any`` is no AEM, but all of them.
        title: as messages say it.
        own: by form, the versions of the readers that it has, or that read as its own do; none where that is not known.
        is_assumed: whether nobody said which AEM is meant: what only he would want to hear who did is then not told.
        installs: whether Sling's installer hands every `.config` to Felix, after it has looked at the first line.
        factory: the version of ``installer.factory.configuration``; None where it is not known.
    """

    id: str
    title: str
    own: Mapping[str, tuple[str, ...]]
    is_assumed: bool = False
    installs: bool = False
    factory: str | None = None

    def by_felix(self) -> Platform:
        """The same, where it is only asked what Felix reads."""
        return self._replace(installs=False)

    def first(self, form: str, versions: tuple[str, ...]) -> tuple[str, ...]:
        """All of a form's readers: this AEM's own, then the others."""
        own = self.own.get(form, ())
        return (*own, *(version for version in versions if version not in own))


_FELIX_CM_JSON = ("3.14.2", "3.12.0")

PLATFORMS = {
    platform.id: platform
    for platform in (
        Platform(
            "aem65",
            "AEM 6.5",
            {"config": ("1.8.12",), "cfg.json": ("3.9.0",), "xml": ("3.2.8",)},
            installs=True,
            factory="1.3.4",
        ),
        Platform("aem65-lts", "AEM 6.5 LTS", {"config": ("1.8.12",), "xml": ("3.8.2",)}, installs=True),
        Platform("cloud", "AEM Cloud", {"cfg.json": _FELIX_CM_JSON, "xml": ("3.8.2",)}),
        Platform("any", "AEM", {}),
    )
}
"""By their ids."""

ANY = PLATFORMS["any"]
DEFAULT = PLATFORMS["aem65"]._replace(is_assumed=True)
"""Where nobody says which AEM is meant."""


def of(name: str | None) -> Platform:
    """The platform of an id; `DEFAULT` without one.

    Raises:
        FormError: there is none of the name.
    """
    if name is None:
        return DEFAULT
    if name not in PLATFORMS:
        raise FormError(f"{name!r} is no platform: {', '.join(PLATFORMS)}")
    return PLATFORMS[name]
