"""Servers whose certificate OpenSSL refuses for a reason of its own: the reason is named, and nothing is sent."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from migrate.ims.client import Connection, TokenRequest, request_token
from migrate.ims.errors import Kind, TokenError
from migrate.integration.secret import Secret

CA_KEY = ec.generate_private_key(ec.SECP256R1())
CA_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "weak authority")])
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Serve = Callable[..., tuple[str, Path]]


def builder(name: x509.Name, key: Key) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder(CA_NAME, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )


def authority(is_one: bool) -> x509.Certificate:
    return (
        builder(CA_NAME, CA_KEY)
        .add_extension(x509.BasicConstraints(ca=is_one, path_length=None), critical=True)
        .sign(CA_KEY, hashes.SHA256())
    )


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Makes a TLS server with a certificate; gives its token URL and the bundle that trusts its authority."""
    listener = socket.create_server(("127.0.0.1", 0))
    received: list[bytes] = []
    threads: list[threading.Thread] = []

    def work(context: ssl.SSLContext) -> None:
        try:
            plain, _ = listener.accept()
            with plain, context.wrap_socket(plain, server_side=True) as stream:
                received.append(stream.recv(1))
        except OSError:
            pass

    def start(key: Key, *, usage: x509.ObjectIdentifier, ca: bool) -> tuple[str, Path]:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "weak")])
        certificate = (
            builder(name, key)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
                critical=False,
            )
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .sign(CA_KEY, hashes.SHA256())
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (tmp_path / "pair.pem").write_bytes(private + pem(certificate))
        (tmp_path / "ca.pem").write_bytes(pem(authority(ca)))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        context.load_cert_chain(tmp_path / "pair.pem")
        threads.append(threading.Thread(target=work, args=(context,)))
        threads[-1].start()
        return f"https://127.0.0.1:{listener.getsockname()[1]}/ims/token/v3", tmp_path / "ca.pem"

    yield start
    for thread in threads:
        thread.join()
    listener.close()
    assert not any(received)


SERVER, CLIENT = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH


@pytest.mark.parametrize(
    ("bits", "usage", "ca", "text"),
    [
        (1024, SERVER, True, "its key is too short"),
        (2048, CLIENT, True, "it is not made for servers"),
        (2048, SERVER, False, "an authority in its chain may not issue certificates"),
    ],
)
def test_the_reason_is_named(
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
    bits: int,
    usage: x509.ObjectIdentifier,
    ca: bool,
    text: str,
) -> None:
    # Security level 2, as distributions have it, wherever the tests run.
    monkeypatch.setattr("migrate.ims.client.ssl_context", strict(monkeypatch))
    url, bundle = serve(rsa.generate_private_key(65537, bits), usage=usage, ca=ca)
    request = TokenRequest("client", "openid", url, Secret("p8e-canary-weak"))
    with pytest.raises(TokenError) as caught:
        request_token(request, Connection(bundle, timeout=20, retries=0))
    assert caught.value.kind is Kind.TLS
    assert text in str(caught.value)
    assert "plain http" not in str(caught.value)


def strict(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path | None], ssl.SSLContext]:
    from migrate.ims import client

    make = client.ssl_context

    def context(bundle: Path | None) -> ssl.SSLContext:
        made = make(bundle)
        made.set_ciphers("DEFAULT@SECLEVEL=2")
        return made

    return context
