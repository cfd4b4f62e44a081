"""A folder whose content package sources embed packages."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.targets.opening import open_target, target_of

Run = Callable[..., Any]
Tree = Callable[[Mapping[str, str]], Path]

JWT = (
    'auth.access.token.request="https://ims-na1.adobelogin.com/ims/exchange/jwt"\n'
    'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
)
SECRET = 'customizer.type="t"\nauth.ims.client.secret="old"\n'
FILTER = '<workspaceFilter version="1.0"><filter root="/apps"/></workspaceFilter>'
INNER = "jcr_root/apps/x/install/inner.zip"
SUB = "jcr_root/etc/packages/g/sub.zip"


def pack(files: Mapping[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def pair(folder: str) -> dict[str, str | bytes]:
    return {
        "META-INF/vault/filter.xml": FILTER,
        f"jcr_root/{folder}/{PROVIDER}.1.config": JWT,
        f"jcr_root/{folder}/{CUSTOMIZER}.1.config": SECRET,
    }


def unpacked(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files, those in packages by the way to them."""
    found = {}
    for name, data in files.items():
        if name.endswith(".zip") and zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                inner = {entry: archive.read(entry) for entry in archive.namelist()}
            found |= {f"{name}!/{entry}": text for entry, text in unpacked(inner).items()}
        else:
            found[name] = data
    return found


def files_of(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Sources with a pair of their own, packages that are installed with them, and two that nothing installs."""
    root = tmp_path / "sources"
    deep = pack(
        {"META-INF/vault/filter.xml": FILTER, "jcr_root/apps/z/install/deep.zip": pack(pair("apps/z/config"))}
    )
    files = {
        **pair("apps/x/config"),
        INNER: deep,
        SUB: pack(pair("apps/y/config")),
        "jcr_root/content/dam/other.zip": pack(pair("apps/y/config")),
        "jcr_root/apps/x/install/nothing.zip": pack({"jcr_root/apps/x/a.txt": "a"}),
    }
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return root


def test_sources_and_their_package_are_migrated_alike(
    sources: Path, tmp_path: Path, slingshift: Run, oauth_options: list[str]
) -> None:
    target = tmp_path / "package.zip"
    before = files_of(sources)
    target.write_bytes(pack(before))
    one = slingshift("apply", sources, *oauth_options, "--yes")
    other = slingshift("apply", target, *oauth_options, "--yes")
    assert (one.code, one.out) == (other.code, other.out) == (0, one.out)
    assert f"+++ b/{INNER}!/jcr_root/apps/z/install/deep.zip!/jcr_root/apps/z/config/{PROVIDER}-1" in one.out
    assert "[package-same-version]" in one.err
    after = files_of(sources)
    with zipfile.ZipFile(target) as archive:
        assert unpacked(after) == unpacked({name: archive.read(name) for name in archive.namelist()})
    assert {name for name in before if after.get(name) == before[name]} == {
        "META-INF/vault/filter.xml",
        "jcr_root/content/dam/other.zip",
        "jcr_root/apps/x/install/nothing.zip",
    }
    for name in (sources, target):
        assert slingshift("plan", name, *oauth_options).code == 0
    for _ in (target, sources):
        assert slingshift("undo", "--yes").code == 0
    assert files_of(sources) == before


def test_a_package_that_nothing_installs_is_named_and_not_opened(sources: Path) -> None:
    source = open_target(target_of(str(sources)))
    assert not any("other.zip!/" in path for path in source.find())
    assert source.packages == ["jcr_root/content/dam/other.zip"]


def test_a_target_inside_the_sources(sources: Path, slingshift: Run, oauth_options: list[str]) -> None:
    ended = slingshift("apply", sources / "jcr_root/etc", *oauth_options, "--yes")
    assert ended.code == 0, ended.err
    assert f"{PROVIDER}-1.config" in "".join(unpacked(files_of(sources)))


@pytest.mark.parametrize("kind", ["nonsense", pytest.param("link", marks=pytest.mark.posix)])
def test_an_embedded_package_that_is_not_searched_is_said(
    sources: Path, slingshift: Run, oauth_options: list[str], kind: str
) -> None:
    package = sources / SUB
    package.rename(sources / "elsewhere.zip")
    if kind == "link":
        package.symlink_to(sources / "elsewhere.zip")
    else:
        package.write_bytes(b"nonsense")
    assert slingshift("scan", sources).code == 3
    ended = slingshift("plan", sources, *oauth_options)
    assert ended.code == 3
    assert ended.out
    assert f"{SUB}: warning: not searched: " in ended.err
    assert ended.err.count(str(sources / SUB)) == 1


def test_a_hostile_embedded_package_does_not_stop_the_others(
    sources: Path, slingshift: Run, oauth_options: list[str]
) -> None:
    bomb = pack({**pair("apps/y/config"), "jcr_root/bomb.bin": bytes(3 << 20)})
    (sources / SUB).write_bytes(bomb)
    ended = slingshift("apply", sources, *oauth_options, "--yes")
    assert ended.code == 3
    assert f"refused: {sources}/{SUB}: jcr_root/bomb.bin unpacks to more than" in ended.err
    assert (sources / SUB).read_bytes() == bomb
    assert (sources / f"jcr_root/apps/x/config/{PROVIDER}-1.config").exists()
    assert (
        f"{INNER}!/jcr_root/apps/z/install/deep.zip!/jcr_root/apps/z/config/{PROVIDER}-1.config"
        in unpacked(files_of(sources))
    )


def test_packages_without_anything_of_ours_are_closed(tmp_path: Path) -> None:
    folder = tmp_path / "jcr_root/apps/x/install"
    folder.mkdir(parents=True)
    for number in range(50):
        (folder / f"{number}.zip").write_bytes(pack({"jcr_root/apps/x/a.txt": "a"}))
    source = open_target(target_of(str(tmp_path)))
    before = len(os.listdir("/proc/self/fd"))
    assert list(source.find()) == []
    assert len(os.listdir("/proc/self/fd")) == before
