"""The option that says which of the three forms of a configuration is meant."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Form(StrEnum):
    """The three forms of a configuration."""

    CONFIG = "config"
    CFG_JSON = "cfg.json"
    XML = "xml"


FormOption = Annotated[
    Form | None,
    typer.Option("--form", help="Form of standard input (config by default) and of files with other names."),
]
