"""Looks at an instance, point by point. All of it reads, but for the one call of the MBean."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from migrate.integration import properties as p
from migrate.integration.settings import Settings
from migrate.plans import inventory
from migrate.plans.instance.view import look
from migrate.plans.validation.running import Pair, pair
from migrate.plans.validation.seen import Seen, Training
from migrate.targets.instance import installer
from migrate.targets.instance.aem import assets, cloud, jmx, keys, validators, workflows
from migrate.targets.instance.errors import InstanceError, Rule
from migrate.targets.instance.reader import InstanceReader
from migrate.targets.instance.session import WritingSession

_LOST = frozenset(
    {
        Rule.CREDENTIALS_MISSING,
        Rule.CREDENTIALS_REFUSED,
        Rule.LOGIN_PAGE,
        Rule.DNS,
        Rule.CONNECTION_REFUSED,
        Rule.UNREACHABLE,
        Rule.PROXY,
    }
)
"""What says of the whole instance that it cannot be used."""


class Look(NamedTuple):
    """What is to be looked at.

    Attributes:
        left_out: points that are not.
        training: the folder with the assets to train with, with its leading slash; None for none.
        watch: gets the number of assets that were read so far.
    """

    left_out: frozenset[str] = frozenset()
    training: str | None = None
    watch: Callable[[int], None] = lambda n: None


def read(reader: InstanceReader, caller: WritingSession | None, settings: Settings, wanted: Look) -> Seen:
    """Everything but the token.

    Args:
        reader: the instance.
        caller: makes the one call; None leaves it out.

    Raises:
        InstanceError: the instance cannot be used, or its console is closed: then nothing can be said.
    """
    found = inventory.take(reader)
    view = look(reader, found)
    if view.console is None:
        assert reader.closed is not None
        raise reader.closed

    def is_wanted(point: str) -> bool:
        return point not in wanted.left_out

    session, files = reader.session, reader.files
    runs = pair(view.standing, settings)
    answer, failure = _called(caller) if caller is not None else (None, None)
    is_there = _validator(reader, runs) if is_wanted("validator") else None
    certificates = keys.read(session) if is_wanted("key-store") else None
    return Seen(
        versions=view.console.versions,
        standing=view.standing,
        rejected={one.identity.path: str(one.error) for one in found.rejected},
        paused=bool(files.children(installer.PAUSE)),
        busy=view.console.index.is_busy,
        validator=is_there,
        cloud_services=tuple(cloud.read(files)) if is_wanted("cloud-service") else (),
        keys=None if certificates is None else tuple(certificates),
        jmx=answer,
        jmx_error=failure,
        update_asset=workflows.running(files, workflows.UPDATE_ASSET) if is_wanted("workflow") else None,
        design=workflows.design(files, workflows.UPDATE_ASSET) if is_wanted("workflow") else None,
        training=_training(reader, wanted) if is_wanted("training") else None,
        left_out=wanted.left_out | (frozenset() if caller is not None else {"jmx"}),
    )


def _called(caller: WritingSession) -> tuple[jmx.Answer | None, str | None]:
    """What the MBean answers, or why it does not."""
    try:
        name = jmx.bean(caller)
        return (None, None) if name is None else (jmx.call(caller, name), None)
    except InstanceError as error:
        if error.rule in _LOST:
            raise
        return None, error.message


def _validator(reader: InstanceReader, runs: Pair) -> bool | None:
    kind = runs.provider.document.text(p.VALIDATOR_TYPE) if runs.provider else None
    return None if kind is None else validators.exists(reader.session, kind)


def _training(reader: InstanceReader, wanted: Look) -> Training | None:
    if wanted.training is None:
        return None
    folder = assets.read(reader.session, reader.files, wanted.training, wanted.watch)
    model = workflows.training_model(reader.files)
    runs = () if model is None else tuple(workflows.instances(reader.files, model))
    return Training(folder, model, runs)
