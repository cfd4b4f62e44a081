"""The token validators that run: whom ``auth.token.validator.type`` of a provider may name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrate.integration.profile import PROVIDER
from migrate.integration.properties import VALIDATOR_TYPE
from migrate.targets.instance import live
from migrate.targets.instance.errors import InstanceError, Rule

if TYPE_CHECKING:
    from migrate.targets.instance.session import Session

_SERVICES = "/system/console/services.json"
_SPECIAL = re.compile(r"[\\*()\x00]")


def exists(session: Session, kind: str) -> bool | None:
    """Whether something other than a provider has the type: a service, or a configuration; None where nothing tells.

    Raises:
        InstanceError: the instance cannot be used.
    """
    try:
        found = session.json(_SERVICES, query={"filter": f"({VALIDATOR_TYPE}={_escaped(kind)})"})
    except InstanceError as error:
        if error.rule not in (Rule.CONSOLE_HIDDEN, Rule.CONSOLE_FORBIDDEN, Rule.HTML, Rule.NOT_AS_EXPECTED):
            raise
        found = None
    data = found.get("data") if isinstance(found, dict) else None
    if isinstance(data, list) and any(_is_validator(one) for one in data):
        return True
    configured = live.page(session.page(live.PAGE))
    if any(
        values.get(VALIDATOR_TYPE) == kind and not pid.startswith(PROVIDER)
        for pid, values in configured.items()
    ):
        return True
    return False if isinstance(data, list) else None


def _is_validator(service: object) -> bool:
    return isinstance(service, dict) and not str(service.get("pid", "")).startswith(PROVIDER)


def _escaped(text: str) -> str:
    """A value as an LDAP filter takes it (RFC 1960)."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", text)
