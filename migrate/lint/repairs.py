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
from grammar.errors import ParseError
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
    rules: set[str] = set()
    if data.startswith(_BOM):
        rules.add("bom")
    text = data.decode("utf-8", "surrogateescape").lstrip("\ufeff")
    accepted = _at_once(text, data, rules) or _accepted(text, rules)
    if accepted is None or not rules:
        return nothing
    fixed = accepted.encode("utf-8", "surrogateescape")
    try:
        config.parse(fixed)
    except ParseError:
        # Without a semicolon the next thing may stand where a key should begin.
        return nothing
    return Repaired(fixed, frozenset(rules))


def changes(before: bytes, after: bytes) -> list[Change]:
    """What Sling's installer loads otherwise after a repair."""
    old = reader.load(before, reader.INSTALLER).properties or {}
    new = reader.load(after, reader.INSTALLER).properties or {}
    names = dict.fromkeys([*old, *new])
    return [Change(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def _at_once(text: str, data: bytes, rules: set[str]) -> str | None:
    """The accepted text when all that is wrong can be mended where it stands; None where that is not enough."""
    if "bom" in rules:
        return None
    problems = beyond.problems(data)
    for problem in reversed(problems):
        fixed = _without(problem.rule, text, problem.offset)
        if fixed is None:
            return None
        text = fixed
    keys = scanner.keys(text)
    if keys is None or errors.of_entries(ConfigText(text, found=keys)) is not None:
        return None
    rules.update(problem.rule for problem in problems)
    return _finished(text, rules)


def _accepted(text: str, rules: set[str]) -> str | None:
    """The text after as many repairs as it takes to be accepted, None when one of them is not certain.

    One way through it: what is repaired is read again, what stands before that is not.
    """
    at = 0
    for _ in range(_MOST):
        problem, at = errors.first(text, at)
        if problem is None:
            return _finished(text, rules)
        fixed = _without(problem.rule, text, problem.offset)
        if fixed is None:
            return None
        text = fixed
        rules.add(problem.rule)
    return None


def _finished(text: str, rules: set[str]) -> str:
    """Repairs of what the readers accept: a semicolon that starts the next key, a comment that never ends."""
    if re.fullmatch(r"#[^\r\n]*", text):
        rules.add("lone-comment")
        text += "\n"
    if ";" not in text:
        return text
    stray = [entry.key_start for entry in scanner.entries(text) if _SEMICOLON.match(text, entry.key_start)]
    if stray:
        rules.add("key-with-line-break")
    for at in reversed(stray):
        text = text[:at] + text[at + 1 :]
    return text


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
