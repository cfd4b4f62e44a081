"""What an answer that is not the one that was asked for means."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from grammar import patterns
from migrate.targets.instance.errors import InstanceError, Rule

CONSOLE = "/system/console"
_LOGIN = patterns.lazy(r"/login\b|/j_security_check|/libs/granite/core/content/login|/signin", re.IGNORECASE)
NOT_CARRIED_OUT = frozenset(
    {
        Rule.CREDENTIALS_MISSING,
        Rule.CREDENTIALS_REFUSED,
        Rule.LOGIN_PAGE,
        Rule.FORBIDDEN,
        Rule.CONSOLE_FORBIDDEN,
    }
)
"""What refuses a POST before it does anything."""


def refusal(where: str, path: str, status: int, location: str, user: str | None) -> InstanceError | None:
    """What a status says against us; None for 2xx.

    Args:
        where: the whole address.
        path: without the context path.
        location: where a redirect leads.
        user: who asked.
    """
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        rule, message, fix = _redirect(location, user)
    elif status == 401:
        rule, message, fix = _unauthorized(user)
    elif status in (403, 404):
        rule, message, fix = _denied(status, path, user)
    elif status == 503:
        rule, message = Rule.STARTING, "the instance is starting, stopping or in maintenance (status 503)"
        fix = "Try again when it has started"
    elif status >= 500:
        rule, message = Rule.SERVER_ERROR, f"the instance fails to answer (status {status})"
        fix = "Its error.log says why"
    else:
        rule, message = Rule.STATUS, f"status {status}, which is no answer that AEM gives here"
        fix = "Check the address, and what stands before the instance"
    return InstanceError(rule, where, message, fix, status=status)


def _unauthorized(user: str | None) -> tuple[Rule, str, str]:
    if user is None:
        return Rule.CREDENTIALS_MISSING, "it wants to know who asks (status 401)", "Give --user NAME"
    message = f"it does not accept the user {user} with this password (status 401)"
    return Rule.CREDENTIALS_REFUSED, message, "Check both; after some wrong ones AEM may lock the user"


def _redirect(location: str, user: str | None) -> tuple[Rule, str, str]:
    if _LOGIN.search(location):
        if user is None:
            return Rule.LOGIN_PAGE, "it sends us to its login page", "Give --user NAME"
        message = f"it sends the user {user} to its login page"
        fix = "Check user and password, and that the instance takes basic authentication"
        return Rule.LOGIN_PAGE, message, fix
    parts = urlsplit(location) if _is_url(location) else None
    there = f" to {parts.scheme}://{parts.hostname}" if parts and parts.hostname else ""
    fix = "Give the address that it leads to, if that is the instance; redirects are not followed"
    return Rule.REDIRECT, f"it sends us elsewhere{there}", fix


def _is_url(text: str) -> bool:
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def _denied(status: int, path: str, user: str | None) -> tuple[Rule, str, str]:
    who = f"the user {user}" if user is not None else "an unknown user"
    if path.startswith(CONSOLE):
        if status == 404:
            message = (
                "the web console does not answer here (status 404): a dispatcher hides it, or it is no AEM"
            )
            return Rule.CONSOLE_HIDDEN, message, "Use the address of the instance itself"
        message = f"the web console is closed to {who} (status 403)"
        fix = "It is open to those whom the configuration of Sling's web console security provider names"
        return Rule.CONSOLE_FORBIDDEN, message, fix
    if status == 403:
        return Rule.FORBIDDEN, f"{who} may not do this (status 403)", "Ask for the rights, docs/instance.md"
    message = f"there is nothing that {who} may see (status 404)"
    return (
        Rule.NOT_FOUND,
        message,
        "Sling says the same where nothing is and where the right to read is missing",
    )


def is_html(content_type: str, body: bytes) -> bool:
    """Whether an answer is a page for people."""
    return "html" in content_type.lower() or body.lstrip()[:1] == b"<"


def not_as_asked(where: str, content_type: str, body: bytes, asked: str) -> InstanceError:
    """Something else than what was asked for, with a status that says otherwise."""
    if is_html(content_type, body):
        message = f"HTML where {asked} was asked for: a login page, a dispatcher's, or no AEM"
        return InstanceError(Rule.HTML, where, message, "Check the address and the user")
    message = f"not the {asked} that AEM gives here"
    return InstanceError(Rule.NOT_AS_EXPECTED, where, message, "Check the address")
