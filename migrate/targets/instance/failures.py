"""Why no answer came, or nothing was even sent: an :class:`InstanceError` for each failure."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from migrate import transport
from migrate.targets.instance.errors import InstanceError, Rule
from migrate.transport import Failed, Failure

if TYPE_CHECKING:
    from migrate.targets.instance.access import Access

_TLS_FIX = (
    "Give the certificate's authority with --ca-bundle FILE; or, for a self-signed one, --fingerprint sha256:..., as "
    "`keytool -list -keystore KEYSTORE` shows it on the instance's own machine"
)
_PROXY_FIX = "Check --proxy, or HTTP_PROXY and HTTPS_PROXY; NO_PROXY goes around them"
_TEXTS = {
    Failure.DNS: (Rule.DNS, "", "Check the spelling, and DNS"),
    Failure.CONNECTION_REFUSED: (
        Rule.CONNECTION_REFUSED,
        "",
        "Check host and port, and whether the instance runs",
    ),
    Failure.UNREACHABLE: (Rule.UNREACHABLE, "", "Check network, firewall and proxy"),
    Failure.CONNECTION_LOST: (
        Rule.CONNECTION_LOST,
        "the connection was lost before the answer was complete",
        "Check whether the instance runs; through a tunnel, whether that still stands",
    ),
    Failure.TLS_UNKNOWN_CA: (
        Rule.TLS_UNKNOWN_CA,
        "its certificate comes from an authority that is not trusted here, itself perhaps",
        _TLS_FIX,
    ),
    Failure.TLS_HOSTNAME: (
        Rule.TLS_HOSTNAME,
        "its certificate is not one for {host}",
        "Use the name that the certificate has; or, for one that names no host, --fingerprint sha256:...",
    ),
    Failure.TLS_EXPIRED: (
        Rule.TLS_EXPIRED,
        "its certificate has expired or is not valid yet",
        "Check this machine's clock; --fingerprint sha256:... trusts one certificate whatever its dates",
    ),
    Failure.TLS_CERTIFICATE: (Rule.TLS, "its certificate is not accepted: {reason}", _TLS_FIX),
    Failure.TLS_TOO_OLD: (
        Rule.TLS,
        "it speaks only versions of TLS that are too old",
        "TLS 1.2 is needed: AEM 6.5 has it, so look at its connector, or at what stands before it",
    ),
    Failure.TLS_CLIENT_CERTIFICATE: (
        Rule.TLS,
        "it asks for a client certificate, which slingshift does not have",
        "Use an address that does not, behind the one that does",
    ),
    Failure.TLS: (
        Rule.TLS,
        "no TLS connection comes about",
        "Check the port: https where the instance speaks http looks like this",
    ),
    Failure.TIMEOUT_CONNECT: (
        Rule.TIMEOUT,
        "no connection {in_time}",
        "Check host, port and firewall, or raise --timeout",
    ),
    Failure.TIMEOUT_READ: (Rule.TIMEOUT, "no answer {in_time}", "Check how busy it is, or raise --timeout"),
    Failure.SLOW: (
        Rule.TIMEOUT,
        "the answer began and did not end {in_time}",
        "Check how busy it is, or raise --timeout",
    ),
    Failure.NOT_HTTP: (
        Rule.NOT_HTTP,
        "what answers there does not speak HTTP",
        "Check the port, and that the address begins with https where TLS is spoken",
    ),
    Failure.LONG_HEADERS: (Rule.TOO_LARGE, "the headers of the answer are too long", "Check the address"),
    Failure.PROXY_UNUSABLE: (
        Rule.PROXY,
        "the proxy is not one that can be used",
        transport.PROXY_FORM,
    ),
    Failure.PROXY_PASSWORD: (
        Rule.PROXY,
        "",
        "Write them into HTTPS_PROXY: http://USER:PASSWORD@host:port, with %40 for an @",
    ),
    Failure.PROXY_REFUSES: (Rule.PROXY, "", _PROXY_FIX),
    Failure.PROXY_DNS: (Rule.PROXY, "", _PROXY_FIX),
    Failure.PROXY_CONNECTION_REFUSED: (Rule.PROXY, "", _PROXY_FIX),
    Failure.PROXY_TIMEOUT: (Rule.PROXY, "", _PROXY_FIX),
    Failure.PROXY_NOT_HTTP: (
        Rule.PROXY,
        "",
        _PROXY_FIX,
    ),
}


def explain(
    failed: Failed, where: str, host: str, *, seconds: float | None = None, maybe_done: bool = False
) -> InstanceError:
    """The error for a failure of the way to an instance."""
    rule, message, fix = _TEXTS[failed.failure]
    in_time = "in time" if seconds is None else f"within {seconds:g} s"
    return InstanceError(rule, where, failed.said(message, host, in_time), fix, maybe_done=maybe_done)


def fingerprint_differs(seen: str, where: str) -> InstanceError:
    """Another certificate than the one that --fingerprint names."""
    message = f"its certificate is not the one of --fingerprint but sha256:{seen}"
    fix = "Compare with the keystore on the instance's own machine before you trust it: somebody may stand between"
    return InstanceError(Rule.TLS_FINGERPRINT, where, message, fix)


def too_large(where: str, limit: int) -> InstanceError:
    """More than an answer can be."""
    return InstanceError(
        Rule.TOO_LARGE, where, f"the answer is larger than {limit} bytes, so it was not read"
    )


def bad_bundle(where: str, path: Path | None) -> InstanceError:
    """--ca-bundle does not hold what it should."""
    return InstanceError(Rule.CA_BUNDLE, where, *transport.bad_bundle(path))


def check(where: str, host: str, access: Access) -> None:
    """Whether an access may be used for an address.

    Raises:
        InstanceError: the password would travel in the clear, or a value cannot be sent.
    """
    is_plain = where.startswith("http://")
    if is_plain and not access.allow_http and not transport.is_loopback(host):
        message = "http, so the password and every secret would travel in the clear"
        fix = "Use the https address, or a tunnel to this machine; --allow-http for a network that you trust"
        raise InstanceError(Rule.HTTP_ONLY, where, message, fix)
    if is_plain and (access.fingerprint is not None or access.ca_bundle is not None):
        message = "http has no certificate, which --fingerprint and --ca-bundle are about"
        raise InstanceError(Rule.BAD_VALUE, where, message, "Use the https address")
    if access.fingerprint is not None and access.ca_bundle is not None:
        message = (
            "--fingerprint and --ca-bundle exclude each other: one trusts a certificate, one an authority"
        )
        raise InstanceError(Rule.BAD_VALUE, where, message)
    if access.user is not None and (":" in access.user or not access.user):
        message = "a user's name is not empty and has no colon, which would end it"
        raise InstanceError(Rule.BAD_VALUE, where, message)
    if access.proxy is not None and not re.fullmatch(r"https?://[^/@\s]+/?", access.proxy):
        message = "--proxy is not http://host:port"
        fix = "A proxy that needs a password goes into HTTPS_PROXY: the command line is seen by everybody"
        raise InstanceError(Rule.PROXY_URL, where, message, fix)
