"""What kept a request from being answered: httpx's and the system's errors as :class:`TokenError`.

Nothing of the original error's text is passed on: httpx's errors about proxies quote the proxy's password.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.request import getproxies

from migrate.ims.errors import Kind, TokenError

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


@dataclass(slots=True)
class Progress:
    """How far a request has come, for saying what it was that failed.

    Attributes:
        stage: ``"connect"``, ``"tls"``, ``"proxy"`` (a tunnel was asked for), ``"sent"`` (everything was sent) or
            ``"answer"`` (its headers are there).
        peer: the host that was really connected to; another one than the token URL's is a proxy.
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


def huge(limit: int) -> TokenError:
    """More than an answer can be."""
    return TokenError(
        Kind.HUGE,
        f"the answer is bigger than {limit // 1024} KiB, so it is not IMS's",
        "Check the host in the token URL, and what a proxy may put in its place",
    )


def bad_bundle(path: Path | None) -> TokenError:
    """--ca-bundle does not hold what it should."""
    return TokenError(
        Kind.CA_BUNDLE,
        f"the CA bundle {path} cannot be read as PEM certificates",
        "Give a file with one or more -----BEGIN CERTIFICATE----- blocks",
    )


def too_slow(progress: Progress, host: str, timeout: float) -> TokenError:
    """The time for one request is up."""
    if _through_proxy(progress, host) and progress.stage in ("connect", "proxy"):
        return _proxy(
            progress.peer, f"does not answer within {timeout:g} s", "Check its address in HTTPS_PROXY"
        )
    if progress.stage in ("connect", "tls"):
        return TokenError(
            Kind.TIMEOUT_CONNECT,
            f"no connection to {host} within {timeout:g} s",
            "Check name resolution, firewall and proxy (HTTPS_PROXY), or raise --timeout",
        )
    return TokenError(
        Kind.SLOW,
        f"{host} was still sending its answer after {timeout:g} s",
        "Something between here and IMS holds the answer back; raise --timeout to be sure",
    )


def explain(error: BaseException, host: str, progress: Progress) -> TokenError:
    """The failure behind an exception of httpx.

    Args:
        host: the host in the token URL.
        progress: how far the request had come.
    """
    import httpx

    causes = tuple(_causes(error))
    tls = next((c for c in causes if isinstance(c, ssl.SSLError)), None)
    unusable = (ImportError, OverflowError, httpx.InvalidURL, httpx.UnsupportedProtocol)
    if isinstance(error, unusable) or type(error) is ValueError:
        return TokenError(
            Kind.PROXY,
            "the proxy of the environment (HTTPS_PROXY, ALL_PROXY) is not one that can be used",
            "Write it as http://host:port; SOCKS proxies are not supported",
        )
    if isinstance(error, httpx.ProxyError):
        return _refused_by_proxy(progress.peer, str(error))
    if _through_proxy(progress, host) and (progress.stage in ("connect", "proxy") or not progress.tunnel):
        return _no_proxy(progress.peer, causes)
    if tls is not None:
        return _tls(tls, host)
    if isinstance(error, httpx.TimeoutException):
        return _timeout(error, host, progress.stage)
    if isinstance(error, httpx.RemoteProtocolError):
        return _not_http(host, str(error))
    if progress.stage == "connect" or isinstance(error, httpx.ConnectError):
        return _no_connection(causes, host)
    return lost(host)


def _through_proxy(progress: Progress, host: str) -> bool:
    return progress.peer not in ("", host)


def _not_http(host: str, text: str) -> TokenError:
    """What came is not HTTP, or the connection ended within it: only h11's words tell."""
    if (
        re.match(r"Server disconnected|peer (?:unexpectedly )?closed", text)
        or len(text) < _SHORTEST_DIAGNOSIS
    ):
        return lost(host)
    if "buffer too long" in text:
        return TokenError(
            Kind.HUGE,
            "the headers of the answer are too long to be IMS's",
            "Check the host in the token URL, and what a proxy may put in its place",
        )
    return TokenError(
        Kind.NOT_HTTP,
        f"what {host} answers is not HTTP",
        "Check host and port of the token URL, and that it begins with https where TLS is spoken",
    )


_SHORTEST_DIAGNOSIS = 6


def _no_connection(causes: tuple[BaseException, ...], host: str) -> TokenError:
    """Nobody was reached at all."""
    if any(isinstance(c, socket.gaierror) for c in causes):
        return TokenError(
            Kind.DNS,
            f"the name {host} cannot be looked up",
            "Check the spelling of the token URL, and DNS; behind a proxy set HTTPS_PROXY",
        )
    if any(isinstance(c, ConnectionRefusedError) for c in causes):
        return TokenError(
            Kind.CONNECTION_REFUSED,
            f"{host} refuses the connection",
            "Check host and port of the token URL, and the firewall",
        )
    if any(isinstance(c, ConnectionResetError) for c in causes) or not _is_connect_error(causes):
        return lost(host)
    return TokenError(
        Kind.UNREACHABLE, f"there is no way to {host}", "Check network, firewall and proxy (HTTPS_PROXY)"
    )


def _is_connect_error(causes: tuple[BaseException, ...]) -> bool:
    import httpx

    return any(isinstance(c, httpx.ConnectError) for c in causes)


def lost(host: str) -> TokenError:
    return TokenError(
        Kind.CONNECTION_LOST,
        f"the connection to {host} was lost before the answer was complete",
        "Try again; when it stays so, look at what stands between here and IMS",
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _proxy(peer: str, problem: str, advice: str) -> TokenError:
    # With a password in it, and a mistake, a proxy's URL can have a part of the password where the host belongs.
    shown = re.fullmatch(r"[A-Za-z0-9.:-]+", peer) and not any("@" in url for url in getproxies().values())
    return TokenError(Kind.PROXY, f"the proxy {peer if shown else 'of the environment'} {problem}", advice)


def _refused_by_proxy(peer: str, answer: str) -> TokenError:
    """The proxy answered, but gave no tunnel; its status comes first in httpcore's words, and nothing else is used."""
    status = answer[:3] if re.match(r"[1-5][0-9][0-9]\b", answer) else ""
    if status == "407":
        return _proxy(
            peer,
            "asks for a user name and password (status 407)",
            "Write them into HTTPS_PROXY: http://USER:PASSWORD@host:port, with %40 for an @; NTLM and Kerberos are not "
            "supported",
        )
    said = f" (status {status})" if status else ""
    return _proxy(
        peer,
        f"does not let us through{said}",
        "Ask its keeper to allow this host, or go around it with NO_PROXY",
    )


def _no_proxy(peer: str, causes: tuple[BaseException, ...]) -> TokenError:
    """The proxy itself cannot be talked to."""
    if any(isinstance(c, socket.gaierror) for c in causes):
        problem = "has a name that cannot be looked up"
    elif any(isinstance(c, ConnectionRefusedError) for c in causes):
        problem = "refuses the connection"
    elif any(isinstance(c, TimeoutError) or "Timeout" in type(c).__name__ for c in causes):
        problem = "does not answer in time"
    else:
        problem = "does not answer as an http proxy does"
    return _proxy(peer, problem, "Check host and port in HTTPS_PROXY; NO_PROXY goes around it")


def _timeout(error: BaseException, host: str, stage: str) -> TokenError:
    import httpx

    if isinstance(error, (httpx.ConnectTimeout, httpx.PoolTimeout)):
        return TokenError(
            Kind.TIMEOUT_CONNECT,
            f"no connection to {host} in time",
            "Check firewall and proxy (HTTPS_PROXY), or raise --timeout",
        )
    if stage == "answer":
        return TokenError(
            Kind.SLOW,
            f"{host} began its answer and did not end it in time",
            "Something between here and IMS holds the answer back; raise --timeout to be sure",
        )
    return TokenError(
        Kind.TIMEOUT_READ,
        f"{host} took the request and did not answer in time",
        "Try again, or raise --timeout",
    )


def _verify_message(error: ssl.SSLError) -> str:
    """OpenSSL's own words for its code, which hold nothing of the certificate."""
    return str(getattr(error, "verify_message", "")) or "OpenSSL does not say why"


def _tls(error: ssl.SSLError, host: str) -> TokenError:
    code = error.verify_code if isinstance(error, ssl.SSLCertVerificationError) else None
    if code in _UNKNOWN_CA:
        return TokenError(
            Kind.TLS_UNKNOWN_CA,
            f"the certificate of {host} comes from an authority that is not trusted here",
            "A proxy that opens TLS does this: give its authority with --ca-bundle FILE. AEM's Java needs it too",
        )
    if code in _HOSTNAME:
        return TokenError(
            Kind.TLS_HOSTNAME,
            f"the certificate is not one for {host}",
            "Check the host in the token URL; a captive portal or a wrong DNS entry shows the same",
        )
    if code in _EXPIRED:
        return TokenError(
            Kind.TLS_EXPIRED,
            f"the certificate of {host} has expired or is not valid yet",
            "Check this machine's clock, and the certificate of a proxy that opens TLS",
        )
    if code is not None:
        return TokenError(
            Kind.TLS,
            f"the certificate of {host} is not accepted: {_REASONS.get(code) or _verify_message(error)}",
            "IMS's own is sound, so check the host in the token URL, and what a proxy may put in its place",
        )
    reason = getattr(error, "reason", None) or ""
    if "PROTOCOL" in reason:
        return TokenError(
            Kind.TLS,
            f"{host} speaks only versions of TLS that are too old",
            "TLS 1.2 is needed; IMS has it, so check what a proxy may put in its place",
        )
    if "CERTIFICATE_REQUIRED" in reason or "BAD_CERTIFICATE" in reason:
        return TokenError(
            Kind.TLS,
            f"{host} asks for a client certificate",
            "IMS does not, so check the host in the token URL, and what a proxy may put in its place",
        )
    return TokenError(
        Kind.TLS,
        f"no TLS connection to {host} comes about",
        "Check the port of the token URL, and whether a proxy speaks plain http there",
    )
