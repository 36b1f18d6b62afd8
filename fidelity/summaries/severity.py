"""Ratings of many sessions, flat -> how strict each rater is, and the sessions' scores without it.

The model is score = therapist + rater (+ the levels of covariates), over all ratings to date, with a ridge
penalty on everything but the therapists. Sessions rated more than once add what their raters differ by. With
up to 1000 levels the therapists are swept out and the normal equations solved, with more by backfitting.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Places = NDArray[np.intp]

# Raters differ by about 4 points of 100, and are drawn towards the others by as much as that allows.
PRIOR = 4.0
# The part of the spread within a therapist that is the rater's own, squared: 0.6 of the standard deviation.
RATER_SHARE = 0.36
MOSTLY_ONE = 0.7
MOST_LEVELS = 1000
CHUNK = 2_000_000
SWEEPS = 200


class Ratings(NamedTuple):
    """Ratings in the order of their sessions: value, therapist, rater (-1 where no name is known), session.

    `factors` are further levels of each rating, one array a covariate, -1 where it is not known.
    """

    values: Vector
    therapist: Places
    rater: Places
    session: Places
    raters: int
    factors: tuple[Places, ...] = ()

    @property
    def weights(self) -> Vector:
        """What each rating weighs, so that each session weighs one."""
        several = np.bincount(self.session, minlength=1)
        found: Vector = 1.0 / several[self.session]
        return found


@dataclass(frozen=True, slots=True)
class Severity:
    """The effect of each rater and of each covariate's levels on a score; what is left of each rating."""

    raters: Vector
    factors: tuple[Vector, ...]
    adjusted: Vector


class Pairs(NamedTuple):
    """Two ratings of one session by two named raters: their places among the ratings, and their weight."""

    one: Places
    other: Places
    weight: Vector


def severity(ratings: Ratings, sigma: float, point: float) -> Severity:
    """How much each rater's scores lie above or below the others', in the unit of the score."""
    # A score without a range has no points of 100: there 4 of 10 ordinary ups and downs stand for 4 points.
    prior = PRIOR * point if point else 0.4 * sigma
    columns, offsets = levels(ratings)
    if not offsets[-1]:
        return Severity(np.zeros(0), (), ratings.values)
    penalty = (sigma / prior) ** 2
    solve = _solved if offsets[-1] <= MOST_LEVELS else _backfitted
    effects = solve(ratings, columns, offsets[-1], penalty)
    parts = [effects[start:end] for start, end in pairwise(offsets)]
    return Severity(parts[0], tuple(parts[1:]), ratings.values - _sum_of(effects, columns))


def levels(ratings: Ratings) -> tuple[tuple[Places, ...], list[int]]:
    """Each rating's column for raters and covariates (-1: none), and where each factor's columns begin."""
    counts = [ratings.raters, *(int(each.max(initial=-1)) + 1 for each in ratings.factors)]
    offsets = [0, *np.cumsum(counts).tolist()]
    factors = (ratings.rater, *ratings.factors)
    shifted = (
        np.where(each >= 0, each + start, -1) for each, start in zip(factors, offsets[:-1], strict=True)
    )
    return tuple(shifted), offsets


def pairs(ratings: Ratings) -> Pairs:
    """Every two ratings of a session; together they weigh what its raters' differences tell.

    The ratings themselves already tell a little of it, which is taken off.
    """
    several = np.bincount(ratings.session, minlength=1)[ratings.session]
    found: list[Places] = []
    for apart in range(1, int(several.max(initial=1))):
        at = np.arange(len(ratings.values) - apart)
        same = ratings.session[at] == ratings.session[at + apart]
        named = (ratings.rater[at] >= 0) & (ratings.rater[at + apart] >= 0)
        here = at[same & named & (ratings.rater[at] != ratings.rater[at + apart])]
        found.append(np.stack([here, here + apart]))
    one, other = np.concatenate([np.zeros((2, 0), dtype=np.intp), *found], axis=1)
    number = several[one].astype(np.float64)
    return Pairs(one, other, 1 / (RATER_SHARE * number) - 1 / number**2)


def _solved(ratings: Ratings, columns: Sequence[Places], size: int, penalty: float) -> Vector:
    gram, right = np.zeros((size, size)), np.zeros(size)
    weights = ratings.weights
    for one in columns:
        right += _gathered(one, weights * ratings.values, size)
        for other in columns:
            both = (one >= 0) & (other >= 0)
            cells = np.bincount(one[both] * size + other[both], weights[both], size * size)
            gram += cells.reshape(size, size)
    for counts, totals, means in swept(ratings, columns, size, (ratings.values,)):
        gram -= counts.T @ totals
        right -= counts.T @ means[0]
    twice = pairs(ratings)
    one, other = ratings.rater[twice.one], ratings.rater[twice.other]
    apart = twice.weight * (ratings.values[twice.one] - ratings.values[twice.other])
    right += _gathered(one, apart, size) - _gathered(other, apart, size)
    gram += contrasts(one, other, twice.weight, size)
    return np.asarray(np.linalg.solve(gram + penalty * np.eye(size), right), dtype=np.float64)


def swept(
    ratings: Ratings, columns: Sequence[Places], size: int, values: Sequence[Vector]
) -> Iterator[tuple[Vector, Vector, list[Vector]]]:
    """For some therapists at a time: weight in each column, the same as a share, and means of the values."""
    therapists = int(ratings.therapist.max(initial=-1)) + 1
    weights, step = ratings.weights, max(1, CHUNK // max(1, size))
    for start in range(0, therapists, step):
        here = (ratings.therapist >= start) & (ratings.therapist < start + step)
        who, number = ratings.therapist[here] - start, min(step, therapists - start)
        all_of = np.maximum(np.bincount(who, weights[here], number), 1e-300)
        counts = np.zeros((number, size))
        for each in columns:
            known = each[here] >= 0
            cells = np.bincount(who[known] * size + each[here][known], weights[here][known], number * size)
            counts += cells.reshape(number, size)
        means = [np.bincount(who, weights[here] * each[here], number) / all_of for each in values]
        yield counts, counts / all_of[:, None], means


def contrasts(one: Places, other: Places, weight: Vector, size: int) -> Vector:
    """The squares and products of columns that hold 1 for one rater and -1 for the other."""
    between = np.bincount(one * size + other, weight, size * size).reshape(size, size)
    own = _gathered(one, weight, size) + _gathered(other, weight, size)
    found: Vector = np.diag(own) - between - between.T
    return found


def _backfitted(ratings: Ratings, columns: Sequence[Places], size: int, penalty: float) -> Vector:
    """The same solution by turns: therapists from what the levels leave over, then each factor in turn."""
    weights, twice = ratings.weights, pairs(ratings)
    one, other = ratings.rater[twice.one], ratings.rater[twice.other]
    apart = ratings.values[twice.one] - ratings.values[twice.other]
    told = _gathered(one, twice.weight, size) + _gathered(other, twice.weight, size)
    all_of = np.maximum(np.bincount(ratings.therapist, weights), 1e-300)
    effects = np.zeros(size)
    for _ in range(SWEEPS):
        before = effects.copy()
        for number, each in enumerate(columns):
            rest = ratings.values - _sum_of(effects, columns)
            rest -= (np.bincount(ratings.therapist, weights * rest) / all_of)[ratings.therapist]
            total = _gathered(each, weights, size) + penalty
            gained = _gathered(each, weights * rest, size) - penalty * effects
            if number == 0:
                misses = twice.weight * (apart - effects[one] + effects[other])
                gained += _gathered(one, misses, size) - _gathered(other, misses, size)
                total += told
            here = np.unique(each[each >= 0])
            effects[here] += gained[here] / total[here]
        if float(np.abs(effects - before).max(initial=0.0)) < 1e-4 * float(np.abs(effects).max(initial=0.0)):
            break
    return effects


def _gathered(columns: Places, amounts: Vector, size: int) -> Vector:
    known = columns >= 0
    return np.asarray(np.bincount(columns[known], amounts[known], size), dtype=np.float64)


def _sum_of(effects: Vector, columns: Sequence[Places]) -> Vector:
    # The last place holds nought, which -1 finds: a rating without a name has no effect taken off.
    with_none = np.append(effects, 0.0)
    found: Vector = np.sum([with_none[each] for each in columns], axis=0)
    return found


def linked(therapist: Places, rater: Places, raters: int) -> Places:
    """The group of each rater: raters of one group are connected by therapists that they both rated."""
    known = rater >= 0
    who, whose = therapist[known], rater[known]
    group = np.arange(raters)
    while len(whose):
        smallest = np.full(int(therapist.max()) + 1, raters)
        np.minimum.at(smallest, who, group[whose])
        found = group.copy()
        np.minimum.at(found, whose, smallest[who])
        if np.array_equal(found, group):
            break
        group = found
    return group


def mostly_one(therapist: Places, rater: Places, session: Places) -> list[tuple[int, int, float]]:
    """Therapists of whom one rater scored more than 70 % of the sessions, with that rater and the share."""
    known = rater >= 0
    if not known.any():
        return []
    raters, several = int(rater.max()) + 1, np.bincount(session)
    in_all = np.bincount(therapist, 1.0 / several[session])
    rated, _ = counted(session[known] * raters + rater[known])
    of = np.zeros(len(several), dtype=np.intp)
    of[session] = therapist
    cells, times = counted(of[rated // raters] * raters + rated % raters)
    shares = times / in_all[cells // raters]
    most = shares > MOSTLY_ONE
    found = (cells[most] // raters, cells[most] % raters, shares[most])
    return list(zip(*(each.tolist() for each in found), strict=True))


def counted(keys: Places) -> tuple[Places, Places]:
    """The different keys in order, and how often each is there."""
    inorder = np.sort(keys)
    first: Places = np.flatnonzero(np.diff(inorder, prepend=-1))
    return inorder[first], np.diff(np.append(first, len(keys)))
