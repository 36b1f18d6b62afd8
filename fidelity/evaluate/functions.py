"""The value of each of the language's functions for one observation: parts in, one exact number out."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from fidelity.model.expression import AggregateName

ONE = Fraction(1)


class Part(NamedTuple):
    """What one member brings in: its value, its weight (`ONE` itself if 1), the most it could be worth."""

    value: Fraction
    weight: Fraction
    top: Fraction


def mean(parts: Sequence[Part]) -> Fraction | None:
    """Weighted points over the weights."""
    plain = all(each.weight is ONE for each in parts)
    return over(_weighed(parts), Fraction(len(parts)) if plain else total([each.weight for each in parts]))


def added(parts: Sequence[Part]) -> Fraction:
    """Weighted points."""
    return _weighed(parts)


def percent(parts: Sequence[Part]) -> Fraction | None:
    """Weighted points over the most that the same parts allow; the bottom of the scale is not subtracted."""
    return over(
        _weighed(parts) * 100, total([top if weight is ONE else top * weight for _, weight, top in parts])
    )


def share(parts: Sequence[Part]) -> Fraction | None:
    """Members with value 1 in percent of all; every member counts the same."""
    return over(count(parts) * 100, Fraction(len(parts)))


def count(parts: Sequence[Part]) -> Fraction:
    """How many members have value 1."""
    return total([each.value for each in parts])


def lowest(parts: Sequence[Part]) -> Fraction:
    """The lowest value."""
    return min(each.value for each in parts)


def highest(parts: Sequence[Part]) -> Fraction:
    """The highest value."""
    return max(each.value for each in parts)


def median(parts: Sequence[Part]) -> Fraction:
    """The middle value; of an even number the exact middle of the two."""
    values = sorted(each.value for each in parts)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


Function = Callable[[Sequence[Part]], Fraction | None]

FUNCTIONS: dict[AggregateName, Function] = {
    "mean": mean,
    "sum": added,
    "percent": percent,
    "share": share,
    "count": count,
    "lowest": lowest,
    "highest": highest,
    "median": median,
}


def over(top: Fraction, bottom: Fraction) -> Fraction | None:
    """The quotient; nothing when there is nothing to divide by."""
    return top / bottom if bottom else None


def total(values: Sequence[Fraction]) -> Fraction:
    """The exact sum; whole numbers, by far the commonest points, are added as such."""
    ratios = [each.as_integer_ratio() for each in values]
    if all(bottom == 1 for _, bottom in ratios):
        return Fraction(sum(top for top, _ in ratios))
    return sum(values, Fraction(0))


def _weighed(parts: Sequence[Part]) -> Fraction:
    return total([value if weight is ONE else value * weight for value, weight, _ in parts])
