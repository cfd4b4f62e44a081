"""What is wrong with a command line."""

from __future__ import annotations

from migrate.errors import MigrateError


class UsageError(MigrateError):
    """Options that make no sense; one line."""
