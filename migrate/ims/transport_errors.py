"""What kept a request to IMS from being answered, and what to do about it: a :class:`TokenError` for each failure."""

from __future__ import annotations

from pathlib import Path

from migrate import transport
from migrate.ims.errors import Kind, TokenError
from migrate.transport import Failed, Failure, Progress

_WHAT_ANSWERS = "Check the host in the token URL, and what a proxy may put in its place"
_TEXTS = {
    Failure.DNS: (
        Kind.DNS,
        "",
        "Check the spelling of the token URL, and DNS; behind a proxy set HTTPS_PROXY",
    ),
    Failure.CONNECTION_REFUSED: (
        Kind.CONNECTION_REFUSED,
        "",
        "Check host and port of the token URL, and the firewall",
    ),
    Failure.UNREACHABLE: (
        Kind.UNREACHABLE,
        "",
        "Check network, firewall and proxy (HTTPS_PROXY)",
    ),
    Failure.CONNECTION_LOST: (
        Kind.CONNECTION_LOST,
        "the connection to {host} was lost before the answer was complete",
        "Try again; when it stays so, look at what stands between here and IMS",
    ),
    Failure.TLS_UNKNOWN_CA: (
        Kind.TLS_UNKNOWN_CA,
        "the certificate of {host} comes from an authority that is not trusted here",
        "A proxy that opens TLS does this: give its authority with --ca-bundle FILE. AEM's Java needs it too",
    ),
    Failure.TLS_HOSTNAME: (
        Kind.TLS_HOSTNAME,
        "the certificate is not one for {host}",
        "Check the host in the token URL; a captive portal or a wrong DNS entry shows the same",
    ),
    Failure.TLS_EXPIRED: (
        Kind.TLS_EXPIRED,
        "the certificate of {host} has expired or is not valid yet",
        "Check this machine's clock, and the certificate of a proxy that opens TLS",
    ),
    Failure.TLS_CERTIFICATE: (
        Kind.TLS,
        "the certificate of {host} is not accepted: {reason}",
        "IMS's own is sound, so check the host in the token URL, and what a proxy may put in its place",
    ),
    Failure.TLS_TOO_OLD: (
        Kind.TLS,
        "{host} speaks only versions of TLS that are too old",
        "TLS 1.2 is needed; IMS has it, so check what a proxy may put in its place",
    ),
    Failure.TLS_CLIENT_CERTIFICATE: (
        Kind.TLS,
        "{host} asks for a client certificate",
        "IMS does not, so check the host in the token URL, and what a proxy may put in its place",
    ),
    Failure.TLS: (
        Kind.TLS,
        "no TLS connection to {host} comes about",
        "Check the port of the token URL, and whether a proxy speaks plain http there",
    ),
    Failure.TIMEOUT_CONNECT: (
        Kind.TIMEOUT_CONNECT,
        "no connection to {host} {in_time}",
        "Check name resolution, firewall and proxy (HTTPS_PROXY), or raise --timeout",
    ),
    Failure.TIMEOUT_READ: (
        Kind.TIMEOUT_READ,
        "{host} took the request and did not answer in time",
        "Try again, or raise --timeout",
    ),
    Failure.SLOW: (
        Kind.SLOW,
        "{host} began its answer and did not end it {in_time}",
        "Something between here and IMS holds the answer back; raise --timeout to be sure",
    ),
    Failure.NOT_HTTP: (
        Kind.NOT_HTTP,
        "what {host} answers is not HTTP",
        "Check host and port of the token URL, and that it begins with https where TLS is spoken",
    ),
    Failure.LONG_HEADERS: (
        Kind.HUGE,
        "the headers of the answer are too long to be IMS's",
        _WHAT_ANSWERS,
    ),
    Failure.PROXY_UNUSABLE: (
        Kind.PROXY,
        "the proxy of the environment (HTTPS_PROXY, ALL_PROXY) is not one that can be used",
        transport.PROXY_FORM,
    ),
    Failure.PROXY_PASSWORD: (
        Kind.PROXY,
        "",
        "Write http://USER:PASSWORD@host:port into HTTPS_PROXY, %40 for an @; NTLM and Kerberos are not supported",
    ),
    Failure.PROXY_REFUSES: (
        Kind.PROXY,
        "",
        "Ask its keeper to allow this host, or go around it with NO_PROXY",
    ),
    Failure.PROXY_DNS: (
        Kind.PROXY,
        "",
        "Check host and port in HTTPS_PROXY; NO_PROXY goes around it",
    ),
    Failure.PROXY_CONNECTION_REFUSED: (
        Kind.PROXY,
        "",
        "Check host and port in HTTPS_PROXY; NO_PROXY goes around it",
    ),
    Failure.PROXY_TIMEOUT: (
        Kind.PROXY,
        "",
        "Check host and port in HTTPS_PROXY; NO_PROXY goes around it",
    ),
    Failure.PROXY_NOT_HTTP: (
        Kind.PROXY,
        "",
        "Check host and port in HTTPS_PROXY; NO_PROXY goes around it",
    ),
}


def huge(limit: int) -> TokenError:
    """More than an answer can be."""
    return TokenError(
        Kind.HUGE, f"the answer is bigger than {limit // 1024} KiB, so it is not IMS's", _WHAT_ANSWERS
    )


def bad_bundle(path: Path | None) -> TokenError:
    """--ca-bundle does not hold what it should."""
    return TokenError(Kind.CA_BUNDLE, *transport.bad_bundle(path))


def too_slow(progress: Progress, host: str, timeout: float) -> TokenError:
    """The time for one request is up."""
    return _token_error(transport.too_slow(progress, host), host, f"within {timeout:g} s")


def lost(host: str) -> TokenError:
    """The answer ended too early."""
    return _token_error(Failed(Failure.CONNECTION_LOST), host, "in time")


def explain(error: BaseException, host: str, progress: Progress) -> TokenError:
    """The failure behind an exception of httpx.

    Args:
        host: the host in the token URL.
        progress: how far the request had come.
    """
    return _token_error(transport.failed(error, host, progress), host, "in time")


def _token_error(failed: Failed, host: str, in_time: str) -> TokenError:
    kind, message, advice = _TEXTS[failed.failure]
    return TokenError(kind, failed.said(message, host, in_time), advice)
