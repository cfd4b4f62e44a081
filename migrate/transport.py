"""What two HTTP clients share, the one of IMS and the one of instances: how far a request came, and why it failed.

Nothing of the original error's text is passed on: httpx's errors hold the request, and those about proxies quote the
proxy's password. What each failure is called, and what to do about it, is its client's matter.
"""

from __future__ import annotations

import contextlib
import enum
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.request import getproxies

if TYPE_CHECKING:
    import httpx

Result = TypeVar("Result")

_UNKNOWN_CA = frozenset({2, 18, 19, 20, 21})
"""OpenSSL's X509_V_ERR_*: no issuer found, self-signed, self-signed in the chain ... (x509_vfy.h)."""
_EXPIRED = frozenset({9, 10})
_HOSTNAME = frozenset({62, 64})
_REASONS = {
    26: "it is not made for servers (its extended key usage)",
    66: "its key is too short",
    67: "the key of an authority in its chain is too short",
    68: "it, or an authority in its chain, is signed with a hash that is too weak, SHA-1 or MD5",
    79: "an authority in its chain may not issue certificates",
}
"""Those that company proxies bring about, in our words."""
_SHORTEST_DIAGNOSIS = 6


class Failure(enum.Enum):
    """What kept a request from being answered."""

    DNS = enum.auto()
    CONNECTION_REFUSED = enum.auto()
    UNREACHABLE = enum.auto()
    CONNECTION_LOST = enum.auto()
    TLS_UNKNOWN_CA = enum.auto()
    TLS_HOSTNAME = enum.auto()
    TLS_EXPIRED = enum.auto()
    TLS_CERTIFICATE = enum.auto()
    TLS_TOO_OLD = enum.auto()
    TLS_CLIENT_CERTIFICATE = enum.auto()
    TLS = enum.auto()
    TIMEOUT_CONNECT = enum.auto()
    TIMEOUT_READ = enum.auto()
    SLOW = enum.auto()
    NOT_HTTP = enum.auto()
    LONG_HEADERS = enum.auto()
    PROXY_UNUSABLE = enum.auto()
    PROXY_PASSWORD = enum.auto()
    PROXY_REFUSES = enum.auto()
    PROXY_DNS = enum.auto()
    PROXY_CONNECTION_REFUSED = enum.auto()
    PROXY_TIMEOUT = enum.auto()
    PROXY_NOT_HTTP = enum.auto()


class Failed(NamedTuple):
    """A failure with what may be said about it.

    Attributes:
        failure: which.
        proxy: how a proxy that had to do with it is called: its host, or "of the environment" where that could be a
            part of its password.
        status: of a proxy's answer, three digits; may be empty.
        reason: why a certificate is not accepted.
    """

    failure: Failure
    proxy: str = ""
    status: str = ""
    reason: str = ""

    def said(self, own: str, host: str, in_time: str) -> str:
        """It in words: one's own, with ``{host}`` and the like in them, or where they are empty those of everybody."""
        status = f" (status {self.status})" if self.status else ""
        text = own or _SAID[self.failure]
        return text.format(host=host, in_time=in_time, proxy=self.proxy, status=status, reason=self.reason)


_SAID = {
    Failure.DNS: "the name {host} cannot be looked up",
    Failure.CONNECTION_REFUSED: "{host} refuses the connection",
    Failure.UNREACHABLE: "there is no way to {host}",
    Failure.PROXY_PASSWORD: "the proxy {proxy} asks for a user name and password (status 407)",
    Failure.PROXY_REFUSES: "the proxy {proxy} does not let us through{status}",
    Failure.PROXY_DNS: "the proxy {proxy} has a name that cannot be looked up",
    Failure.PROXY_CONNECTION_REFUSED: "the proxy {proxy} refuses the connection",
    Failure.PROXY_TIMEOUT: "the proxy {proxy} does not answer {in_time}",
    Failure.PROXY_NOT_HTTP: "the proxy {proxy} does not answer as an http proxy does",
}
"""What both clients say alike; of the rest each speaks as one does of its other end."""
PROXY_FORM = "Write it as http://host:port; SOCKS proxies are not supported"


def bad_bundle(path: Path | None) -> tuple[str, str]:
    """That --ca-bundle does not hold what it should, and what it should."""
    return (
        f"the CA bundle {path} cannot be read as PEM certificates",
        "Give a file with one or more -----BEGIN CERTIFICATE----- blocks",
    )


@dataclass(slots=True)
class Progress:
    """How far a request has come, for saying what it was that failed.

    Attributes:
        stage: ``"connect"``, ``"tls"``, ``"proxy"`` (a tunnel was asked for), ``"sent"`` (everything was sent) or
            ``"answer"`` (its headers are there).
        peer: the host that was really connected to; another one than the URL's is a proxy.
        tunnel: a proxy was asked for a tunnel.
    """

    stage: str = "connect"
    peer: str = ""
    tunnel: bool = False

    def trace(self, event: str, info: Mapping[str, object]) -> None:
        """httpcore's trace hook (https://www.encode.io/httpcore/extensions/#trace)."""
        if event == "connection.connect_tcp.started":
            host = info.get("host", "")
            self.peer = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
        elif event.endswith("start_tls.started"):
            self.stage = "tls"
        elif event.endswith("send_request_headers.started"):
            asks_for_tunnel = getattr(info.get("request"), "method", b"") == b"CONNECT"
            self.tunnel = self.tunnel or asks_for_tunnel
            self.stage = "proxy" if asks_for_tunnel else "sent"
        elif event.endswith("receive_response_body.started") and self.stage == "sent":
            self.stage = "answer"

    def through_proxy(self, host: str) -> bool:
        return self.peer not in ("", host)


def within(seconds: float, work: Callable[[], Result]) -> list[Result]:
    """The result of `work`, in a list that stays empty when the time is up first.

    httpx's timeouts are for each read, and none holds for looking up a name; a server that sends a byte now and then
    would keep us for ever. So the work runs in a thread of its own, which is left behind when the time is up. What it
    raises is raised here.
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="slingshift-request", daemon=True)
    thread.start()
    # A little more than httpx's own timeouts, so that those, which say more, come first.
    thread.join(seconds + 0.5)
    if errors:
        raise errors[0]
    return results


# --- which failure it was --------------------------------------------------------------------------------------


def too_slow(progress: Progress, host: str) -> Failed:
    """The time for one request is up."""
    if progress.through_proxy(host) and progress.stage in ("connect", "proxy"):
        return Failed(Failure.PROXY_TIMEOUT, _proxy_name(progress.peer))
    return Failed(Failure.TIMEOUT_CONNECT if progress.stage in ("connect", "tls") else Failure.SLOW)


def failed(error: BaseException, host: str, progress: Progress) -> Failed:
    """The failure behind an exception of httpx.

    Args:
        host: the host in the URL.
        progress: how far the request had come.
    """
    import httpx

    chain = tuple(causes(error))
    unusable = (ImportError, OverflowError, httpx.InvalidURL, httpx.UnsupportedProtocol)
    if isinstance(error, unusable) or type(error) is ValueError:
        return Failed(Failure.PROXY_UNUSABLE)
    if isinstance(error, httpx.ProxyError):
        return _refused_by_proxy(progress.peer, str(error))
    is_proxys = progress.stage in ("connect", "proxy") or not progress.tunnel
    if progress.through_proxy(host) and is_proxys:
        return _no_proxy(progress.peer, chain)
    tls = next((cause for cause in chain if isinstance(cause, ssl.SSLError)), None)
    return Failed(_without_proxy(error, chain, progress)) if tls is None else _tls(tls)


def _without_proxy(error: BaseException, chain: tuple[BaseException, ...], progress: Progress) -> Failure:
    import httpx

    if isinstance(error, (httpx.ConnectTimeout, httpx.PoolTimeout)):
        return Failure.TIMEOUT_CONNECT
    if isinstance(error, httpx.TimeoutException):
        return Failure.SLOW if progress.stage == "answer" else Failure.TIMEOUT_READ
    if isinstance(error, httpx.RemoteProtocolError):
        return _not_http(str(error))
    if progress.stage == "connect" or isinstance(error, httpx.ConnectError):
        return _no_connection(chain)
    return Failure.CONNECTION_LOST


def _not_http(text: str) -> Failure:
    """What came is not HTTP, or the connection ended within it: only h11's words tell."""
    closed = re.match(r"Server disconnected|peer (?:unexpectedly )?closed", text)
    if closed or len(text) < _SHORTEST_DIAGNOSIS:
        return Failure.CONNECTION_LOST
    return Failure.LONG_HEADERS if "buffer too long" in text else Failure.NOT_HTTP


def _no_connection(chain: tuple[BaseException, ...]) -> Failure:
    """Nobody was reached at all."""
    import httpx

    if any(isinstance(cause, socket.gaierror) for cause in chain):
        return Failure.DNS
    if any(isinstance(cause, ConnectionRefusedError) for cause in chain):
        return Failure.CONNECTION_REFUSED
    is_reset = any(isinstance(cause, ConnectionResetError) for cause in chain)
    if is_reset or not any(isinstance(cause, httpx.ConnectError) for cause in chain):
        return Failure.CONNECTION_LOST
    return Failure.UNREACHABLE


def _tls(error: ssl.SSLError) -> Failed:
    code = error.verify_code if isinstance(error, ssl.SSLCertVerificationError) else None
    if code in _UNKNOWN_CA:
        return Failed(Failure.TLS_UNKNOWN_CA)
    if code in _HOSTNAME:
        return Failed(Failure.TLS_HOSTNAME)
    if code in _EXPIRED:
        return Failed(Failure.TLS_EXPIRED)
    if code is not None:
        # OpenSSL's own words for its code hold nothing of the certificate.
        said = str(getattr(error, "verify_message", "")) or "OpenSSL does not say why"
        return Failed(Failure.TLS_CERTIFICATE, reason=_REASONS.get(code, said))
    reason = getattr(error, "reason", None) or ""
    if "PROTOCOL" in reason:
        return Failed(Failure.TLS_TOO_OLD)
    if "CERTIFICATE_REQUIRED" in reason or "BAD_CERTIFICATE" in reason:
        return Failed(Failure.TLS_CLIENT_CERTIFICATE)
    return Failed(Failure.TLS)


def _refused_by_proxy(peer: str, answer: str) -> Failed:
    """The proxy answered, but gave no tunnel; its status comes first in httpcore's words, and nothing else is used."""
    status = answer[:3] if re.match(r"[1-5][0-9][0-9]\b", answer) else ""
    failure = Failure.PROXY_PASSWORD if status == "407" else Failure.PROXY_REFUSES
    return Failed(failure, _proxy_name(peer), status)


def _no_proxy(peer: str, chain: tuple[BaseException, ...]) -> Failed:
    """The proxy itself cannot be talked to."""
    failure = Failure.PROXY_NOT_HTTP
    if any(isinstance(cause, socket.gaierror) for cause in chain):
        failure = Failure.PROXY_DNS
    elif any(isinstance(cause, ConnectionRefusedError) for cause in chain):
        failure = Failure.PROXY_CONNECTION_REFUSED
    elif any(isinstance(cause, TimeoutError) or "Timeout" in type(cause).__name__ for cause in chain):
        failure = Failure.PROXY_TIMEOUT
    return Failed(failure, _proxy_name(peer))


def _proxy_name(peer: str) -> str:
    # With a password in it, and a mistake, a proxy's URL can have a part of the password where the host belongs.
    is_safe = re.fullmatch(r"[A-Za-z0-9.:-]+", peer) and not any("@" in url for url in getproxies().values())
    return peer if is_safe else "of the environment"


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


# --- TLS and this machine ----------------------------------------------------------------------------------------


def ssl_context(ca_bundle: Path | None) -> ssl.SSLContext | None:
    """Trust the bundle alone; without one, the system's authorities (SSL_CERT_FILE too) and certifi's.

    None where there is no certificate in it.
    """
    context = None
    with contextlib.suppress(OSError, ValueError):  # ssl.SSLError is an OSError
        context = ssl.create_default_context(cafile=None if ca_bundle is None else str(ca_bundle))
    if context is None:
        return None
    if ca_bundle is None:
        import certifi

        context.load_verify_locations(certifi.where())
    # From Python 3.13 on, a certificate that lacks a key identifier is refused. Those of company authorities often do,
    # and AEM's Java takes them.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


# --- answers -----------------------------------------------------------------------------------------------------

LOCATION, _ENCODING = "slingshift.location", "slingshift.encoding"


def set_aside(response: httpx.Response) -> None:
    """A response hook that takes away the headers that httpx would act upon.

    For a redirect that is not followed it still builds the next request, with the secret in it, and takes an address
    that is no URL for an error of the connection; and it unpacks without a limit. The address of a redirect is in the
    response's extensions as LOCATION.
    """
    response.extensions[LOCATION] = response.headers.pop("location", "")
    response.extensions[_ENCODING] = response.headers.pop("content-encoding", "")


def body(response: httpx.Response, limit: int, deadline: float) -> bytes | None:
    """The body, cut soon after it is longer than the limit; None when the time is up.

    Args:
        deadline: on the clock of time.monotonic.

    Raises:
        EOFError: it was compressed, and ends too early.
    """
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > limit:
            break
        if time.monotonic() > deadline:
            return None
    encoding = response.extensions.get(_ENCODING, "").lower()
    if len(data) <= limit and encoding in ("gzip", "x-gzip", "deflate"):
        return _inflated(bytes(data), limit)
    return bytes(data)


def _inflated(data: bytes, limit: int) -> bytes:
    """What was compressed although nobody asked for that, cut like the body: a few bytes can unfold into gigabytes.

    Raises:
        EOFError: it ends too early.
    """
    import zlib

    for bits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        unpacker = zlib.decompressobj(bits)
        try:
            text = unpacker.decompress(data, limit + 1)
        except zlib.error:
            continue
        if unpacker.eof or len(text) > limit:
            return text
        if data and bits > 0:
            # Without a header, as a few servers send it, it may as well be no deflate at all.
            raise EOFError
    return data
