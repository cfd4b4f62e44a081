"""One running Sling: a folder, a port or two, a process."""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import Path
from typing import Any

import httpx

from tests.live.sling.boot import bundles, certificate, ready, starter11, starter12
from tests.live.sling.boot.errors import BootError
from tests.live.sling.boot.kinds import KINDS, Kind
from tests.live.sling.boot.options import Options, User
from tests.live.sling.boot.ports import free_port
from tests.live.sling.boot.process import Process

ADMIN = User("admin")
STARTS_WITHIN = 300
"""Seconds; a machine with other work takes ten times as long as an idle one."""

STATE = "instance.json"

QUICK = (
    *("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
    *("-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote"),
)
"""A start costs 14 seconds of one core with these, 30 without."""


class Instance:
    """A Sling in a folder of its own.

    Attributes:
        kind: which Sling it is.
        options: how it is set up.
        home: its folder; everything that it writes is below.
        port: of http, on 127.0.0.1 only; the same after a restart.
        https_port: of https, or 0.
        seconds: how long the last start took.
    """

    def __init__(self, kind: Kind, home: Path, options: Options | None = None) -> None:
        self.kind = kind
        self.options = options or Options()
        self.home = home
        self.port = free_port()
        self.https_port = free_port() if self.options.certificate else 0
        self.seconds = 0.0
        self._process: Process | None = None
        self._clients: list[httpx.Client] = []

    @property
    def base(self) -> str:
        """The URL that people would give: with the context path, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}{self.options.context}"

    @property
    def https_base(self) -> str:
        return f"https://127.0.0.1:{self.https_port}{self.options.context}"

    @property
    def certificate(self) -> certificate.Certificate:
        """Of https; only with the option."""
        return certificate.make(self.home, this_host=self.options.certificate == "this host")

    @property
    def log(self) -> Path:
        """What Java wrote to its standard output, over all starts."""
        return self.home / "output.log"

    @property
    def logs(self) -> list[Path]:
        """Every log of this instance."""
        return [path for path in (self.log, self.home / "sling" / "logs" / "error.log") if path.exists()]

    @property
    def process(self) -> Process:
        if self._process is None:
            raise BootError(f"{self.kind.name} in {self.home} has not been started")
        return self._process

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.alive

    def client(self, user: User | None = ADMIN, **settings: Any) -> httpx.Client:
        """A client of the tests' own: basic authentication, no proxy, no redirects followed. `close` closes it."""
        settings = {"base_url": self.base, "timeout": 30, "trust_env": False, **settings}
        if settings["base_url"].startswith("http:"):
            settings.setdefault("verify", False)  # The authorities of all the world take a while to load.
        client = httpx.Client(auth=(user.name, user.name) if user else None, **settings)
        self._clients.append(client)
        return client

    def start(self) -> float:
        """Start it, and wait until it is ready. Returns the seconds."""
        self.spawn()
        return self.wait()

    def spawn(self) -> None:
        """Start it and do not wait."""
        if self.running:
            raise BootError(f"{self.kind.name} in {self.home} runs already")
        (self.home / "tmp").mkdir(parents=True, exist_ok=True)
        self._began = time.monotonic()
        self._process = Process.start(self._command(), self.home, self.log)
        self._save()

    def wait(self) -> float:
        """Wait until it is ready. Returns the seconds since it was started."""
        try:
            with self.client(timeout=60) as client:
                ready.wait(client, lambda: self.running, STARTS_WITHIN)
                if self.options.stand_ins and client.get(f"{bundles.FOLDER}.json").status_code == 404:
                    bundles.install(client, bundles.stand_ins(dict(self.options.stand_ins)))
                    ready.wait(client, lambda: self.running, STARTS_WITHIN)
        except BootError as error:
            raise BootError(f"{self.kind.name}: {error}; see {', '.join(map(str, self.logs))}") from None
        self.seconds = time.monotonic() - self._began
        self._save()
        return self.seconds

    def stop(self) -> None:
        self.process.stop()

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        self.process.kill()

    def restart(self) -> float:
        """Stop it, start it on the same folder and ports. Returns the seconds of the start."""
        self.stop()
        return self.start()

    def close(self) -> None:
        """End it, and all clients with it."""
        if self.running:
            self.kill()
        for client in self._clients:
            client.close()

    def _command(self) -> list[str]:
        options = self.options
        java = [f"-Xmx{options.memory}", *QUICK]
        java += [f"-Djava.io.tmpdir={self.home / 'tmp'}", "-Djava.awt.headless=true"]
        properties = {"org.osgi.service.http.port": str(self.port), "org.apache.felix.http.host": "127.0.0.1"}
        if options.run_modes:
            java.append(f"-Dsling.run.modes={','.join(options.run_modes)}")
            properties["sling.run.modes"] = ",".join(options.run_modes)
        if options.certificate:
            properties |= {
                "org.apache.felix.https.enable": "true",
                "org.osgi.service.http.port.secure": str(self.https_port),
                "org.apache.felix.https.keystore": str(self.certificate.store),
                "org.apache.felix.https.keystore.password": certificate.PASSWORD,
                "org.apache.felix.https.keystore.key.password": certificate.PASSWORD,
            }
        properties |= dict(options.properties)
        make = starter11.command if self.kind.starter == 11 else starter12.command
        return make(self.kind, options, self.home, java, properties)

    def _save(self) -> None:
        state = {
            "kind": self.kind.name,
            "options": dataclasses.asdict(self.options),
            "port": self.port,
            "https_port": self.https_port,
            "seconds": self.seconds,
            "process": dataclasses.asdict(self.process),
        }
        (self.home / STATE).write_text(json.dumps(state, indent=1), "utf-8")

    @classmethod
    def at(cls, home: Path) -> Instance:
        """The instance that an earlier run left in `home`, running or not."""
        state = json.loads((home / STATE).read_text("utf-8"))
        options = state["options"]
        options["users"] = tuple(
            User(user["name"], tuple(map(tuple, user["rights"])), user["console"])
            for user in options["users"]
        )
        for name in ("properties", "stand_ins"):
            options[name] = tuple(map(tuple, options[name]))
        for name in ("run_modes", "writable"):
            options[name] = tuple(options[name])
        instance = cls(KINDS[state["kind"]], home, Options(**options))
        instance.port, instance.https_port = state["port"], state["https_port"]
        instance.seconds = state["seconds"]
        instance._process = Process(**state["process"])
        return instance


def fetch(kind: Kind) -> int:
    """Bring everything that `kind` is made of to this machine. Returns how many files were missing."""
    return starter11.fetch_all(kind) if kind.starter == 11 else starter12.fetch_all(kind)
