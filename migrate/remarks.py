"""Remarks on lines of files, for services that show them there: GitHub's workflow commands, and SARIF 2.1.0."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from migrate.terminal import printable

ERROR = "error"
WARNING = "warning"
INFO = "info"

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {ERROR: "error", WARNING: "warning", INFO: "note"}
_KINDS = {ERROR: "error", WARNING: "warning", INFO: "notice"}
_ADDRESS = ("http://", "https://")


class Annotation(NamedTuple):
    """One remark.

    Attributes:
        rule: its stable id.
        severity: ``"error"``, ``"warning"`` or ``"info"``.
        message: one line.
        path: the file, or the target, as it is from where the command runs.
        line, column: from 1.
        more: what SARIF shows behind the message, and by which the remark is not known; printable.
    """

    rule: str
    severity: str
    message: str
    path: str
    line: int = 1
    column: int = 1
    more: str = ""


def github(annotations: Iterable[Annotation]) -> str:
    """Workflow commands that GitHub shows beside the lines."""
    return "".join(f"::{_KINDS[one.severity]} {_where(one)}::{_data(one.message)}\n" for one in annotations)


def _where(one: Annotation) -> str:
    title = f"title={_property(one.rule)}"
    return (
        title
        if one.path is None
        else f"file={_property(_from_here(one.path))},line={one.line},col={one.column},{title}"
    )


def _data(value: str) -> str:
    # Other control characters have no escape there, and the log is a terminal, too.
    return printable(value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def sarif(
    annotations: Sequence[Annotation],
    rules: Mapping[str, Mapping[str, object]],
    problems: Iterable[str],
    version: str,
    left_out: str = "",
) -> dict[str, object]:
    """The log of one run (OASIS SARIF 2.1.0).

    Args:
        rules: what is said of each rule that was met, by its id.
        problems: what could not be handled.
        version: ours.
        left_out: that there is more than services take; no problem.
    """
    met = sorted({one.rule for one in annotations})
    seen: Counter[tuple[str, str, str]] = Counter()
    notes = [{"level": "error", "message": {"text": printable(problem)}} for problem in problems]
    is_whole = not notes
    if left_out:
        notes.append({"level": "warning", "message": {"text": left_out}})
    driver = {
        "name": "slingshift",
        "version": version,
        "rules": [{"id": rule, **rules[rule]} for rule in met],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": is_whole, "toolExecutionNotifications": notes}],
        "results": [_result(one, met.index(one.rule), seen) for one in annotations],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(one: Annotation, index: int, seen: Counter[tuple[str, str, str]]) -> dict[str, object]:
    place = uri(one.path)
    alike = (place, one.rule, one.message)
    seen[alike] += 1
    region = {"startLine": one.line, "startColumn": one.column}
    return {
        "ruleId": one.rule,
        "ruleIndex": index,
        "level": LEVELS[one.severity],
        "message": {"text": printable(one.message) + one.more},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": place}, "region": region}}],
        "partialFingerprints": {"slingshift/v1": _fingerprint(*alike, seen[alike])},
    }


def uri(path: str) -> str:
    """A reference that is relative to where the command runs: a service looks for the file in its checkout."""
    safe = ":/?&=%" if path.startswith(_ADDRESS) else "/"
    return quote(_from_here(path), safe=safe, errors="surrogateescape")


def _from_here(path: str) -> str:
    """A path as git knows it in the folder that the command runs in; an instance's address as it is."""
    if path.startswith(_ADDRESS):
        return path
    relative = os.path.relpath(path) if os.path.isabs(path) else os.path.normpath(path)
    return relative.replace(os.sep, "/")


def _fingerprint(*parts: object) -> str:
    """The same for the same remark when lines move: of the file, the rule, the message, and which of several alike."""
    import hashlib

    text = "\0".join(map(str, parts))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
