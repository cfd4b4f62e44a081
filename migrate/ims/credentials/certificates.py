"""What an X.509 certificate of the JWT era says, and what that is still worth.

The fingerprints are those that the Developer Console and the JWT download (``PUBLIC_KEYS_WITH_EXPIRY``) show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.ims.credentials.errors import CredentialsError
from migrate.ims.credentials.files import read_limited
from migrate.integration import deadlines
from migrate.terminal import stranger

if TYPE_CHECKING:
    from cryptography import x509

_BEGIN = b"-----BEGIN CERTIFICATE-----"
_END = b"-----END CERTIFICATE-----"
_MAX_CERTIFICATES = 100


class CertificateError(CredentialsError):
    """Not a certificate that can be read."""


@dataclass(frozen=True, slots=True)
class CertificateInfo:
    """One certificate.

    Attributes:
        subject: distinguished name, RFC 4514.
        issuer: likewise.
        sha1: fingerprint, 40 lower-case hexadecimal digits.
        sha256: fingerprint, 64 of them.
        not_before: start of validity, UTC.
        not_after: end of validity, UTC.
        days_left: whole days from today to the end; negative when it is past.
        verdict: what the JWT deadlines make of it, one sentence.
    """

    subject: str
    issuer: str
    sha1: str
    sha256: str
    not_before: datetime
    not_after: datetime
    days_left: int
    verdict: str


def inspect(source: bytes | Path | str, today: date) -> tuple[CertificateInfo, ...]:
    """Every certificate in a PEM file (in its order), or the one of a DER file.

    Args:
        source: the bytes, or the file.
        today: the date to count from.

    Raises:
        CertificateError: cannot be read, or holds no certificate.
    """
    name = "" if isinstance(source, bytes) else str(source)
    try:
        data = source if isinstance(source, bytes) else read_limited(source)
    except CredentialsError as error:
        raise CertificateError(error.message, rule=error.rule, fix=error.fix, source=error.source) from None
    import warnings

    try:
        with warnings.catch_warnings():
            # cryptography warns of certificates that are not quite X.509; here they are only looked at.
            warnings.simplefilter("ignore")
            return tuple(_info(certificate, today) for certificate in _certificates(data))
    except CertificateError as error:
        error.source = name
        raise


def _certificates(data: bytes) -> Iterator[x509.Certificate]:
    from cryptography import x509

    blocks = list(_pem_blocks(data)) if _BEGIN in data else []
    if not blocks and (b"-----BEGIN" in data[:4096] or not data.startswith(b"\x30")):
        what = "a private key" if b"PRIVATE KEY-----" in data[:4096] else "something else"
        raise CertificateError(
            f"holds no certificate but {what}",
            rule="no-certificate",
            fix="Give the certificate_pub.crt of the JWT credential, PEM or DER",
        )
    for number, block in enumerate(blocks or [data], 1):
        certificate = None
        try:
            pem = block.startswith(_BEGIN)
            certificate = (
                x509.load_pem_x509_certificate(block) if pem else x509.load_der_x509_certificate(block)
            )
        except (ValueError, x509.InvalidVersion):
            certificate = None
        if certificate is None:
            raise CertificateError(
                f"certificate number {number} is damaged, or something else", rule="bad-certificate"
            )
        yield certificate


def _pem_blocks(data: bytes) -> Iterator[bytes]:
    position, count = 0, 0
    while (start := data.find(_BEGIN, position)) >= 0 and count < _MAX_CERTIFICATES:
        end = data.find(_END, start)
        if end < 0:
            yield data[start:]
            return
        position, count = end + len(_END), count + 1
        yield data[start:position]


def _info(certificate: x509.Certificate, today: date) -> CertificateInfo:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    try:
        names = (certificate.subject.rfc4514_string(), certificate.issuer.rfc4514_string())
        ends = certificate.not_valid_after_utc
        starts = certificate.not_valid_before_utc
    except (ValueError, x509.InvalidVersion):
        names = None
    if names is None:
        raise CertificateError(
            "a certificate has names or dates that break X.509's rules", rule="bad-certificate"
        )
    subject, issuer = map(stranger, names)
    return CertificateInfo(
        subject=subject,
        issuer=issuer,
        sha1=certificate.fingerprint(hashes.SHA1()).hex(),
        sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        not_before=starts,
        not_after=ends,
        days_left=(ends.date() - today).days,
        verdict=deadlines.verdict(ends.date(), today),
    )
