"""A lint report as SARIF 2.1.0 (OASIS), which code scanning services read."""

from __future__ import annotations

from urllib.parse import quote

from migrate import __version__
from migrate.lint import loads
from migrate.lint.check import Hazard
from migrate.lint.rules import ERROR, INFO, RULES, WARNING
from migrate.lint.run import Report

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {ERROR: "error", WARNING: "warning", INFO: "note"}


def to_json(report: Report) -> dict[str, object]:
    """The log of one run; its rules are those that were met."""
    met = sorted({hazard.rule for hazard in report.hazards})
    driver = {
        "name": "slingshift",
        "version": __version__,
        "rules": [_rule(name) for name in met],
    }
    results = [_result(hazard, met.index(hazard.rule)) for hazard in report.hazards]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(name: str) -> dict[str, object]:
    rule = RULES.get(name)
    title, severity = (rule.title, rule.severity) if rule else (name, ERROR)
    return {
        "id": name,
        "shortDescription": {"text": title},
        "defaultConfiguration": {"level": _LEVELS[severity]},
    }


def _result(hazard: Hazard, index: int) -> dict[str, object]:
    shown = f" ({'; '.join(loads.text(hazard.loads))})" if hazard.loads else ""
    location = {
        "artifactLocation": {"uri": quote(hazard.path, errors="surrogateescape")},
        "region": {"startLine": hazard.line, "startColumn": hazard.column},
    }
    return {
        "ruleId": hazard.rule,
        "ruleIndex": index,
        "level": _LEVELS[hazard.severity],
        "message": {"text": hazard.message + shown},
        "locations": [{"physicalLocation": location}],
    }
