"""What the verbs about texts say of targets that they do not read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Ended

ADDRESSES = ["https://author.example.invalid:4502", "HTTP://127.0.0.1:1/aem"]


@pytest.mark.parametrize("verb", ["fmt", "convert"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_what_writes_files_takes_no_instance(
    slingshift: Callable[..., Ended], verb: str, address: str
) -> None:
    ended = slingshift(verb, address, *(["--to", "xml"] if verb == "convert" else []))
    assert ended.code == 4
    assert f"{address}: the address of an instance, and this command reads files" in ended.err
    assert "`show`, `lint` and `explain`" in ended.err


@pytest.mark.parametrize("verb", ["lint", "show", "explain"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_what_reads_asks_the_instance(slingshift: Callable[..., Ended], verb: str, address: str) -> None:
    ended = slingshift(verb, address, "--allow-http", "--user", "admin", "--password-env", "PATH")
    assert ended.code == 6
    assert "Check " in ended.err
