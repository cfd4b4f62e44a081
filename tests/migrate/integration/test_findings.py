"""Which findings are printed."""

from __future__ import annotations

import pytest

from migrate.integration.findings import ADVICE, ERROR, INFO, WARNING, Finding, worth_saying

CLEAR = [
    Finding("secret-in-clear", INFO, "in clear", path=f"config/{name}", line=2) for name in ("a", "b", "c")
]
OTHERS = [
    Finding("half-migrated", INFO, "half"),
    Finding("relaxed-ssl", WARNING, "relaxed"),
    Finding("tilde-unknown", ERROR, "tilde"),
]


def said(verbose: bool, quiet: bool) -> list[str]:
    return [str(finding) for finding in worth_saying([*CLEAR, *OTHERS], verbose, quiet)]


def test_advice_is_given_once_and_tells_how_many_files_it_is_about() -> None:
    assert said(verbose=False, quiet=False) == [
        "config/a:2: info: in clear (and in 2 other files; -v names them)",
        "warning: relaxed",
        "error: tilde",
    ]


def test_verbose_leaves_nothing_out_and_quiet_no_error() -> None:
    assert said(verbose=True, quiet=False) == [str(finding) for finding in (*CLEAR, *OTHERS)]
    assert said(verbose=False, quiet=True) == said(verbose=True, quiet=True) == ["error: tilde"]


@pytest.mark.parametrize("rule", sorted(ADVICE))
def test_advice_on_the_whole_target_counts_no_files(rule: str) -> None:
    same = Finding(rule, INFO, "check")
    assert [str(finding) for finding in worth_saying([same, same], False, False)] == ["info: check"]
