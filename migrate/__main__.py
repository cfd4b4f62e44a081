"""`slingshift`, also as `python -m migrate`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:
        # Before anything is imported: scripts ask for this one often.
        from migrate import __version__

        print(f"slingshift {__version__}")
        sys.exit(0)
    from migrate.cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
