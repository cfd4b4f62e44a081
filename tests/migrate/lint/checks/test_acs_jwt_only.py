"""ACS AEM Commons' Adobe I/O integration."""

from __future__ import annotations

import pytest

from migrate.lint import check

PID = "com.adobe.acs.commons.adobeio.service.impl.IntegrationServiceImpl"


@pytest.mark.parametrize(
    ("name", "text", "rules"),
    [
        (PID, '{\n"techAccountId": "x@techacct.adobe.com"}', ["acs-jwt-only"]),
        (f"{PID}~a", '{\n"adobeLoginClaimKey": ["a"]}', ["acs-jwt-only"]),
        (PID, '{"techAccountId": "", "timeoutInMilliSeocnds": 1}', []),
        (PID, "{}", []),
        ("com.example.Other", '{"techAccountId": "x"}', []),
    ],
)
def test_what_is_told(name: str, text: str, rules: list[str]) -> None:
    found = check.check(f"{name}.cfg.json", text.encode(), "cfg.json")
    assert [hazard.rule for hazard in found] == rules
    assert all(hazard.line == 2 for hazard in found)
