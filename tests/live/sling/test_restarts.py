"""What a restart does, which is where configurations get lost. One restart a kind; it takes long."""

from __future__ import annotations

import httpx
import pytest

from tests.live.sling.author import CUSTOMIZER, PROVIDER, Author
from tests.live.sling.pairs import JWT_CUSTOMIZER, JWT_FILES, JWT_PROVIDER, OAUTH_FILES, is_oauth

pytestmark = pytest.mark.facts

UNTOUCHED, SWAPPED, BESIDE = "untouched", "swapped", "beside"


def made(author: Author, name: str) -> str:
    """The UUID of a provider made in the console under a name."""
    return author.create(PROVIDER, JWT_PROVIDER | {"name": name}).removeprefix(f"{PROVIDER}.")


def text(name: str) -> bytes:
    return OAUTH_FILES[PROVIDER].replace(b'name="adobe-ims-similaritysearch"', b'name="%s"' % name.encode())


def test_a_restart(author: Author) -> None:
    new = author.instance.kind.name == "sling12n"
    untouched = made(author, UNTOUCHED)
    (untouched_file,) = author.files()
    swapped = made(author, SWAPPED)
    author.swap({f"{PROVIDER}-{swapped}.config": text(SWAPPED)}, author.files().keys() - {untouched_file})
    author.settle()
    beside = made(author, BESIDE)
    author.put({f"{PROVIDER}-{beside}.config": text(BESIDE)})
    author.put({f"{CUSTOMIZER}-1.config": JWT_FILES[CUSTOMIZER]})
    before = {pid: is_oauth(values) for pid, values in author.live(PROVIDER).items()}
    assert before == {
        f"{PROVIDER}.{untouched}": False,
        f"{PROVIDER}~{swapped}": True,
        f"{PROVIDER}.{beside}": new,
        **({} if new else {f"{PROVIDER}.{swapped}": False, f"{PROVIDER}~{beside}": True}),
    }

    port, process = author.instance.port, author.instance.process
    author.restart()
    assert author.instance.port == port
    assert author.instance.process.pid != process.pid
    assert not process.alive

    after = {pid: is_oauth(values) for pid, values in author.live(PROVIDER).items()}
    # The orphans of a kept name are gone, and with them an adopted instance: its file is there, and nothing is live.
    assert after == {
        f"{PROVIDER}.{untouched}": False,
        f"{PROVIDER}~{swapped}": True,
        **({} if new else {f"{PROVIDER}~{beside}": True}),
    }
    lost = author.entry(f"{PROVIDER}-{beside}.config")
    assert lost is not None
    assert (lost.entity, lost.state) == (f"{PROVIDER}~{beside}", "INSTALLED")
    # The untouched file still works, but its entity has another name, so that no page ties it to its configuration.
    assert author.entry(untouched_file).entity == f"com.adobe.granite~{untouched}"  # type: ignore[union-attr]
    assert author.live(CUSTOMIZER) == {f"{CUSTOMIZER}~1": JWT_CUSTOMIZER}

    if new:
        # The repair works after the loss as well; the same values once more do not.
        author.put({f"{PROVIDER}-{beside}.config": text(BESIDE)})
        assert f"{PROVIDER}~{beside}" not in author.live(PROVIDER)
        author.swap({f"{PROVIDER}-x.config": text(BESIDE)}, [f"{PROVIDER}-{beside}.config"])
        author.settle()
        assert is_oauth(author.live(PROVIDER)[f"{PROVIDER}~x"])


def test_a_power_cut_takes_all_of_a_swap_or_nothing(author: Author) -> None:
    old, new = f"{PROVIDER}.9.config", f"{PROVIDER}-9.config"
    author.put({old: JWT_FILES[PROVIDER]})
    assert author.swap({new: OAUTH_FILES[PROVIDER]}, [old]).status_code == 200
    author.instance.kill()
    assert not author.instance.running
    with pytest.raises(httpx.TransportError):
        author.http.get("/")
    author.instance.start()
    author.settle()
    found = author.files()
    assert found in ({old: JWT_FILES[PROVIDER]}, {new: OAUTH_FILES[PROVIDER]}, {})
    author.swap({new: OAUTH_FILES[PROVIDER]}, [old])
    author.settle()
    assert (author.files(), author.pids()) == ({new: OAUTH_FILES[PROVIDER]}, [f"{PROVIDER}~9"])
