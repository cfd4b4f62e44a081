"""Hazards of names, and of PIDs inside a file."""

from __future__ import annotations

import pytest

from grammar import hazards, parse


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("com.example.Service.config", []),
        ("com.example.Factory-my-name.config", []),
        ("com.example.Factory~a-b.c.config", []),
        ("com.example.Factory%7e12.config", []),
        ("com.example.Factory.12.config", ["dotted-number"]),
        ("com.example.Factory.9b8c7d6e-5f4a-4b3c-8d2e-1f0a9b8c7d6e.config", ["dotted-uuid"]),
        ("com.my-company.Service.config", ["hyphen-in-pid"]),
        ("com.example.Service.config.cfg.config", ["double-extension"]),
        ("com.example.Service.cfg.json.config", ["double-extension"]),
    ],
)
def test_names(name: str, rules: list[str]) -> None:
    assert [found.rule for found in hazards.of_name(name)] == rules


def test_a_pid_inside_counts_only_by_its_name() -> None:
    document = parse(b'service.pid="F~x"\nservice.factoryPid="F"\n')
    assert list(hazards.of_identity(document, "F~x.config")) == []
    assert [h.name for h in hazards.of_identity(document, "G~x.config")] == [
        "service.pid",
        "service.factoryPid",
    ]
    without = parse(b'a="1"\n')
    assert list(hazards.of_identity(without, "G~x.config")) == []
