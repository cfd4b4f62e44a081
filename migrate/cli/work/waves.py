"""The waves of a run over many targets: the next begins only when those before it are through."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from migrate.cli import console
from migrate.cli.work import fleets, targeting

if TYPE_CHECKING:
    from migrate.cli.work.targeting import Work
    from migrate.plans.validation.validation import Validation

Seen = Mapping[str, "Validation"]


class Waves(NamedTuple):
    """The waves of a run.

    Attributes:
        order: all of them; None for the targets without one.
        reached: how many are known to be through, since the next one has begun already.
        not_through: asks what of a wave is not as it should be, line by line; what was seen a moment ago is not looked
            at again.
    """

    order: Sequence[str | None]
    reached: int
    not_through: Callable[[str | None, Seen], list[str]]


def of_work(work: Work) -> Waves:
    """The waves of a run that begins."""

    def not_through(wave: str | None, seen: Seen) -> list[str]:
        numbers = [number for number, asked in enumerate(work.asked) if asked.wave == wave]
        return fleets.not_through(targeting.part(work, numbers), seen)

    return Waves(tuple(dict.fromkeys(asked.wave for asked in work.asked)), 0, not_through)


class Gate:
    """Lets a wave begin, or says why not, once. What is shut stays shut.

    Attributes:
        is_shut: whether a wave has to wait.
        seen: what instances were found to be when their own run was done, by the names of their targets.
    """

    def __init__(self, waves: Waves) -> None:
        self._waves = waves
        self._through = waves.reached
        self.is_shut = False
        self.seen: dict[str, Validation] = {}

    def lets(self, wave: str | None) -> bool:
        """Whether a wave may begin."""
        for number, earlier in enumerate(self._waves.order):
            if self.is_shut or earlier == wave:
                break
            if number >= self._through:
                self._ask(earlier)
                self._through = number + 1
        return not self.is_shut

    def _ask(self, wave: str | None) -> None:
        why = self._waves.not_through(wave, self.seen)
        if why:
            self.is_shut = True
            console.line(f"slingshift: the wave {wave} is not through, so no later one is begun")
            for line in why:
                console.line(f"  {line}")
