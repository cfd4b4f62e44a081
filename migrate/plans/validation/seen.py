"""Everything that was seen on an instance, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from migrate.plans.instance.standing import Standing

if TYPE_CHECKING:
    from migrate.targets.instance.aem.assets import Folder
    from migrate.targets.instance.aem.cloud import CloudService
    from migrate.targets.instance.aem.jmx import Answer
    from migrate.targets.instance.aem.keys import Certificate
    from migrate.targets.instance.aem.workflows import Instance, Model
    from migrate.targets.instance.versions import Versions


class Token(NamedTuple):
    """What came of asking IMS for a token with the values that run.

    Attributes:
        outcome: ``granted``, ``refused``, ``impossible`` (with such values nobody can ask), ``unreachable`` or ``not
            asked``.
        message: it in one line.
        fix: what to do about it.
    """

    outcome: str
    message: str
    fix: str = ""


class Training(NamedTuple):
    """What the training of smart tags has.

    Attributes:
        folder: its assets; None where there is no such folder, or none that we may see.
        model: the model Smart Tags Training.
        runs: its newest workflows, the newest first.
    """

    folder: Folder | None
    model: str | None
    runs: tuple[Instance, ...]


class Seen(NamedTuple):
    """What was seen; of a point that was left out, what stands here as default.

    Attributes:
        versions: what runs on the instance.
        standing: files and what runs because of them.
        rejected: files of the two factories that AEM's readers do not read alike, with the reason.
        paused: whether the installer waits at a node of somebody's.
        busy: whether the installer had something to do.
        validator: whether a validator has the type that the provider names; None where nothing tells.
        cloud_services: the legacy pages.
        keys: the certificates of the service user; None where no key store can be seen.
        token: what IMS said; None when it was not to be asked.
        jmx: the answer of the MBean; None when there is none.
        jmx_error: why it did not answer; None when it did, or was not to be asked.
        update_asset: the model DAM Update Asset that runs.
        design: the same as its editor shows it.
        training: what there is for the training; None when no folder was named.
        left_out: points that were not to be looked at.
    """

    versions: Versions
    standing: Standing
    rejected: Mapping[str, str] = {}
    paused: bool = False
    busy: bool = False
    validator: bool | None = None
    cloud_services: tuple[CloudService, ...] = ()
    keys: tuple[Certificate, ...] | None = None
    token: Token | None = None
    jmx: Answer | None = None
    jmx_error: str | None = None
    update_asset: Model | None = None
    design: Model | None = None
    training: Training | None = None
    left_out: frozenset[str] = frozenset()
