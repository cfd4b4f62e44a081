"""The credential of a command line: its file, the options beside it, the secret from where they say."""

from __future__ import annotations

from dataclasses import replace

from grammar.placeholders import is_name_alone
from migrate.cli import console
from migrate.cli.credentials import sources
from migrate.cli.errors import UsageError
from migrate.ims.credentials import checks, credential, files
from migrate.ims.credentials.credential import Credentials
from migrate.integration.findings import Finding
from migrate.integration.request import Request
from migrate.integration.secret import Secret
from migrate.terminal import printable


def new_credential(
    request: Request, asked: tuple[str, ...], needed: tuple[str, ...]
) -> tuple[Credentials, list[Finding]]:
    """The credential that is to be written, and everything that is worth saying about it.

    Args:
        asked: the scopes that will be asked for.
        needed: those that the service needs.
    """
    placeholder = None if request.secret_placeholder is None else _placeholder(request)
    found, findings = credential_of(request)
    if placeholder is not None:
        found = replace(found, secret=placeholder, secrets=())
    if found.secret is None and found.secrets:
        found = replace(found, secret=found.need_secret())
    is_new = request.client_id is not None or request.credentials is not None
    if found.secret is None and is_new and console.can_ask():
        whose = f" of {printable(found.client_id)}" if found.client_id else ""
        found = replace(found, secret=sources.from_prompt(f"Client secret{whose}"))
    findings += checks.check_requested(asked, needed)
    return found, [*findings, *checks.check(found, asked, for_aem=True)]


def _placeholder(request: Request) -> Secret:
    """What is written in place of a secret.

    Raises:
        UsageError: it is no placeholder, and so may be a secret; or the secret itself is given, too.
    """
    text = request.secret_placeholder or ""
    sources_given = (request.client_secret_env, request.client_secret_file, request.client_secret_command)
    if any(source is not None for source in sources_given):
        raise UsageError("--secret-placeholder takes the place of a secret; leave --client-secret-... out")
    if not is_name_alone(text):
        raise UsageError(
            "--secret-placeholder takes what AEM, or a build, replaces: '$[secret:scs]', '${scs.secret}'. A secret "
            "itself never stands on the command line"
        )
    return Secret(text)


def credential_of(request: Request) -> tuple[Credentials, list[Finding]]:
    """The credential of the file and the options, and what is worth saying about the files that hold secrets.

    Raises:
        CredentialsError: one of them cannot be used.
    """
    file: Credentials | None = None
    findings: list[Finding] = []
    if request.credentials is not None:
        from migrate.ims.credentials import formats

        source = sources.content(request.credentials)
        with sources.option("--credentials"):
            data = source if isinstance(source, bytes) else files.read_limited(source)
        name = files.STDIN if isinstance(source, bytes) else str(source)
        file = formats.read(data, name, credential=request.credential, secret_index=request.secret_index)
        if file.secrets and not isinstance(source, bytes):
            findings += files.mode_findings(source)
    secret, found = sources.given(
        sources.CLIENT_SECRET,
        request.client_secret_env,
        request.client_secret_file,
        request.client_secret_command,
    )
    merged = credential.merge(file, client_id=request.client_id, org_id=request.org_id, secret=secret)
    return merged, [*findings, *found]
