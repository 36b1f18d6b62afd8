"""Numbers and dates that cannot be: something over nought, more digits than are read exactly, no such day."""

from collections.abc import Iterable

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist

DIGITS_BEFORE = 9
DIGITS_AFTER = 6


def impossible_literals(source: tree.Checklist, _checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB005 for every number out of bounds, RB505 for every date that is none."""
    yield from impossible_numbers(source)


def impossible_numbers(source: tree.Node) -> Iterable[Problem]:
    """The same for any file."""
    for number in tree.every(tree.Number, source):
        if number.exact is None:
            yield Problem("RB005", number.place, {"nought": number.written})
        elif _too_long(number.written):
            yield Problem("RB005", number.place, {"number": number.written})
    for day in tree.every(tree.Day, source):
        if day.day is None:
            yield Problem("RB505", day.place, {"written": day.written})


def _too_long(written: str) -> bool:
    whole, _, part = written.rstrip("%").partition(".")
    return len(part) > DIGITS_AFTER or any(len(half) > DIGITS_BEFORE for half in whole.split("/"))
