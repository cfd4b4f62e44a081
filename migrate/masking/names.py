"""Which properties hold secrets, and how a secret looks in output. Every verb and every format asks here."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from grammar import patterns
from grammar.placeholders import is_name_alone
from grammar.values import Value
from migrate.integration import properties as p
from migrate.integration.secret import MASK

# fmt: off
_STEMS = (
    "secret", "pass", "pw", "credential", "key", "token", "sas", "jwt", "signature", "string", "authoriz",
    "bearer", "cookie", "salt",
)
# fmt: on
"""One of them is in every name of a secret. Looked for one by one: ten times as fast as one pattern."""
_PIN = patterns.lazy(r"pin(?:[^a-z]|\Z|code|header|string|text|value)")
"""A stem, too, but one of `mapping`, which many names have."""
_PLAIN = frozenset(p.ALL - {p.CLIENT_SECRET})
_PARAMETER = patterns.lazy(
    r"(?<![\w-])([\w-]++)(?:\\?=|\\u003[dD])"
    r'(?![\\"(\[*{]|[TILFDXSCBtilfdxscb]["(\[]|\$\{[\w.]+\}|\$\[\w+:[\w.-]+\])(?=[^&;\s"\\])'
)
_ARGUMENT = patterns.lazy(r'[^&;\s"\\]+')
_USER = patterns.lazy(r'(:(?:\\?/){2})(?:[^/\s"]+|[^/:@\s"]+:(?!\d*/)[^@\s"]{1,256})(@)')
"""Up to the last `@` before the path; a password with a slash in it is none that a URL may have, and is written all the
same. In JSON some writers escape slashes (`https:\\/\\/`), and others `=`.
"""
_SIGNATURE = "sig"
"""The parameter of a URL that lets whoever has it in; as a property's name it says nothing."""
_PROTECTED = patterns.lazy(r"\{[0-9a-fA-F]{32,}\}")


def is_secret(name: str) -> bool:
    """Whether a property's name says that its value is secret. Rather one too many than one too few."""
    return name == p.CLIENT_SECRET or (name not in _PLAIN and _has_stem(name) and _by_its_words(name))


def name_a_secret(names: Iterable[str]) -> bool:
    """Whether one of some names says so; quicker than one by one, since most names have nothing of it."""
    return _one_is_secret(tuple(names))


@functools.lru_cache(maxsize=1024)
def _one_is_secret(names: tuple[str, ...]) -> bool:
    return _has_stem("\n".join(names)) and any(map(is_secret, names))


def _has_stem(text: str) -> bool:
    text = text.lower()
    for stem in _STEMS:
        if stem in text:
            return True
    return "pin" in text and _PIN.search(text) is not None


@functools.lru_cache(maxsize=4096)
def _by_its_words(name: str) -> bool:
    from migrate.masking import words

    return words.say_secret(name)


def may_name_secret(text: str) -> bool:
    """Whether a whole text may hold the name of a secret; quick, and true for some that do not.

    Case and backslashes do not count.
    """
    text = text.replace("\\", "").lower()
    if "secret" in text:
        return True
    if not _has_stem(text):
        return False
    from migrate.masking import words

    return words.may_say_secret(text)


def hides(name: str, value: Value) -> bool:
    """Whether the value of a property is masked wherever it is shown.

    A placeholder is not: it says where the secret is kept, and a reviewer must see it turn into a written one. Nor
    is a Boolean, which switches something.
    """
    return is_secret(name) and not is_harmless(value)


def is_harmless(value: Value) -> bool:
    """Whether a value can be no secret whatever its property is called."""
    texts = [item.lower() if isinstance(item, str) else item for item in value.items]
    return bool(texts) and all(
        isinstance(text, bool)
        or (isinstance(text, str) and (text in ("true", "false") or is_name_alone(text)))
        for text in texts
    )


def is_protected(text: str) -> bool:
    """Whether a value was encrypted with AEM's Crypto Support; only the instance that made it can read it."""
    return bool(_PROTECTED.fullmatch(text))


def masked(side: str = "") -> str:
    """The text that stands for a secret: ``"***"``, ``"***" (before)`` or ``"***" (after)``."""
    return f'"{MASK}" ({side})' if side else f'"{MASK}"'


def shown(value: Value | None, *, secret: bool, side: str) -> object:
    """A value for JSON: masked when it is secret, else as it is; None when there is none."""
    if value is None:
        return None
    if secret and not is_harmless(value):
        return masked(side)
    told = value.to_json()
    return without_url_credentials(told) if isinstance(told, str) else told


def without_url_credentials(text: str) -> str:
    """The text with `***` for what stands before the `@` of a URL, and for secrets among its parameters.

    A connection string (``AccountName=...;AccountKey=...``) has parameters, too.
    """
    # Most texts have neither, which is told without the patterns.
    if "@" in text:
        text = _USER.sub(rf"\1{MASK}\2", text)
    if ("=" in text or "\\u003" in text) and (_has_stem(text) or _SIGNATURE in text):
        text = _without_secret_parameters(text)
    return text


def _without_secret_parameters(text: str) -> str:
    """Every `name=` is looked at, also one within the value of another: `?to=https://h/?token=x`."""
    parts, at = [], 0
    for found in _PARAMETER.finditer(text):
        if found.start() >= at and (is_secret(found[1]) or found[1] == _SIGNATURE):
            value = _ARGUMENT.match(text, found.end())
            assert value is not None  # the pattern has looked
            parts += [text[at : found.end()], MASK]
            at = value.end()
    return "".join([*parts, text[at:]])
