"""Waiting until an instance runs what its files say, and until its repository keeps them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from grammar.documents import Document
from migrate.targets.instance import installer, live
from migrate.targets.instance.errors import InstanceError
from migrate.targets.instance.installer import Index
from migrate.targets.instance.live import Live
from migrate.targets.instance.session import Session
from migrate.targets.instance.work import NAMES

QUIET = 6.0
"""Seconds after a change until a crash cannot take it back any more: Oak writes every five (seen: gone after 1 s, kept
after 7 s). An orphan that is deleted before that could be the only instance left."""
_PAUSE = 0.5

Tell = Callable[[str], None]
_Told = TypeVar("_Told")


def silent(_: str) -> None:
    """Tells nobody."""


class Awaited(NamedTuple):
    """What must run.

    Attributes:
        pid: None for any instance of the factory with the name.
        factory_pid: one of the two factories.
        name: the provider's name, or the customizer's type.
        choices: the files that may back it, with what they say.
    """

    pid: str | None
    factory_pid: str
    name: str | None
    choices: tuple[tuple[str, Document], ...]

    def __repr__(self) -> str:
        return f"Awaited({self.pid!r}, {[path for path, _ in self.choices]!r})"

    @property
    def label(self) -> str:
        return self.pid or f"an instance of {self.factory_pid} called {self.name}"


@dataclass(slots=True)
class Clock:
    """Seconds since it was made, those that were slept among them even where nobody really slept."""

    session: Session
    start: float = field(default_factory=time.monotonic)
    slept: float = 0.0

    @property
    def seconds(self) -> float:
        return max(time.monotonic() - self.start, self.slept)

    def sleep(self, seconds: float) -> None:
        self.session.sleep(seconds)
        self.slept += seconds


class Console(NamedTuple):
    """What the console tells at one moment.

    Attributes:
        installed: the installer's index.
        runs: what runs of the two factories, by PID.
    """

    installed: Index
    runs: dict[str, Live]

    @classmethod
    def look(cls, session: Session) -> Console:
        """Ask it.

        Raises:
            InstanceError: it does not answer, or not us.
        """
        index = installer.read(session)
        return cls(index, {one.pid: one for factory in NAMES for one in live.of_factory(session, factory)})

    def lacks(self, awaited: Awaited) -> str:
        """Why something that must run does not yet; empty when it does."""
        states = {path: self.installed.at(f"/{path}") for path, _ in awaited.choices}
        counted = self._counted(awaited)
        if not counted:
            said = ", ".join(f"/{path}: {one.state if one else 'not known'}" for path, one in states.items())
            return f"the installer has not installed it ({said})"
        runs = [live for live in self.runs.values() if self._is(live, awaited)]
        if any(agrees(live, document) for live in runs for _, document in counted):
            return ""
        return "it runs with other values" if runs else "it does not run"

    def adopted(self, awaited: Awaited) -> str | None:
        """The PID of an old instance that runs in the place of what is awaited, with its values; None without one.

        From factory configuration 1.4.6 on `F~U` may be counted while `F.U` got its values. The next start deletes
        `F.U`, and nothing comes back.
        """
        factory, _, name = (awaited.pid or "").partition("~")
        old = self.runs.get(f"{factory}.{name}") if name else None
        if old is None or awaited.pid in self.runs or not self._counted(awaited):
            return None
        return old.pid if any(agrees(old, document) for _, document in self._counted(awaited)) else None

    def _counted(self, awaited: Awaited) -> list[tuple[str, Document]]:
        """The files that the installer counts."""
        states = {path: self.installed.at(f"/{path}") for path, _ in awaited.choices}
        return [
            (path, document)
            for path, document in awaited.choices
            if (one := states[path]) is not None and one.is_first and one.state == installer.INSTALLED
        ]

    def _is(self, one: Live, awaited: Awaited) -> bool:
        if awaited.pid is not None:
            return one.pid == awaited.pid
        return one.factory_pid == awaited.factory_pid and one.text(NAMES[awaited.factory_pid]) == awaited.name


def patiently(ask: Callable[[], _Told], clock: Clock, seconds: float) -> _Told:
    """What is asked for, asked again while only a passing state keeps it from coming.

    Args:
        clock: since what is waited for began.
        seconds: on the clock, after which it is given up.

    Raises:
        InstanceError: something that does not pass; or it did not pass in time.
    """
    while True:
        try:
            return ask()
        except InstanceError as error:
            if not error.passes_in_time or clock.seconds >= seconds:
                raise
        clock.sleep(_PAUSE)


def agrees(one: Live, document: Document) -> bool:
    """Whether something runs as a file says, as far as the console tells."""
    values = {each.name: each.value for each in document.properties}
    return all(one.agrees(name, values.get(name)) is not False for name in {*values, *one.names})


class Settled(NamedTuple):
    """What came of waiting.

    Attributes:
        lacking: what does not run, one line each.
        adopted: by what was awaited, the old instance that runs in its place until the next start.
    """

    lacking: tuple[str, ...] = ()
    adopted: Mapping[str, str] = MappingProxyType({})


def settle(
    session: Session, awaited: Sequence[Awaited], clock: Clock, *, wait: float, tell: Tell = silent
) -> Settled:
    """Wait until everything runs, and at least for QUIET seconds.

    Args:
        clock: since the swap.
        wait: seconds after which it is given up.

    Returns:
        What does not run after all that time, and what was adopted.

    Raises:
        InstanceError: the instance cannot be used.
    """
    told = -10.0
    while True:
        now = patiently(lambda: Console.look(session), clock, wait)
        problems = {one.label: f"{one.label}: {said}" for one in awaited if (said := now.lacks(one))}
        adopted = {one.label: pid for one in awaited if (pid := now.adopted(one)) is not None}
        lacking = [said for label, said in problems.items() if label not in adopted]
        # What was adopted may yet come to run as it should; nobody waits a minute for that.
        if clock.seconds >= (wait if lacking else max(QUIET, min(wait, 2 * QUIET)) if adopted else QUIET):
            return Settled(tuple(lacking), adopted)
        if clock.seconds >= told + 5:
            told = clock.seconds
            what = next(iter(problems.values()), "") or f"for the repository, {QUIET:g} s in all"
            tell(f"waiting, {told:.0f} s: {what}")
        clock.sleep(_PAUSE if problems else max(0.05, QUIET - clock.seconds))


def rest(session: Session, clock: Clock, tell: Tell = silent) -> None:
    """Wait for the repository alone, where nothing else can be asked."""
    if clock.seconds < QUIET:
        tell(f"waiting for the repository, {QUIET:g} s")
        clock.sleep(QUIET - clock.seconds)
