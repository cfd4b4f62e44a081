"""What the options of plan, apply, scan and check-token say, as settings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from migrate.cli.errors import UsageError
from migrate.integration.request import Request as Request

if TYPE_CHECKING:
    from grammar.pids import InstallerBuild
    from grammar.platforms import Platform
    from migrate.integration.findings import Finding
    from migrate.integration.profile import Profile
    from migrate.integration.settings import Settings


def refuse_empty(given: Mapping[str, object]) -> None:
    """Refuse when an option is there and empty: a variable that was not set, most likely."""
    for name, value in given.items():
        if isinstance(value, str) and not value.strip():
            option = name if name.isupper() else "--" + name.replace("_", "-")
            raise UsageError(f"{option} is empty; was a variable not set?")


def refuse_lonely(request: Request) -> None:
    """Refuse when an option is there without the file that it chooses from."""
    for option, value in (("--credential", request.credential), ("--secret-index", request.secret_index)):
        if value is not None and request.credentials is None:
            raise UsageError(f"{option} chooses from a file: give it with --credentials FILE")


def platform_of(named: str | None, targets: Sequence[str]) -> Platform:
    """Which AEM is meant: what the command line says, else the settings of the first target that is a path."""
    from grammar import platforms
    from migrate.lint import settings

    paths = [target for target in targets if target != "-"]
    if named is not None or not paths:
        return platforms.of(named)
    try:
        return settings.load(paths[0]).platform
    except settings.SettingsError as error:
        raise UsageError(str(error)) from None


def without_pid(targets: list[str]) -> tuple[list[str], str | None]:
    """The targets, and the PID that stands behind them, where the last one is no path."""
    import os

    from grammar.forms import form_of

    *paths, last = targets
    if paths and "/" not in last and last != "-" and not os.path.lexists(last) and form_of(last) is None:
        return paths, last
    return targets, None


def build_of(installer: str | None, meant: Platform) -> InstallerBuild:
    """Whose rules make PIDs of names: the build that is named, else the platform's."""
    from grammar.pids import InstallerBuild

    try:
        return InstallerBuild.of(installer or meant.factory or "1.2.0")
    except ValueError as error:
        raise UsageError(str(error)) from None


def settings_of(request: Request, targets: Sequence[str] = ()) -> tuple[Settings, list[Finding]]:
    """The settings, and what is worth saying about the credential. Refuses when they make no sense.

    The first of the targets says which AEM is meant, where the request does not and its folder has a table for it.
    """
    from grammar.errors import GrammarError
    from grammar.pids import InstallerBuild
    from migrate.cli.credentials import given
    from migrate.integration import profile as profiles
    from migrate.integration import scopes
    from migrate.integration.settings import Settings

    refuse_empty(request.to_json())
    refuse_lonely(request)
    profile = profiles.load(request.profile)
    try:
        meant = platform_of(request.platform, targets)
        installer = request.installer or (None if meant.is_assumed else meant.factory)
        build = InstallerBuild.V1_2 if installer is None else InstallerBuild.of(installer)
    except (ValueError, GrammarError) as error:
        raise UsageError(str(error)) from None
    asked = profile.scopes if request.scope is None else scopes.split(request.scope)
    credential, findings = given.new_credential(request, asked, profile.scopes)
    profile = profile._replace(scopes=asked)
    if request.token_url is not None:
        profile = profile._replace(token_url=request.token_url)
    if not profile.scopes:
        raise UsageError("--scope names no scope")
    _refuse_token_url(profile, request)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", request.instance_name):
        raise UsageError(
            "--instance-name is a part of a file name: letters, digits, - and _ only, at most 64"
        )
    settings = Settings(
        profile=profile,
        client_id=credential.client_id,
        org_id=credential.org_id,
        secret=credential.secret,
        prefer=request.prefer,
        pick=request.pick,
        create_in=request.create,
        instance_name=request.instance_name,
        values=request.values,
        installer=build,
        version=installer,
    )
    return settings, findings


def refuse_no_time(timeout: float) -> None:
    """Raise UsageError for a --timeout that no clock reaches."""
    if not timeout > 0:  # NaN passes every range
        raise UsageError("--timeout is not a number of seconds")


def _refuse_token_url(profile: Profile, request: Request) -> None:
    """Refuse when AEM would refuse the token URL, whatever endpoint a file may have for its %s."""
    from migrate.integration import token_url

    endpoint = token_url.HOST if request.create is None else None
    error = token_url.address(profile.token_url, endpoint).error
    if error is not None:
        raise UsageError(f"{error.message}. {error.fix}")
