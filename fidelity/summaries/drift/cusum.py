"""Scores of many series, flat -> the self-starting CUSUM of each, and the change that it shows.

All series lie one behind the other in one array, each in its own order (ragged, no padding). Recursions loop
over the place in the series, with one vector over all series that are so long. The rule is that of Hawkins
(1987, The Statistician 36, 299-315) with the spread of all series together.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import sqrt
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from fidelity.summaries.drift.rule import ENOUGH_DIFFERENCES, Rule, Vector

Places = NDArray[np.intp]
Flags = NDArray[np.bool_]
State = Literal["not_enough", "none", "improving", "watch", "act"]

STATES: tuple[State, ...] = ("not_enough", "none", "improving", "watch", "act")
NOT_ENOUGH, NONE, IMPROVING, WATCH, ACT = range(5)


class Flat(NamedTuple):
    """Series one behind the other: where each starts among the scores, and how many it has."""

    scores: Vector
    starts: Places
    sizes: Places

    @property
    def owner(self) -> Places:
        """The number of the series that each score belongs to."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @property
    def rank(self) -> Places:
        """The place of each score in its series, from 0."""
        return np.arange(len(self.scores)) - np.repeat(self.starts, self.sizes)

    def of(self, series: int) -> slice:
        """Where the scores of one series lie."""
        return slice(int(self.starts[series]), int(self.starts[series] + self.sizes[series]))


class Spread(NamedTuple):
    """The standard deviation within series, and how many differences it comes from; None while too few."""

    sigma: float | None
    differences: int


class Changes(NamedTuple):
    """What the sums say: `falling` and `rising` lie like the scores, the others have one value a series.

    `status` is a place in STATES; `onset` counts the scores before the change, -1 where none is seen; `size`
    is mean since minus mean before, `margin` half the width of its 95 % interval, both nought without a
    change; `small` marks those that would be "act" if the fall were large enough.
    """

    falling: Vector
    rising: Vector
    status: Places
    onset: Places
    size: Vector
    margin: Vector
    small: Flags


def flat(series: Iterable[Sequence[float] | Vector]) -> Flat:
    """Series of any length, put one behind the other; each less its first score, which no statistic needs."""
    arrays = [np.asarray(each, dtype=np.float64) for each in series]
    sizes = np.array([len(each) for each in arrays], dtype=np.intp)
    return laid(np.concatenate([np.zeros(0), *arrays]), sizes)


def laid(scores: Vector, sizes: Places) -> Flat:
    """Scores that already lie one series behind the other, each less the first of its series."""
    starts = (np.cumsum(sizes) - sizes).astype(np.intp)
    some = sizes > 0
    return Flat(scores - np.repeat(scores[starts[some]], sizes[some]), starts, sizes)


def spread(series: Flat, floor: float = 0.0) -> Spread:
    """The spread from successive differences, which no trend inflates.

    The mean square successive difference (von Neumann 1941, Annals of Mathematical Statistics 12, 153-162).
    """
    steps = np.diff(series.scores)[np.diff(series.owner) == 0]
    if len(steps) < ENOUGH_DIFFERENCES:
        return Spread(None, len(steps))
    sigma = max(floor, sqrt(float(np.square(steps).mean()) / 2))
    return Spread(sigma or None, len(steps))


def changes(series: Flat, sigma: float, rule: Rule, watch: Vector, act: Vector) -> Changes:
    """The sums of all series and the worst that each ever showed: a status stays until somebody looked."""
    surprising = surprises(series, sigma)
    totals = running(series, series.scores)
    falling, falls_from = sums(series, -surprising, rule.k)
    rising, rises_from = sums(series, surprising, rule.k)
    early, owner = series.rank < rule.minimum - 1, series.owner
    to_watch, to_act = (~early & (falling > limit[owner]) for limit in (watch, act))
    better = ~early & (rising > act[owner])
    steep = to_act.copy()
    steep[to_act] = falls(series, totals, falls_from, np.flatnonzero(to_act)) >= rule.fall
    last_steep, last_watch, last_better = (_last(series, each) for each in (steep, to_watch, better))
    status = np.select(
        [series.sizes < rule.minimum, last_steep >= 0, last_watch >= 0, last_better >= 0],
        [NOT_ENOUGH, ACT, WATCH, IMPROVING],
        NONE,
    )
    onset = _onsets(status, (last_steep, last_watch, last_better), (falls_from, rises_from))
    size, margin = sizes(series, totals, onset, sigma)
    return Changes(
        falling, rising, status, onset, size, margin, (status == WATCH) & (_last(series, to_act) >= 0)
    )


def surprises(series: Flat, sigma: float) -> Vector:
    """How far each score lies from the mean of those before; standard normal when steady, 0 for the first."""
    rank = series.rank
    later = rank > 0
    before = rank[later]
    expected = running(series, series.scores)[np.flatnonzero(later) - 1] / before
    found = np.zeros(len(series.scores))
    found[later] = (series.scores[later] - expected) / (sigma * np.sqrt(1 + 1 / before))
    return found


def running(series: Flat, steps: Vector) -> Vector:
    """What has added up in each series after each score; no series touches the rounding of another."""
    totals, found = np.zeros(len(series.sizes)), np.zeros(len(steps))
    for long_enough, at in ranks(series):
        totals[long_enough] += steps[at]
        found[at] = totals[long_enough]
    return found


def sums(series: Flat, surprising: Vector, k: float) -> tuple[Vector, Places]:
    """The CUSUM after each score, never below nought, and the first place since it was last nought."""
    totals, found = np.zeros(len(series.sizes)), np.zeros(len(surprising))
    since, from_ = np.zeros(len(series.sizes), dtype=np.intp), np.zeros(len(surprising), dtype=np.intp)
    for rank, (long_enough, at) in enumerate(ranks(series)):
        total = np.maximum(0.0, totals[long_enough] + surprising[at] - k) if rank else totals[long_enough]
        from_[at] = since[long_enough]
        since[long_enough] = np.where(total == 0, rank + 1, since[long_enough])
        found[at] = totals[long_enough] = total
    return found, from_


def ranks(series: Flat) -> Iterator[tuple[Places, Places]]:
    """For each place in a series: the series that are so long, and where their scores of that place lie."""
    longest_first = np.argsort(-series.sizes, kind="stable")
    ascending = -series.sizes[longest_first]
    for rank in range(int(series.sizes.max(initial=0))):
        long_enough = longest_first[: np.searchsorted(ascending, -rank)]
        yield long_enough, series.starts[long_enough] + rank


def falls(series: Flat, totals: Vector, from_: Places, at: Places) -> Vector:
    """How far the mean since the change lay below the mean before, as it was seen at each of these places."""
    before, seen = from_[at], series.rank[at] + 1
    earlier = totals[at - series.rank[at] + before - 1]
    found: Vector = earlier / before - (totals[at] - earlier) / (seen - before)
    return found


def _last(series: Flat, marked: Flags) -> Places:
    """The place of the last marked score of each series among all scores, -1 where none is."""
    found = np.full(len(series.sizes), -1, dtype=np.intp)
    at = np.flatnonzero(marked)
    np.maximum.at(found, series.owner[at], at)
    return found


def _onsets(status: Places, last: Sequence[Places], from_: Sequence[Places]) -> Places:
    (steep, watch, better), (falls_from, rises_from) = last, from_
    found = np.full(len(status), -1, dtype=np.intp)
    kinds = ((ACT, steep, falls_from), (WATCH, watch, falls_from), (IMPROVING, better, rises_from))
    for state, places, onsets in kinds:
        found[status == state] = onsets[places[status == state]]
    return found


def sizes(series: Flat, totals: Vector, onset: Places, sigma: float) -> tuple[Vector, Vector]:
    """Mean since the onset less mean before, with half the width of its 95 % interval; 0 without an onset."""
    size, margin = np.zeros(len(onset)), np.zeros(len(onset))
    changed = onset > 0
    before, all_of = onset[changed], series.sizes[changed]
    start = series.starts[changed]
    earlier, total = totals[start + before - 1], totals[start + all_of - 1]
    size[changed] = (total - earlier) / (all_of - before) - earlier / before
    margin[changed] = float(ndtri(0.975)) * sigma * np.sqrt(1 / before + 1 / (all_of - before))
    return size, margin


def lag1(series: Flat, counted: Flags) -> float | None:
    """The correlation of successive scores, pooled over the series counted; None where no score differs."""
    owner = series.owner
    means = np.bincount(owner, series.scores, len(series.sizes)) / np.maximum(1, series.sizes)
    rests = (series.scores - means[owner])[counted[owner]]
    neighbours = np.diff(owner[counted[owner]]) == 0
    squares = float(rests @ rests)
    return float((rests[1:] * rests[:-1])[neighbours].sum()) / squares if squares else None


def widened(sigma: float, correlation: float | None) -> float:
    """Sigma as if successive scores had nothing in common; a negative correlation narrows nothing."""
    if correlation is None or correlation <= 0:
        return sigma
    within = min(correlation, 0.95)
    return sigma * sqrt((1 + within) / (1 - within))
