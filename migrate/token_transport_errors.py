"""What kept a request from being answered: httpx's and the system's errors as :class:`TokenError`.

Nothing of the original error's text is passed on: httpx's errors about proxies quote the proxy's password.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator

from migrate.token_errors import Kind, TokenError

_UNKNOWN_CA = frozenset({2, 18, 19, 20, 21})
"""OpenSSL's X509_V_ERR_*: no issuer found, self-signed, self-signed in the chain ... (x509_vfy.h)."""
_EXPIRED = frozenset({9, 10})
_HOSTNAME = frozenset({62, 64})


def huge(limit: int) -> TokenError:
    """More than an answer can be."""
    return TokenError(
        Kind.HUGE,
        f"the answer is bigger than {limit // 1024} KiB, so it is not IMS's",
        "Check the host in the token URL, and what a proxy may put in its place",
    )


def explain(error: BaseException, host: str, peer: str, stage: str) -> TokenError:
    """The failure behind an exception of httpx.

    Args:
        host: the host in the token URL.
        peer: the host that was really connected to; another one is a proxy.
        stage: ``"connect"``, ``"tls"`` or ``"read"``: how far the request had come.
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
        return _proxy(peer)
    if tls is not None:
        return _tls(tls, host)
    if isinstance(error, httpx.TimeoutException):
        return _timeout(error, host)
    if peer and peer != host and stage == "connect":
        return _proxy(peer)
    if stage == "connect" or isinstance(error, httpx.ConnectError):
        return _no_connection(causes, host)
    return _lost(host)


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
        return _lost(host)
    return TokenError(
        Kind.UNREACHABLE, f"there is no way to {host}", "Check network, firewall and proxy (HTTPS_PROXY)"
    )


def _is_connect_error(causes: tuple[BaseException, ...]) -> bool:
    import httpx

    return any(isinstance(c, httpx.ConnectError) for c in causes)


def _lost(host: str) -> TokenError:
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


def _proxy(peer: str) -> TokenError:
    # A proxy URL with a mistake in it can put a part of the password where the host belongs.
    peer = peer if re.fullmatch(r"[A-Za-z0-9.:-]+", peer) else ""
    return TokenError(
        Kind.PROXY,
        f"the proxy {peer or 'of the environment'} does not let us through",
        "Check HTTPS_PROXY (host, port, user and password) and whether the proxy allows this host; "
        "NO_PROXY goes around it",
    )


def _timeout(error: BaseException, host: str) -> TokenError:
    import httpx

    if isinstance(error, (httpx.ConnectTimeout, httpx.PoolTimeout)):
        return TokenError(
            Kind.TIMEOUT_CONNECT,
            f"no connection to {host} in time",
            "Check firewall and proxy (HTTPS_PROXY), or raise --timeout",
        )
    return TokenError(
        Kind.TIMEOUT_READ,
        f"{host} took the request and did not answer in time",
        "Try again, or raise --timeout",
    )


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
    return TokenError(
        Kind.TLS,
        f"no TLS connection to {host} comes about",
        "Check the port of the token URL, and whether a proxy speaks plain http there",
    )
