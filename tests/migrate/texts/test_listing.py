"""What the verbs about texts say of targets that they do not read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Ended


@pytest.mark.parametrize("verb", ["lint", "fmt", "show", "explain", "convert"])
@pytest.mark.parametrize("address", ["https://author.example:4502", "HTTP://127.0.0.1:1/aem"])
def test_an_instance_is_read_by_other_verbs(
    slingshift: Callable[..., Ended], verb: str, address: str
) -> None:
    options = ["--to", "xml"] if verb == "convert" else []
    ended = slingshift(verb, address, *options)
    assert ended.code == 4
    assert f"{address}: the address of an instance, and this command reads files" in ended.err
    assert "`scan` and `plan`" in ended.err
