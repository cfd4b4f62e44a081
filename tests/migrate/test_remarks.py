"""Remarks for services: where they stand, as the services know files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrate import remarks
from migrate.remarks import Annotation


@pytest.mark.parametrize("path", ["./a b/x.config", "a b/x.config", "a b//x.config", "here"])
def test_a_path_is_as_git_knows_it(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = os.path.join(tmp_path, "a b/x.config") if path == "here" else path
    line = remarks.github([Annotation("rule", "warning", "said", path, 2, 3)])
    assert line == "::warning file=a b/x.config,line=2,col=3,title=rule::said\n"
    assert remarks.uri(path) == "a%20b/x.config"


def test_the_address_of_an_instance_is_kept() -> None:
    address = "https://author.example:4502/apps/a b"
    assert "file=https%3A//author.example%3A4502/apps/a b," in remarks.github(
        [Annotation("rule", "error", "said", address)]
    )
    assert remarks.uri(address) == "https://author.example:4502/apps/a%20b"


def test_what_stands_behind_a_message_is_not_what_a_remark_is_known_by() -> None:
    """A service keeps what it knows about a remark when AEM loads another value there."""
    plain, told = (
        remarks.Annotation("r", "error", "m", "x.config", more=more) for more in ("", " (AEM loads 1)")
    )
    logs = [remarks.sarif([one], {"r": {}}, [], "1", "5 are left out") for one in (plain, told)]
    runs = [log["runs"][0] for log in logs]  # type: ignore[index]
    assert runs[0]["results"][0]["partialFingerprints"] == runs[1]["results"][0]["partialFingerprints"]
    assert [run["results"][0]["message"]["text"] for run in runs] == ["m", "m (AEM loads 1)"]
    assert runs[0]["invocations"] == [
        {
            "executionSuccessful": True,
            "toolExecutionNotifications": [{"level": "warning", "message": {"text": "5 are left out"}}],
        }
    ]
