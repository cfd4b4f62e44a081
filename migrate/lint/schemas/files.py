"""What `--schema` names, whichever it is."""

from __future__ import annotations

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
            # Not by its size: a pipe and a device have none.
            with open(path, "rb") as stream:
                data = stream.read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                raise SchemaError(f"{path}: too large for a bundle or a feature")
            bundles.add(path, schema) if data.startswith(b"PK") else features.add(path, data, schema)
        except OSError as error:
            raise SchemaError(f"{path}: {error.strerror}") from None
    return schema
