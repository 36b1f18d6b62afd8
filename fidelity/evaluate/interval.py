"""Bounds of sums, products and quotients: two intervals in, one out; an open end is None."""

from fractions import Fraction
from itertools import product
from typing import NamedTuple

from fidelity.model.expression import Operator


class Interval(NamedTuple):
    """From the lowest to the highest that a value can be; None where there is no bound."""

    low: Fraction | None
    high: Fraction | None


ANYTHING = Interval(None, None)


def joined(operator: Operator, left: Interval, right: Interval) -> Interval:
    """The bounds of `left operator right`, as if the two had nothing to do with each other."""
    match operator:
        case "+":
            return Interval(_plus(left.low, right.low), _plus(left.high, right.high))
        case "-":
            return joined("+", left, _negative(right))
        case "*":
            return _times(left, right)
        case "/":
            return _times(left, _inverse(right))


def _plus(first: Fraction | None, second: Fraction | None) -> Fraction | None:
    return None if first is None or second is None else first + second


def _negative(each: Interval) -> Interval:
    low, high = each
    return Interval(None if high is None else -high, None if low is None else -low)


def _times(left: Interval, right: Interval) -> Interval:
    ends = [end for each in (left, right) for end in each]
    known = [end for end in ends if end is not None]
    if len(known) == len(ends):
        corners = [first * second for first, second in product(_ends(left), _ends(right))]
        return Interval(min(corners), max(corners))
    if left.low is not None and right.low is not None and left.low >= 0 and right.low >= 0:
        high = None if left.high is None or right.high is None else left.high * right.high
        return Interval(left.low * right.low, high)
    return ANYTHING


def _ends(each: Interval) -> list[Fraction]:
    return [end for end in each if end is not None]


def _inverse(each: Interval) -> Interval:
    """One over it; only a divisor that cannot be below zero leaves bounds."""
    low, high = each
    if low is None or low < 0 or high == 0:
        return ANYTHING
    return Interval(1 / high if high is not None else Fraction(0), 1 / low if low else None)
