"""What a check looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from grammar.documents import Document
from grammar.platforms import DEFAULT, Platform

if TYPE_CHECKING:
    from migrate.lint.schema import Schema


class Subject(NamedTuple):
    """One configuration.

    Attributes:
        path: its file as the user would name it; ``-`` for standard input.
        node: the name that the installer makes the PID of; empty where there is none.
        document: what the readers load.
        platform: which AEM is meant.
        schema: what services say about their configurations; None when nobody gave it.
    """

    path: str
    node: str
    document: Document
    platform: Platform = DEFAULT
    schema: Schema | None = None
