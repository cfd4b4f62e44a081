"""Points 6 and 7: a token for the values that run, and AEM's own word for its configurations."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.plans.validation.checks import Check, Verdict
from migrate.plans.validation.seen import Seen
from migrate.terminal import stranger

_OUTCOMES = {
    "granted": ("token-granted", Verdict.RIGHT),
    "refused": ("token-refused", Verdict.WRONG),
    "impossible": ("token-impossible", Verdict.WRONG),
    "unreachable": ("token-unreachable", Verdict.UNCLEAR),
    "not asked": ("token-not-asked", Verdict.SKIPPED),
}


def token(seen: Seen) -> Iterator[Check]:
    """What IMS said."""
    if seen.token is not None:
        rule, verdict = _OUTCOMES[seen.token.outcome]
        yield Check("token", rule, verdict, seen.token.message, seen.token.fix)


def jmx(seen: Seen) -> Iterator[Check]:
    """What validateConfigs() said, row by row."""
    if seen.jmx_error is not None:
        yield Check("jmx", "jmx-fails", Verdict.WRONG, f"validateConfigs() did not answer: {seen.jmx_error}")
        return
    if seen.jmx is None:
        message = "no MBean similaritysearch is registered, so AEM cannot be asked for its own word"
        fix = "Check that the bundle of the similarity search is active"
        yield Check("jmx", "jmx-missing", Verdict.WRONG, message, fix)
        return
    for row in seen.jmx.rows:
        cells = "; ".join(f"{stranger(head)}: {stranger(text)}" for head, text in row.cells.items() if text)
        rule, verdict = ("jmx-passed", Verdict.RIGHT) if row.passed else ("jmx-failed", Verdict.WRONG)
        yield Check("jmx", rule, verdict, f"validateConfigs(): {cells}", path=seen.jmx.bean)
    if not seen.jmx.rows:
        message = f'validateConfigs() answers in a form that is not known: "{stranger(seen.jmx.raw)}"'
        fix = "Read the answer; --format json has all of it"
        yield Check("jmx", "jmx-unknown-form", Verdict.UNCLEAR, message, fix, seen.jmx.bean)
