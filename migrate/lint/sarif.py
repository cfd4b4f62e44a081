"""A lint report as SARIF 2.1.0 (OASIS), which code scanning services read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from migrate import __version__, remarks
from migrate.lint.check import Hazard
from migrate.lint.rule import ERROR, INFO, SEVERITIES, WARNING, Rule
from migrate.lint.rules import RULES
from migrate.lint.run import Report
from migrate.terminal import printable

MOST_RESULTS = 5_000
"""More are not shown by any service, and some refuse the file."""
_BACKGROUND = {
    "json": "https://sling.apache.org/documentation/bundles/configuration-installer-factory.html",
    "xml": "https://jackrabbit.apache.org/filevault/docview.html",
    "": "https://experienceleague.adobe.com/docs/experience-manager-65/deploying/configuring/configuring-osgi.html",
}
"""Where the makers of the readers say what a configuration is, by the beginning of the rule's name."""
_MEANING = {
    ERROR: "AEM loses a property or the whole configuration",
    WARNING: "AEM does something else than the text suggests",
    INFO: "Worth knowing, and no hazard by itself",
}


def to_json(report: Report) -> dict[str, object]:
    """The log of one run; its rules are those that were met."""
    shown = _worst(report.hazards)
    met = sorted({hazard.rule for hazard in shown})
    seen: Counter[tuple[str, str, str]] = Counter()
    run = {
        "tool": {"driver": {"name": "slingshift", "version": __version__, "rules": [_rule(r) for r in met]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, len(report.hazards) - len(shown))],
        "results": [_result(hazard, met.index(hazard.rule), seen) for hazard in shown],
    }
    return {"$schema": remarks.SCHEMA, "version": "2.1.0", "runs": [run]}


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
        "help": {"text": help_text, "markdown": _markdown(rule, title)},
        "helpUri": _BACKGROUND.get(name.partition("-")[0], _BACKGROUND[""]),
        "defaultConfiguration": {"level": remarks.LEVELS[rule.severity]},
        "properties": {
            "tags": _tags(rule),
            **({"security-severity": rule.security} if rule.security else {}),
        },
    }


def _markdown(rule: Rule, title: str) -> str:
    known = "".join(f"\n- {key}" for key in rule.keys)
    return (
        f"**{title}.** {_MEANING[rule.severity]}.\n\n"
        f"`docs/rules/{rule.id}.md` of slingshift shows what is written, what AEM loads, and how to write it.\n\n"
        f"A comment lets one place pass: `slingshift: ignore {rule.id}`."
        + (f"\n\nKnown to others as:\n{known}" if known else "")
    )


def _tags(rule: Rule) -> list[str]:
    """What services filter by; ten of them are shown."""
    form = rule.id.partition("-")[0]
    kind = ["security"] if rule.security else ["correctness"]
    return ["aem", "osgi", *kind, *([form] if form in ("json", "xml") else []), *rule.keys]


def _worst(hazards: Sequence[Hazard]) -> Sequence[Hazard]:
    """As many hazards as a service takes, the mildest left out, in their order."""
    if len(hazards) <= MOST_RESULTS:
        return hazards
    ranked = sorted(range(len(hazards)), key=lambda at: SEVERITIES.index(hazards[at].severity))
    return [hazards[at] for at in sorted(ranked[:MOST_RESULTS])]


def _invocation(report: Report, left_out: int) -> dict[str, object]:
    """Whether everything could be read, and what could not."""
    notes = [{"level": "error", "message": {"text": printable(problem)}} for problem in report.problems]
    successful = not notes
    if left_out:
        text = f"{left_out} of {len(report.hazards)} hazards are left out, the mildest; a baseline makes room"
        notes.append({"level": "warning", "message": {"text": text}})
    return {"executionSuccessful": successful, "toolExecutionNotifications": notes}


def _result(hazard: Hazard, index: int, seen: Counter[tuple[str, str, str]]) -> dict[str, object]:
    shown = f" ({'; '.join(hazard.notes)})" if hazard.notes else ""
    uri = remarks.uri(hazard.path)
    alike = (uri, hazard.rule, hazard.message)
    seen[alike] += 1
    location = {
        "artifactLocation": {"uri": uri},
        "region": {"startLine": hazard.line, "startColumn": hazard.column},
    }
    return {
        "ruleId": hazard.rule,
        "ruleIndex": index,
        "level": remarks.LEVELS[hazard.severity],
        "message": {"text": printable(hazard.message) + shown},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"slingshift/v1": remarks.fingerprint(*alike, seen[alike])},
    }
