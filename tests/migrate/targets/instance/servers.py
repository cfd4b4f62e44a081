"""A server in this process that answers what a test says, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Reply(NamedTuple):
    """An answer; with the status 0 the connection is cut instead."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class Asked(NamedTuple):
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Answering = Callable[[Asked], Reply]


@dataclass
class Server:
    """A running server.

    Attributes:
        base: its address.
        asked: every request, in order.
    """

    base: str
    asked: list[Asked] = field(default_factory=list)

    @property
    def methods(self) -> set[str]:
        return {one.method for one in self.asked}


@contextlib.contextmanager
def serving(answering: Answering, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Answer on a port of this machine."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            length = int(self.headers.get("content-length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            one = Asked(self.command, self.path, headers, self.rfile.read(length))
            asked.append(one)
            reply = answering(one)
            if not reply.status:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response_only(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("content-length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_SEARCH = do_PROPFIND = answer  # noqa: N815 - named by http.server

        def log_message(self, *args: object) -> None:
            """Nothing is logged."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: object) -> None:
            """A client that hangs up is what some tests are about."""

    with Quiet(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        scheme = "http" if tls is None else "https"
        try:
            yield Server(f"{scheme}://127.0.0.1:{server.server_address[1]}", asked)
        finally:
            server.shutdown()
            thread.join()


class Certified(NamedTuple):
    """A self-signed certificate.

    Attributes:
        context: for a server that has it.
        pem: its file, which may serve as an authority's.
        fingerprint: 64 hexadecimal digits.
    """

    context: ssl.SSLContext
    pem: Path
    fingerprint: str


def self_signed(folder: Path, name: str, days: int = 30) -> Certified:
    """A self-signed certificate for a name, or for this machine's address where that is `127.0.0.1`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    alternative: x509.GeneralName = x509.DNSName(name)
    if name == "127.0.0.1":
        import ipaddress

        alternative = x509.IPAddress(ipaddress.ip_address(name))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=60))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, pair = folder / f"{name}.pem", folder / f"{name}.pair"
    encoded = certificate.public_bytes(serialization.Encoding.PEM)
    pem.write_bytes(encoded)
    pair.write_bytes(
        encoded
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    der = certificate.public_bytes(serialization.Encoding.DER)
    return Certified(context, pem, hashlib.sha256(der).hexdigest())
