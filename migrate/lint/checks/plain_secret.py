"""A secret that stands in a file as it is: whoever reads the repository has it.

What is no secret whatever its name says (a placeholder, a switch, what AEM's Crypto Support has encrypted, what an
instruction left to fill in) is silent. Adobe: "Encryption Support for Configuration Properties" (AEM 6.5), secret
environment variables (Cloud Service).
"""

from __future__ import annotations

from collections.abc import Iterator

from grammar import patterns, placeholders
from grammar.documents import Property
from grammar.hazards import Hazard
from migrate.lint.checks import Check, Subject
from migrate.lint.rule import INFO
from migrate.masking.names import hides, is_protected, name_a_secret

_CRYPTO = "Write what /system/console/crypto makes of it; and change it, since it was readable"
_FIX = {
    "aem65": _CRYPTO,
    "aem65-lts": _CRYPTO,
    "cloud": "Write $[secret:NAME], and set that variable; and change the secret, since it was readable",
    "": "On AEM 6.5 write what /system/console/crypto makes of it, on the Cloud $[secret:NAME]; then change it",
}
"""By the AEM that is meant, where that was said."""
_SHORTEST = 3
_NO_SECRETS = ("(", "/", "*")
"""How filters, paths and what somebody masked begin."""
_ABOUT = patterns.lazy(
    r".+(?:[a-z0-9._-](?:Field|Header|Label|Name|Param(?:eter)?|Placeholder|Prefix|Property|Ref|Region|Version)s?"
    r"|[._-](?:field|header|label|name|param(?:eter)?|placeholder|prefix|property|ref|region|version)s?)"
)
"""Names that say how something about a secret is called. Output masks their values all the same."""
_WORDS = frozenset({"none", "null", "default", "disabled", "anonymous", "n/a"})


def _of_one(subject: Subject) -> Iterator[Hazard]:
    if not name_a_secret(subject.document.names):
        return
    for found in subject.document.properties:
        if (
            hides(found.name, found.value)
            and not _ABOUT.fullmatch(found.name)
            and any(map(_is_written, _texts(found)))
        ):
            yield Hazard(
                "",
                found.line,
                found.column,
                "a secret in clear: everybody who can read this file has it",
                _FIX[""] if subject.platform.is_assumed else _FIX.get(subject.platform.id, _FIX[""]),
            )


def _texts(found: Property) -> Iterator[str]:
    """What may be a secret: a PIN may be a number."""
    return (str(item) for item in found.value.items if isinstance(item, str | int))


def _is_written(text: str) -> bool:
    return not (
        len(text.strip()) < _SHORTEST
        or text.strip().lower() in _WORDS
        or text.startswith(_NO_SECRETS)
        or is_protected(text)
        or placeholders.begins_in(text)
        or placeholders.is_gap(text)
    )


CHECK = Check(INFO, "a secret in clear", of_one=_of_one, security="7.5")
