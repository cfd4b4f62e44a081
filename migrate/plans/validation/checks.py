"""One thing that was looked at, and what came of it."""

from __future__ import annotations

import enum
from typing import NamedTuple


class Verdict(enum.Enum):
    """What came of it.

    `UNCLEAR` was to be checked and could not be judged, so nobody may call it right; `SKIPPED` was not to be checked,
    or does not concern this instance; `NOTE` is worth knowing and neither right nor wrong.
    """

    RIGHT = "right"
    WRONG = "wrong"
    UNCLEAR = "unclear"
    NOTE = "note"
    SKIPPED = "skipped"


POINTS = (
    "versions",
    "live",
    "validator",
    "cloud-service",
    "key-store",
    "token",
    "jmx",
    "workflow",
    "training",
)
"""The points of docs/validate.md, in their order."""


class Check(NamedTuple):
    """One thing that was looked at.

    Attributes:
        point: which of POINTS it belongs to.
        id: stable (docs/validate.md).
        verdict: what came of it.
        message: what was seen and why it matters, one line; never a secret.
        fix: how to put it right; empty when there is nothing to do.
        path: the PID, file or node that it is about, when there is one.
    """

    point: str
    id: str
    verdict: Verdict
    message: str
    fix: str = ""
    path: str | None = None

    @property
    def is_right(self) -> bool:
        """Whether it does not keep the whole from being right."""
        return self.verdict not in (Verdict.WRONG, Verdict.UNCLEAR)

    def to_json(self) -> dict[str, object]:
        return {
            "point": self.point,
            "id": self.id,
            "verdict": self.verdict.value,
            "message": self.message,
            "fix": self.fix,
            "path": self.path,
        }
