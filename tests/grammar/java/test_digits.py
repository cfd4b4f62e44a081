"""`Double.toString` of Java 8 to 18 where it is not the shortest text, as Java 17 gives it."""

import random
import struct

import pytest

from grammar.java import digits as java_digits
from grammar.values import Float64

DIGITS = [
    (1.0, "1", 0),
    (100.0, "1", 2),
    (0.1, "1", -1),
    (123.456, "123456", 2),
    (2.0**53, "9007199254740992", 15),
    (9.223372036854776e17, "92233720368547763", 17),
    (4.2893058791500518e18, "42893058791500518", 18),
    (2.26797932753915e17, "226797932753915008", 17),
    (2.0**63, "9223372036854776", 18),
    (9.47511555021632e18, "9475115550216319", 18),
    (1e23, "9999999999999999", 22),
    (2e23, "19999999999999998", 23),
    (1e-323, "10", -323),
    (5e-324, "49", -324),
    (1.58e-322, "158", -322),
    (2.0**-44, "56843418860808015", -14),
    (1.7976931348623157e308, "17976931348623157", 308),
]


@pytest.mark.parametrize(("number", "digits", "exponent"), DIGITS)
def test_digits(number, digits, exponent):
    assert java_digits.digits(Float64.of(number)) == (digits, exponent)
    assert java_digits.digits(Float64.of(-number)) == (digits, exponent)


def test_the_text_reads_back():
    rng = random.Random(7)
    for _ in range(2000):
        (number,) = struct.unpack(">d", rng.getrandbits(63).to_bytes(8, "big"))
        if number == number and number not in (0.0, float("inf")):
            digits, exponent = java_digits.digits(Float64.of(number))
            assert float(f"{digits[0]}.{digits[1:]}e{exponent}") == number
