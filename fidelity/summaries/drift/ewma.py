"""Scores -> the exponentially weighted moving average chart: old scores fade, and limits lie about a target.

Roberts 1959, Technometrics 1, 239-250; the limits as in the NIST/SEMATECH e-Handbook, 6.3.2.4.
"""

from typing import Literal

import numpy as np

from fidelity.summaries.drift.chart import Chart, beyond
from fidelity.summaries.drift.cusum import Flat, ranks
from fidelity.summaries.drift.rule import Vector

Limits = Literal["steady", "exact"]


def ewma(series: Flat, target: Vector, weight: float, reach: float, limits: Limits) -> Chart:
    """Each score's average with the faded ones before it, begun at its series' target (one a series).

    `reach` is the width of the limits times the sd of a score. `exact` limits are narrower at the beginning,
    where the average still hangs on the target.
    """
    centre = target[series.owner]
    settled = 1 - (1 - weight) ** (2.0 * (series.rank + 1)) if limits == "exact" else np.ones(len(centre))
    margin = reach * np.sqrt(weight / (2 - weight) * settled)
    away = _averages(series, series.scores - centre, weight)
    signal = beyond(away, -margin, margin)
    return Chart(centre + away, centre, centre - margin, centre + margin, signal)


def _averages(series: Flat, away: Vector, weight: float) -> Vector:
    """The average of how far the scores lie from the target."""
    averages = weight * away
    for rank, (_, at) in enumerate(ranks(series)):
        if rank:
            averages[at] += (1 - weight) * averages[at - 1]
    return averages
