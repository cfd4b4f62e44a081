"""What a command line, or a saved plan, says about a migration before anything is read."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Request(NamedTuple):
    """What the command line says about the migration, before anything is read.

    Attributes are named as the options.
    """

    credentials: str | None = None
    credential: str | None = None
    secret_index: int | None = None
    client_id: str | None = None
    org_id: str | None = None
    scope: str | None = None
    token_url: str | None = None
    client_secret_env: str | None = None
    client_secret_file: str | None = None
    profile: Path | None = None
    prefer: str | None = None
    pick: str | None = None
    create: str | None = None
    instance_name: str = "smart-tags"
    installer: str = "1.2.0"
