"""The whole procedure on an author: the verbs, what has to come of them, and the states that they begin with."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from migrate.ims.sandbox import endpoint
from migrate.integration import properties as p
from tests.conftest import Ended
from tests.live.sling.author import CUSTOMIZER, PROVIDER, Author, Values
from tests.live.sling.boot.options import NEW_CONFIGURATIONS
from tests.live.sling.pairs import (
    JWT_CUSTOMIZER,
    JWT_FILES,
    JWT_PROVIDER,
    NAME,
    OAUTH_FILES,
    SCOPE,
    files,
)

Run = Callable[..., Ended]
Received = dict[str, dict[str, tuple[str, list[str]]]]
"""Java type and items of every property that a consumer has, by PID."""

OTHER_PROVIDER: Values = JWT_PROVIDER | {"name": "adobe-ims-other", "token.request.customizer.type": "other"}
OTHER_CUSTOMIZER: Values = {"auth.ims.client.secret": "other-secret", "customizer.type": "other"}
NEIGHBOUR = f"{PROVIDER}-other.config"
NEIGHBOUR_TEXT = b'name="adobe-ims-third"\r\nauth.token.provider.endpoint="x"\r\n'
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
    """

    slingshift: Run
    author: Author
    token_url: str
    ims: str
    user: str = "admin"
    base: str = ""
    reach: tuple[str, ...] = ()
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
        )

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
        return {factory: _named(self.author.received(factory), _NAMES[factory], NAME) for factory in _NAMES}

    def others(self) -> dict[str, Received]:
        """What they have of all others."""
        found = {factory: self.author.received(factory) for factory in _NAMES}
        return {
            factory: {pid: values for pid, values in several.items() if pid not in self.runs()[factory]}
            for factory, several in found.items()
        }

    def is_migrated(self, before: dict[str, Received]) -> None:
        """One of each, with the new values beside all that it had, backed by a file; nothing that looks like one."""
        for factory, several in self.runs().items():
            assert len(several) == 1, (factory, list(several))
            ((pid, values),) = several.items()
            assert pid.startswith(f"{factory}~"), pid
            kept = next(iter(before[factory].values()), values)
            assert values == {**kept, **self.new(factory, kept)}
            backing = [one for one in self.author.entries() if one.entity == pid and one.state == "INSTALLED"]
            assert len(backing) == 1, [one.path for one in self.author.entries()]
        assert self.bogus() == []
        assert self.author.http.get("/var/slingshift.1.json").status_code == 404 or not self.aside()

    def is_back(self, before: dict[str, Received]) -> None:
        """One of each with the old values, or nothing where nothing was."""
        now = self.runs()
        for factory in _NAMES:
            assert list(now[factory].values()) == list(before[factory].values()), factory
        assert self.bogus() == []
        assert not self.aside()

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


# --- the states that people are in -----------------------------------------------------------------------------------


def neighbours(author: Author) -> None:
    """Another integration, made in the console, and a third whose file is odd."""
    author.create(PROVIDER, OTHER_PROVIDER)
    author.create(CUSTOMIZER, OTHER_CUSTOMIZER)
    author.put({NEIGHBOUR: NEIGHBOUR_TEXT})


def console_made(author: Author) -> None:
    author.create(PROVIDER, JWT_PROVIDER)
    author.create(CUSTOMIZER, JWT_CUSTOMIZER)


def digits(author: Author) -> None:
    author.put(files(JWT_FILES, ".123456"))


def json_files(author: Author) -> None:
    texts = {PROVIDER: JWT_PROVIDER, CUSTOMIZER: JWT_CUSTOMIZER}
    author.put({f"{factory}-1.cfg.json": json.dumps(values).encode() for factory, values in texts.items()})


def nodes(author: Author) -> None:
    for factory, values in ((PROVIDER, JWT_PROVIDER), (CUSTOMIZER, JWT_CUSTOMIZER)):
        author.imported(
            f"{NEW_CONFIGURATIONS}/{factory}-88", {"jcr:primaryType": "sling:OsgiConfig", **values}
        )
    author.settle()


def two_forms_in_the_name(author: Author) -> None:
    """As PJ 3.3.0 writes a `.config` back that was edited in the console."""
    author.put(files(JWT_FILES, "-77"))
    author.save(f"{PROVIDER}~77", JWT_PROVIDER)
    author.save(f"{CUSTOMIZER}~77", JWT_CUSTOMIZER)
    assert any(name.endswith(".config.cfg.json") for name in author.files())


def several_folders(author: Author) -> None:
    author.put(files(JWT_FILES, "-5"))
    author.put(files(JWT_FILES, "-5"), "/apps/project/config")
    author.put(files(JWT_FILES, "-5"), "/apps/project/config.publish")


def half_done(author: Author) -> None:
    """The new files were added by hand, and the old ones forgotten."""
    console_made(author)
    for name in list(author.files()):
        factory = PROVIDER if name.startswith(PROVIDER) else CUSTOMIZER
        if name.startswith(f"{factory}."):
            uuid = name.removeprefix(f"{factory}.").partition(".")[0]
            author.put({f"{factory}-{uuid}.config": OAUTH_FILES[factory]})


def edited_in_place(author: Author) -> None:
    """The text of both dotted files was edited by hand, as Adobe's page first had it."""
    console_made(author)
    edited = {}
    for name, data in author.files().items():
        edited[name] = data.replace(b"exchange/jwt", b"token/v3").replace(b"jwt-secret", b"oauth-secret")
    author.put(edited)
