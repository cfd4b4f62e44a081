"""A report, from its JSON, as headings, lines, tables and diffs: what HTML and Markdown have in common.

An earlier report may come from anywhere, so whatever it holds is only text, and what is not there is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from migrate.reports.evidence import given


class Heading(NamedTuple):
    """A heading; the title of a report has level 1."""

    level: int
    text: str


class Line(NamedTuple):
    """A paragraph."""

    text: str


class Table(NamedTuple):
    """Rows under their heads; `mono` says which columns are code, by number."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    mono: frozenset[int] = frozenset()


class Diff(NamedTuple):
    """A masked diff."""

    text: str


Block = Heading | Line | Table | Diff
_Json = Mapping[str, object]

_TITLES = {"plan": "Migration plan", "apply": "Migration"}
_HASHES = ("file", "becomes", "sha256 before", "sha256 after")
_EDITS = ("pass", "action", "property", "before", "after")


def blocks(report: _Json, level: int = 1) -> Iterator[Block]:
    """The whole page.

    Args:
        report: as `facts.to_json` makes it.
        level: of its title.
    """
    verb = _text(report.get("verb"))
    yield Heading(level, _TITLES.get(verb, f"slingshift {verb}"))
    yield Table(("", ""), list(_occasion(report)))
    targets = _tables(report.get("targets"))
    yield Heading(level + 1, "Targets")
    heads = ("target", "state", "edits", "refused", "run", "exit code")
    yield Table(heads, [_target_row(target) for target in targets])
    for target in targets:
        yield from _target(target, level + 1)
    if level == 1:
        for found in _tables(report.get("evidence")):
            yield from _evidence(found)
        if not report.get("evidence"):
            yield Heading(2, "Token check, validation")
            yield Line(
                "Not part of this report. `slingshift check-token --format json` and `slingshift validate --format "
                "json` write what --evidence takes."
            )


def _occasion(report: _Json) -> Iterator[tuple[str, str]]:
    yield "command", f"slingshift {_text(report.get('verb'))}"
    yield "version", _text(report.get("slingshift"))
    yield "time", _text(report.get("at"))
    yield "user", f"{_text(report.get('user'))} on {_text(report.get('host'))}"
    yield "exit code", _text(report.get("exitCode"))
    summary = _table(report.get("summary"))
    counts = [f"{_text(summary.get(name))} {name}" for name in ("files", "edits", "refusals", "findings")]
    yield "in all", ", ".join(counts)


def _target_row(target: _Json) -> tuple[str, ...]:
    counts = (str(len(_tables(target.get(name)))) for name in ("edits", "refusals"))
    code = target.get("exitCode")
    name = _text(target.get("name") or target.get("target"))
    run = _text(target.get("runId")) or "-"
    return (name, _text(target.get("state")), *counts, run, "-" if code is None else _text(code))


def _target(target: _Json, level: int) -> Iterator[Block]:
    yield Heading(level, _text(target.get("name") or target.get("target")))
    if error := target.get("error"):
        yield Line(f"Failed: {_text(error)}")
    if run := target.get("runId"):
        yield Line(f"Carried out as run {_text(run)}; `slingshift undo {_text(run)}` takes it back.")
    edits = _tables(target.get("edits"))
    if not edits and not target.get("error"):
        yield Line("Nothing to change.")
    if edits:
        yield Heading(level + 1, "What was found, and what becomes of it")
        for path in dict.fromkeys(_text(edit.get("path")) for edit in edits):
            yield Heading(level + 2, path)
            yield Table(
                _EDITS, [_edit(edit) for edit in edits if edit.get("path") == path], frozenset({2, 3, 4})
            )
    for title, name in (("Refused", "refusals"), ("Findings", "findings")):
        found = _tables(target.get(name))
        if found:
            yield Heading(level + 1, title)
            yield Table(("", "file", "what", "rule"), [_finding(one) for one in found])
    if diff := _text(target.get("diff")):
        yield Heading(level + 1, "Diff, secrets masked")
        yield Diff(diff)
    files = _tables(target.get("files"))
    if files:
        yield Heading(level + 1, "Hashes")
        yield Table(_HASHES, [_file(file) for file in files], frozenset({0, 1, 2, 3}))


def _edit(edit: _Json) -> tuple[str, ...]:
    before, after = edit.get("before"), edit.get("after")
    if edit.get("action") == "rename":
        before, after = (_text(edit.get(key)).rpartition("/")[2] for key in ("path", "to"))
    names = (_text(edit.get(key)) for key in ("pass", "action", "property"))
    return (*names, _value(before), _value(after))


def _finding(finding: _Json) -> tuple[str, ...]:
    fix = _text(finding.get("fix"))
    message = _text(finding.get("message")) + (f". {fix}" if fix else "")
    path, line = _text(finding.get("path")), finding.get("line")
    where = f"{path}:{_text(line)}" if line else path
    return (
        _text(finding.get("severity")) or "refused",
        where,
        message,
        _text(finding.get("id") or finding.get("rule")),
    )


def _file(file: _Json) -> tuple[str, ...]:
    path = _text(file.get("path")) or "the package itself"
    becomes = _text(file.get("to")) or ("" if file.get("after") else "deleted" if file.get("path") else "")
    return (path, becomes, *(_text(file.get(side)) or "-" for side in ("before", "after")))


def _evidence(found: _Json) -> Iterator[Block]:
    kind = given.kind(found)
    if kind == "report":
        yield from blocks(found, 2)
    elif kind == "check-token":
        yield Heading(2, "Token check")
        yield Table(("", ""), list(_token_rows(found)))
        yield from _findings(found)
    elif kind == "validate":
        yield Heading(2, "Validation")
        verdict = "all right" if found.get("ok") is True else "not all right"
        yield Line(f"{_text(found.get('target'))} at {_text(found.get('at'))}: {verdict}")
        yield Table(
            ("point", "", "what", "what to do"), [_check(one) for one in _tables(found.get("checks"))]
        )


def _token_rows(found: _Json) -> Iterator[tuple[str, str]]:
    token = _table(found.get("token"))
    if not token:
        yield "result", f"no token was asked for (exit code {_text(found.get('exitCode'))})"
        return
    refused = _text(_table(token.get("error")).get("message"))
    yield "result", "token granted" if token.get("ok") is True else f"no token: {refused}"
    scopes = _table(token.get("scopes"))
    for label, value in (
        ("values from", token.get("source")),
        ("endpoint", token.get("tokenUrl")),
        ("client id", token.get("clientId")),
        ("status", token.get("status")),
        ("expires", token.get("expiresAt")),
        ("requested", scopes.get("requested")),
        ("granted", scopes.get("granted")),
        ("missing", scopes.get("missing")),
    ):
        if value not in (None, []):
            yield label, ", ".join(map(_text, value)) if isinstance(value, list) else _text(value)


def _findings(found: _Json) -> Iterator[Block]:
    rows = [*_tables(found.get("findings")), *_tables(_table(found.get("token")).get("findings"))]
    if rows:
        yield Table(("", "file", "what", "rule"), [_finding(one) for one in rows])


def _check(check: _Json) -> tuple[str, ...]:
    path = _text(check.get("path"))
    message = _text(check.get("message"))
    return (
        _text(check.get("point")),
        _text(check.get("verdict")),
        f"{path}: {message}" if path else message,
        _text(check.get("fix")),
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else _value(value)


def _value(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _table(value: object) -> _Json:
    return value if isinstance(value, dict) else {}


def _tables(value: object) -> list[_Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, Iterable) else []
