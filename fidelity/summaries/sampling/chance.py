"""How many observations there are -> the chance that a real fall would be noticed in them.

Measured by simulation for the rule with k 0.5, watch above 3 and act above 4, one rater and a spread of 10
points from session to session, a fall after half of the observations.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

FEWEST = 6  # observations a year below which no change can be judged
DAYS_OF_A_YEAR = 365.25


class Noticed(NamedTuple):
    """Of 100 therapists who fell by 10 or 15 points, how many get `watch` and how many `act`."""

    observations: int
    watch_10: float
    act_10: float
    watch_15: float
    act_15: float


MEASURED = (
    Noticed(6, 12, 5, 27, 12),
    Noticed(8, 25, 11, 46, 25),
    Noticed(10, 34, 18, 62, 40),
    Noticed(12, 44, 27, 69, 51),
    Noticed(16, 55, 36, 84, 74),
    Noticed(20, 64, 51, 87, 82),
    Noticed(30, 75, 66, 90, 93),
    Noticed(40, 81, 79, 86, 93),
)


def noticed(observations: int) -> Noticed | None:
    """The chances with so many observations a year, in proportion between measured ones; none below 6."""
    if observations < FEWEST:
        return None
    if observations >= MEASURED[-1].observations:
        return MEASURED[-1]._replace(observations=observations)
    below, above = next((a, b) for a, b in pairwise(MEASURED) if observations < b.observations)
    part = (observations - below.observations) / (above.observations - below.observations)
    return Noticed(
        observations, *(one + part * (other - one) for one, other in zip(below[1:], above[1:], strict=True))
    )


def in_a_year(observations: int, days: Sequence[date]) -> int:
    """So many observations by the year; a shorter time counts as a year, as nothing is known of the rest."""
    span = (max(days) - min(days)).days + 1 if days else 0
    return round(observations / max(span / DAYS_OF_A_YEAR, 1))
