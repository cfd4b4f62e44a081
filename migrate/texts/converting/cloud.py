"""What AEM as a Cloud Service wants of a configuration: the `~` name, run modes that it has, secrets kept elsewhere.

Source: AEM as a Cloud Service, "Configuring OSGi": folders ``config``, ``config.<author|publish>``,
``config.<dev|stage|prod|rde>`` and both, in this order; ``$[secret:NAME]`` with
names of 2 to 100 letters, digits and underscores, none that begins with a prefix of Adobe's. That no configuration
may lie in ``install`` is said by ``AbstractConfigurationEntryHandler`` of Sling's content package converter, and by
aemanalyser, which switches that on.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from grammar import patterns, placeholders
from grammar.pids import Pid, strip_extension
from grammar.platforms import PLATFORMS
from grammar.values import Shape, Value
from migrate.masking.clear import stands_in_clear
from migrate.masking.names import is_protected, is_secret
from migrate.targets.watched import CLOUD_ENVIRONMENTS, TIERS, Ground, Place, place_of
from migrate.texts.converting.naming import NamingError

_JCR_ROOT = "jcr_root"
_RANKING = "service.ranking"
_INTEGERS = range(-(1 << 31), 1 << 31)
_NO_NAME = patterns.lazy(r"\W", re.ASCII)
_ADOBES = ("INTERNAL_", "ADOBE_", "CONST_", "AEM_")
_LONGEST = 100


class Cloud(NamedTuple):
    """The aim of `convert --platform cloud`.

    Attributes:
        target: what the user named; nothing moves out of it.
        placeholders: put ``$[secret:NAME]`` in the place of secrets.
    """

    target: str
    placeholders: bool = False

    def place(self, folder: str, node: str) -> tuple[str, str]:
        """The folder with the run modes in the Cloud's order, and the node's name with a tilde."""
        pid = Pid.from_filename(node)
        # What looks like an extension may be a part of the name: F-a.config.config is the instance a.config of F.
        ending = node.removeprefix(strip_extension(node))
        name = node if pid.factory_pid is None else f"{pid.factory_pid}~{pid.name}{ending}"
        return self.folder(folder), name

    def folder(self, folder: str) -> str:
        """A folder of files, called ``config``, with the run modes in the Cloud's order.

        Raises:
            NamingError: the Cloud has no such run modes, takes the file by others than AEM 6.5, or the folder is the
                target itself.
        """
        place = place_of(f"{os.path.abspath(folder)}/x", PLATFORMS["cloud"])
        if place.ground is not Ground.WATCHED:
            return folder
        _prove_alike(place, place_of(f"{os.path.abspath(folder)}/x"))
        modes = _in_order(place.run_modes)
        parts, depth = folder.split("/"), place.folder.count("/")
        full = os.path.abspath(folder).split("/")
        below = len(full) - 1 - (len(full) - 1 - full[::-1].index(_JCR_ROOT)) - depth
        at = len(parts) - 1 - below
        renamed = ".".join(("config", *modes))
        if at >= 0 and parts[at] == renamed:
            return folder
        inside = len(self.target.rstrip("/").split("/")) <= at
        if not inside:
            raise NamingError(f"the folder becomes {renamed}, and is the target itself; name one above it")
        return "/".join((*parts[:at], renamed, *parts[at + 1 :]))

    def is_for_bundles(self, folder: str) -> bool:
        """Whether a folder stays for what else is in it, when its configurations leave it."""
        return place_of(f"{os.path.abspath(folder)}/x", PLATFORMS["cloud"]).is_for_bundles

    def values(self, node: str, values: Mapping[str, Value]) -> dict[str, Value]:
        """The values, with secrets as placeholders where that is asked for, and a ranking that counts."""
        wanted = {name: _ranking(value) if name == _RANKING else value for name, value in values.items()}
        if self.placeholders:
            wanted |= {name: _placeholder(node, name, values[name]) for name in _unfit(values)}
        return wanted

    def variables(self, node: str, values: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
        """The secrets that the values refer to."""
        return tuple(
            (found, name)
            for name, value in values.items()
            for item in value.items
            if isinstance(item, str)
            for kind, found in placeholders.names(item)
            if kind == "secret" and found and not _NO_NAME.search(found)
        )

    def secrets(self, values: Mapping[str, Value]) -> int:
        """How many secrets stand there in clear."""
        return sum(stands_in_clear(name, value) for name, value in values.items())


def _prove_alike(place: Place, before: Place) -> None:
    """Hold a folder in another one to the run modes that count for AEM 6.5: first those of the outer one."""
    ways = {frozenset(way) for way in (before.run_modes, *before.otherwise)}
    if before.ground is Ground.WATCHED and ways != {frozenset(place.run_modes)}:
        raise NamingError(
            f"AEM 6.5 takes it by the run modes of {before.folder}, the Cloud Service by those of {place.folder}; "
            "move it out of one of them"
        )


def _in_order(modes: tuple[str, ...]) -> tuple[str, ...]:
    unknown = sorted(set(modes) - {*TIERS, *CLOUD_ENVIRONMENTS})
    if unknown:
        known = ", ".join((*TIERS, *CLOUD_ENVIRONMENTS))
        raise NamingError(f"the Cloud Service has no run mode {unknown[0]!r}, only {known}")
    found = []
    for kinds in (TIERS, CLOUD_ENVIRONMENTS):
        of_kind = [mode for mode in kinds if mode in modes]
        if len(of_kind) > 1:
            raise NamingError(f"{' and '.join(of_kind)} are never on together, so AEM never takes this file")
        found += of_kind
    return tuple(found)


def _ranking(value: Value) -> Value:
    """As an Integer, which is what the framework takes; XML has none to write."""
    item = value.items[0] if value.shape is Shape.SCALAR else None
    if isinstance(item, str) and re.fullmatch(r"-?[0-9]{1,10}", item):
        item = int(item)
    if isinstance(item, int) and not isinstance(item, bool) and item in _INTEGERS:
        return Value("Integer", Shape.SCALAR, (item,))
    return value


def _unfit(values: Mapping[str, Value]) -> Iterator[str]:
    """The names of the properties with a secret in clear, or with one that only the old instance can decrypt."""
    for name, value in values.items():
        texts = [item for item in value.items if isinstance(item, str)]
        if texts and (stands_in_clear(name, value) or (is_secret(name) and any(map(is_protected, texts)))):
            yield name


def _placeholder(node: str, name: str, value: Value) -> Value:
    variable = _name(Pid.from_filename(node).pid, name)
    several = len(value.items) > 1
    items = [
        # One that was given a place elsewhere already stays there.
        item if placeholders.begins_in(str(item)) else f"$[secret:{variable}{f'_{at}' if several else ''}]"
        for at, item in enumerate(value.items, 1)
    ]
    return value._replace(items=tuple(items))


def _name(pid: str, name: str) -> str:
    """A variable's name: the same for all run modes, since each environment has its own value."""
    found = _NO_NAME.sub("_", f"{pid}_{name}").upper()
    if found[:1].isdigit() or found.startswith(_ADOBES):
        found = f"X_{found}"
    # A number may follow.
    longest = _LONGEST - 4
    if len(found) > longest:
        found = (
            f"X_{found[11 - longest :]}_{hashlib.sha256(f'{pid} {name}'.encode()).hexdigest()[:8].upper()}"
        )
    return found
