"""What every chart of scores over time has beside each score: a statistic, a centre, two limits, a signal."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fidelity.summaries.drift.rule import Vector

Signals = NDArray[np.str_]


class Chart(NamedTuple):
    """Laid like the scores; NaN where there is nothing, and an empty text where there is no signal."""

    statistic: Vector
    centre: Vector
    lower: Vector
    upper: Vector
    signal: Signals


def beyond(statistic: Vector, lower: Vector, upper: Vector) -> Signals:
    """`below` and `above` for what lies beyond a limit; what lies on it is within."""
    return np.where(statistic < lower, "below", np.where(statistic > upper, "above", ""))
