"""Configurations of what AEM 6.5 LTS has no more."""

from __future__ import annotations

import pytest

from grammar import platforms
from migrate.lint import check


@pytest.mark.parametrize(
    ("name", "dead"),
    [
        ("com.adobe.cq.social.ugcbase.impl.SocialUtilsImpl", True),
        ("com.adobe.cq.screens.device.impl.DeviceService-x", True),
        ("com.adobe.granite.socketio.impl.SocketIOServlet", True),
        ("com.adobe.cq.commerce.graphql.client.impl.GraphqlClientImpl~default", False),
        ("com.adobe.cq.socialize.X", False),
        ("com.example.com.adobe.cq.social.X", False),
    ],
)
def test_what_is_gone(name: str, dead: bool) -> None:
    for platform in ("aem65-lts", "cloud"):
        found = check.check(f"{name}.cfg.json", b"{}", "cfg.json", platform=platforms.of(platform))
        # AEM Screens as a Cloud Service may be added.
        is_gone = dead and not (platform == "cloud" and "screens" in name)
        assert [hazard.rule for hazard in found] == ["dead-pid"] * is_gone
    for platform in (None, "aem65", "any"):
        assert check.check(f"{name}.cfg.json", b"{}", "cfg.json", platform=platforms.of(platform)) == []
