"""The instances are what they are said to be."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx
import pytest

from tests.live.sling.author import PROVIDER, Author, Values
from tests.live.sling.boot.kinds import AEM65
from tests.live.sling.boot.lab import Lab
from tests.live.sling.boot.options import DEPLOYER, NEW_CONFIGURATIONS, OPERATOR, READER, WATCHER, Options

BUILDS = {
    "aem65": {
        "org.apache.sling.installer.core": "3.9.0",
        "org.apache.sling.installer.factory.configuration": "1.3.4",
        "org.apache.sling.installer.provider.jcr": "3.1.26",
        "org.apache.felix.configadmin": "1.9.12",
        "org.apache.felix.webconsole": "4.9.6",
        "org.apache.sling.servlets.post": "2.3.26",
        "org.apache.jackrabbit.vault": "3.2.8",
        "org.apache.sling.jmx.provider": "1.0.2",
    },
    "sling12": {
        "org.apache.sling.installer.core": "3.12.0",
        "org.apache.sling.installer.factory.configuration": "1.4.2",
        "org.apache.sling.installer.provider.jcr": "3.3.0",
        "org.apache.felix.webconsole": "4.7.2",
        "org.apache.sling.servlets.post": "2.5.0",
    },
}
BUILDS["sling12n"] = BUILDS["sling12"] | {"org.apache.sling.installer.factory.configuration": "1.4.10"}

PAIR: Values = {"name": "x", "auth.token.provider.client.id": "a"}


def test_builds(author: Author) -> None:
    bundles = author.http.get("/system/console/bundles.json").json()["data"]
    versions = {bundle["symbolicName"]: bundle["version"] for bundle in bundles}
    wanted = BUILDS[author.instance.kind.name]
    assert {name: versions.get(name) for name in wanted} == wanted


def test_java(author: Author) -> None:
    text = author.http.get("/system/console/status-System%20Properties.txt").text
    java = "11" if author.instance.kind is AEM65 else "17"
    assert f"\njava.specification.version = {java}\n" in text


def test_only_the_loopback_interface_is_listened_on(author: Author) -> None:
    sockets = {
        Path(f"/proc/{author.instance.process.pid}/fd/{number.name}").resolve().name
        for number in Path(f"/proc/{author.instance.process.pid}/fd").iterdir()
    }
    listening = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{author.instance.process.pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                listening.append(fields[1])
    loopback = ("0100007F:", "0000000000000000FFFF00000100007F:")
    assert [address.rpartition(":")[2] for address in listening] == [f"{author.instance.port:04X}"]
    assert all(address.startswith(loopback) for address in listening)


@pytest.mark.parametrize(
    ("user", "console", "writes"),
    [(READER, 403, False), (DEPLOYER, 403, True), (OPERATOR, 200, True), (WATCHER, 200, False)],
    ids=lambda value: getattr(value, "name", None),
)
def test_users(author: Author, user: object, console: int, writes: bool) -> None:
    client = author.instance.client(user)  # type: ignore[arg-type]
    assert client.get(f"{NEW_CONFIGURATIONS}.1.json").status_code == 200
    assert client.get("/system/console/bundles.json").status_code == console
    assert client.get("/system/console/status-osgi-installer.txt").status_code == console
    answer = author.swap({"x.config": b'a="1"\r\n'}, http=client)
    assert (answer.status_code == 200) is writes
    assert ("x.config" in author.files()) is writes


def test_what_the_console_makes_is_written_back(author: Author) -> None:
    pid = author.create(PROVIDER, PAIR)
    old = author.instance.kind is AEM65
    name = f"{pid}.config" if old else f"{pid}.cfg.json"
    header = b"# " if old else b"// "
    assert author.files()[name].startswith(header + b"Configuration created by Apache Sling JCR Installer\n")


@pytest.mark.cases
def test_options(lab: Lab) -> None:
    """test_https.py starts another one: of another kind, whose certificate names another host."""
    options = Options("/author", ("author", "prod"), writeback=False, certificate="this host")
    with lab.another(AEM65, "options", options) as instance:
        author = Author(instance)
        author.put({f"{PROVIDER}-1.config": b'name="base"\r\n'}, "/apps/project/config")
        author.put({f"{PROVIDER}-1.config": b'name="ours"\r\n'}, "/apps/project/config.author.prod")
        author.put({f"{PROVIDER}-1.config": b'name="theirs"\r\n'}, "/apps/project/config.publish")
        assert author.live(PROVIDER) == {f"{PROVIDER}~1": {"name": "ours"}}
        author.create(PROVIDER, PAIR)
        assert author.files() == {}
        assert (
            instance.client(base_url=f"http://127.0.0.1:{instance.port}").get("/apps.json").status_code == 404
        )

        context = ssl.create_default_context(cafile=instance.certificate.pem)
        with instance.client(base_url=instance.https_base, verify=context) as trusting:
            assert trusting.get("/apps.json").status_code == 200
        shown = ssl.get_server_certificate(("127.0.0.1", instance.https_port))
        assert shown.strip() == instance.certificate.pem.read_text().strip()
        with pytest.raises(httpx.ConnectError, match="self-signed"):
            instance.client(base_url=instance.https_base).get("/apps.json")
