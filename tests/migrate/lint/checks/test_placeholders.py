"""The rules about placeholders, each with the AEM that it is about and the others, where it is silent."""

from __future__ import annotations

import pytest

from grammar import platforms
from migrate.lint import check

REPOINIT = "org.apache.sling.jcr.repoinit.RepositoryInitializer~x"


def rules(text: str, platform: str | None, name: str = "com.example.F") -> list[str]:
    found = check.check(f"{name}.cfg.json", text.encode(), "cfg.json", platform=platforms.of(platform))
    return [hazard.rule for hazard in found]


@pytest.mark.parametrize("kind", ["env", "secret", "prop"])
def test_aem_65_fills_none_in(kind: str) -> None:
    text = f'{{"a": "x$[{kind}:NAME;default=1]", "b": ["$[{kind}:NAME]", "$[{kind}:OTHER]"]}}'
    assert rules(text, "aem65") == ["placeholder-not-supported"] * 2
    for platform in (None, "aem65-lts", "cloud", "any"):
        assert rules(text, platform) == []
    assert rules('{"a": "${NAME}", "b": "$[other:NAME]"}', "aem65") == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("NAME", []),
        ("_a1", []),
        ("aa", []),
        ("A" * 100, []),
        ("AEM_X", []),
        ("MY_ADOBE_X", []),
        ("a", ["placeholder-name"]),
        ("A" * 101, ["placeholder-name"]),
        ("1A", ["placeholder-name"]),
        ("A-B", ["placeholder-name"]),
        ("A.B", ["placeholder-name"]),
        ("", ["placeholder-name"]),
        ("ADOBE_X", ["placeholder-reserved"]),
        ("INTERNAL_X", ["placeholder-reserved"]),
        ("CONST_X", ["placeholder-reserved"]),
    ],
)
def test_names(name: str, expected: list[str]) -> None:
    for kind in ("env", "secret"):
        text = f'{{"a": "$[{kind}:{name};default=x]"}}'
        assert rules(text, "cloud") == expected
        assert rules(text, None) == []
    assert rules(f'{{"a": "$[prop:{name}]"}}', "cloud") == []


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("$[ENV:SITE]", 1),
        ("a $[secrets:SITE] b", 1),
        ("$[ env:SITE]", 1),
        ("$[env:SITE;default=x", 1),
        ("$[env:SITE] and $[env:OTHER", 1),
        ("$[env:SITE;default=a]b", 0),
        ("$[env:SITE;default=$[env:OTHER]]", 0),
        ("$[other:SITE]", 0),
        ("$[environment] $[", 0),
        ("cost: $[5:6]", 0),
    ],
)
def test_what_is_no_placeholder_though_it_looks_like_one(value: str, count: int) -> None:
    for text in (f'{{"a": "{value}"}}', f'{{"a": ["x", "{value}"]}}'):
        assert rules(text, "cloud") == ["placeholder-name"] * count
        assert rules(text, None) == []


def test_in_repoinit() -> None:
    text = '{"scripts": ["create path /$[env:SITE]"]}'
    assert rules(text, "cloud", REPOINIT) == ["placeholder-in-repoinit"]
    assert rules(text, "cloud") == rules(text, None, REPOINIT) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("com.day.cq.mailer.DefaultMailService", ["placeholder-on-product-pid"]),
        ("com.adobe.granite.auth.oauth.provider-x", ["placeholder-on-product-pid"]),
        ("com.adobe.acs.commons.X", []),
        ("com.example.X", []),
    ],
)
def test_on_a_service_of_aem(name: str, expected: list[str]) -> None:
    text = '{"a": "$[env:NAME]", "b": "$[env:OTHER]"}'
    assert rules(text, "cloud", name) == expected
    assert rules(text, None, name) == []
