"""What `--schema` names, whichever it is."""

from __future__ import annotations

import os
from collections.abc import Iterable

from migrate.lint.schema import Schema, SchemaError
from migrate.lint.schemas import bundles, features

MOST_BYTES = 64 * 1024 * 1024
"""A feature of the SDK has 5 MB; a larger file is none."""


def load(paths: Iterable[str]) -> Schema:
    """The schema of some files, later ones before earlier ones.

    Raises:
        SchemaError: a file is neither a bundle nor a feature, or cannot be read; one line.
    """
    schema = Schema()
    for path in paths:
        try:
            if os.path.getsize(path) > MOST_BYTES:
                raise SchemaError(f"{path}: too large for a bundle or a feature")
            with open(path, "rb") as stream:
                is_archive = stream.read(2) == b"PK"
            bundles.add(path, schema) if is_archive else features.add(path, schema)
        except OSError as error:
            raise SchemaError(f"{path}: {error.strerror}") from None
    return schema
