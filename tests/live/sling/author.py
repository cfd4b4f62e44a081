"""What people do to an author: files, the console, looking. The tests' own hands, no code of slingshift."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import httpx
import pytest

from tests.live.sling.boot.bundles import FOLDER, bundle
from tests.live.sling.boot.instance import Instance
from tests.live.sling.boot.options import NEW_CONFIGURATIONS

PROVIDER = "com.adobe.granite.auth.oauth.accesstoken.provider"
CUSTOMIZER = "com.adobe.granite.auth.ims.impl.IMSAccessTokenRequestCustomizerImpl"

CONSOLE = "/system/console/configMgr"
NEW = "[Temporary PID replaced by real PID upon save]"
"""What the console's own page sends for a factory instance that is not there yet."""

LAB = "/bin/slingshift-lab"
"""The tests' own door to what stands in for AEM."""
PRODUCT = "6.5.25.0"
SIMILARITY = "com.day.cq.dam.similaritysearch.internal.impl:type=similaritysearch"

PAUSE = "/system/sling/installer/jcr/pauseInstallation"
WITHIN = 60
"""Seconds that anything may take before a test gives up."""
QUIET = 1.3
"""Seconds without a change after which the installer is done: it looks every half second and waits another half. On
a machine with other work it takes its time, and so do we."""

Item = str | int | bool | float
Values = dict[str, Item | list[Item]]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Entry:
    """A line of the installer's page: which file stands for which configuration."""

    entity: str
    digest: str
    priority: int
    url: str
    state: str

    @property
    def path(self) -> str:
        """In the repository, when it comes from there."""
        return self.url.removeprefix("jcrinstall:")


class Author:
    """One instance as a person sees it.

    Attributes:
        instance: the process.
        http: as admin.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.http = instance.client()
        self._usual()
        self._there = self._folders()
        self._loaded: list[str] = []

    # Files

    def files(self, folder: str = NEW_CONFIGURATIONS) -> dict[str, bytes]:
        """Names and bytes of the files in a folder."""
        kinds = self.http.get(f"{folder}.1.json").json()
        names = [name for name, node in kinds.items() if _is_file(node)]
        return {name: self.http.get(f"{folder}/{name}").content for name in names}

    def has(self, folder: str) -> bool:
        """Whether there is such a folder; Sling takes one that is missing for another."""
        return folder.rpartition("/")[2] in self._children(folder.rpartition("/")[0])

    def swap(
        self,
        put: Mapping[str, bytes],
        remove: Iterable[str] = (),
        folder: str = NEW_CONFIGURATIONS,
        fields: Mapping[str, str] | None = None,
        http: httpx.Client | None = None,
    ) -> httpx.Response:
        """One Sling POST to a folder: uploads, deletions and whatever fields besides."""
        parts = [(f"./{name}", (name.rpartition("/")[2], data)) for name, data in put.items()]
        data = {f"./{name}@Delete": "x" for name in remove} | dict(fields or {})
        client = http or self.http
        # Without a file httpx would send another kind of form; a field that Sling ignores makes it multipart.
        files = parts or [(":none", ("", b""))]
        return client.post(folder, data=data, files=files, headers={"Accept": "application/json"})

    def put(self, put: Mapping[str, bytes], folder: str = NEW_CONFIGURATIONS) -> None:
        """Upload files, making the folder when it is not there, and wait for the installer."""
        root, _, rest = folder.removeprefix("/").partition("/")
        if root != "apps":
            self._loaded.append(f"/{root}/{rest.partition('/')[0]}")
        made = {f"./{rest}/jcr:primaryType": "sling:Folder"}
        answer = self.swap(
            {f"{rest}/{name}": data for name, data in put.items()}, folder=f"/{root}", fields=made
        )
        assert answer.status_code in (200, 201), answer.text
        self.settle()

    def remove(self, *paths: str) -> None:
        """Remove nodes, whatever they are, and wait for the installer."""
        answer = self.http.post("/", data={":operation": "delete", ":applyTo": list(paths)})
        assert answer.status_code == 200, answer.text
        self.settle()

    # The installer

    def entries(self) -> list[Entry]:
        """What the installer knows of configurations in the repository."""
        text = self.http.get("/system/console/status-osgi-installer.txt").text
        return [entry for entry in _entries(text) if entry.url.startswith("jcrinstall:")]

    def entry(self, name: str, folder: str = NEW_CONFIGURATIONS) -> Entry | None:
        """What the installer knows of one file."""
        return next((entry for entry in self.entries() if entry.path == f"{folder}/{name}"), None)

    def settle(self) -> None:
        """Wait until the installer has nothing to do and nothing changes any more."""
        since, before = time.monotonic(), ""
        end = since + WITHIN
        while time.monotonic() - since < QUIET * max(1, os.getloadavg()[0] / (os.cpu_count() or 1) / 2):
            assert time.monotonic() < end, "the installer does not come to rest"
            text = self.http.get("/system/console/status-osgi-installer.txt").text
            if text != before or not re.search(r"Active Resources\n-+\n\s*Processed", text):
                since, before = time.monotonic(), text
            time.sleep(0.15)

    # The console

    def live(self, factory: str) -> dict[str, Values]:
        """The instances of a factory that ConfigAdmin has: values by PID."""
        answer = self.http.get(f"{CONSOLE}/(service.factoryPid={factory}).json")
        assert answer.status_code == 200, answer.text
        return {found["pid"]: _values(found["properties"]) for found in answer.json()}

    def pids(self) -> list[str]:
        """PIDs of all that begins like one of the two factories: instances, singletons, bogus ones."""
        answer = self.http.get("/system/console/status-Configurations.txt")
        assert answer.status_code == 200, answer.text
        found = re.findall(r"^PID\s*=\s*(\S+)$", answer.text, re.MULTILINE)
        return sorted(pid for pid in found if pid.startswith((PROVIDER, CUSTOMIZER)))

    def create(self, factory: str, values: Mapping[str, Item | list[Item]]) -> str:
        """Make a factory instance in the console, and wait for its file. Returns its PID."""
        before = self.live(factory).keys()
        self.save(NEW, values, factory=factory)
        (made,) = (pid for pid in self.live(factory).keys() - before if pid.startswith(f"{factory}."))
        return made

    def save(self, pid: str, values: Mapping[str, Item | list[Item]], factory: str | None = None) -> None:
        """Save a dialog of the console in which every value stands."""
        data: dict[str, object] = {"apply": "true", "propertylist": ",".join(values)}
        data |= {name: _form(value) for name, value in values.items()}
        if factory:
            data["factoryPid"] = factory
        answer = self.http.post(f"{CONSOLE}/{_quoted(pid)}", data=data)
        assert answer.status_code in (200, 302), answer.text
        self.settle()

    def delete(self, pid: str) -> None:
        """Delete a configuration in the console."""
        answer = self.http.post(f"{CONSOLE}/{_quoted(pid)}", data={"apply": "1", "delete": "1"})
        assert answer.status_code == 200, answer.text
        self.settle()

    # What stands in for AEM

    def switch(self, **switches: str) -> None:
        """Set switches of the stand-ins (Switches.java), and forget the events so far."""
        answer = self.http.post(LAB, data=switches)
        assert answer.status_code == 200, answer.text

    def received(self, factory: str) -> dict[str, dict[str, tuple[str, list[str]]]]:
        """What the consumer of a factory has now: Java type and items of every property, by PID."""
        now = self.http.get(LAB).json()["now"].get(factory, {})
        return {
            pid: {name: (value["type"], value["values"]) for name, value in values.items()}
            for pid, values in now.items()
        }

    def events(self) -> list[tuple[str, str]]:
        """What was delivered since the last `switch`: added, updated or deleted, and the PID."""
        return [(event["what"], event["pid"]) for event in self.http.get(LAB).json()["events"]]

    def validate_configs(self) -> dict[str, str]:
        """The Status of every row of the JMX operation of Adobe's page."""
        answer = self.http.post(f"/system/console/jmx/{SIMILARITY}/op/validateConfigs/")
        assert answer.status_code == 200, answer.text
        rows = re.findall(r"<tr>(.*?)</tr>", answer.text, re.DOTALL)
        head, *cells = [re.findall(r"<t[hd]>(.*?)</t[hd]>", row) for row in rows]
        tables = [dict(zip(head, row, strict=True)) for row in cells]
        return {row["Configuration"]: row["Status"] for row in tables}

    def bundles(self, versions: Mapping[str, str]) -> None:
        """Replace the stand-ins for AEM's bundles by those of other versions."""
        jars = {f"{name}-{version}.jar": bundle(name, version) for name, version in versions.items()}
        there = [name for name in self._children(FOLDER) if not name.startswith("slingshift")]
        answer = self.swap(jars, [name for name in there if name not in jars], FOLDER)
        assert answer.status_code == 200, answer.text
        wanted = versions.items()
        self.until("the other versions", lambda: wanted <= self.versions().items())
        self.settle()

    def versions(self) -> dict[str, str]:
        """Bundles that are active, and their versions."""
        bundles = self.http.get("/system/console/bundles.json").json()["data"]
        return {
            bundle["symbolicName"]: bundle["version"] for bundle in bundles if bundle["state"] == "Active"
        }

    def load(self, path: str, tree: Mapping[str, object]) -> None:
        """Import content, making the folders above it. It is removed after the test."""
        self.imported(path, tree)
        self._loaded.append(path)

    def imported(self, path: str, tree: Mapping[str, object]) -> None:
        """Import content where the test's end removes it anyway."""
        parent, name = path.rpartition("/")[::2]
        if not self._exists(parent):
            answer = self.http.post(parent, data={"jcr:primaryType": "sling:Folder"})
            assert answer.status_code == 201, answer.text
        fields = {":operation": "import", ":contentType": "json", ":name": name, ":replace": "true"}
        answer = self.http.post(parent, data=fields | {":content": json.dumps(tree)})
        assert answer.status_code in (200, 201), answer.text

    # Time

    def until(self, what: str, look: Callable[[], Found]) -> Found:
        """Look until there is something to see; fail with what was seen last."""
        end = time.monotonic() + WITHIN
        while not (found := look()):
            if time.monotonic() > end:
                pytest.fail(
                    f"{self.instance.kind.name}: {what} did not come within {WITHIN} s; seen last: {found!r}"
                )
            time.sleep(0.1)
        return found

    def restart(self) -> None:
        self.instance.restart()
        self.settle()

    def clean(self) -> None:
        """As it was at the beginning: no file, folder or configuration of a test is left."""
        if not self.instance.running:
            self.instance.start()
        config = [f"{NEW_CONFIGURATIONS}/{name}" for name in self._children(NEW_CONFIGURATIONS)]
        apps = [path for path in self._folders() if path not in self._there]
        others = [path for path in (PAUSE, "/var/slingshift", *self._loaded) if self._exists(path)]
        self._loaded.clear()
        if config + apps + others:
            self.remove(*others, *config, *apps)
        for pid in self.pids():
            self.delete(pid)
        self._usual()
        assert (self.pids(), self.files()) == ([], {})

    def _usual(self) -> None:
        """The stand-ins as they are when no test wants them otherwise."""
        usual = dict(self.instance.options.stand_ins)
        if usual:
            self.switch(product=PRODUCT, csrf="", queries="", status="")
            if not usual.items() <= self.versions().items():
                self.bundles(usual)

    def _folders(self) -> list[str]:
        return [f"{path}/{name}" for path in ("/apps", "/apps/system") for name in self._children(path)]

    def _exists(self, path: str) -> bool:
        return self.http.get(f"{path}.json").status_code == 200

    def _children(self, path: str) -> list[str]:
        nodes = self.http.get(f"{path}.1.json").json()
        return [name for name, node in nodes.items() if isinstance(node, dict) and name != "rep:policy"]


def _is_file(node: object) -> bool:
    return isinstance(node, dict) and node.get("jcr:primaryType") == "nt:file"


def _values(properties: Mapping[str, Mapping[str, object]]) -> Values:
    """What is set; the console shows the defaults of the metatype, too."""
    found: Values = {}
    for name, shown in properties.items():
        if shown["is_set"]:
            value = shown["values"] if "values" in shown else shown["value"]
            found[name] = value  # type: ignore[assignment]
    return found


def _form(value: Item | Sequence[Item]) -> str | list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(pid: str) -> str:
    """For a URL path; a blank in it is %20, and the console decodes it once more."""
    return pid.replace("[", "%5B").replace("]", "%5D").replace(" ", "%20")


def _entries(text: str) -> Iterable[Entry]:
    entity = ""
    for line in text.splitlines():
        found = re.match(r"(?:([*-]) (\S+): |  - )(\S+)/(\d+), (\S+?)(?: \([^)]*\))?, ([A-Z]+)", line)
        if found:
            entity = found[2] or entity
            yield Entry(entity, found[3], int(found[4]), found[5], found[6])
