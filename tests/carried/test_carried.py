"""What `make dist` makes, tried in an empty folder with an empty PATH: `make carried`."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from distribution import build
from tests.conftest import CLIENT_ID, FIXTURES, ORG_ID, SECRET, snapshot
from tests.places import ROOT

DIST = ROOT / "dist"
OPTIONS = ["--client-id", CLIENT_ID, "--org-id", ORG_ID, "--client-secret-env", "S"]
PASSES = {"customizer_secret", "delete_stale", "provider_oauth", "rename_instance"}
CASE = "hand-written"

pytestmark = pytest.mark.carried


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


class Carried:
    """One of the files, alone on a machine.

    Args:
        command: what runs it.
        place: an empty folder.
    """

    def __init__(self, command: list[str], place: Path) -> None:
        self.command = command
        self.place = place
        home = place / "home"
        home.mkdir()
        self.environment = {"PATH": "", "HOME": str(home), "S": SECRET, "XDG_STATE_HOME": str(home / "state")}

    def __call__(self, *arguments: str | Path) -> Ended:
        done = subprocess.run(
            [*self.command, *map(str, arguments)],
            capture_output=True,
            cwd=self.place,
            env=self.environment,
            timeout=120,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(params=["slingshift.pyz", "slingshift"])
def carried(request: pytest.FixtureRequest, tmp_path: Path) -> Carried:
    file = DIST / request.param
    assert file.is_file(), "run `make dist` first"
    place = tmp_path / "clean folder"
    place.mkdir()
    copy = shutil.copy(file, place / "bin" if request.param == "slingshift" else place / request.param)
    # The interpreter itself: a virtual environment would have our packages.
    python = [str(Path(sys._base_executable).resolve()), "-I"]  # type: ignore[attr-defined]
    return Carried([str(copy)] if request.param == "slingshift" else [*python, str(copy)], place)


def test_version_and_help(carried: Carried) -> None:
    assert carried("--version").out.startswith("slingshift ")
    help_text = carried("--help")
    assert (help_text.code, "check-token" in help_text.out) == (0, True)
    assert carried("plan", "--nope").code == 2


def test_a_plan_is_carried_out_and_taken_back(carried: Carried) -> None:
    case = FIXTURES / CASE
    root = carried.place / "tree"
    shutil.copytree(case / "before", root)
    before = snapshot(root)
    plan = carried("plan", "tree", *OPTIONS, "--format", "json")
    assert plan.code == 1, plan
    edits = json.loads(plan.out)["targets"][0]["edits"]
    assert {edit["pass"] for edit in edits} == PASSES - {"delete_stale"}
    # Where a pass were not found, its name would be a mistake of usage.
    assert {carried("plan", "tree", *OPTIONS, "--only", name).code for name in PASSES} <= {0, 1}
    assert carried("apply", "tree", *OPTIONS, "--yes").code == 0
    assert snapshot(root) == snapshot(case / "after")
    assert carried("plan", "tree", *OPTIONS).code == 0
    assert carried("undo", "--yes").code == 0
    assert snapshot(root) == before


def test_every_form_is_read(carried: Carried) -> None:
    texts = {
        "F.config": b'a="x=y"\n',
        "F.cfg.json": b'{"a": 1,}',
        "F.xml": b'<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" jcr:primaryType="sling:OsgiConfig"/>',
    }
    for name, data in texts.items():
        (carried.place / name).write_bytes(data)
    found = json.loads(carried("lint", *texts, "--format", "json").out)
    assert {"unescaped-equals", "json-trailing-comma", "xml-prefix"} & {
        one["rule"] for one in found["hazards"]
    }
    assert found["files"] == len(texts)
    assert carried("fmt", "--diff", "F.config").code in (0, 3)


@pytest.fixture
def sandbox(carried: Carried) -> Iterator[Mapping[str, str]]:
    with subprocess.Popen(
        [*carried.command, "sandbox", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=carried.place,
        env=carried.environment,
    ) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()


def test_a_token_is_asked_for(carried: Carried, sandbox: Mapping[str, str]) -> None:
    """TLS, certificates and the client are in it, too."""
    asked = carried(
        *("check-token", "--credentials", sandbox["credentials"], "--token-url", sandbox["tokenUrl"]),
        *("--ca-bundle", sandbox["caBundle"]),
    )
    assert asked.code == 0, asked


def test_the_wheel_has_what_is_no_code() -> None:
    (wheel,) = DIST.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = [*(ROOT / "grammar").rglob("*.lark"), *(ROOT / "migrate").rglob("*.toml")]
    assert len(wanted) > 2
    assert {path.relative_to(ROOT).as_posix() for path in wanted} <= names


def test_the_bill_lists_what_is_locked() -> None:
    bill = json.loads((DIST / "slingshift.cdx.json").read_text("utf-8"))
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "slingshift")
    locked = dict(re.findall(r"^([a-z0-9-]+)==([\w.]+)", build.RUN.read_text("utf-8"), re.MULTILINE))
    listed = {one["name"]: one["version"] for one in bill["components"]}
    assert listed == locked
    assert all(one["externalReferences"][0]["hashes"] for one in bill["components"])


def test_the_checksums_are_right() -> None:
    lines = (DIST / "SHA256SUMS").read_text("utf-8").splitlines()
    assert len(lines) == 5
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((DIST / name).read_bytes()).hexdigest() == digest


def test_no_path_of_the_machine_that_built_it_is_in_it() -> None:
    """A hint that another folder would give the same bytes."""
    (sdist,) = DIST.glob("*.tar.gz")
    (wheel,) = DIST.glob("*.whl")
    for name, data in ((p.name, p.read_bytes()) for p in (wheel, sdist)):
        assert str(ROOT).encode() not in data, name
