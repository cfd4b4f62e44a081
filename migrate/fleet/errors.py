"""What can go wrong with what a fleet is described by."""

from __future__ import annotations

from migrate.errors import MigrateError


class FleetError(MigrateError):
    """A fleet file that cannot be used; the message names the file and the key."""


class RecordError(MigrateError):
    """The record of a run over many targets that cannot be read."""
