"""What is a configuration, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.targets.sieve import Sieve
from migrate.targets.watched import Ground
from migrate.texts import choosing, listing

CONFIG = "ui.config/src/main/content/jcr_root/apps/x/config"
PID = "com.example.Service"


def xml(text: str = 'jcr:primaryType="sling:OsgiConfig"') -> str:
    return f'<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" {text}/>'


def made(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def counted(root: Path, sieve: Sieve | None = None) -> set[str]:
    found = listing.listing([str(root)], sieve=sieve or Sieve())
    assert not found.problems
    return {
        item.path.removeprefix(f"{root}/")
        for item in found.items
        if listing.is_configuration(listing.read(item.path), item)
    }


STRANGERS = {
    "pom.xml": "<project><!-- sling:OsgiConfig osgiconfig -->",
    "lombok.config": "lombok.addLombokGeneratedAnnotation = true\n",
    "core/lombok.config": "x = true\n",
    ".mvn/maven.config": "-T 4\n",
    ".mvn/jvm.config": "-Xmx1g\n",
    "ui.frontend/semantic/theme.config": "@button: 'default';\n",
    "ui.frontend/Web.Release.config": "<configuration>",
    "ui.config/META-INF/vault/filter.xml": "<filter><!-- sling:OsgiConfig",
    "ui.config/META-INF/vault/config.xml": "<x osgiconfig",
    "core/OSGI-INF/metatype/com.example.OSGiConfigImpl.xml": '<MetaData pid="OSGiConfigImpl"',
    "core/src/main/metatype/com.example.OSGiConfigImpl.xml": '<MetaData pid="OSGiConfigImpl"',
    "src/site/site.xml": "<project osgiconfig",
    "SLING-INF/content/config.xml": "<node><primaryNodeType>sling:OsgiConfig</primaryNodeType",
    "ui.apps/jcr_root/apps/x/clientlibs/theme.config": "@a: 'b';\n",
    "ui.apps/jcr_root/apps/x/clientlibs/build.config": "module.exports\n",
    f"{CONFIG}/Other.xml": xml('jcr:primaryType="nt:unstructured" a="sling:&#79;sgiConfig\\u0067"'),
    "ui.apps/jcr_root/apps/x/components/page/.content.xml": "<jcr:root osgiconfig=",
}
CONFIGURATIONS = {
    f"{CONFIG}/{PID}.config": 'a="1"\n',
    f"{CONFIG}/lombok.config": 'a="1"\n',
    f"{CONFIG}/{PID}.xml": xml(),
    f"{CONFIG}/damaged.xml": '<jcr:root jcr:primaryType="sling:OsgiConfig"',
    f"{CONFIG}/{PID}.Two.config": '<?xml version="1.0"?>',
    f"{CONFIG}/F-1/.content.xml": xml(),
    f"{CONFIG}/G.xml": xml('jcr:primaryType="sling:&#79;sgiConfig"'),
    f"{CONFIG}/H.xml": xml('jcr:primaryType = "sling:OsgiC\\u006fnfig"'),
    "jcr_root/apps/x/configs/H.xml": xml("jcr:primaryType='&#115;ling:&#x4f;sgiConfi\\u0067'"),
    "jcr_root/apps/x/configs/G.xml": xml(),
    "jcr_root/apps/x/configs/com.example.G.config": 'a="1"\n',
    "jcr_root/apps/x/configs/G.cfg.json": "{}",
    f"it/{PID}.config": 'a="1"\n',
    f"it/{PID}.cfg.json": "{}",
    f"it/{PID}-name.config": 'a="1"\n',
    f"it/{PID}.xml": xml("jcr:primaryType='sling:OsgiConfig'"),
}


def test_a_project(tmp_path: Path) -> None:
    assert counted(made(tmp_path, STRANGERS | CONFIGURATIONS)) == set(CONFIGURATIONS)


def test_what_velocity_makes_files_of(tmp_path: Path) -> None:
    directives = '#set( $x = "a" )\n{\n  #if ( $cloud == "y" )\n"a": 1\n#end\n}\n'
    plain = '{"a": "${appId}"}'
    below = f"ui.config/src/main/content/{CONFIG}"
    files = {
        f"src/main/archetype/{below}/com.example.F~__appId__.cfg.json": directives,
        f"src/main/resources/archetype-resources/{below}/com.example.F.cfg.json": directives,
        f"archetype/{below}/com.example.Plain.cfg.json": plain,
        f"{below}/com.example.F.cfg.json": directives,
        f"{below}/archetype.cfg.json": directives,
    }
    assert counted(made(tmp_path, files)) == set(list(files)[2:])


def test_a_configuration_in_utf_16(tmp_path: Path) -> None:
    path = f"{CONFIG}/F-1/.content.xml"
    made(tmp_path, {path: ""})
    for codec in ("utf-16-le", "utf-16-be"):
        (tmp_path / path).write_bytes(f"\ufeff{xml()}".encode(codec))
        assert counted(tmp_path) == {path}


def test_a_folder_of_any_files_is_read_as_it_is(tmp_path: Path) -> None:
    files = {
        "a.config": "",
        "0001.config": "x",
        "b.cfg.json": "",
        "broken.xml": "<x sling:osgiconfig",
        "sub/c.config": "",
    }
    others = {
        "web.config": "",
        "Web.Release.config": "",
        "site.dll.config": "",
        "App.exe.config": "",
        "parent-pom.xml": "<osgiconfig",
        "net.config": "<configuration/>",
        "page.xml": "<x/>",
        "pom.xml": "<osgiconfig",
    }
    assert counted(made(tmp_path, files | others)) == set(files)


@pytest.mark.parametrize(
    "name", ["lombok.config", "pom.xml", "META-INF/filter.xml", "target/a.cfg.json", "x.config"]
)
def test_what_is_named_is_read(tmp_path: Path, name: str) -> None:
    made(tmp_path, {name: "<x/>"})
    (item,) = listing.listing([str(tmp_path / name)]).items
    assert listing.is_configuration(listing.read(item.path), item)


def test_what_builds_make_is_left_out(tmp_path: Path) -> None:
    made(tmp_path, {
        f"ui.config/target/vault-work/jcr_root/apps/x/config/{PID}.config": "",
        f"node_modules/a/{PID}.config": "",
        f"jcr_root/apps/target/config/{PID}.config": "",
    })  # fmt: skip
    assert counted(tmp_path) == {f"jcr_root/apps/target/config/{PID}.config"}
    assert len(counted(tmp_path, Sieve(everything=True))) == 3
    assert len(counted(tmp_path / "ui.config" / "target")) == 1


def test_what_the_caller_leaves_out(tmp_path: Path) -> None:
    made(tmp_path, {"a.config": "", "b.config": ""})
    asked = []

    def left_out(target: str, paths: object) -> set[str]:
        asked.append((target, paths))
        return {f"{tmp_path}/b.config"}

    assert counted(tmp_path, Sieve(left_out=left_out)) == {"a.config"}
    assert len(asked) == 1


@pytest.mark.parametrize(
    "text", [b'jcr:primaryType="{Name}sling:OsgiConfig"', b"jcr:primaryType = 'sling:OsgiConfig'"]
)
def test_a_real_primary_type(text: bytes) -> None:
    assert choosing.by_content(text, "xml", Ground.PROJECT)
    assert not choosing.by_content(text.replace(b"sling:Osgi", b"sling:osgi"), "xml", Ground.OUTSIDE)
