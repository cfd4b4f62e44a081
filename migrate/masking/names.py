"""What must not be shown: which properties hold secrets, and how they look in output."""

from __future__ import annotations

import re

from grammar.values import Value
from migrate.integration.properties import CLIENT_SECRET
from migrate.integration.secret import MASK

_SECRET_NAME = re.compile(r"secret(?!\w*\.type)|passw|passphrase|private\.?key|api\.?key")
_IN_URL = re.compile(r'(?i)((?:secret|passw\w*)\\?=)(?![\\"(\[*{])[^&\s"\\]+|(://)[^/@\s"]+(@)')
_PROTECTED = re.compile(r"\{[0-9a-fA-F]{32,}\}")


def is_secret(name: str) -> bool:
    """Whether a property's value is masked in plans and diffs. Rather one too many than one too few."""
    # Not re.IGNORECASE: over whole files it takes six times as long.
    return name == CLIENT_SECRET or bool(_SECRET_NAME.search(name.lower()))


def is_protected(text: str) -> bool:
    """Whether a value was encrypted with AEM's Crypto Support; only the instance that made it can read it."""
    return bool(_PROTECTED.fullmatch(text))


def masked(side: str = "") -> str:
    """The text that stands for a secret: ``"***"``, ``"***" (before)`` or ``"***" (after)``."""
    return f'"{MASK}" ({side})' if side else f'"{MASK}"'


def shown(value: Value | None, *, secret: bool, side: str) -> object:
    """A value for JSON: masked when it is secret, else as it is; None when there is none."""
    if value is None:
        return None
    if secret:
        return masked(side)
    told = value.to_json()
    return without_url_credentials(told) if isinstance(told, str) else told


def without_url_credentials(text: str) -> str:
    """The text with `***` for what stands before the `@` of a URL, and for secrets among its parameters."""
    return _IN_URL.sub(rf"\1\2{MASK}\3", text)
