"""Scores -> the individuals chart (XmR): the mean of each series, and limits from its mean moving range."""

import numpy as np

from fidelity.summaries.drift.chart import Chart, beyond
from fidelity.summaries.drift.cusum import Flags, Flat, laid
from fidelity.summaries.drift.rule import Vector

# The mean range of two normal values of sd 1, to the three places of the tables that charts are checked by.
MEAN_RANGE_OF_TWO = 1.128
WIDTH = 3


def xmr(series: Flat, baseline: int | None = None) -> Chart:
    """Each score between the limits of its own series; centre and limits from the first `baseline` scores.

    A series with fewer than two scores in its baseline has no limits.
    """
    level = laid(series.scores, series.sizes)
    known = level.rank < (len(series.scores) if baseline is None else baseline)
    centre = _means(level, level.scores, known)
    reach = WIDTH / MEAN_RANGE_OF_TWO * _means(level, _moving_ranges(level), known & (level.rank > 0))
    signal = beyond(level.scores, centre - reach, centre + reach)
    centre = centre + series.scores - level.scores
    return Chart(series.scores, centre, centre - reach, centre + reach, signal)


def _moving_ranges(series: Flat) -> Vector:
    return np.abs(np.diff(series.scores, prepend=0.0))


def _means(series: Flat, values: Vector, chosen: Flags) -> Vector:
    """The mean of the chosen values of a series, beside each of its scores; NaN where none is chosen."""
    owner, number = series.owner, len(series.sizes)
    sums = np.bincount(owner[chosen], values[chosen], minlength=number)
    counts = np.bincount(owner[chosen], minlength=number)
    means = np.divide(sums, counts, out=np.full(number, np.nan), where=counts > 0)
    return np.asarray(means[owner], dtype=np.float64)
