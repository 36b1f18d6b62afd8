"""Scores -> the tabular CUSUM about a fixed target: one sum grows with high scores, one with low ones.

Page 1954, Biometrika 41, 100-115; as Montgomery works it, Introduction to Statistical Quality Control, ch. 9.
"""

from typing import NamedTuple

import numpy as np

from fidelity.summaries.drift.chart import Signals
from fidelity.summaries.drift.cusum import Flat, ranks
from fidelity.summaries.drift.rule import Vector


class PageCusum(NamedTuple):
    """Both sums after each score, and what they say: `below` (named first) or `above` over the limit."""

    low: Vector
    high: Vector
    signal: Signals


def page_cusum(series: Flat, target: float, k: float, h: float) -> PageCusum:
    """The sums of what lies more than `k` beyond the target, and the signal where one is over `h`."""
    away = series.scores - target
    low, high = _sums(series, -away - k), _sums(series, away - k)
    return PageCusum(low, high, np.where(low > h, "below", np.where(high > h, "above", "")))


def _sums(series: Flat, steps: Vector) -> Vector:
    sums = np.maximum(0.0, steps)
    for rank, (_, at) in enumerate(ranks(series)):
        if rank:
            sums[at] = np.maximum(0.0, sums[at - 1] + steps[at])
    return sums
