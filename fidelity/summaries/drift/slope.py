"""Scores -> each therapist's own slope, shrunken by how much slopes differ at all, after each observation.

A random slope in closed form: a slope b has the variance V = sigma² / Sxx of its least squares, and the true
slopes lie about nought with the variance tau². What is then known of one is normal, with the mean b W and the
variance V W, W = tau² / (tau² + V) (Efron and Morris 1975, Journal of the American Statistical
Association 70, 311-319).
"""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from fidelity.summaries.drift.chart import Chart
from fidelity.summaries.drift.cusum import Flat, laid, running
from fidelity.summaries.drift.rule import Vector

LIKELY, MINIMUM = 0.975, 6
# In spreads of a session per observation. With less a quiet programme would hide the one who really falls;
# it is the value with which the rule's error rates were first worked out.
SMALLEST_TAU = 0.1


class Slopes(NamedTuple):
    """What is known after each observation: the change per observation, its sd; NaN after the first one."""

    mean: Vector
    sd: Vector

    @property
    def falling(self) -> Vector:
        """The chance that the true slope is below nought."""
        return np.asarray(ndtr(-self.mean / self.sd), dtype=np.float64)


def slope(series: Flat, sigma: float, likely: float = LIKELY, minimum: int = MINIMUM) -> Chart:
    """The slope between limits that it lies beyond with the chance 1 - `likely` on each side.

    `act` where even the upper limit is a fall, `improving` where even the lower one is a rise.
    """
    known = slopes(series, sigma, minimum)
    margin = float(ndtri(likely)) * known.sd
    lower, upper = known.mean - margin, known.mean + margin
    early = series.rank < minimum - 1
    signal = np.where(early, "", np.where(upper < 0, "act", np.where(lower > 0, "improving", "")))
    return Chart(known.mean, np.zeros(len(margin)), lower, upper, signal)


def slopes(series: Flat, sigma: float, minimum: int = MINIMUM) -> Slopes:
    """The shrunken slope after each observation, by the observations of its own series up to then."""
    plain, variance = least_squares(series, sigma)
    last = (series.starts + series.sizes - 1)[series.sizes >= minimum]
    tau2 = max(between(plain[last], variance[last]), (SMALLEST_TAU * sigma) ** 2)
    weight = tau2 / (tau2 + variance)
    return Slopes(plain * weight, np.sqrt(variance * weight))


def least_squares(series: Flat, sigma: float) -> tuple[Vector, Vector]:
    """The slope of the line through the observations so far, and its variance; NaN for the first one."""
    level = laid(series.scores, series.sizes)
    number = level.rank + 1.0
    squares = np.where(number > 1, number * (number**2 - 1) / 12, np.nan)
    products = running(level, number * level.scores) - (number + 1) / 2 * running(level, level.scores)
    return products / squares, sigma**2 / squares


def between(plain: Vector, variance: Vector) -> float:
    """How much true slopes differ about nought: the tau² for which b² / (tau² + V) is 1 on average.

    Paule and Mandel 1982, Journal of Research of the National Bureau of Standards 87, 377-385.
    """
    low, high = 0.0, float(np.square(plain).max(initial=0.0))
    for _ in range(60):
        middle = (low + high) / 2
        too_low = (np.square(plain) / (middle + variance)).sum() > len(plain)
        low, high = (middle, high) if too_low else (low, middle)
    return high
