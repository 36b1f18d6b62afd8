"""A function of the language over several members, in columns: how many there are, and its value."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Literal, NamedTuple

import polars as pl

from fidelity.evaluate.columns.known import Known, listed, told
from fidelity.evaluate.columns.members import Cell, Listed, Member, Reading
from fidelity.evaluate.columns.number import (
    NOTHING,
    TRUE,
    Exact,
    all_of,
    any_of,
    constant,
    counted,
    higher,
    kept,
    lower,
    on_one_bottom,
    product,
    quotient,
    total,
    where,
    whole,
    width,
)
from fidelity.evaluate.columns.packed import added_up
from fidelity.evaluate.columns.plan import Plan
from fidelity.evaluate.member import weight_and_top
from fidelity.model.expression import Aggregate, AggregateName

End = Literal[0, 1, 2]  # the value, the lowest, the highest that it could be
ONE = Fraction(1)


class OfList(NamedTuple):
    """A member with a list of answers, its weight, and what it adds below the line."""

    member: Listed
    weight: Fraction
    below: Fraction


class OfReading(NamedTuple):
    """A member with columns of its own, its weight, and what it adds below the line."""

    member: Reading
    weight: Fraction
    below: Fraction


class Over(NamedTuple):
    """Members counted: those that are there, those answered, whether nothing was left open; and the value."""

    found: pl.Expr
    answered: pl.Expr
    certain: pl.Expr
    value: Callable[[End], Exact]


def over(known: Known, node: Aggregate, members: Sequence[Member]) -> Over:
    """The function over its members."""
    measures = [weight_and_top(known.checklist, each) for each in node.over]
    lists: list[OfList] = []
    readings: list[OfReading] = []
    for member, (weight, top) in zip(members, measures, strict=True):
        measure = _measure(node.function, weight, top)
        if isinstance(member, Listed):
            lists.append(OfList(member, *measure))
        else:
            readings.append(OfReading(member, *measure))
    plan, sums = known.plan, _Sums(known.plan, lists)
    found = plan.keep(sums.number("found", [each.member.present for each in readings]))
    answered = plan.keep(sums.number("answered", [_included(each.member, 0) for each in readings]))
    certain = all_of(
        [
            plan.keep(sums.number("found") == sums.number("answered")),
            *(~each.member.present | each.member.certain for each in readings),
        ]
    )
    value = VALUES[node.function]
    return Over(found, answered, certain, lambda end: value(plan, sums, readings, end))


def _measure(function: AggregateName, weight: Fraction, top: Fraction) -> tuple[Fraction, Fraction]:
    """The weight of a member, and what it adds below the line; only some functions know of weights."""
    match function:
        case "mean" | "sum":
            return weight, weight
        case "percent":
            return weight, weight * top
        case "share" | "count" | "lowest" | "highest" | "median":
            return ONE, ONE


class _Sums:
    """The sums over members with lists, worked out together."""

    def __init__(self, plan: Plan, parts: Sequence[OfList]) -> None:
        self.parts = parts
        cells = [cell for each in parts for cell in each.member.cells if cell is not None]
        weights = lcm(*(each.weight.denominator for each in parts))
        points = lcm(*(end.denominator for cell in cells for end in cell if end is not None))
        self.bottom = weights * points
        self.below = lcm(*(each.below.denominator for each in parts))
        self._sums = added_up(plan, [each.member.asked for each in parts], self._wanted()) if parts else {}

    def number(self, name: str, others: Sequence[pl.Expr] = ()) -> pl.Expr:
        """A count, with those of the others that are true."""
        if not self._sums:
            return counted(others)
        return self._sums[name].column + counted(others) if others else self._sums[name].column

    def top(self, end: End) -> Exact:
        """The weighted values of the members that are answered or, for an end, there."""
        if not self._sums:
            return constant(Fraction(0))
        found = self._sums[f"top{end}"]
        missing = f"open{end}"
        known = TRUE if end == 0 else self._sums[missing].column == 0
        return Exact(found.column, self.bottom, known, found.most, self.bottom, self.bottom, found.signed)

    def bottom_line(self, end: End) -> Exact:
        """What the same members add below the line."""
        if not self._sums:
            return constant(Fraction(0))
        found = self._sums["below0" if end == 0 else "below"]
        return Exact(found.column, self.below, TRUE, found.most, self.below, self.below)

    def _wanted(self) -> dict[str, list[list[int]]]:
        return {
            "found": self._each(lambda _, __: 1),
            "answered": self._each(lambda cell, _: int(cell[0] is not None)),
            "open1": self._each(lambda cell, _: int(cell[1] is None)),
            "open2": self._each(lambda cell, _: int(cell[2] is None)),
            **{f"top{end}": self._each(self._worth(end)) for end in range(3)},
            "below0": self._each(lambda cell, of: 0 if cell[0] is None else int(of.below * self.below)),
            "below": self._each(lambda _, of: int(of.below * self.below)),
        }

    def _worth(self, end: int) -> Callable[[Cell, OfList], int]:
        def worth(cell: Cell, of: OfList) -> int:
            value = cell[end]
            return 0 if value is None else int(value * of.weight * self.bottom)

        return worth

    def _each(self, work: Callable[[Cell, OfList], int]) -> list[list[int]]:
        return [[0 if cell is None else work(cell, of) for cell in of.member.cells] for of in self.parts]


# ---- the values


def _included(reading: Reading, end: End) -> pl.Expr:
    return reading.present & reading.exact.known if end == 0 else reading.present


def _weighed(plan: Plan, sums: _Sums, opened: Sequence[OfReading], end: End) -> Exact:
    """Weighted values added up; an end is known where all of them are."""
    parts = [sums.top(end), *(_part(plan, each, end) for each in opened)]
    return total(plan, parts) if len(parts) > 1 else parts[0]


def _part(plan: Plan, of: OfReading, end: End) -> Exact:
    """One value with its weight; nought where it does not count."""
    value = (of.member.exact, of.member.low, of.member.high)[end]
    counts = plan.keep(_included(of.member, end))
    weighed = value if of.weight == 1 else product(plan, value, constant(of.weight))
    top = pl.when(counts).then(weighed.top).otherwise(whole(0, weighed.most))
    return kept(plan, weighed._replace(top=top, known=~counts | weighed.known))


def _below(plan: Plan, sums: _Sums, opened: Sequence[OfReading], end: End) -> Exact:
    parts = [sums.bottom_line(end), *(_part_below(plan, each, end) for each in opened)]
    return total(plan, parts) if len(parts) > 1 else parts[0]


def _part_below(plan: Plan, of: OfReading, end: End) -> Exact:
    top, bottom = of.below.as_integer_ratio()
    counts = _included(of.member, end)
    column = pl.when(counts).then(whole(top, top)).otherwise(whole(0, top))
    return kept(plan, Exact(column, bottom, TRUE, top, bottom, bottom))


def _mean(plan: Plan, sums: _Sums, opened: Sequence[OfReading], end: End) -> Exact:
    return quotient(plan, _weighed(plan, sums, opened, end), _below(plan, sums, opened, end))


def _percent(plan: Plan, sums: _Sums, opened: Sequence[OfReading], end: End) -> Exact:
    hundred = constant(Fraction(100))
    top = product(plan, _weighed(plan, sums, opened, end), hundred)
    return quotient(plan, top, _below(plan, sums, opened, end))


def _ordered(plan: Plan, sums: _Sums, opened: Sequence[OfReading], end: End, *, lowest: bool) -> Exact:
    """The lowest or the highest; those with lists by columns of one bottom, the others two by two."""
    choose = lower if lowest else higher
    known, values = _values(plan, sums, opened, end)
    return where(known, reduce(lambda first, second: choose(plan, first, second), values, NOTHING))


def _values(plan: Plan, sums: _Sums, opened: Sequence[OfReading], end: End) -> tuple[pl.Expr, list[Exact]]:
    """Whether every value that counts is known; and the values, known where they count."""
    members = [of.member for of in opened]
    values = [(each.exact, each.low, each.high)[end] for each in members]
    counts = [plan.keep(_included(each, end)) for each in members]
    missing = [one & ~value.known for one, value in zip(counts, values, strict=True)]
    found = [where(one, value) for one, value in zip(counts, values, strict=True)]
    found += [_listed_value(plan, each.member, sums.bottom, end) for each in sums.parts]
    missing += [_is_open(each.member, end) for each in sums.parts if end]
    return plan.keep(~any_of(missing)), [kept(plan, each) for each in found]


def _listed_value(plan: Plan, member: Listed, bottom: int, end: End) -> Exact:
    tops = [
        None if cell is None or (value := cell[end]) is None else int(value * bottom) for cell in member.cells
    ]
    most = max((abs(each) for each in tops if each is not None), default=0)
    column = listed(member.asked, [each or 0 for each in tops], width(most))
    known = told(member.asked, [each is not None for each in tops])
    signed = any(each is not None and each < 0 for each in tops)
    return kept(plan, Exact(column, bottom, known, most, bottom, bottom, signed))


def _is_open(member: Listed, end: End) -> pl.Expr:
    return told(member.asked, [cell is not None and cell[end] is None for cell in member.cells])


def _median(plan: Plan, sums: _Sums, opened: Sequence[OfReading], end: End) -> Exact:
    """The middle one, or half of the two in the middle."""
    known, values = _values(plan, sums, opened, end)
    raised, one = on_one_bottom(plan, values)
    most = max(size for _, size in raised)
    kind = width(2 * most)
    cells = [
        pl.when(value.known).then(top.cast(kind)) for value, (top, _) in zip(values, raised, strict=True)
    ]
    inside = plan.keep(pl.concat_list(cells).list.drop_nulls().list.sort())
    number = inside.list.len().cast(pl.Int64)
    low, high = (
        inside.list.get(at, null_on_oob=True).fill_null(0) for at in ((number - 1) // 2, number // 2)
    )
    pair = one._replace(
        top=pl.when(number > 0).then(low + high).otherwise(0).cast(kind),
        known=known & (number > 0),
        most=2 * most,
        signed=any(each.signed for each in values),
    )
    return product(plan, kept(plan, pair), constant(Fraction(1, 2)))


Value = Callable[[Plan, _Sums, Sequence[OfReading], End], Exact]

VALUES: dict[AggregateName, Value] = {
    "mean": _mean,
    "sum": _weighed,
    "percent": _percent,
    "share": _percent,
    "count": _weighed,
    "lowest": lambda *each: _ordered(*each, lowest=True),
    "highest": lambda *each: _ordered(*each, lowest=False),
    "median": _median,
}
