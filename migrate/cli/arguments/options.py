"""The options and arguments of the verbs; what one verb alone has may stand with it. `declaring` makes them typer's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
from migrate.cli.arguments.declaring import argument, option

PlanTargets = Annotated[
    list[str] | None,
    argument("TARGET...", "Folders, files, content packages or URLs; the folder itself with --create."),
]
Targets = Annotated[list[str] | None, argument("TARGET...", "Folders, files, content packages or URLs.")]
CredentialsFile = Annotated[
    str | None, option("--credentials FILE", "Developer Console JSON, project JSON, or .env; - is stdin.")
]
CredentialName = Annotated[str | None, option("--credential NAME", "Which credential of a project JSON.")]
SecretIndex = Annotated[int | None, option("--secret-index N", "Which of two secrets, from 1.")]
ClientId = Annotated[str | None, option("--client-id ID", "The OAuth credential's client id.")]
OrgId = Annotated[str | None, option("--org-id ID", "The organisation, ...@AdobeOrg.")]
ScopeOption = Annotated[
    str | None, option("--scope SCOPES", "Scopes, separated by commas; the profile's by default.")
]
TokenUrl = Annotated[str | None, option("--token-url URL", "Token endpoint; the profile's by default.")]
SecretEnv = Annotated[
    str | None, option("--client-secret-env NAME", "Environment variable with the client secret.")
]
SecretFile = Annotated[
    str | None, option("--client-secret-file FILE", "File with the client secret; - is stdin.")
]
SecretCommand = Annotated[
    str | None, option("--client-secret-command COMMAND", "Command that prints the client secret.")
]
SecretPlaceholder = Annotated[
    str | None,
    option(
        "--secret-placeholder TEXT",
        "Write this in place of a secret, for files in git: '$[secret:scs]', '${scs.secret}'.",
    ),
]
ProfileFile = Annotated[
    Path | None, option("--profile FILE", "Another integration on the same two factories (TOML).")
]
Only = Annotated[
    list[str] | None, option("--only PASS,...", "Run only these passes; `slingshift passes` lists them.")
]
Skip = Annotated[
    list[str] | None, option("--skip PASS,...", "Leave these passes out; `slingshift passes` lists them.")
]
PreferOption = Annotated[Prefer | None, option("--prefer", "Which file wins when F.N and F-N both stand.")]
ValuesOption = Annotated[
    Values | None, option("--values", "Whose values count where an instance runs others than the file has.")
]
Pick = Annotated[str | None, option("--pick FILE-NAME", "The file to take where several could be meant.")]
CreateIn = Annotated[
    str | None, option("--create FOLDER", "Make the pair in this folder of the target (new integration).")
]
InstanceName = Annotated[str, option("--instance-name N", "The name of the pair that --create makes.")]
Installer = Annotated[
    str | None,
    option(
        "--installer VERSION",
        "Version of installer.factory.configuration on the instance that files are meant for.",
    ),
]
NoIgnore = Annotated[bool, option("--no-ignore", "Read target/, node_modules/ and what git ignores, too.")]
Yes = Annotated[bool, option("--yes -y", "Do not ask.")]
TargetsFrom = Annotated[
    str | None, option("--targets-from FILE", "More targets, one on each line; - is standard input.")
]
FailOn = Annotated[
    list[str] | None,
    option(
        "--fail-on STATE,...",
        "Exit code 1 where one is found: jwt, mixed, stale, oauth, unreadable, other-jwt, no-provider.",
    ),
]
SuggestProfile = Annotated[
    str | None, option("--suggest-profile NAME", "Print a profile made of the provider of this name.")
]
FleetFile = Annotated[
    str | None, option("--fleet FILE", "The targets of a fleet file (TOML), or of aemc's aem.yml.")
]
Limit = Annotated[
    list[str] | None, option("--limit NAME,...", "Of the fleet: names, patterns of them, or tag:NAME.")
]
Waves = Annotated[
    list[str] | None, option("--wave WAVE", "Of the fleet: this wave alone; those before it must be done.")
]
JobsOption = Annotated[
    int | None, option("--jobs N", "Targets at a time; by default one a core.", between=(1, 64))
]
ApplyJobs = Annotated[int | None, option("--jobs N", "Targets at a time; by default one.", between=(1, 64))]
FailFast = Annotated[bool, option("--fail-fast", "Stop at the first target that fails, instead of going on.")]
PlanFormatOption = Annotated[PlanFormat, option("--format", "How to print the result.")]
Patch = Annotated[
    Path | None,
    option("--patch FILE", "Write a patch for `git apply`, readable by you alone: real secrets are in it."),
]
Stat = Annotated[bool, option("--stat", "A line for each file in place of the diff.")]
ReportFormatOption = Annotated[ReportFormat, option("--format", "How to print the result.")]
FormatOption = Annotated[Format, option("--format", "How to print the result.")]
ColorOption = Annotated[Color, option("--color", "Colours; NO_COLOR is honoured.")]
ShowSecrets = Annotated[bool, option("--show-secrets", "Do not mask secrets; on a terminal only.")]
Quiet = Annotated[bool, option("--quiet -q", "Print the result and errors only.")]
Verbose = Annotated[bool, option("--verbose -v", "Print findings that only inform, too.")]
FormOption = Annotated[
    Form | None, option("--form", "Form of standard input (config by default) and of files with other names.")
]

PlatformOption = Annotated[
    Platform | None,
    option("--platform", "Which AEM is meant: aem65 by default; with any, every reader must agree."),
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
SOUGHT = {name: REQUEST[name] for name in ("profile", "installer", "platform", "no_ignore")}
"""Likewise those that say what is looked for, and which AEM is meant: for a parameter `sought`."""
REQUESTS = {"request": REQUEST, "asked": ASKED, "wanted": WANTED, "sought": SOUGHT}
"""The parameters of verbs that stand for a request, with their options."""

User = Annotated[str | None, option("--user NAME", "Who asks an instance; the password is asked for.")]
PasswordEnv = Annotated[
    str | None, option("--password-env NAME", "Environment variable with the user's password.")
]
PasswordFile = Annotated[
    str | None, option("--password-file FILE", "File with the user's password; - is stdin.")
]
PasswordCommand = Annotated[
    str | None, option("--password-command COMMAND", "Command that prints the user's password.")
]
CaBundle = Annotated[
    Path | None, option("--ca-bundle FILE", "PEM authorities to trust instead of the system's.")
]
Fingerprint = Annotated[
    str | None, option("--fingerprint sha256:HEX", "The one certificate to trust, for self-signed instances.")
]
AllowHttp = Annotated[
    bool, option("--allow-http", "Send password and secrets in the clear to another machine.")
]
Proxy = Annotated[
    str | None, option("--proxy URL", "Way to instances, instead of the environment's proxies.")
]
InstanceTimeout = Annotated[
    float, option("--timeout S", "Seconds for one request to an instance.", between=(0.1, 3600))
]

# plan and apply
PlanOut = Annotated[
    Path | None, option("--out FILE", "Save the plan for `apply --plan`; no secret is in it.")
]
ReportTo = Annotated[
    list[str] | None,
    option(
        "--report FILE", "Write what was found and done for others: FILE.html, .md or .json; may be repeated."
    ),
]
Evidence = Annotated[
    list[str] | None,
    option(
        "--evidence FILE",
        "Put this JSON of check-token, validate or --report into the report; may be repeated.",
    ),
]
PlanFile = Annotated[Path | None, option("--plan FILE", "Carry out what `plan --out` saved.")]
Root = Annotated[
    Path | None,
    option("--root DIR", "Where the saved plan's relative targets are, instead of where it was made."),
]
RequireApproval = Annotated[
    Path | None,
    option(
        "--require-approval SIGNERS",
        "Only a saved plan with a signature, PLAN.sig, by one of these (`ssh-keygen -Y`, allowed signers).",
    ),
]
Resume = Annotated[
    bool, option("--resume", "Finish a run that was interrupted: the newest, or `--resume RUN`.")
]

Wait = Annotated[
    float, option("--wait S", "Seconds until an instance runs what it is given.", between=(0, 3600))
]
KeepToken = Annotated[bool, option("--keep-token", "Leave the cached token of an instance where it is.")]
Restart = Annotated[
    Restarted | None, option("--restart", "Restart these on an instance; nothing by default.")
]
RepositoryOnly = Annotated[
    bool,
    option("--repository-only", "Swap files without the web console, and list what is to be done there."),
]
NoValidate = Annotated[
    bool, option("--no-validate", "Do not look at an instance again when the run is done.")
]

# package
PackageTarget = Annotated[str, argument(None, "A folder, a file, a content package or a URL.")]
PackageOut = Annotated[Path, option("--out FILE.zip", "The package; its way back stands beside it.")]
PackageBack = Annotated[Path | None, option("--back FILE.zip", "The way back, when not FILE-back.zip.")]

# undo
Forget = Annotated[
    bool, option("--forget", "Give the run up: its journal goes, and what it left on an instance.")
]
RunId = Annotated[str | None, argument("RUN", "The run; the newest that can be taken back by default.")]
RunOption = Annotated[str | None, option("--run RUN", "The same as an option, for scripts.")]
UndoTargets = Annotated[
    list[str] | None,
    option("--target T", "The newest run on this target; may be repeated. With --list, its runs."),
]
UndoDiff = Annotated[bool, option("--diff", "Show what would come back, masked, and change nothing.")]
Prune = Annotated[bool, option("--prune", "Delete journals of settled runs; they cannot be taken back then.")]
OlderThan = Annotated[str | None, option("--older-than AGE", "For --prune: 90d, 12h or 4w.")]
ListRuns = Annotated[bool, option("--list", "List the runs, oldest first, and change nothing.")]
UndoVerbose = Annotated[bool, option("--verbose -v", "Say where the run's journal is, too.")]

# lint, fmt, convert and show
TextTargets = Annotated[
    list[str], argument("TARGET...", "Folders, files, content packages; - is standard input.")
]
LintTargets = Annotated[
    list[str] | None,
    argument("TARGET...", "Folders, files, content packages, running instances; - is standard input."),
]
ShownPaths = Annotated[
    list[str],
    argument("TARGET...", "Folders, files, content packages, running instances; - is standard input."),
]
Select = Annotated[list[str] | None, option("--select RULE,...", "Only these rules.")]
Ignore = Annotated[list[str] | None, option("--ignore RULE,...", "Not these rules.")]
Fix = Annotated[bool, option("--fix", "Repair what leaves no doubt.")]
FixDiff = Annotated[bool, option("--diff", "Show what --fix would change; write nothing.")]
LintFormatOption = Annotated[LintFormat, option("--format", "How to print the hazards.")]
Baseline = Annotated[Path | None, option("--baseline FILE", "Let pass the hazards that this file holds.")]
SchemaFiles = Annotated[
    list[str] | None, option("--schema FILE", "A bundle, or the SDK's feature: what services ask for.")
]
WriteBaseline = Annotated[
    bool, option("--write-baseline", "Write all hazards of now into the --baseline FILE.")
]
FailOnOption = Annotated[Severity, option("--fail-on", "The mildest hazard that makes the exit code 1.")]
LintQuiet = Annotated[bool, option("--quiet -q", "No summary, no progress.")]
LintVerbose = Annotated[bool, option("--verbose -v", "Print what only informs, too.")]
Check = Annotated[bool, option("--check", "Write nothing; exit code 1 if a layout would change.")]
FmtDiff = Annotated[bool, option("--diff", "Show the changes; write nothing.")]
KeepOrder = Annotated[bool, option("--keep-order", "Leave the properties in their order.")]
EolOption = Annotated[
    Eol | None, option("--eol", "Line ends: the file's own, or these; else those of AEM's writers.")
]
NoJournal = Annotated[
    bool,
    option(
        "--no-journal", "Keep no way back: write only what git tracks and could bring back, byte for byte."
    ),
]
FmtQuiet = Annotated[bool, option("--quiet -q", "Errors only.")]
To = Annotated[Form, option("--to", "The new form.")]
Replace = Annotated[bool, option("--replace", "Remove the old files; META-INF follows.")]
Allow = Annotated[
    list[str] | None,
    option("--allow KIND,...", "Losses that are no reason to refuse: comments, integer, ..."),
]
AllowLossy = Annotated[bool, option("--allow-lossy", "The same as --allow all.")]
Placeholders = Annotated[
    bool, option("--placeholders", "With --platform cloud: $[secret:NAME] for secrets; names are listed.")
]
ConvertOut = Annotated[str | None, option("--out DIR", "Folder for the new files; else beside the old.")]
DryRun = Annotated[bool, option("--dry-run", "Write nothing; exit code 1 if a file would be made.")]
ConvertFormatOption = Annotated[ShowFormat, option("--format", "How to print the result.")]
ExplainTargets = Annotated[
    list[str], argument("TARGET...", "Folders, files and content packages; or one running instance.")
]
RunModes = Annotated[
    str | None, option("--run-modes MODE,...", "The active ones; without it all that the folders ask for.")
]
OfPid = Annotated[str | None, option("--pid PID", "Only this one; of a factory PID all its instances.")]
ShowFormatOption = Annotated[ShowFormat, option("--format", "How to print.")]
ShowInstaller = Annotated[
    str | None,
    option("--installer BUILD", "Version of installer.factory.configuration; the platform's by default."),
]
