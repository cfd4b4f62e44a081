"""Certificates of the JWT era: names, fingerprints, dates, and what they are still worth."""

from __future__ import annotations

import datetime
import hashlib
import json
from datetime import UTC, date
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from migrate.ims.credentials import certificates
from migrate.ims.credentials.certificates import CertificateError
from migrate.integration import deadlines
from migrate.reports import token_report
from migrate.reports.token_report import Checked


def certificate(name: str = "aem", end: date = date(2025, 12, 31)) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    at = datetime.datetime(end.year, end.month, end.day, 12, tzinfo=UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(at - datetime.timedelta(days=365))
        .not_valid_after(at)
        .sign(key, hashes.SHA256())
    )


def pem(cert: x509.Certificate) -> bytes:
    return cert.public_bytes(serialization.Encoding.PEM)


def test_one_certificate() -> None:
    cert = certificate()
    der = cert.public_bytes(serialization.Encoding.DER)
    for data in (pem(cert), der, b"Bag Attributes\n" + pem(cert)):
        (info,) = certificates.inspect(data, date(2025, 12, 1))
        assert (info.subject, info.issuer) == ("CN=aem", "CN=aem")
        assert info.sha1 == hashlib.sha1(der).hexdigest()
        assert info.sha256 == hashlib.sha256(der).hexdigest()
        assert info.not_after == datetime.datetime(2025, 12, 31, 12, tzinfo=UTC)
        assert info.days_left == 30
        shown = json.loads(token_report.dumps(Checked(certificates=(info,)), 0))["certificates"][0]
        assert shown["notBefore"] == "2024-12-31T12:00:00+00:00"


def test_a_version_that_x509_does_not_have() -> None:
    """cryptography has an exception of its own for that, which is no ValueError."""
    der = bytearray(certificate().public_bytes(serialization.Encoding.DER))
    at = der.index(b"\xa0\x03\x02\x01\x02")
    der[at + 4] = 7
    with pytest.raises(CertificateError, match="is damaged, or something else"):
        certificates.inspect(bytes(der), date(2025, 12, 1))


def test_several_in_a_file_and_the_file_by_name(tmp_path: Path) -> None:
    path = tmp_path / "chain.pem"
    path.write_bytes(pem(certificate("one")) + b"\n" + pem(certificate("two")))
    found = certificates.inspect(path, date(2026, 1, 2))
    assert [(info.subject, info.days_left) for info in found] == [("CN=one", -2), ("CN=two", -2)]


def test_names_are_made_printable() -> None:
    (info,) = certificates.inspect(pem(certificate("a\x1b[31m\u202e")), date(2025, 1, 1))
    assert info.subject.isprintable()


@pytest.mark.parametrize(
    ("data", "rule", "text"),
    [
        (b"", "no-certificate", "something else"),
        (b"hello", "no-certificate", "certificate_pub.crt"),
        (b"-----BEGIN RSA PRIVATE KEY-----\nxx", "no-certificate", "a private key"),
        (
            b"-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----",
            "bad-certificate",
            "number 1 is damaged",
        ),
        (b"-----BEGIN CERTIFICATE-----\nxx", "bad-certificate", "number 1 is damaged"),
        (b"\x30\x03abc", "bad-certificate", "number 1 is damaged"),
    ],
)
def test_not_a_certificate(tmp_path: Path, data: bytes, rule: str, text: str) -> None:
    path = tmp_path / "c"
    path.write_bytes(data)
    with pytest.raises(CertificateError) as caught:
        certificates.inspect(path, date(2026, 1, 1))
    assert caught.value.rule == rule
    assert text in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")


def test_unreadable() -> None:
    with pytest.raises(CertificateError, match="cannot be read"):
        certificates.inspect("/nowhere/x.crt", date(2026, 1, 1))


@given(st.binary(max_size=300), st.integers(0, 600), st.booleans())
def test_damaged_certificates_are_read_or_refused(noise: bytes, position: int, as_pem: bool) -> None:
    cert = SAMPLE if as_pem else SAMPLE_DER
    data = cert[:position] + noise + cert[position + len(noise) :]
    try:
        found: tuple[object, ...] = certificates.inspect(data, date(2026, 1, 1))
    except CertificateError as error:
        found = (error,)
    assert found
    assert "\n" not in str(found[0])


SAMPLE = pem(certificate())
SAMPLE_DER = certificate().public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize(
    ("end", "today", "text"),
    [
        (date(2025, 12, 31), date(2025, 12, 1), "stops on 2025-12-31, in 30 days"),
        (date(2025, 12, 31), date(2025, 12, 30), "in 1 day"),
        (date(2027, 12, 31), date(2026, 2, 1), "stops on 2026-03-01, in 28 days"),
        (None, date(2026, 2, 1), "stops on 2026-03-01"),
        (date(2025, 7, 1), date(2025, 8, 1), "the certificate ended on 2025-07-01"),
        (date(2027, 12, 31), date(2026, 3, 1), "ended on 2026-03-01, whatever the certificate says"),
        (None, date(2026, 11, 1), "only OAuth Server-to-Server works"),
    ],
)
def test_deadlines(end: date | None, today: date, text: str) -> None:
    assert text in deadlines.verdict(end, today)


def test_deadlines_as_data() -> None:
    assert [deadline.day.isoformat() for deadline in deadlines.ALL] == [
        "2024-06-03",
        "2025-06-30",
        "2026-03-01",
    ]
