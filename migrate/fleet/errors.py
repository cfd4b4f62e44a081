"""What can go wrong with what a fleet is described by."""

from __future__ import annotations

from migrate.errors import MigrateError


class RecordError(MigrateError):
    """The record of a run over many targets that cannot be read."""
