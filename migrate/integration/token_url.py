"""What AEM makes of the token URL and the endpoint: the address that it asks for tokens, and what is wrong with it.

``auth.access.token.request`` is a format to AEM: it calls ``String.format(request, endpoint)`` (AEM's metatype: "%s is
replaced by endpoint"), refuses what is not https when the provider starts, and opens the rest as a `java.net.URI`.
Everybody who has to know goes through here: plan, scan and apply, check-token, the sandbox.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from grammar import patterns
from grammar.documents import Document
from grammar.placeholders import holds_placeholder
from migrate.integration.findings import ERROR, INFO, WARNING
from migrate.integration.properties import ENDPOINT, TOKEN_URL
from migrate.integration.secret import MASK
from migrate.terminal import printable

HOST = "ims-na1.adobelogin.com"
TOKEN_PATH = "/ims/token/v3"
EXCHANGE_PATH = "/ims/exchange/jwt"
"""The exchange of a signed assertion, the way of the JWT days; it knows no client credentials."""
DEFAULT = f"https://{HOST}{TOKEN_PATH}"

_TOKEN = patterns.lazy(r"/ims/token/v[0-9]+/?")
_ADOBES = patterns.lazy(r"(?:(?!xn--)[a-z0-9-]+\.)*(?:adobelogin|services\.adobe)\.com")
"""None of them is written in another alphabet."""
_PARTS = patterns.lazy(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<user>[^/?#]*@)?(?P<host>\[[0-9A-Fa-f:.]*\]|[^\[\]/?#:]*)(?P<port>:[0-9]*)?"
    r"(?P<path>(?:/[^?#]*)?)(?P<query>\?[^#]*)?(?:#.*)?",
    re.DOTALL,
)
_HOST_FORM = patterns.lazy(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?|\[?[0-9a-f:.]+\]?")
_NOT_IN_A_URI = patterns.lazy(
    r'[\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"<>\\^`{|}]|%(?![0-9A-Fa-f]{2})|#.*#'
)
"""`java.net.URI` takes characters beyond ASCII but for controls and what `Character.isSpaceChar` calls a space."""


_LONGEST = 200


class Problem(NamedTuple):
    """Something that is wrong with a token URL.

    Attributes:
        id: stable id, as `plan` and `scan` print it (docs/findings.md).
        severity: ``"error"``: AEM gets no token with it; else as in a finding.
        message: what is wrong, one line.
        fix: how to put it right; may be empty.
        of_endpoint: it is the endpoint's, not the URL's.
    """

    id: str
    severity: str
    message: str
    fix: str = ""
    of_endpoint: bool = False


class Address(NamedTuple):
    """The address that AEM asks for tokens.

    Attributes:
        template: `auth.access.token.request`.
        endpoint: `auth.token.provider.endpoint`.
        url: what `String.format` makes of both; empty when it throws, or has no endpoint to put there.
        broken: the part of the template that makes it throw, or puts something else than the endpoint there.
        scheme: in lower case; empty when the URL has none.
        host: in lower case and in ASCII, so that a look-alike is seen.
        path: without the query.
    """

    template: str
    endpoint: str
    url: str
    broken: str
    scheme: str = ""
    host: str = ""
    path: str = ""

    def __repr__(self) -> str:
        return f"Address({shown(self.url)})"

    @property
    def is_exchange(self) -> bool:
        """Whether it is the JWT exchange."""
        return is_exchange(self.url or self.template)

    @property
    def is_token(self) -> bool:
        """Whether it is, as far as its path says, a place where IMS gives tokens to client credentials."""
        return bool(_TOKEN.search((self.url or self.template).lower()))

    @property
    def error(self) -> Problem | None:
        """Why AEM gets no token there."""
        return next((problem for problem in self.problems() if problem.severity == ERROR), None)

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong with it, the worst first; of what AEM or a build fills in only the format."""
        if self.broken:
            yield _format_problem(self.broken)
        elif holds_placeholder(f"{self.template} {self.endpoint}"):
            return
        elif self.template and not self.url:
            message = f"the token URL holds %s, and {ENDPOINT}, which replaces it, is not set"
            yield Problem("token-url-endpoint", ERROR, message, f"Write the whole address, {DEFAULT}")
        else:
            yield from self._url_problems()

    def _url_problems(self) -> Iterator[Problem]:
        if not self.url.lower().startswith("https:"):
            message = f"the token URL is not https, so AEM refuses to start the provider: {shown(self.url)}"
            yield Problem("token-url-not-https", ERROR, message, "Write https://...")
        elif not self.host or _is_illegal(self.url):
            message = f"the token URL is none that AEM can open: {shown(self.url)}"
            yield Problem("token-url-not-a-url", ERROR, message, f"The usual one is {DEFAULT}")
        elif secret := _secret_in(self.url):
            message = f"the token URL holds {secret}, which the logs of AEM, proxies and servers would show"
            yield Problem("token-url-secret", ERROR, message, f"The usual one is {DEFAULT}")
        if self.is_exchange:
            message = "the token URL is the one of the JWT exchange, which does not know client credentials"
            yield Problem("token-url-jwt", ERROR, message, f"Use {DEFAULT}")
        elif self.scheme and not _TOKEN.fullmatch(self.path):
            message = f"{shown(self.path) or 'no path'} is not where IMS gives tokens to client credentials"
            yield Problem("token-url-path", WARNING, message, f"The path is {TOKEN_PATH}")
        if not is_adobes(self.host):
            message = f"{self.host or shown(self.url)} is none of Adobe's known IMS hosts"
            yield Problem("token-host-unknown", WARNING, message, f"The usual one is {HOST}")
        if self.endpoint and self.host and self.host not in self.endpoint.lower():
            message = f"{ENDPOINT} names another host than the token URL; AEM uses the token URL"
            yield Problem("endpoint-differs", INFO, message, of_endpoint=True)


def _format_problem(broken: str) -> Problem:
    message = f"the token URL is a Java format, and {broken} breaks it: only %s, for the endpoint, and %% are of use"
    return Problem("token-url-percent", ERROR, message, "Remove the %, or write %% for one that is meant")


def of(document: Document) -> Address:
    """The address of a provider."""
    return address(document.text(TOKEN_URL) or "", document.text(ENDPOINT))


def address(template: str, endpoint: str | None = None) -> Address:
    """The address that AEM makes of a token URL and an endpoint; never raises."""
    endpoint = endpoint or ""
    url, broken = (template, "") if "%" not in template else _Formatter(endpoint).format(template)
    if broken or (not endpoint and needs_endpoint(template)):
        return Address(template, endpoint, "", broken)
    found = _PARTS.fullmatch(url)
    if found is None:
        return Address(template, endpoint, url, "")
    return Address(
        template, endpoint, url, "", found["scheme"].lower(), ascii_host(found["host"]), found["path"]
    )


def _is_illegal(url: str) -> bool:
    """Whether AEM can open no connection to a URL.

    `java.net.URI` refuses a character that has to be escaped and brackets that hold no address, a socket a port that
    does not exist, and no name server knows a host whose name is none.
    """
    found = _PARTS.fullmatch(url)
    if found is None or _NOT_IN_A_URI.search(url):
        return True
    if not can_exist(ascii_host(found["host"])):
        return True
    port = (found["port"] or "")[1:]
    if port and not 0 < int(port[:9]) < 65536:
        return True
    around = url[: found.start("host")] + found["path"]
    return "[" in around or "]" in around


def _secret_in(url: str) -> str:
    """What may be secret in a URL, in words; empty when there is nothing."""
    found = _PARTS.fullmatch(url)
    if found is None:
        return ""
    if found["user"]:
        return "a user name or password"
    return "a secret in its query" if "secret" in (found["query"] or "").lower() else ""


def needs_endpoint(template: str) -> bool:
    """Whether a token URL has a place for the endpoint."""
    return "%" in template and _Formatter("\0").format(template) != _Formatter("").format(template)


def is_exchange(url: str) -> bool:
    """Whether a URL is that of the JWT exchange."""
    return EXCHANGE_PATH.removeprefix("/ims/") in url.lower()


def is_adobes(host: str) -> bool:
    """Whether a host is one of Adobe's IMS, as far as Adobe's documentation and client code name them."""
    return bool(_ADOBES.fullmatch(host.lower()))


def can_exist(host: str) -> bool:
    """Whether a host, in ASCII, has the form of a name or of an address."""
    return bool(_HOST_FORM.fullmatch(host.lower()))


def ascii_host(host: str) -> str:
    """A host in ASCII, so that one that only looks like another is seen (RFC 3492, Punycode)."""
    host = host.lower()
    if host.isascii():
        return host
    return ".".join(
        part if part.isascii() else f"xn--{part.encode('punycode').decode('ascii')}"
        for part in re.split("[.\u3002\uff0e\uff61]", host)
    )


def shown(url: str) -> str:
    """A URL for people: its host in ASCII, and without what may be secret in it (user, password, query)."""
    found = _PARTS.fullmatch(url)
    if found is None:
        return "(not a URL)"
    query = f"?{MASK}" if found["query"] else ""
    host = f"{ascii_host(found['host'])}{found['port'] or ''}"
    return printable(f"{found['scheme'].lower()}://{host}{found['path']}{query}"[:_LONGEST])


# --- String.format ---------------------------------------------------------------------------------------------


class _Formatter:
    """`java.util.Formatter` with one argument, a text. A specifier is what Java's own `fsRegex` takes for one."""

    _SPECIFIER = (
        r"%(?:(?P<index>[0-9]+)\$)?(?P<flags>[-#+ 0,(<]*)(?P<width>[0-9]+)?(?:\.(?P<precision>[0-9]+))?"
        r"(?P<conversion>[tT]?[a-zA-Z%])"
    )

    def __init__(self, argument: str) -> None:
        self._argument = argument
        self._taken = self._had_one = False

    def format(self, template: str) -> tuple[str, str]:
        """The text; or empty, and the part of the template that throws or puts something else there."""
        parts, at = [], 0
        for found in re.finditer(self._SPECIFIER, template):
            between = template[at : found.start()]
            text = None if "%" in between else self._text(found)
            if text is None:
                return "", printable((between[between.find("%") :] if "%" in between else "") + found[0])
            parts += [between, text]
            at = found.end()
        rest = template[at:]
        return ("", printable(rest[rest.index("%") :])) if "%" in rest else ("".join([*parts, rest]), "")

    def _text(self, found: re.Match[str]) -> str | None:
        """What takes the place of a specifier: the argument, or a %; None where Java throws, or gives another text."""
        if found[0] == "%%":
            return "%"
        flags, width, precision = found["flags"], int(found["width"] or 0), found["precision"]
        is_text = found["conversion"] in ("s", "S") and flags in ("", "-", "<", "-<", "<-")
        if (
            not is_text
            or width > _LONGEST
            or ("-" in flags and not width)
            or not self._has(found["index"], flags)
        ):
            return None
        text = self._argument if precision is None else self._argument[: int(precision)]
        text = text.upper() if found["conversion"] == "S" else text
        return text.ljust(width) if "-" in flags else text.rjust(width)

    def _has(self, index: str | None, flags: str) -> bool:
        """Whether there is an argument for a specifier: the first for `1$` or, once, for none; the last for `<`."""
        if "<" in flags:
            return self._had_one
        is_there = int(index) == 1 if index is not None else not self._taken
        self._taken = self._taken or index is None
        self._had_one = True
        return is_there
