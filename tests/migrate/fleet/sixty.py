"""A fleet of sixty targets of every kind, twelve of them broken, each in a way of its own."""

from __future__ import annotations

import contextlib
import shutil
import socket
import struct
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from migrate.runs import locks
from migrate.runs.state import prepare
from tests.migrate.runs.instance.living import Living
from tests.migrate.targets.instance.author import console_made
from tests.migrate.targets.instance.servers import Reply, Server, serving
from tests.places import FIXTURES
from tests.rights import as_anybody

CANARY = "CANARY-60-new-secret"
PASSWORD = "p8e-canary-password"

FOLDERS = [f"folder{number:02}" for number in range(16)]
PACKAGES = [f"package{number:02}" for number in range(12)]
SOURCES = [f"source{number:02}" for number in range(12)]
AUTHORS = [f"author{number:02}" for number in range(8)]
SOUND = [*FOLDERS, *PACKAGES, *SOURCES, *AUTHORS]

BROKEN = {
    "unreadable": ("refused", 3),
    "damaged-zip": ("failed", 4),
    "many-disks": ("failed", 4),
    "no-syntax": ("refused", 3),
    "half-pair": ("refused", 3),
    "no-provider": ("refused", 3),
    "name-clash": ("refused", 3),
    "wrong-password": ("failed", 5),
    "closed-port": ("failed", 6),
    "server-error": ("failed", 6),
    "read-only": ("pending", 1),
    "locked": ("pending", 1),
}
"""What `plan` makes of each. Only carrying out meets a folder that is not to be written to, and a lock."""

PLANNED = {**dict.fromkeys(SOUND, ("pending", 1)), **BROKEN}
APPLIED = {
    **dict.fromkeys(SOUND, ("applied", 0)),
    **BROKEN,
    "read-only": ("failed", 4),
    "locked": ("failed", 4),
}


@dataclass
class Sixty:
    """The fleet, and what is there beside its file.

    Attributes:
        file: the fleet file.
        authors: by the names of their targets.
        servers: likewise.
    """

    file: Path
    authors: dict[str, Living] = field(default_factory=dict)
    servers: dict[str, Server] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        return self.file.parent

    @property
    def asked(self) -> int:
        """How often the command that prints the secret ran."""
        counted = self.root / "asked"
        return len(counted.read_bytes()) if counted.exists() else 0

    def requests(self) -> dict[str, int]:
        return {name: len(server.asked) for name, server in self.servers.items()}

    def state(self) -> dict[str, object]:
        """Every byte of every target, by its name."""
        found: dict[str, object] = {name: dict(author.files) for name, author in self.authors.items()}
        for path in sorted((self.root / "t").iterdir()):
            name = path.name.removesuffix(".zip")
            files = [path] if path.is_file() else sorted(path.rglob("*"))
            found[name] = {
                str(file.relative_to(self.root)): (file.read_bytes(), file.stat().st_mode)
                for file in files
                if file.is_file()
            }
        return found


@contextlib.contextmanager
def sixty(root: Path) -> Iterator[Sixty]:
    """The fleet with its servers, and a lock that another process seems to hold."""
    targets = root / "t"
    targets.mkdir(parents=True)
    fleet = Sixty(root / "fleet.toml")
    with contextlib.ExitStack() as running:
        for name in AUTHORS:
            author = fleet.authors[name] = Living()
            console_made(author)
            fleet.servers[name] = running.enter_context(author.running())
        strict = fleet.authors["wrong-password"] = Living(users={"admin": "another"})
        fleet.servers["wrong-password"] = running.enter_context(strict.running())
        fleet.servers["server-error"] = running.enter_context(serving(lambda asked: Reply(500)))
        _make_sound(targets)
        _make_broken(targets)
        running.enter_context(_locked(targets / "locked"))
        (targets / "read-only/apps/system/config").chmod(0o555)
        (targets / "unreadable").chmod(0)
        running.callback((targets / "unreadable").chmod, 0o755)
        fleet.file.write_text(_toml(fleet), "utf-8")
        (root / "count.py").write_text(
            f"import pathlib; p = pathlib.Path({str(root)!r}) / 'asked'\n"
            f"p.open('a').write('x')\nprint({CANARY!r})\n"
        )
        with as_anybody():
            yield fleet


def packed(folder: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, str(file.relative_to(folder)))


def _make_sound(targets: Path) -> None:
    for name in FOLDERS:
        shutil.copytree(FIXTURES / "digits-written-back" / "before", targets / name)
    for name in PACKAGES:
        packed(FIXTURES / "demo" / "content-package", targets / f"{name}.zip")
    for name in SOURCES:
        shutil.copytree(FIXTURES / "package-source" / "before", targets / name)


def _make_broken(targets: Path) -> None:
    pair = FIXTURES / "digits-written-back" / "before"
    for name in ("unreadable", "half-pair", "name-clash", "read-only", "locked"):
        shutil.copytree(pair, targets / name)
    (targets / "damaged-zip.zip").write_bytes(b"PK\x03\x04 no zip")
    packed(FIXTURES / "demo" / "content-package", targets / "many-disks.zip")
    data = bytearray((targets / "many-disks.zip").read_bytes())
    end = data.rindex(b"PK\x05\x06")
    data[end + 4 : end + 8] = struct.pack("<HH", 1, 1)
    (targets / "many-disks.zip").write_bytes(data)
    shutil.copytree(FIXTURES / "broken-file" / "before", targets / "no-syntax")
    (targets / "no-provider").mkdir()
    next((targets / "half-pair").rglob("*Impl.654321.config")).unlink()
    provider = next((targets / "name-clash").rglob("*provider.123456.config"))
    shutil.copy(provider, provider.with_name(provider.name.replace(".123456", "-123456")))


@contextlib.contextmanager
def _locked(target: Path) -> Iterator[None]:
    """A lock as another run holds it: of an open file, so that this very process is refused as any other is."""
    with locks.hold(prepare(), [str(target.resolve())]):
        yield


def _closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _toml(fleet: Sixty) -> str:
    blocks = [
        f"""
[defaults]
client-id = "fedcba98765432100123456789abcdef"
org-id = "5A3B1C9D5E7F81234A495E22@AdobeOrg"
client-secret-command = "{sys.executable} {fleet.root}/count.py"
user = "admin"
password-env = "SIXTY_PASSWORD"
"""
    ]
    broken, names = list(BROKEN), []
    for number, name in enumerate(SOUND):
        # Broken ones between sound ones, of every kind.
        names += [name, *([broken.pop(0)] if broken and number % 4 == 0 else [])]
    for name in [*names, *broken]:
        if name == "closed-port":
            place = f'url = "http://127.0.0.1:{_closed_port()}"'
        elif name in fleet.servers:
            place = f'url = "{fleet.servers[name].base}"'
        elif (fleet.root / "t" / f"{name}.zip").exists():
            place = f'package = "t/{name}.zip"'
        else:
            place = f'path = "t/{name}"'
        tags = f'["{"broken" if name in BROKEN else "sound"}"]'
        blocks.append(f"[targets.{name}]\n{place}\ntags = {tags}\n")
    return "\n".join(blocks)
