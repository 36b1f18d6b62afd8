"""Bounds of sums, products and quotients in columns; an open end is one that is not known."""

from fractions import Fraction
from typing import NamedTuple

import polars as pl

from fidelity.evaluate.columns.number import (
    NOTHING,
    Exact,
    all_of,
    any_of,
    constant,
    either,
    higher,
    lower,
    negative,
    product,
    quotient,
    total,
    where,
)
from fidelity.evaluate.columns.plan import Plan
from fidelity.model.expression import Operator

NOUGHT, ONE = constant(Fraction(0)), constant(Fraction(1))


class Interval(NamedTuple):
    """From the lowest to the highest that a value can be, in each row."""

    low: Exact
    high: Exact


ANYTHING = Interval(NOTHING, NOTHING)


def joined(plan: Plan, operator: Operator, left: Interval, right: Interval) -> Interval:
    """The bounds of `left operator right`, as if the two had nothing to do with each other."""
    match operator:
        case "+":
            return Interval(total(plan, [left.low, right.low]), total(plan, [left.high, right.high]))
        case "-":
            return joined(plan, "+", left, Interval(negative(right.high), negative(right.low)))
        case "*":
            return _times(plan, left, right)
        case "/":
            return _times(plan, left, _inverse(plan, right))


def only_where(condition: pl.Expr, each: Interval) -> Interval:
    """The bounds where the condition holds, and none elsewhere."""
    return Interval(where(condition, each.low), where(condition, each.high))


def _times(plan: Plan, left: Interval, right: Interval) -> Interval:
    lows, highs = product(plan, left.low, right.low), product(plan, left.high, right.high)
    if not any(each.signed for each in (*left, *right)):
        return Interval(lows, where(lows.known, highs))
    corners = [lows, product(plan, left.low, right.high), product(plan, left.high, right.low), highs]
    lowest, highest = corners[0], corners[0]
    for each in corners[1:]:
        lowest, highest = lower(plan, lowest, each), higher(plan, highest, each)
    full = plan.keep(all_of([lows.known, highs.known]))
    above = plan.keep(all_of([lows.known, left.low.top >= 0, right.low.top >= 0]))
    return Interval(
        where(full | above, either(plan, full, lowest, lows)),
        where(full | above, either(plan, full, highest, highs)),
    )


def _inverse(plan: Plan, each: Interval) -> Interval:
    """One over it; only a divisor that cannot be below zero leaves bounds."""
    low, high = each
    bounded = [low.known, ~any_of([high.known & (high.top == 0)])]
    if low.signed:
        bounded.append(low.top >= 0)
    fits = plan.keep(all_of(bounded))
    least = either(plan, high.known, quotient(plan, ONE, high), NOUGHT)
    return only_where(fits, Interval(least, quotient(plan, ONE, low)))
