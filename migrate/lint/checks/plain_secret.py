"""A secret that stands in a file as it is: whoever reads the repository has it.

`migrate.masking.clear` knows what is one. Adobe: "Encryption Support for Configuration Properties" (AEM 6.5), secret
environment variables (Cloud Service).
"""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint.checks import Check, Subject
from migrate.lint.rule import INFO
from migrate.masking.clear import stands_in_clear
from migrate.masking.names import name_a_secret

_CRYPTO = "Write what /system/console/crypto makes of it; and change it, since it was readable"
_FIX = {
    "aem65": _CRYPTO,
    "aem65-lts": _CRYPTO,
    "cloud": "Write $[secret:NAME], and set that variable; and change the secret, since it was readable",
    "": "On AEM 6.5 write what /system/console/crypto makes of it, on the Cloud $[secret:NAME]; then change it",
}
"""By the AEM that is meant, where that was said."""


def _of_one(subject: Subject) -> Iterator[Hazard]:
    if not name_a_secret(subject.document.names):
        return
    for found in subject.document.properties:
        if stands_in_clear(found.name, found.value):
            yield Hazard(
                "",
                found.line,
                found.column,
                "a secret in clear: everybody who can read this file has it",
                _FIX[""] if subject.platform.is_assumed else _FIX.get(subject.platform.id, _FIX[""]),
            )


CHECK = Check(INFO, "a secret in clear", of_one=_of_one, security="7.5")
