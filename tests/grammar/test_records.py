"""Our named tuples are those of the library, but for what declaring one costs."""

from __future__ import annotations

import inspect
import pickle
import runpy
import sys
import typing

import pytest

from grammar.records import NamedTuple, Record
from tests.places import ROOT


class Ours(NamedTuple):
    """A point."""

    x: int
    y: int = 2
    note: str | None = None

    @property
    def total(self) -> int:
        return self.x + self.y


class Theirs(typing.NamedTuple):
    x: int
    y: int = 2
    note: str | None = None


class Below(Ours):
    """One made of it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "below"


@pytest.mark.parametrize(
    ("values", "named"), [((1,), {}), ((1, 3), {"note": "n"}), ((), {"x": 5}), ((1, 2, "n"), {})]
)
def test_it_holds_what_the_librarys_holds(values: tuple[int, ...], named: dict[str, typing.Any]) -> None:
    ours, theirs = Ours(*values, **named), Theirs(*values, **named)
    assert ours == theirs == tuple(theirs)
    assert hash(ours) == hash(theirs)
    assert (ours.x, ours.y, ours.note) == (theirs.x, theirs.y, theirs.note)
    assert ours._asdict() == theirs._asdict()
    assert ours._replace(y=9) == theirs._replace(y=9)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert pickle.loads(pickle.dumps(ours)) == ours
    assert ours.total == ours.x + ours.y


@pytest.mark.parametrize(
    ("values", "named"), [((), {}), ((1, 2, "n", 4), {}), ((1,), {"x": 1}), ((1,), {"z": 1})]
)
def test_it_refuses_what_the_librarys_refuses(values: tuple[int, ...], named: dict[str, typing.Any]) -> None:
    for kind in (Ours, Theirs):
        with pytest.raises(TypeError):
            kind(*values, **named)
    with pytest.raises(TypeError, match=r"^Ours has no z$"):
        Ours(1)._replace(z=1)


def test_its_class_says_what_the_librarys_says() -> None:
    assert Ours._fields == Theirs._fields
    assert Ours._field_defaults == Theirs._field_defaults
    assert Ours.__match_args__ == Theirs.__match_args__
    assert typing.get_type_hints(Ours) == typing.get_type_hints(Theirs)
    assert (Ours.__doc__, Ours.__module__, type(Ours)) == ("A point.", __name__, type)
    Ours(1)
    assert inspect.signature(Ours).parameters.keys() == inspect.signature(Theirs).parameters.keys()
    assert not hasattr(Ours(1), "__dict__")
    with pytest.raises(AttributeError):
        Ours(1).x = 2  # type: ignore[misc]


def test_one_can_be_made_of_it() -> None:
    assert (repr(Below(1)), Below(1), type(Below(1)._replace(y=3))) == ("below", Ours(1), Below)


def test_a_field_may_be_called_as_it_likes() -> None:
    class Change(NamedTuple):
        cls: str
        new: str
        tuple: str = "t"

    assert Change("a", new="b") == ("a", "b", "t")


def test_one_may_hold_nothing() -> None:
    class Nothing(NamedTuple):
        """There is none."""

    assert (Nothing(), repr(Nothing()), Nothing._fields) == ((), "Nothing()", ())


def test_the_first_one_may_be_of_a_class_below() -> None:
    class Plain(NamedTuple):
        x: int

    class Special(Plain):
        pass

    assert (type(Special(1)), type(Plain(1)), Special(x=1).x) == (Special, Plain, 1)


def test_without_cpythons_getter_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "_collections", None)
    other = runpy.run_path(str(ROOT / "grammar" / "records.py"))["NamedTuple"]

    class One(other):  # type: ignore[misc, valid-type]
        x: int
        y: int = 2

    assert (One(1).x, One(1).y, repr(One(1))) == (1, 2, "One(x=1, y=2)")


class Said(Record):
    path: str | None = None
    deep: bool = False


def test_what_is_not_said_has_its_default() -> None:
    assert Said(deep=True).said() == {"path": None, "deep": True}
    assert Said(deep=True).but(path="x") == Said(path="x", deep=True) != Said(path="x")


def test_a_name_that_it_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^Said has no depth$"):
        Said().but(depth=1)
    with pytest.raises(TypeError):
        Said("x")  # type: ignore[misc]


def test_nothing_that_is_said_is_printed() -> None:
    assert "canary" not in repr(Said(path="http://me:canary@proxy.example"))
