"""What a drift rule says: how surprises add up, where to watch and to act, and what a claim needs first."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Method = Literal["cusum", "slope"]

ENOUGH_DIFFERENCES = 25
MOST_BY_DEFAULT = 20
# Table 12 of the study of this rule: for so many observations a year the limits that keep 10 % false "watch"
# and 2 % false "act". Up to 20 a year the rule's own limits stand.
WIDER = {
    20: (3.22, 4.67),
    30: (3.67, 5.18),
    40: (4.01, 5.55),
    60: (4.41, 6.00),
    100: (4.95, 6.53),
    250: (5.90, 7.53),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A drift rule; `fall` and `floor` are in the unit of the scores that it is held against.

    `k` is taken from every surprise, in standard deviations; `floor` is the smallest spread to reckon with;
    `by_volume` widens the limits for series of more than 20 observations a year; `autocorrelation` widens the
    spread by what successive sessions have in common. `likely` is the probability that the slope rule needs.
    `sd` is the spread where it is stated; else it is measured.
    """

    method: Method = "cusum"
    k: float = 0.5
    watch: float = 3.0
    act: float = 4.0
    minimum: int = 6
    fall: float = 5.0
    floor: float = 3.0
    by_volume: bool = True
    autocorrelation: bool = False
    likely: float = 0.975
    sd: float | None = None

    def in_unit(self, point: float) -> "Rule":
        """The rule with `fall` and `floor`, in points of 100, put in the score's own unit."""
        return replace(self, fall=self.fall * point, floor=self.floor * point)

    def limits(self, sizes: Vector, days: Vector) -> tuple[Vector, Vector]:
        """Where to watch and where to act, for series of so many observations over so many days."""
        a_year = sizes / np.maximum(1.0, days / 365.25)
        often = (a_year > MOST_BY_DEFAULT) & self.by_volume
        volume = np.log(np.where(often, a_year, MOST_BY_DEFAULT))
        watch, act = (
            np.interp(volume, np.log(list(WIDER)), heights) for heights in zip(*WIDER.values(), strict=True)
        )
        return np.where(often, watch, self.watch), np.where(often, act, self.act)
