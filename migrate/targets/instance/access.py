"""Who asks an instance, and whom to trust on the way there: what the command line says, as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from grammar import patterns
from migrate.integration.secret import Secret

_FINGERPRINT = patterns.lazy(r"sha-?256[:=](.*)", re.IGNORECASE)
DEFAULT_TIMEOUT = 60.0
"""Seconds. A busy author takes some for the page of all configurations."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach instances. Prints without the password; pickles with it, for the processes that do the work.

    Attributes:
        user: None asks without credentials.
        password: None is an empty one.
        ca_bundle: PEM file of the authorities to trust instead of the system's.
        fingerprint: sha256 of the certificate to trust instead of any authority, 64 hexadecimal digits.
        allow_http: send the password in the clear to other machines than this one.
        proxy: URL, instead of the environment's.
        timeout: seconds for one request, from looking up the name to the last byte.
    """

    user: str | None = None
    password: Secret | None = None
    ca_bundle: Path | None = None
    fingerprint: str | None = None
    allow_http: bool = False
    proxy: str | None = None
    timeout: float = DEFAULT_TIMEOUT

    def __reduce__(self) -> tuple[object, ...]:
        password = None if self.password is None else self.password.reveal()
        rest = (self.ca_bundle, self.fingerprint, self.allow_http, self.proxy, self.timeout)
        return _restored, (self.user, password, *rest)


def _restored(user: str | None, password: str | None, *rest: object) -> Access:
    return Access(user, None if password is None else Secret(password), *rest)  # type: ignore[arg-type]


def fingerprint_of(text: str) -> str:
    """The digits of ``sha256:12:AB:...``, as browsers, keytool and openssl print them.

    Raises:
        ValueError: it is none; the message says how to write it.
    """
    found = _FINGERPRINT.fullmatch(text.strip())
    digits = (found[1] if found else "").replace(":", "").replace(" ", "").lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digits):
        raise ValueError(
            "not a fingerprint: write sha256: and 64 hexadecimal digits, as `openssl x509 -noout -fingerprint "
            "-sha256 -in CERTIFICATE` prints them"
        )
    return digits
