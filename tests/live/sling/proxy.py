"""A proxy before an instance: records every request, and does to chosen ones what networks and servers do.

with FaultProxy(author.instance.base) as proxy:
    proxy.when(Match("POST", "/apps"), cut_after())
    run("apply", proxy.base)
    assert [request.method for request in proxy.requests] == [...]
"""

from __future__ import annotations

import http.client
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

OF_ONE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "proxy-connection", "te", "upgrade"}
READING = {"GET", "HEAD", "OPTIONS", "SEARCH", "PROPFIND", "REPORT"}
"""Methods that change nothing in an instance."""


@dataclass(frozen=True)
class Request:
    """A request as it came to the proxy.

    Attributes:
        number: from 1, in the order of arrival.
        path: with the query.
    """

    number: int
    method: str
    path: str
    headers: Message
    body: bytes

    @property
    def reads(self) -> bool:
        return self.method in READING

    def holds(self, secret: str) -> bool:
        """Whether a text stands anywhere in it."""
        text = f"{self.path}\n{self.headers}".encode()
        return secret.encode() in text + self.body


@dataclass(frozen=True)
class Answer:
    """What a client gets."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html"),)


@dataclass(frozen=True)
class Match:
    """Which requests a fault befalls.

    Attributes:
        method: or any.
        path: a regular expression that is searched in the path and query.
        nth: the how-manieth of the requests that match, from 1; 0 for every one.
    """

    method: str = ""
    path: str = ""
    nth: int = 1


@dataclass(frozen=True)
class Fault:
    """What happens to a request.

    Attributes:
        before: called before anything else: kill the instance, edit a file ...
        delay: seconds to wait then.
        forward: whether the instance gets it.
        after: called when the instance has answered.
        answer: given in place of the instance's answer.
        deliver: how much of the answer the client gets.
    """

    before: Callable[[], object] | None = None
    delay: float = 0
    forward: bool = True
    after: Callable[[], object] | None = None
    answer: Answer | None = None
    deliver: Literal["all", "half", "nothing"] = "all"


def cut_before() -> Fault:
    """The connection ends, and the instance never heard of the request."""
    return Fault(forward=False, deliver="nothing")


def cut_after() -> Fault:
    """The instance has carried it out, and the connection ends before its answer."""
    return Fault(deliver="nothing")


def cut_within() -> Fault:
    """The connection ends in the middle of the answer."""
    return Fault(deliver="half")


def delayed(seconds: float) -> Fault:
    """The instance gets it late."""
    return Fault(delay=seconds)


def answered(
    status: int, body: str = "<html><body>no</body></html>", *, forward: bool = False, **headers: str
) -> Fault:
    """Somebody else answers; the instance gets it only with `forward`. `Content_Type` names a header."""
    given = {"Content-Type": "text/html", **{name.replace("_", "-"): text for name, text in headers.items()}}
    return Fault(forward=forward, answer=Answer(status, body.encode(), tuple(given.items())))


def to_the_login_page() -> Fault:
    """As AEM answers somebody whose login has ended."""
    return answered(302, "", Location="/libs/granite/core/content/login.html?resource=%2F")


@dataclass
class _Rule:
    matches: Callable[[Request], bool]
    fault: Fault
    nth: int
    seen: int = 0

    def takes(self, request: Request) -> bool:
        if not self.matches(request):
            return False
        self.seen += 1
        return self.nth in (0, self.seen)


@dataclass
class FaultProxy:
    """Listens on a free port of 127.0.0.1 while it is entered.

    Attributes:
        upstream: the base URL of an instance, http only.
        requests: all that came, in their order.
    """

    upstream: str
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rules: list[_Rule] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def base(self) -> str:
        """What to give as the instance's URL."""
        return f"http://127.0.0.1:{self._server.server_port}{urlsplit(self.upstream).path}"

    @property
    def writes(self) -> list[Request]:
        """Requests that may have changed something."""
        return [request for request in self.requests if not request.reads]

    def when(self, match: Match, fault: Fault) -> None:
        """A fault for requests that match."""
        pattern = re.compile(match.path)

        def matches(request: Request) -> bool:
            return match.method in ("", request.method) and pattern.search(request.path) is not None

        self._rules.append(_Rule(matches, fault, match.nth))

    def at(self, number: int, fault: Fault) -> None:
        """A fault for the request of a number, counted from 1 over all that come."""
        self._rules.append(_Rule(lambda request: request.number == number, fault, 1))

    def forget(self) -> None:
        """As if it were new: no rules, no requests."""
        with self._lock:
            self._rules.clear()
            self.requests.clear()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _taken(self, method: str, path: str, headers: Message, body: bytes) -> tuple[Request, Fault]:
        with self._lock:
            request = Request(len(self.requests) + 1, method, path, headers, body)
            self.requests.append(request)
            faults = [rule.fault for rule in self._rules if rule.takes(request)]
        return request, faults[0] if faults else Fault()

    def _forwarded(self, request: Request) -> Answer:
        where = urlsplit(self.upstream)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=300)
        try:
            connection.putrequest(request.method, request.path, skip_host=True, skip_accept_encoding=True)
            for name, value in request.headers.items():
                if name.lower() not in OF_ONE_CONNECTION | {"content-length"}:
                    connection.putheader(name, value)
            if request.body or request.method not in READING:
                connection.putheader("Content-Length", str(len(request.body)))
            connection.putheader("Connection", "close")
            connection.endheaders(request.body)
            answer = connection.getresponse()
            headers = [pair for pair in answer.getheaders() if pair[0].lower() not in OF_ONE_CONNECTION]
            return Answer(answer.status, answer.read(), tuple(headers))
        finally:
            connection.close()


def _handler(proxy: FaultProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):  # Every method, those of WebDAV, too.
                return self._handle
            raise AttributeError(name)

        def _handle(self) -> None:
            request, fault = proxy._taken(self.command, self.path, self.headers, self._body())
            if fault.before:
                fault.before()
            time.sleep(fault.delay)
            try:
                answer = proxy._forwarded(request) if fault.forward else Answer(502)
            except (OSError, http.client.HTTPException):
                self._cut()  # The instance is gone: so is its connection.
                return
            if fault.after:
                fault.after()
            self._deliver(fault.answer or answer, fault.deliver)

        def _deliver(self, answer: Answer, how: str) -> None:
            if how == "nothing":
                self._cut()
                return
            self.send_response_only(answer.status)
            for name, value in answer.headers:
                if name.lower() != "content-length":
                    self.send_header(name, value)
            if self.command != "HEAD" and answer.status not in (204, 304):
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            body = answer.body[: len(answer.body) // 2] if how == "half" else answer.body
            if self.command != "HEAD":
                self.wfile.write(body)
            if how == "half":
                self.wfile.flush()
                self._cut()

        def _body(self) -> bytes:
            if "chunked" not in self.headers.get("Transfer-Encoding", ""):
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        def _cut(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
            """Silent: `requests` holds everything."""

    return Handler
