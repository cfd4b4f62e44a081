"""The key store of the service user that asked for tokens in the JWT days."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from migrate.integration.profile import SERVICE_USER
from migrate.targets.instance import dav
from migrate.targets.instance.errors import InstanceError, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrate.targets.instance.session import Session

_FOLDER = f"/home/users/system/dam/{SERVICE_USER}"
_FIND = f"SELECT [jcr:path] FROM [rep:Authorizable] WHERE [rep:authorizableId] = '{SERVICE_USER}'"
_DATES = ("%a %b %d %H:%M:%S %Z %Y", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z")
"""As Java prints a date, and as ISO 8601 has it."""


class Certificate(NamedTuple):
    """A certificate of the key store.

    Attributes:
        alias: of the key that it belongs to.
        subject: whose it says it is.
        ends: when it ends; None where that cannot be read.
    """

    alias: str
    subject: str
    ends: datetime | None


def user_nodes(session: Session) -> list[str]:
    """Where the service user's node may be: found by its name, or where AEM makes it.

    Raises:
        InstanceError: the instance cannot be used.
    """
    return dav.search(session, _FIND) or [_FOLDER]


def read(session: Session) -> list[Certificate] | None:
    """The certificates of the service user's keys; None where no key store can be seen.

    Raises:
        InstanceError: the instance cannot be used.
    """
    for user in user_nodes(session):
        try:
            found = session.json(f"{user}.ks.json")
        except InstanceError as error:
            if error.rule not in (Rule.NOT_FOUND, Rule.FORBIDDEN, Rule.HTML, Rule.NOT_AS_EXPECTED):
                raise
            continue
        if isinstance(found, dict) and found.get("exists"):
            return list(_certificates(found.get("aliases")))
    return None


def _certificates(aliases: Any) -> Iterator[Certificate]:
    for entry in aliases if isinstance(aliases, list) else ():
        if not isinstance(entry, dict):
            continue
        for one in entry.get("chain") or ():
            if isinstance(one, dict):
                ends = date_of(str(one.get("notAfter", "")))
                yield Certificate(str(entry.get("alias", "")), str(one.get("subject", "")), ends)


def date_of(text: str) -> datetime | None:
    """A date as AEM tells it, in UTC; None for what is no date.

    >>> date_of("Sat Nov 28 12:00:00 UTC 2026")
    datetime.datetime(2026, 11, 28, 12, 0, tzinfo=datetime.timezone.utc)
    """
    for form in _DATES:
        try:
            found = datetime.strptime(text, form)
        except ValueError:
            continue
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return None
