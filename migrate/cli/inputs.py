"""What the options of plan, apply, scan and check-token say, as settings."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from migrate.cli import console
from migrate.integration.request import Request as Request

if TYPE_CHECKING:
    from migrate.ims.credentials.credential import Credentials
    from migrate.integration.findings import Finding
    from migrate.integration.settings import Settings


def refuse_empty(given: Mapping[str, object]) -> None:
    """Leave with code 2 when an option is there and empty: a variable that was not set, most likely."""
    for name, value in given.items():
        if isinstance(value, str) and not value.strip():
            option = name if name.isupper() else "--" + name.replace("_", "-")
            console.fail(f"{option} is empty; was a variable not set?")


def refuse_lonely(request: Request) -> None:
    """Leave with code 2 when an option is there without the file that it chooses from."""
    for option, value in (("--credential", request.credential), ("--secret-index", request.secret_index)):
        if value is not None and request.credentials is None:
            console.fail(f"{option} chooses from a file: give it with --credentials FILE")


def settings_of(request: Request) -> tuple[Settings, list[Finding]]:
    """The settings, and what is worth saying about the credential. Leaves with code 2 when they make no sense."""
    from grammar.pids import InstallerBuild
    from migrate.integration import profile as profiles
    from migrate.integration.settings import Settings

    refuse_empty(request.to_json())
    refuse_lonely(request)
    try:
        profile = profiles.load(request.profile)
        build = InstallerBuild.of(request.installer)
    except (profiles.ProfileError, ValueError) as error:
        console.fail(str(error))
    credential, findings = _credentials(request, profile.scopes)
    if request.scope is not None:
        from migrate.ims.credentials.credential import split_scopes

        profile = profile._replace(scopes=split_scopes(request.scope))
    if credential.token_url is not None:
        profile = profile._replace(token_url=credential.token_url)
    if not profile.scopes:
        console.fail("--scope names no scope")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", request.instance_name):
        console.fail("--instance-name is a part of a file name: letters, digits, - and _ only, at most 64")
    settings = Settings(
        profile=profile,
        client_id=credential.client_id,
        org_id=credential.org_id,
        secret=credential.secret,
        prefer=request.prefer,
        pick=request.pick,
        create_in=request.create,
        instance_name=request.instance_name,
        installer=build,
    )
    return settings, findings


def _credentials(request: Request, scopes: tuple[str, ...]) -> tuple[Credentials, list[Finding]]:
    """The credential from its file and the options; the secret from where the options say."""
    from migrate.ims.credentials import checks, credential, secret_sources

    try:
        file = None
        if request.credentials is not None:
            file = credential.load(
                request.credentials, credential=request.credential, secret_index=request.secret_index
            )
        secret, found = secret_sources.from_options(request.client_secret_env, request.client_secret_file)
        findings = list(found)
        if request.credentials is not None and file is not None and file.secrets:
            findings += secret_sources.mode_findings(request.credentials)
        if secret is None and file is not None and file.secrets:
            secret = file.need_secret()
        new_credential = request.client_id is not None or file is not None
        if secret is None and new_credential and can_ask():
            secret = secret_sources.from_prompt()
        merged = credential.merge(
            file,
            client_id=request.client_id,
            org_id=request.org_id,
            token_url=request.token_url,
            secret=secret,
        )
    except credential.CredentialsError as error:
        console.fail(str(error))
    return merged, [*findings, *checks.check(merged, scopes, for_aem=True)]


def can_ask() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()
