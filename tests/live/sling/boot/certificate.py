"""Self-signed certificates, as many authors have them."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "changeit"


@dataclass(frozen=True)
class Certificate:
    """A key store for Sling, and what a client may know of its certificate.

    Attributes:
        store: the PKCS #12 file; its password is ``PASSWORD``.
        pem: the certificate alone.
    """

    store: Path
    pem: Path

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, 64 hexadecimal digits."""
        return x509.load_pem_x509_certificate(self.pem.read_bytes()).fingerprint(hashes.SHA256()).hex()


def make(folder: Path, *, this_host: bool) -> Certificate:
    """A certificate for localhost and 127.0.0.1, or for a host that is not this one."""
    certificate = Certificate(folder / "https.p12", folder / "https.pem")
    if certificate.store.exists():
        return certificate
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    host = "localhost" if this_host else "author.example"
    names: list[x509.GeneralName] = [x509.DNSName(host)]
    if this_host:
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encryption = BestAvailableEncryption(PASSWORD.encode())
    certificate.pem.write_bytes(signed.public_bytes(Encoding.PEM))
    certificate.store.write_bytes(
        pkcs12.serialize_key_and_certificates(b"https", key, signed, None, encryption)
    )
    return certificate
