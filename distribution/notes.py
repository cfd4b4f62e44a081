"""The notes of a release: its part of CHANGELOG.md, `python -m distribution.notes v1.2.3`. Imports nothing of ours."""

from __future__ import annotations

import re
import sys
from pathlib import Path

_CHANGELOG = Path(__file__).parent.parent / "CHANGELOG.md"
_HEADING = re.compile(r"^## \[(?P<version>[^\]]+)\].*\n", re.MULTILINE)


def notes(changelog: str, version: str) -> str:
    """What the changelog says about a version.

    Args:
        version: as its heading has it, or a tag (`v1.2.3`).

    Raises:
        ValueError: it says nothing.
    """
    wanted = version.removeprefix("v")
    headings = list(_HEADING.finditer(changelog))
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        if heading["version"] == wanted:
            text = changelog[heading.end() : following.start() if following else None].strip()
            if text:
                return text + "\n"
    raise ValueError(f"CHANGELOG.md says nothing about {wanted}")


if __name__ == "__main__":
    try:
        sys.stdout.write(notes(_CHANGELOG.read_text("utf-8"), sys.argv[1]))
    except ValueError as error:
        sys.exit(str(error))
