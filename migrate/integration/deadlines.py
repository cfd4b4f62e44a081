"""The end of Adobe's Service Account (JWT) credentials, as dates.

Source: AdobeDocs/adobe-dev-console, ServerToServerAuthentication/migration.md and its history: the first
announcement named January 2025, which was moved twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Deadline:
    """One date and what happened, or happens, on it."""

    day: date
    what: str


NO_NEW_CREDENTIALS = Deadline(date(2024, 6, 3), "no new JWT credential can be made")
NO_NEW_CERTIFICATES = Deadline(date(2025, 6, 30), "the certificate of a JWT credential cannot be renewed")
END = Deadline(
    date(2026, 3, 1), "Adobe converts what is left of the JWT credentials to OAuth Server-to-Server"
)

ALL = (NO_NEW_CREDENTIALS, NO_NEW_CERTIFICATES, END)


def last_day(certificate_end: date | None) -> date:
    """The day from which a JWT credential is dead: its certificate's end, but never after :data:`END`."""
    return END.day if certificate_end is None else min(certificate_end, END.day)


def verdict(certificate_end: date | None, today: date) -> str:
    """One sentence on a JWT credential whose newest certificate ends on `certificate_end`."""
    if today >= END.day:
        return (
            f"JWT credentials ended on {END.day.isoformat()}, whatever the certificate says: "
            "only OAuth Server-to-Server works"
        )
    dead = last_day(certificate_end)
    if today >= dead:
        return (
            f"the certificate ended on {dead.isoformat()} and, since {NO_NEW_CERTIFICATES.day.isoformat()}, "
            "cannot be renewed: move to OAuth Server-to-Server now"
        )
    days = (dead - today).days
    return f"this JWT credential stops on {dead.isoformat()}, in {days} day{'' if days == 1 else 's'}"
