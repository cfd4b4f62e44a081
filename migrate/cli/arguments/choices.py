"""What the options that choose may say."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """How what came of targets is printed; jsonl is a line for each target while they are worked on."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"


class PlanFormat(StrEnum):
    """How a plan is printed."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"
    GITHUB = "github"
    SARIF = "sarif"


class ReportFormat(StrEnum):
    """How a single answer is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class Color(StrEnum):
    """When colours are used."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Prefer(StrEnum):
    """Which file wins when the dotted and the hyphened one both stand."""

    OLD = "old"
    NEW = "new"


class Values(StrEnum):
    """Whose values count where a file and what runs of it differ."""

    FILE = "file"
    LIVE = "live"


class Form(StrEnum):
    """The three forms of a configuration."""

    CONFIG = "config"
    CFG_JSON = "cfg.json"
    XML = "xml"


class Platform(StrEnum):
    """Which AEM is meant."""

    AEM65 = "aem65"
    AEM65_LTS = "aem65-lts"
    CLOUD = "cloud"
    ANY = "any"


class Restarted(StrEnum):
    """What is restarted on an instance after the swap."""

    BUNDLE = "bundle"


class Eol(StrEnum):
    """Line ends."""

    KEEP = "keep"
    LF = "lf"
    CRLF = "crlf"


class LintFormat(StrEnum):
    """How hazards are printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"


class Severity(StrEnum):
    """How bad a hazard must be to count."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class ShowFormat(StrEnum):
    """How values are printed, and what was converted."""

    TEXT = "text"
    JSON = "json"


class SandboxFormat(StrEnum):
    """How the addresses are printed."""

    TEXT = "text"
    JSON = "json"
