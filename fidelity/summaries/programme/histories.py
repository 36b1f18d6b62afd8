"""Runs the histories of a programme: what its author expects after each row, against what comes out."""

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from fidelity.model.claim import number_in
from fidelity.model.number import rounded, written
from fidelity.model.programme import Expected, History, Programme
from fidelity.summaries.programme.pathway import After, Pathway
from fidelity.summaries.sampling.draw import Planned


class Unmet(NamedTuple):
    """An expectation that did not hold: where it stands, what it says, what came out."""

    file: str
    line: int
    history: str
    expected: str
    got: str


class HistoryRun(NamedTuple):
    """How many expectations held, and those that did not."""

    passed: int
    unmet: tuple[Unmet, ...]


def run(programme: Programme) -> HistoryRun:
    """All histories of a programme."""
    outcomes = [each for history in programme.histories for each in _outcomes(programme, history)]
    unmet = tuple(each for each in outcomes if each is not None)
    return HistoryRun(len(outcomes) - len(unmet), unmet)


def _outcomes(programme: Programme, history: History) -> Iterator[Unmet | None]:
    """One entry for each expectation: nothing where it holds."""
    way = Pathway(programme, history.facts, [each.row for each in history.rows])
    for number, each in enumerate(history.rows, 1):
        after = way.after(number, each.row.day)
        for expected in each.expected:
            yield _outcome(history, expected, _got(expected, after, each.row.id or str(number - 1)))
    last = way.after(len(history.rows), history.rows[-1].row.day if history.rows else dt.date.min)
    for expected in history.expected:
        yield _outcome(history, expected, _got(expected, last, ""))


def _outcome(history: History, expected: Expected, got: str) -> Unmet | None:
    if _agree(expected.wanted, got):
        return None
    says = {"contacts": "contacts of ", "duration": "duration of "}.get(expected.kind, "") + expected.name
    place = expected.place
    return Unmet(place.file, place.line, history.title, f"{says} is {expected.wanted}", got)


def _agree(wanted: str, got: str) -> bool:
    """The same word, or the exact number after rounding to the places written; a fraction is exact."""
    if wanted == got:
        return True
    number, exact = number_in(wanted), number_in(got)
    if number is None or exact is None:
        return False
    places = len(wanted.rstrip("%").partition(".")[2])
    return number == (exact if "/" in wanted else rounded(exact, places))


def _got(expected: Expected, after: After, session: str) -> str:
    name = expected.name
    match expected.kind:
        case "stage":
            return after.stages[name]
        case "contacts":
            return after.doses[name].contacts
        case "duration":
            return after.doses[name].duration
        case "drift":
            return after.drifts[name]
        case "figure":
            return _figure(after.figures[name])
        case "sample":
            return _in_sample(after.planned[name], session)
        case "planned":
            return str(len(after.planned[name].taken))


def _figure(value: Fraction | None) -> str:
    return "missing" if value is None else written(value)


def _in_sample(found: Planned, session: str) -> str:
    if session in found.fixed:
        return "taken"
    return "pool" if session in found.pool else "not in the pool"
