"""Java's numbers where Python's differ: texts of Double and BigDecimal, narrowing, and parsing of floats.

Follows ``java.lang.Double``, ``java.lang.Float`` and ``java.math.BigDecimal``, and the Java Language
Specification 5.1.3 for narrowing. ``Double.toString`` is that of Java 8 to 18, on which AEM 6.5 runs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from grammar import patterns
from grammar.java import digits as java_digits
from grammar.java import units
from grammar.values import Float32, Float64

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

_DECIMAL = patterns.lazy(r"(-?)([0-9]++)(?:\.([0-9]++))?(?:[eE]([+-]?[0-9]++))?")
_FLOATING = patterns.lazy(
    r"(?P<sign>[+-]?)(?:(?P<word>NaN|Infinity)"
    r"|(?P<decimal>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)[fFdD]?"
    r"|(?P<hex>0[xX](?:[0-9a-fA-F]++\.?|[0-9a-fA-F]*+\.[0-9a-fA-F]++)[pP][+-]?[0-9]++)[fFdD]?)"
)
_CHUNK = 18


class BigDecimal(NamedTuple):
    """``java.math.BigDecimal``: digits * 10**-scale, the digits without leading zeros, at least one."""

    negative: bool
    digits: str
    scale: int

    @classmethod
    def parse(cls, text: str) -> BigDecimal:
        """``new BigDecimal(text)`` for the text of a JSON number.

        Raises:
            java.NumberFormatError: an exponent or a scale beyond 32 bits.
        """
        found = _DECIMAL.fullmatch(text)
        if found is None:
            raise units.NumberFormatError(text[:40])
        fraction = found[3] or ""
        exponent = _exponent(found[4] or "0")
        scale = len(fraction) - exponent
        if not -(1 << 31) <= scale < 1 << 31:
            raise units.NumberFormatError("Scale out of range.")
        digits = (found[2] + fraction).lstrip("0") or "0"
        return cls(bool(found[1]) and digits != "0", digits, scale)

    def __str__(self) -> str:
        """``BigDecimal.toString()``, the canonical form."""
        sign, digits = "-" if self.negative else "", self.digits
        adjusted = len(digits) - 1 - self.scale
        if self.scale == 0:
            return sign + digits
        if self.scale > 0 and adjusted >= -6:
            padded = digits.rjust(self.scale + 1, "0")
            return f"{sign}{padded[: -self.scale]}.{padded[-self.scale :]}"
        point = f".{digits[1:]}" if len(digits) > 1 else ""
        exponent = f"E{adjusted:+d}" if adjusted else ""
        return f"{sign}{digits[0]}{point}{exponent}"

    def long_value(self) -> int:
        """``longValue()`` of one with scale 0: the low 64 bits."""
        value = 0
        for start in range(0, len(self.digits), _CHUNK):
            part = self.digits[start : start + _CHUNK]
            value = (value * 10 ** len(part) + int(part)) & 0xFFFFFFFFFFFFFFFF
        return wrapped(-value if self.negative else value, 64)

    def double_value(self) -> Float64:
        """``doubleValue()``: the nearest, infinite when too large; there is no negative zero before rounding."""
        if self.digits == "0":
            return Float64.of(0.0)
        sign = "-" if self.negative else ""
        return Float64.of(float(f"{sign}{self.digits}e{-self.scale}"))


def _exponent(text: str) -> int:
    digits = text.lstrip("+-").lstrip("0") or "0"
    if len(digits) > 10:
        raise units.NumberFormatError("Too many nonzero exponent digits.")
    value = -int(digits) if text[0] == "-" else int(digits)
    if not -(1 << 31) <= value < 1 << 31:
        raise units.NumberFormatError("Exponent overflow.")
    return value


def wrapped(number: int, bits: int) -> int:
    """The low bits as a signed number, as a narrowing cast of an integer keeps them."""
    low = number & ((1 << bits) - 1)
    return low - (1 << bits) if low >> (bits - 1) else low


def truncated(value: Float64, bits: int) -> int:
    """A cast from double to int (32) or long (64): cut, and held at the ends of the range; NaN is 0."""
    number = value.number
    if math.isnan(number):
        return 0
    limit = 1 << (bits - 1)
    if math.isinf(number):
        return limit - 1 if number > 0 else -limit
    return max(-limit, min(limit - 1, int(number)))


def float_of_long(number: int) -> Float32:
    """A cast from long to float, rounded once."""
    found = _rounded(float(abs(number)), lambda: abs(number))
    return Float32.of(-found.number) if number < 0 else found


def _rounded(near: float, exact: Callable[[], Decimal | Fraction | int]) -> Float32:
    """The float nearest to an exact number that is not negative and whose nearest double is `near`.

    Rounding twice goes wrong only where the double lies half way between two floats.
    """
    found = Float32.of(near)
    size = _size(found)
    other = Float32(found.bits + (1 if near > size else -1))
    if near == size or math.isinf(near) or near - size != _size(other) - near:
        return found
    number = exact()
    if number == near:
        return found
    return max(found, other) if number > near else min(found, other)


def _size(value: Float32) -> float:
    """The number, where infinity stands for the first power of two that is too large."""
    return 2.0**128 if math.isinf(value.number) else value.number


def parse_double(text: str) -> Float64:
    """``Double.parseDouble``: outer blanks are trimmed, NaN has no sign, too large is infinite.

    Raises:
        java.NumberFormatError: no such number.
    """
    found = _floating(text)
    return Float64.of(_signed(found, _magnitude(found)))


def parse_float(text: str) -> Float32:
    """``Float.parseFloat``, rounded once from the decimal text.

    Raises:
        java.NumberFormatError: no such number.
    """
    found = _floating(text)
    near = _magnitude(found)
    return Float32.of(_signed(found, near if found["word"] else _rounded(near, lambda: _exact(found)).number))


def _exact(found: re.Match[str]) -> Decimal | Fraction:
    # Imported here: the two take longer than all that most files need of this module.
    if found["decimal"]:
        from decimal import Decimal

        return Decimal(found["decimal"])
    from fractions import Fraction

    mantissa, _, power = found["hex"][2:].lower().partition("p")
    whole, _, fraction = mantissa.partition(".")
    return int(whole + fraction, 16) * Fraction(2) ** (_exponent(power) - 4 * len(fraction))


def _floating(text: str) -> re.Match[str]:
    found = _FLOATING.fullmatch(units.trim(text))
    if found is None:
        raise units.NumberFormatError(f'For input string: "{text}"')
    return found


def _magnitude(found: re.Match[str]) -> float:
    if found["word"]:
        return math.inf if found["word"] == "Infinity" else math.nan
    if found["decimal"]:
        return float(found["decimal"])
    try:
        return float.fromhex(found["hex"])
    except OverflowError:
        return math.inf


def _signed(found: re.Match[str], number: float) -> float:
    return -number if found["sign"] == "-" and not math.isnan(number) else number


def double_text(value: Float64) -> str:
    """``Double.toString`` of Java 8 to 18: ``1.0``, ``4.9E-324``, ``NaN``.

    A text of at least two digits that reads back, now and then with a digit more than it needs (JDK-4511638), which
    Java 19 and later leave out.
    """
    number = value.number
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    sign = "-" if math.copysign(1, number) < 0 else ""
    if number == 0:
        return f"{sign}0.0"
    digits, exponent = java_digits.digits(value)
    if not 1e-3 <= abs(number) < 1e7:
        return f"{sign}{digits[0]}.{digits[1:] or '0'}E{exponent}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    padded = digits.ljust(exponent + 1, "0")
    return f"{sign}{padded[: exponent + 1]}.{padded[exponent + 1 :] or '0'}"
