"""The digits of a double as Java 8 to 18 print them (class ``FloatingDecimal``), which are not always the fewest.

Whole numbers lose the digits that their size alone makes insignificant. All others are divided out digit by digit
until what is left is less than half the distance to the next double.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from grammar.values import Float64

_SIGNIFICANT = 53
_LONGEST_WHOLE = 62
_INSIGNIFICANT = (0, 0, 0, 0, 1, 1, 1, 2, 2)
"""Digits to leave out of a whole number, by its bits beyond 54."""


def digits(value: Float64) -> tuple[str, int]:
    """The digits of a finite double other than zero, without its sign, and the power of ten of the first."""
    mantissa, power = math.frexp(abs(value.number))
    exponent = power - 1
    fraction = int(mantissa * 2**_SIGNIFICANT)
    tail = (fraction & -fraction).bit_length() - 1
    if exponent <= _LONGEST_WHOLE and exponent >= _SIGNIFICANT - tail - 1:
        return _whole(int(abs(value.number)), exponent)
    significant = min(_SIGNIFICANT, exponent + 1075)
    first = math.floor((2 * mantissa - 1.5) * 0.289529654 + 0.176091259 + exponent * 0.301029995663981)
    division = _scaled(fraction >> tail, exponent, _SIGNIFICANT - tail, significant, first)
    return division.digits(first)


def _whole(number: int, exponent: int) -> tuple[str, int]:
    beyond = exponent - _SIGNIFICANT - 1
    power = 10 ** (_INSIGNIFICANT[beyond] if beyond >= 0 else 0)
    text = str((number + power // 2) // power * power)
    return text.rstrip("0"), len(text) - 1


class _Division(NamedTuple):
    """A double as rest / unit, between 1 and 10 when the power of ten was guessed right.

    Attributes:
        half: half the distance to the next double, in the same measure.
        small: whether Java does it in 64 bits; then a tie with `unit` goes on.
    """

    rest: int
    half: int
    unit: int
    small: bool

    def digits(self, first: int) -> tuple[str, int]:
        """The digits, and the power of ten of the first, which was guessed as `first`."""
        step = self._stepped()
        found = str(step.digit)
        if step.digit == 0 and not step.high:
            found, first = "", first - 1
        low, high = (step.low, step.high) if -3 <= first < 8 else (False, False)
        while not (low or high):
            step = step.rest._stepped()
            low, high = step.low, step.high
            found += str(step.digit)
        if high and (not low or step.rest.rounds_up(odd=step.digit % 2 == 1)):
            rounded = str(int(found) + 1)
            return rounded[: len(found)], first + len(rounded) - len(found)
        return found, first

    def _stepped(self) -> _Step:
        digit, rest = divmod(self.rest, self.unit)
        after = self._replace(rest=10 * rest, half=10 * self.half)
        up, ten = after.rest + after.half, 10 * self.unit
        return _Step(digit, after.rest < after.half, up > ten if self.small else up >= ten, after)

    def rounds_up(self, *, odd: bool) -> bool:
        """Whether the rest is more than half of a digit, or just half and the digit before it odd."""
        twice, ten = 2 * self.rest, 10 * self.unit
        return twice > ten or (twice == ten and odd)


class _Step(NamedTuple):
    """One digit, whether it may stand as the last, as it is or one higher, and what is left."""

    digit: int
    low: bool
    high: bool
    rest: _Division


def _scaled(fraction: int, exponent: int, bits: int, significant: int, first: int) -> _Division:
    """fraction * 2**(exponent - bits + 1) by 10**first, all as whole numbers with as few factors two as Java has."""
    fives, unit_fives = max(0, -first), max(0, first)
    tiny = max(0, bits - exponent - 1)
    twos = fives + tiny + exponent - bits + 1
    unit_twos = unit_fives + tiny
    half_twos = fives + tiny + exponent - significant
    common = min(twos, unit_twos)
    half_twos -= common + (1 if bits == 1 else 0)
    lift = max(0, -half_twos) - common
    twos, unit_twos, half_twos = twos + lift, unit_twos + lift, max(0, half_twos)
    small = bits + twos + _bits_of_five(fives) < 64 and unit_twos + 1 + _bits_of_five(unit_fives + 1) < 64
    return _Division(fraction * 5**fives << twos, 5**fives << half_twos, 5**unit_fives << unit_twos, small)


def _bits_of_five(power: int) -> int:
    if power == 0:
        return 0
    return (5**power).bit_length() if power < 27 else 3 * power
