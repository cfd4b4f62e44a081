"""Pickled content through pipes."""

from __future__ import annotations

import os
import pickle

_LENGTH = 8


def send(descriptor: int, content: object) -> None:
    data = pickle.dumps(content, pickle.HIGHEST_PROTOCOL)
    left = memoryview(len(data).to_bytes(_LENGTH, "big") + data)
    while left:
        left = left[os.write(descriptor, left) :]


def receive(descriptor: int) -> object:
    """The next content; None at the end, and for one that was cut off."""
    length = _read(descriptor, _LENGTH)
    data = _read(descriptor, int.from_bytes(length, "big")) if length else b""
    return pickle.loads(data) if data else None


def _read(descriptor: int, size: int) -> bytes:
    """So many bytes; none when there are fewer."""
    data = bytearray()
    while len(data) < size:
        piece = os.read(descriptor, min(size - len(data), 1 << 20))
        if not piece:
            return b""
        data += piece
    return bytes(data)
