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
        keys: what other tools call it, as ``Cloud Manager: DuplicateOsgiConfigurations``.
        security: how bad it is for security, from 0.1 to 10; empty when it is no matter of it.
    """

    id: str
    severity: str
    title: str
    keys: tuple[str, ...] = ()
    security: str = ""


SEVERITIES = (ERROR, WARNING, INFO)
"""The worst first."""


def is_at_least(severity: str, bound: str) -> bool:
    """Whether a hazard is as bad as a bound, or worse."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(bound)
