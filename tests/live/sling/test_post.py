"""The Sling POST: all or nothing, and where it goes."""

from __future__ import annotations

import pytest

from tests.live.sling.author import PROVIDER, Author
from tests.live.sling.boot.options import DEPLOYER, NEW_CONFIGURATIONS

pytestmark = pytest.mark.facts

TEXT = b'name="x"\r\n'


@pytest.mark.parametrize(
    "fields",
    [
        {"./bad/jcr:primaryType": "no:such"},
        {"./bad/jcr:primaryType": "nt:file"},
        {"./bad@TypeHint": "Date", "./bad": "no date"},
        {f"./{PROVIDER}-1.config/below/x": "1"},
    ],
    ids=["node type", "file without content", "date", "below a file"],
)
def test_nothing_of_a_failed_request_is_kept(author: Author, fields: dict[str, str]) -> None:
    there = {f"{PROVIDER}-1.config": TEXT, f"{PROVIDER}-2.config": TEXT}
    author.put(there)
    answer = author.swap({f"{PROVIDER}-3.config": TEXT}, [f"{PROVIDER}-2.config"], fields=fields)
    codes = {500} if author.instance.kind.name == "aem65" else {409, 422, 500}
    assert answer.status_code in codes
    assert author.files() == there


def test_a_missing_right_keeps_everything(author: Author) -> None:
    author.put({f"{PROVIDER}-1.config": TEXT})
    http = author.instance.client(DEPLOYER)
    fields = {"/libs/x/y": "1"}
    answer = author.swap({f"{PROVIDER}-2.config": TEXT}, [f"{PROVIDER}-1.config"], fields=fields, http=http)
    assert answer.status_code in ({500} if author.instance.kind.name == "aem65" else {409, 422})
    assert author.files() == {f"{PROVIDER}-1.config": TEXT}


def test_an_unreadable_text_is_no_error(author: Author) -> None:
    """In place it changes nothing that is live; under a new name the configuration is gone."""
    unreadable = b'a="x=y"\r\nb="2"\r\n'
    author.put({f"{PROVIDER}-1.config": TEXT})
    assert author.swap({f"{PROVIDER}-1.config": unreadable}).status_code == 200
    author.settle()
    assert author.live(PROVIDER) == {f"{PROVIDER}~1": {"name": "x"}}
    assert author.swap({f"{PROVIDER}-2.config": unreadable}, [f"{PROVIDER}-1.config"]).status_code == 200
    author.settle()
    assert author.live(PROVIDER) == {}


def test_deleting_what_is_not_there_is_told_as_done(author: Author) -> None:
    answer = author.swap({}, ["no.such.file.config"])
    assert answer.status_code == 200
    assert {"type": "deleted", "argument": f"{NEW_CONFIGURATIONS}/no.such.file.config"} in answer.json()[
        "changes"
    ]


def test_another_folder_answers_for_one_that_is_missing(author: Author) -> None:
    """The rest of its name is taken for an extension; `path` in the answer tells."""
    author.put({f"{PROVIDER}-1.config": TEXT}, "/apps/project/config")
    missing = "/apps/project/config.author"
    listing = author.http.get(f"{missing}.1.json")
    assert (listing.status_code, f"{PROVIDER}-1.config" in listing.json()) == (200, True)
    answer = author.swap({f"{PROVIDER}-2.config": TEXT}, folder=missing)
    assert (answer.status_code, answer.json()["path"]) == (200, "/apps/project/config")
    assert set(author.files("/apps/project/config")) == {f"{PROVIDER}-1.config", f"{PROVIDER}-2.config"}
    # Named from its parent, the folder is the right one.
    fields = {"./project/config.author/jcr:primaryType": "sling:Folder"}
    answer = author.swap({f"project/config.author/{PROVIDER}-3.config": TEXT}, folder="/apps", fields=fields)
    assert (answer.status_code, answer.json()["path"]) == (200, "/apps")
    assert set(author.files(missing)) == {f"{PROVIDER}-3.config"}


def test_the_installer_waits_at_a_pause_node(author: Author) -> None:
    pause = "/system/sling/installer/jcr/pauseInstallation"
    author.http.post(f"{pause}/somebody", data={"jcr:primaryType": "sling:Folder"})
    assert author.swap({f"{PROVIDER}-1.config": TEXT}).status_code == 200
    author.settle()
    assert (author.pids(), len(author.files())) == ([], 1)
    assert "somebody" in author.http.get(f"{pause}.1.json").json()
    author.remove(f"{pause}/somebody")
    assert author.pids() == [f"{PROVIDER}~1"]
