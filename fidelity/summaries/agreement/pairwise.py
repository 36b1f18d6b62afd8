"""Ratings -> which answers meet which, and how every two raters agree."""

from typing import NamedTuple

import numpy as np

from fidelity.model.summary import Confusion
from fidelity.summaries.agreement.nominal import MOST_CATEGORIES
from fidelity.summaries.agreement.ratings import Floats, Ratings
from fidelity.summaries.agreement.weights import weights

# A table of this many raters is still read by somebody.
MOST_PAIRS = 500


class TwoRaters(NamedTuple):
    """Two raters: units in common, share alike, Cohen's kappa, first minus second where answers are numbers.

    Kappa has quadratic weights where the categories are ordered; None where it is undefined.
    """

    first: str
    second: str
    units: int
    alike: float
    kappa: float | None
    difference: float | None


def confusion_of(ratings: Ratings) -> Confusion | None:
    """How often two answers met, every two raters of a unit counted once."""
    size = len(ratings.categories)
    if size > MOST_CATEGORIES or not ratings.paired.any():
        return None
    at = ratings.pairs.first * size + ratings.pairs.second
    counts = np.bincount(at, minlength=size * size).reshape(size, size)
    return Confusion(categories=ratings.categories, counts=tuple(tuple(row) for row in counts.tolist()))


def two_raters(ratings: Ratings) -> tuple[TwoRaters, ...]:
    """Every two raters with units in common, in the order of the data."""
    pairs, raters = ratings.pairs, len(ratings.raters)
    which = pairs.first_rater * raters + pairs.second_rater
    known, place, units = np.unique(which, return_inverse=True, return_counts=True)
    if len(known) > MOST_PAIRS:
        return ()
    alike = np.bincount(place, pairs.first == pairs.second, len(known)) / units
    apart = ratings.values[pairs.first] - ratings.values[pairs.second]
    differences = np.bincount(place, apart, len(known)) / units
    numbers = ratings.level in ("interval", "ratio")
    return tuple(
        TwoRaters(
            ratings.raters[both // raters],
            ratings.raters[both % raters],
            int(units[at]),
            float(alike[at]),
            _kappa(ratings, place == at),
            float(differences[at]) if numbers else None,
        )
        for at, both in enumerate(known.tolist())
    )


def _kappa(ratings: Ratings, chosen: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> float | None:
    size = len(ratings.categories)
    if size > MOST_CATEGORIES:
        return None
    at = ratings.pairs.first[chosen] * size + ratings.pairs.second[chosen]
    table = np.bincount(at, minlength=size * size).reshape(size, size) / len(at)
    weight = weights(ratings.values, "identity" if ratings.level == "nominal" else "quadratic")
    return _above_chance(table, weight)


def _above_chance(table: Floats, weight: Floats) -> float | None:
    chance = float(table.sum(axis=1) @ weight @ table.sum(axis=0))
    return None if chance > 1 - 1e-12 else float(1 - (1 - (table * weight).sum()) / (1 - chance))
