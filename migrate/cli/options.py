"""The options that plan, apply and check-token share, and how they become settings."""

from __future__ import annotations

import functools
import inspect
import re
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from migrate.cli import console
from migrate.integration.request import Request as Request

if TYPE_CHECKING:
    from migrate.ims.credentials.credential import Credentials
    from migrate.integration.findings import Finding
    from migrate.integration.settings import Settings


class Format(StrEnum):
    """How a plan or an inventory is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class Color(StrEnum):
    """When colours are used."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Prefer(StrEnum):
    """Which file wins when the dotted and the hyphened one both stand."""

    OLD = "old"
    NEW = "new"


PlanTargets = Annotated[
    list[str] | None,
    typer.Argument(help="Folders, files or content packages; the folder itself with --create."),
]
Targets = Annotated[list[str], typer.Argument(help="Folders, files or content packages.")]
CredentialsFile = Annotated[
    str | None,
    typer.Option(
        "--credentials", metavar="FILE", help="Developer Console JSON, project JSON, or .env; - is stdin."
    ),
]
CredentialName = Annotated[
    str | None, typer.Option("--credential", metavar="NAME", help="Which credential of a project JSON.")
]
SecretIndex = Annotated[
    int | None, typer.Option("--secret-index", metavar="N", help="Which of two secrets, from 1.")
]
ClientId = Annotated[
    str | None, typer.Option("--client-id", metavar="ID", help="The OAuth credential's client id.")
]
OrgId = Annotated[str | None, typer.Option("--org-id", metavar="ID", help="The organisation, ...@AdobeOrg.")]
ScopeOption = Annotated[
    str | None,
    typer.Option("--scope", metavar="SCOPES", help="Scopes, separated by commas; the profile's by default."),
]
TokenUrl = Annotated[
    str | None, typer.Option("--token-url", metavar="URL", help="Token endpoint; the profile's by default.")
]
SecretEnv = Annotated[
    str | None,
    typer.Option("--client-secret-env", metavar="NAME", help="Environment variable with the client secret."),
]
SecretFile = Annotated[
    str | None,
    typer.Option("--client-secret-file", metavar="FILE", help="File with the client secret; - is stdin."),
]
ProfileFile = Annotated[
    Path | None,
    typer.Option("--profile", metavar="FILE", help="Another integration on the same two factories (TOML)."),
]
Only = Annotated[
    list[str] | None, typer.Option("--only", metavar="PASS", help="Run only this pass; may be repeated.")
]
Skip = Annotated[
    list[str] | None, typer.Option("--skip", metavar="PASS", help="Leave this pass out; may be repeated.")
]
PreferOption = Annotated[
    Prefer | None, typer.Option("--prefer", help="Which file wins when F.N and F-N both stand.")
]
Pick = Annotated[
    str | None,
    typer.Option("--pick", metavar="FILE-NAME", help="The file to take where several could be meant."),
]
CreateIn = Annotated[
    str | None,
    typer.Option(
        "--create", metavar="FOLDER", help="Make the pair in this folder of the target (new integration)."
    ),
]
InstanceName = Annotated[
    str, typer.Option("--instance-name", metavar="N", help="The name of the pair that --create makes.")
]
Installer = Annotated[
    str,
    typer.Option(
        "--installer", metavar="VERSION", help="Version of installer.factory.configuration on the instance."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the result.")]
ColorOption = Annotated[Color, typer.Option("--color", help="Colours; NO_COLOR is honoured.")]
ShowSecrets = Annotated[bool, typer.Option("--show-secrets", help="Do not mask secrets; on a terminal only.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the result and errors only.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print findings that only inform, too.")]


_REQUEST: dict[str, object] = {
    "credentials": CredentialsFile,
    "credential": CredentialName,
    "secret_index": SecretIndex,
    "client_id": ClientId,
    "org_id": OrgId,
    "scope": ScopeOption,
    "token_url": TokenUrl,
    "client_secret_env": SecretEnv,
    "client_secret_file": SecretFile,
    "profile": ProfileFile,
    "prefer": PreferOption,
    "pick": Pick,
    "create": CreateIn,
    "instance_name": InstanceName,
    "installer": Installer,
}
"""The options that make a request, as typer wants them."""


def takes_request(verb: Callable[..., None]) -> Callable[..., None]:
    """A verb whose parameter `request` stands, on the command line, for the options that make one."""

    @functools.wraps(verb)
    def command(**given: Any) -> None:
        chosen = {name: given.pop(name) for name in _REQUEST}
        verb(request=Request(**chosen), **given)

    own = inspect.signature(verb, eval_str=True).parameters
    parameters = []
    for name, parameter in own.items():
        if name == "request":
            parameters += [_option(name, kind) for name, kind in _REQUEST.items()]
        else:
            parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


def _option(name: str, kind: object) -> inspect.Parameter:
    default = getattr(Request(), name)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def given(context: typer.Context) -> dict[str, str]:
    """What was written on the command line: the parameters' names, each with the option's spelling."""
    return {
        parameter.name: parameter.opts[-1] if parameter.param_type_name == "option" else "TARGET"
        for parameter in context.command.params
        if parameter.name
        and (source := context.get_parameter_source(parameter.name)) is not None
        and source.name == "COMMANDLINE"
    }


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
