"""The words of a property's name: whether they say that its value is secret.

A name is taken apart into its words (``spPrivateKeyAlias`` is sp, private, key, alias), because the word behind tells
a secret from what is only about one: ``privateKey`` is one, ``privateKeyAlias`` names an entry of a key store. The
lists err on the side of masking; what they leave readable are names that AEM, Sling, Felix and Oak document as no
secret (tests/migrate/masking/test_names.py has the table).

A module of its own, since its patterns take long to compile and most names have nothing of a secret. For the same
reason those that look at a name stay texts, which `re` compiles when the first one is asked for, and keeps.
"""

from __future__ import annotations

import re

_KEYS = (
    "access|account|aes|api|auth|authentication|authorization|cipher|crypto|decryption|encrypt|encryption|hmac|"
    "license|master|private|rsa|shared|sign|signature|signing|storage|subscription|symmetric"
)
_KEY = "key(?!board|pair|store|word)"
_TOKENS = "access|api|auth|authentication|authorization|bearer|refresh|sas|session"
_SHORT = "bearer|pin|salt"
"""Secrets, as a cookie is, when a name ends with them: `cookie.domain` holds none. A pin is no end of a spin."""
_ITSELF = "code|header|string|text|value"
"""Words behind those that still mean the secret itself."""
_COOKIE_NAMES = frozenset({
    "auth.sudo.cookie", "org.eclipse.jetty.servlet.sessioncookie", "httpcache.config.extension.cookie",
})  # fmt: skip
"""What Sling, Felix and ACS AEM Commons document as the name of a cookie, whatever it looks like."""
_WORD = r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+"
# Over the words of a name in lower case, joined by dots.
_SECRET = (
    rf"secret|passw|passphrase|passcode|(?:{_KEYS})\.?{_KEY}|(?:{_TOKENS})\.?tokens?\b"
    r"|pwd\b|\b(?:pass|pw)(?=\.?\d*\Z)|credentials?\b|token(?=\.?\d*\Z)|\bsas(?=\.?\d*\Z)|\bjwt\Z"
    r"|access\.?signature|connection\.?string|\bauthorization(?:\.?header)?\Z"
    rf"|(?:\b(?:{_SHORT})|cookie)(?:\.(?:{_ITSELF}))?(?=\.?\d*\Z)"
    rf"|(?:{_TOKENS}|login|sso)\.?cookies(?=\.?\d*\Z)"
)
_SECRET_AT_ALL = (
    r"secret|passwo|passwd|passphrase|credential"
    rf"|(?:{_KEYS})[^a-z0-9]?{_KEY}|(?:{_TOKENS})[^a-z0-9]?tokens?\b"
    rf"|(?:(?<![a-z])(?:{_SHORT})|cookie)[^a-z0-9]?\d*\Z"
)
_ABOUT = (
    r"age|algorithm|alias(?:es)?|alternate|attr(?:ibutes?)?|cache|change|characters|charset|checker|cleanup|count"
    r"|customizer|description|encapsulated|encoding|endpoint|expir(?:ation|es?|y)|factory|file|format|generator"
    r"|handler|history|ids?|interval|iterations|label|length|lifetime|location|mail|max|method|min|names?|path"
    r"|pattern|persist|polic(?:y|ies)|providers?|refresh|regex|request|require(?:d|ments?)|reset|revocation|rotation"
    r"|rules?|scopes?|size|store|strength|target|threshold|timeout|title|ttl|types?|ur[il]s?|usage|user(?:name)?"
    r"|valid(?:ation|ator|ity)"
)
"""Words that, right behind a secret's, say that the property is about the secret."""
_ABOUT_AT_THE_END = r"algorithm|alias|expir(?:ation|es|y)|iterations|length|size|target|timeout|ttl|type"
_ID_OF_SECRET = r"id|user|names?"
"""`secret.id` is the half of a login that is secret (AppRole)."""
_SWITCHES = (
    r"allows?|disable|enabled?|has|ignore|is|omit|persist|require[ds]?|reuse|skip"
    r"|supports?|uses?|with|without"
)
"""Words that, right before a secret's, make the property a switch."""
_SWITCHED = r"(?:allow|require|support|use|with)s?credentials|\bomit\."

# Over a whole file in lower case: whatever `_SECRET` takes, and more. Each begins with a literal, which is what `re`
# finds quickly; one pattern for them all takes four times as long.
_MAY = tuple(
    re.compile(pattern)
    for pattern in (
        "secret",
        "pass(?:[wpc]|(?![a-z]))",
        "pw(?:d|(?![a-z]))",
        'credential(?<!="client_credential)',
        r"token(?<!\.reuse\.access\.token)(?!\.(?:provider|request|validator)(?![a-z])|/v[0-9]|iz)",
        "signature",
        "connection[^a-z0-9]{0,9}string",
        r"authorization(?!\.(?:grants|url))",
        "sas(?![a-z])",
        "jwt(?<!/exchange/jwt)(?![a-z])",
        # Common words, so only where a value follows; that may be on a line of its own.
        *(
            rf"{word}(?:[^a-z0-9]{{0,9}}(?:{_ITSELF}))?[^a-z]*[=:]"
            for word in ("bearer", "cookies?", "pin", "salt")
        ),
    )
)
_BEFORE_KEY = rf"(?:{_KEYS})[^a-z0-9]{{0,9}}\Z"
_LONGEST_BEFORE_KEY = 24


def say_secret(name: str) -> bool:
    """Whether a name is one of a secret."""
    words = [word.lower() for word in re.findall(_WORD, name)]
    joined = ".".join(words)
    if name.lower() in _COOKIE_NAMES:
        return False
    places = list(re.finditer(_SECRET, joined))
    if not places:
        # AEM's keys have no case, so capital letters may stand anywhere: cLiEnT.sEcReT.
        return bool(re.search(_SECRET_AT_ALL, name.lower()))
    if re.fullmatch(_ABOUT_AT_THE_END, words[-1]):
        return False
    return any(_is_secret_at(joined, found) for found in places)


def _is_secret_at(joined: str, found: re.Match[str]) -> bool:
    """Whether the words around do not say that the property is about a secret, or switches something."""
    words = joined[found.end() :].split(".")
    behind = words[1] if len(words) > 1 else ""
    if re.fullmatch(_ABOUT, behind) and not (found[0] == "secret" and re.fullmatch(_ID_OF_SECRET, behind)):
        return False
    before = joined[: found.start()].removesuffix(".").rpartition(".")[2]
    return not re.fullmatch(_SWITCHES, before) and not re.search(_SWITCHED, joined)


def may_say_secret(text: str) -> bool:
    """Whether a whole text, in lower case, may hold such a name."""
    if any(pattern.search(text) for pattern in _MAY):
        return True
    at = text.find("key")
    while at != -1:
        if re.search(_BEFORE_KEY, text[max(0, at - _LONGEST_BEFORE_KEY) : at]):
            return True
        at = text.find("key", at + 1)
    return False
