"""A plan in short: a line for each file, and remarks beside the files for services that show them there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from migrate.fleet.outcomes import Outcome
from migrate.integration.configuration import split_key
from migrate.integration.edits import Delete, Edit, Rename, SetProperty
from migrate.integration.findings import Finding
from migrate.plans.planned import TargetPlan
from migrate.remarks import ERROR, INFO, LEVELS, WARNING, Annotation
from migrate.targets.changes import FileChange
from migrate.terminal import printable

PENDING = "pending"
FAILED = "failed"


def stat(plan: TargetPlan) -> list[tuple[str, str]]:
    """Each file that changes, by a path that opens, and what becomes of it."""
    return [(_opened(plan, change.path), _told(change, _edits_of(plan, change))) for change in plan.changes]


def stat_lines(plans: Iterable[TargetPlan], width: int | None = None) -> list[str]:
    """The files of all plans as two aligned columns.

    Args:
        width: of the terminal, where it is for one: what is done stands below its file then, where two columns are too
            wide.
    """
    rows = [(printable(path), printable(told)) for plan in plans for path, told in stat(plan)]
    longest = max((len(path) for path, _ in rows), default=0)
    if width is not None and any(longest + 3 + len(told) > width for _, told in rows):
        return [line for path, told in rows for line in (path, f"  {told}")]
    return [f"{path.ljust(longest)} | {told}" for path, told in rows]


def _opened(plan: TargetPlan, path: str) -> str:
    return plan.target.opened(plan.target.shown(path))


def _edits_of(plan: TargetPlan, change: FileChange) -> list[Edit]:
    return [edit for edit in plan.edits if split_key(edit.key)[0] == change.path or edit.key == change.path]


def _told(change: FileChange, edits: Sequence[Edit]) -> str:
    if change.before is None:
        return "created"
    if change.after is None:
        reason = next((edit.reason for edit in edits if isinstance(edit, Delete)), "")
        return f"deleted ({reason})" if reason else "deleted"
    kinds = Counter(edit.action for edit in edits)
    words = [f"{kinds[kind]} {word}" for kind, word in (("set", "set"), ("remove", "removed")) if kinds[kind]]
    if change.moved_to is not None:
        words.append(f"renamed to {change.moved_to.rpartition('/')[2]}")
    elif any(isinstance(edit, Rename) for edit in edits):
        words.append("renamed")
    return ", ".join(words) or "changed"


def remarks(outcomes: Sequence[Outcome], general: Iterable[Finding]) -> list[Annotation]:
    """What is pending, refused, failed and found, each where it stands."""
    # Services want a file for everything; what concerns the credential stands at the first target.
    first = next((outcome.target for outcome in outcomes), ".")
    found = [_of_finding(finding, finding.path or first) for finding in general]
    for outcome in outcomes:
        if outcome.error is not None:
            found.append(Annotation(FAILED, ERROR, _named(outcome), outcome.target))
        if outcome.plan is not None:
            found += _of_plan(outcome.plan)
    return list(dict.fromkeys(found))


def _named(outcome: Outcome) -> str:
    text = str(outcome.error)
    return text if outcome.name in text else f"{outcome.name}: {text}"


def _of_plan(plan: TargetPlan) -> Iterator[Annotation]:
    for change in plan.changes:
        edits = _edits_of(plan, change)
        message = f"to migrate: {_told(change, edits)}"
        yield Annotation(PENDING, WARNING, message, _opened(plan, change.path), _line(change, edits))
    for refusal in plan.refusals:
        yield Annotation(refusal.rule, ERROR, refusal.message, _opened(plan, split_key(refusal.key)[0]))
    for finding in plan.findings:
        yield _of_finding(finding, plan.target.opened(finding.path) if finding.path else plan.name)


def _line(change: FileChange, edits: Sequence[Edit]) -> int:
    """Of the first value that changes."""
    names = {edit.name for edit in edits if isinstance(edit, SetProperty)}
    properties = change.old.properties if change.old is not None else ()
    return min((found.line for found in properties if found.name in names), default=1)


def _of_finding(finding: Finding, path: str) -> Annotation:
    fix = f". {finding.fix}" if finding.fix else ""
    severity = finding.severity if finding.severity in (ERROR, WARNING, INFO) else INFO
    return Annotation(finding.id, severity, f"{finding.message}{fix}", path, finding.line or 1)


def rules(met: Iterable[Annotation]) -> dict[str, dict[str, object]]:
    """What SARIF says of each rule."""
    texts = {PENDING: "A file that is still to be migrated", FAILED: "A target that could not be planned"}
    text = "docs/findings.md in the documentation of slingshift tells of every finding and refusal."
    return {
        one.rule: {
            "shortDescription": {"text": texts.get(one.rule, one.rule.replace("-", " ").capitalize())},
            "help": {"text": text, "markdown": text},
            "defaultConfiguration": {"level": LEVELS[one.severity]},
        }
        for one in met
    }
