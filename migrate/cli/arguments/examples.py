"""One way to write each verb, for its help. A test reads every line as the command does."""

from __future__ import annotations

_URL = "https://author:4502 --user admin --password-env AEM_PASSWORD"

EXAMPLES = {
    "plan": (
        "slingshift plan author-instance --credentials oauth.json",
        "slingshift plan 'instances/*' --client-id ID --org-id ORG@AdobeOrg --client-secret-env SCS_SECRET --stat",
        "slingshift plan author-instance --credentials oauth.json --out plan.json",
    ),
    "apply": (
        "slingshift apply author-instance --credentials oauth.json",
        "slingshift apply --plan plan.json --yes",
        "slingshift apply --fleet fleet.toml --limit 'prod-*' --yes",
        "slingshift apply --resume",
    ),
    "audit": ("slingshift audit verify",),
    "undo": (
        "slingshift undo --list",
        "slingshift undo --target author-instance --diff",
        "slingshift undo --prune --older-than 90d",
    ),
    "package": (
        "slingshift package author-instance --credentials oauth.json --out oauth.zip --back back.zip",
    ),
    "scan": (
        "slingshift scan author-instance",
        "slingshift scan repository all.zip --fail-on jwt,mixed,stale --format json",
    ),
    "validate": (f"slingshift validate {_URL}",),
    "check-token": (
        "slingshift check-token author-instance",
        "slingshift check-token --credentials oauth.json",
        "slingshift check-token --legacy-jwt download.zip",
    ),
    "sandbox": ("slingshift sandbox -- slingshift check-token --credentials oauth.json",),
    "lint": (
        "slingshift lint repository",
        "slingshift lint repository --fix --diff",
        f"slingshift lint {_URL}",
    ),
    "fmt": ("slingshift fmt repository --check", "slingshift fmt F-1.config --keep-order"),
    "convert": ("slingshift convert F-1.xml --to cfg.json",),
    "explain": ("slingshift explain repository", f"slingshift explain {_URL}"),
    "show": (
        "slingshift show F-1.config",
        "slingshift show https://author:4502 com.example.Service --user admin --password-env AEM_PASSWORD",
    ),
    "rule": ("slingshift rule unescaped-equals", "slingshift rule"),
    "passes": ("slingshift passes",),
    "profile": ("slingshift profile show", "slingshift profile help"),
}
