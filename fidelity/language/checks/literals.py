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
    for node in tree.walked(source):
        match node:
            case tree.Number(written, None):
                yield Problem("RB005", node.place, {"nought": written})
            case tree.Number(written) if _too_long(written):
                yield Problem("RB005", node.place, {"number": written})
            case tree.Day(written, day=None):
                yield Problem("RB505", node.place, {"written": written})
            case _:
                pass


def _too_long(written: str) -> bool:
    whole, _, part = written.rstrip("%").partition(".")
    return len(part) > DIGITS_AFTER or any(len(half) > DIGITS_BEFORE for half in whole.split("/"))
