"""A plan as JSON, Markdown and text; secrets are masked in all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from grammar.values import Value
from migrate.integration.configuration import node_key, split_key
from migrate.integration.edits import Create, Delete, Edit, RemoveProperty, Rename, SetProperty
from migrate.integration.findings import Finding
from migrate.masking.names import is_secret, shown
from migrate.plans.target_plan import Plan, TargetPlan
from migrate.terminal import in_code_cell, printable

if TYPE_CHECKING:
    from migrate.plans.instance.steps import InstancePlan

VERSION = 1


def to_json(plan: Plan) -> dict[str, object]:
    """The plan in the shape of docs/schema/plan.schema.json."""
    return {
        "version": VERSION,
        "targets": [target_json(target) for target in plan.targets],
        "summary": summary(plan),
    }


def dumps(value: object) -> str:
    """JSON for people and pipes: indented, pure ASCII so that no text can disturb a terminal."""
    import json

    return json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False)


def summary(plan: Plan) -> dict[str, int]:
    """Counts: files with edits, edits of each kind, refusals, findings."""
    kinds = Counter(edit.action for edit in plan.edits)
    return {
        "targets": len(plan.targets),
        "files": sum(len(target.changes) for target in plan.targets),
        "edits": len(plan.edits),
        **{action: kinds.get(action, 0) for action in ("set", "remove", "rename", "delete", "create")},
        "refusals": len(plan.refusals),
        "findings": len(plan.findings),
    }


def summary_line(plan: Plan) -> str:
    """One line, as the command prints it."""
    counts = summary(plan)
    words = {"set": "set", "remove": "removed", "rename": "renamed", "delete": "deleted", "create": "created"}
    done = ", ".join(f"{counts[kind]} {word}" for kind, word in words.items() if counts[kind])
    heads = [f"{_many(counts['files'], 'file')} to change: {done}"] if counts["edits"] else []
    if orphans := sum(len(target.instance.orphans) for target in plan.targets if target.instance):
        heads.append(f"{_many(orphans, 'old instance')} to delete in the console")
    head = ", ".join(heads) or "nothing to change"
    refused = f"; {counts['refusals']} refused" if counts["refusals"] else ""
    return f"{head}{refused}"


def instance_lines(target: TargetPlan) -> list[str]:
    """What will be done on a running instance, line by line; each begins as `git apply` passes over it."""
    if target.instance is None or target.instance.is_empty:
        return []
    build = (
        f"factory configuration {target.instance.version}" if target.instance.version else "build not known"
    )
    head = f"on {target.name} ({build}):"
    return [f"# {printable(line)}" for line in (head, *(f"  {line}" for line in target.instance.lines()))]


def to_markdown(plan: Plan, diffs: Sequence[str], general: Sequence[Finding] = ()) -> str:
    """The plan for a pull request or a ticket.

    Args:
        general: the findings that concern no target.
    """
    parts = [f"# Migration plan\n\n{summary_line(plan)}.\n"]
    if general:
        parts.append("".join(_finding(finding) for finding in general))
    for target, diff in zip(plan.targets, diffs, strict=True):
        parts.append(f"## {printable(target.name)}\n")
        rows = [_row(target, edit) for edit in target.edits]
        if rows:
            parts.append(
                "| file | pass | action | property | before | after |\n|---|---|---|---|---|---|\n"
                + "\n".join(rows)
                + "\n"
            )
        if target.refusals:
            lines = [
                f"- {_cell(target.target.opened(target.target.shown(r.key)))}: {printable(r.message)} (`{r.rule}`)"
                for r in target.refusals
            ]
            parts.append("### Refused\n\n" + "\n".join(lines) + "\n")
        if target.findings:
            parts.append("### Findings\n\n" + "".join(map(_finding, target.findings)))
        if lines := instance_lines(target):
            parts.append(
                "### On the instance\n\n```\n" + "".join(f"{line[2:]}\n" for line in lines) + "```\n"
            )
        if diff:
            fence = "`" * max(3, _longest_run(diff) + 1)
            parts.append(f"{fence}diff\n{diff}{fence}\n")
    return "\n".join(parts)


def _finding(finding: Finding) -> str:
    return f"- {printable(str(finding))} (`{finding.id}`)\n"


def edit_to_json(target: TargetPlan, edit: Edit) -> dict[str, object]:
    """One edit in the shape of the schema."""
    path, node = split_key(edit.key)
    row: dict[str, object] = {
        "path": target.target.shown(path),
        "pass": edit.made_by,
        "action": edit.action,
        "property": None,
        "type": None,
        "before": None,
        "after": None,
        "secret": False,
        "to": None,
    }
    if node:
        row["node"] = node
    if isinstance(edit, SetProperty | RemoveProperty):
        after = edit.after if isinstance(edit, SetProperty) else None
        row["property"] = edit.name
        row["type"] = (after or edit.before or Value.string("")).type_name
        row["before"] = shown(edit.before, secret=edit.secret, side="before")
        row["after"] = shown(after, secret=edit.secret, side="after")
        row["secret"] = edit.secret
    elif isinstance(edit, Rename):
        moved = [o.moved_to for o in target.changes if o.path == edit.key and o.moved_to]
        row["to"] = target.target.shown(
            moved[0] if moved else node_key(path, edit.label) if node else edit.label
        )
    elif isinstance(edit, Delete):
        row["reason"] = edit.reason
    elif isinstance(edit, Create):
        row["properties"] = [
            {
                "name": name,
                "type": value.type_name,
                "value": shown(value, secret=is_secret(name), side="after"),
            }
            for name, value in edit.values
        ]
    return row


def target_json(target: TargetPlan) -> dict[str, object]:
    """One target in the shape of the schema."""
    return {
        "target": target.name,
        "edits": [edit_to_json(target, edit) for edit in target.edits],
        "refusals": [
            {"path": target.target.shown(r.key), "rule": r.rule, "message": r.message}
            for r in target.refusals
        ],
        "findings": [finding.to_json() for finding in target.findings],
        **({"instance": _instance(target.instance)} if target.instance is not None else {}),
    }


def _instance(steps: InstancePlan) -> dict[str, object]:
    return {
        "factoryConfiguration": steps.version,
        "console": "open" if steps.closed is None else "closed",
        "steps": steps.to_json(),
    }


def _row(target: TargetPlan, edit: Edit) -> str:
    row = edit_to_json(target, edit)
    before, after = row["before"], row["after"]
    if isinstance(edit, Rename):
        before, after = (str(path).rpartition("/")[2] for path in (row["path"], row["to"]))
    cells = (row["path"], row["pass"], row["action"], row["property"], before, after)
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(value: object) -> str:
    if value is None:
        return ""
    # An empty text would be a code span without content, which is none: JSON has quotes around it.
    if isinstance(value, str) and value:
        return in_code_cell(value)
    import json

    return in_code_cell(json.dumps(value))


def _longest_run(text: str) -> int:
    longest = run = 0
    for char in text:
        run = run + 1 if char == "`" else 0
        longest = max(longest, run)
    return longest


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
