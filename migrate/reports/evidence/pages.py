"""A report, from its JSON, as headings, lines, tables and diffs: what HTML and Markdown have in common.

An earlier report may come from anywhere, so whatever it holds is only text, and what is not there is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from migrate.reports.evidence import given


class Heading(NamedTuple):
    """A heading; the title of a report has level 1. With an anchor, rows of tables lead to it."""

    level: int
    text: str
    anchor: str = ""


class Line(NamedTuple):
    """A paragraph."""

    text: str


class Table(NamedTuple):
    """Rows under their heads.

    Attributes:
        mono: which columns are code, by number.
        numbers: which hold numbers.
        words: which hold states and severities, which a reader looks for.
        anchors: where each row leads; nothing where none does.
        shares: the width of each column in hundredths; as it comes where there are none.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    mono: frozenset[int] = frozenset()
    numbers: frozenset[int] = frozenset()
    words: frozenset[int] = frozenset()
    anchors: Sequence[str] = ()
    shares: Sequence[int] = ()


class Diff(NamedTuple):
    """A masked diff."""

    text: str


Block = Heading | Line | Table | Diff
_Json = Mapping[str, object]

_TITLES = {"plan": "Migration plan", "apply": "Migration"}
_HASHES = ("file", "becomes", "sha256 before", "sha256 after")
_EDITS = ("pass", "action", "property", "before", "after")


def blocks(report: _Json, level: int = 1, part: int = 1) -> Iterator[Block]:
    """The whole page.

    Args:
        report: as `facts.to_json` makes it.
        level: of its title.
        part: sets the anchors of earlier reports on the page apart.
    """
    verb = _text(report.get("verb"))
    yield Heading(level, _TITLES.get(verb, f"slingshift {verb}"))
    yield Table(("", ""), list(_occasion(report)))
    targets = _tables(report.get("targets"))
    yield Heading(level + 1, "Targets")
    heads = ("target", "state", "edits", "refused", "run", "exit code")
    anchors = [f"target-{part}-{number}" for number in range(1, len(targets) + 1)]
    rows = [_target_row(target) for target in targets]
    yield Table(heads, rows, frozenset({4}), frozenset({2, 3, 5}), frozenset({1}), anchors)
    yield from _open_points(targets, anchors, level + 1)
    for target, anchor in zip(targets, anchors, strict=True):
        yield from _target(target, level + 1, anchor)
    if level == 1:
        for number, found in enumerate(_tables(report.get("evidence")), start=2):
            yield from _evidence(found, number)
        if not report.get("evidence"):
            yield Heading(2, "Token check, validation")
            yield Line(
                "Not part of this report. `slingshift check-token --format json` and `slingshift validate --format "
                "json` write what --evidence takes."
            )


def _open_points(targets: Sequence[_Json], anchors: Sequence[str], level: int) -> Iterator[Block]:
    """Why targets failed, and what of them was refused: with sixty of them, nobody finds it further down."""
    rows, leads = [], []
    for target, anchor in zip(targets, anchors, strict=True):
        name = _text(target.get("name") or target.get("target"))
        told = [_text(target.get("error"))] if target.get("error") else []
        told += [f"refused: {_text(one.get('message'))}" for one in _tables(target.get("refusals"))]
        rows += [(name, text) for text in told]
        leads += [anchor] * len(told)
    if rows and len(targets) > 1:
        yield Heading(level, "Failed and refused")
        yield Table(("target", "why"), rows, anchors=leads, shares=(24, 76))


def _occasion(report: _Json) -> Iterator[tuple[str, str]]:
    yield "command", f"slingshift {_text(report.get('verb'))}"
    yield "version", _text(report.get("slingshift"))
    yield "time", _text(report.get("at"))
    yield "user", f"{_text(report.get('user'))} on {_text(report.get('host'))}"
    yield "exit code", _text(report.get("exitCode"))
    summary = _table(report.get("summary"))
    counts = [f"{_text(summary.get(name))} {name}" for name in ("files", "edits", "refusals", "findings")]
    yield "in all", ", ".join(counts)
    states = _table(summary.get("states"))
    if sum(count for count in states.values() if isinstance(count, int)) > 1:
        yield "targets", ", ".join(f"{_text(count)} {state}" for state, count in states.items())


def _target_row(target: _Json) -> tuple[str, ...]:
    counts = [str(len(_tables(target.get(name)))) for name in ("edits", "refusals")]
    if target.get("state") in ("failed", "skipped") and counts == ["0", "0"]:
        counts = ["-", "-"]  # nothing was planned, which is not the same as nothing to do
    code = target.get("exitCode")
    name = _text(target.get("name") or target.get("target"))
    run = _text(target.get("runId")) or "-"
    return (name, _text(target.get("state")), *counts, run, "-" if code is None else _text(code))


def _target(target: _Json, level: int, anchor: str) -> Iterator[Block]:
    yield Heading(level, _text(target.get("name") or target.get("target")), anchor)
    if target.get("name") not in (None, target.get("target")):
        yield Line(f"`{_text(target.get('target'))}`")
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
            rows = [_edit(edit) for edit in edits if edit.get("path") == path]
            yield Table(_EDITS, rows, frozenset({2, 3, 4}), shares=(18, 9, 25, 24, 24))
    for title, name in (("Refused", "refusals"), ("Findings", "findings")):
        found = _tables(target.get(name))
        if found:
            yield Heading(level + 1, title)
            yield _found(found)
    if diff := _text(target.get("diff")):
        yield Heading(level + 1, "Diff, secrets masked")
        yield Diff(diff)
    files = _tables(target.get("files"))
    if files:
        yield Heading(level + 1, "Hashes")
        rows = [_file(file) for file in files]
        yield Table(_HASHES, rows, frozenset({0, 1, 2, 3}), shares=(34, 22, 22, 22))


def _edit(edit: _Json) -> tuple[str, ...]:
    before, after = edit.get("before"), edit.get("after")
    if edit.get("action") == "rename":
        before, after = (_text(edit.get(key)).rpartition("/")[2] for key in ("path", "to"))
    names = (_text(edit.get(key)) for key in ("pass", "action", "property"))
    return (*names, _value(before), _value(after))


def _found(found: Iterable[_Json]) -> Table:
    rows = [_finding(one) for one in found]
    heads = ("", "file", "what", "rule")
    return Table(heads, rows, frozenset({1}), words=frozenset({0}), shares=(12, 28, 44, 16))


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


def _evidence(found: _Json, part: int) -> Iterator[Block]:
    kind = given.kind(found)
    if kind == "report":
        yield from blocks(found, 2, part)
    elif kind == "check-token":
        yield Heading(2, "Token check")
        if targets := _tables(found.get("targets")):
            yield from _fleet(targets, "check", _token_check)
        else:
            yield from _token_check(found)
    elif kind == "validate":
        yield Heading(2, "Validation")
        yield from _validation(found)
    elif kind == "validate-fleet":
        yield Heading(2, "Validation")
        yield from _fleet(_tables(found.get("targets")), "validation", _validation)


def _fleet(targets: Sequence[_Json], key: str, show: Callable[[_Json], Iterable[Block]]) -> Iterator[Block]:
    """What a command found on many targets: the table, then each of those that it has something of its own about."""
    rows = []
    for one in targets:
        why = f"as {_text(one.get('sameAs'))}" if one.get("sameAs") else _text(one.get("error"))
        rows.append((_text(one.get("name")), _text(one.get("state")), why, _text(one.get("exitCode"))))
    yield Table(("target", "state", "", "exit code"), rows, numbers=frozenset({3}), words=frozenset({1}))
    for one in targets:
        if one.get(key) and not one.get("sameAs") and not one.get("error"):
            yield Heading(3, _text(one.get("name")))
            yield from show(_table(one.get(key)))


def _token_check(found: _Json) -> Iterator[Block]:
    yield Table(("", ""), list(_token_rows(found)))
    yield from _findings(found)


def _validation(found: _Json) -> Iterator[Block]:
    verdict = "all right" if found.get("ok") is True else "not all right"
    yield Line(f"{_text(found.get('target'))} at {_text(found.get('at'))}: {verdict}")
    rows = [_check(one) for one in _tables(found.get("checks"))]
    heads = ("point", "", "what", "what to do")
    yield Table(heads, rows, words=frozenset({1}), shares=(13, 12, 43, 32))


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
        yield _found(rows)


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
