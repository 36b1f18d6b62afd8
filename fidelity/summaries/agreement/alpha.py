"""Ratings of any level, gaps included -> Krippendorff's alpha: 1 - observed / expected disagreement.

Krippendorff 2011, Computing Krippendorff's alpha-reliability. Only units with two ratings or more take part.
"""

import numpy as np

from fidelity.model.summary import Estimate
from fidelity.summaries.agreement.nominal import ALL_ALIKE, NO_PAIRS, ONE_UNIT, TOO_MANY
from fidelity.summaries.agreement.ratings import NONE, Floats, Level, Ratings
from fidelity.summaries.agreement.resampling import counted, estimated

# Ratios have no short cut: every two values are compared.
MOST_RATIOS = 2000
ROUNDING = 1e-12
TOO_MANY_RATIOS = f"there are more than {MOST_RATIOS} different values to compare as ratios"


def alpha(ratings: Ratings, level: Level | None = None) -> Estimate:
    """Alpha by the ratings' own level, or by a lower one."""
    both = ratings.of_units(ratings.paired)
    if both.units < 2:
        return Estimate(reason=ONE_UNIT if both.units else NO_PAIRS)
    match level or ratings.level:
        case "nominal":
            return _by_category(both)
        case "ordinal":
            return _by_number(both, _middle_ranks(both))
        case "interval":
            return _by_number(both, both.values)
        case "ratio":
            return _by_ratio(both)


def _by_number(ratings: Ratings, values: Floats) -> Estimate:
    """Disagreement is the squared difference, so sums of squares serve for every two ratings."""
    given = ratings.codes != NONE
    number = np.where(given, _from_the_middle(values, values[ratings.codes[given]])[ratings.codes], 0.0)
    sums, squares = number.sum(axis=1), (number**2).sum(axis=1)
    observed = (ratings.number * squares - sums**2) / (ratings.number - 1)

    def formula(observed: Floats, n: Floats, sums: Floats, squares: Floats) -> Floats:
        expected = n * squares - sums**2
        return _alpha(observed, n, np.where(expected > ROUNDING * n**2, expected, 0.0))

    columns = (each.astype(np.float64)[:, None] for each in (observed, ratings.number, sums, squares))
    return estimated(tuple(columns), formula, ALL_ALIKE)


def _from_the_middle(values: Floats, given: Floats) -> Floats:
    """The values as parts of the range that was used, around their mean: small numbers square safely."""
    return np.asarray((values - given.mean()) / (float(np.ptp(given)) or 1.0))


def _middle_ranks(ratings: Ratings) -> Floats:
    """The ordinal metric is the squared difference of middle ranks; draws keep those of the whole table."""
    counts = np.bincount(ratings.codes[ratings.codes != NONE], minlength=len(ratings.categories))
    return np.asarray(np.cumsum(counts) - counts / 2)


def _by_category(ratings: Ratings) -> Estimate:
    """Two ratings differ or they do not."""
    pairs = ratings.pairs
    differing = (pairs.first != pairs.second).astype(np.float64)
    if len(ratings.categories) > MOST_RATIOS:
        return Estimate(reason=TOO_MANY)

    def formula(observed: Floats, counts: Floats) -> Floats:
        n = counts.sum(axis=1, keepdims=True)
        return _alpha(observed, n, n**2 - (counts**2).sum(axis=1, keepdims=True))

    return estimated((_observed(ratings, differing), _counts(ratings)), formula, ALL_ALIKE)


def _by_ratio(ratings: Ratings) -> Estimate:
    """Two ratings differ by the square of difference over sum; nought and nought do not differ."""
    if len(ratings.categories) > MOST_RATIOS:
        return Estimate(reason=TOO_MANY_RATIOS)
    left, right = ratings.values[:, None], ratings.values[None, :]
    together = left + right
    apart = np.where(together > 0, (left - right) / np.where(together > 0, together, 1.0), 0.0) ** 2
    pairs = ratings.pairs

    def formula(observed: Floats, counts: Floats) -> Floats:
        expected = ((counts @ apart) * counts).sum(axis=1, keepdims=True)
        return _alpha(observed, counts.sum(axis=1, keepdims=True), expected)

    parts = (_observed(ratings, apart[pairs.first, pairs.second]), _counts(ratings))
    return estimated(parts, formula, ALL_ALIKE)


def _observed(ratings: Ratings, apart: Floats) -> Floats:
    """By unit: what its ordered pairs disagree, over the number of ratings less one."""
    summed = np.bincount(ratings.pairs.unit, apart, ratings.units)
    return np.asarray(2 * summed / (ratings.number - 1))[:, None]


def _counts(ratings: Ratings) -> Floats:
    """By unit: how many of its ratings each category has."""
    unit, slot = np.nonzero(ratings.codes != NONE)
    return counted(unit, ratings.units, ratings.codes[unit, slot], len(ratings.categories))


def _alpha(observed: Floats, n: Floats, expected: Floats) -> Floats:
    """Nan where all ratings are the same."""
    some = expected > 0
    return np.asarray(np.where(some, 1 - (n - 1) * observed / np.where(some, expected, 1), np.nan)[:, 0])
