"""Secrets that cannot be printed by accident: one that was given, and one that stands, or will stand, in a property."""

from __future__ import annotations

from grammar.values import Value

MASK = "***"


class Secret:
    """Holds a secret; ``str``, ``repr``, ``format`` and pickling never show it.

    Call :meth:`reveal` in the one place that has to send or write it.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return self._value == other._value

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a Secret is not pickled")


class SecretValue(Value):
    """The value of a property that holds a secret: a :class:`grammar.Value` like any other that does not print.

    Edits and changes of files carry it to the writer, which needs the real one; who wants the text asks for
    ``items`` or ``text`` by name.
    """

    __slots__ = ()

    @classmethod
    def of(cls, value: Value) -> SecretValue:
        return cls(*value)

    def __repr__(self) -> str:
        return f"SecretValue({MASK!r})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK
