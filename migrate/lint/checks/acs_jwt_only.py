"""ACS AEM Commons' Adobe I/O integration, which knows the JWT exchange only.

Source: ``IntegrationServiceImpl`` of ACS AEM Commons, as of 2026-06; Adobe's JWT credentials ended on 2026-03-01.
"""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint.checks import Check, Subject
from migrate.lint.rule import WARNING

_PID = "com.adobe.acs.commons.adobeio.service.impl.IntegrationServiceImpl"
_JWT = ("privateKey", "techAccountId", "adobeLoginClaimKey")


def _of_one(subject: Subject) -> Iterator[Hazard]:
    document = subject.document
    found = next(
        (one for name in _JWT if (one := document.get(name)) is not None and any(one.value.items)), None
    )
    if found is not None:
        message = (
            "ACS AEM Commons asks for tokens with a JWT here; Adobe's JWT credentials ended on 2026-03-01"
        )
        fix = "Use a client of your own with OAuth Server-to-Server; ACS AEM Commons had none by 2026-06"
        yield Hazard("", found.line, found.column, message, fix)


CHECK = Check(WARNING, "an integration that knows JWT only", of_one=_of_one, pid=_PID)
