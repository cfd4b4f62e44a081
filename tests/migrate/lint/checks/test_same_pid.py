"""One PID in several folders: for the same run modes, and for some that meet."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from migrate.lint.run import run
from migrate.texts.listing import listing

F = "com.example.F.cfg.json"
XML = '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:sling="http://sling.apache.org/jcr/sling/1.0" '
XML += 'jcr:primaryType="sling:OsgiConfig"/>'


def found(root: Path, *paths: str) -> list[tuple[str, str]]:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text({".xml": XML, ".json": "{}"}.get(file.suffix, ""))
    hazards = run(listing([str(root)]).items).hazards
    return [(hazard.rule, hazard.path.removeprefix(f"{root}/")) for hazard in hazards]


def at(*folders: str, name: str = F) -> list[str]:
    return [f"jcr_root/apps/{folder}/{name}" for folder in folders]


@pytest.mark.parametrize(
    "folders",
    [
        ("x/config", "x/config.author"),
        ("x/config.author", "x/config.publish"),
        ("x/config.dev", "x/config.stage", "x/config.prod"),
        ("x/config.author.dev", "x/config.author.prod"),
        ("x/config.author.dev", "x/config.publish.dev"),
        ("x/config.author", "x/config.prod", "x/config.author.prod"),
        ("x/config.author", "x/config.publish.prod"),
    ],
)
def test_what_excludes_or_outranks_the_other_is_no_tie(tmp_path: Path, folders: tuple[str, ...]) -> None:
    assert found(tmp_path, *at(*folders)) == []


@pytest.mark.parametrize(
    ("folders", "rule", "loser"),
    [
        (("x/config", "y/config"), "duplicate-pid", 1),
        (("x/config", "x/config/sub"), "duplicate-pid", 1),
        (("x/config.author.prod", "y/config.prod.author"), "duplicate-pid", 1),
        (("x/config", "x/install"), "duplicate-pid", 1),
        (("x/config.author", "x/config.prod"), "run-mode-tie", 1),
        (("x/config.publish", "x/config.prod"), "run-mode-tie", 0),
        # On an author the third file hides what the first two are on every publish.
        (("x/config", "y/config", "x/config.author"), "duplicate-pid", 1),
        (("x/config.prod", "y/config.prod", "y/config.publish.prod"), "duplicate-pid", 1),
    ],
)
def test_what_is_as_near(tmp_path: Path, folders: tuple[str, ...], rule: str, loser: int) -> None:
    paths = at(*folders)
    assert found(tmp_path, *paths) == [(rule, paths[loser])]


@pytest.mark.parametrize(
    ("folders", "rules"),
    [
        # On an author the outer folder is asleep, and the inner one is as near as the other file.
        (("x/config.publish/config.author", "x/config.author"), ["run-mode-tie"]),
        (("x/config.publish/config", "y/config"), ["run-mode-tie"]),
        (("x/config/config.author", "y/config"), ["duplicate-pid"]),
        (("x/config/config.author", "y/config.author"), []),
    ],
)
def test_folders_in_one_another(tmp_path: Path, folders: tuple[str, ...], rules: list[str]) -> None:
    assert [rule for rule, _ in found(tmp_path, *at(*folders))] == rules


def test_libs_are_overridden(tmp_path: Path) -> None:
    assert found(tmp_path, f"jcr_root/apps/x/config/{F}", f"jcr_root/libs/x/config/{F}") == []


def test_twins_have_a_rule_of_their_own(tmp_path: Path) -> None:
    rules = [rule for rule, _ in found(tmp_path, *at("x/config"), *at("x/config", name="com.example.F.xml"))]
    assert rules == ["twin"]
    names = ("com.example.G-a.cfg.json", "com.example.G~a.cfg.json")
    assert [
        rule for rule, _ in found(tmp_path / "g", *(p for n in names for p in at("x/config", name=n)))
    ] == ["twin"]


def test_other_forms_and_names_are_the_same_pid(tmp_path: Path) -> None:
    paths = [*at("x/config", name="com.example.G-a.config"), *at("y/config", name="com.example.G%7ea.xml")]
    assert found(tmp_path, *paths) == [("duplicate-pid", paths[1])]


def test_across_the_packages_of_a_project(tmp_path: Path) -> None:
    paths = [
        f"{part}/src/main/content/{path}"
        for part, path in zip(("a", "b"), at("x/config", "y/config"), strict=True)
    ]
    assert found(tmp_path, *paths) == [("duplicate-pid", paths[1])]


def test_other_projects_are_no_matter(tmp_path: Path) -> None:
    for part in ("one", "two", "one/ui", "one/it"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "pom.xml").write_text("<project/>")
    paths = [f"{part}/{path}" for part in ("one/ui", "two", "one/it") for path in at("x/config")]
    assert found(tmp_path, *paths) == []
    (tmp_path / "one" / "other").mkdir()
    assert found(tmp_path, *at("x/config"), f"one/other/{at('y/config')[0]}") == [
        ("duplicate-pid", f"one/other/{at('y/config')[0]}")
    ]


def test_a_folder_without_a_pom_divides_projects(tmp_path: Path) -> None:
    for part in ("", "many/one", "many/two"):
        (tmp_path / part).mkdir(parents=True, exist_ok=True)
        (tmp_path / part / "pom.xml").write_text("<project/>")
    assert found(tmp_path, *(f"many/{part}/{at('x/config')[0]}" for part in ("one", "two"))) == []


def test_files_that_were_named_one_by_one(tmp_path: Path) -> None:
    paths = at("x/config", "y/config")
    found(tmp_path, *paths)
    hazards = run(listing([str(tmp_path / path) for path in paths]).items).hazards
    assert [(hazard.rule, hazard.path) for hazard in hazards] == [("duplicate-pid", str(tmp_path / paths[1]))]


def test_in_a_package(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("META-INF/vault/properties.xml", "<properties/>")
        for path in at("x/config", "y/config"):
            archive.writestr(path, "{}")
    hazards = run(listing([str(tmp_path / "p.zip")]).items).hazards
    assert [(hazard.rule, hazard.path.rpartition("!/")[2]) for hazard in hazards] == [
        ("duplicate-pid", at("y/config")[0])
    ]


def test_packages_in_a_package_that_are_never_both_there(tmp_path: Path) -> None:
    def inner(path: str) -> bytes:
        with zipfile.ZipFile(tmp_path / "inner.zip", "w") as archive:
            archive.writestr("META-INF/vault/properties.xml", "<properties/>")
            archive.writestr(path, "{}")
        return (tmp_path / "inner.zip").read_bytes()

    def linted(*folders: str) -> list[str]:
        with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
            archive.writestr("META-INF/vault/properties.xml", "<properties/>")
            for folder, path in zip(folders, at("x/config", "y/config"), strict=True):
                archive.writestr(f"jcr_root/apps/all/{folder}/a.zip", inner(path))
        return [hazard.rule for hazard in run(listing([str(tmp_path / "all.zip")]).items).hazards]

    assert linted("install.author", "install.publish") == []
    assert linted("install.author", "install.author/sub") == ["duplicate-pid"]
    assert linted("install", "install/sub") == ["duplicate-pid"]
    # On an author alone they meet.
    assert linted("install", "install.author") == ["run-mode-tie"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("all", "all-cloud"),
        ("ui.config", "ui.config.onprem"),
        ("site/ui.config", "site/classic/ui.config"),
        ("ui.config", "ui.config.aem65"),
        ("complete-on-prem", "complete"),
        ("ui.config/src/main/content", "ui.config/src/cs/content"),
        ("ui.config/src/main/content", "ui.config/src/aem65/content"),
    ],
)
def test_packages_for_another_aem_stand_apart(tmp_path: Path, one: str, other: str) -> None:
    for folder in ("", one, other):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "pom.xml").write_text("<project/>")
    assert found(tmp_path, *(f"{top}/{path}" for top in (one, other) for path in at("x/config"))) == []


_POM = "<project><artifactId>{}</artifactId>{}</project>"
_HELD = "<embedded><groupId>g</groupId><artifactId>{}</artifactId><target>/apps/x/install</target></embedded>"


def _poms(root: Path, **more: str) -> None:
    """A project with one configuration package for all and two for one AEM each."""
    parts = ("all", "ui.config", "ui.config.onprem", "ui.config.cloud")
    poms = {name: _POM.format(f"site.{name}", more.get(name, "")) for name in parts}
    modules = "".join(f"<module>{name}</module>" for name in (*parts, "nowhere", "../out"))
    poms[""] = _POM.format("site", f"<modules>{modules}</modules>")
    for name, text in poms.items():
        (root / name).mkdir(exist_ok=True)
        (root / name / "pom.xml").write_text(text)


def _holding(*names: str) -> str:
    return f"<build><embeddeds>{''.join(_HELD.format(f'site.{name}') for name in names)}</embeddeds></build>"


def _profile(name: str) -> str:
    return f"<profile><id>{name}</id>{_holding(f'ui.config.{name}')}</profile>"


def test_a_package_that_holds_both_installs_both(tmp_path: Path) -> None:
    _poms(tmp_path, all=_holding("ui.config", "ui.config.onprem"))
    paths = [f"{part}/{at('x/config')[0]}" for part in ("ui.config", "ui.config.onprem", "ui.config.cloud")]
    # One path in two packages: which of them is named is a matter of their own.
    assert found(tmp_path, *paths) == [("duplicate-pid", paths[0])]


def test_a_pom_may_be_as_deep_as_anybody_likes(tmp_path: Path) -> None:
    _poms(tmp_path, all=f"{'<a>' * 3000}{_holding('ui.config', 'ui.config.onprem')}{'</a>' * 3000}")
    paths = [f"{part}/{at('x/config')[0]}" for part in ("ui.config", "ui.config.onprem")]
    assert found(tmp_path, *paths) == [("duplicate-pid", paths[0])]


@pytest.mark.parametrize(
    "text",
    [
        "",
        _holding("ui.config", "ui.config.unknown"),
        _holding("ui.config.onprem"),
        # Each profile makes a package of its own.
        f"<profiles>{_profile('onprem')}{_profile('cloud')}</profiles>",
        "<modules>",
    ],
)
def test_what_no_package_holds_together_stands_apart(tmp_path: Path, text: str) -> None:
    _poms(tmp_path, all=text)
    paths = [f"{part}/{at('x/config')[0]}" for part in ("ui.config", "ui.config.onprem", "ui.config.cloud")]
    assert found(tmp_path, *paths) == []


def test_a_profile_has_what_every_build_has(tmp_path: Path) -> None:
    _poms(tmp_path, all=f"{_holding('ui.config')}<profiles>{_profile('onprem')}</profiles>")
    paths = [
        f"{part}/{path}"
        for part in ("ui.config", "ui.config.onprem")
        for path in at("x/config", "y/config.author")
    ]
    assert found(tmp_path, paths[0], paths[2]) == [("duplicate-pid", paths[0])]
    (tmp_path / paths[2]).unlink()
    assert found(tmp_path, paths[0], paths[3]) == []


def test_one_path_in_two_packages_is_told_as_that(tmp_path: Path) -> None:
    for folder in ("", "ui.apps", "ui.cloudy"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "pom.xml").write_text("<project/>")
    paths = [f"{top}/{at('x/config')[0]}" for top in ("ui.apps", "ui.cloudy")]
    assert found(tmp_path, *paths) == [("duplicate-pid", paths[1])]
    [hazard] = run(listing([str(tmp_path)]).items).hazards
    assert f"is also in '{tmp_path}/{paths[0]}', at the same path of the repository" in hazard.message
