"""Hazards of names, and of PIDs inside a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar import hazards, parse

LOG_WRITER = "org.apache.sling.commons.log.LogManager.factory.config"


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("com.example.Service.config", []),
        ("com.example.service.config", []),
        ("com.example.Factory-my-name.config", []),
        ("com.example.Factory~a-b.c.config", []),
        ("com.example.Factory%7e12.config", []),
        ("com.example.Factory.12.config", ["dotted-number"]),
        ("com.example.Factory.9b8c7d6e-5f4a-4b3c-8d2e-1f0a9b8c7d6e.config", ["dotted-uuid"]),
        ("com.example.Factory-1.2.config", []),
        ("com.example.Factory-v1.2.cfg.json", []),
        (f"{LOG_WRITER}-com.example.site.config", []),
        (f"{LOG_WRITER}~site.cfg.json", []),
        (
            "org.apache.sling.serviceusermapping.impl.ServiceUserMapperImpl.amended-com.example.site.config",
            [],
        ),
        ("com.example.Factory~editor.config.cfg.json", []),
        ("com.example.Factory-x.Editor.config", []),
        ("com.my-company.Service.config", ["hyphen-in-pid"]),
        ("my-pid.Service.config", ["hyphen-in-pid"]),
        ("F.123.config", ["dotted-number"]),
        (f"{LOG_WRITER}.cfg.json", ["double-extension"]),
        (f"{LOG_WRITER}.config", ["double-extension"]),
        (LOG_WRITER, ["double-extension"]),
        ("com.example.Service.config.cfg.config", ["double-extension"]),
        ("com.example.Service.cfg.json.config", ["double-extension"]),
    ],
)
def test_names(name: str, rules: list[str]) -> None:
    assert [found.rule for found in hazards.of_name(name)] == rules


_PARTS = st.sampled_from(
    ["com", "my-x", "Service", "F", "12", "-", "~", "-1", "_a", ".", "config", "9b8c7d6e", "é", "%7e"]
)


@given(st.lists(_PARTS, min_size=1, max_size=5), st.sampled_from([".config", ".cfg.json", ".xml"]))
def test_a_plain_name_needs_no_second_look(parts: list[str], ending: str) -> None:
    for name in (".".join(parts) + ending, "".join(parts) + ending):
        if hazards.is_plain_name(name):
            assert list(hazards._of_odd_name(name)) == []


def test_a_pid_inside_counts_only_by_its_name() -> None:
    document = parse(b'service.pid="F~x"\nservice.factoryPid="F"\n')
    assert list(hazards.of_identity(document, "F~x.config")) == []
    assert [h.name for h in hazards.of_identity(document, "G~x.config")] == [
        "service.pid",
        "service.factoryPid",
    ]
    factory = parse(b'service.factoryPid="F"\n')
    assert [h.name for h in hazards.of_identity(factory, "G~x.config")] == ["service.factoryPid"]
    without = parse(b'a="1"\n')
    assert list(hazards.of_identity(without, "G~x.config")) == []


def test_the_advice_on_a_factory_without_a_name() -> None:
    """Its PID ends in .config: as a file's name that is an extension, as a part of one it is not."""
    (stripped,) = hazards.of_name(LOG_WRITER)
    assert ".config at the end is taken for an extension" in stripped.message
    (kept,) = hazards.of_name(f"{LOG_WRITER}.cfg.json")
    assert "no instance of the factory" in kept.message
    assert f"{LOG_WRITER}~<name>" in stripped.fix == kept.fix
