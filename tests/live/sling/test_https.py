"""The procedure over https with a self-signed certificate of another host, below a context path, with run modes."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path

import pytest

from migrate.ims.sandbox import endpoint
from migrate.ims.sandbox.server import Sandbox
from tests.live.sling.author import CUSTOMIZER, PROVIDER, Author
from tests.live.sling.boot.kinds import SLING12
from tests.live.sling.boot.lab import Lab
from tests.live.sling.boot.options import Options
from tests.live.sling.migration import Migration, Run
from tests.live.sling.pairs import JWT_FILES, files

OPTIONS = Options("/author", ("author", "prod"), certificate="another host")
FOLDER = "/apps/project/config.author.prod"


def fingerprint(pem: Path) -> str:
    return f"sha256:{hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem.read_text())).hexdigest()}"


def test_https(lab: Lab, slingshift: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_ADMIN", "admin")
    monkeypatch.setenv("LAB_SECRET", endpoint.DEMO_CLIENT_SECRET)
    with Sandbox() as ims, lab.another(SLING12, "https", OPTIONS) as instance:
        author = Author(instance)
        author.put(files(JWT_FILES, "-5"))
        author.put(files(JWT_FILES, "-5"), FOLDER)
        author.put(files(JWT_FILES, "-5"), "/apps/project/config.publish")
        mine = Migration(slingshift, author, ims.token_url, ims.ca_bundle, base=instance.https_base)
        before = mine.runs()

        # Nothing is sent to somebody who is not known.
        assert "--fingerprint" in mine.plan(code=6).err
        mine.reach = ("--ca-bundle", str(instance.certificate.pem))
        assert "its certificate is not one for 127.0.0.1" in mine.plan(code=6).err
        mine.reach = ("--fingerprint", f"sha256:{'0' * 64}")
        assert fingerprint(instance.certificate.pem) in mine.plan(code=6).err

        mine.reach = ("--fingerprint", fingerprint(instance.certificate.pem))
        mine.plan()
        mine.apply()
        mine.is_migrated(before)
        assert mine.wrong() == []
        # The most specific folder counts; those of it that are not active were swapped as well.
        assert [one.path.rpartition("/")[0] for one in author.entries() if one.state == "INSTALLED"].count(
            FOLDER
        ) == 2
        for folder in ("/apps/project/config.publish", FOLDER, "/apps/system/config"):
            assert {name.partition("-5")[0] for name in author.files(folder)} == {PROVIDER, CUSTOMIZER}
            assert not any(b"exchange/jwt" in data for data in author.files(folder).values())
        mine.undo()
        mine.is_back(before)
