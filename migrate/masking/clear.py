"""Secrets that stand in a file as they are: whoever reads it has them.

What is none whatever its name says is no secret here: a placeholder, a switch, what AEM's Crypto Support has encrypted,
what an instruction left to fill in, how something about a secret is called. Output masks most of that all the same.
"""

from __future__ import annotations

from grammar import patterns, placeholders
from grammar.values import Value
from migrate.masking.names import hides, is_protected

_SHORTEST = 3
_NO_SECRETS = ("(", "/", "*")
"""How filters, paths and what somebody masked begin."""
_ABOUT = patterns.lazy(
    r".+(?:[a-z0-9._-](?:Field|Header|Label|Name|Param(?:eter)?|Placeholder|Prefix|Property|Ref|Region|Version)s?"
    r"|[._-](?:field|header|label|name|param(?:eter)?|placeholder|prefix|property|ref|region|version)s?)"
)
"""Names that say how something about a secret is called."""
_WORDS = frozenset({"none", "null", "default", "disabled", "anonymous", "n/a"})


def stands_in_clear(name: str, value: Value) -> bool:
    """Whether a property holds a secret that everybody can read."""
    # A PIN may be a number.
    texts = (str(item) for item in value.items if isinstance(item, str | int))
    return hides(name, value) and not _ABOUT.fullmatch(name) and any(map(_is_written, texts))


def _is_written(text: str) -> bool:
    return not (
        len(text.strip()) < _SHORTEST
        or text.strip().lower() in _WORDS
        or text.startswith(_NO_SECRETS)
        or is_protected(text)
        or placeholders.begins_in(text)
        or placeholders.is_gap(text)
    )
