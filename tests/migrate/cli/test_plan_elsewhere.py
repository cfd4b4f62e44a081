"""A saved plan that is carried out in another checkout, once, and only when somebody who may has approved it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import FIXTURES, Ended

Run = Callable[..., Ended]
Snapshot = Callable[[Path], dict[str, tuple[bytes, int]]]
CASES = ["hand-written", "digits-written-back"]


@pytest.fixture
def plan(slingshift: Run, oauth_options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Made in one checkout; we are in another one."""
    for checkout in ("here", "there"):
        for case in CASES:
            shutil.copytree(FIXTURES / case / "before", tmp_path / checkout / case)
    monkeypatch.chdir(tmp_path / "here")
    path = tmp_path / "plan.json"
    assert slingshift("plan", *CASES, *oauth_options, "--out", path).code == 1
    monkeypatch.chdir(tmp_path)
    return path


def check_applied(root: Path, snapshot: Snapshot) -> None:
    for case in CASES:
        assert snapshot(root / case) == snapshot(FIXTURES / case / "after")


def test_it_is_carried_out_where_root_says(
    slingshift: Run, plan: Path, tmp_path: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(tmp_path / "here")
    (tmp_path / "secret").write_text(os.environ["SLINGSHIFT_TEST_SECRET"])
    (tmp_path / "secret").chmod(0o600)
    monkeypatch.delenv("SLINGSHIFT_TEST_SECRET")
    # Files of this command line are meant from where we are.
    options = ["--client-secret-file", "secret", "--report", "r.json"]
    ended = slingshift("apply", "--plan", "plan.json", "--root", "there", "--yes", *options)
    assert ended.code == 0, ended.err
    check_applied(tmp_path / "there", snapshot)
    assert snapshot(tmp_path / "here") == before
    assert (tmp_path / "r.json").is_file()


@pytest.mark.parametrize("root", ["there", None])
def test_a_secret_from_elsewhere_does_without_the_credential_s_file(
    root: str | None,
    slingshift: Run,
    oauth_options: list[str],
    tmp_path: Path,
    snapshot: Snapshot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As docs/evidence.md shows it: the file is where the plan was made."""
    for checkout in ("here", "there"):
        shutil.copytree(FIXTURES / "hand-written" / "before", tmp_path / checkout / "hand-written")
    monkeypatch.chdir(tmp_path / "here")
    told = {"client_id": "fedcba98765432100123456789abcdef", "org_id": "5A3B1C9D5E7F81234A495E22@AdobeOrg"}
    Path("oauth.json").write_text(json.dumps({**told, "client_secret": "CANARY-of-the-file"}))
    plan = tmp_path / "plan.json"
    assert slingshift("plan", "hand-written", "--credentials", "oauth.json", "--out", plan).code == 1
    assert json.loads(plan.read_text())["inputs"]["ids"] == told
    Path("oauth.json").unlink()
    apply = ["apply", "--plan", plan, "--yes"]
    if root is not None:
        apply += ["--root", tmp_path / root]
    ended = slingshift(*apply)
    assert (ended.code, "oauth.json: cannot be read" in ended.err) == (2, True)
    ended = slingshift(*apply, *oauth_options[-2:])
    assert ended.code == 0, ended.err
    assert snapshot(tmp_path / (root or "here") / "hand-written") == snapshot(
        FIXTURES / "hand-written" / "after"
    )


def test_without_root_it_says_so(slingshift: Run, plan: Path) -> None:
    ended = slingshift("apply", "--plan", plan, "--yes")
    assert (ended.code, "--root DIR" in ended.err) == (2, True)
    assert slingshift("apply", "here", "--root", "there").code == 2
    assert slingshift("apply", "--plan", plan, "--root", "nowhere", "--yes").code == 4


def test_a_checkout_that_differs_is_stale(
    slingshift: Run, plan: Path, tmp_path: Path, snapshot: Snapshot
) -> None:
    changed = next((tmp_path / "there").rglob("*provider*.config"))
    changed.write_bytes(changed.read_bytes() + b'\r\nservice.ranking=I"1"\r\n')
    before = snapshot(tmp_path / "there")
    ended = slingshift("apply", "--plan", plan, "--root", "there", "--yes")
    assert (ended.code, "stale" in ended.err) == (4, True)
    assert snapshot(tmp_path / "there") == before


def test_an_absolute_target_does_not_move(
    slingshift: Run, plan: Path, oauth_options: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "absolute.json"
    slingshift("plan", tmp_path / "here" / CASES[0], *oauth_options, "--out", out)
    ended = slingshift("apply", "--plan", out, "--root", "there", "--yes")
    assert (ended.code, "absolute path" in ended.err) == (2, True)


@pytest.mark.parametrize("undone", [False, True])
def test_the_second_time_it_says_when_it_was_done(
    slingshift: Run,
    plan: Path,
    tmp_path: Path,
    snapshot: Snapshot,
    undone: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    apply = ["apply", "--plan", plan, "--root", tmp_path / "there", "--yes"]
    assert slingshift(*apply).code == 0
    after = snapshot(tmp_path / "there")
    monkeypatch.delenv("SLINGSHIFT_TEST_SECRET")
    if undone:
        for _ in CASES:
            assert slingshift("undo", "--yes").code == 0
        assert slingshift(*apply).code == 2
        return
    ended = slingshift(*apply)
    assert (ended.code, ended.out) == (0, "")
    assert "is carried out already: run 2" in ended.err
    assert snapshot(tmp_path / "there") == after
    shown = json.loads(slingshift(*apply, "--format", "json").out)
    assert [target["state"] for target in shown["targets"]] == ["unchanged", "unchanged"]
    # Another machine knows no run of it, and sees it all the same.
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other"))
    ended = slingshift(*apply)
    assert (ended.code, "carried out already; nothing to do" in ended.err) == (0, True)


def test_one_target_of_two_is_not_all_of_them(slingshift: Run, plan: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "there" / CASES[0])
    shutil.copytree(FIXTURES / CASES[0] / "after", tmp_path / "there" / CASES[0])
    ended = slingshift("apply", "--plan", plan, "--root", "there", "--yes")
    assert (ended.code, "stale" in ended.err) == (4, True)


def test_a_package_is_seen_to_be_done(
    slingshift: Run, oauth_options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = FIXTURES / "demo" / "content-package"
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for file in sorted(path for path in source.rglob("*") if path.is_file()):
            archive.write(file, file.relative_to(source).as_posix())
    assert slingshift("plan", "p.zip", *oauth_options, "--out", "plan.json").code == 1
    assert slingshift("apply", "--plan", "plan.json", "--yes").code == 0
    ended = slingshift("apply", "--plan", "plan.json", "--yes")
    assert (ended.code, "is carried out already: run 2" in ended.err) == (0, True), ended.err


needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


@pytest.fixture
def signers(tmp_path: Path) -> Path:
    for name in ("alice", "mallory"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", tmp_path / name], check=True
        )
    key = (tmp_path / "alice.pub").read_text("utf-8")
    path = tmp_path / "signers"
    path.write_text(f'alice@example.com namespaces="slingshift-plan" {key}', "utf-8")
    return path


def sign(plan: Path, who: str, purpose: str = "slingshift-plan") -> None:
    Path(f"{plan}.sig").unlink(missing_ok=True)
    key = plan.parent / who
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-n", purpose, "-f", key, plan], check=True, capture_output=True
    )


@needs_ssh
def test_an_approved_plan_is_carried_out(
    slingshift: Run, plan: Path, signers: Path, tmp_path: Path, snapshot: Snapshot
) -> None:
    sign(plan, "alice")
    ended = slingshift("apply", "--plan", plan, "--root", "there", "--require-approval", signers, "--yes")
    assert ended.code == 0, ended.err
    assert "approved by alice@example.com (ED25519 SHA256:" in ended.err
    check_applied(tmp_path / "there", snapshot)


@needs_ssh
@pytest.mark.parametrize(
    "how",
    [
        *("unsigned", "other signer", "other purpose", "changed", "no signers", "damaged"),
        *("expired", "not yet valid", "signer for something else"),
    ],
)
def test_any_other_is_not(
    slingshift: Run, plan: Path, signers: Path, tmp_path: Path, snapshot: Snapshot, how: str
) -> None:
    if how != "unsigned":
        sign(
            plan,
            "mallory" if how == "other signer" else "alice",
            "file" if how == "other purpose" else "slingshift-plan",
        )
    if how == "changed":
        plan.write_bytes(plan.read_bytes().replace(b'"skip": []', b'"skip":  []'))
    if how == "no signers":
        signers.unlink()
    options = {
        "expired": 'namespaces="slingshift-plan",valid-before="20200101"',
        "not yet valid": 'namespaces="slingshift-plan",valid-after="20990101"',
        "signer for something else": 'namespaces="git"',
    }
    if how in options:
        key = (tmp_path / "alice.pub").read_text("utf-8")
        signers.write_text(f"alice@example.com {options[how]} {key}", "utf-8")
    if how == "damaged":
        Path(f"{plan}.sig").write_text("-----BEGIN SSH SIGNATURE-----\n")
    before = snapshot(tmp_path / "there")
    ended = slingshift("apply", "--plan", plan, "--root", "there", "--require-approval", signers, "--yes")
    assert ended.code == 4
    assert "not approved" in ended.err or "is not there" in ended.err
    assert snapshot(tmp_path / "there") == before


def test_a_plan_is_not_saved_over_anything_else(
    slingshift: Run, oauth_options: list[str], tmp_path: Path
) -> None:
    root = Path(shutil.copytree(FIXTURES / CASES[0] / "before", tmp_path / "tree"))
    mine = tmp_path / "pom.xml"
    mine.write_text("<project/>")
    ended = slingshift("plan", root, *oauth_options, "--out", mine)
    assert (ended.code, ended.out, mine.read_text()) == (4, "", "<project/>")
    assert "is no plan of slingshift" in ended.err
    out = tmp_path / "plan.json"
    assert "replaces the plan" not in slingshift("plan", root, *oauth_options, "--out", out).err
    ended = slingshift("plan", root, *oauth_options, "--out", out)
    assert (ended.code, "replaces the plan that was saved there before" in ended.err) == (1, True)
