"""The proxy itself, before a server of a few lines."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.live.sling.author import PROVIDER, Author
from tests.live.sling.proxy import (
    Fault,
    FaultProxy,
    Match,
    answered,
    cut_after,
    cut_before,
    cut_within,
    delayed,
    to_the_login_page,
)


class Server(ThreadingHTTPServer):
    """Remembers what it carried out."""

    done: list[tuple[str, str, bytes]]


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        server: Server

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            self.server.done.append((self.command, self.path, body))
            self.send_response(201)
            self.send_header("Location", f"http://{self.headers['Host']}/there")
            self.end_headers()
            self.wfile.write(b"carried out")

        def log_message(self, *_: object) -> None: ...

    for method in ("GET", "POST", "SEARCH"):
        setattr(Handler, f"do_{method}", Handler.handle_any)
    with Server(("127.0.0.1", 0), Handler) as made:
        made.done = []
        thread = threading.Thread(target=made.serve_forever, args=(0.05,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def proxy(server: Server) -> Iterator[FaultProxy]:
    with FaultProxy(f"http://127.0.0.1:{server.server_port}/author") as made:
        yield made


@pytest.fixture
def client(proxy: FaultProxy) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=proxy.base, trust_env=False) as made:
        yield made


def test_everything_is_recorded_and_passed_on(
    proxy: FaultProxy, client: httpx.Client, server: Server
) -> None:
    answer = client.post("/apps?x=%2F", content=b"secret body", headers={"Authorization": "Basic abc"})
    assert (answer.status_code, answer.content) == (201, b"carried out")
    assert answer.headers["location"] == f"{proxy.base.removesuffix('/author')}/there"
    client.request("SEARCH", "/")
    client.post("/chunks", content=iter([b"one", b"two"]))
    done = [
        ("POST", "/author/apps?x=%2F", b"secret body"),
        ("SEARCH", "/author/", b""),
        ("POST", "/author/chunks", b"onetwo"),
    ]
    assert server.done == done
    assert [(request.method, request.path, request.body) for request in proxy.requests] == done
    assert [request.number for request in proxy.writes] == [1, 3]
    first, second, _ = proxy.requests
    assert [first.holds(text) for text in ("secret", "Basic abc", "x=%2F")] == [True, True, True]
    assert not second.holds("secret")
    proxy.forget()
    assert proxy.requests == []


@pytest.mark.parametrize(("fault", "done"), [(cut_before(), 0), (cut_after(), 1), (cut_within(), 1)])
def test_cut(proxy: FaultProxy, client: httpx.Client, server: Server, fault: Fault, done: int) -> None:
    proxy.at(2, fault)
    client.get("/")
    with pytest.raises(httpx.RemoteProtocolError):
        client.post("/")
    assert len(server.done) == 1 + done
    assert client.post("/").status_code == 201


def test_answers_of_others(proxy: FaultProxy, client: httpx.Client, server: Server) -> None:
    proxy.when(Match("POST", "/first$"), answered(409, '{"error":1}', Content_Type="application/json"))
    proxy.when(Match("POST", "/second$", nth=2), answered(500, forward=True))
    proxy.when(Match(path="/page", nth=0), to_the_login_page())
    conflict = client.post("/first")
    assert (conflict.status_code, conflict.json()) == (409, {"error": 1})
    assert [client.post("/second").status_code for _ in range(3)] == [201, 500, 201]
    assert [client.get("/page").headers["location"][:14] for _ in range(2)] == ["/libs/granite/"] * 2
    assert [path for _, path, _ in server.done] == ["/author/second"] * 3


def test_before_and_after(proxy: FaultProxy, client: httpx.Client, server: Server) -> None:
    seen: list[int] = []
    look = lambda: seen.append(len(server.done))  # noqa: E731
    proxy.at(1, Fault(before=look, after=look))
    proxy.at(2, delayed(0.3))
    client.post("/")
    assert seen == [0, 1]
    with pytest.raises(httpx.ReadTimeout):
        client.post("/", timeout=0.05)


def test_an_instance_behind_it(aem65: Author) -> None:
    with FaultProxy(aem65.instance.base) as proxy, aem65.instance.client(base_url=proxy.base) as client:
        assert aem65.swap({f"{PROVIDER}-1.config": b'a="1"\r\n'}, http=client).status_code == 200
        assert client.get(f"/apps/system/config/{PROVIDER}-1.config").content == b'a="1"\r\n'
        assert client.get("/system/console/bundles.json").json()["s"][0] > 100
        proxy.at(4, Fault(before=aem65.instance.kill))
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/apps.json")
        assert not aem65.instance.running
