"""Trust in one certificate, known by its fingerprint, instead of authorities and names: for self-signed authors.

The check is made at the end of the handshake, before the first byte of a request is sent.
"""

from __future__ import annotations

import hashlib
import ssl


def context(fingerprint: str, strangers: list[str]) -> ssl.SSLContext:
    """A context that trusts the certificate with this sha256 alone.

    Args:
        strangers: gets the sha256 of each other one that is shown instead.
    """

    def check(certificate: bytes | None) -> None:
        seen = hashlib.sha256(certificate or b"").hexdigest()
        if seen != fingerprint:
            strangers.append(seen)
            raise ssl.SSLCertVerificationError("another certificate")

    class PinnedSocket(ssl.SSLSocket):
        def do_handshake(self, block: bool = False) -> None:
            super().do_handshake(block)
            check(self.getpeercert(True))

    class PinnedObject(ssl.SSLObject):
        """The same within the TLS of a proxy."""

        def do_handshake(self) -> None:
            super().do_handshake()
            check(self.getpeercert(True))

    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.sslsocket_class = PinnedSocket
    made.sslobject_class = PinnedObject
    return made
