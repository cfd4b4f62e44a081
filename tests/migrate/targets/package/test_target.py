"""Content packages as targets."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.integration.settings import Settings
from migrate.plans.target_plan import plan_target
from migrate.runs.apply import apply_changes
from migrate.runs.carrier import carried
from migrate.runs.errors import ApplyError
from migrate.targets.base import TargetError
from migrate.targets.opening import open_target, target_of
from tests.places import FIXTURES

Run = Callable[..., "object"]


def packed(root: Path, extra: dict[str, bytes] | None = None) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for path in sorted(p for p in root.rglob("*") if p.is_file()):
            package.writestr(str(path.relative_to(root)), path.read_bytes())
        for name, content in (extra or {}).items():
            package.writestr(name, content)
    return data.getvalue()


def contents(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    file = tmp_path / "example.zip"
    file.write_bytes(
        packed(FIXTURES / "demo" / "content-package", {"jcr_root/other.bin": bytes(range(256)) * 99})
    )
    return file


def test_a_package_is_migrated_and_taken_back(
    package: Path, slingshift: Run, oauth_options: list[str]
) -> None:
    before = package.read_bytes()
    ended = slingshift("apply", package, *oauth_options, "--yes")
    assert ended.code == 0, ended.err
    old, new = contents(before), contents(package.read_bytes())
    gone, come = old.keys() - new.keys(), new.keys() - old.keys()
    assert {
        name.replace("provider.", "provider-").replace("Impl.", "Impl-") for name in gone if "auth" in name
    } == come
    changed = {name for name in old.keys() & new.keys() if old[name] != new[name]}
    assert changed == {"META-INF/vault/filter.xml"}
    assert slingshift("plan", package, *oauth_options).code == 0
    assert slingshift("undo", "--yes").code == 0
    assert package.read_bytes() == before


def test_a_package_inside_a_package(
    package: Path, tmp_path: Path, slingshift: Run, oauth_options: list[str]
) -> None:
    outer = tmp_path / "outer.zip"
    inner = "jcr_root/apps/example/install/example.zip"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr(
            "META-INF/vault/filter.xml",
            '<workspaceFilter version="1.0"><filter root="/apps/example"/></workspaceFilter>',
        )
        archive.writestr(inner, package.read_bytes())
    ended = slingshift("apply", outer, *oauth_options, "--yes", "-v")
    assert ended.code == 0, ended.err
    assert "package-same-version" in ended.err
    names = contents(contents(outer.read_bytes())[inner]).keys()
    assert any("provider-3f2a1b0c" in name for name in names)
    assert slingshift("plan", outer, *oauth_options).code == 0


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"not a zip" * 100])
def test_what_is_no_package_is_refused_by_name(data: bytes, tmp_path: Path, slingshift: Run) -> None:
    file = tmp_path / "broken.zip"
    file.write_bytes(data)
    ended = slingshift("plan", file)
    assert ended.code == 4
    assert "broken.zip" in ended.err
    assert file.read_bytes() == data


def test_a_merge_filter_is_a_refusal(tmp_path: Path, slingshift: Run, oauth_options: list[str]) -> None:
    root = FIXTURES / "demo" / "content-package"
    data = contents(packed(root))
    data["META-INF/vault/filter.xml"] = (
        b'<workspaceFilter version="1.0"><filter root="/apps" mode="merge"/></workspaceFilter>'
    )
    file = tmp_path / "merge.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in data.items():
            archive.writestr(name, content)
    ended = slingshift("plan", file, *oauth_options)
    assert ended.code == 3
    assert "filter-mode-merge" in ended.err
    assert ended.out == ""


def test_manifest_and_definition_follow(tmp_path: Path, slingshift: Run, oauth_options: list[str]) -> None:
    root = FIXTURES / "demo" / "content-package"
    name = "com.adobe.granite.auth.oauth.accesstoken.provider.3f2a1b0c-9d8e-4f7a-8b6c-5d4e3f2a1b0c.config"
    old = f"/apps/example/config.author/{name}"
    manifest = f"Manifest-Version: 1.0\r\nContent-Package-Roots: {old}\r\n\r\n".encode()
    file = tmp_path / "manifest.zip"
    file.write_bytes(packed(root, {"META-INF/MANIFEST.MF": manifest}))
    assert slingshift("apply", file, *oauth_options, "--yes").code == 0
    text = contents(file.read_bytes())["META-INF/MANIFEST.MF"].replace(b"\r\n ", b"").decode()
    assert old.replace("provider.3", "provider-3") in text


def test_reading_from_a_package(package: Path) -> None:
    source = open_target(target_of(str(package)))
    assert len(list(source.find())) == 2
    assert source.read_if_there("none") is None
    with pytest.raises(TargetError):
        source.read("none")
    assert "filter.xml" in source.listing("META-INF/vault")
    assert "META-INF" in source.listing("")
    assert source.listing("META-INF/vault", "ilter.x") == {"filter.xml"}


def with_companions(root: Path) -> None:
    """A renamed and a stale file, each with the folder that FileVault keeps the rest of its node in."""
    config = root / "jcr_root/apps/example/config.author"
    for file in list(config.glob("com.adobe*.config")):
        folder = config / f"{file.name}.dir"
        folder.mkdir()
        (folder / ".content.xml").write_text("<x/>")


def test_companions_go_with_their_file(tmp_path: Path, slingshift: Run, oauth_options: list[str]) -> None:
    import shutil

    root = Path(shutil.copytree(FIXTURES / "demo" / "content-package", tmp_path / "source"))
    with_companions(root)
    archive = tmp_path / "example.zip"
    archive.write_bytes(packed(root))
    for target in (root, archive):
        assert slingshift("apply", target, *oauth_options, "--yes").code == 0
    left = {str(p.relative_to(root)) for p in root.rglob("*")}
    assert not any(".3f2a1b0c" in name or "Impl.9b8c" in name for name in left), left
    assert sum(name.endswith(".config.dir/.content.xml") for name in left) == 2
    assert contents(archive.read_bytes()) == {
        name: (root / name).read_bytes() for name in left if (root / name).is_file()
    }


def test_companions_of_a_stale_file_are_deleted(
    tmp_path: Path, slingshift: Run, oauth_options: list[str]
) -> None:
    import shutil

    before = FIXTURES / "stale-left-behind" / "before"
    root = Path(shutil.copytree(before, tmp_path / "jcr_root"))
    for file in list(root.rglob("*.123456.config")):
        folder = file.with_name(f"{file.name}.dir")
        folder.mkdir()
        (folder / ".content.xml").write_text("<x/>")
    assert slingshift("apply", root, *oauth_options, "--yes").code == 0
    assert not any(".123456." in str(p) for p in root.rglob("*"))


def test_lint_and_show_look_into_packages(package: Path, tmp_path: Path, slingshift: Run) -> None:
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("jcr_root/apps/x/config/com.example.A.config", 'a="x=y"\n')
        archive.writestr("jcr_root/apps/x/install/example.zip", package.read_bytes())
    ended = slingshift("lint", broken)
    assert ended.code == 1
    assert "broken.zip!/jcr_root/apps/x/config/com.example.A.config:1:5: error unescaped-equals" in ended.out
    assert "example.zip!/jcr_root/apps/example/config.author/" in slingshift("lint", broken, "-v").out
    shown = json.loads(slingshift("show", broken, "--format", "json").out)
    assert len(shown["configurations"]) == 3
    assert len(shown["rejected"]) == 1


def odd(package: Path, outer: Path) -> Path:
    """A package that the writing verbs have something to do in, and in the package inside it."""
    inner = io.BytesIO(package.read_bytes())
    with zipfile.ZipFile(inner, "a") as archive:
        archive.writestr("jcr_root/apps/example/config/com.example.B.config", 'b = "x="\n')
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr(FILTER, '<workspaceFilter version="1.0"><filter root="/apps/x"/></workspaceFilter>')
        archive.writestr("jcr_root/apps/x/config/com.example.A.config", 'a="x=y"\n')
        archive.writestr("jcr_root/apps/x/other.bin", bytes(range(256)))
        archive.writestr("jcr_root/apps/x/install/example.zip", inner.getvalue(), zipfile.ZIP_DEFLATED)
    return outer


FILTER = "META-INF/vault/filter.xml"
ENTRY_A = "jcr_root/apps/x/config/com.example.A.config"
ENTRY_B = "jcr_root/apps/example/config/com.example.B.config"
INNER = "jcr_root/apps/x/install/example.zip"


@pytest.mark.posix
def test_fix_writes_into_a_package_and_its_inner_one(package: Path, tmp_path: Path, slingshift: Run) -> None:
    target = odd(package, tmp_path / "outer.zip")
    before = target.read_bytes()
    shown = slingshift("lint", "--diff", target)
    assert f"+++ b/{target}!/{INNER}!/{ENTRY_B}" in shown.out
    assert target.read_bytes() == before
    assert slingshift("lint", "--fix", target, "--ignore", "filter-misses").code == 0
    after = contents(target.read_bytes())
    assert after[ENTRY_A] == b'a="x\\=y"\n'
    assert contents(after[INNER])[ENTRY_B] == b'b="x\\="\n'
    assert {name for name, data in contents(before).items() if after[name] != data} == {ENTRY_A, INNER}
    assert slingshift("lint", target, "--ignore", "filter-misses").code == 0
    assert slingshift("undo", "--yes").code == 0
    assert target.read_bytes() == before


def test_fmt_writes_into_a_package(package: Path, tmp_path: Path, slingshift: Run) -> None:
    target = tmp_path / "outer.zip"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(ENTRY_A, 'b="2"\na="1"')
    before = target.read_bytes()
    for option in ("--check", "--diff"):
        assert slingshift("fmt", option, target).code == 1
        assert target.read_bytes() == before
    ended = slingshift("fmt", target)
    assert ended.code == 0, ended.err
    assert "slingshift undo" in ended.err
    assert contents(target.read_bytes()) == {ENTRY_A: b'a="1"\r\nb="2"\r\n'}
    assert slingshift("fmt", "--check", target).code == 0


def test_convert_adds_to_a_package_and_the_filter_follows(tmp_path: Path, slingshift: Run) -> None:
    target = tmp_path / "outer.zip"
    root = '<workspaceFilter version="1.0"><filter root="/apps/x/config/com.example.A.config"/></workspaceFilter>'
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(FILTER, root)
        archive.writestr(ENTRY_A, 'a="1"\n')
    before = contents(target.read_bytes())
    ended = slingshift("convert", "--to", "cfg.json", target)
    assert ended.code == 0, ended.err
    made = ENTRY_A.replace(".config", ".cfg.json")
    assert ended.out == f"{target}!/{made}\n"
    after = contents(target.read_bytes())
    assert after[ENTRY_A] == before[ENTRY_A]
    assert json.loads(after[made]) == {"a": "1"}
    assert b'root="/apps/x/config/com.example.A.cfg.json"' in after[FILTER]
    again = slingshift("convert", "--to", "cfg.json", target)
    assert again.code == 4
    assert "is there already" in again.err
    assert contents(target.read_bytes()) == after


def test_convert_to_a_folder_leaves_the_package_alone(package: Path, tmp_path: Path, slingshift: Run) -> None:
    target = odd(package, tmp_path / "outer.zip")
    before = target.read_bytes()
    out = tmp_path / "out"
    slingshift("convert", "--to", "xml", "--allow-lossy", "--out", out, target)
    made = {str(path.relative_to(out)) for path in out.rglob("*.xml")}
    assert len(made) == 3
    assert all(name.startswith(f"{INNER}!/jcr_root/apps/example/config.author/") for name in made)
    assert target.read_bytes() == before


def test_a_package_that_changes_meanwhile_is_left_alone(tmp_path: Path) -> None:
    from migrate.texts.listing import FileError
    from migrate.texts.places import Places
    from migrate.texts.writer import Writer

    target = tmp_path / "outer.zip"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(ENTRY_A, "new")
    before = target.read_bytes()
    writer = Writer("fmt", Places())
    writer.replace(f"{target}!/{ENTRY_A}", b"old", b"other")
    (error,) = writer.finish().errors
    assert isinstance(error, FileError)
    assert "changed since it was read" in str(error)
    assert target.read_bytes() == before


@pytest.mark.posix
@pytest.mark.parametrize("verb", ["plan", "scan", "fmt"])
def test_a_link_to_a_package_is_refused_with_its_name(
    package: Path, tmp_path: Path, slingshift: Run, verb: str
) -> None:
    package.write_bytes(packed(tmp_path / "none", {ENTRY_A: b'b="2"'}))
    link = tmp_path / "latest.zip"
    link.symlink_to(package)
    ended = slingshift(verb, link)
    assert ended.code == 4
    assert str(package) in ended.err
    assert link.is_symlink()


def test_names_with_an_exclamation_mark_are_no_packages(
    tmp_path: Path, slingshift: Run, oauth_options: list[str]
) -> None:
    folder = tmp_path / "odd!"
    folder.mkdir()
    target = folder / "package.zip"
    content = contents(packed(FIXTURES / "demo" / "content-package"))
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in content.items():
            archive.writestr(name.replace("/example/", "/example!/"), data)
    assert slingshift("apply", target, *oauth_options, "--yes").code == 0
    assert any("/example!/config.author/" in n and "-3f2a" in n for n in contents(target.read_bytes()))
    assert slingshift("lint", target, "--ignore", "filter-misses").code == 0


def demo(extra: Callable[[zipfile.ZipFile], object]) -> bytes:
    """The demo's package, and something beside what is migrated in it."""
    data = io.BytesIO(packed(FIXTURES / "demo" / "content-package"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
            extra(archive)
    return data.getvalue()


def lying(data: bytes, at: int) -> bytes:
    """With another number in both headers of the last entry, `at` bytes after the time in them."""
    for start, offset in ((data.rindex(b"PK\3\4"), 10), (data.rindex(b"PK\1\2"), 12)):
        place = start + offset + at
        data = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    return data


def twice(archive: zipfile.ZipFile) -> None:
    for _ in range(2):
        archive.writestr("jcr_root/other.txt", "text")


HOSTILE = {
    "twice": (demo(twice), "zip-duplicate", "other.txt stands in the archive more than once"),
    "crc": (lying(demo(lambda a: a.writestr("jcr_root/other.txt", "text")), 4), "zip-crc", "CRC is wrong"),
    "size": (
        lying(demo(lambda a: a.writestr("jcr_root/other.txt", "text")), 12),
        "zip-size",
        "does not unpack to the 5 bytes",
    ),
    "bomb": (
        demo(lambda a: a.writestr("jcr_root/bomb.bin", bytes(3 << 20))),
        "zip-bomb",
        "unpacks to more than 200 times its size",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("depth", [0, 1])
def test_what_is_only_copied_must_be_sound_too(
    case: str, depth: int, tmp_path: Path, slingshift: Run, oauth_options: list[str]
) -> None:
    data, rule, text = HOSTILE[case]
    target = tmp_path / "hostile.zip"
    target.write_bytes(data)
    if depth:
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr(INNER, data)
    before = target.read_bytes()
    for verb in (["plan"], ["apply", "--yes"]):
        ended = slingshift(*verb, target, *oauth_options)
        assert ended.code == 3, ended.err
        assert f"[{rule}]" in ended.err
        assert text in ended.err
        assert ended.out == ""
    written = slingshift("convert", "--to", "cfg.json", "--allow-lossy", target)
    assert written.code == 4
    assert f"[{rule}]" in written.err
    assert target.read_bytes() == before


def test_folder_entries_may_stand_twice(tmp_path: Path, slingshift: Run, oauth_options: list[str]) -> None:
    target = tmp_path / "folders.zip"
    target.write_bytes(demo(lambda a: [a.writestr("META-INF/", "") for _ in range(2)]))
    assert slingshift("apply", target, *oauth_options, "--yes").code == 0


def test_limits_are_the_users(
    tmp_path: Path, slingshift: Run, oauth_options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "large.zip"
    target.write_bytes(HOSTILE["bomb"][0])
    monkeypatch.setenv("SLINGSHIFT_ZIP_LIMITS", "total_bytes=3000000, ratio=1100")
    assert "unpacks to 31" in slingshift("plan", target, *oauth_options).err
    monkeypatch.setenv("SLINGSHIFT_ZIP_LIMITS", "ratio=1100")
    assert slingshift("apply", target, *oauth_options, "--yes").code == 0


@pytest.mark.parametrize("text", ["ratio", "ratio=", "ratio=-1", "rate=1", "ratio=x", f"ratio={'9' * 30}"])
def test_limits_that_make_no_sense_are_said(
    package: Path, slingshift: Run, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("SLINGSHIFT_ZIP_LIMITS", text)
    ended = slingshift("scan", package)
    assert ended.code == 4
    assert "SLINGSHIFT_ZIP_LIMITS is not understood" in ended.err


def test_the_rewritten_package_has_no_name_before_it_is_journalled(
    package: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds the secret: killed now, nothing may be left of it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    outer = odd(package, tmp_path / "outer.zip")
    source = open_target(target_of(str(outer)))
    plan = plan_target(source, settings)
    with carried(plan.target, plan.changes, plan.sha256) as placed:
        assert placed[0].changes
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("verb", ["plan", "apply", "scan", "lint", "show", "fmt"])
def test_no_room_to_unpack_is_an_error(
    package: Path,
    tmp_path: Path,
    slingshift: Run,
    oauth_options: list[str],
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
) -> None:
    outer = odd(package, tmp_path / "outer.zip")

    def full() -> object:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    ended = slingshift(verb, outer, *(oauth_options if verb in ("plan", "apply") else []))
    assert ended.code == 4
    assert "No space left on device" in ended.err
    assert "TMPDIR" in ended.err


def test_a_saved_plan_is_stale_when_anything_in_the_package_changed(
    package: Path, tmp_path: Path, slingshift: Run, oauth_options: list[str]
) -> None:
    saved = tmp_path / "plan.json"
    assert slingshift("plan", package, *oauth_options, "--out", saved).code == 1
    before = package.read_bytes()
    with zipfile.ZipFile(package, "a") as archive:
        archive.writestr("jcr_root/new.txt", "new")
    apply = ["apply", "--plan", saved, "--yes", "--client-secret-env", "SLINGSHIFT_TEST_SECRET"]
    ended = slingshift(*apply)
    assert ended.code == 4
    assert f"the saved plan is stale: {package}: changed" in ended.err
    package.write_bytes(before)
    assert slingshift(*apply).code == 0


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_a_broken_filter_is_named_as_the_user_knows_it(
    tmp_path: Path, slingshift: Run, oauth_options: list[str], form: str
) -> None:
    import shutil

    root = Path(shutil.copytree(FIXTURES / "demo" / "content-package", tmp_path / "source"))
    (root / FILTER).write_text("<workspaceFilter>")
    target = root
    if form == "zip":
        target = tmp_path / "source.zip"
        target.write_bytes(packed(root))
    ended = slingshift("plan", target, *oauth_options)
    assert ended.code == 3
    assert f".config: {FILTER}: line 1, column " in ended.err


def test_a_package_that_is_another_one_than_planned_is_refused(package: Path, settings: Settings) -> None:
    with open_target(target_of(str(package))) as reader:
        plan = plan_target(reader, settings)
    with zipfile.ZipFile(package, "a") as changing:
        changing.writestr("jcr_root/apps/other.txt", "x")
    data = package.read_bytes()
    with pytest.raises(ApplyError, match="its sha256 is another"):
        apply_changes(plan.target, plan.changes, sha256=plan.sha256)
    assert package.read_bytes() == data


def test_an_entry_that_is_another_one_than_planned_is_named(package: Path, settings: Settings) -> None:
    with open_target(target_of(str(package))) as reader:
        plan = plan_target(reader, settings)
    other = [change._replace(before=b"other") for change in plan.changes]
    with pytest.raises(TargetError, match=re.escape(f"{package}!/{plan.changes[0].path}: changed since")):
        apply_changes(plan.target, other)


@pytest.mark.posix
@pytest.mark.parametrize("verb", ["plan", "scan", "lint", "show", "fmt"])
def test_a_pipe_is_no_package(tmp_path: Path, slingshift: Run, verb: str) -> None:
    pipe = tmp_path / "pipe.zip"
    os.mkfifo(pipe)
    ended = slingshift(verb, pipe)
    assert ended.code == 4
    assert "pipe.zip" in ended.err


def _read_so_far() -> int:
    counters = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(counters["rchar"])


@pytest.mark.posix
@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="counts what the Linux kernel counts")
def test_a_large_package_is_read_few_times(package: Path, settings: Settings) -> None:
    with zipfile.ZipFile(package, "a") as growing:
        growing.writestr("jcr_root/content/dam/large.bin", os.urandom(24 << 20))
    size = package.stat().st_size
    start = _read_so_far()
    with open_target(target_of(str(package))) as reader:
        plan = plan_target(reader, settings)
    planned = _read_so_far()
    apply_changes(plan.target, plan.changes, sha256=plan.sha256)
    applied = _read_so_far()
    assert (planned - start) / size < 1.2, "once, to prove it and to know it again"
    # The old one: rewritten, compared, copied into the journal. The new one: compared, copied, switched in, proved.
    assert (applied - planned) / size < 8
