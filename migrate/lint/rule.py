"""What a rule of lint is."""

from __future__ import annotations

from typing import NamedTuple

ERROR = "error"
WARNING = "warning"
INFO = "info"


class Rule(NamedTuple):
    """A kind of hazard.

    Attributes:
        id: what users select, ignore and look up.
        severity: ``error``: AEM loses a property or the file; ``warning``: AEM loads another value than it
            looks; ``info``: worth knowing, and no hazard by itself.
        title: what the rule is about, in a few words.
    """

    id: str
    severity: str
    title: str
