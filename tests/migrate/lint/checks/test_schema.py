"""`lint --schema`: bundles with a metatype, and a feature model's configuration API."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from grammar.pids import Pid
from migrate.cli.app import run
from migrate.lint import check, schema

METATYPE = """<?xml version="1.0" encoding="UTF-8"?>
<metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.2.0" localization="OSGI-INF/l10n/x">
  <OCD id="ocd" name="x">
    <AD id="host" type="String"/>
    <AD id="port" type="Integer" min="1" max="65535"/>
    <AD id="enabled" type="Boolean"/>
    <AD id="paths" type="String" cardinality="2147483647"/>
    <AD id="level" type="String"><Option label="Info" value="info"/><Option label="Debug" value="debug"/></AD>
    <AD id="password" type="Password"/>
    <AD id="ratio" type="Double"/>
    <AD id="sign" type="Character"/>
  </OCD>
  <Designate pid="com.example.Service"><Object ocdref="ocd"/></Designate>
  <Designate factoryPid="com.example.Factory"><Object ocdref="ocd"/></Designate>
</metatype:MetaData>
"""
API = {
    "id": "com.adobe.aem:aem-sdk-api:slingosgifeature:aem-author-sdk:1",
    "configuration-api:JSON|optional": {
        "configurations": {
            "com.example.Service": {
                "mode": "STRICT",
                "properties": {
                    "port": {"type": "INTEGER", "range": {"min": 2, "max": 100}},
                    "level": {"type": "STRING", "options": [{"value": "info"}]},
                    "paths": {"type": "PATH", "cardinality": -1},
                },
            },
            "com.example.Open": {"allow-additional-properties": True, "properties": {}},
        },
        "factory-configurations": {"com.example.Factory": {"properties": {"a": {}}}},
        "internal-configurations": ["com.example.Internal"],
    },
}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "bundle.jar"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n")
        archive.writestr("OSGI-INF/metatype/com.example.Service.xml", METATYPE)
        archive.writestr("OSGI-INF/com.example.Service.xml", "<component/>")
    return path


@pytest.fixture
def feature(tmp_path: Path) -> Path:
    path = tmp_path / "feature.json"
    path.write_text(json.dumps(API))
    return path


def rules(text: str, *files: Path, name: str = "com.example.Service") -> list[tuple[str, str]]:
    known = schema.load(map(str, files))
    found = check.check(f"{name}.cfg.json", text.encode(), "cfg.json", schema=known)
    assert not any("CANARY" in str(hazard) for hazard in found)
    return [(hazard.rule, hazard.message) for hazard in found]


@pytest.mark.parametrize(
    "text",
    [
        '{"host": "x", "port:Integer": 80, "enabled": true, "paths": ["/a", "/b"], "level": "debug"}',
        '{"port": 80, "enabled": "true", "paths": "/a", "ratio": 1, "sign": "x"}',
        '{"port": "80", "ratio": "1.5", "host": 5}',
        '{"port": 1, "ratio": 2.5}',
        '{"port": ["80"]}',
        '{"port": "$[env:PORT;type=Integer]", "level": "${level}", "enabled": "$[env:X]"}',
        '{"service.ranking:Integer": 5, "service.description": "x", "resolver.target": "(a=b)", "password": ""}',
    ],
)
def test_what_fits(bundle: Path, text: str) -> None:
    assert rules(text, bundle) == []


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        ('{"prot": 80}', "unknown-property", "the service knows no property 'prot'. Did you mean 'port'?"),
        ('{"zzzzzz": 80}', "unknown-property", "Remove it, or look at the name"),
        ('{"port": "eighty"}', "wrong-type", "the service wants Integer"),
        ('{"port": 80.5}', "wrong-type", "the service wants Integer"),
        ('{"port": 3000000000}', "wrong-type", "the service wants Integer"),
        ('{"port": true}', "wrong-type", "the service wants Integer"),
        ('{"enabled": "yes"}', "wrong-type", "the service wants Boolean"),
        ('{"enabled": 1}', "wrong-type", "the service wants Boolean"),
        ('{"ratio": "x"}', "wrong-type", "the service wants Double"),
        ('{"sign": "xy"}', "wrong-type", "the service wants Character"),
        ('{"host": ["a", "b"]}', "wrong-type", "these are 2: it takes the first"),
        ('{"port": 0}', "not-allowed", "1 is the smallest that is allowed"),
        ('{"port": "70000"}', "not-allowed", "65535 is the largest that is allowed"),
        ('{"level": "warn"}', "not-allowed", "only info, debug are allowed"),
    ],
)
def test_what_does_not(bundle: Path, text: str, rule: str, said: str) -> None:
    for name in ("com.example.Service", "com.example.Factory~a", "com.example.Factory-a"):
        ((found, message),) = rules(text, bundle, name=name)
        assert found == rule
        assert said in message
    assert rules(text, bundle, name="com.example.Other") == []
    assert rules(text) == []


def test_the_api_of_a_feature(feature: Path) -> None:
    assert rules('{"port": 5, "level": "info", "paths": ["/a", "/b"]}', feature) == []
    assert [rule for rule, _ in rules('{"port": 1, "level": "x", "host": "y"}', feature)] == [
        "not-allowed",
        "not-allowed",
        "unknown-property",
    ]
    assert rules('{"any": 1}', feature, name="com.example.Open") == []
    assert [rule for rule, _ in rules("{}", feature, name="com.example.Internal")] == ["not-allowed"]
    assert [rule for rule, _ in rules('{"b": 1}', feature, name="com.example.Factory~x")] == [
        "unknown-property"
    ]


def test_a_later_file_counts(bundle: Path, feature: Path) -> None:
    assert rules('{"host": "x"}', feature, bundle) == []
    assert [rule for rule, _ in rules('{"host": "x"}', bundle, feature)] == ["unknown-property"]


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"nonsense", b"PK\x03\x04broken", b'{"configuration-api:JSON|a": 5}']
)
def test_a_file_that_is_neither(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(schema.SchemaError, match="x: "):
        schema.load([str(path)])
    with pytest.raises(schema.SchemaError, match="No such file"):
        schema.load([str(tmp_path / "none")])


def test_a_bundle_whose_metatype_is_damaged(bundle: Path) -> None:
    data = bundle.read_bytes()
    with zipfile.ZipFile(bundle) as archive:
        entry = next(one for one in archive.infolist() if one.filename.startswith("OSGI-INF/metatype/"))
    start = entry.header_offset + 30 + len(entry.filename)
    for method in (b"\x08\0", b"\x0e\0", b"\x63\0"):
        broken = bytearray(data[:start] + b"\xff" * 20 + data[start + 20 :])
        broken[entry.header_offset + 8 : entry.header_offset + 10] = method
        central = data.index(entry.filename.encode(), data.index(b"PK\x01\x02")) - 46
        broken[central + 10 : central + 12] = method
        bundle.write_bytes(bytes(broken))
        with pytest.raises(schema.SchemaError, match="no bundle that can be read"):
            schema.load([str(bundle)])


def test_a_secret_is_not_shown(bundle: Path) -> None:
    found = [rule for rule, _ in rules('{"password": ["CANARY-4f8e12aa77", "CANARY-4f8e12aa78"]}', bundle)]
    assert "wrong-type" in found


def test_the_command(
    tmp_path: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "com.example.Service.config").write_text('prot="80"\n')
    assert run(["lint", "com.example.Service.config"]) == 0
    assert run(["lint", "com.example.Service.config", "--schema", "bundle.jar"]) == 1
    assert b"unknown-property" in capsysbinary.readouterr().out
    assert run(["lint", "com.example.Service.config", "--schema", "none.jar"]) == 2


def test_no_schema_knows_nothing() -> None:
    assert schema.Schema().of(Pid.from_filename("com.example.F~x.config")) is None
