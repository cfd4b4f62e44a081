"""The token validators that run: whom ``auth.token.validator.type`` of a provider may name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grammar import patterns
from migrate.integration.profile import PROVIDER
from migrate.integration.properties import VALIDATOR_TYPE
from migrate.targets.instance import live
from migrate.targets.instance.errors import InstanceError, Rule

if TYPE_CHECKING:
    from migrate.targets.instance.session import Session

SERVICES = "/system/console/status-Services.txt"
"""Every service with its properties; the page services.json takes no filter on the builds of AEM 6.5."""
_SERVICE = patterns.lazy(r"^Service \d+ - \[.*\] \(pid: (.*)\)$", re.MULTILINE)
_ABSENT = (Rule.CONSOLE_HIDDEN, Rule.CONSOLE_FORBIDDEN, Rule.HTML, Rule.NOT_AS_EXPECTED)


def exists(session: Session, kind: str) -> bool | None:
    """Whether something other than a provider has the type: a service, or a configuration; None where nothing tells.

    Raises:
        InstanceError: the instance cannot be used.
    """
    try:
        services = list(_services(session.page(SERVICES)))
    except InstanceError as error:
        if error.rule not in _ABSENT:
            raise
        services = []
    configured = live.page(session.page(live.PAGE)).items()
    types = [
        *(type_ for pid, type_ in services if not pid.startswith(PROVIDER)),
        *(one.get(VALIDATOR_TYPE) for pid, one in configured if not pid.startswith(PROVIDER)),
    ]
    if kind in types:
        return True
    return False if services else None


def _services(text: str) -> Iterator[tuple[str, str | None]]:
    """The PID of each service, and its validator type."""
    starts = list(_SERVICE.finditer(text))
    for number, found in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        told = re.search(rf"^ {{4}}{re.escape(VALIDATOR_TYPE)}: (.*)$", text[found.end() : end], re.MULTILINE)
        yield found[1], told[1].rstrip("\r") if told else None
