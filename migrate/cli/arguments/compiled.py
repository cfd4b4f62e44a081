"""What the verbs take, as far as a plain command line says it. Made by `make options`; see `compiler`."""

from __future__ import annotations

from enum import Enum

from migrate.cli.arguments import choices

Kind = str | type[Enum]
"""``"flag"``, ``"text"``, ``"texts"`` (may be repeated), ``"path"``, or what the option chooses from."""

OPTIONS: dict[Kind, str] = {
    "text": (
        "--credentials --credential --client-id --org-id --scope --token-url --client-secret-env "
        "--client-secret-file --client-secret-command --secret-placeholder --pick --create "
        "--instance-name --installer --user --password-env --password-file --password-command "
        "--fingerprint --proxy --targets-from --fleet --head --run=run_option --older-than "
        "--suggest-profile --training --again-after --legacy-jwt --private-key "
        "--private-key-password-env --private-key-password-file --certificate --behave --run-modes "
        "--pid"
    ),
    "path": (
        "--profile --ca-bundle --out --patch --plan=plan_file --root --require-approval --back "
        "--ims-ca-bundle --ca-out --baseline"
    ),
    choices.Prefer: "--prefer",
    choices.Values: "--values",
    "flag": (
        "--no-ignore --allow-http --fail-fast --stat --show-secrets --quiet -q=quiet --verbose "
        "-v=verbose --resume --keep-token --repository-only --no-validate --yes -y=yes "
        "--list=list_runs --diff --prune --forget --fix --no-journal --write-baseline --check "
        "--keep-order --replace --allow-lossy --placeholders --dry-run"
    ),
    choices.Platform: "--platform",
    "texts": (
        "--limit --wave --only --skip --report --evidence --target=targets --fail-on --metascope "
        "--select --ignore --schema --allow"
    ),
    choices.Format: "--format=output",
    choices.Color: "--color",
    choices.Restarted: "--restart",
    choices.Form: "--form --to",
    choices.Eol: "--eol",
}
"""The options whose values are of a kind, in the verbs that do not say otherwise. ``--run=run_option`` sets the
parameter `run_option`; without one an option sets that of its own name."""

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
