"""What an instance answers, or what comes instead of an answer, told apart so that each has its own cure."""

from __future__ import annotations

import enum

from migrate.targets.base import LostError


class Rule(enum.Enum):
    """What it was. The values are stable (docs/instance.md)."""

    # The instance is there, and does not let us.
    CREDENTIALS_MISSING = "credentials-missing"
    CREDENTIALS_REFUSED = "credentials-refused"
    LOGIN_PAGE = "login-page"
    FORBIDDEN = "forbidden"
    CONSOLE_FORBIDDEN = "console-forbidden"
    CONSOLE_HIDDEN = "console-hidden"
    NOT_FOUND = "not-found"
    # It is not there, or what is there is not an AEM.
    DNS = "dns"
    CONNECTION_REFUSED = "connection-refused"
    UNREACHABLE = "unreachable"
    CONNECTION_LOST = "connection-lost"
    TLS_UNKNOWN_CA = "tls-unknown-ca"
    TLS_HOSTNAME = "tls-hostname"
    TLS_EXPIRED = "tls-expired"
    TLS_FINGERPRINT = "tls-fingerprint"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROXY = "proxy"
    NOT_HTTP = "not-http"
    TOO_LARGE = "too-large"
    REDIRECT = "redirect"
    STARTING = "starting"
    SERVER_ERROR = "server-error"
    STATUS = "status"
    HTML = "html"
    NOT_AS_EXPECTED = "not-as-expected"
    # Nothing was sent, because what was asked for cannot be.
    HTTP_ONLY = "http-only"
    CA_BUNDLE = "ca-bundle"
    PROXY_URL = "proxy-url"
    BAD_VALUE = "bad-value"


_REFUSALS = frozenset(
    {
        Rule.CREDENTIALS_MISSING,
        Rule.CREDENTIALS_REFUSED,
        Rule.LOGIN_PAGE,
        Rule.FORBIDDEN,
        Rule.CONSOLE_FORBIDDEN,
        Rule.CONSOLE_HIDDEN,
        Rule.NOT_FOUND,
    }
)
_PASSING = frozenset({Rule.CONNECTION_LOST, Rule.STARTING, Rule.SERVER_ERROR, Rule.NOT_AS_EXPECTED})
_RESTARTING = frozenset({Rule.CONNECTION_REFUSED, Rule.CONSOLE_HIDDEN})
"""What an instance that was restarted answers on its way, before and after the 503: nobody listens yet, the console's
pages are not there yet. Somewhere else the same says that the address is wrong."""
_NEVER = frozenset({501, 505})
"""Statuses that say what a server cannot do, today or later."""
_USAGE = frozenset({Rule.HTTP_ONLY, Rule.CA_BUNDLE, Rule.PROXY_URL, Rule.BAD_VALUE})


class InstanceError(LostError):
    """An instance that cannot be used; one line. Holds no password and nothing of an answer's body.

    Attributes:
        rule: what it was.
        where: the address that was asked, without a password.
        message: it in one line.
        fix: what to do about it; may be empty.
        status: the HTTP status, when there was an answer.
        maybe_done: whether a request that changes something may have been carried out all the same.
    """

    def __init__(
        self,
        rule: Rule,
        where: str,
        message: str,
        fix: str = "",
        *,
        status: int | None = None,
        maybe_done: bool = False,
    ) -> None:
        super().__init__(message)
        self.rule = rule
        self.where = where
        self.message = message
        self.fix = fix
        self.status = status
        self.maybe_done = maybe_done

    @property
    def refused(self) -> bool:
        """It is there and does not let us (exit code 5)."""
        return self.rule in _REFUSALS

    @property
    def usage(self) -> bool:
        """Nothing was sent (exit code 2)."""
        return self.rule in _USAGE

    @property
    def passes(self) -> bool:
        """It may be over in a moment: the instance starts, or what it was about to tell changed under it.

        Felix's console walks a list of configurations, and answers 500 when one of them is deleted meanwhile
        (``ConfigurationAdapter.checkDeleted``); or half of its list has been sent by then.
        """
        return self.rule in _PASSING and self.status not in _NEVER

    @property
    def passes_in_time(self) -> bool:
        """It may be over when somebody waits who has reached the instance before."""
        return self.passes or self.rule in _RESTARTING

    def __str__(self) -> str:
        fix = f". {self.fix}" if self.fix else ""
        return f"{self.where}: {self.message}{fix}"
