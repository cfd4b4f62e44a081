"""Small records that cost next to nothing to declare: a command declares sixty before it does anything.

A dataclass takes a third of a millisecond. `typing.NamedTuple` takes a fifth, since it compiles each annotation, and a
constructor also for those of which there is never one; here that is made with the first one.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, Self, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NamedTuple as NamedTuple
else:
    try:
        from _collections import _tuplegetter as _getter
    except ImportError:  # not CPython

        def _getter(index: int, doc: str) -> property:
            return property(itemgetter(index), doc=doc)

    class _Row(tuple):
        """What all of them have, as `collections.namedtuple` has it."""

        __slots__ = ()

        def __new__(cls, *args: Any, **kwargs: Any) -> Self:
            owner = next(one for one in cls.__mro__ if "_fields" in vars(one))
            owner.__new__ = _constructor(owner)
            return owner.__new__(cls, *args, **kwargs)

        @classmethod
        def _make(cls, values: Iterable[Any]) -> Self:
            return cls(*values)

        def _replace(self, **changes: Any) -> Self:
            made = type(self)._make(map(changes.pop, self._fields, self))
            if changes:
                raise TypeError(f"{type(self).__name__} has no {', '.join(changes)}")
            return made

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            values = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({values})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

    def _constructor(owner: type[_Row]) -> Any:
        """As the library makes it, for it is the quickest to call; the names are identifiers of our own source."""
        taken = ", ".join(("_cls", *owner._fields))
        held = "".join(f"{name}, " for name in owner._fields)
        made = eval(f"lambda {taken}: _new(_cls, ({held}))", {"_new": tuple.__new__})
        made.__name__, made.__qualname__ = "__new__", f"{owner.__qualname__}.__new__"
        made.__defaults__ = tuple(owner._field_defaults.values())
        return made

    class _Declaring(type):
        """Makes a row's class of what is declared: an ordinary class below `_Row`."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            body["_field_defaults"] = {one: body.pop(one) for one in fields if one in body}
            body |= {one: _getter(index, one) for index, one in enumerate(fields)}
            body |= {"_fields": fields, "__match_args__": fields, "__slots__": ()}
            return type(name, (_Row,), body)

    class NamedTuple(metaclass=_Declaring):
        """Stands where `typing.NamedTuple` stands for the type checker."""


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Record:
    """Many values, given by their names alone, with their defaults; nobody changes them.

    Raises:
        TypeError: a name that it does not have.
    """

    def __init__(self, **said: Any) -> None:
        names = self.fields()
        if unknown := said.keys() - set(names):
            raise TypeError(f"{type(self).__name__} has no {sorted(unknown)[0]}")
        vars(self).update({name: said.get(name, getattr(self, name)) for name in names})

    @classmethod
    def fields(cls) -> tuple[str, ...]:
        """The names: first those that it declares itself, then what is left of those that it is made from."""
        found: dict[str, None] = {}
        for base in cls.__mro__[:-1]:
            found.update(dict.fromkeys(base.__annotations__))
        return tuple(found)

    def said(self) -> dict[str, Any]:
        """All values, by their names."""
        return dict(vars(self))

    def but(self, **changes: Any) -> Self:
        """The same with other values."""
        return type(self)(**{**vars(self), **changes})

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]  # some hold lists
