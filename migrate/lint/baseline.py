"""What is known and let pass for now: hazards that stood there when the baseline was written.

A hazard is known again when lines move: by its file, its rule and its message, which holds no secret. Of several alike
in a file as many are let pass as there were.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from migrate.lint.check import Hazard
from migrate.lint.settings import SettingsError, read

VERSION = 1
_Key = tuple[str, str, str]


def dumps(hazards: Iterable[Hazard], path: Path) -> str:
    """The text of a baseline that stands at a path: one row a kind of hazard, sorted, so that it merges well."""
    counts = Counter(_key(hazard, path) for hazard in hazards)
    rows = [
        {"path": file, "rule": rule, "message": message, "count": count}
        for (file, rule, message), count in sorted(counts.items())
    ]
    return json.dumps({"version": VERSION, "hazards": rows}, indent=1, ensure_ascii=True) + "\n"


def load(path: Path) -> Counter[_Key]:
    """What a baseline lets pass.

    Raises:
        SettingsError: it cannot be read, or is none.
    """
    try:
        content = json.loads(read(path))
        if content["version"] != VERSION:
            raise SettingsError(f"{path}: a baseline of version {content['version']!r}; known is {VERSION}")
        return Counter(
            {(row["path"], row["rule"], row["message"]): int(row["count"]) for row in content["hazards"]}
        )
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}; --write-baseline makes it") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise SettingsError(f"{path}: no baseline; --write-baseline makes one") from None


def without_known(hazards: Iterable[Hazard], path: Path) -> tuple[list[Hazard], int]:
    """The hazards that a baseline does not hold, and how many of its own are there no more.

    Raises:
        SettingsError: the baseline cannot be read.
    """
    known, left = load(path), []
    for hazard in hazards:
        key = _key(hazard, path)
        if known[key] > 0:
            known[key] -= 1
        else:
            left.append(hazard)
    return left, sum(known.values())


def _key(hazard: Hazard, path: Path) -> _Key:
    """The file is named from where the baseline stands, so that it means the same from every folder."""
    relative = os.path.relpath(os.path.abspath(hazard.path), os.path.dirname(os.path.abspath(path)))
    return relative.encode("utf-8", "backslashreplace").decode(), hazard.rule, hazard.message
