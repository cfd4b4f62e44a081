"""`slingshift apply`: what it says when it is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "object"]
Case = Callable[[str], Path]


def test_it_ends_with_the_next_steps(slingshift: Run, case: Case, oauth_options: list[str]) -> None:
    root = case("digits-written-back")
    ended = slingshift("apply", root, *oauth_options, "--yes")
    _, steps = ended.err.split("next steps:\n")
    assert f"slingshift check-token {root}\n" in steps
    assert "/system/console/configMgr" in steps
    assert "validateConfigs" in steps
    assert "next steps" not in slingshift("apply", root, *oauth_options, "--yes").err


def test_quiet_says_only_what_went_wrong(slingshift: Run, case: Case, oauth_options: list[str]) -> None:
    ended = slingshift("apply", case("digits-written-back"), *oauth_options, "--yes", "-q")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    ended = slingshift("apply", case("broken-file"), *oauth_options, "--yes", "-q")
    assert (ended.code, ended.out) == (3, "")
    assert all(line.startswith("refused: ") for line in ended.err.splitlines())


@pytest.mark.parametrize("output", ["json", "markdown"])
def test_quiet_keeps_the_result_that_is_asked_for(
    output: str, slingshift: Run, case: Case, oauth_options: list[str]
) -> None:
    ended = slingshift("apply", case("xml"), *oauth_options, "--yes", "-q", "--format", output)
    assert (ended.code, ended.err) == (0, "")
    assert "auth.ims.client.secret" in ended.out


def test_quiet_shows_what_it_asks_about(slingshift: Run, case: Case, oauth_options: list[str]) -> None:
    ended = slingshift("apply", case("digits-written-back"), *oauth_options, "-q")
    assert (ended.code, "diff --git" in ended.out) == (2, True)
