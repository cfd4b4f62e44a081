"""`make dist`: all that can be carried to a machine, below dist/. Run by the Python of .venv-dist.

The same commit gives the same bytes where the tools allow it: times are the commit's (SOURCE_DATE_EPOCH), hashes are
not random. docs/install.md says which files of dist/ are for whom.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from distribution import share
from migrate import __version__

ROOT = Path(__file__).parent.parent
RUN = ROOT / "requirements" / "run.txt"


class Build:
    """One run of `make dist`.

    Args:
        out: the folder for what is built.
        epoch: the time that files get, in seconds since 1970.
    """

    def __init__(self, out: Path, epoch: int) -> None:
        self.out = out
        self.environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch), "PYTHONHASHSEED": "0"}
        self.epoch = epoch

    @property
    def wheel(self) -> Path:
        return self.out / f"slingshift-{__version__}-py3-none-any.whl"

    def python(self) -> None:
        """Wheel and sdist."""
        self._run("-m", "build", "--quiet", "--no-isolation", "--outdir", str(self.out), str(ROOT))
        normalize(self.out / f"slingshift-{__version__}.tar.gz", self.epoch)

    def zipapp(self) -> None:
        """One file for a machine with the same kind of system and Python: `python slingshift.pyz`."""
        with tempfile.TemporaryDirectory() as folder:
            self._run(*_PIP, "--require-hashes", "--target", folder, "--requirement", str(RUN))
            self._run(*_PIP, "--no-deps", "--target", folder, str(self.wheel))
            shutil.rmtree(Path(folder, "bin"), ignore_errors=True)
            for path in Path(folder).rglob("*"):
                os.utime(path, (self.epoch, self.epoch))
            self._run(
                *("-m", "shiv.cli", "--reproducible", "--compressed", "--site-packages", folder),
                *("--entry-point", "migrate.__main__:main", "--python", "/usr/bin/env python3"),
                *("--output-file", str(self.out / "slingshift.pyz")),
            )

    def binary(self) -> None:
        """One file for a machine without Python."""
        with tempfile.TemporaryDirectory() as folder:
            start = Path(folder, "slingshift.py")
            start.write_text("from migrate.__main__ import main\n\nmain()\n", "utf-8")
            self._run(
                *("-m", "PyInstaller", "--onefile", "--clean", "--noconfirm", "--log-level", "WARN"),
                *("--name", "slingshift", "--paths", str(ROOT), "--distpath", str(self.out)),
                *("--workpath", f"{folder}/work", "--specpath", folder),
                # Passes, verbs and readers are found by their names; grammars and profiles are files.
                *(part for name in ("grammar", "migrate") for part in ("--collect-all", name)),
                # Of development only, and of other consoles.
                *(
                    part
                    for name in ("pytest", "setuptools", "pip", "tkinter")
                    for part in ("--exclude-module", name)
                ),
                str(start),
            )

    def bill_of_materials(self) -> None:
        """The packages that the command runs on, with versions and hashes, as CycloneDX."""
        self._run(
            *("-m", "cyclonedx_py", "requirements", "--output-reproducible", "--spec-version", "1.6"),
            *("--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application"),
            *("--output-file", str(self.out / "slingshift.cdx.json"), str(RUN)),
        )

    def texts(self) -> None:
        """The manual and the completions."""
        share.write(self.out / "share")

    def checksums(self) -> None:
        """SHA256SUMS, as sha256sum has it."""
        files = sorted(path for path in self.out.iterdir() if path.is_file() and path.name != "SHA256SUMS")
        lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
        (self.out / "SHA256SUMS").write_bytes("".join(lines).encode())

    def _run(self, *arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], check=True, cwd=ROOT, env=self.environment)


_PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile")


def normalize(archive: Path, epoch: int) -> None:
    """Give every member of a `.tar.gz` the same time and no owner, in the order of the names."""
    with tarfile.open(archive) as old:
        members = [(member, old.extractfile(member)) for member in old.getmembers()]
        data = {member.name: content.read() if content else None for member, content in members}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as new:
        for member, _ in sorted(members, key=lambda one: one[0].name):
            member.mtime, member.uid, member.gid, member.uname, member.gname = epoch, 0, 0, "", ""
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            member.pax_headers = {}
            content = data[member.name]
            new.addfile(member, None if content is None else io.BytesIO(content))
    archive.write_bytes(gzip.compress(buffer.getvalue(), mtime=epoch))


def main() -> None:
    """Build what is asked for, and say how long each part took."""
    parts: dict[str, Callable[[Build], None]] = {
        "python": Build.python,
        "zipapp": Build.zipapp,
        "binary": Build.binary,
        "sbom": Build.bill_of_materials,
        "share": Build.texts,
    }
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--only", choices=parts, nargs="+", default=list(parts))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    build = Build(given.out.resolve(), int(os.environ.get("SOURCE_DATE_EPOCH") or _committed()))
    for name in given.only:
        started = time.monotonic()
        parts[name](build)
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    build.checksums()


def _committed() -> str:
    """When the commit that is checked out was made; of an unpacked sdist, 1980."""
    found = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "315532800"


if __name__ == "__main__":
    main()
