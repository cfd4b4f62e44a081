"""What a command line, or a saved plan, says about a migration before anything is read."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
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
    client_secret_command: str | None = None
    secret_placeholder: str | None = None
    profile: Path | None = None
    prefer: str | None = None
    pick: str | None = None
    create: str | None = None
    values: str | None = None
    instance_name: str = "smart-tags"
    installer: str | None = None
    no_ignore: bool = False
    platform: str | None = None

    def to_json(self) -> dict[str, object]:
        """As a saved plan holds it, without what that may not say."""
        return {
            field.name: str(value) if isinstance(value := getattr(self, field.name), Path) else value
            for field in dataclasses.fields(self)
            if field.name not in NEVER_SAVED
        }

    @classmethod
    def of_json(cls, data: Mapping[str, object]) -> Self:
        """From a saved plan, which anybody may have edited.

        Raises:
            ValueError: an unknown key, or a value of another type than the option's; the message names the key.
        """
        known = {field.name: field for field in dataclasses.fields(cls) if field.name not in NEVER_SAVED}
        values: dict[str, object] = {}
        for key, value in data.items():
            if key not in known:
                raise ValueError(key)
            wanted = _TYPES.get(key, str)
            may_be_missing = known[key].default is None
            # A bool is an int to Python, and a number opens a file descriptor where a path is asked for.
            if type(value) is not wanted and not (value is None and may_be_missing):
                raise ValueError(key)
            if isinstance(value, str) and not is_name(value):
                raise ValueError(key)
            values[key] = Path(value) if key == "profile" and isinstance(value, str) else value
        return cls(**values)  # type: ignore[arg-type]  # checked above, field by field


def is_name(text: str) -> bool:
    """Whether the system can have a file of this name; JSON can write halves of characters that it cannot."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False


_TYPES: dict[str, type] = {"secret_index": int, "no_ignore": bool}
"""Of the fields that hold no text."""

FIELDS = tuple(field.name for field in dataclasses.fields(Request))
"""The names of all options of a request."""

NEVER_SAVED = ("client_secret_command",)
"""A plan is data that may come from anybody: it does not say what is to be run."""

SECRET_FIELDS = ("client_secret_env", "client_secret_file", "client_secret_command", "credentials")
"""Options that only say where the secret is: another may be given with a saved plan."""
