"""`make bench`: speed and memory as ratios against plain tools, all measured in this one run.

Nothing here is a test: a busy machine gives other figures, and a miss only asks for a second look. `--quick` takes
smaller trees.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import trees
from benchmarks.linting import linting
from benchmarks.measure import SLINGSHIFT, Cost, best, run, show

CREDENTIAL = (
    "--client-id=0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "--org-id=5A3B1C9D5E7F81234A495E22@AdobeOrg",
    "--client-secret-env=BENCH_SECRET",
)
SECRET = {"BENCH_SECRET": "not-a-real-secret"}
PENDING = (0, 1)


def main() -> int:
    """Measure everything; the exit code is 0 also where a bar was missed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="a tenth of the files")
    small = 10 if arguments.parse_args().quick else 1
    with tempfile.TemporaryDirectory(prefix="slingshift-bench-") as folder:
        here = Path(folder)
        os.environ["XDG_STATE_HOME"] = str(here / "state")
        starting(here)
        parsing(10_000 // small)
        linting(here, 10_000 // small)
        dry_run(here / "repository", 100_000 // small, 300_000 // small)
        for shape in (trees.flat, trees.one_top, trees.deep, trees.lopsided, trees.thin):
            dry_run_of_shape(here, shape, 400_000 // small)
    return 0


def starting(folder: Path) -> None:
    """How long until the command does something, against an interpreter that does nothing."""
    one = folder / "one"
    one.mkdir()
    trees.repository(one, 20, 0)
    provider = next(one.rglob("*accesstoken.provider*"))
    as_xml, rejected = one / "com.example.Service-1.xml", one / "com.example.Service-2.config"
    as_xml.write_bytes(trees.typical_xml(random.Random(1)))
    rejected.write_bytes(b'a = "1"\n')
    bare, version, helped, planned, linted, xml_linted, told = best(
        15,
        lambda: run((sys.executable, "-c", "pass")),
        lambda: run((*SLINGSHIFT, "--version")),
        lambda: run((*SLINGSHIFT, "--help")),
        lambda: run((*SLINGSHIFT, "plan", str(provider.parent), *CREDENTIAL), codes=PENDING, env=SECRET),
        lambda: run((*SLINGSHIFT, "lint", str(provider)), codes=PENDING),
        lambda: run((*SLINGSHIFT, "lint", str(as_xml)), codes=PENDING),
        lambda: run((*SLINGSHIFT, "lint", str(rejected)), codes=PENDING),
    )
    show("slingshift --version / python -c pass", version.seconds / bare.seconds, 1.7)
    show("slingshift --help / python -c pass", helped.seconds / bare.seconds, 8)
    show("slingshift plan, one pair / python -c pass", planned.seconds / bare.seconds, 8)
    show("slingshift lint, one file / python -c pass", linted.seconds / bare.seconds, 8)
    show("slingshift lint, one XML file / python -c pass", xml_linted.seconds / bare.seconds, 8)
    show("slingshift lint, one rejected file / python -c pass", told.seconds / bare.seconds, 8)


def parsing(count: int) -> None:
    """Typical files to typed values with spans, in this process."""
    import grammar

    rng = random.Random(count)
    files = [trees.typical_config(rng) for _ in range(count)]
    grammar.parse(files[0])

    def parse_all() -> Cost:
        started = time.perf_counter()
        for data in files:
            for found in grammar.parse(data).properties:
                _ = found.value
        return Cost(time.perf_counter() - started, 0, 0)

    (cost,) = best(3, parse_all)
    show(
        f"parsed files of {sum(map(len, files)) // count} bytes",
        count / cost.seconds,
        7_000,
        unit="a second",
        at_least=True,
    )


def dry_run(root: Path, configurations: int, others: int) -> None:
    """A plan of a whole repository, against `find`, which only names its files."""
    trees.repository(root, configurations, others)
    _against_find(root, f"{configurations + others} files")
    shutil.rmtree(root)


def dry_run_of_shape(folder: Path, make: Callable[[Path, int], None], files: int) -> None:
    """The like over a tree whose work is hard to share out."""
    root = folder / make.__name__
    root.mkdir()
    make(root, files)
    _against_find(root, f"{files} files, {make.__name__}")
    shutil.rmtree(root)


def _against_find(root: Path, what: str) -> None:
    find, planned = best(
        5,
        lambda: run(("find", str(root))),
        lambda: run((*SLINGSHIFT, "plan", str(root), *CREDENTIAL), codes=PENDING, env=SECRET),
    )
    show(f"dry run over {what} / find", planned.seconds / find.seconds, 0.5)
    show(f"dry run over {what}, peak of a process", planned.kib / 1024, 60, unit="MiB")


if __name__ == "__main__":
    sys.exit(main())
