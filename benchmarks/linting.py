"""`lint` over many files, against the plainest programs that read the same files."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks import trees
from benchmarks.measure import SLINGSHIFT, best, run, show

_JAVA = Path(__file__).with_name("java") / "Walk.java"
_VERSION = "1.8.12"
_FELIX = f"org.apache.felix:org.apache.felix.configadmin:{_VERSION}"
_WALK_JSON = """
import json, os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if name.endswith(".cfg.json"):
            with open(os.path.join(folder, name), encoding="utf-8") as stream:
                json.load(stream)
"""


def linting(folder: Path, count: int) -> None:
    """Both forms, each against a program of its own."""
    written, as_json, odd = folder / "lint-config", folder / "lint-json", folder / "lint-blanks"
    trees.configurations(written, count)
    trees.configurations(odd, count, blanks=50)
    trees.configurations(as_json, count, form="cfg.json")
    linted, walked = best(
        7,
        lambda: run((*SLINGSHIFT, "lint", "--quiet", str(as_json))),
        lambda: run((sys.executable, "-c", _WALK_JSON, str(as_json))),
    )
    show(f"lint of {count} .cfg.json / os.walk and json.load", linted.seconds / walked.seconds, 3)
    java = _java(folder)
    if java is None:
        print("skip  lint of .config / Java: no javac or no mvn here", flush=True)
        return
    linted, rejected, read = best(
        7,
        lambda: run((*SLINGSHIFT, "lint", "--quiet", str(written))),
        lambda: run((*SLINGSHIFT, "lint", "--quiet", str(odd)), codes=(1,)),
        lambda: run((*java, str(written))),
    )
    show(f"lint of {count} .config / Java with Felix's reader", linted.seconds / read.seconds, 1.0)
    show("the same, 2% with blanks around = / the same", rejected.seconds / read.seconds, 1.0)
    show(f"lint of {count} .config, peak of a process", linted.kib / 1024, 50, unit="MiB")


def _java(folder: Path) -> tuple[str, ...] | None:
    """The command of a compiled Walk.java; None without the tools for it."""
    if shutil.which("javac") is None or shutil.which("mvn") is None:
        return None
    where = f"-DoutputDirectory={folder}"
    subprocess.run(["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={_FELIX}", where], check=True)
    jar = folder / f"org.apache.felix.configadmin-{_VERSION}.jar"
    classes = folder / "classes"
    subprocess.run(["javac", "-cp", str(jar), "-d", str(classes), str(_JAVA)], check=True)
    return "java", "-cp", f"{jar}:{classes}", "Walk"
