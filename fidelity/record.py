"""Frozen dataclasses whose methods are inherited, where the standard library would write them for each class.

It writes and compiles them as source, which for the seventy classes of a checklist's model takes longer than
to read, check and score one. `dataclasses.replace`, `fields` and `asdict` work as on any other.
"""

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, ClassVar, NoReturn, dataclass_transform


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Record:
    """What `@dataclass(frozen=True)` makes of the fields that a class names.

    A field that is not given is read from the class, where its default stands.
    """

    __match_args__: ClassVar[tuple[str, ...]] = ()
    _names: ClassVar[frozenset[str]]
    _needed: ClassVar[frozenset[str]]
    _made: ClassVar[tuple[tuple[str, Callable[[], object]], ...]]
    _compared: ClassVar["attrgetter[Any]"]

    def __init_subclass__(cls) -> None:
        dataclass(init=False, repr=False, eq=False)(cls)
        every = fields(cls)  # type: ignore[arg-type]  # the line above has made it one
        made = [(each.name, each.default_factory) for each in every if each.default_factory is not MISSING]
        cls._names = frozenset(each.name for each in every)
        cls._needed = frozenset(each.name for each in every if each.default is MISSING).difference(dict(made))
        cls._made = tuple(made)
        cls._compared = attrgetter(*[each.name for each in every if each.compare] or ["__class__"])

    def __init__(self, *given: Any, **named: Any) -> None:
        named.update(zip(self.__match_args__, given, strict=False))
        if len(given) > len(self.__match_args__) or not self._needed <= named.keys() <= self._names:
            raise TypeError(f"{type(self).__name__} has the fields {self.__match_args__}")
        for name, make in self._made:
            named.setdefault(name, make())
        self.__dict__.update(named)  # past `__setattr__`, which refuses

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._compared(self) == self._compared(other)

    def __hash__(self) -> int:
        return hash((type(self), self._compared(self)))

    def __repr__(self) -> str:
        told = (f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({', '.join(told)})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete field {name!r}")
