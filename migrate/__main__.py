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
    try:
        from migrate.cli.app import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        # Ctrl-C while we are still being imported.
        sys.stderr.write("slingshift: stopped\n")
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
