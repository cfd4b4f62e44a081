"""What of a stranger's answer may be shown.

A hostile endpoint, or a proxy's error page, may send back what it was sent: as it is, encoded, reversed, cut in two.
So two things are asked of every text before it is shown: that it has the form of what it claims to be, which leaves
little room for anything else, and that it resembles none of the secrets in any of the usual encodings.
"""

from __future__ import annotations

import base64
import codecs
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

from grammar import patterns
from migrate.integration.secret import MASK, Secret
from migrate.terminal import stranger

_WINDOW = 8
"""As many letters and digits in a row of a secret are too many."""
_SHORTEST = 6
"""A shorter secret than this is none of IMS's, and would be found in every other word."""
_LONGEST = 200

_CODE = patterns.lazy(r"[a-z]{1,20}(?:[_ -][a-z]{1,20}){1,6}|forbidden|throttled|unauthorized")
_TYPE = patterns.lazy(r"bearer|mac|pop|dpop|jwt|n_a", re.IGNORECASE)
_ID = patterns.lazy(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Za-z-]{1,12}")
_WORD = r"[A-Za-z]{1,30}[0-9]{0,2}"
_SCOPE = patterns.lazy(rf"(?:{_WORD}://)?{_WORD}(?:[._:/-]{_WORD}){{0,8}}")
_HOST = patterns.lazy(r"[0-9A-Za-z_-]{1,40}(?:\.[0-9A-Za-z_-]{1,40}){0,6}|[0-9A-Fa-f:.]{2,45}")


def resembles(text: str, secrets: tuple[Secret, ...]) -> bool:
    """Whether a text from outside holds a part of a secret: eight letters or digits in a row (a shorter one whole).

    Case, and what stands between the letters, do not count; percent signs and HTML references are undone, and the
    secret is looked for backwards, in ROT13, in hexadecimal and in base64, too.
    """
    views = {_bare(view) for view in (text, unquote(text), unquote(unquote(text)), html.unescape(text))}
    for secret in secrets:
        value = secret.reveal()
        if len(value) < _SHORTEST:
            if value and value.lower() == text.lower():
                return True
        elif value in text or any(_common(view, form) for form in _forms(value) for view in views):
            return True
    return False


def _bare(text: str) -> str:
    """Letters and digits only, in lower case."""
    return "".join(filter(str.isalnum, text.lower()))


def _forms(value: str) -> Iterator[str]:
    """A secret and its usual disguises."""
    data = value.encode("utf-8", "surrogatepass")
    yield _bare(value)
    yield _bare(value)[::-1]
    yield _bare(codecs.encode(value, "rot13"))
    yield data.hex()
    for shift in range(3):
        # The first and last characters of base64 depend on the neighbours.
        encoded = base64.b64encode(b"\0" * shift + data).decode().rstrip("=")
        yield _bare(encoded[2 if shift else 0 : -1])


def _common(text: str, form: str) -> bool:
    """Whether eight characters in a row are in both; of a shorter form, all of it."""
    size = min(_WINDOW, len(form))
    return size >= _SHORTEST and any(text[at : at + size] in form for at in range(len(text) - size + 1))


def _quoted(form: re.Pattern[str], text: str, secrets: tuple[Secret, ...]) -> str:
    return text if form.fullmatch(text) and not resembles(text, secrets) else MASK


def error_code(text: object, secrets: tuple[Secret, ...]) -> str | None:
    """An `error` that is not documented: a few lower-case words, else ``***``; None when there is none."""
    return _quoted(_CODE, text, secrets) if isinstance(text, str) and text else None


def token_type(text: str, secrets: tuple[Secret, ...]) -> str:
    """A registered token type, else ``***``."""
    return _quoted(_TYPE, text, secrets)


def debug_id(text: str | None, secrets: tuple[Secret, ...], elsewhere: str) -> str | None:
    """An `x-debug-id`: a UUID, or something short of letters, digits and hyphens, else ``***``.

    Args:
        elsewhere: the rest of the answer; what is repeated there is hardly an id.
    """
    if not text:
        return None
    return MASK if len(text) > 3 and text in elsewhere else _quoted(_ID, text, secrets)


def scope(text: str, secrets: tuple[Secret, ...], requested: tuple[str, ...] = ()) -> str:
    """A granted scope: one that was asked for, or words joined by dots and the like, else ``***``."""
    return text if text in requested else _quoted(_SCOPE, text, secrets)


def host(text: str, secrets: tuple[Secret, ...]) -> str:
    """A host name, else ``***``."""
    return _quoted(_HOST, text, secrets)


def claim(text: str, secrets: tuple[Secret, ...]) -> str:
    """A value that a token holds, fit for one line of a terminal; ``***`` when it resembles a secret."""
    if resembles(text[:_LONGEST], secrets):
        return MASK
    return stranger(text, _LONGEST)
