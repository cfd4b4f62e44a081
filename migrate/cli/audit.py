"""`slingshift audit verify`: whether the audit log is as it was written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from migrate.cli import console, exits
from migrate.cli.arguments import options
from migrate.cli.arguments.choices import ShowFormat
from migrate.cli.arguments.declaring import argument, option

Words = Annotated[
    list[str], argument("verify [FILE]", "verify, then the log; by default $SLINGSHIFT_AUDIT_LOG.")
]
Head = Annotated[str | None, option("--head HASH", "A hash that was kept elsewhere and must be in the log.")]


def audit(
    words: Words,
    head: Head = None,
    output: options.ShowFormatOption = ShowFormat.TEXT,
) -> None:
    """Prove that nobody has changed the audit log: every line holds the hash of the one before.

    Exit code 0: it is as it was written. 4: it is not, and the first wrong line is named, or it cannot be read.
    """
    import json

    from migrate.runs import audit as auditing

    action, *files = words
    if action != "verify" or len(files) > 1:
        console.fail("audit verify [FILE] is all that there is")
    name = files[0] if files else os.environ.get(auditing.VARIABLE)
    if not name:
        console.fail(f"name the log, or set {auditing.VARIABLE}")
    try:
        found = auditing.verify(Path(name), head)
    except OSError as error:
        console.fail(f"{name}: {error.strerror}", exits.CONFLICT)
    if output is ShowFormat.JSON:
        console.result(json.dumps({"version": 1, "log": name, **found._asdict()}))
    else:
        parts = f", and {found.parts} that killed processes left unfinished" if found.parts else ""
        console.result(
            f"{name}: {found.entries} entries, as they were written{parts}; the last has the hash {found.head}"
        )
