"""What is known about every observation while a checklist is compiled: the columns that rules read."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import lcm
from typing import NamedTuple

import polars as pl

from fidelity.evaluate.columns.answers import Answers
from fidelity.evaluate.columns.number import (
    FALSE,
    TRUE,
    Exact,
    all_of,
    any_of,
    constant,
    either,
    holds,
    kept,
    negative,
    total,
    width,
)
from fidelity.evaluate.columns.plan import Plan
from fidelity.evaluate.findings import does_not_apply
from fidelity.model.checklist import Checklist, Question
from fidelity.model.number import read_number
from fidelity.model.scale import Band, Bins


class Verdict(NamedTuple):
    """A condition as two columns: whether it can be true, and whether it can be false."""

    can_be_true: pl.Expr
    can_be_false: pl.Expr

    @property
    def true(self) -> pl.Expr:
        """Whether it surely holds."""
        return ~self.can_be_false

    @property
    def false(self) -> pl.Expr:
        """Whether it surely does not hold."""
        return ~self.can_be_true

    @property
    def undecided(self) -> pl.Expr:
        """Whether it may hold and may not."""
        return self.can_be_true & self.can_be_false


ALWAYS = Verdict(TRUE, FALSE)
MOST_COMPARED = 5  # answers


class Asked(NamedTuple):
    """A question or fact: its answers, the column of their numbers, and of values where it has one."""

    answers: Answers
    code: pl.Expr
    value: Exact | None = None
    points: Exact | None = None


class ScoreColumns(NamedTuple):
    """A score in columns; `why` is the number of the reason for which it has no value, 0 where it has one.

    `certain` says that its bounds are its value because nothing was left open, and not by coincidence.
    """

    exact: Exact
    low: Exact
    high: Exact
    answered: pl.Expr
    applicable: pl.Expr
    why: pl.Expr
    certain: pl.Expr


@dataclass(slots=True)
class Known:
    """Grows while a checklist is compiled, in its order of work; results are masks of possible levels.

    `recorded` are the questions as they were answered, where that may differ from what rules see. `deciding`
    is what tells why a condition is as it is: rows that agree there have the same reasons, as far as nothing
    stayed open; `inline` says that reasons may name answers inside a formula, too. `by_nought` says where a
    division inside a formula has nothing to divide by, which only its numbers tell.
    """

    checklist: Checklist
    plan: Plan = field(default_factory=Plan)
    asked: dict[str, Asked] = field(default_factory=dict)
    facts: dict[str, Asked] = field(default_factory=dict)
    applies: Verdict = ALWAYS
    scores: dict[str, ScoreColumns] = field(default_factory=dict)
    results: dict[str, pl.Expr] = field(default_factory=dict)
    gates: dict[str, Verdict] = field(default_factory=dict)
    absent_groups: dict[str, pl.Expr] = field(default_factory=dict)
    recorded: dict[str, Asked] = field(default_factory=dict)
    deciding: list[tuple[pl.Expr, int]] = field(default_factory=list)  # a column, and how many bits it has
    unsure: list[pl.Expr] = field(default_factory=list)  # where reasons name blanks, for all that may hold
    by_nought: list[pl.Expr] = field(default_factory=list)
    inline: bool = False


def aside(known: Known) -> Known:
    """The same for what nobody is told the reasons of: it makes no two rows different."""
    return replace(known, deciding=[], unsure=[], by_nought=[])


def listed(asked: Asked, entries: Sequence[int] | Sequence[bool], kind: type[pl.DataType]) -> pl.Expr:
    """For each row what stands in a list at the number of its answer."""
    return listed_at(asked.code, entries, kind)


def listed_at(number: pl.Expr, entries: Sequence[int] | Sequence[bool], kind: type[pl.DataType]) -> pl.Expr:
    """For each row what stands in a list at its number."""
    if len(set(entries)) == 1:
        return pl.lit(entries[0], dtype=kind)
    return pl.lit(pl.Series(entries, dtype=kind)).gather(number)


def told(asked: Asked, entries: Sequence[bool]) -> pl.Expr:
    """Whether the list says so of the answer in each row; to compare is much faster than to look up."""
    true = [number for number, entry in enumerate(entries) if entry]
    false = [number for number, entry in enumerate(entries) if not entry]
    if not true or not false:
        return listed(asked, entries, pl.Boolean)
    if len(true) <= MOST_COMPARED:
        return any_of([asked.code == number for number in true])
    if len(false) <= MOST_COMPARED:
        return all_of([asked.code != number for number in false])
    return listed(asked, entries, pl.Boolean)


def listed_exact(plan: Plan, asked: Asked, entries: Sequence[Fraction | None]) -> Exact:
    """The fraction that stands in a list at the number of the answer in each row."""
    known = [each for each in entries if each is not None]
    bottom = lcm(*(each.denominator for each in known))
    tops = [0 if each is None else int(each * bottom) for each in entries]
    most = max(map(abs, tops))
    column = listed(asked, tops, width(most))
    found = told(asked, [each is not None for each in entries])
    return kept(plan, Exact(column, bottom, found, most, bottom, bottom, min(tops) < 0))


def has_value(asked: Asked) -> pl.Expr:
    """Whether the answer stands in the column of values."""
    return told(asked, [number == asked.answers.number for number in range(len(asked.answers.listed))])


def with_values(plan: Plan, asked: Asked, found: Exact, values: Exact | None) -> Exact:
    """The listed numbers and, where the answer stands in the column of values, those."""
    return found if values is None else either(plan, has_value(asked), values, found)


def value_among(value: Exact, codes: Iterable[str]) -> pl.Expr:
    """Whether the value is one of the numbers that are written so."""
    numbers = [number for each in codes if (number := read_number(each)) is not None]
    return any_of([holds(value, "is", constant(each)) for each in numbers])


def recorded_as(asked: Asked, codes: Set[str]) -> pl.Expr:
    """Whether the answer in each row is written so."""
    found = told(asked, [each.code in codes for each in asked.answers.listed])
    return found if asked.value is None else found | (has_value(asked) & value_among(asked.value, codes))


def decided(known: Known, key: str) -> pl.Expr:
    """Whether a result has its level: one is possible, and the checklist is known to apply."""
    possible = known.results[key]
    one = (possible != 0) & ((possible & (possible - 1)) == 0)
    return all_of([one, *([] if known.applies is ALWAYS else [~known.applies.undecided])])


# ---- numbers that have a column


def points_of(plan: Plan, question: Question, value: Exact) -> Exact:
    """The points of a raw number: binned, then turned round if the item is reversed."""
    worth = value if question.bins is None else _binned(plan, question.bins, value)
    if not question.reversed or not question.points:
        return worth
    lowest, highest = question.points[0], question.points[-1]
    return total(plan, [constant(lowest + highest), negative(worth)])


def _binned(plan: Plan, bins: Bins, value: Exact) -> Exact:
    worth = value
    for points, band in reversed(bins.bins):
        worth = either(plan, _inside(band, value), constant(points), worth)
    return worth


def _inside(band: Band, value: Exact) -> pl.Expr:
    above = (
        TRUE
        if band.lowest is None
        else holds(value, "at least" if band.with_lowest else "above", constant(band.lowest))
    )
    below = (
        TRUE
        if band.highest is None
        else holds(value, "at most" if band.with_highest else "below", constant(band.highest))
    )
    return all_of([above, below])


# ---- groups


def absent(known: Known, group: str) -> pl.Expr:
    """Whether a group does not apply, because none of its items does; free text does not count."""
    if group not in known.absent_groups:
        checklist = known.checklist
        keys = [
            each.key
            for each in checklist.questions
            if group and checklist.item[each.item].group == group and each.scale.kind != "text"
        ]
        gone = all_of([set_aside(known.asked[key]) for key in keys]) if keys else FALSE
        known.absent_groups[group] = known.plan.keep(gone)
    return known.absent_groups[group]


def set_aside(asked: Asked) -> pl.Expr:
    """Whether the question does not apply."""
    return told(asked, [does_not_apply(each) for each in asked.answers.listed])
