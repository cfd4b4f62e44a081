"""What goes wrong with an instance, in one line that says where to look."""

from __future__ import annotations


class BootError(Exception):
    """An instance could not be fetched, started or stopped."""
