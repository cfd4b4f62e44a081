"""Validating an instance as a whole: what is seen of it, and a token for the values that run there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from migrate.ims.check import TokenReport, check_token
from migrate.ims.client import Connection
from migrate.ims.configured import Integration, of_documents
from migrate.ims.credentials.credential import Credentials
from migrate.ims.credentials.errors import CredentialsError
from migrate.integration.findings import Finding
from migrate.integration.settings import Settings
from migrate.plans import inventory
from migrate.plans.instance.view import look
from migrate.plans.validation import reading
from migrate.plans.validation.reading import Look
from migrate.plans.validation.running import Pair, pair
from migrate.plans.validation.seen import Seen, Token
from migrate.plans.validation.validation import Validation
from migrate.plans.validation.verdict import judge
from migrate.targets.base import Target, TargetError
from migrate.targets.instance.access import Access
from migrate.targets.instance.reader import InstanceReader
from migrate.targets.instance.session import WritingSession
from migrate.targets.opening import open_target

_NOTHING_TO_ASK_WITH = frozenset({"secret-missing", "not-migrated"})
"""What keeps a token from being asked for without being a fault, or one that another check tells of."""


def running(target: Target, access: Access | None, settings: Settings) -> Integration:
    """The provider that runs on an instance, and its customizer: what makes AEM send what it sends. Reads only.

    Raises:
        TargetError: the instance cannot be used, its web console is closed, or no such provider runs.
    """
    with open_target(target, access) as reader:
        assert isinstance(reader, InstanceReader)
        view = look(reader, inventory.take(reader))
        if view.console is None:
            assert reader.closed is not None
            raise reader.closed
    found = pair(view.standing, settings)
    if found.provider is None:
        raise TargetError(f"{target}: no provider named {settings.profile.provider_name} runs there")
    return _integration(found, f"{target}: {found.provider.live.pid}")


def _integration(found: Pair, path: str) -> Integration:
    assert found.provider is not None  # who has none has said so
    return of_documents(
        found.provider.document, found.customizer.document if found.customizer else None, path
    )


def ask(
    seen: Seen,
    settings: Settings,
    connection: Connection,
    notify: Callable[[Finding], None] = lambda finding: None,
) -> Token:
    """Ask IMS, when there is enough to ask with.

    Args:
        settings: the profile, and the secret for an instance whose own cannot be read.
        connection: how to reach IMS.
        notify: takes what is worth saying of the values.
    """
    found = pair(seen.standing, settings)
    if found.provider is None:
        return Token("not asked", "no provider runs, so there is nothing to ask for a token with")
    try:
        report = check_token(
            _integration(found, found.provider.live.pid),
            Credentials(client_id=None, secret=settings.secret),
            profile=settings.profile,
            connection=connection,
            notify=notify,
        )
    except CredentialsError as error:
        outcome = "not asked" if error.rule in _NOTHING_TO_ASK_WITH else "impossible"
        return Token(outcome, f"no token was asked for: {error.message}", error.fix)
    return of_report(report)


def of_report(report: TokenReport) -> Token:
    """What a report comes to."""
    if report.error is not None:
        error = report.error
        outcome = "refused" if error.refused else "impossible" if error.usage else "unreachable"
        return Token(outcome, f"no token with the values that run: {report.error}")
    wrong = [finding for finding in report.findings if finding.severity == "error"]
    if not report.ok:
        return Token(
            "refused",
            wrong[0].message if wrong else "the token cannot be used",
            wrong[0].fix if wrong else "",
        )
    scopes = ", ".join(report.granted_scopes or ())
    return Token(
        "granted", f"IMS gives a token with the values that run{f', for {scopes}' if scopes else ''}"
    )


def look_at(
    target: Target, access: Access | None, settings: Settings, look: Look, connection: Connection | None
) -> Validation:
    """Look at an instance, and judge.

    Raises:
        TargetError: the instance cannot be used, or its web console is closed.
    """
    seen = _read(target, access, settings, look)
    if "token" not in look.left_out:
        seen = seen._replace(token=ask(seen, settings, connection or Connection()))
    return _judged(target, seen, settings)


def look_again(
    before: Validation, target: Target, access: Access | None, settings: Settings, look: Look
) -> Validation:
    """Look a second time at what may have changed by itself: not at the assets, and without another token.

    Raises:
        TargetError: the instance cannot be used any more.
    """
    seen = _read(target, access, settings, look._replace(training=None))
    seen = seen._replace(token=before.seen.token, training=before.seen.training)
    return _judged(target, seen, settings)._replace(before=before)


def _read(target: Target, access: Access | None, settings: Settings, look: Look) -> Seen:
    with open_target(target, access) as reader:
        assert isinstance(reader, InstanceReader)
        if "jmx" in look.left_out:
            return reading.read(reader, None, settings, look)
        with WritingSession(target, access or Access()) as caller:
            return reading.read(reader, caller, settings, look)


def _judged(target: Target, seen: Seen, settings: Settings) -> Validation:
    now = datetime.now(UTC)
    return Validation(target.name, now, seen, judge(seen, settings, now))
