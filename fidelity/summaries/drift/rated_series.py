"""Series whose scores carry raters -> the scores without severity, and which claims the raters hold back."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fidelity.summaries.drift.cusum import Flags, Places
from fidelity.summaries.drift.raters import rater_trends
from fidelity.summaries.drift.rule import Vector
from fidelity.summaries.severity import Ratings, linked, severity

Given = Sequence[tuple[str, float]]
# Raters are drawn towards each other as if they differed by 4 of 10 ordinary ups and downs.
PENALTY = 1 / 0.4**2


class Rated(NamedTuple):
    """Every observation of all series, one after the other: what each rater gave, and when (as a number)."""

    given: Sequence[Given]
    when: Sequence[float]


class Adjusted(NamedTuple):
    """The scores, `done` if severity is off them; who scored each, and whether one became stricter."""

    scores: Vector
    stricter: Flags
    raters: Sequence[frozenset[str]]
    done: bool


def adjusted(rated: Rated, sizes: Places, sigma: float) -> Adjusted:
    """What the observations say once it is reckoned with how strict each rater is.

    Where no two raters can be compared, strictness cannot be told from the therapist, and stays.
    """
    ratings = _ratings(rated, sizes)
    groups = linked(ratings.therapist, ratings.rater, ratings.raters)
    comparable = ratings.raters > len(np.unique(groups))
    values = severity(ratings, sigma, 0.0).adjusted if comparable else ratings.values
    several = np.bincount(ratings.session, minlength=len(rated.given))
    scores = np.bincount(ratings.session, values, len(rated.given)) / np.maximum(1, several)
    when = np.array(rated.when)[ratings.session]
    trends = rater_trends(ratings, _left(ratings, values), when, PENALTY)
    stricter = np.zeros(len(rated.given), dtype=np.bool_)
    if trends is not None:
        by_such = (ratings.rater >= 0) & (trends.flagged[ratings.rater] < 0)
        stricter[ratings.session[by_such]] = True
    names = [frozenset(name for name, _ in each) for each in rated.given]
    return Adjusted(scores, stricter, names, comparable)


def held_back(seen: Adjusted, start: int, end: int) -> bool:
    """Whether what was seen from one place to another may be the doing of a stricter or a single rater."""
    raters = frozenset().union(*seen.raters[start:end]) - {""}
    alone = len(raters) == 1 and all(len(each) < 2 for each in seen.raters[start:end])
    return alone or bool(seen.stricter[start:end].any())


def _ratings(rated: Rated, sizes: Places) -> Ratings:
    flat = [(name, value, session) for session, each in enumerate(rated.given) for name, value in each]
    number = {name: at for at, name in enumerate(sorted({name for name, _, _ in flat} - {""}))}
    session = np.array([each for _, _, each in flat], dtype=np.intp)
    return Ratings(
        values=np.array([value for _, value, _ in flat], dtype=np.float64),
        therapist=np.repeat(np.arange(len(sizes)), sizes)[session],
        rater=np.array([number.get(name, -1) for name, _, _ in flat], dtype=np.intp),
        session=session,
        raters=len(number),
    )


def _left(ratings: Ratings, adjusted: Vector) -> Vector:
    """What the model leaves of each rating beside therapist and rater."""
    weights = ratings.weights
    totals = np.bincount(ratings.therapist, weights * adjusted)
    return (
        adjusted - (totals / np.maximum(1e-300, np.bincount(ratings.therapist, weights)))[ratings.therapist]
    )
