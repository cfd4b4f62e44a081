"""Lists of scopes, and what belongs to which metascope and API."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.integration import scopes

LAUNCH = ("AdobeID", "openid", "read_organizations")


@pytest.mark.parametrize("text", ["a,b,c", "a, b, c", "a b c", " a ,, b\tc,a "])
def test_lists_are_split_as_adobes_samples_write_them(text: str) -> None:
    assert scopes.split(text) == ("a", "b", "c")


def test_a_list_is_joined_as_adobes_page_does() -> None:
    assert scopes.join(scopes.SMART_TAGS) == (
        "read_pc.dma_smart_content, openid, AdobeID, additional_info.projectedProductContext"
    )


@given(st.lists(st.text("abz._", min_size=1, max_size=5), unique=True))
def test_what_is_joined_is_split_again(names: list[str]) -> None:
    assert scopes.split(scopes.join(names)) == tuple(names)


def test_missing_scopes_keep_their_order() -> None:
    assert scopes.missing(("c", "a", "b"), ["a"]) == ("c", "b")


def test_only_smart_tags_has_a_metascope_and_an_api_that_are_known() -> None:
    assert scopes.metascope_of(scopes.SMART_TAGS) == "ent_smartcontent_sdk"
    assert scopes.metascope_of(LAUNCH) is None
    assert "Smart Content" in scopes.api_of(["read_pc.dma_smart_content"])
    assert "Smart Content" not in scopes.api_of(LAUNCH)
