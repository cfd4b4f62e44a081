"""The whole procedure on an author: the verbs, and what has to come of them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from migrate.ims.sandbox import endpoint
from migrate.integration import properties as p
from tests.conftest import Ended
from tests.live.sling.author import CUSTOMIZER, PROVIDER, Author
from tests.live.sling.pairs import NAME, SCOPE, Pair

Run = Callable[..., Ended]
Hurry = Callable[[], AbstractContextManager[None]]
Received = dict[str, dict[str, tuple[str, list[str]]]]
"""Java type and items of every property that a consumer has, by PID."""

_NAMES = {PROVIDER: "name", CUSTOMIZER: "customizer.type"}
_OF_CM = frozenset({"service.pid", "service.factoryPid"})


@dataclass
class Migration:
    """Runs slingshift's verbs on one author.

    Attributes:
        token_url: what the provider is to ask.
        ims: the authority of whom it asks.
        user: who does it.
        base: another way to the author, a proxy's.
        reach: further options, of how the author is reached.
        pair: the integration that is migrated.
        profile: its profile; the built-in one without.
    """

    slingshift: Run
    author: Author
    token_url: str
    ims: str
    user: str = "admin"
    base: str = ""
    reach: tuple[str, ...] = ()
    pair: Pair = field(default_factory=Pair)
    profile: Path | None = None
    secrets: tuple[str, ...] = field(default=(endpoint.DEMO_CLIENT_SECRET, "jwt-secret", "other-secret"))

    @property
    def url(self) -> str:
        return self.base or self.author.instance.base

    @property
    def who(self) -> tuple[str, ...]:
        return ("--user", self.user, "--password-env", f"LAB_{self.user.upper()}", *self.reach)

    @property
    def wanted(self) -> tuple[str, ...]:
        return (
            *("--client-id", endpoint.DEMO_CLIENT_ID, "--org-id", endpoint.DEMO_ORG_ID),
            *("--client-secret-env", "LAB_SECRET", "--token-url", self.token_url),
            *(("--profile", str(self.profile)) if self.profile else ()),
        )

    def of(self, pair: Pair, folder: Path) -> Migration:
        """The same person at work on another integration; its profile goes into a folder."""
        profile = folder / f"{pair.name}.toml"
        scopes = json.dumps(SCOPE.split(", "))
        lines = [f'provider-name = "{pair.name}"', f"scopes = {scopes}", f'validator-type = "{NAME}"']
        profile.write_text("\n".join([*lines, f'token-url = "{self.token_url}"']))
        return dataclasses.replace(self, pair=pair, profile=profile)

    def run(self, *words: str, code: int | tuple[int, ...] = 0) -> Ended:
        """Run a verb; it has to end with one of some codes, and to show no secret."""
        ended = self.slingshift(*words)
        codes = (code,) if isinstance(code, int) else code
        assert ended.code in codes, (words[0], ended.code, ended.out[-3000:], ended.err[-3000:])
        assert not [one for one in self.secrets if one in ended.out + ended.err]
        return ended

    def plan(self, *more: str, code: int | tuple[int, ...] = 1) -> Ended:
        return self.run("plan", self.url, *self.who, *self.wanted, *more, code=code)

    def apply(self, *more: str, code: int | tuple[int, ...] = 0) -> Ended:
        return self.run("apply", self.url, "--yes", *self.who, *self.wanted, *more, code=code)

    def resume(self, *more: str, code: int | tuple[int, ...] = 0) -> Ended:
        return self.run("apply", "--resume", *self.who, *more, code=code)

    def undo(self, *more: str, code: int | tuple[int, ...] = 0) -> Ended:
        return self.run("undo", "--yes", *self.who, *more, code=code)

    def scan(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.run("scan", self.url, *self.who, "--format", "json").out)
        return found

    def wrong(self) -> list[str]:
        """What validate says is wrong with what runs, its token and its JMX; one id each."""
        ended = self.run(
            *("validate", self.url, *self.who, *self.wanted, "--ims-ca-bundle", self.ims, "--format", "json"),
            *("--skip", "workflow,validator,cloud-service,key-store,versions"),
            code=(0, 1, 5),
        )
        checks = json.loads(ended.out)["checks"]
        ids = [one["id"] for one in checks if one["verdict"] in ("wrong", "unclear")]
        assert (ended.code == 0) == (not ids)
        return list(dict.fromkeys(ids))

    # --- what there is --------------------------------------------------------------------------------------------

    def runs(self) -> dict[str, Received]:
        """What AEM's components really have of the integration, by factory."""
        return {
            factory: _named(self.author.received(factory), _NAMES[factory], self.pair.name)
            for factory in _NAMES
        }

    def others(self) -> dict[str, Received]:
        """What they have of all others."""
        found = {factory: self.author.received(factory) for factory in _NAMES}
        return {
            factory: {pid: values for pid, values in several.items() if pid not in self.runs()[factory]}
            for factory, several in found.items()
        }

    def is_migrated(self, before: dict[str, Received], *, alone: bool = True) -> None:
        """One of each, with the new values beside all that it had, backed by a file; nothing that looks like one.

        Args:
            before: what AEM's components had; of names of digits that is nothing.
            alone: whether there is no other integration whose configurations AEM does not take for instances.
        """
        for factory, several in self.runs().items():
            assert len(several) == 1, (factory, list(several))
            ((pid, values),) = several.items()
            assert pid.startswith(f"{factory}~"), pid
            kept = next(iter(before[factory].values()), values)
            assert values == {**kept, **self.new(factory, kept)}
            backing = [one for one in self.author.entries() if one.entity == pid and one.state == "INSTALLED"]
            assert len(backing) == 1, [one.path for one in self.author.entries()]
        assert not alone or self.bogus() == []
        assert self.aside() == []

    def is_back(self, before: dict[str, Received], *, alone: bool = True) -> None:
        """One of each with the old values, or nothing where nothing was."""
        now = self.runs()
        for factory in _NAMES:
            assert list(now[factory].values()) == list(before[factory].values()), factory
        assert not alone or self.bogus() == []
        assert self.aside() == []

    def new(
        self, factory: str, kept: Mapping[str, tuple[str, list[str]]]
    ) -> dict[str, tuple[str, list[str]]]:
        """The values of Adobe's page; the claim keeps the container that it has."""
        if factory == CUSTOMIZER:
            return {p.CLIENT_SECRET: ("String", [endpoint.DEMO_CLIENT_SECRET])}
        container = kept.get(p.CLAIMS, ("Collection", []))[0]
        container = container if container == "String[]" else "Collection"
        return {
            p.GRANTS: ("String", [p.CLIENT_CREDENTIALS]),
            p.ORG_ID: ("String", [endpoint.DEMO_ORG_ID]),
            p.CLAIMS: (container, [f'"iss" : "{endpoint.DEMO_ORG_ID}"']),
            p.SCOPE: ("String", [SCOPE]),
            p.VALIDATOR_TYPE: ("String", [NAME]),
            p.CLIENT_ID: ("String", [endpoint.DEMO_CLIENT_ID]),
            p.TOKEN_URL: ("String", [self.token_url]),
        }

    def bogus(self) -> list[str]:
        """PIDs that look like ours and are no instance of the factories."""
        real = {pid for factory in _NAMES for pid in self.author.received(factory)}
        return [pid for pid in self.author.pids() if pid not in real]

    def aside(self) -> list[str]:
        """What is left below /var."""
        answer = self.author.http.get("/var/slingshift.1.json")
        if answer.status_code == 404:
            return []
        return [name for name, node in answer.json().items() if isinstance(node, dict)]


def _named(several: Received, name: str, wanted: str) -> Received:
    """Those of a name, without what ConfigAdmin adds."""
    return {
        pid: {key: value for key, value in values.items() if key not in _OF_CM}
        for pid, values in several.items()
        if values.get(name) == ("String", [wanted])
    }
