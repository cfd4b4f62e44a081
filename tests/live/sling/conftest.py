"""Real Apache Slings as fixtures. `docs/testing.md` says what is real in them and what stands in for AEM."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from tests.live.sling.author import Author
from tests.live.sling.boot.kinds import KINDS
from tests.live.sling.boot.lab import Lab

LOG_LINES = 60
SECONDS = 600
"""A test may start or restart an instance, on a machine that does other things besides."""


def _kind(item: pytest.Item) -> str:
    """The kind that a test runs on, or an empty text when it starts none of the common ones."""
    callspec = getattr(item, "callspec", None)
    given = callspec.params.get("author") if callspec else None
    names = [name for name in KINDS if name == given or name in getattr(item, "fixturenames", ())]
    return names[0] if names else ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One kind after the other, so that few need to run side by side where memory is short."""
    here = [item for item in items if "tests/live/sling/" in item.path.as_posix()]
    for item in here:
        item.add_marker(pytest.mark.timeout(SECONDS))
    ordered = iter(sorted(here, key=lambda item: ["", *KINDS].index(_kind(item))))
    items[:] = [next(ordered) if item in here else item for item in items]


@pytest.fixture(scope="session")
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Starts instances; those that the chosen tests need are started together."""
    needed = {_kind(item) for item in request.session.items}
    lab = Lab(tmp_path_factory.mktemp("slings"), [kind for name, kind in KINDS.items() if name in needed])
    yield lab
    lab.close()


@pytest.fixture(scope="session")
def authors() -> dict[str, Author]:
    """The authors of this session by kind; filled by the fixtures below."""
    return {}


@pytest.fixture(params=list(KINDS))
def author(request: pytest.FixtureRequest, lab: Lab, authors: dict[str, Author]) -> Iterator[Author]:
    """An author of every kind, in turn; parametrize it indirectly for some kinds only. Cleaned after the test."""
    yield from _cleaned(request.param, lab, authors)


@pytest.fixture
def aem65(lab: Lab, authors: dict[str, Author]) -> Iterator[Author]:
    """The author with the builds of AEM 6.5, cleaned after the test."""
    yield from _cleaned("aem65", lab, authors)


@pytest.fixture
def sling12(lab: Lab, authors: dict[str, Author]) -> Iterator[Author]:
    """The author with factory configuration 1.4.2, cleaned after the test."""
    yield from _cleaned("sling12", lab, authors)


@pytest.fixture
def sling12n(lab: Lab, authors: dict[str, Author]) -> Iterator[Author]:
    """The author with factory configuration 1.4.10, cleaned after the test."""
    yield from _cleaned("sling12n", lab, authors)


def _cleaned(name: str, lab: Lab, authors: dict[str, Author]) -> Iterator[Author]:
    if name not in authors:
        authors[name] = Author(lab.get(KINDS[name]))
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
