"""Files that a Maven archetype makes others of: what Velocity has not run over is nobody's configuration."""

from __future__ import annotations

from grammar import patterns

_DIRECTIVE = patterns.lazy(rb"(?m)^[ \t]*#(?:set|if|elseif|foreach|macro|parse|include)[ \t]*\(")
"""What Velocity does before there is a file; no form of a configuration has such lines, but for comments."""
_FOLDERS = frozenset({"archetype", "archetype-resources"})


def is_template(path: str, data: bytes) -> bool:
    """Whether a file of an archetype holds what Velocity is to do."""
    if "archetype" not in path or _FOLDERS.isdisjoint(path.split("/")[:-1]):
        return False
    return _DIRECTIVE.search(data) is not None
