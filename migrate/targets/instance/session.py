"""Talking to a running instance: the only module that does.

Basic authentication with each request, a User-Agent of our own and the base address as Referer, as the referrer
filter of Sling wants them (``ReferrerFilter``); no redirect is followed and no cookie kept. What comes back is an
:class:`Answer` or one :class:`InstanceError` that says which of the many ways to fail it was.

A :class:`Session` reads: GET, SEARCH and PROPFIND. Only a :class:`WritingSession` can POST, and nothing that plans or
scans ever makes one.

The password goes into the Authorization header and nowhere else. httpx's errors hold the request, so nothing raised
here comes from within the handling of one.
"""

from __future__ import annotations

import json
import os
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar
from urllib.parse import quote, urlencode

from migrate import transport
from migrate.targets.instance import answers, failures, pinning
from migrate.targets.instance.errors import InstanceError, Rule
from migrate.transport import Progress

if TYPE_CHECKING:
    import httpx

    from migrate.targets.base import Target
    from migrate.targets.instance.access import Access

AGENT = "slingshift"
MAX_PAGE = 64 * 1024 * 1024
"""The largest page: the console's list of all configurations of a large instance has some megabytes."""
CSRF = "/libs/granite/csrf/token.json"
_CONNECT = 15.0
"""Seconds for a connection, when the whole request has more: who does not answer by then is not there."""
_STARTS, _CHANGES = (2.0, 2.0), (0.5, 1.0, 1.5)
"""Seconds before a reading request is sent again, each time: after a 503 or a lost connection, since an instance that
starts says so; and after another 5xx or half a page, since what it tells of changes at that moment."""
_UNQUOTED = "/:()=*~"
_Told = TypeVar("_Told")


class Answer(NamedTuple):
    """What came back.

    Attributes:
        location: of a redirect, which is not followed.
    """

    status: int
    content_type: str
    location: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def __repr__(self) -> str:
        return f"Answer({self.status}, {self.content_type!r}, {len(self.body)} bytes)"


class Upload(NamedTuple):
    """A file of a multipart form: the part's name is where it goes."""

    name: str
    filename: str
    data: bytes

    def __repr__(self) -> str:
        return f"Upload({self.name!r}, {len(self.data)} bytes)"


class Session:
    """Reads from one instance. Close it, or use it in a `with` statement.

    Args:
        target: the instance.
        access: who asks, and whom to trust.
        network: replaces the network, for tests.
        sleep: waits the given seconds.

    Raises:
        InstanceError: the access cannot be right; nothing was sent.
    """

    def __init__(
        self,
        target: Target,
        access: Access,
        *,
        network: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        import httpx

        self.base = target.root
        self.access = access
        self.sleep = sleep
        self._network = network
        self._host = httpx.URL(self.base).raw_host.decode("ascii", "replace")
        self._clients: dict[int, httpx.Client] = {}
        self._strangers: list[str] = []
        failures.check(self.base, self._host, access)
        self._trust = self._trusted()

    def close(self) -> None:
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(
        self,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        accept: str = "*/*",
        limit: int = MAX_PAGE,
    ) -> Answer:
        """What is at a path.

        Args:
            path: in the repository or below it, with its leading slash and without the context path; not quoted.
            query: the parameters of the query, not quoted either.
            limit: bytes that it may have.

        Raises:
            InstanceError: anything but a 2xx.
        """
        return self._read("GET", path, {"accept": accept}, None, limit, query)

    def get_if_there(self, path: str, *, accept: str = "*/*", limit: int = MAX_PAGE) -> Answer | None:
        """What is at a path; None where that is nothing, or nothing that we may see.

        Raises:
            InstanceError: anything else.
        """
        try:
            return self.get(path, accept=accept, limit=limit)
        except InstanceError as error:
            if error.status != 404:
                raise
        return None

    def json(self, path: str, *, query: Mapping[str, str] | None = None) -> Any:
        """A page of JSON.

        Raises:
            InstanceError: it is none, or there is none.
        """
        return self.whole(lambda: self.json_once(path, query=query))

    def whole(self, ask: Callable[[], _Told]) -> _Told:
        """What is of use only as a whole, asked for again when it came as half of it.

        Raises:
            InstanceError: it never came, or half of it each time.
        """
        for pause in _CHANGES:
            try:
                return ask()
            except InstanceError as error:
                if error.rule is not Rule.NOT_AS_EXPECTED:
                    raise
            self.sleep(pause)
        return ask()

    def json_once(self, path: str, *, query: Mapping[str, str] | None = None) -> Any:
        """The same as it comes, for a part of what is asked for again as a whole.

        Raises:
            InstanceError: it is none, or there is none.
        """
        answer = self.get(path, query=query, accept="application/json")
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError):
            pass
        raise answers.not_as_asked(self.where(path), answer.content_type, answer.body, "JSON")

    def page(self, path: str) -> str:
        """A page of plain text, one of the console's.

        Raises:
            InstanceError: it is none, or there is none.
        """
        answer = self.get(path, accept="text/plain")
        if answers.is_html(answer.content_type, answer.body):
            raise answers.not_as_asked(self.where(path), answer.content_type, answer.body, "plain text")
        return answer.text

    def dav(self, method: str, path: str, body: str, *, depth: str | None = None) -> Answer:
        """A SEARCH or a PROPFIND, which read.

        Raises:
            InstanceError: anything but a 2xx.
        """
        if method not in ("SEARCH", "PROPFIND"):
            raise ValueError(method)
        headers = {"content-type": "text/xml; charset=utf-8"} | ({"depth": depth} if depth else {})
        return self._read(method, path, headers, body.encode(), MAX_PAGE)

    def where(self, path: str) -> str:
        """A path's whole address, for messages."""
        return f"{self.base}{path}"

    # --- one request -----------------------------------------------------------------------------------------

    def _read(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        content: bytes | None,
        limit: int,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send, and send again what may have failed for a moment only: reading twice does no harm.

        A 500 of WebDAV is no such moment: it is how some say that they have none.
        """
        tries = 0
        while True:
            outcome = self._outcome(method, path, headers, {"content": content}, limit, query)
            if isinstance(outcome, Answer):
                refusal = self._refusal(path, outcome)
                if refusal is None:
                    return outcome
                outcome = refusal
            changes = outcome.rule is Rule.SERVER_ERROR
            pauses = _CHANGES if changes else _STARTS
            if not outcome.passes or (changes and method != "GET") or tries == len(pauses):
                raise outcome
            self.sleep(pauses[tries])
            tries += 1

    def _refusal(self, path: str, answer: Answer) -> InstanceError | None:
        return answers.refusal(self.where(path), path, answer.status, answer.location, self.access.user)

    def _outcome(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        content: Mapping[str, Any],
        limit: int,
        query: Mapping[str, str] | None = None,
    ) -> Answer | InstanceError:
        """One request, never longer than the timeout."""
        import httpx

        progress, timeout = Progress(), self.access.timeout
        try:
            client = self._client()
        except (httpx.InvalidURL, OSError, ImportError, ValueError, OverflowError) as error:
            return failures.explain(transport.failed(error, self._host, progress), self.base, self._host)
        url = self.base + quote(path, safe=_UNQUOTED) + (f"?{urlencode(query)}" if query else "")
        outcomes = transport.within(
            timeout, lambda: self._exchange(client, method, url, headers, content, limit, progress)
        )
        if outcomes:
            return outcomes[0]
        return self._too_slow(progress)

    def _exchange(
        self,
        client: httpx.Client,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: Mapping[str, Any],
        limit: int,
        progress: Progress,
    ) -> Answer | InstanceError:
        import httpx

        deadline = time.monotonic() + self.access.timeout
        try:
            with client.stream(
                method, url, headers=dict(headers), extensions={"trace": progress.trace}, **content
            ) as response:
                data = transport.body(response, limit, deadline)
                if data is None:
                    return self._too_slow(progress)
                if len(data) > limit:
                    return failures.too_large(url, limit)
                content_type = response.headers.get("content-type", "")
                location = str(response.extensions.get(transport.LOCATION, ""))
                return Answer(response.status_code, content_type, location, data)
        except EOFError:
            lost = transport.Failed(transport.Failure.CONNECTION_LOST)
            return failures.explain(lost, self.base, self._host, maybe_done=True)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ImportError, ValueError, OverflowError) as error:
            if self._strangers:
                return failures.fingerprint_differs(self._strangers.pop(), self.base)
            failed = transport.failed(error, self._host, progress)
            return failures.explain(failed, self.base, self._host, maybe_done=_was_sent(progress))

    def _too_slow(self, progress: Progress) -> InstanceError:
        failed = transport.too_slow(progress, self._host)
        return failures.explain(
            failed, self.base, self._host, seconds=self.access.timeout, maybe_done=_was_sent(progress)
        )

    def _client(self) -> httpx.Client:
        """The client of this process: a forked one must not share the connections of the other."""
        if os.getpid() not in self._clients:
            self._clients[os.getpid()] = self._made()
        return self._clients[os.getpid()]

    def _made(self) -> httpx.Client:
        import httpx

        access, user = self.access, self.access.user
        password = access.password.reveal() if access.password else ""
        return httpx.Client(
            verify=self._trust,
            auth=None if user is None else httpx.BasicAuth(user.encode(), password.encode()),
            timeout=httpx.Timeout(access.timeout, connect=min(_CONNECT, access.timeout)),
            follow_redirects=False,
            event_hooks={"response": [transport.set_aside]},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            trust_env=not transport.is_loopback(self._host),
            proxy=access.proxy,
            transport=self._network,
            headers={"accept-encoding": "identity", "user-agent": AGENT, "referer": f"{self.base}/"},
        )

    def _trusted(self) -> ssl.SSLContext:
        if self.base.startswith("http://") and transport.is_loopback(self._host):
            # Whom nobody asks for a certificate; loading the authorities takes longer than some requests.
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self.access.fingerprint is not None:
            return pinning.context(self.access.fingerprint, self._strangers)
        context = transport.ssl_context(self.access.ca_bundle)
        if context is None:
            raise failures.bad_bundle(self.base, self.access.ca_bundle)
        return context


class WritingSession(Session):
    """A session that may change the instance, for those who carry a plan out."""

    def post(
        self,
        path: str,
        fields: Mapping[str, str | Sequence[str]],
        uploads: Sequence[Upload] = (),
        *,
        accept: str = "application/json",
    ) -> Answer:
        """One POST, with a CSRF token where the instance has the endpoint; whatever the answer says of its success.

        Raises:
            InstanceError: credentials, rights or a login page; or no answer, and then `maybe_done` says whether it may
                have been carried out all the same.
        """
        content: dict[str, Any] = {
            "data": {name: text if isinstance(text, str) else list(text) for name, text in fields.items()}
        }
        if uploads:
            content["files"] = [
                (one.name, (one.filename, one.data, "application/octet-stream")) for one in uploads
            ]
        for _ in range(2):
            token = self._csrf_token()
            headers = {"accept": accept} | ({"csrf-token": token} if token else {})
            outcome = self._outcome("POST", path, headers, content, MAX_PAGE)
            # A token lives for some minutes, and a 403 was not carried out.
            if not (isinstance(outcome, Answer) and outcome.status == 403 and token):
                break
        if isinstance(outcome, InstanceError):
            raise outcome
        refusal = answers.refusal(self.where(path), path, outcome.status, outcome.location, self.access.user)
        if refusal is not None and refusal.rule in answers.NOT_CARRIED_OUT:
            raise refusal
        return outcome

    def _csrf_token(self) -> str:
        """The token that Granite's filter wants; empty where there is no such filter."""
        answer = self.get_if_there(CSRF, accept="application/json")
        if answer is None:
            return ""
        try:
            found = json.loads(answer.body)
        except ValueError:
            return ""
        token = found.get("token", "") if isinstance(found, dict) else ""
        return token if isinstance(token, str) else ""


def _was_sent(progress: Progress) -> bool:
    """Whether the instance may have all of a request."""
    return progress.stage in ("sent", "answer")
