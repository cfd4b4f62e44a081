"""A lint report as SARIF 2.1.0 (OASIS), which code scanning services read."""

from __future__ import annotations

from collections.abc import Sequence

from migrate import __version__, remarks
from migrate.lint.check import Hazard
from migrate.lint.rule import ERROR, INFO, SEVERITIES, WARNING, Rule
from migrate.lint.rules import RULES
from migrate.lint.run import Report
from migrate.remarks import LEVELS, Annotation

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
    left_out = len(report.hazards) - len(shown)
    return remarks.sarif(
        [_annotation(hazard) for hazard in shown],
        {rule: _rule(rule) for rule in {hazard.rule for hazard in shown}},
        report.problems,
        __version__,
        f"{left_out} of {len(report.hazards)} hazards are left out, the mildest; a baseline makes room"
        if left_out
        else "",
    )


def _annotation(hazard: Hazard) -> Annotation:
    more = f" ({'; '.join(hazard.notes)})" if hazard.notes else ""
    return Annotation(
        hazard.rule, hazard.severity, hazard.message, hazard.path, hazard.line, hazard.column, more
    )


def _rule(name: str) -> dict[str, object]:
    rule = RULES[name]
    title = rule.title[0].upper() + rule.title[1:]
    page = f"docs/rules/{name}.md"
    help_text = (
        f"{title}. {_MEANING[rule.severity]}. How to write it: {page} in the documentation of slingshift."
    )
    return {
        "shortDescription": {"text": title},
        "fullDescription": {"text": f"{title}. {_MEANING[rule.severity]}."},
        "help": {"text": help_text, "markdown": _markdown(rule, title)},
        "helpUri": _BACKGROUND.get(name.partition("-")[0], _BACKGROUND[""]),
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
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
