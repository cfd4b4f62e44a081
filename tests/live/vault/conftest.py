"""Fixtures that import content packages with real Apache Jackrabbit FileVault versions.

The Java side (pom.xml, src/) is built by Maven once a session; each FileVault version runs in one JVM with its
own Oak in memory and answers requests line by line. Nothing starts before a test asks for it.
"""

from __future__ import annotations

import base64
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
FIXED_TIME = (2020, 1, 2, 3, 4, 6)
Json = dict[str, Any]
Build = Callable[..., bytes]


@dataclass(frozen=True)
class Imported:
    """What stands in the repository after a request's packages were imported.

    Attributes:
        imports: one a package: ``errors`` and ``actions`` by path, ``exception`` when the import gave up.
        nodes: every node at or below the request's root, by path (see Nodes.java).
        exported: entry name -> bytes of FileVault's export, when asked for.
    """

    imports: list[Json]
    nodes: dict[str, Json]
    exported: dict[str, bytes]

    def data(self, path: str) -> bytes | None:
        """The bytes of the nt:file at `path`, or None when there is no such file."""
        node = self.nodes.get(path)
        return base64.b64decode(node["data"]) if node and "data" in node else None

    def files(self) -> dict[str, bytes]:
        """Every nt:file by path."""
        return {path: base64.b64decode(node["data"]) for path, node in self.nodes.items() if "data" in node}


class Vault:
    """One FileVault version in a JVM of its own."""

    def __init__(self, version: str, target: Path, log: Path) -> None:
        self.version = version
        self._log = log
        classpath = f"{target / 'classes'}:{target / f'vault-{version}'}/*:{target / 'lib'}/*"
        command = ["java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Duser.timezone=UTC"]
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(
                [*command, "-cp", classpath, "slingshift.vault.Main"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
            )

    def run(
        self, *packages: bytes, root: str = "/apps/x", manager: bool = False, export: bool = False
    ) -> Imported:
        """Clear `root`, import the packages one after the other, and tell what is there."""
        request = {
            "packages": [base64.b64encode(package).decode() for package in packages],
            "root": root,
            "via": "manager" if manager else "extract",
            "export": export,
        }
        answer = self._ask(request)
        exported = {name: base64.b64decode(text) for name, text in answer.get("exported", {}).items()}
        return Imported(answer["imports"], answer["nodes"], exported)

    def matches(self, pattern: str, paths: Sequence[str]) -> list[bool | None] | None:
        """Which paths the filter pattern matches (None: Java did not come to an end); None when it is invalid."""
        answer = self._ask({"pattern": pattern, "paths": list(paths)})
        found: list[bool | None] | None = answer.get("matches")
        return found

    def _ask(self, request: Json) -> Json:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError as error:
            pytest.fail(
                f"the FileVault {self.version} oracle died ({error}): {self._log.read_text()[-2000:]}"
            )
        if not line:
            pytest.fail(
                f"the FileVault {self.version} oracle gave no answer: {self._log.read_text()[-2000:]}"
            )
        answer: Json = json.loads(line)
        if "failure" in answer:
            pytest.fail(f"the FileVault {self.version} oracle failed: {answer['failure']}")
        return answer

    def close(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@pytest.fixture(scope="session")
def vault_target() -> Path:
    """The built oracle. From Maven's local repository when it has everything, else from Maven Central."""
    for tool in ("java", "mvn"):
        if shutil.which(tool) is None:
            pytest.fail(f"the live tests need {tool} on the PATH (Java 17, Maven 3.8); see docs/testing.md")
    command = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "process-classes"]
    offline = subprocess.run([*command, "-o"], capture_output=True, text=True, check=False)
    if offline.returncode != 0:
        online = subprocess.run(command, capture_output=True, text=True, check=False)
        if online.returncode != 0:
            pytest.fail(f"Maven could not build the FileVault oracle:\n{online.stdout[-3000:]}")
    return HERE / "target"


@pytest.fixture(scope="session")
def vaults(vault_target: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Vault]]:
    """Gives the running oracle of a FileVault version, starting it on first use."""
    running: dict[str, Vault] = {}

    def of(version: str) -> Vault:
        if version not in running:
            log = tmp_path_factory.mktemp("vault") / f"{version}.log"
            running[version] = Vault(version, vault_target, log)
        return running[version]

    yield of
    for vault in running.values():
        vault.close()


@pytest.fixture(params=["3.2.8", "3.4.10", "3.6.0", "3.8.2"])
def vault(request: pytest.FixtureRequest, vaults: Callable[[str], Vault]) -> Vault:
    return vaults(request.param)


@pytest.fixture(params=["3.2.8", "3.4.10", "3.6.0", "3.8.2", "3.8.4", "4.1.4"])
def every_vault(request: pytest.FixtureRequest, vaults: Callable[[str], Vault]) -> Vault:
    """Those of AEM 6.5 LTS, too, which are to load as 3.8.2 does."""
    return vaults(request.param)


@pytest.fixture(scope="session")
def package() -> Build:
    """Builds a content package: ``package(files, filters="<filter .../>", extra=...) -> bytes``."""
    return _package


def _package(
    files: Mapping[str, bytes],
    *,
    filters: str | Sequence[str] = '<filter root="/apps/x"/>',
    name: str = "test",
    version: str = "1.0",
    compression: int = zipfile.ZIP_STORED,
) -> bytes:
    """A content package.

    Args:
        files: entry names below ``jcr_root/`` (without it), or from ``META-INF/`` on -> bytes.
        filters: the ``<filter>`` elements of filter.xml.
    """
    elements = filters if isinstance(filters, str) else "".join(filters)
    properties = "".join(
        f'<entry key="{key}">{value}</entry>'
        for key, value in (("name", name), ("group", "slingshift"), ("version", version))
    )
    entries = {
        "META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\r\n\r\n",
        "META-INF/vault/filter.xml": f'<workspaceFilter version="1.0">{elements}</workspaceFilter>'.encode(),
        "META-INF/vault/properties.xml": (
            '<?xml version="1.0" encoding="utf-8" standalone="no"?>'
            '<!DOCTYPE properties SYSTEM "http://java.sun.com/dtd/properties.dtd">'
            f"<properties>{properties}</properties>"
        ).encode(),
    }
    for entry, data in files.items():
        entries[entry if entry.startswith("META-INF/") else f"jcr_root/{entry}"] = data
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for entry, data in entries.items():
            archive.writestr(zipfile.ZipInfo(entry, FIXED_TIME), data, compression)
    return buffer.getvalue()
