"""Comments that let a hazard pass: ``# slingshift: ignore RULE`` on its line or the line before.

In ``.cfg.json`` the comment is ``// slingshift: ignore RULE``. XML takes no comment between attributes: there
``<!-- slingshift: ignore RULE -->`` holds for the whole file.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

from grammar import patterns
from grammar.places import LINE_END


class _Placed(Protocol):
    @property
    def rule(self) -> str: ...

    @property
    def line(self) -> int: ...


_Hazard = TypeVar("_Hazard", bound=_Placed)

_MARK = b"slingshift: ignore"
_COMMENT = patterns.lazy(
    r"(?:#|//|<!--)[ \t]*slingshift: ignore[ \t]+([a-z0-9\-]+(?:[ \t]*,[ \t]*[a-z0-9\-]+)*)"
)


def without_ignored(hazards: list[_Hazard], data: bytes, form: str) -> list[_Hazard]:
    """The hazards that no comment in the file lets pass."""
    if not hazards or _MARK not in data:
        return hazards
    allowed = _allowed(data.decode("utf-8", "replace"))
    if form == "xml":
        everywhere = {rule for _, rule in allowed}
        return [hazard for hazard in hazards if hazard.rule not in everywhere]
    return [
        hazard
        for hazard in hazards
        if not {(hazard.line, hazard.rule), (hazard.line - 1, hazard.rule)} & allowed
    ]


def _allowed(text: str) -> set[tuple[int, str]]:
    return {
        (number, rule.strip())
        for number, line in enumerate(LINE_END.split(text), 1)
        for found in _COMMENT.finditer(line)
        for rule in found[1].split(",")
    }
