"""What an instance may answer, and what may come instead: each has a name, one line, and an exit code of its own."""

from __future__ import annotations

import base64
import logging
import pickle
import socket
import ssl
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.integration.secret import Secret
from migrate.targets.base import Kind, Target
from migrate.targets.instance.access import Access, fingerprint_of
from migrate.targets.instance.errors import InstanceError, Rule
from migrate.targets.instance.session import Session, Upload, WritingSession
from tests.migrate.targets.instance.servers import Answering, Asked, Reply, self_signed, serving

CANARY = "p8e-canary-password"
ACCESS = Access("ann", Secret(CANARY), timeout=20)
CONSOLE = "/system/console/bundles.json"
PAGE = "/apps/system/config.1.json"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def always(*reply: object) -> Answering:
    return lambda asked: Reply(*reply)  # type: ignore[arg-type]


def session(base: str, access: Access = ACCESS, waits: list[float] | None = None) -> Session:
    slept = waits if waits is not None else []
    return Session(Target(base, Kind.INSTANCE, base), access, sleep=slept.append)


def failing(answering: Answering, path: str = PAGE, access: Access = ACCESS) -> InstanceError:
    with serving(answering) as server, session(server.base, access) as one:
        return refused(lambda: one.json(path))


def refused(work: Callable[[], object]) -> InstanceError:
    with pytest.raises(InstanceError) as found:
        work()
    text = "".join(traceback.format_exception(found.value))
    assert CANARY not in text
    assert CANARY not in repr(found.value.__context__)
    assert "\n" not in str(found.value)
    return found.value


# --- what is sent ------------------------------------------------------------------------------------------------


def test_each_request_says_who_asks_and_from_where() -> None:
    with serving(always(200, b"{}")) as server, session(f"{server.base}") as one:
        one.json("/a b/ü%.json")
    (asked,) = server.asked
    assert asked.path == "/a%20b/%C3%BC%25.json"
    assert asked.headers["authorization"] == "Basic " + base64.b64encode(f"ann:{CANARY}".encode()).decode()
    assert asked.headers["user-agent"] == "slingshift"
    assert asked.headers["referer"] == f"{server.base}/"


def test_a_context_path_stands_before_every_path() -> None:
    with serving(always(200, b"{}")) as server, session(f"{server.base}/author") as one:
        one.json(PAGE)
        one.dav("SEARCH", "/server/default/jcr:root", "<x/>")
    assert [asked.path for asked in server.asked] == [f"/author{PAGE}", "/author/server/default/jcr:root"]
    assert server.asked[0].headers["referer"] == f"{server.base}/author/"


def test_cookies_are_not_kept() -> None:
    with serving(always(200, b"{}", (("set-cookie", "login-token=x; Path=/"),))) as server:
        with session(server.base) as one:
            one.json(PAGE)
            one.json(PAGE)
        assert not any("cookie" in map(str.lower, asked.headers) for asked in server.asked)


def test_without_a_user_there_is_no_authorization() -> None:
    with serving(always(200, b"{}")) as server, session(server.base, Access()) as one:
        one.json(PAGE)
    assert "authorization" not in {name.lower() for name in server.asked[0].headers}


def test_only_methods_that_read() -> None:
    with (
        serving(always(200, b"{}")) as server,
        session(server.base) as one,
        pytest.raises(ValueError, match="MKCOL"),
    ):
        one.dav("MKCOL", "/x", "")
    assert not server.asked
    assert not hasattr(Session, "post")


def test_nothing_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(always(200, b"{}")) as server, session(server.base) as one:
        one.json(PAGE)
        assert CANARY not in repr(one.access)
    assert caplog.text
    assert CANARY not in caplog.text
    assert base64.b64encode(f"ann:{CANARY}".encode()).decode() not in caplog.text


# --- what it may answer --------------------------------------------------------------------------------------------

LOGIN = (("location", "http://x/libs/granite/core/content/login.html?resource=%2F"),)
SLING_LOGIN = (("location", "http://x/system/sling/form/login?resource=%2F"),)
ELSEWHERE = (("location", "https://user:p8e-canary-password@cdn.example/x?secret=p8e-canary-password"),)
ANSWERS: dict[str, tuple[Reply, str, Rule, str]] = {
    "401": (Reply(401), PAGE, Rule.CREDENTIALS_REFUSED, "does not accept the user ann"),
    "403": (Reply(403), PAGE, Rule.FORBIDDEN, "the user ann may not"),
    "403 console": (Reply(403), CONSOLE, Rule.CONSOLE_FORBIDDEN, "security provider"),
    "404": (Reply(404), PAGE, Rule.NOT_FOUND, "where the right to read is missing"),
    "404 console": (Reply(404), CONSOLE, Rule.CONSOLE_HIDDEN, "dispatcher"),
    "login": (Reply(302, b"", LOGIN), CONSOLE, Rule.LOGIN_PAGE, "sends the user ann to its login page"),
    "login of Sling": (Reply(302, b"", SLING_LOGIN), CONSOLE, Rule.LOGIN_PAGE, "login page"),
    "elsewhere": (Reply(301, b"", ELSEWHERE), PAGE, Rule.REDIRECT, "to https://cdn.example."),
    "nowhere": (Reply(302), PAGE, Rule.REDIRECT, "sends us elsewhere."),
    "no URL": (Reply(302, b"", (("location", "http://[p8e"),)), PAGE, Rule.REDIRECT, "elsewhere."),
    "500": (Reply(500, b"<html>p8e-canary-password"), PAGE, Rule.SERVER_ERROR, "error.log"),
    "502": (Reply(502), PAGE, Rule.SERVER_ERROR, "(status 502)"),
    "503": (Reply(503), PAGE, Rule.STARTING, "starting, stopping or in maintenance"),
    "418": (Reply(418), PAGE, Rule.STATUS, "status 418"),
    "HTML": (Reply(200, b"<!DOCTYPE html>"), PAGE, Rule.HTML, "HTML where JSON was asked for"),
    "HTML by type": (Reply(200, b"x", (("content-type", "text/html"),)), PAGE, Rule.HTML, "HTML where"),
    "no JSON": (Reply(200, b"{"), PAGE, Rule.NOT_AS_EXPECTED, "not the JSON"),
    "no text": (Reply(200, b"\xff"), PAGE, Rule.NOT_AS_EXPECTED, "not the JSON"),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_has_its_own_name(name: str) -> None:
    reply, path, rule, words = ANSWERS[name]
    error = failing(always(*reply), path)
    assert error.rule is rule
    assert words in str(error)
    assert str(error).startswith("http://127.0.0.1:")


def test_refusals_and_failures_have_different_exit_codes() -> None:
    by_code = {
        error.rule: error.refused for error in (failing(always(*a[0]), a[1]) for a in ANSWERS.values())
    }
    assert {rule for rule, is_refused in by_code.items() if is_refused} == {
        Rule.CREDENTIALS_REFUSED,
        Rule.FORBIDDEN,
        Rule.CONSOLE_FORBIDDEN,
        Rule.NOT_FOUND,
        Rule.CONSOLE_HIDDEN,
        Rule.LOGIN_PAGE,
    }


@pytest.mark.parametrize("reply", [Reply(401), Reply(302, b"", LOGIN)])
def test_who_did_not_say_a_name_is_told_to(reply: Reply) -> None:
    error = failing(always(*reply), access=Access())
    assert "Give --user NAME" in str(error)
    assert error.refused


def test_html_where_text_was_asked_for() -> None:
    with serving(always(200, b"<html>")) as server, session(server.base) as one:
        assert refused(lambda: one.page(CONSOLE)).rule is Rule.HTML


def test_what_starts_is_asked_again() -> None:
    replies = [Reply(503), Reply(503), Reply(200, b"[1]")]
    waits: list[float] = []
    with serving(lambda asked: replies.pop(0)) as server, session(server.base, waits=waits) as one:
        assert one.json(PAGE) == [1]
    assert (len(server.asked), len(waits)) == (3, 2)


PASSING = {"500": Reply(500), "502": Reply(502), "half of it": Reply(200, b'[{"pid": "x", ')}


@pytest.mark.parametrize("name", PASSING)
@pytest.mark.parametrize("times", [1, 3])
def test_what_changes_while_it_is_told_is_asked_again(name: str, times: int) -> None:
    replies = [*[PASSING[name]] * times, Reply(200, b"[1]")]
    waits: list[float] = []
    with serving(lambda asked: replies.pop(0)) as server, session(server.base, waits=waits) as one:
        assert one.json(CONSOLE) == [1]
    assert (len(server.asked), len(waits)) == (times + 1, times)
    assert sum(waits) < 5


@pytest.mark.parametrize("name", PASSING)
def test_what_does_not_pass_is_told_in_the_end(name: str) -> None:
    with serving(always(*PASSING[name])) as server, session(server.base) as one:
        error = refused(lambda: one.json(CONSOLE))
    assert len(server.asked) == 4
    assert error.passes
    assert not error.refused


@pytest.mark.parametrize("status", [401, 403, 404, 418, 501])
def test_nothing_else_is_asked_again(status: int) -> None:
    with serving(always(status)) as server, session(server.base) as one:
        assert not refused(lambda: one.json(PAGE)).passes
    assert len(server.asked) == 1


def test_a_server_without_webdav_is_asked_once() -> None:
    with serving(always(500)) as server, session(server.base) as one:
        refused(lambda: one.dav("SEARCH", "/server/default/jcr:root", "<x/>"))
    assert len(server.asked) == 1


def test_more_than_there_can_be_is_not_read() -> None:
    with serving(always(200, b"x" * 100)) as server, session(server.base) as one:
        assert one.get(PAGE, limit=100).body == b"x" * 100
        assert refused(lambda: one.get(PAGE, limit=99)).rule is Rule.TOO_LARGE


def test_an_answer_does_not_print_its_body() -> None:
    with serving(always(200, CANARY.encode())) as server, session(server.base) as one:
        assert CANARY not in repr(one.get(PAGE))


# --- no answer at all ------------------------------------------------------------------------------------------------


def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with session(f"http://127.0.0.1:{port}") as one:
            error = refused(lambda: one.json(PAGE))
    assert error.rule is Rule.CONNECTION_REFUSED
    assert not error.maybe_done


def test_a_name_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **kw: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with session("https://author.invalid:4502") as one:
        error = refused(lambda: one.json(PAGE))
    assert (error.rule, error.refused) == (Rule.DNS, False)
    assert "author.invalid cannot be looked up" in str(error)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"220 mail.example ESMTP\r\n\r\n", Rule.NOT_HTTP),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", Rule.CONNECTION_LOST),
        (b"", Rule.CONNECTION_LOST),
        (b"HTTP/1.1 200 OK\r\nA: " + b"a" * 200_000, Rule.TOO_LARGE),
    ],
)
def test_what_is_not_quite_http(data: bytes, rule: Rule) -> None:
    with raw(data) as base, session(base) as one:
        error = refused(lambda: one.json(PAGE))
    assert (error.rule, error.refused) == (rule, False)


def test_an_answer_that_never_ends() -> None:
    access = Access("ann", Secret(CANARY), timeout=0.3)
    with raw(b"HTTP/1.1 200 OK\r\n\r\n{", hold=True) as base, session(base, access) as one:
        error = refused(lambda: one.json(PAGE))
    assert error.rule is Rule.TIMEOUT
    assert "within 0.3 s" in error.message or "in time" in error.message


class raw:  # noqa: N801 - used like a function
    """A port where whoever comes gets these bytes, every time."""

    def __init__(self, data: bytes, *, hold: bool = False) -> None:
        self.data, self.hold, self.done = data, hold, threading.Event()

    def __enter__(self) -> str:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client:
                client.recv(10_000)
                client.sendall(self.data)
                if self.hold:
                    self.done.wait(20)

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()


# --- TLS -------------------------------------------------------------------------------------------------------------


def asking(base: str, access: Access) -> InstanceError | None:
    with session(base, access) as one:
        try:
            one.json(PAGE)
        except InstanceError as error:
            return error
    return None


def test_a_self_signed_certificate_needs_trust(tmp_path: Path) -> None:
    own = self_signed(tmp_path, "127.0.0.1")
    with serving(always(200, b"{}"), own.context) as server:
        error = asking(server.base, ACCESS)
        assert error is not None
        assert (error.rule, error.refused) == (Rule.TLS_UNKNOWN_CA, False)
        assert "--ca-bundle FILE" in str(error)
        assert asking(server.base, Access("ann", ca_bundle=own.pem)) is None
        assert asking(server.base, Access("ann", fingerprint=own.fingerprint)) is None
    assert len(server.asked) == 2, "nothing is sent to whom nobody trusts"


def test_another_name_needs_a_fingerprint(tmp_path: Path) -> None:
    own = self_signed(tmp_path, "author.example")
    with serving(always(200, b"{}"), own.context) as server:
        error = asking(server.base, Access("ann", ca_bundle=own.pem))
        assert error is not None
        assert error.rule is Rule.TLS_HOSTNAME
        assert asking(server.base, Access("ann", fingerprint=own.fingerprint)) is None


def test_another_certificate_gets_no_request(tmp_path: Path) -> None:
    own, other = self_signed(tmp_path, "127.0.0.1"), self_signed(tmp_path, "author.example")
    with serving(always(200, b"{}"), other.context) as server:
        error = asking(server.base, Access("ann", Secret(CANARY), fingerprint=own.fingerprint))
    assert error is not None
    assert error.rule is Rule.TLS_FINGERPRINT
    assert f"sha256:{other.fingerprint}" in str(error)
    assert not server.asked


def test_an_old_certificate(tmp_path: Path) -> None:
    own = self_signed(tmp_path, "127.0.0.1", days=-1)
    with serving(always(200, b"{}"), own.context) as server:
        error = asking(server.base, Access("ann", ca_bundle=own.pem))
        assert error is not None
        assert error.rule is Rule.TLS_EXPIRED
        assert asking(server.base, Access("ann", fingerprint=own.fingerprint)) is None


def test_https_where_http_is_spoken() -> None:
    with serving(always(200, b"{}")) as server:
        error = asking(server.base.replace("http:", "https:"), ACCESS)
    assert error is not None
    assert error.rule is Rule.TLS


def test_a_bundle_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    error = refused(lambda: session("https://127.0.0.1:1", Access(ca_bundle=tmp_path / "ca.pem")))
    assert (error.rule, error.usage) == (Rule.CA_BUNDLE, True)


def test_there_is_no_way_to_trust_everybody() -> None:
    assert {name for name in Access.__slots__ if "verif" in name or "insecure" in name} == set()


# --- what is refused before anything is sent -------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_http_to_this_machine(host: str) -> None:
    session(f"http://{host}:4502").close()


def test_http_to_other_machines_must_be_allowed() -> None:
    error = refused(lambda: session("http://author.example:4502"))
    assert (error.rule, error.usage) == (Rule.HTTP_ONLY, True)
    session("http://author.example:4502", Access("ann", allow_http=True)).close()


@pytest.mark.parametrize(
    ("base", "access", "rule"),
    [
        ("http://127.0.0.1", Access(fingerprint="0" * 64), Rule.BAD_VALUE),
        ("https://x.example", Access(fingerprint="0" * 64, ca_bundle=Path("x")), Rule.BAD_VALUE),
        ("https://x.example", Access("a:b"), Rule.BAD_VALUE),
        ("https://x.example", Access(""), Rule.BAD_VALUE),
        ("https://x.example", Access(proxy=f"http://u:{CANARY}@proxy.example:1"), Rule.PROXY_URL),
        ("https://x.example", Access(proxy="socks5://proxy.example:1"), Rule.PROXY_URL),
    ],
)
def test_what_cannot_be_right(base: str, access: Access, rule: Rule) -> None:
    error = refused(lambda: session(base, access))
    assert (error.rule, error.usage) == (rule, True)


def test_a_proxy_is_asked(tmp_path: Path) -> None:
    with serving(always(200, b"[7]")) as proxy:
        access = Access("ann", allow_http=True, proxy=proxy.base)
        with session("http://author.example:4502", access) as one:
            assert one.json(PAGE) == [7]
    assert proxy.asked[0].path == f"http://author.example:4502{PAGE}"


def test_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(always(407)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.base.replace("://", f"://ann:{CANARY}@"))
        with session("https://author.example:4502") as one:
            error = refused(lambda: one.json(PAGE))
    assert error.rule is Rule.PROXY


def test_this_machine_is_reached_without_the_environments_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with serving(always(200, b"{}")) as server, session(server.base) as one:
        assert one.json(PAGE) == {}


# --- POST ------------------------------------------------------------------------------------------------------------


def writing(base: str) -> WritingSession:
    return WritingSession(Target(base, Kind.INSTANCE, base), ACCESS, sleep=lambda seconds: None)


TOKENS = "/libs/granite/csrf/token.json"


def test_a_post_brings_the_token_that_granite_wants() -> None:
    def answering(asked: Asked) -> Reply:
        return Reply(200, b'{"token": "t1"}') if asked.path == TOKENS else Reply(200, b"{}")

    with serving(answering) as server, writing(server.base) as one:
        answer = one.post(
            "/apps", {"./a/x@Delete": "true"}, [Upload("./a/b.config", "b.config", b"\r\n\x00")]
        )
    assert answer.status == 200
    get, post = server.asked
    assert (get.method, post.method, post.headers["csrf-token"]) == ("GET", "POST", "t1")
    assert post.headers["content-type"].startswith("multipart/form-data")
    assert b'name="./a/b.config"; filename="b.config"' in post.body
    assert b"\r\n\r\n\r\n\x00\r\n" in post.body


def test_a_token_that_has_ended_is_fetched_again() -> None:
    tokens = iter(("old", "new"))

    def answering(asked: Asked) -> Reply:
        if asked.path == TOKENS:
            return Reply(200, f'{{"token": "{next(tokens)}"}}'.encode())
        return Reply(200) if asked.headers["csrf-token"] == "new" else Reply(403)

    with serving(answering) as server, writing(server.base) as one:
        assert one.post("/apps", {"a": "b"}).status == 200
    assert [asked.method for asked in server.asked] == ["GET", "POST", "GET", "POST"]


@pytest.mark.parametrize("reply", [Reply(404), Reply(200, b"{}"), Reply(200, b"<html>")])
def test_where_there_is_no_token_none_is_sent(reply: Reply) -> None:
    def answering(asked: Asked) -> Reply:
        return reply if asked.path == TOKENS else Reply(403)

    with serving(answering) as server, writing(server.base) as one:
        assert refused(lambda: one.post("/apps", {"a": "b"})).rule is Rule.FORBIDDEN
    assert [asked.method for asked in server.asked] == ["GET", "POST"]
    assert "csrf-token" not in server.asked[1].headers


@pytest.mark.parametrize("status", [200, 302, 409, 500])
def test_whether_a_post_worked_is_for_the_caller_to_judge(status: int) -> None:
    location = (("location", "http://x/system/console/configMgr/some.pid"),)

    def answering(asked: Asked) -> Reply:
        return Reply(404) if asked.path == TOKENS else Reply(status, b"x", location)

    with serving(answering) as server, writing(server.base) as one:
        assert one.post("/system/console/configMgr/x", {"delete": "1"}).status == status


def test_a_post_is_never_sent_twice() -> None:
    posts = []

    def answering(asked: Asked) -> Reply:
        if asked.path == TOKENS:
            return Reply(404)
        posts.append(asked)
        raise ConnectionAbortedError

    with serving(answering) as server, writing(server.base) as one:
        error = refused(lambda: one.post("/apps", {"a": "b"}))
    assert (error.rule, error.maybe_done, len(posts)) == (Rule.CONNECTION_LOST, True, 1)


def test_a_post_that_times_out_may_have_been_carried_out() -> None:
    def answering(asked: Asked) -> Reply:
        if asked.path != TOKENS:
            time.sleep(1)
        return Reply(404)

    with serving(answering) as server:
        access = Access("ann", Secret(CANARY), timeout=0.3)
        with WritingSession(Target("x", Kind.INSTANCE, server.base), access) as one:
            error = refused(lambda: one.post("/apps", {"a": "b"}))
    assert (error.rule, error.maybe_done) == (Rule.TIMEOUT, True)


# --- access --------------------------------------------------------------------------------------------------------


def test_an_access_is_data_that_does_not_tell_the_password() -> None:
    access = Access("ann", Secret(CANARY), Path("ca.pem"), None, True, "http://p:1", 5.0)
    again = pickle.loads(pickle.dumps(access))
    assert again == access
    assert again.password.reveal() == CANARY
    assert CANARY not in repr(access)
    assert pickle.loads(pickle.dumps(Access())) == Access()


DIGITS = "ab" * 32


@pytest.mark.parametrize(
    "text",
    [f"sha256:{DIGITS}", f"SHA256:{DIGITS.upper()}", "sha-256:" + ":".join(["AB"] * 32), f"sha256={DIGITS} "],
)
def test_fingerprints_as_tools_print_them(text: str) -> None:
    assert fingerprint_of(text) == DIGITS


@pytest.mark.parametrize("text", ["", DIGITS, f"sha1:{DIGITS}", "sha256:" + "ab" * 31, "sha256:" + "xy" * 32])
def test_what_is_no_fingerprint(text: str) -> None:
    with pytest.raises(ValueError, match="write sha256:"):
        fingerprint_of(text)


def test_tls_contexts_verify(tmp_path: Path) -> None:
    own = self_signed(tmp_path, "127.0.0.1")
    with session("https://127.0.0.1:1", Access(ca_bundle=own.pem)) as one:
        assert one._trust.verify_mode is ssl.CERT_REQUIRED
        assert one._trust.check_hostname
