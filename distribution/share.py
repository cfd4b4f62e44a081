"""The manual and the completions, where systems look for them below /usr/share or ~/.local/share."""

from __future__ import annotations

from pathlib import Path

from distribution import manual, shells
from distribution.commands import commands


def files() -> dict[str, str]:
    """Each file by its path below share/."""
    listed = commands()
    return {
        "man/man1/slingshift.1": manual.page(listed),
        "bash-completion/completions/slingshift": shells.bash(listed),
        "zsh/site-functions/_slingshift": shells.zsh(listed),
        "fish/vendor_completions.d/slingshift.fish": shells.fish(listed),
        "powershell/slingshift.ps1": shells.powershell(listed),
    }


def write(share: Path) -> None:
    """Write them all."""
    for name, text in files().items():
        path = share / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
