"""An author in this process, as far as slingshift reads one: a repository, an installer's page, a web console.

It answers as Sling does, its traps among it: a path that is not there is taken for a shorter one and an extension. What
AEM or Sling really do is proved against them in tests/live/sling.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from urllib.parse import unquote
from xml.sax.saxutils import escape

from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.targets.instance.versions import FACTORY_CONFIGURATION
from tests.migrate.targets.instance.servers import Asked, Reply, Server, serving

CONFIG = "/apps/system/config"
U = "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d"
BUNDLES = {
    "org.apache.sling.installer.factory.configuration": "1.3.4",
    "org.apache.sling.installer.provider.jcr": "3.1.26",
    "org.apache.felix.webconsole": "4.9.6",
    "com.adobe.cq.ims.core": "1.1.26",
    "com.example.unrelated": "1.0.0",
}


@dataclass
class Author:
    """What there is.

    Attributes:
        files: the bytes of nt:file nodes, by path.
        nodes: the properties of sling:OsgiConfig nodes, by path.
        content: the properties of any other nodes, by path.
        entities: of the installer, in its order: each a list of paths or URLs with their states.
        live: what the console tells of each PID, as :meth:`runs` makes it.
        further: properties that the metatype does not know, as text, by PID.
        users: passwords by user.
        console: 200, or the status that the console answers with.
        hidden: paths, and what is below them, that nobody may read.
        searches: whether there is a WebDAV server.
        privileges: of everybody, in every folder.
        product: AEM's version, as its page tells it.
        flaps: listings that answer 404 before they tell the truth.
        pages: what is answered at a path and query, whatever the method.
        states: of bundles that are not active.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    nodes: dict[str, Mapping[str, object]] = field(default_factory=dict)
    content: dict[str, Mapping[str, object]] = field(default_factory=dict)
    entities: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    live: dict[str, dict[str, object]] = field(default_factory=dict)
    further: dict[str, dict[str, str]] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=lambda: {"admin": "p8e-canary-password"})
    console: int = 200
    hidden: tuple[str, ...] = ()
    searches: bool = True
    privileges: tuple[str, ...] = ("jcr:all",)
    product: str | None = "6.5.17.0"
    run_modes: tuple[str, ...] = ("author", "crx3")
    bundles: dict[str, str] = field(default_factory=lambda: dict(BUNDLES))
    flaps: int = 0
    pages: dict[str, Reply] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)

    # --- making one ------------------------------------------------------------------------------------------

    def installed(self, path: str, data: bytes, entity: str, state: str = "INSTALLED") -> None:
        """A file that the installer knows; further ones of the same entity stand below the first."""
        self.files[path] = data
        self._known(entity, f"jcrinstall:{path}", state)

    def installed_node(self, path: str, properties: Mapping[str, object], entity: str) -> None:
        """A sling:OsgiConfig node that the installer knows."""
        self.nodes[path] = properties
        self._known(entity, f"jcrinstall:{path}", "INSTALLED")

    def runs(
        self,
        pid: str,
        values: Mapping[str, object],
        factory: str | None = None,
        *,
        further: Mapping[str, str] | None = None,
    ) -> None:
        """A configuration that ConfigAdmin has."""
        properties = {name: _told(name, value) for name, value in values.items()}
        properties["auth.token.provider.title"] = {
            "name": "Title",
            "is_set": False,
            "type": 1,
            "value": "a default of the metatype",
        }
        self.live[pid] = {"pid": pid, "properties": properties, "bundle_location": None}
        if factory is not None:
            self.live[pid]["factoryPid"] = factory
        if further:
            self.live[pid]["additionalProperties"] = ",".join(further)
            self.further[pid] = dict(further)

    def _known(self, entity: str, url: str, state: str) -> None:
        for name, resources in self.entities:
            if name == entity:
                resources.append((url, state))
                return
        self.entities.append((entity, [(url, state)]))

    @contextlib.contextmanager
    def running(self, context: str = "") -> Iterator[Server]:
        with serving(lambda asked: self.answer(asked, context)) as server:
            server.base += context
            yield server

    # --- answering -------------------------------------------------------------------------------------------

    def answer(self, asked: Asked, context: str = "") -> Reply:
        path = unquote(asked.path)
        if not path.startswith(context + "/"):
            return Reply(404)
        path = path[len(context) :]
        user = self._user(asked)
        if user is None:
            return Reply(401)
        if path in self.pages:
            return self.pages[path]
        if path.startswith("/system/console/"):
            return self._console(path) if self.console == 200 else Reply(self.console)
        if asked.method in ("SEARCH", "PROPFIND"):
            return self._dav(asked.method, path, asked.body.decode())
        if asked.method != "GET":
            return Reply(405)
        return self._sling(path)

    def _user(self, asked: Asked) -> str | None:
        header = asked.headers.get("authorization", "")
        if not header:
            return "anonymous"
        user, _, password = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
        return user if self.users.get(user) == password else None

    def _sling(self, path: str) -> Reply:
        if path in self.files and self._seen(path):
            return Reply(200, self.files[path], (("content-type", "text/plain"),))
        found = re.fullmatch(r"(.*)\.1\.json", path)
        node = found[1] if found else path
        while node and node not in self._folders():
            # Sling's own way: without its last extension, the path may be another node.
            node = node.rpartition(".")[0] if "." in node.rpartition("/")[2] else ""
        if found is None or not node or not self._seen(node):
            return Reply(404, b"<html>No resource found", (("content-type", "text/html"),))
        if self.flaps and node == CONFIG:
            self.flaps -= 1
            return Reply(404)
        return _json({"jcr:primaryType": "sling:Folder", **self._children(node)})

    def _children(self, folder: str) -> dict[str, Mapping[str, object]]:
        found: dict[str, Mapping[str, object]] = {}
        for path in self._folders():
            if path.rpartition("/")[0] == folder and path != folder:
                found[path.rpartition("/")[2]] = {"jcr:primaryType": "sling:Folder"}
        for path in self.files:
            if path.rpartition("/")[0] == folder:
                found[path.rpartition("/")[2]] = {"jcr:primaryType": "nt:file", "jcr:createdBy": "admin"}
        for path, properties in self.content.items():
            if path.rpartition("/")[0] == folder:
                found[path.rpartition("/")[2]] = {"jcr:primaryType": "nt:unstructured", **properties}
        for path, properties in self.nodes.items():
            if path.rpartition("/")[0] == folder:
                found[path.rpartition("/")[2]] = {"jcr:primaryType": "sling:OsgiConfig", **properties}
        return found

    def _folders(self) -> set[str]:
        folders = {"/apps", "/libs", "/var", "/apps/system", CONFIG}
        folders |= self.content.keys()
        for path in (*self.files, *self.nodes, *self.content):
            while path := path.rpartition("/")[0]:
                folders.add(path)
        return folders

    def _seen(self, path: str) -> bool:
        return not any(path == hidden or path.startswith(f"{hidden}/") for hidden in self.hidden)

    def _dav(self, method: str, path: str, body: str) -> Reply:
        root = "/server/default/jcr:root"
        if not self.searches or not path.startswith(root):
            return Reply(404)
        if method == "SEARCH":
            if "rep:authorizableId" in body:
                return _multistatus("")
            assert "ISDESCENDANTNODE('/apps')" in body
            paths = [p for p in (*self.files, *self.nodes) if p.startswith("/apps/") and self._seen(p)]
            patterns = [p.replace("%", "*") for p in re.findall(r"NAME\(\) LIKE '([^']*)'", body)]
            every_node = "sling:OsgiConfig" in body
            columns = "".join(
                "<c:column><c:name>jcr:path</c:name>"
                f"<c:value>{escape(p)}</c:value></c:column><c:column><c:name>jcr:score</c:name></c:column>"
                for p in paths
                if any(fnmatchcase(p.rpartition("/")[2], pattern) for pattern in patterns)
                or (every_node and p in self.nodes)
            )
            return _multistatus(columns)
        if path.removeprefix(root) not in self._folders():
            return Reply(404)
        held = "".join(f"<D:privilege><{name}/></D:privilege>" for name in self.privileges)
        return _multistatus(f"<D:current-user-privilege-set>{held}</D:current-user-privilege-set>")

    def _console(self, path: str) -> Reply:
        page = path.removeprefix("/system/console/")
        if page == "status-osgi-installer.txt":
            return _text(self._installer())
        if page == "bundles.json":
            data = [
                {"symbolicName": name, "version": v, "stateRaw": self.states.get(name, 32)}
                for name, v in self.bundles.items()
            ]
            return _json({"s": [len(data), len(data), 0, 0, 0], "data": data})
        if page == "status-slingsettings.txt":
            return _text(f"*** Sling Settings:\nRun Modes = [{', '.join(self.run_modes)}]\n")
        if page == "productinfo" and self.product:
            html = f"<table><tr><td>Adobe Experience Manager ({self.product})</td></tr></table>"
            return Reply(200, html.encode(), (("content-type", "text/html"),))
        if page == "status-Configurations.txt":
            return _text(self._configurations())
        if found := re.fullmatch(r"configMgr/(.*)\.json", page):
            return _json([one for one in self.live.values() if _matches(found[1], one)])
        return Reply(404)

    def _installer(self) -> str:
        lines = [
            "*** OSGi Installer:",
            "Apache Sling OSGi Installer",
            "===========================",
            "Active Resources",
        ]
        lines += ["----------------", "", "Processed Resources", "-------------------", "Bundles:"]
        lines += [
            "* org.apache.sling.api: 1795802655000/50, launchpad:resources/install/0/a.jar (2.18.4), INSTALLED"
        ]
        lines += ["Configurations:"]
        for entity, resources in self.entities:
            for number, (url, state) in enumerate(resources):
                start = f"* {entity}: " if not number else "  - "
                # The console of newer Slings has room for an error behind the state.
                end = "" if self.bundles.get(FACTORY_CONFIGURATION, "1.4") < "1.4" else ", "
                lines.append(f"{start}{'0f' * 16}/200, {url}, {state}{end}")
        return "\n".join([*lines, "", "Untransformed Resources", "-----------------------", ""])

    def _configurations(self) -> str:
        lines = ["*** Configurations:"]
        for pid, one in self.live.items():
            lines += [
                f"PID = {pid}",
                *([f"  Factory PID = {one['factoryPid']}"] if "factoryPid" in one else []),
            ]
            lines += [f"  {name} = {text}" for name, text in self.further.get(pid, {}).items()]
            lines.append("")
        return "\n".join(lines)


def _told(name: str, value: object) -> dict[str, object]:
    kinds = {bool: 11, int: 3, str: 1}
    told: dict[str, object] = {"name": name, "optional": False, "is_set": True}
    if isinstance(value, list):
        return {**told, "type": kinds[type(value[0])] if value else 1, "values": value}
    return {**told, "type": kinds[type(value)], "value": value}


def _matches(wanted: str, one: Mapping[str, object]) -> bool:
    if found := re.fullmatch(r"\(service\.factoryPid=(.*)\)", wanted):
        return one.get("factoryPid") == found[1]
    pid = str(one["pid"])
    return pid.startswith(wanted[:-1]) if wanted.endswith("*") else pid == wanted


def _json(value: object) -> Reply:
    return Reply(200, json.dumps(value).encode(), (("content-type", "application/json"),))


def _text(text: str) -> Reply:
    return Reply(200, text.encode(), (("content-type", "text/plain;charset=utf-8"),))


def _multistatus(inside: str) -> Reply:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?><D:multistatus xmlns:D="DAV:" xmlns:rep="internal" '
        'xmlns:c="http://www.day.com/jcr/webdav/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0">'
        f"{inside}</D:multistatus>"
    )
    return Reply(207, body.encode(), (("content-type", "text/xml"),))


# --- what many tests begin with ------------------------------------------------------------------------------------

JWT = {
    "name": "adobe-ims-similaritysearch",
    "token.request.customizer.type": "adobe-ims-similaritysearch",
    "auth.access.token.request": "https://ims-na1.adobelogin.com/ims/exchange/jwt",
    "auth.token.provider.client.id": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "auth.token.provider.default.claims": ['"sub" : "x@techacct.adobe.com"', '"iss" : "OLD@AdobeOrg"'],
    "auth.token.provider.keypair.alias": "similaritysearch",
    "auth.token.provider.conn.timeout": 30000,
    "auth.token.provider.reuse.access.token": True,
}
KEY = {"customizer.type": "adobe-ims-similaritysearch", "auth.ims.client.secret": "p8e-canary-old-secret"}


def text_of(values: Mapping[str, object]) -> bytes:
    """A file as the installer writes it back."""
    from grammar.config.writer import write_config
    from grammar.values import Value

    def value(told: object) -> Value:
        if isinstance(told, list):
            return Value.array(told)
        if isinstance(told, bool):
            return Value.boolean(told)
        return (
            Value("Integer", Value.string("").shape, (told,))
            if isinstance(told, int)
            else Value.string(str(told))
        )

    written = write_config({name: value(told) for name, told in values.items()})
    return b"# Configuration created by Apache Sling JCR Installer\n" + written


def console_made(author: Author, name: str = U, *, restarted: bool = False) -> Author:
    """The pair as people make it in the console: PIDs with a UUID, written back under the same names."""
    for factory, values in ((PROVIDER, JWT), (CUSTOMIZER, KEY)):
        pid = f"{factory}.{name}"
        # Half of the dots; no two of them have the same UUID in the wild.
        renamed = f"com.adobe.granite~{name if factory == PROVIDER else name[::-1]}"
        author.installed(f"{CONFIG}/{pid}.config", text_of(values), renamed if restarted else pid)
        author.runs(pid, values, factory)
    return author
