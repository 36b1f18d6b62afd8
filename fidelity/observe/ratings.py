"""A table of `unit,rater,value` -> ratings, the answers that are none, and everything that is wrong."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from fidelity.errors import Problem
from fidelity.model.number import plain_digits, read_number, written
from fidelity.model.scale import NON_ANSWERS, Choice, Misfit, NonAnswer, Scale
from fidelity.observe.alike import Seen, alike_in
from fidelity.observe.named_columns import Columns, NamedRow, named_rows
from fidelity.observe.table import Odd

COLUMNS = Columns(("unit", "rater", "value"))

_DECIMAL = re.compile(r"[+-]?\d{1,15}(\.\d{1,30})?([eE][+-]?\d{1,2})?")


class LongRatings(NamedTuple):
    """Three lists that belong together; the values are categories, or numbers written with a point."""

    units: list[str]
    raters: list[str]
    values: list[str]


class RatingsRead(NamedTuple):
    """What a table holds; `apart` are the rows without a rating: unit, rater and what was written instead."""

    ratings: LongRatings
    apart: tuple[tuple[str, str, NonAnswer], ...]
    problems: tuple[Problem, ...]


class Expected(NamedTuple):
    """What a value may be: one of the categories where there are any, a number, not below nought."""

    categories: tuple[str, ...] = ()
    numbers: bool = False
    from_nought: bool = False

    @property
    def are_known(self) -> bool:
        """Whether every category is known beforehand, so that none can be another one misspelt."""
        return self.numbers or bool(self.categories)


def read_ratings(path: Path, expected: Expected) -> RatingsRead:
    """The ratings of a CSV, XLSX or JSON file; every wrong cell is among the problems.

    So are, as warnings, units and raters that look like one and count as several; and the values where
    nobody has said which categories there are.
    """
    ratings, problems = LongRatings([], [], []), list[Problem]()
    codes: list[Seen] = []
    apart: list[tuple[str, str, NonAnswer]] = []
    seen: dict[tuple[str, str], int] = {}
    understood = _Understood(expected)
    for row in named_rows(path, COLUMNS):
        if isinstance(row, Problem):
            problems.append(row)
            continue
        wrong = [*_nameless(row), *_odd(row), *_again(row, seen)]
        problems += wrong
        unit, rater, text = (row.texts[name] for name in COLUMNS.compulsory)
        value = NonAnswer.MISSING if any(each.code == "RB503" for each in wrong) else understood.of(text)
        match value:
            case Misfit():
                problems.append(_misfit(row, text, value))
            case _ if wrong:
                continue
            case NonAnswer():
                apart.append((unit, rater, value))
                codes += _codes(row)
            case str():
                ratings.units.append(unit)
                ratings.raters.append(rater)
                ratings.values.append(value)
                codes += _codes(row, "" if expected.are_known else value)
    return RatingsRead(ratings, tuple(apart), (*problems, *alike_in(codes, what="time")))


def _nameless(row: NamedRow) -> Iterator[Problem]:
    for name in ("unit", "rater"):
        if not row.texts[name]:
            place, facts = row.spot(name)
            yield Problem("RB505", place, {**facts, "unnamed": f"a {name}"})


def _odd(row: NamedRow) -> Iterator[Problem]:
    """RB503 for a formula, a mistake or a truth value: what it stands for is not guessed."""
    for name in COLUMNS.compulsory:
        cell = row.row.cells[row.table.headings.index(name)]
        if isinstance(cell, Odd):
            place, facts = row.spot(name)
            said = {"answer": cell.text, "item": f"the {name}", cell.kind: cell.kind}
            yield Problem("RB503", place, {**facts, **said})


def _again(row: NamedRow, seen: dict[tuple[str, str], int]) -> Iterator[Problem]:
    unit, rater = row.texts["unit"], row.texts["rater"]
    number = row.row.number
    first = seen.setdefault((unit, rater), number)
    if first != number and unit and rater:
        place, facts = row.spot("unit")
        said = {"rated_unit": unit, "by_rater": rater, "first_row": first}
        yield Problem("RB506", place, {**facts, **said})


def _codes(row: NamedRow, value: str = "") -> Iterator[Seen]:
    place = (row.spot("unit").place,)
    for column, code in (("unit", row.texts["unit"]), ("rater", row.texts["rater"]), ("value", value)):
        yield Seen(column, code, 1, place)


def _misfit(row: NamedRow, text: str, why: Misfit) -> Problem:
    place, facts = row.spot("value")
    said = {"answer": text, "item": "the instrument" if why.code == "RB503" else "a rating here"}
    allowed = {"nearest": why.nearest, "allowed": why.allowed, "why": why.why}
    return Problem(why.code, place, {**facts, **said, **allowed})


class _Understood:
    """What each text says; a text that comes again is not looked at twice."""

    def __init__(self, expected: Expected) -> None:
        self._expected = expected
        choices = tuple(Choice(each, each) for each in expected.categories)
        self._scale = Scale("value", "value", "choice", choices) if choices else None
        self._known: dict[str, str | NonAnswer | Misfit] = {}

    def of(self, text: str) -> str | NonAnswer | Misfit:
        if text not in self._known:
            self._known[text] = self._read(text)
        return self._known[text]

    def _read(self, text: str) -> str | NonAnswer | Misfit:
        if not text or text in NON_ANSWERS:
            return NON_ANSWERS[text or NonAnswer.MISSING]
        if self._scale is not None:
            return _on_scale(text, self._scale)
        if self._expected.numbers:
            return _as_number(text, from_nought=self._expected.from_nought)
        number = read_number(text)
        return text if number is None else written(number)


def _on_scale(text: str, scale: Scale) -> str | Misfit:
    number = read_number(text)
    for choice in scale.choices:
        if choice.id == text or (number is not None and read_number(choice.id) == number):
            return choice.id
    found = scale.understand(text)
    nearest = found.nearest if isinstance(found, Misfit) else ""
    return Misfit("RB503", nearest or _alike(text, [each.id for each in scale.choices]), scale.allowed)


def _alike(text: str, categories: Sequence[str]) -> str:
    return next(iter(get_close_matches(text, categories, 1)), "")


def _as_number(text: str, *, from_nought: bool) -> str | Misfit:
    allowed = (
        "a number from 0 on, with a point before decimals"
        if from_nought
        else "a number, with a point before decimals"
    )
    plain = plain_digits(text).replace("−", "-")
    if not _DECIMAL.fullmatch(plain):
        return Misfit("RB504", "", allowed, "is not a number")
    number = float(plain)
    if from_nought and number < 0:
        return Misfit("RB504", "0", allowed, "is below nought, where a ratio scale ends")
    return str(int(number)) if number.is_integer() else repr(number)
