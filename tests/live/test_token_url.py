"""The token URL: our `String.format` and our reading of the result against Java's."""

from __future__ import annotations

import base64
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from migrate.integration import token_url

SOURCE = Path(__file__).parent / "java" / "single" / "TokenUrl.java"
PIECES = [
    "https://", "http://", "h", "ims-na1.adobelogin.com", "/ims/token/v3", "/", "?a=b", "#f", ":443", "@", "[::1]",
    "%", "%s", "%S", "%1$s", "%2$s", "%0$s", "%<s", "%%", "%n", "%d", "%b", "%5s", "%-40s", "%-s", "%.3s", "%10.2s",
    "%+s", "%#s", "%tY", "%5%", "%1$%", "%zz", "%20", "%2F", "$", "1$", " ", "\\", "|", "ä", "\u0430",
    "\u2028", "\u3000", "\u2003", "\u202e", "\x85", "_", "-", ".",
]  # fmt: skip
STARTS = ["", "https://", "https://ims-na1.adobelogin.com", "https://%s/ims"]
ENDPOINTS = ["ims-na1.adobelogin.com", "h/x", "straße", "%s"]


def java(cases: list[tuple[str, str]]) -> list[tuple[str | None, str | None]]:
    """The URL (None where String.format throws), and its host (None where java.net.URI does not take it)."""
    if shutil.which("java") is None:
        pytest.fail("the live tests need java on the PATH; see docs/testing.md")
    lines = (" ".join(base64.b64encode(text.encode()).decode() for text in case) for case in cases)
    done = subprocess.run(
        ["java", str(SOURCE)], input="\n".join(lines).encode(), capture_output=True, check=True, timeout=300
    )
    answers = [line.split() for line in done.stdout.decode().splitlines()]
    assert len(answers) == len(cases)
    return [
        (None, None) if len(a) == 1 else (_text(a[0]), None if a[1] == "illegal" else _text(a[1]))
        for a in answers
    ]


def _text(encoded: str) -> str:
    return base64.b64decode(encoded.removeprefix("=")).decode()


def generated() -> list[tuple[str, str]]:
    dice = random.Random(7)
    some = [
        (dice.choice(STARTS) + "".join(dice.choices(PIECES, k=dice.randint(1, 6))), dice.choice(ENDPOINTS))
        for _ in range(40_000)
    ]
    return [*((piece, ENDPOINTS[0]) for piece in PIECES), *some]


def test_formats_and_addresses_are_those_of_java() -> None:
    cases = generated()
    formatted = opened = 0
    for case, (url, host) in zip(cases, java(cases), strict=True):
        found = token_url.address(*case)
        if found.broken:
            # Beyond what throws we refuse what puts something else there than the endpoint, and %% with a width.
            assert url is None or found.broken[-1] not in "sS", case
            continue
        assert found.url == url, case
        formatted += 1
        if found.error is None:
            assert host is not None, case
            opened += 1
            # java.net.URI gives no host for what is no name of one (an underscore, another alphabet).
            assert host.lower() in (found.host, "null"), case
    assert formatted > 10_000
    assert opened > 2_000
