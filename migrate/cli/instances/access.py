"""How the command line reaches instances: who asks, where the password is, whom to trust."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from migrate.cli import console
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.errors import UsageError
from migrate.terminal import printable

if TYPE_CHECKING:
    from migrate.integration.secret import Secret
    from migrate.targets.instance.access import Access


def of(options: AccessOptions, targets: Sequence[str]) -> Access | None:
    """How to reach the instances among some targets; None where there is none.

    Refuses when the options make no sense, or reach nothing.

    Raises:
        CredentialsError: the password is not where they say.
    """
    from migrate.targets.opening import is_url

    refuse_without_url(options, targets)
    if not any(map(is_url, targets)):
        return None
    _refuse(options)
    from migrate.targets.instance.access import Access, fingerprint_of

    try:
        fingerprint = None if options.fingerprint is None else fingerprint_of(options.fingerprint)
    except ValueError as error:
        raise UsageError(f"--fingerprint: {error}") from None
    return Access(
        options.user,
        _password(options, [target for target in targets if is_url(target)]),
        options.ca_bundle,
        fingerprint,
        options.allow_http,
        options.proxy,
        options.timeout,
    )


def refuse_without_url(options: AccessOptions, targets: Sequence[str]) -> None:
    """Raise UsageError where options reach an instance and no target is one."""
    from migrate.targets.opening import is_url

    if options != AccessOptions() and not any(map(is_url, targets)):
        raise UsageError("--user and what belongs to it are for an instance; no TARGET is a URL")


def _refuse(options: AccessOptions) -> None:
    from migrate.cli import inputs

    inputs.refuse_empty(options.said())
    password = (options.password_env, options.password_file, options.password_command)
    if options.user is None and any(one is not None for one in password):
        raise UsageError("a password needs a user: give --user NAME")
    if ":" in (options.user or ""):
        # Not repeated: as others take NAME:PASSWORD, it may hold the password. No name has one (RFC 7617).
        raise UsageError(
            "the name of a user has no colon; give the name alone with --user, and the password with --password-env, "
            "-file or -command"
        )
    inputs.refuse_no_time(options.timeout)


def _password(options: AccessOptions, targets: Sequence[str]) -> Secret | None:
    """The user's password, from where the options say, or asked for."""
    if options.user is None:
        return None
    from migrate.cli.credentials import sources
    from migrate.targets.instance import address

    found, findings = sources.given(
        sources.PASSWORD, options.password_env, options.password_file, options.password_command
    )
    for finding in findings:
        console.line(f"{finding} [{finding.id}]")
    if found is not None:
        return found
    fix = "Give it with --password-env NAME, --password-file FILE or --password-command COMMAND"
    # Named, so that nobody types it for another one than it is sent to.
    where = printable(", ".join(map(address.shown, targets)))
    return sources.from_prompt(f"Password of {printable(options.user)} on {where}", fix)
