"""Texts that stand for a value that is filled in elsewhere, in every form the same.

Two kinds. A *placeholder* is filled in by a machine: Felix's interpolation plugin (``$[env:NAME]``, ``$[secret:NAME]``,
``$[prop:NAME]``, with ``;type=``, ``;default=`` and the like behind the name), the framework or a build (``${NAME}``).
A *gap* is what an instruction leaves to its reader, ``<OrgID>`` or ``**ClientID**``, and no machine ever fills it in.
"""

from __future__ import annotations

import re

from grammar import patterns

KINDS = ("env", "secret", "prop")
"""What the interpolation plugin looks a name up in."""
_BEGUN = rf"\$\[(?:{'|'.join(KINDS)}):"
_BEGINNING = patterns.lazy(rf"{_BEGUN}|\$\{{")
_PLACEHOLDER = patterns.lazy(rf"{_BEGUN}(?:\[\]|[^\]])*\]|\$\{{[^}}]*\}}")
_NAME_ALONE = patterns.lazy(
    rf"{_BEGUN}[\w.\-/ ]+(?:;type=[\w\[\]]+|;delimiter=[^\w;\]])*\]|\$\{{[\w.\-: ]+\}}"
)
_NAMED = patterns.lazy(rf"\$\[({'|'.join(KINDS)}):([^\];]*)")
_OPEN = patterns.lazy(rf"{_BEGUN}[^\]]*\Z")
_GAP = patterns.lazy(r"<[A-Za-z][^<>]*>|\*\*")
_GAP_ALONE = patterns.lazy(r"<[^<>]*>|\*+|\*\*[^*]+\*\*|your[-_ ][a-z _-]+", re.IGNORECASE)


def begins_at(text: str, offset: int) -> bool:
    """Whether a placeholder begins at an offset, closed or not."""
    return bool(_BEGINNING.match(text, offset))


def begins_in(text: str) -> bool:
    """Whether a placeholder begins anywhere in a text, closed or not."""
    return bool(_BEGINNING.search(text))


def is_placeholder(text: str) -> bool:
    """Whether the whole text is one placeholder."""
    return bool(_PLACEHOLDER.fullmatch(text))


def holds_placeholder(text: str) -> bool:
    """Whether a part of the text, or all of it, is a placeholder."""
    return bool(_PLACEHOLDER.search(text))


def is_name_alone(text: str) -> bool:
    """Whether the whole text is one placeholder that says where the value comes from, and no value itself.

    A default (``$[secret:NAME;default=...]``, ``${NAME:-...}``) is a value.
    """
    return bool(_NAME_ALONE.fullmatch(text)) and ":-" not in text


def names(text: str) -> list[tuple[str, str]]:
    """Kind and name of each placeholder of the interpolation plugin in a text, closed or not, in order."""
    return _NAMED.findall(text)


def is_left_open(text: str) -> bool:
    """Whether the last placeholder of the interpolation plugin in a text has no end."""
    return bool(_OPEN.search(text))


def holds_gap(text: str) -> bool:
    """Whether a part of the text, or all of it, is a gap."""
    return bool(_GAP.search(text))


def is_gap(text: str) -> bool:
    """Whether the whole text is a gap; also "your-secret" and the like, which within a text may be meant."""
    return bool(_GAP_ALONE.fullmatch(text))
