"""Statements of repoinit over several items."""

from __future__ import annotations

import json

import pytest

from migrate.lint import check

PID = "org.apache.sling.jcr.repoinit.RepositoryInitializer"


def rules(scripts: object, name: str = f"{PID}~x.cfg.json") -> list[str]:
    return [
        hazard.rule for hazard in check.check(name, json.dumps({"scripts": scripts}).encode(), "cfg.json")
    ]


@pytest.mark.parametrize(
    "scripts",
    [
        ["create path /a", "create service user b"],
        ["set ACL for a\n allow jcr:read on /\nend", "create path /b"],
        ["set ACL on /content\r\n  deny jcr:all for everyone\r\nend\r\n", "# end\n\ncreate path /b"],
        ["set properties on /a\n  set x to 1\nend", "x"],
        "set ACL for a\n allow jcr:read on /\nend",
        "set ACL for a",
        ["create user allowed", "endless"],
        ["set ACL for a\nend\n\nset principal ACL for b\n  allow jcr:read on /\nend", "create path /b"],
        [
            "ensure principal ACL for a\n allow jcr:read on /\nend # done",
            "remove ACL on /a\n remove * for b\nend",
        ],
        ["register nodetypes\n<<===\n# end\nallow\n<a='b'>\n===>>", "create user a with password b"],
        ["delete principal ACL for a", 'disable service user b : "end"'],
        ["delete ACL on /a", "delete principal ACL for b"],
        ["remove principal ACE for a\n  allow jcr:read on /b\nend", "create path /b"],
        [],
    ],
)
def test_whole_statements(scripts: object) -> None:
    assert rules(scripts) == []


@pytest.mark.parametrize(
    "scripts",
    [
        ["set ACL for a", "  allow jcr:read on /", "end"],
        ["create path /a", "set ACL on /a\n  allow jcr:read for b", "end"],
        ["create path /a", "deny jcr:all for everyone"],
        ["set principal ACL for a\n  allow jcr:read on /b", "end"],
        ["set properties on /a", "set x to 1", "end"],
        ["ensure principal ACL for a", "allow jcr:read on /", "end"],
        ["remove ACL on /a", "remove * for b", "end"],
        ["register nodetypes", "<<===", "<a='b'>", "===>>"],
        ["register nodetypes\n<<===\n<a='b'>", "===>>"],
        ["create user a", "  with password b"],
        ["remove ACE for a", "  allow jcr:read on /b", "end"],
        ["set default properties on /a", "set x to 1", "end"],
    ],
)
def test_parts_of_statements(scripts: object) -> None:
    assert rules(scripts) == ["repoinit-split"]


def test_only_for_repoinit() -> None:
    assert rules(["end", "allow"], "com.example.Other~x.cfg.json") == []
    assert rules(["end", "allow"], f"{PID}.cfg.json") == ["repoinit-split"]
    assert rules(["end", "allow"], f"{PID}-x.cfg.json") == ["repoinit-split"]
