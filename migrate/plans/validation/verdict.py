"""From what was seen to what is right and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from migrate.integration.settings import Settings
from migrate.plans.validation import platform, proofs, running, services, training, workflow
from migrate.plans.validation.checks import POINTS, Check, Verdict
from migrate.plans.validation.seen import Seen


def judge(seen: Seen, settings: Settings, now: datetime) -> tuple[Check, ...]:
    """Every check, in the order of the points.

    Args:
        settings: what is wanted; what it does not say only has to be there.
        now: to say what of a key's time is left.
    """
    points: dict[str, Callable[[], Iterable[Check]]] = {
        "versions": lambda: platform.versions(seen),
        "live": lambda: running.checks(seen, settings),
        "validator": lambda: platform.validator(seen, settings),
        "cloud-service": lambda: services.cloud_services(seen, settings),
        "key-store": lambda: services.keys(seen, settings, now),
        "token": lambda: proofs.token(seen),
        "jmx": lambda: proofs.jmx(seen),
        "workflow": lambda: workflow.checks(seen),
        "training": lambda: training.checks(seen),
    }
    return tuple(check for point in POINTS for check in _of_point(point, points[point], seen))


def _of_point(point: str, checks: Callable[[], Iterable[Check]], seen: Seen) -> Iterator[Check]:
    if point in seen.left_out:
        yield Check(point, "left-out", Verdict.SKIPPED, "left out")
    else:
        yield from checks()
