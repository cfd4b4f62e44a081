"""What the options that say how to reach instances hold."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class AccessOptions(NamedTuple):
    """What the command line says, before anything is read. Attributes are named as the options."""

    user: str | None = None
    password_env: str | None = None
    password_file: str | None = None
    password_command: str | None = None
    ca_bundle: Path | None = None
    fingerprint: str | None = None
    allow_http: bool = False
    proxy: str | None = None
    timeout: float = 60.0


FIELDS = AccessOptions._fields
"""The names of all options of an access."""
