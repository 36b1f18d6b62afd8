"""Ratings over time -> whether a rater became stricter or milder, before anybody looks at a therapist.

Each rater's trend is what the additive model of `severity` leaves over: a rater-by-time interaction. Where
all raters move together the programme moved, and a rater must stand out from it. With a fixed caseload a
rater cannot be told from the caseload; sessions scored twice can tell, given enough of them.
"""

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fidelity.summaries.severity import CHUNK, MOST_LEVELS, Places, Ratings, Vector, contrasts, counted, pairs

Flags = NDArray[np.bool_]

FLAG = 2.5
ENOUGH_RATINGS = 12
ENOUGH_THERAPISTS = 3
ENOUGH_PAIRS = 20


class RaterTrends(NamedTuple):
    """One value a rater: change over the whole time, its z, sessions scored twice, z of the trend in these.

    NaN where there was too little to tell. `fixed` raters share no therapist with another rater; `flagged`
    is -1 for those who became stricter, 1 for milder, 0 for no sign.
    """

    change: Vector
    z: Vector
    twice: Places
    twice_z: Vector
    fixed: Flags
    flagged: Places


def rater_trends(ratings: Ratings, left: Vector, days: Vector, penalty: float) -> RaterTrends | None:
    """Each rater's trend; None where there are no two raters, too many of them, or only one day.

    `left` is what the model leaves of each rating beside therapist and rater.
    """
    length = float(np.ptp(days)) if len(days) else 0.0
    if not 2 <= ratings.raters <= MOST_LEVELS or not length:
        return None
    time = (days - days.min()) / length
    slope, z = _in_residuals(ratings, left, time, penalty)
    twice, twice_z = _in_pairs(ratings, time)
    caseloads, rated, fixed = _caseloads(ratings)
    known = (rated >= ENOUGH_RATINGS) & (caseloads >= ENOUGH_THERAPISTS)
    enough = twice >= ENOUGH_PAIRS
    shown = np.where(known, z, np.nan)
    # Where the caseload is fixed and enough was scored twice, that alone decides.
    deciding = np.nan_to_num(np.where(fixed & enough, twice_z, shown))
    return RaterTrends(
        change=np.where(known, slope, np.nan),
        z=shown,
        twice=twice,
        twice_z=np.where(enough, twice_z, np.nan),
        fixed=fixed,
        flagged=np.where(np.abs(deciding) > FLAG, np.sign(deciding), 0).astype(np.intp),
    )


def _in_residuals(ratings: Ratings, left: Vector, time: Vector, penalty: float) -> tuple[Vector, Vector]:
    """Slopes and their z in the additive model, by the theorem of Frisch, Waugh and Lovell.

    A rater's time column is cleared of therapists and raters; what is left meets what is left of the scores.
    """
    size, freedom = ratings.raters, _freedom(ratings)
    if freedom <= 0:
        return np.zeros(size), np.zeros(size)
    levels, mixed, times = _grams(ratings, time)
    solved = np.linalg.solve(levels + penalty * np.eye(size), mixed)
    cleared = times - mixed.T @ solved
    score = _cleared_of_therapists(ratings, time, left)
    variance = float(ratings.weights @ left**2) / freedom
    return _standing_out(score, cleared, variance)


def _grams(ratings: Ratings, time: Vector) -> tuple[Vector, Vector, Vector]:
    """Products of the rater columns, and of these times time, cleared of the therapists."""
    size, weights, named = ratings.raters, ratings.weights, ratings.rater >= 0
    columns = (weights, weights * time)
    products = [(0, 0), (0, 1), (1, 1)]
    grams: list[Vector] = [
        np.diag(np.bincount(ratings.rater[named], (weights * time ** (one + other))[named], size))
        for one, other in products
    ]
    therapists, step = int(ratings.therapist.max()) + 1, max(1, CHUNK // size)
    in_all = np.maximum(np.bincount(ratings.therapist, weights), 1e-300)
    for start in range(0, therapists, step):
        number = min(step, therapists - start)
        here = named & (ratings.therapist >= start) & (ratings.therapist < start + number)
        cells = (ratings.therapist[here] - start) * size + ratings.rater[here]
        found = [np.bincount(cells, each[here], number * size).reshape(number, size) for each in columns]
        shares = [each / in_all[start : start + number, None] for each in found]
        grams = [
            gram - found[one].T @ shares[other] for gram, (one, other) in zip(grams, products, strict=True)
        ]
    levels, mixed, times = grams
    return levels, mixed, times


def _cleared_of_therapists(ratings: Ratings, time: Vector, left: Vector) -> Vector:
    """Time times what the model leaves, by rater; what is left is clear of therapists and raters already."""
    named = ratings.rater >= 0
    amounts = (ratings.weights * time * left)[named]
    return np.asarray(np.bincount(ratings.rater[named], amounts, ratings.raters))


def _freedom(ratings: Ratings) -> int:
    sessions, therapists = (
        int(np.count_nonzero(np.bincount(each))) for each in (ratings.session, ratings.therapist)
    )
    return sessions - therapists - ratings.raters


def _standing_out(score: Vector, cleared: Vector, variance: float) -> tuple[Vector, Vector]:
    """Each rater's slope with its z; beside a trend of all raters, what is left of it without that trend."""
    together = float(cleared.sum())
    if together > 0 and variance > 0:
        common = float(score.sum()) / together
        if abs(common) * sqrt(together / variance) > FLAG:
            shared = cleared.sum(axis=1)
            return _slopes(score - shared * common, np.diag(cleared) - shared**2 / together, variance)
    return _slopes(score, np.diag(cleared), variance)


def _slopes(score: Vector, squares: Vector, variance: float) -> tuple[Vector, Vector]:
    told = squares > 1e-9 * max(1.0, float(squares.max(initial=0.0)))
    divisor = np.where(told, squares, 1.0)
    slope = np.where(told, score / divisor, 0.0)
    z = np.where(told, score / np.sqrt(divisor * variance), 0.0) if variance > 0 else np.zeros(len(score))
    return slope, z


def _in_pairs(ratings: Ratings, time: Vector) -> tuple[Places, Vector]:
    """How many sessions each rater scored beside another, and the z of the trend of their differences."""
    size, twice = ratings.raters, pairs(ratings)
    one, other = ratings.rater[twice.one], ratings.rater[twice.other]
    number = np.bincount(one, minlength=size) + np.bincount(other, minlength=size)
    freedom = len(one) - size + 1
    if freedom < 1:
        return number, np.zeros(size)
    apart, when = ratings.values[twice.one] - ratings.values[twice.other], time[twice.one]
    levels, mixed, times = (contrasts(one, other, when**power, size) for power in (0, 1, 2))
    inverse = np.linalg.pinv(levels)
    effects = inverse @ _differences(one, other, apart, size)
    rest = apart - effects[one] + effects[other]
    cleared = times - mixed.T @ inverse @ mixed
    score = _differences(one, other, when * rest, size)
    return number, _slopes(score, np.diag(cleared), float(rest @ rest) / freedom)[1]


def _differences(one: Places, other: Places, amounts: Vector, size: int) -> Vector:
    return np.asarray(np.bincount(one, amounts, size) - np.bincount(other, amounts, size))


def _caseloads(ratings: Ratings) -> tuple[Places, Places, Flags]:
    """For each rater: therapists and ratings, and whether no other rater rated any of these therapists."""
    named = ratings.rater >= 0
    keys, _ = counted(ratings.therapist[named] * ratings.raters + ratings.rater[named])
    who, whose = keys // ratings.raters, keys % ratings.raters
    shared = np.bincount(who)[who] > 1
    rated = np.bincount(ratings.rater[named], minlength=ratings.raters)
    caseloads = np.bincount(whose, minlength=ratings.raters)
    return caseloads, rated, np.bincount(whose[shared], minlength=ratings.raters) == 0
