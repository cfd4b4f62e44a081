"""Whether somebody whom a file names has signed a saved plan, as the user's own ssh-keygen says (`ssh-keygen -Y`)."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from migrate.errors import MigrateError
from migrate.terminal import printable

NAMESPACE = "slingshift-plan"
"""What the signature must be for: one that was made for anything else does not count."""


class ApprovalError(MigrateError):
    """A saved plan that nobody has approved who may; one line."""


def approved_by(data: bytes, plan: Path, signers: Path) -> str:
    """Who has approved these bytes, and with which key.

    Args:
        data: of the saved plan.
        plan: where it stands; its signature stands beside it, with `.sig` behind its name.
        signers: who may approve, in the form of ALLOWED SIGNERS in ssh-keygen(1).

    Raises:
        ApprovalError: nobody, or it cannot be found out.
    """
    signature = plan.with_name(f"{plan.name}.sig")
    if not os.path.isfile(signature):
        raise ApprovalError(
            f"{plan}: not approved: {signature} is not there. It is made with "
            f"`ssh-keygen -Y sign -n {NAMESPACE} -f KEY {plan}`"
        )
    if not os.path.isfile(signers):
        raise ApprovalError(
            f"{signers}: is not there; it names who may approve, see ALLOWED SIGNERS in ssh-keygen(1)"
        )
    beside = ("-s", str(signature), "-f", str(signers))
    for name in _said("find-principals", *beside).splitlines():
        good = _said("verify", "-I", name, "-n", NAMESPACE, *beside, given=data)
        if found := re.search(r"with (\S+) key (SHA256:\S+)", good):
            return f"{printable(name)} ({found[1]} {found[2]})"
    raise ApprovalError(
        f"{plan}: not approved: {signature} is no signature of this very plan by anybody in {signers}"
    )


def _said(action: str, *arguments: str, given: bytes = b"") -> str:
    """What ssh-keygen says; nothing where it says no."""
    try:
        done = subprocess.run(
            ["ssh-keygen", "-Y", action, *arguments], input=given, capture_output=True, check=False
        )
    except OSError as error:
        raise ApprovalError(f"ssh-keygen cannot be asked: {error.strerror}") from None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
