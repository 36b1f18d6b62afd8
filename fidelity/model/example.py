"""The tests an author writes into a checklist: given answers, expected outcome."""

from collections.abc import Mapping
from dataclasses import field
from fractions import Fraction
from typing import Literal

from fidelity.model.expression import Comparison
from fidelity.place import NOWHERE, Place
from fidelity.record import Record


class ExpectNumber(Record):
    """A number, equal after rounding the exact value to the places written."""

    value: Fraction
    places: int


class ExpectCompared(Record):
    """A number on one side of a bound."""

    comparison: Comparison
    bound: Fraction


class ExpectOneOf(Record):
    """A level, or an undecided result whose possible levels all lie in the list."""

    levels: tuple[str, ...]


class ExpectState(Record):
    """That there is a score or level, or none."""

    state: Literal["scored", "not scored", "missing"]


Wanted = ExpectNumber | ExpectCompared | ExpectOneOf | ExpectState


class Expectation(Record):
    """One expectation; `wanted` is a gate's word, a flag's state, or names, where that is what is asked."""

    kind: Literal["score", "result", "gate", "flag", "list", "comments"]
    key: str
    wanted: Wanted | bool | tuple[str, ...]
    because: tuple[str, ...]
    text: str
    place: Place = field(default=NOWHERE, compare=False)


class Example(Record):
    """One case: raw answers by question key, facts, comments by item; a table gives one Example a row."""

    title: str
    answers: Mapping[str, str]
    facts: Mapping[str, str]
    comments: Mapping[str, str]
    expectations: tuple[Expectation, ...]
    place: Place = field(default=NOWHERE, compare=False)
