"""What a killed run that kept no contents left: its record, and temporary files beside its targets.

Such a run needs no finishing, and cannot be taken back: each of its files is whole, the old one or the new one, and
whoever asked for it has the old contents elsewhere.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from migrate.runs import carrying, journal, locks
from migrate.runs.errors import ApplyError
from migrate.runs.state import RUNS


def sweep(state: Path) -> None:
    """Remove them. Never fails: what stays is tried again by the next run."""
    with contextlib.suppress(OSError, ApplyError):
        for run in journal.ids(state):
            with contextlib.suppress(OSError, ApplyError):
                if journal.mark_of(state / RUNS / run) != journal.APPLYING:
                    continue
                found = journal.load(state, run)
                if not found.record.contents and not locks.is_owned(found.folder / journal.LOCK):
                    carrying.clear(found)
                    journal.discard(found.folder)
