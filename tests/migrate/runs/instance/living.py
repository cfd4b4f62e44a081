"""An author that can be changed: its repository by Sling POSTs, and with it what its installer and its console say.

What each build does was seen on real Slings (tests/live/sling); here it is as much of it as runs on instances meet.
"""

from __future__ import annotations

import contextlib
import email.parser
import email.policy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

import httpx
import pytest

from grammar import forms
from grammar.pids import InstallerBuild
from grammar.values import Shape, Value
from migrate import transport
from migrate.targets.instance.session import Session
from migrate.targets.instance.versions import FACTORY_CONFIGURATION
from migrate.targets.names import identify, identify_node
from tests.migrate.targets.instance.author import CONFIG, Author
from tests.migrate.targets.instance.servers import Asked, Reply, Server

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


@dataclass
class Living(Author):
    """An author that takes POSTs.

    Attributes:
        before_post: called with the number of each POST to the repository before it is carried out; a reply of its own
            takes its place.
        after_post: likewise afterwards.
        before_get: called with the path of each GET before it is answered; a reply of its own takes its place.
        posts: paths and fields of the POSTs so far, uploads as None.
        var_is_writable: else nothing may be made below /var.
        installs: whether the installer looks at files at all.
    """

    before_post: Callable[[int], Reply | None] = lambda number: None
    after_post: Callable[[int], Reply | None] = lambda number: None
    before_get: Callable[[str], Reply | None] = lambda path: None
    posts: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    var_is_writable: bool = True
    installs: bool = True

    def answer(self, asked: Asked, context: str = "") -> Reply:
        path = unquote(asked.path).removeprefix(context)
        if asked.method != "POST":
            reply = self.before_get(path) if asked.method == "GET" else None
            return reply or super().answer(asked, context)
        if self._user(asked) in (None, "anonymous"):
            return Reply(401)
        fields, uploads = _form(asked)
        self.posts.append((path, {**dict(fields), **dict.fromkeys(uploads)}))
        if path.startswith("/system/console/"):
            return self._manage(path, dict(fields)) if self.console == 200 else Reply(self.console)
        number = sum(not where.startswith("/system/console/") for where, _ in self.posts)
        reply = self.before_post(number)
        if reply is not None:
            return reply
        answer = self._post(path, fields, uploads)
        return self.after_post(number) or answer

    # --- the repository ----------------------------------------------------------------------------------------

    def _post(self, path: str, fields: list[tuple[str, str]], uploads: dict[str, bytes]) -> Reply:
        if path not in self._folders():
            return Reply(404)
        files, nodes, content = dict(self.files), dict(self.nodes), dict(self.content)

        def full(name: str) -> str:
            return name if name.startswith("/") else f"{path}/{name.removeprefix('./')}"

        def move(source: str, to: str, *, keep: bool) -> None:
            for store in (files, nodes, content):
                for one in [p for p in store if p == source or p.startswith(f"{source}/")]:
                    store[to + one.removeprefix(source)] = store[one] if keep else store.pop(one)  # type: ignore[index, attr-defined]

        def drop(name: str) -> None:
            for store in (files, nodes, content):
                for one in [p for p in store if p == name or p.startswith(f"{name}/")]:
                    del store[one]  # type: ignore[attr-defined]

        for ending in ("@MoveFrom", "@CopyFrom"):
            for name, text in fields:
                if name.endswith(ending):
                    to = full(name.removesuffix(ending))
                    if to.startswith("/var/") and not self.var_is_writable:
                        return Reply(500)
                    if any(
                        text in store or any(p.startswith(f"{text}/") for p in store)
                        for store in (files, nodes)
                    ):
                        drop(to)
                        move(text, to, keep=ending == "@CopyFrom")
        for name, _ in fields:
            if name.endswith("@Delete"):
                drop(full(name.removesuffix("@Delete")))
        made: dict[str, dict[str, object]] = {}
        for name, text in fields:
            if name.startswith("/") and "@" not in name:
                node, _, key = name.rpartition("/")
                value: object = text
                hint = dict(fields).get(f"{name}@TypeHint", "String")
                if hint == "Long":
                    value = int(text)
                elif hint == "Boolean":
                    value = text == "true"
                elif hint.endswith("[]"):
                    value = [t for n, t in fields if n == name]
                made.setdefault(node, {})[key] = value
        for node, properties in made.items():
            properties.pop("jcr:primaryType", None)
            nodes[node] = properties
        files |= {full(name): data for name, data in uploads.items()}
        old = {**self.files, **{name: repr(p).encode() for name, p in self.nodes.items()}}
        new = {**files, **{name: repr(p).encode() for name, p in nodes.items()}}
        self.files, self.nodes, self.content = files, nodes, content
        if self.installs:
            self._install(old, new)
        return Reply(
            200, json.dumps({"path": path, "changes": []}).encode(), (("content-type", "application/json"),)
        )

    # --- the installer -----------------------------------------------------------------------------------------

    @property
    def _is_new(self) -> bool:
        return InstallerBuild.of(self.bundles[FACTORY_CONFIGURATION]) is InstallerBuild.V1_4_6

    def _install(self, old: dict[str, bytes], new: dict[str, bytes]) -> None:
        watched = sorted(
            path for path in {*old, *new} if path.startswith("/apps/") and old.get(path) != new.get(path)
        )
        gone = [path for path in watched if path not in new or path in old]
        come = [path for path in watched if path in new]
        adopts = {
            f"{i.factory_pid}.{i.name}" for path in come if (i := identify(path[1:])) and i.separator != "."
        }
        adopts -= {
            f"{i.factory_pid}.{i.name}" for path in gone if (i := self._identity(path)) and i.separator == "."
        }
        for path in gone:
            self._uninstall(path)
        for path in come:
            self._installed(path, adopts)

    def _identity(self, path: str):  # type: ignore[no-untyped-def]
        return (
            identify_node(path[1:])
            if "." not in path.rpartition("/")[2].split("-")[-1]
            else identify(path[1:])
        )

    def _uninstall(self, path: str) -> None:
        self.entities = [
            (name, kept)
            for name, resources in self.entities
            if (kept := [one for one in resources if one[0] != f"jcrinstall:{path}"])
        ]
        identity = self._identity(path)
        if identity is None:
            return
        dotted = f"{identity.factory_pid}.{identity.name}"
        if identity.separator != ".":
            tilde = f"{identity.factory_pid}~{identity.name}"
            if self._is_new and tilde not in self.live:
                # What was adopted in its place goes with the file.
                self._stop(dotted)
            self._stop(tilde)
        elif not UUID.fullmatch(identity.name) or self._is_new:
            self._stop(dotted)
            self._stop(f"{identity.factory_pid}.{identity.edited_name}")
            self._stop(f"{identity.factory_pid}~{identity.name}")
        else:
            bogus = f"{dotted[: -len(identity.name)]}{identity.name.replace('-', '~', 1)}"
            self._stop(bogus)

    def _installed(self, path: str, adopts: set[str]) -> None:
        identity = self._identity(path)
        if identity is None:
            return
        values = _values(self.files[path], path) if path in self.files else dict(self.nodes[path])
        pid, factory = f"{identity.factory_pid}~{identity.name}", identity.factory_pid
        dotted = f"{factory}.{identity.name}"
        if identity.separator == "." and not UUID.fullmatch(identity.name):
            # Of a doubled ending one half stays in the PID: F.7.config.cfg.json.
            single = f"{factory}.{identity.edited_name}"
            self._known(single, f"jcrinstall:{path}", "INSTALLED")
            self.runs(single, values)
        elif identity.separator == "." and not self._is_new:
            head, _, rest = identity.name.partition("-")
            self._known(f"{factory}.{head}~{rest}", f"jcrinstall:{path}", "INSTALLED")
            self.runs(f"{factory}.{head}~{rest}", values, f"{factory}.{head}")
        else:
            self._known(pid, f"jcrinstall:{path}", "INSTALLED")
            is_adopted = self._is_new and dotted in self.live and dotted in adopts
            self.runs(dotted if is_adopted else pid, values, factory)

    def _stop(self, pid: str) -> None:
        self.live.pop(pid, None)
        self.further.pop(pid, None)

    # --- the console -------------------------------------------------------------------------------------------

    def _manage(self, path: str, fields: dict[str, str]) -> Reply:
        if path.startswith("/system/console/configMgr/"):
            assert {"apply", "delete"} <= fields.keys()
            pid = path.rpartition("/")[2]
            for name, resources in self.entities:
                if name == pid:
                    # The trap: the console deletes the file, too.
                    for url, _ in list(resources):
                        self.files.pop(url.removeprefix("jcrinstall:"), None)
            self._stop(pid)
            return Reply(200, b'{ "status": true }', (("content-type", "application/json"),))
        if path.startswith("/system/console/bundles/"):
            name = path.rpartition("/")[2]
            self.states[name] = {"stop": 4, "start": 32}[fields["action"]]
            return Reply(200, b'{"fragment":false,"stateRaw":4}', (("content-type", "application/json"),))
        return Reply(404)


@contextlib.contextmanager
def directly(author: Living) -> Iterator[Server]:
    """The author without a socket and threads between: for tests that ask thousands of times."""
    server = Server("http://127.0.0.1:4502")

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode("ascii")
        asked = Asked(request.method, path, dict(request.headers), request.read())
        server.asked.append(asked)
        reply = author.answer(asked)
        return httpx.Response(reply.status, headers=list(reply.headers), content=reply.body)

    def client(session: Session) -> httpx.Client:
        access = session.access
        assert access.user is not None
        assert access.password is not None
        return httpx.Client(
            auth=(access.user, access.password.reveal()),
            transport=httpx.MockTransport(answer),
            event_hooks={"response": [transport.set_aside]},
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "_made", client)
        patch.setattr(transport, "within", lambda seconds, work: [work()])
        yield server


def _values(data: bytes, path: str) -> dict[str, object]:
    document = forms.parse(data, form=forms.form_of(path))
    return {one.name: _value(one.value) for one in document.properties}


def _value(value: Value) -> object:
    return value.items[0] if value.shape is Shape.SCALAR else list(value.items)


def _form(asked: Asked) -> tuple[list[tuple[str, str]], dict[str, bytes]]:
    kind = asked.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        return parse_qsl(asked.body.decode(), keep_blank_values=True), {}
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + asked.body)
    fields, uploads = [], {}
    for part in message.iter_parts():  # type: ignore[attr-defined]
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if part.get_filename() is None:
            fields.append((name, data.decode()))
        else:
            uploads[name] = data
    return fields, uploads


def files_in(author: Author, folder: str = CONFIG) -> dict[str, bytes]:
    """Names and bytes of the files of a folder."""
    return {
        path.rpartition("/")[2]: data
        for path, data in author.files.items()
        if path.rpartition("/")[0] == folder
    }
