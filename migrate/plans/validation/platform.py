"""Points 1 and 3: what the instance runs on, Adobe's way for it, and the token validator."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.integration import properties as p
from migrate.integration.settings import Settings
from migrate.plans.validation.checks import Check, Verdict
from migrate.plans.validation.running import pair
from migrate.plans.validation.seen import Seen
from migrate.targets.instance.versions import Way, way

_IMS_CORE = "ims.core"
_NEW_FLOW = (1, 1, 26)
"""Of adobeims.core: the build that service pack 21 brings, with the user interface for IMS configurations."""


def versions(seen: Seen) -> Iterator[Check]:
    """Whether this AEM can do it, and what Adobe says how."""
    found = seen.versions
    known = way(found.product)
    core = next((version for name, version in found.bundles.items() if name.endswith(_IMS_CORE)), None)
    product = f"AEM {found.product}" if found.product else "AEM"
    if not found.is_settled:
        message = "not all bundles have started, so what runs may be another thing in a moment"
        yield Check("versions", "bundles-not-started", Verdict.WRONG, message, "Look at the bundles' page")
    if known.id == "none":
        yield Check("versions", "service-pack-old", Verdict.WRONG, known.message, "Update AEM")
    elif known.id == "unknown":
        yield _by_core(known, core)
    elif core is not None and known.id == "ui" and _numbers(core) < _NEW_FLOW:
        message = f"{product} has adobeims.core {core}, older than the 1.1.26 of its service pack"
        yield Check("versions", "ims-core-old", Verdict.WRONG, message, "Install the service pack again")
    else:
        told = f"; adobeims.core {core}" if core else ""
        yield Check("versions", "way", Verdict.NOTE, f"{known.message}{told}")


def _by_core(known: Way, core: str | None) -> Check:
    if core is None:
        message = f"{known.message}, and no adobeims.core is installed"
        return Check("versions", "version-unknown", Verdict.NOTE, message, "Check the service pack")
    is_new = _numbers(core) >= _NEW_FLOW
    meaning = "that of service pack 21 and later" if is_new else "that of a service pack before 21"
    return Check(
        "versions", "version-unknown", Verdict.NOTE, f"{known.message}; adobeims.core {core}, {meaning}"
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def validator(seen: Seen, settings: Settings) -> Iterator[Check]:
    """Whether the provider's validator is there."""
    provider = pair(seen.standing, settings).provider
    kind = provider.document.text(p.VALIDATOR_TYPE) if provider else None
    if kind is None:
        message = f"there is no {p.VALIDATOR_TYPE} to look for"
        yield Check("validator", "validator-none", Verdict.SKIPPED, message)
    elif seen.validator is None:
        message = f"whether a validator has the type {kind} cannot be seen"
        fix = "Look for the type on /system/console/services"
        yield Check("validator", "validator-unknown", Verdict.UNCLEAR, message, fix)
    elif seen.validator:
        yield Check("validator", "validator-there", Verdict.RIGHT, f"a validator has the type {kind}")
    else:
        message = (
            f"no validator has the type {kind} that the provider names, so AEM may take no token for good"
        )
        fix = "Check that adobeims.core and the compatibility package are installed and active"
        yield Check("validator", "validator-missing", Verdict.WRONG, message, fix)
