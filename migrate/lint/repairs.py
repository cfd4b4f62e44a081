"""The repairs of a `.config` that leave no doubt: one character at a time, all or nothing, proven by reading again.

A repair never guesses a type nor where a value ends. When the text as a whole is not accepted afterwards, nothing
of it is changed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from grammar import forms, patterns
from grammar.config import beyond, errors, reader, scanner
from grammar.config import document as config
from grammar.config.text import ConfigText
from grammar.values import Value
from migrate.targets.changes import told

_BOM = b"\xef\xbb\xbf"
_MOST = 100
_MAX_BYTES = 64 * 1024
# Each repair copies the text and may look to its end, so neither may grow.
_NO_KEY = ("\\", "\r", "\n")
_BLANKS = patterns.lazy(r"[ \t]*")
_VALUE_START = patterns.lazy(r'[ \t]+(?=[TILFDXSCBilfdxscb]?["\[(])')
_STRAY = patterns.lazy(r"[,;](?=[ \t]*(?:[\r\n]|\Z))")
_SEMICOLON = patterns.lazy(r'(?<=["\])]);(?=[ \t]*(?:[\r\n]|\Z))')


class Repaired(NamedTuple):
    """A text before and after.

    Attributes:
        data: the bytes; those that came in when nothing is certain.
        rules: the rules whose hazards are gone.
    """

    data: bytes
    rules: frozenset[str]

    def __repr__(self) -> str:
        return f"Repaired({told(self.data)}, {sorted(self.rules)})"


class Change(NamedTuple):
    """What a repair makes AEM load otherwise; None for nothing."""

    name: str
    before: Value | None
    after: Value | None

    def __repr__(self) -> str:
        return f"Change({self.name!r})"


def repair(data: bytes) -> Repaired:
    """The text with every repair that is certain, or as it is; what both readers make of it is asked for."""
    repaired = proposed(data)
    return repaired if repaired.data == data or _proven(repaired.data) else Repaired(data, frozenset())


def proposed(data: bytes) -> Repaired:
    """What `repair` gives, without asking the readers' models: the grammar takes only what they load alike."""
    nothing = Repaired(data, frozenset())
    if len(data) > _MAX_BYTES:
        return nothing
    mended = _at_once(data) or _one_by_one(data)
    finished = None if mended is None else _finished(*mended)
    if finished is None or not finished[1]:
        return nothing
    text, rules = finished
    return Repaired(text.encode("utf-8", "surrogateescape"), rules)


def changes(before: bytes, after: bytes) -> list[Change]:
    """What Sling's installer loads otherwise after a repair."""
    old = reader.load(before, reader.INSTALLER).properties or {}
    new = reader.load(after, reader.INSTALLER).properties or {}
    names = dict.fromkeys([*old, *new])
    return [Change(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def _is_accepted(text: str) -> bool:
    """Whether the grammar takes a text; as `grammar.parse`, which makes a document and tells why not."""
    keys = scanner.keys(text)
    return keys is not None and errors.of_entries(ConfigText(text, found=keys)) is None


_Mended = tuple[str, frozenset[str]]
"""A text, and the rules of what was mended in it."""


def _at_once(data: bytes) -> _Mended | None:
    """All that is wrong mended where it stands; None where that cannot be, and for a BOM, behind which nothing fits."""
    if data.startswith(_BOM):
        return None
    text = data.decode("utf-8", "surrogateescape")
    problems = beyond.problems(data)
    for problem in reversed(problems):
        fixed = _without(problem.rule, text, problem.offset)
        if fixed is None:
            return None
        text = fixed
    return (text, frozenset(problem.rule for problem in problems)) if _is_accepted(text) else None


def _one_by_one(data: bytes) -> _Mended | None:
    """As many repairs as it takes for the text to be accepted, None when one of them is not certain.

    One way through it: what is repaired is read again, what stands before that is not.
    """
    text = data.decode("utf-8", "surrogateescape").lstrip("\ufeff")
    rules = {"bom"} if data.startswith(_BOM) else set()
    at = 0
    for _ in range(_MOST):
        problem, at = errors.first(text, at)
        if problem is None:
            return text, frozenset(rules)
        fixed = _without(problem.rule, text, problem.offset)
        if fixed is None:
            return None
        text = fixed
        rules.add(problem.rule)
    return None


def _finished(text: str, mended: frozenset[str]) -> _Mended | None:
    """Repairs of what the readers accept: a semicolon that starts the next key, a comment that never ends."""
    if re.fullmatch(r"#[^\r\n]*", text):
        return text + "\n", mended | {"lone-comment"}
    if ";" not in text:
        return text, mended
    stray = [entry.key_start for entry in scanner.entries(text) if _SEMICOLON.match(text, entry.key_start)]
    if not stray:
        return text, mended
    for at in reversed(stray):
        text = text[:at] + text[at + 1 :]
    # Without the semicolon the next thing may stand where a key should begin.
    return (text, mended | {"key-with-line-break"}) if _is_accepted(text) else None


def _without(rule: str, text: str, at: int) -> str | None:
    """The text without the hazard at an offset; None when there is more than one way."""
    if rule == "unescaped-equals":
        return None if beyond.end_of_cut(text, at) is None else f"{text[:at]}\\{text[at:]}"
    if rule == "blank-around-key":
        return _without_blanks(text, at)
    if rule == "stray-character":
        before = text[:at].rstrip(" \t")
        return (
            text[:at] + text[at + 1 :]
            if _STRAY.match(text, at) and before.endswith(('"', "]", ")"))
            else None
        )
    if rule == "missing-equals" and text[at:].rstrip() == ";" and text[:at].endswith(('"', "]", ")")):
        return text[:at] + text[at + 1 :]
    if rule == "lone-carriage-return":
        return text + "\n"
    return None


def _without_blanks(text: str, at: int) -> str | None:
    """Without the blanks of one line on both sides of an equals sign."""
    after = _BLANKS.match(text, at).end()  # type: ignore[union-attr] # It takes none as well.
    if text[after : after + 1] == "=":
        value = _VALUE_START.match(text, after + 1)
        return f"{text[:at]}={text[value.end() if value else after + 1 :]}"
    value = _VALUE_START.match(text, at)
    if value is None or text[at - 1 : at] != "=":
        return None
    # One step for both sides: each step reads the rest again. A backslash makes a blank a part of the key.
    end = at - 1
    while text[end - 1 : end] in (" ", "\t"):
        end -= 1
    return f"{text[: at - 1] if text.endswith(_NO_KEY, 0, end) else text[:end]}={text[value.end() :]}"


def _proven(data: bytes) -> bool:
    """Whether both readers load the repaired text alike, as the document says."""
    values = {found.name: found.value for found in config.parse(data).properties}
    return all(loaded.properties == values for loaded in forms.load_all(data).values())
