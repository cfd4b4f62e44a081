"""A lint report as SARIF 2.1.0 (OASIS), which code scanning services read."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from urllib.parse import quote

from migrate import __version__
from migrate.lint.check import Hazard
from migrate.lint.rules import ERROR, INFO, RULES, WARNING
from migrate.lint.run import Report
from migrate.terminal import printable
from migrate.texts import loads

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {ERROR: "error", WARNING: "warning", INFO: "note"}
_MEANING = {
    ERROR: "AEM loses a property or the whole configuration",
    WARNING: "AEM loads another value than the text suggests",
    INFO: "Worth knowing, and no hazard by itself",
}


def to_json(report: Report) -> dict[str, object]:
    """The log of one run; its rules are those that were met."""
    met = sorted({hazard.rule for hazard in report.hazards})
    seen: Counter[tuple[str, str, str]] = Counter()
    run = {
        "tool": {"driver": {"name": "slingshift", "version": __version__, "rules": [_rule(r) for r in met]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": [_result(hazard, met.index(hazard.rule), seen) for hazard in report.hazards],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(name: str) -> dict[str, object]:
    rule = RULES[name]
    title = rule.title[0].upper() + rule.title[1:]
    page = f"docs/rules/{name}.md"
    help_text = (
        f"{title}. {_MEANING[rule.severity]}. How to write it: {page} in the documentation of slingshift."
    )
    return {
        "id": name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": f"{title}. {_MEANING[rule.severity]}."},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _invocation(report: Report) -> dict[str, object]:
    """Whether everything could be read, and what could not."""
    notes = [{"level": "error", "message": {"text": printable(problem)}} for problem in report.problems]
    return {"executionSuccessful": not notes, "toolExecutionNotifications": notes}


def _result(hazard: Hazard, index: int, seen: Counter[tuple[str, str, str]]) -> dict[str, object]:
    shown = f" ({'; '.join(loads.text(hazard.loads))})" if hazard.loads else ""
    uri = _uri(hazard.path)
    alike = (uri, hazard.rule, hazard.message)
    seen[alike] += 1
    location = {
        "artifactLocation": {"uri": uri},
        "region": {"startLine": hazard.line, "startColumn": hazard.column},
    }
    return {
        "ruleId": hazard.rule,
        "ruleIndex": index,
        "level": _LEVELS[hazard.severity],
        "message": {"text": printable(hazard.message) + shown},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"slingshift/v1": _fingerprint(*alike, seen[alike])},
    }


def _uri(path: str) -> str:
    """A reference that is relative to where the command runs: a service looks for the file in its checkout."""
    relative = os.path.relpath(path) if os.path.isabs(path) else os.path.normpath(path)
    return quote(relative.replace(os.sep, "/"), errors="surrogateescape")


def _fingerprint(*parts: object) -> str:
    """The same for the same hazard when lines move: of the file, the rule, the message, and which of several alike."""
    text = "\0".join(map(str, parts))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
