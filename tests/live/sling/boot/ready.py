"""When an instance is ready: for longer than one answer that happens to be right."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

from tests.live.sling.boot.errors import BootError
from tests.live.sling.boot.options import NEW_CONFIGURATIONS

ACTIVE, LAZY, RESOLVED = 32, 8, 4
STEADY = 5
"""Rounds in a row in which everything must be right: a listing may come, go and come again after a start."""
PAUSE = 0.3


def wait(client: httpx.Client, alive: Callable[[], bool], within: float) -> float:
    """Wait until the instance is steady. Returns the seconds it took.

    Raises:
        BootError: it ended, or was not steady in time; the text says what was missing last.
    """
    began = time.monotonic()
    steady, before, missing = 0, "", "no answer"
    while steady < STEADY:
        if not alive():
            raise BootError("the instance ended while it started")
        if time.monotonic() - began > within:
            raise BootError(f"the instance is not ready after {within:.0f} s: {missing}")
        missing, installer = _look(client)
        steady = steady + 1 if not missing and installer == before else 0
        before = installer
        time.sleep(PAUSE)
    return time.monotonic() - began


def _look(client: httpx.Client) -> tuple[str, str]:
    """What is missing, and what the installer holds."""
    try:
        missing = _bundles(client) or _repository(client)
        installer = client.get("/system/console/status-osgi-installer.txt")
    except httpx.TransportError as error:
        return f"no answer ({error})", ""
    if not missing and installer.status_code != 200:
        missing = f"the installer's page answers {installer.status_code}"
    # The first lines hold the moment of the answer.
    return missing, installer.text.partition("Active Resources")[2]


def _bundles(client: httpx.Client) -> str:
    answer = client.get("/system/console/bundles.json")
    if answer.status_code != 200:
        return f"the console answers {answer.status_code}"
    bundles = answer.json()["data"]
    late = [
        bundle["symbolicName"]
        for bundle in bundles
        if bundle["stateRaw"] not in ((RESOLVED,) if bundle["fragment"] else (ACTIVE, LAZY))
    ]
    return f"{len(late)} of {len(bundles)} bundles are not active: {', '.join(late[:5])}" if late else ""


def _repository(client: httpx.Client) -> str:
    answer = client.get(f"{NEW_CONFIGURATIONS}.1.json")
    if answer.status_code != 200:
        return f"{NEW_CONFIGURATIONS} answers {answer.status_code}"
    # Writing needs other bundles than reading; the request itself changes nothing.
    answer = client.post("/var", data={":operation": "nop", ":nopstatus": "200"})
    return "" if answer.status_code == 200 else f"a POST answers {answer.status_code}"
