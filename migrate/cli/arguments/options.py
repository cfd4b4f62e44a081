"""The options and arguments of the verbs, as typer wants them; what only check-token or sandbox has stands there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from migrate.cli.arguments.choices import (
    Color,
    Eol,
    Form,
    Format,
    LintFormat,
    PlanFormat,
    Platform,
    Prefer,
    ReportFormat,
    Restarted,
    Severity,
    ShowFormat,
    Values,
)

PlanTargets = Annotated[
    list[str] | None,
    typer.Argument(
        help="Folders, files, content packages or URLs; the folder itself with --create.", metavar="TARGET..."
    ),
]
ScanTargets = Annotated[
    list[str] | None,
    typer.Argument(help="Folders, files, content packages or URLs.", metavar="TARGET..."),
]
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
SecretCommand = Annotated[
    str | None,
    typer.Option("--client-secret-command", metavar="COMMAND", help="Command that prints the client secret."),
]
SecretPlaceholder = Annotated[
    str | None,
    typer.Option(
        "--secret-placeholder",
        metavar="TEXT",
        help="Write this in place of a secret, for files in git: '$[secret:scs]', '${scs.secret}'.",
    ),
]
ProfileFile = Annotated[
    Path | None,
    typer.Option("--profile", metavar="FILE", help="Another integration on the same two factories (TOML)."),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="PASS,...", help="Run only these passes; `slingshift passes` lists them."),
]
Skip = Annotated[
    list[str] | None,
    typer.Option(
        "--skip", metavar="PASS,...", help="Leave these passes out; `slingshift passes` lists them."
    ),
]
PreferOption = Annotated[
    Prefer | None, typer.Option("--prefer", help="Which file wins when F.N and F-N both stand.")
]
ValuesOption = Annotated[
    Values | None,
    typer.Option("--values", help="Whose values count where an instance runs others than the file has."),
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
    str | None,
    typer.Option(
        "--installer",
        metavar="VERSION",
        help="Version of installer.factory.configuration on the instance that files are meant for.",
    ),
]
NoIgnore = Annotated[
    bool, typer.Option("--no-ignore", help="Read target/, node_modules/ and what git ignores, too.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
TargetsFrom = Annotated[
    str | None,
    typer.Option(
        "--targets-from", metavar="FILE", help="More targets, one on each line; - is standard input."
    ),
]
FailOn = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on",
        metavar="STATE,...",
        help="Exit code 1 where one is found: jwt, mixed, stale, oauth, unreadable, other-jwt, no-provider.",
    ),
]
SuggestProfile = Annotated[
    str | None,
    typer.Option(
        "--suggest-profile", metavar="NAME", help="Print a profile made of the provider of this name."
    ),
]
FleetFile = Annotated[
    str | None,
    typer.Option("--fleet", metavar="FILE", help="The targets of a fleet file (TOML), or of aemc's aem.yml."),
]
Limit = Annotated[
    list[str] | None,
    typer.Option("--limit", metavar="NAME,...", help="Of the fleet: names, patterns of them, or tag:NAME."),
]
Waves = Annotated[
    list[str] | None,
    typer.Option(
        "--wave", metavar="WAVE", help="Of the fleet: this wave alone; those before it must be done."
    ),
]
JobsOption = Annotated[
    int | None,
    typer.Option("--jobs", metavar="N", min=1, max=64, help="Targets at a time; by default one a core."),
]
ApplyJobs = Annotated[
    int | None,
    typer.Option("--jobs", metavar="N", min=1, max=64, help="Targets at a time; by default one."),
]
FailFast = Annotated[
    bool, typer.Option("--fail-fast", help="Stop at the first target that fails, instead of going on.")
]
PlanFormatOption = Annotated[PlanFormat, typer.Option("--format", help="How to print the result.")]
Patch = Annotated[
    Path | None,
    typer.Option(
        "--patch",
        metavar="FILE",
        help="Write a patch for `git apply`, readable by you alone: real secrets are in it.",
    ),
]
Stat = Annotated[bool, typer.Option("--stat", help="A line for each file in place of the diff.")]
ReportFormatOption = Annotated[ReportFormat, typer.Option("--format", help="How to print the result.")]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the result.")]
ColorOption = Annotated[Color, typer.Option("--color", help="Colours; NO_COLOR is honoured.")]
ShowSecrets = Annotated[bool, typer.Option("--show-secrets", help="Do not mask secrets; on a terminal only.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the result and errors only.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print findings that only inform, too.")]
FormOption = Annotated[
    Form | None,
    typer.Option("--form", help="Form of standard input (config by default) and of files with other names."),
]

PlatformOption = Annotated[
    Platform | None,
    typer.Option(
        "--platform", help="Which AEM is meant: aem65 by default; with any, every reader must agree."
    ),
]

REQUEST: dict[str, object] = {
    "credentials": CredentialsFile,
    "credential": CredentialName,
    "secret_index": SecretIndex,
    "client_id": ClientId,
    "org_id": OrgId,
    "scope": ScopeOption,
    "token_url": TokenUrl,
    "client_secret_env": SecretEnv,
    "client_secret_file": SecretFile,
    "client_secret_command": SecretCommand,
    "secret_placeholder": SecretPlaceholder,
    "profile": ProfileFile,
    "prefer": PreferOption,
    "pick": Pick,
    "values": ValuesOption,
    "create": CreateIn,
    "instance_name": InstanceName,
    "installer": Installer,
    "no_ignore": NoIgnore,
    "platform": PlatformOption,
}
"""The options that make a request: a verb's parameter of this name stands for them."""
_OF_CHANGES = frozenset({
    "secret_placeholder", "prefer", "values", "create", "instance_name", "installer", "platform",
})  # fmt: skip
ASKED = {name: kind for name, kind in REQUEST.items() if name not in _OF_CHANGES}
"""Likewise those of a request that changes no file: for a parameter `asked`."""
WANTED = {name: kind for name, kind in ASKED.items() if name not in ("pick", "no_ignore")}
"""Likewise those that say what is to run, wherever it comes from: for a parameter `wanted`."""

User = Annotated[
    str | None,
    typer.Option("--user", metavar="NAME", help="Who asks an instance; the password is asked for."),
]
PasswordEnv = Annotated[
    str | None,
    typer.Option("--password-env", metavar="NAME", help="Environment variable with the user's password."),
]
PasswordFile = Annotated[
    str | None,
    typer.Option("--password-file", metavar="FILE", help="File with the user's password; - is stdin."),
]
PasswordCommand = Annotated[
    str | None,
    typer.Option("--password-command", metavar="COMMAND", help="Command that prints the user's password."),
]
CaBundle = Annotated[
    Path | None,
    typer.Option("--ca-bundle", metavar="FILE", help="PEM authorities to trust instead of the system's."),
]
Fingerprint = Annotated[
    str | None,
    typer.Option(
        "--fingerprint", metavar="sha256:HEX", help="The one certificate to trust, for self-signed instances."
    ),
]
AllowHttp = Annotated[
    bool, typer.Option("--allow-http", help="Send password and secrets in the clear to another machine.")
]
Proxy = Annotated[
    str | None,
    typer.Option("--proxy", metavar="URL", help="Way to instances, instead of the environment's proxies."),
]
InstanceTimeout = Annotated[
    float,
    typer.Option("--timeout", metavar="S", min=0.1, max=3600, help="Seconds for one request to an instance."),
]

ACCESS: dict[str, object] = {
    "user": User,
    "password_env": PasswordEnv,
    "password_file": PasswordFile,
    "password_command": PasswordCommand,
    "ca_bundle": CaBundle,
    "fingerprint": Fingerprint,
    "allow_http": AllowHttp,
    "proxy": Proxy,
    "timeout": InstanceTimeout,
}
"""The options that say how to reach instances: a verb's parameter `access` stands for them."""

REACHED = {name: kind for name, kind in ACCESS.items() if name not in ("ca_bundle", "timeout")}
"""Likewise where these two are about Adobe IMS: for a parameter `reached`."""

# plan and apply
PlanOut = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Save the plan for `apply --plan`; no secret is in it."),
]
ReportTo = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="FILE",
        help="Write what was found and done for others: FILE.html, .md or .json; may be repeated.",
    ),
]
Evidence = Annotated[
    list[str] | None,
    typer.Option(
        "--evidence",
        metavar="FILE",
        help="Put this JSON of check-token, validate or --report into the report; may be repeated.",
    ),
]
ApplyTargets = Annotated[
    list[str] | None,
    typer.Argument(help="Folders, files, content packages or URLs.", metavar="TARGET..."),
]
PlanFile = Annotated[
    Path | None,
    typer.Option("--plan", metavar="FILE", help="Carry out what `plan --out` saved."),
]
Root = Annotated[
    Path | None,
    typer.Option(
        "--root",
        metavar="DIR",
        help="Where the saved plan's relative targets are, instead of where it was made.",
    ),
]
RequireApproval = Annotated[
    Path | None,
    typer.Option(
        "--require-approval",
        metavar="SIGNERS",
        help="Only a saved plan with a signature, PLAN.sig, by one of these (`ssh-keygen -Y`, allowed signers).",
    ),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Finish a run that was interrupted: the newest, or `--resume RUN`.")
]

Wait = Annotated[
    float,
    typer.Option(
        "--wait", metavar="S", min=0, max=3600, help="Seconds until an instance runs what it is given."
    ),
]
KeepToken = Annotated[
    bool, typer.Option("--keep-token", help="Leave the cached token of an instance where it is.")
]
Restart = Annotated[
    Restarted | None, typer.Option("--restart", help="Restart these on an instance; nothing by default.")
]
RepositoryOnly = Annotated[
    bool,
    typer.Option(
        "--repository-only", help="Swap files without the web console, and list what is to be done there."
    ),
]
NoValidate = Annotated[
    bool, typer.Option("--no-validate", help="Do not look at an instance again when the run is done.")
]

# package
PackageTarget = Annotated[str, typer.Argument(help="A folder, a file, a content package or a URL.")]
PackageOut = Annotated[
    Path, typer.Option("--out", metavar="FILE.zip", help="The package; its way back stands beside it.")
]
PackageBack = Annotated[
    Path | None, typer.Option("--back", metavar="FILE.zip", help="The way back, when not FILE-back.zip.")
]

# undo
Forget = Annotated[
    bool, typer.Option("--forget", help="Give the run up: its journal goes, and what it left on an instance.")
]
RunId = Annotated[
    str | None, typer.Argument(help="The run; the newest that can be taken back by default.", metavar="RUN")
]
RunOption = Annotated[
    str | None, typer.Option("--run", metavar="RUN", help="The same as an option, for scripts.")
]
UndoTargets = Annotated[
    list[str] | None,
    typer.Option(
        "--target", metavar="T", help="The newest run on this target; may be repeated. With --list, its runs."
    ),
]
UndoDiff = Annotated[
    bool, typer.Option("--diff", help="Show what would come back, masked, and change nothing.")
]
Prune = Annotated[
    bool, typer.Option("--prune", help="Delete journals of settled runs; they cannot be taken back then.")
]
OlderThan = Annotated[
    str | None, typer.Option("--older-than", metavar="AGE", help="For --prune: 90d, 12h or 4w.")
]
ListRuns = Annotated[bool, typer.Option("--list", help="List the runs, oldest first, and change nothing.")]
UndoVerbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say where the run's journal is, too.")]

# lint, fmt, convert and show
TextTargets = Annotated[
    list[str],
    typer.Argument(help="Folders, files, content packages; - is standard input.", metavar="TARGET..."),
]
LintTargets = Annotated[
    list[str] | None,
    typer.Argument(
        help="Folders, files, content packages, running instances; - is standard input.", metavar="TARGET..."
    ),
]
ShownPaths = Annotated[
    list[str],
    typer.Argument(
        help="Folders, files, content packages, running instances; - is standard input.", metavar="TARGET..."
    ),
]
Select = Annotated[list[str] | None, typer.Option("--select", metavar="RULE,...", help="Only these rules.")]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", metavar="RULE,...", help="Not these rules.")]
Fix = Annotated[bool, typer.Option("--fix", help="Repair what leaves no doubt.")]
FixDiff = Annotated[bool, typer.Option("--diff", help="Show what --fix would change; write nothing.")]
LintFormatOption = Annotated[LintFormat, typer.Option("--format", help="How to print the hazards.")]
Baseline = Annotated[
    Path | None,
    typer.Option("--baseline", metavar="FILE", help="Let pass the hazards that this file holds."),
]
SchemaFiles = Annotated[
    list[str] | None,
    typer.Option("--schema", metavar="FILE", help="A bundle, or the SDK's feature: what services ask for."),
]
WriteBaseline = Annotated[
    bool, typer.Option("--write-baseline", help="Write all hazards of now into the --baseline FILE.")
]
FailOnOption = Annotated[
    Severity, typer.Option("--fail-on", help="The mildest hazard that makes the exit code 1.")
]
LintQuiet = Annotated[bool, typer.Option("--quiet", "-q", help="No summary, no progress.")]
LintVerbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print what only informs, too.")]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; exit code 1 if a layout would change.")]
FmtDiff = Annotated[bool, typer.Option("--diff", help="Show the changes; write nothing.")]
KeepOrder = Annotated[bool, typer.Option("--keep-order", help="Leave the properties in their order.")]
EolOption = Annotated[
    Eol | None,
    typer.Option("--eol", help="Line ends: the file's own, or these; else those of AEM's writers."),
]
NoJournal = Annotated[
    bool,
    typer.Option(
        "--no-journal",
        help="Keep no way back: write only what git tracks and could bring back, byte for byte.",
    ),
]
FmtQuiet = Annotated[bool, typer.Option("--quiet", "-q", help="Errors only.")]
To = Annotated[Form, typer.Option("--to", help="The new form.")]
Replace = Annotated[bool, typer.Option("--replace", help="Remove the old files; META-INF follows.")]
Allow = Annotated[
    list[str] | None,
    typer.Option(
        "--allow", metavar="KIND,...", help="Losses that are no reason to refuse: comments, integer, ..."
    ),
]
AllowLossy = Annotated[bool, typer.Option("--allow-lossy", help="The same as --allow all.")]
Placeholders = Annotated[
    bool,
    typer.Option(
        "--placeholders", help="With --platform cloud: $[secret:NAME] for secrets; names are listed."
    ),
]
ConvertOut = Annotated[
    str | None,
    typer.Option("--out", metavar="DIR", help="Folder for the new files; else beside the old."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Write nothing; exit code 1 if a file would be made.")
]
ConvertFormatOption = Annotated[ShowFormat, typer.Option("--format", help="How to print the result.")]
ExplainTargets = Annotated[
    list[str],
    typer.Argument(help="Folders, files and content packages; or one running instance.", metavar="TARGET..."),
]
RunModes = Annotated[
    str | None,
    typer.Option(
        "--run-modes", metavar="MODE,...", help="The active ones; without it all that the folders ask for."
    ),
]
OfPid = Annotated[
    str | None,
    typer.Option("--pid", metavar="PID", help="Only this one; of a factory PID all its instances."),
]
ShowFormatOption = Annotated[ShowFormat, typer.Option("--format", help="How to print.")]
ShowInstaller = Annotated[
    str | None,
    typer.Option(
        "--installer",
        metavar="BUILD",
        help="Version of installer.factory.configuration; the platform's by default.",
    ),
]
