"""What the verbs take, as far as a plain command line says it. Made by `make options`; see `compiler`."""

from __future__ import annotations

from enum import Enum

from migrate.cli.arguments import choices

Kind = str | type[Enum]
"""``"flag"``, ``"text"``, ``"texts"`` (may be repeated), ``"path"``, or what the option chooses from."""

OPTIONS: dict[str, tuple[str, Kind]] = {
    "--credentials": ("credentials", "text"),
    "--credential": ("credential", "text"),
    "--client-id": ("client_id", "text"),
    "--org-id": ("org_id", "text"),
    "--scope": ("scope", "text"),
    "--token-url": ("token_url", "text"),
    "--client-secret-env": ("client_secret_env", "text"),
    "--client-secret-file": ("client_secret_file", "text"),
    "--client-secret-command": ("client_secret_command", "text"),
    "--secret-placeholder": ("secret_placeholder", "text"),
    "--profile": ("profile", "path"),
    "--prefer": ("prefer", choices.Prefer),
    "--pick": ("pick", "text"),
    "--values": ("values", choices.Values),
    "--create": ("create", "text"),
    "--instance-name": ("instance_name", "text"),
    "--installer": ("installer", "text"),
    "--no-ignore": ("no_ignore", "flag"),
    "--platform": ("platform", choices.Platform),
    "--user": ("user", "text"),
    "--password-env": ("password_env", "text"),
    "--password-file": ("password_file", "text"),
    "--password-command": ("password_command", "text"),
    "--ca-bundle": ("ca_bundle", "path"),
    "--fingerprint": ("fingerprint", "text"),
    "--allow-http": ("allow_http", "flag"),
    "--proxy": ("proxy", "text"),
    "--targets-from": ("targets_from", "text"),
    "--fleet": ("fleet", "text"),
    "--limit": ("limit", "texts"),
    "--wave": ("wave", "texts"),
    "--only": ("only", "texts"),
    "--skip": ("skip", "texts"),
    "--fail-fast": ("fail_fast", "flag"),
    "--out": ("out", "path"),
    "--report": ("report", "texts"),
    "--evidence": ("evidence", "texts"),
    "--patch": ("patch", "path"),
    "--stat": ("stat", "flag"),
    "--format": ("output", choices.Format),
    "--color": ("color", choices.Color),
    "--show-secrets": ("show_secrets", "flag"),
    "--quiet": ("quiet", "flag"),
    "-q": ("quiet", "flag"),
    "--verbose": ("verbose", "flag"),
    "-v": ("verbose", "flag"),
    "--plan": ("plan_file", "path"),
    "--root": ("root", "path"),
    "--require-approval": ("require_approval", "path"),
    "--resume": ("resume", "flag"),
    "--keep-token": ("keep_token", "flag"),
    "--restart": ("restart", choices.Restarted),
    "--repository-only": ("repository_only", "flag"),
    "--no-validate": ("no_validate", "flag"),
    "--yes": ("yes", "flag"),
    "-y": ("yes", "flag"),
    "--head": ("head", "text"),
    "--run": ("run_option", "text"),
    "--target": ("targets", "texts"),
    "--list": ("list_runs", "flag"),
    "--diff": ("diff", "flag"),
    "--prune": ("prune", "flag"),
    "--older-than": ("older_than", "text"),
    "--forget": ("forget", "flag"),
    "--back": ("back", "path"),
    "--fail-on": ("fail_on", "texts"),
    "--suggest-profile": ("suggest_profile", "text"),
    "--training": ("training", "text"),
    "--again-after": ("again_after", "text"),
    "--ims-ca-bundle": ("ims_ca_bundle", "path"),
    "--legacy-jwt": ("legacy_jwt", "text"),
    "--private-key": ("private_key", "text"),
    "--private-key-password-env": ("private_key_password_env", "text"),
    "--private-key-password-file": ("private_key_password_file", "text"),
    "--metascope": ("metascope", "texts"),
    "--certificate": ("certificate", "text"),
    "--ca-out": ("ca_out", "path"),
    "--behave": ("behave", "text"),
    "--select": ("select", "texts"),
    "--ignore": ("ignore", "texts"),
    "--fix": ("fix", "flag"),
    "--no-journal": ("no_journal", "flag"),
    "--form": ("form", choices.Form),
    "--schema": ("schema", "texts"),
    "--baseline": ("baseline", "path"),
    "--write-baseline": ("write_baseline", "flag"),
    "--check": ("check", "flag"),
    "--keep-order": ("keep_order", "flag"),
    "--eol": ("eol", choices.Eol),
    "--to": ("to", choices.Form),
    "--replace": ("replace", "flag"),
    "--allow": ("allow", "texts"),
    "--allow-lossy": ("allow_lossy", "flag"),
    "--placeholders": ("placeholders", "flag"),
    "--dry-run": ("dry_run", "flag"),
    "--run-modes": ("run_modes", "text"),
    "--pid": ("pid", "text"),
}
"""The parameter that an option sets, and the kind of its value, in the verbs that do not say otherwise."""

VERBS: dict[str, tuple[str, bool, str, dict[str, tuple[str, Kind]], tuple[str, ...]]] = {
    "plan": (
        "targets",
        True,
        (
            "--credentials --credential --client-id --org-id --scope --token-url --client-secret-env "
            "--client-secret-file --client-secret-command --secret-placeholder --profile --prefer "
            "--pick --values --create --instance-name --installer --no-ignore --platform --user "
            "--password-env --password-file --password-command --ca-bundle --fingerprint --allow-http "
            "--proxy --targets-from --fleet --limit --wave --only --skip --fail-fast --out --report "
            "--evidence --patch --stat --format --color --show-secrets --quiet -q --verbose -v"
        ),
        {"--format": ("output", choices.PlanFormat)},
        (),
    ),
    "apply": (
        "targets",
        True,
        (
            "--credentials --credential --client-id --org-id --scope --token-url --client-secret-env "
            "--client-secret-file --client-secret-command --secret-placeholder --profile --prefer "
            "--pick --values --create --instance-name --installer --no-ignore --platform --user "
            "--password-env --password-file --password-command --ca-bundle --fingerprint --allow-http "
            "--proxy --targets-from --fleet --limit --wave --plan --root --require-approval --resume "
            "--only --skip --fail-fast --keep-token --restart --repository-only --no-validate --report "
            "--evidence --yes -y --format --color --quiet -q --verbose -v"
        ),
        {},
        (),
    ),
    "audit": (
        "words",
        True,
        "--head --format",
        {"--format": ("output", choices.ShowFormat)},
        ("words",),
    ),
    "undo": (
        "run",
        False,
        (
            "--user --password-env --password-file --password-command --ca-bundle --fingerprint "
            "--allow-http --proxy --run --target --fleet --limit --list --diff --prune --older-than "
            "--forget --yes -y --format --color --quiet -q --verbose -v"
        ),
        {"--diff": ("show_diff", "flag"), "--format": ("output", choices.ReportFormat)},
        (),
    ),
    "package": (
        "target",
        False,
        (
            "--credentials --credential --client-id --org-id --scope --token-url --client-secret-env "
            "--client-secret-file --client-secret-command --secret-placeholder --profile --prefer "
            "--pick --values --create --instance-name --installer --no-ignore --platform --user "
            "--password-env --password-file --password-command --ca-bundle --fingerprint --allow-http "
            "--proxy --out --back --only --skip --color --quiet -q --verbose -v"
        ),
        {},
        ("target", "out"),
    ),
    "scan": (
        "targets",
        True,
        (
            "--user --password-env --password-file --password-command --ca-bundle --fingerprint "
            "--allow-http --proxy --targets-from --fleet --limit --profile --installer --platform "
            "--no-ignore --fail-on --suggest-profile --fail-fast --format --color --quiet -q --verbose "
            "-v"
        ),
        {},
        (),
    ),
    "validate": (
        "target",
        False,
        (
            "--credentials --credential --client-id --org-id --scope --token-url --client-secret-env "
            "--client-secret-file --client-secret-command --profile --user --password-env "
            "--password-file --password-command --ca-bundle --fingerprint --allow-http --proxy --fleet "
            "--limit --training --again-after --skip --ims-ca-bundle --format --color --quiet -q"
        ),
        {},
        (),
    ),
    "check-token": (
        "targets",
        True,
        (
            "--credentials --credential --client-id --org-id --scope --token-url --client-secret-env "
            "--client-secret-file --client-secret-command --profile --pick --no-ignore --user "
            "--password-env --password-file --password-command --fingerprint --allow-http --proxy "
            "--targets-from --fleet --limit --ca-bundle --legacy-jwt --private-key "
            "--private-key-password-env --private-key-password-file --metascope --certificate --format "
            "--quiet -q --verbose -v"
        ),
        {"--format": ("output", choices.ReportFormat)},
        (),
    ),
    "sandbox": (
        "command",
        True,
        (
            "--ca-out --client-id --client-secret-env --client-secret-file --scope --behave "
            "--legacy-jwt --format"
        ),
        {"--legacy-jwt": ("legacy_jwt", "flag"), "--format": ("output", choices.SandboxFormat)},
        (),
    ),
    "lint": (
        "targets",
        True,
        (
            "--user --password-env --password-file --password-command --ca-bundle --fingerprint "
            "--allow-http --proxy --fleet --limit --select --ignore --fix --diff --no-journal --format "
            "--form --platform --schema --baseline --write-baseline --fail-on --color --no-ignore "
            "--quiet -q --verbose -v"
        ),
        {"--format": ("output", choices.LintFormat), "--fail-on": ("fail_on", choices.Severity)},
        (),
    ),
    "fmt": (
        "targets",
        True,
        "--check --diff --keep-order --eol --no-journal --form --platform --no-ignore --quiet -q",
        {},
        ("targets",),
    ),
    "convert": (
        "targets",
        True,
        (
            "--to --replace --allow --allow-lossy --placeholders --out --dry-run --no-journal --format "
            "--form --no-ignore --platform --quiet -q"
        ),
        {"--out": ("out", "text"), "--format": ("output", choices.ShowFormat)},
        ("targets", "to"),
    ),
    "explain": (
        "targets",
        True,
        (
            "--user --password-env --password-file --password-command --ca-bundle --fingerprint "
            "--allow-http --proxy --run-modes --pid --format --installer --platform --no-ignore --quiet "
            "-q"
        ),
        {},
        ("targets",),
    ),
    "show": (
        "paths",
        True,
        (
            "--user --password-env --password-file --password-command --ca-bundle --fingerprint "
            "--allow-http --proxy --format --form --pid --installer --platform --no-ignore "
            "--show-secrets"
        ),
        {"--format": ("output", choices.ShowFormat)},
        ("paths",),
    ),
    "rule": (
        "name",
        False,
        "",
        {},
        (),
    ),
    "passes": (
        "name",
        False,
        "",
        {},
        (),
    ),
    "profile": (
        "what",
        False,
        "",
        {},
        (),
    ),
}
"""Each verb's parameter of the arguments, whether that takes more than one, the names of its options, the options that
mean something else here than in OPTIONS, and the parameters that must be given."""
