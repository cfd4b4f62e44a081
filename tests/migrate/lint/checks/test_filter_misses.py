"""Configurations that filter.xml leaves out."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from migrate.lint.run import run
from migrate.texts.listing import listing

FILTER = "META-INF/vault/filter.xml"
PID = "com.example.Service"


def made(root: Path, filters: str | None, *paths: str) -> list[tuple[str, str]]:
    files = dict.fromkeys(paths, "{}")
    if filters is not None:
        files[FILTER] = f'<workspaceFilter version="1.0">{filters}</workspaceFilter>'
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    found = run(listing([str(root)]).items).hazards
    return [(hazard.rule, hazard.path.removeprefix(f"{root}/")) for hazard in found]


A, B, C = (
    f"jcr_root/apps/x/{name}.cfg.json"
    for name in (f"config/{PID}", f"config/{PID}~b", f"config.author/{PID}")
)


@pytest.mark.parametrize(
    "filters",
    [
        None,
        '<filter root="/apps/x"/>',
        '<filter root="/apps"/>',
        '<filter root="/apps/x/config"/><filter root="/apps/x/config.author"/>',
        '<filter root="/apps/x" mode="update"/>',
        '<filter root="/apps/x"><exclude pattern="/apps/x/other(/.*)?"/></filter>',
        '<filter root="/apps/x"><include pattern="/apps/x/config.*"/></filter>',
        '<filter root="/apps/${appId}/osgiconfig"/><filter root="/apps/y"/>',
        "<filter",
        "",
        '<filter root="/apps/x"><include pattern="(?&lt;=a+)b"/></filter>',
    ],
)
def test_what_is_brought_or_not_known(tmp_path: Path, filters: str | None) -> None:
    assert made(tmp_path, filters, A, B, C) == []


@pytest.mark.parametrize(
    ("filters", "where"),
    [
        ('<filter root="/apps/y"/>', [C, A]),
        ('<filter root="/apps/x/config"/>', [C]),
        ('<filter root="/apps/x" mode="merge"/>', [C, A]),
        ('<filter root="/apps/x/config/other"/>', [C, A]),
    ],
)
def test_one_hazard_a_folder(tmp_path: Path, filters: str, where: list[str]) -> None:
    assert made(tmp_path, filters, A, B, C) == [("filter-misses", path) for path in where]


@pytest.mark.parametrize(
    ("filters", "is_missed"),
    [
        ('<filter root="/apps/x"><exclude pattern="/apps/x/config/.*"/></filter>', True),
        ('<filter root="/apps/x"><include pattern="/apps/x/config"/></filter>', True),
        ('<filter root="/apps/x"><include pattern="/apps/x/config(/.*)?"/></filter>', False),
    ],
)
def test_an_excluded_node_is_never_changed_and_a_file_is(
    tmp_path: Path, filters: str, is_missed: bool
) -> None:
    xml = tmp_path / f"jcr_root/apps/x/config/{PID}~c.xml"
    xml.parent.mkdir(parents=True)
    xml.write_text(
        '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:sling="http://sling.apache.org/jcr/sling/1.0" '
        'jcr:primaryType="sling:OsgiConfig"/>'
    )
    where = str(xml.relative_to(tmp_path))
    assert made(tmp_path, filters, A) == [("filter-misses", where)] * is_missed


def test_each_part_of_a_project_has_its_own_filter(tmp_path: Path) -> None:
    assert made(tmp_path / "ui.config", '<filter root="/apps/x"/>', A) == []
    assert made(tmp_path / "ui.apps", '<filter root="/apps/y"/>', A) == [("filter-misses", A)]


def test_where_maven_looks(tmp_path: Path) -> None:
    inside = f"src/main/content/{A}"
    assert made(tmp_path, '<filter root="/apps/y"/>', inside) == [("filter-misses", inside)]


def test_in_a_package(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr(FILTER, '<workspaceFilter version="1.0"><filter root="/apps/y"/></workspaceFilter>')
        archive.writestr("META-INF/vault/properties.xml", "<properties/>")
        archive.writestr(A, "{}")
    found = run(listing([str(tmp_path / "p.zip")]).items).hazards
    assert [hazard.rule for hazard in found] == ["filter-misses"]


def test_the_name_of_a_node(tmp_path: Path) -> None:
    name = "jcr_root/apps/x/config/com.example.F%7eb.cfg.json"
    assert made(tmp_path, '<filter root="/apps/x/config/com.example.F~b.cfg.json"/>', name) == []
