"""PIDs and the file names that Sling's installer makes them from.

The rules depend on the build of ``org.apache.sling.installer.factory.configuration``
(``ConfigTaskCreator.checkConfiguration``):

* before 1.2.0: the first ``-`` splits factory PID and name; ``~`` means nothing; the instance gets a PID of its own;
* from 1.2.0: the first ``~``, else the first ``-``, splits; the instance is ``factoryPid~name``;
* from 1.4.6 (SLING-12283): before that, a trailing ``.`` and a lower-case UUID is a factory instance too.

So a hyphen inside a PID splits it in the wrong place, and ``F.123`` is a singleton to every build.
"""

from __future__ import annotations

import enum
import re
from typing import NamedTuple

from grammar import patterns

EXTENSIONS = (".config", ".properties", ".cfg", ".cfg.json")
_OLD_EXTENSIONS = (".cfg", ".config", ".xml", ".properties")

_UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_UUID_INSTANCE = patterns.lazy(rf"(.*)\.({_UUID})", re.DOTALL)
_GENERATED_NAME = patterns.lazy(rf"{_UUID}|[0-9]+", re.IGNORECASE)
_UUID_NAME = patterns.lazy(_UUID, re.IGNORECASE)


def is_uuid(name: str) -> bool:
    """Whether an instance's name is a UUID, as the web console makes them."""
    return bool(_UUID_NAME.fullmatch(name))


class InstallerBuild(enum.Enum):
    """The builds whose rules differ, each by its first version."""

    V1_0 = "1.0.0"
    V1_2 = "1.2.0"
    V1_4_6 = "1.4.6"

    @classmethod
    def of(cls, version: str) -> InstallerBuild:
        """The rules of a bundle version such as ``1.4.2``.

        Raises:
            ValueError: not a version.
        """
        numbers = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
        if numbers is None:
            raise ValueError(f"not a bundle version: {version!r}")
        parts = tuple(int(part or 0) for part in numbers.groups())
        if parts >= (1, 4, 6):
            return cls.V1_4_6
        return cls.V1_2 if parts >= (1, 2, 0) else cls.V1_0


class Pid(NamedTuple):
    """The identity of a configuration.

    Attributes:
        factory_pid: the factory PID; None for a singleton.
        name: the instance's name below its factory; None for a singleton.
        separator: what stands between the two in the file name: ``~``, ``-`` or ``.``; empty for a singleton.
        singleton: the PID of a singleton, else None.
    """

    singleton: str | None = None
    factory_pid: str | None = None
    name: str | None = None
    separator: str = ""

    @classmethod
    def from_filename(cls, filename: str, build: InstallerBuild = InstallerBuild.V1_2) -> Pid:
        """The PID that the installer derives from a file or node name (the last part of a path)."""
        base = strip_extension(filename.replace("\\", "/").rsplit("/", 1)[-1], build)
        if build is InstallerBuild.V1_4_6 and (found := _UUID_INSTANCE.fullmatch(base)):
            return cls(None, found[1], found[2], ".")
        separators = "-" if build is InstallerBuild.V1_0 else "~-"
        for separator in separators:
            at = base.find(separator)
            if at >= 0:
                break
        if at > 0:
            return cls(None, base[:at], base[at + 1 :], separator)
        return cls(base)

    @property
    def pid(self) -> str:
        """``factoryPid~name``, or the PID of a singleton."""
        return self.singleton if self.singleton is not None else f"{self.factory_pid}~{self.name}"

    def filename(self, extension: str = ".config") -> str:
        """The file name that gives this PID, with the separator that it came with."""
        base = (
            self.singleton if self.singleton is not None else f"{self.factory_pid}{self.separator}{self.name}"
        )
        return f"{base}{extension}"


def strip_extension(filename: str, build: InstallerBuild = InstallerBuild.V1_2) -> str:
    """The name without the extension that the installer knows; only one is taken off."""
    known = _OLD_EXTENSIONS if build is InstallerBuild.V1_0 else EXTENSIONS
    for extension in known:
        if filename.endswith(extension):
            return filename[: -len(extension)]
    return filename


def instance_of(base: str, factory_pid: str) -> tuple[str, str] | None:
    """Separator and name if a base name stands for an instance of a factory, by whatever rule.

    For finding the files of a known factory: ``F.123``, ``F-123``, ``F~x`` and ``F.<uuid>`` all count, though
    not every build reads the dotted ones as instances.

    Returns:
        ``(separator, name)``; None when the base name is not ``factory_pid`` and one of ``. - ~`` and a name.
    """
    if not base.startswith(factory_pid):
        return None
    separator, name = base[len(factory_pid) : len(factory_pid) + 1], base[len(factory_pid) + 1 :]
    if separator in ("-", "~") and name:
        return separator, name
    if separator == "." and _GENERATED_NAME.fullmatch(name):
        return separator, name
    return None
