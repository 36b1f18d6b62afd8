"""Many exact numbers at once: whole numbers over one denominator, whose sums and means stay exact."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]
# Of any whole kind; where the numbers outgrow 64 bits, an array of Python's own.
Whole = NDArray[Any]

MOST = 2**62
MOST_IN_FLOAT = 2**53


class Exact(NamedTuple):
    """Numbers, each a whole numerator over the denominator of all; nought where it is not `known`."""

    numerators: Whole
    denominator: int
    known: Flags

    @property
    def floats(self) -> Vector:
        """The nearest floats: equal numbers give equal floats, however they came about."""
        return divided(self.numerators, self.denominator)

    @property
    def listed(self) -> list[float | None]:
        """The same as a list, with None for what is not known."""
        pairs = zip(self.floats.tolist(), self.known.tolist(), strict=True)
        return [number if known else None for number, known in pairs]

    def at(self, places: Places | Flags) -> "Exact":
        """The numbers at these places."""
        return Exact(self.numerators[places], self.denominator, self.known[places])

    def equals(self, value: Fraction) -> Flags:
        """Which of them are known and are this number."""
        there = value * self.denominator
        alike = self.numerators == there.numerator if there.denominator == 1 else np.zeros_like(self.known)
        return self.known & np.asarray(alike, dtype=np.bool_)

    def at_least(self, bar: Fraction) -> Flags:
        """Which of them are known and not below a bar."""
        numerators = roomy(self.numerators, bar.denominator)
        over = numerators * bar.denominator >= bar.numerator * self.denominator
        return self.known & over.astype(np.bool_)


def exact(values: Iterable[Fraction | None]) -> Exact:
    """Fractions, laid down side by side; None is not known."""
    pairs = [(0, 0) if each is None else each.as_integer_ratio() for each in values]
    bottoms = [bottom for _, bottom in pairs]
    common = lcm(*(each for each in set(bottoms) if each))
    factors = {each: common // each if each else 0 for each in set(bottoms)}
    numerators = [top * factors[bottom] for top, bottom in pairs]
    small = max(map(abs, numerators), default=0) < MOST
    return Exact(
        np.array(numerators, dtype=np.int64 if small else object), common, np.array(bottoms, dtype=np.bool_)
    )


def added(numbers: Sequence[Exact], times: Sequence[Fraction], plus: Sequence[Fraction]) -> Exact:
    """For each place the sum of what is known of several numbers, each so many times and so much more."""
    common = lcm(
        *(each.denominator * number.denominator for each, number in zip(times, numbers, strict=True)),
        *(each.denominator for each in plus),
    )
    parts = 2 * len(numbers)
    total = sum(
        roomy(number.numerators, abs(by := int(each * common / number.denominator)) * parts) * by
        + roomy(number.known.astype(np.int64), abs(by := int(more * common)) * parts) * by
        for number, each, more in zip(numbers, times, plus, strict=True)
    )
    known = np.logical_or.reduce([each.known for each in numbers])
    return Exact(np.asarray(total), common, known)


def ratios(tops: Whole, bottoms: Whole, denominator: int = 1) -> Exact:
    """Whole numbers over a denominator, each divided by its own; not known where that is nought."""
    distinct = np.unique(bottoms)
    common = lcm(*(each for each in distinct.tolist() if each))
    factors = np.array([common // each if each else 0 for each in distinct.tolist()], dtype=object)
    largest = max(factors, default=0)
    factors = factors.astype(np.int64) if largest < MOST else factors
    numerators = roomy(tops, largest) * factors[np.searchsorted(distinct, bottoms)]
    return Exact(numerators, denominator * common, np.asarray(bottoms != 0))


def runs(amounts: Whole | Flags, sizes: Places) -> Whole:
    """The sums of so many amounts each, one run after the other; no amount is nought."""
    ends = np.cumsum(sizes)
    totals = np.append(0, np.cumsum(roomy(amounts, len(amounts))))
    found: Whole = totals[ends] - totals[ends - sizes]
    return found


def means(numbers: Exact, sizes: Places) -> Exact:
    """The mean of what is known in each run."""
    return ratios(runs(numbers.numerators, sizes), runs(numbers.known, sizes), numbers.denominator)


def means_by(numbers: Exact, group: Places, groups: int) -> Exact:
    """The mean of what is known in each group, wherever it lies; group -1 is none."""
    order = np.argsort(group, kind="stable")[int((group < 0).sum()) :]
    return means(numbers.at(order), np.bincount(group[order], minlength=groups))


def roomy(numbers: Whole | Flags, growth: int) -> Whole:
    """The same numbers in a kind of array in which they may grow so many times."""
    if numbers.dtype == np.bool_:
        return numbers.astype(np.int64)
    largest = max(int(numbers.max(initial=0)), -int(numbers.min(initial=0)))
    return numbers.astype(np.int64 if max(1, largest) * max(1, growth) < MOST else object)


def divided(numerators: Whole, denominator: int) -> Vector:
    """Each rounded once, as floats that hold both whole numbers are when they are divided."""
    largest = max(denominator, int(numerators.max(initial=0)), -int(numerators.min(initial=0)))
    if largest < MOST_IN_FLOAT:
        return np.asarray(numerators.astype(np.int64) / denominator, dtype=np.float64)
    return np.array([each / denominator for each in numerators.tolist()], dtype=np.float64)
