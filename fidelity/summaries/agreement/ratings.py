"""Ratings named by unit and rater -> a table of units, each with its ratings side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import isfinite
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")

NONE = -1  # stands in `codes` and `by` where a unit has fewer ratings than another


class Pairs(NamedTuple):
    """Every two ratings of one unit: the unit, the two raters, the two categories; by order of the raters."""

    unit: Whole
    first_rater: Whole
    second_rater: Whole
    first: Whole
    second: Whole


@dataclass(frozen=True)
class Ratings:
    """A row a unit; `codes` are places in `categories`, `by` places in `raters`, both in order of the raters.

    `values` is the number of each category: what it says on interval and ratio scales, its place on others.
    """

    level: Level
    raters: tuple[str, ...]
    categories: tuple[str, ...]
    values: Floats
    codes: Whole
    by: Whole

    @property
    def units(self) -> int:
        """How many units have a rating."""
        return len(self.codes)

    @cached_property
    def number(self) -> Whole:
        """How many ratings each unit has."""
        return np.asarray((self.codes != NONE).sum(axis=1), dtype=np.int64)

    @cached_property
    def paired(self) -> NDArray[np.bool_]:
        """Which units have two ratings or more."""
        return np.asarray(self.number >= 2)

    @cached_property
    def pairs(self) -> Pairs:
        """Every two ratings of one unit."""
        found = [self._pairs_of(left, right) for left, right in combinations(range(self.codes.shape[1]), 2)]
        if not found:
            nothing = np.zeros(0, dtype=np.int64)
            return Pairs(nothing, nothing, nothing, nothing, nothing)
        return Pairs(*(np.concatenate(parts) for parts in zip(*found, strict=True)))

    def _pairs_of(self, left: int, right: int) -> Pairs:
        (unit,) = np.nonzero(self.codes[:, right] != NONE)
        return Pairs(
            unit,
            self.by[unit, left],
            self.by[unit, right],
            self.codes[unit, left],
            self.codes[unit, right],
        )

    def of_units(self, chosen: NDArray[np.bool_]) -> "Ratings":
        """The same table with these units only."""
        return Ratings(
            self.level, self.raters, self.categories, self.values, self.codes[chosen], self.by[chosen]
        )


def rated(
    units: Sequence[str],
    raters: Sequence[str],
    answers: Sequence[str],
    level: Level,
    categories: Sequence[str] = (),
) -> Ratings:
    """The table of ratings given one by one; without categories those in the answers, numbers by size.

    On interval and ratio scales every answer, and every category, is a number.
    """
    listed = tuple(categories) or in_order(set(answers))
    _, unit = coded(units)
    rater_names, rater = coded(raters)
    place = {category: number for number, category in enumerate(listed)}
    code = np.fromiter((place[each] for each in answers), dtype=np.int64, count=len(answers))
    return side_by_side(OneByOne(unit, rater, code), rater_names, level, listed)


class OneByOne(NamedTuple):
    """Ratings one by one: the unit, the rater and the category of each; no category where it is none."""

    unit: Whole
    rater: Whole
    code: Whole


def side_by_side(
    given: OneByOne, raters: tuple[str, ...], level: Level, categories: tuple[str, ...]
) -> Ratings:
    """A table of them; units without any rating are not in it."""
    rating = given.code != NONE
    _, unit = np.unique(given.unit[rating], return_inverse=True)
    by_number = level in ("interval", "ratio")
    values = [float(each) for each in categories] if by_number else list(range(len(categories)))
    slots = _slots(unit, given.rater[rating], given.code[rating])
    return Ratings(level, raters, categories, np.array(values, dtype=np.float64), *slots)


def in_order(categories: Iterable[str]) -> tuple[str, ...]:
    """Numbers by size; with any other word among them, all by the alphabet."""
    known = sorted(categories)
    numbers = [as_number(each) for each in known]
    if None in numbers:
        return tuple(known)
    return tuple(sorted(known, key=float))


def as_number(text: str) -> float | None:
    """The number that a category says, where it says one."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def coded(names: Sequence[str]) -> tuple[tuple[str, ...], Whole]:
    """The different names in the order in which they come, and the place of each."""
    place: dict[str, int] = {}
    codes = [place.setdefault(name, len(place)) for name in names]
    return tuple(place), np.array(codes, dtype=np.int64)


def _slots(unit: Whole, rater: Whole, code: Whole) -> tuple[Whole, Whole]:
    number = np.bincount(unit)
    order = np.lexsort((rater, unit))
    starts = np.cumsum(number) - number
    slot = np.arange(len(unit)) - np.repeat(starts, number)
    shape = (len(number), int(number.max(initial=0)))
    codes, by = np.full(shape, NONE, dtype=np.int64), np.full(shape, NONE, dtype=np.int64)
    codes[unit[order], slot] = code[order]
    by[unit[order], slot] = rater[order]
    return codes, by
