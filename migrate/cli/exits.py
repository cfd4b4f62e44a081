"""Exit codes of the command: what each one means, and which one wins when several apply.

`TABLE` is the one place that says so. The help of the command, README.md and docs/exit-codes.md are compared with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from migrate.errors import MigrateError


class Code(NamedTuple):
    """One exit code.

    Attributes:
        code: the number.
        short: for the help, a few words.
        means: for the table in the documentation.
        example: the same.
    """

    code: int
    short: str
    means: str
    example: str


OK = 0
PENDING = 1
USAGE = 2
REFUSED = 3
CONFLICT = 4
TOKEN_REFUSED = 5
UNREACHABLE = 6
BUG = 70
INTERRUPTED = 130
"""128 and the number of the signal, as shells have it."""


class Exit(Exception):  # noqa: N818 - no error, as SystemExit is none
    """The command ends here, with `code`; what there was to say is said."""

    def __init__(self, code: int = OK) -> None:
        super().__init__(code)
        self.code = code


TABLE = (
    Code(INTERRUPTED, "stopped from the keyboard", "interrupted", "Ctrl-C"),
    Code(BUG, "a bug", "a bug in slingshift", "please report the line"),
    Code(
        USAGE,
        "usage",
        "the command line makes no sense",
        "an unknown option, an empty secret, a JWT download as credential",
    ),
    Code(
        CONFLICT,
        "I/O error or stale plan",
        "I/O error, stale plan, conflict with another run",
        "a target that is not there, a file changed since `plan --out`",
    ),
    Code(
        REFUSED,
        "some files refused",
        "some files were refused, the rest was handled",
        "a file that AEM's readers do not read alike",
    ),
    Code(
        UNREACHABLE,
        "IMS or instance unreachable",
        "IMS or an instance cannot be reached, or is none",
        "DNS, proxy, TLS, timeout, answers that are no answers",
    ),
    Code(
        TOKEN_REFUSED,
        "token or access refused",
        "IMS refused the token; an instance does not let us",
        "wrong secret, missing scope; wrong password, a closed console",
    ),
    Code(
        PENDING,
        "edits pending or hazards",
        "there is something to do",
        "`plan` with edits, `lint` with hazards, `fmt --check` that would reformat",
    ),
    Code(
        OK,
        "nothing pending or done",
        "nothing pending, or done",
        "`plan` on migrated files; `apply` that worked",
    ),
)
"""Every exit code, the worst first."""

_RANKS = {known.code: rank for rank, known in enumerate(TABLE)}


def worst(codes: Iterable[int]) -> int:
    """The code that wins; OK when there is none.

    Raises:
        ValueError: a code that is not in the table. To count it as OK would hide what it says.
    """
    seen = set(codes)
    if unknown := seen - _RANKS.keys():
        raise ValueError(f"no exit code of this command: {sorted(unknown)}")
    return min(seen, key=_RANKS.__getitem__, default=OK)


_OF_ERRORS = {
    "MigrateError": USAGE,
    "TargetError": CONFLICT,
    "PackageError": CONFLICT,
    "OverlapError": USAGE,
    "LostError": UNREACHABLE,
    "ApplyError": CONFLICT,
    "StalePlanError": CONFLICT,
    "FileError": CONFLICT,
    "AuditError": CONFLICT,
    "TokenError": UNREACHABLE,
    "CrashError": BUG,
}
"""By the names of the classes, so that nothing has to be loaded to fail; the nearest base class counts."""


def of(error: MigrateError) -> int:
    """The code for an error of the library. Those of IMS and of instances say by themselves whether they were refused
    there, or nothing was sent.
    """
    if getattr(error, "refused", False):
        return TOKEN_REFUSED
    if getattr(error, "usage", False):
        return USAGE
    if getattr(error, "kind", None) == "stopped":
        return INTERRUPTED
    return next(_OF_ERRORS[base.__name__] for base in type(error).__mro__ if base.__name__ in _OF_ERRORS)


def sentence() -> str:
    """All codes in their order, for the help."""
    return "Exit codes: " + ", ".join(f"{known.code} {known.short}" for known in sorted(TABLE)) + "."


def table() -> str:
    """All codes in their order as a table of Markdown."""
    rows = [f"| {known.code} | {known.means} | {known.example} |" for known in sorted(TABLE)]
    return "\n".join(["| code | means | for example |", "|---|---|---|", *rows])
