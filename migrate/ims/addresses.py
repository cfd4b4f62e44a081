"""What `check-token` says of the address before it sends a secret there."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.integration import token_url
from migrate.integration.findings import WARNING, Finding
from migrate.integration.token_url import Address
from migrate.transport import is_loopback

_IDS = {"token-host-unknown": "unknown-host", "token-url-path": "token-path", "token-url-jwt": "jwt-url"}
"""How check-token has always called what `plan` and `scan` call otherwise."""


def findings(address: Address, path: str | None) -> Iterator[Finding]:
    """The verdict on a token URL, the one that `plan` has, but for what concerns files only.

    Args:
        path: the file that holds the URL; None where an option gives it. An option may name this very machine by
            plain http, for rehearsals.
    """
    is_here = is_loopback(address.host)
    for problem in address.problems():
        if problem.id == "token-host-unknown":
            yield from unknown_host(address.host, path)
        elif problem.of_endpoint and path is None:
            continue  # the file's endpoint is about the file's URL
        elif problem.id != "token-url-not-https" or (is_here and path is not None):
            # The client refuses what is not https anywhere else, and the report says so.
            rule = _IDS.get(problem.id, problem.id)
            yield Finding(rule, problem.severity, problem.message, problem.fix, path)


def unknown_host(host: str, path: str | None = None) -> Iterator[Finding]:
    """A warning when a host is neither Adobe's nor this machine.

    Args:
        host: in ASCII, as it will be asked for, so that one that only looks like Adobe's is seen.
        path: the file that names it.
    """
    if not token_url.is_adobes(host) and not is_loopback(host):
        message = f"{host or 'the token URL'} is not a host of Adobe IMS, and the client secret is sent to it"
        yield Finding("unknown-host", WARNING, message, f"The usual host is {token_url.HOST}", path)
