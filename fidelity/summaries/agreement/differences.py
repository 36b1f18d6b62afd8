"""Differences of two raters' numbers -> their mean with 95 % limits."""

from collections.abc import Sequence
from math import sqrt
from statistics import mean, stdev

from scipy.special import stdtrit

from fidelity.model.checklist import Score
from fidelity.model.summary import Estimate
from fidelity.summaries.agreement.seen import Rated

FEWEST_FOR_LIMITS = 3


def mean_difference(values: Sequence[float]) -> Estimate:
    """The mean, with limits by Student's t from three sessions on that are not all alike."""
    if not values:
        return Estimate(reason="no session has both scores")
    middle = mean(values)
    if len(values) < FEWEST_FOR_LIMITS or max(values) - min(values) < 1e-9:
        return Estimate(value=middle)
    half = float(stdtrit(len(values) - 1, 0.975)) * stdev(values) / sqrt(len(values))
    return Estimate(value=middle, low=middle - half, high=middle + half)


def difference(rated: Rated, first: int, second: int, score: Score | None) -> float | None:
    """First minus second, where both ratings gave the score."""
    left, right = rated.value(first, score), rated.value(second, score)
    return None if left is None or right is None else left - right
