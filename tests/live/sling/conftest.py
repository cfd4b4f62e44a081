"""Real Apache Slings as fixtures. `docs/testing.md` says what is real in them and what stands in for AEM.

Tests of one kind share an instance, and run one after the other; it is put away before the next kind starts.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Generator, Iterator

import pytest

from migrate.ims.sandbox import endpoint
from migrate.ims.sandbox.server import Sandbox
from migrate.runs.instance import settling
from tests.live.sling.author import Author
from tests.live.sling.boot.kinds import KINDS
from tests.live.sling.boot.lab import Lab
from tests.live.sling.boot.options import DEPLOYER, OPERATOR, WATCHER
from tests.live.sling.migration import Hurry, Migration, Run
from tests.live.sling.proxy import FaultProxy

LOG_LINES = 60
SECONDS = 600
"""A test may start or restart an instance, on a machine that does other things besides."""


def _kind(nodeid: str) -> str:
    """The kind that a test runs on, out of its parameters; the name of the test when it needs none that is shared."""
    found = re.search(rf"[\[-]({'|'.join(KINDS)})[\]-]", nodeid)
    return found[1] if found else nodeid


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One kind after the other, then the rest."""
    here = [item for item in items if "tests/live/sling/" in item.path.as_posix()]
    for item in here:
        item.add_marker(pytest.mark.timeout(SECONDS))
    order = {kind: number for number, kind in enumerate(KINDS)}
    ordered = iter(sorted(here, key=lambda item: order.get(_kind(item.nodeid), len(order))))
    items[:] = [next(ordered) if item in here else item for item in items]


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Starts instances, and puts them away at the end."""
    lab = Lab(tmp_path_factory.mktemp("slings"))
    yield lab
    lab.close()


@pytest.fixture(scope="session")
def authors() -> dict[str, Author]:
    """The authors of this session by kind; filled by the fixtures below."""
    return {}


@pytest.fixture(scope="session")
def ims() -> Iterator[Sandbox]:
    """A stand-in for Adobe IMS."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def migrated(slingshift: Run, author: Author, ims: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Migration:
    """The procedure on the author of the test, by its administrator."""
    for user in ("admin", OPERATOR.name, DEPLOYER.name, WATCHER.name):
        monkeypatch.setenv(f"LAB_{user.upper()}", user)
    monkeypatch.setenv("LAB_SECRET", endpoint.DEMO_CLIENT_SECRET)
    return Migration(slingshift, author, ims.token_url, ims.ca_bundle)


@pytest.fixture
def proxy(migrated: Migration) -> Iterator[FaultProxy]:
    """A proxy that everything goes through."""
    with FaultProxy(migrated.author.instance.base) as proxy:
        migrated.base = proxy.base
        yield proxy


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> Hurry:
    """Runs for which a crash of the instance is not the question: the repository gets one second and not six."""

    @contextlib.contextmanager
    def hurry() -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr(settling, "QUIET", 1.0)
            yield

    return hurry


@pytest.fixture(params=list(KINDS))
def author(request: pytest.FixtureRequest, lab: Lab, authors: dict[str, Author]) -> Iterator[Author]:
    """An author of every kind, in turn; parametrize it indirectly for some kinds only. Cleaned after the test."""
    yield from _cleaned(request.param, lab, authors)


@pytest.fixture(params=["aem65"])
def aem65(request: pytest.FixtureRequest, lab: Lab, authors: dict[str, Author]) -> Iterator[Author]:
    """The author with the builds of AEM 6.5, cleaned after the test."""
    yield from _cleaned(request.param, lab, authors)


@pytest.fixture(params=["sling12"])
def sling12(request: pytest.FixtureRequest, lab: Lab, authors: dict[str, Author]) -> Iterator[Author]:
    """The author with factory configuration 1.4.2, cleaned after the test."""
    yield from _cleaned(request.param, lab, authors)


@pytest.fixture(params=["sling12n"])
def sling12n(request: pytest.FixtureRequest, lab: Lab, authors: dict[str, Author]) -> Iterator[Author]:
    """The author with factory configuration 1.4.10, cleaned after the test."""
    yield from _cleaned(request.param, lab, authors)


def _cleaned(name: str, lab: Lab, authors: dict[str, Author]) -> Iterator[Author]:
    instance = lab.get(KINDS[name])
    if name not in authors or authors[name].instance is not instance:
        authors[name] = Author(instance)
    yield authors[name]
    authors[name].clean()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failing test shows the end of the logs of its instance."""
    report = yield
    author = next(
        (value for value in getattr(item, "funcargs", {}).values() if isinstance(value, Author)), None
    )
    if report.failed and author:
        for log in author.instance.logs:
            lines = log.read_text("utf-8", "replace").splitlines()[-LOG_LINES:]
            report.sections.append((str(log), "\n".join(lines)))
    return report
