"""`lint --schema`: bundles with a metatype, and a feature model's configuration API."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from grammar.pids import Pid
from migrate.cli.app import run
from migrate.lint import check, schema
from migrate.lint.schemas import files

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
            "com.example.Closed": {"mode": "LENIENT"},
            "com.example.Left": {"mode": "DEFINITIVE"},
            "com.example.Silent": {"mode": "SILENT"},
            "com.example.Region": {"region": "INTERNAL", "properties": {"a": {}}},
            "com.example.Rich": {
                "internal-property-names": ["secret.door"],
                "properties": {
                    "level": {"options": [{"value": "info"}], "default": "info", "mode": "SILENT_DEFINITIVE"},
                    "file": {"regex": r"^(logs/error\.log)|(\$\{.+\})$", "mode": "DEFINITIVE"},
                    "odd": {"regex": "(?<name>x)(?i-u)"},
                    "quiet": {"type": "INTEGER", "mode": "SILENT"},
                    "names": {"cardinality": -1, "required": True, "includes": ["js"], "excludes": ["py"]},
                    "few": {"cardinality": 2},
                    "door": {"placeholder-policy": "DENY"},
                    "gate": {"placeholder-policy": "REQUIRE"},
                    "url": {"type": "URL"},
                    "mail": {"type": "EMAIL"},
                    "path": {"type": "PATH"},
                    "password": {"type": "PASSWORD"},
                    "size": {"type": "INTEGER", "range": {"min": 2147483000}},
                },
            },
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


def rules(text: str, *paths: Path, name: str = "com.example.Service") -> list[tuple[str, str]]:
    known = files.load(map(str, paths))
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


RICH = '"names": ["js"]'


@pytest.mark.parametrize(
    "text",
    [
        '{"level": "info", "file": "logs/error.log", "odd": "y", "quiet": "x", "few": ["a", "b"]}',
        '{"file": "${log}", "door": "x", "gate": "$[env:X]", "url": "https://a.example", "mail": "a@b"}',
        '{"path": "/a", "password": "$[secret:P]", "size": 2147483001, "url": "$[env:U]"}',
        '{"service.description": "x", "service.vendor": "y", "quiet": ["a", "b"]}',
    ],
)
def test_the_richer_api_is_silent(feature: Path, text: str) -> None:
    assert rules(f"{text[:-1]}, {RICH}}}", feature, name="com.example.Rich") == []


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        ('"level": "warn"', "not-allowed", "only info is allowed; AEM takes 'info' instead"),
        (
            '"file": "logs/site.log"',
            "not-allowed",
            r"match ^(logs/error\.log)|(\$\{.+\})$ are allowed; AEM takes nothing",
        ),
        ('"names": ["groovy"]', "not-allowed", "js must be among the values"),
        ('"names": ["js", "py"]', "not-allowed", "py must not be among the values"),
        ('"few": ["a", "b", "c"]', "not-allowed", "no more than 2 values are allowed"),
        ('"door": "$[env:X]"', "not-allowed", "a placeholder is not allowed"),
        ('"gate": "x"', "not-allowed", "only a placeholder is allowed"),
        ('"password": "none"', "not-allowed", "only a placeholder is allowed"),
        ('"url": "a.example"', "wrong-type", "the service wants Url"),
        ('"mail": "a.example"', "wrong-type", "the service wants Email"),
        ('"path": "a"', "wrong-type", "the service wants Path"),
        ('"secret.door": "a"', "not-allowed", "the product's own"),
        ('"size": 5', "not-allowed", "2147483000 is the smallest"),
        ('"fiel": "a"', "unknown-property", "Did you mean 'file'?"),
    ],
)
def test_the_richer_api_speaks(feature: Path, text: str, rule: str, said: str) -> None:
    names = "" if '"names"' in text else f", {RICH}"
    ((found, message),) = rules(f"{{{text}{names}}}", feature, name="com.example.Rich")
    assert found == rule
    assert said in message


def test_what_has_to_be_there(feature: Path) -> None:
    ((rule, message),) = rules("{}", feature, name="com.example.Rich")
    assert (rule, message) == ("not-allowed", "the property names has to be there, with js in it")


def test_a_configuration_of_which_the_api_has_no_properties(feature: Path) -> None:
    for name in ("com.example.Closed", "com.example.Region"):
        ((rule, message),) = rules('{"a": 1}', feature, name=name)
        assert (rule, message.partition(".")[0]) == (
            "not-allowed",
            "this configuration is the product's own and may not be given",
        )
    ((_, message),) = rules('{"a": 1}', feature, name="com.example.Left")
    assert "and AEM leaves it out" in message
    assert rules('{"a": 1}', feature, name="com.example.Silent") == []


COMPONENT = """<?xml version="1.0" encoding="UTF-8"?>
<scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="{0}" configuration-pid="{1}">
  <property name="repository.path" value="/var"/><property name="names" type="String">a</property>
  <implementation class="x"/>
</scr:component>
"""


@pytest.mark.parametrize(
    ("name", "pids"), [("com.example.Service", "$"), ("other", "x com.example.Service com.example.Factory")]
)
def test_the_private_properties_of_a_component(bundle: Path, name: str, pids: str) -> None:
    with zipfile.ZipFile(bundle, "a") as archive:
        archive.writestr("OSGI-INF/serviceComponents.xml", COMPONENT.format(name, pids))
        archive.writestr("OSGI-INF/broken.xml", '<component><property name="host" ')
    text = '{"repository.path": 5, "names": ["a", "b"], "port": 80}'
    assert rules(text, bundle) == []
    found = [rule for rule, _ in rules(text, bundle, name="com.example.Factory~a")]
    assert found == ([] if "Factory" in pids else ["unknown-property"] * 2)
    assert [rule for rule, _ in rules('{"prot": 80}', bundle)] == ["unknown-property"]


def test_what_is_no_metatype_of_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "odd.jar"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("OSGI-INF/metatype/x.xml", METATYPE.replace('<OCD id="ocd"', '<OCD id="other"'))
    assert rules('{"any": 1}', path) == []
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("META-INF/vault/filter.xml", "<workspaceFilter/>")
    with pytest.raises(schema.SchemaError, match="a content package; name the bundles"):
        files.load([str(path)])


@pytest.mark.parametrize(
    "text", ['"NaN"', '"Infinity"', '"-Infinity"', '"1_0"', '" 5"', '"5.0"', '"1e3"', "null"]
)
def test_texts_that_java_makes_no_integer_of(bundle: Path, text: str) -> None:
    found = [rule for rule, _ in rules(f'{{"port": {text}}}', bundle)]
    assert found == (["wrong-type"] if text != "null" else ["json-null"])


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ('"port": 2147483648', False),
        ('"port": -2147483648', True),
        ('"ratio": "NaN"', True),
        ('"ratio": " 1.5d "', True),
        ('"ratio": "1_0"', False),
        ('"ratio": "nan"', False),
    ],
)
def test_the_numbers_are_javas(bundle: Path, text: str, fits: bool) -> None:
    assert ("wrong-type" not in [rule for rule, _ in rules(f"{{{text}}}", bundle)]) is fits


def test_a_service_takes_an_option_of_a_metatype_in_any_case(bundle: Path, feature: Path) -> None:
    assert rules('{"level": "INFO"}', bundle) == []
    assert [rule for rule, _ in rules('{"level": "INFO"}', feature)] == ["not-allowed"]


@pytest.mark.parametrize(
    "name", ["event.topics", "scheduler.expression", "sling.servlet.paths", "hc.tags", "jmx.objectname"]
)
def test_properties_that_any_service_may_have(bundle: Path, name: str) -> None:
    assert rules(f'{{"{name}": "x"}}', bundle) == []


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
        files.load([str(path)])
    with pytest.raises(schema.SchemaError, match="No such file"):
        files.load([str(tmp_path / "none")])


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
            files.load([str(bundle)])


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
