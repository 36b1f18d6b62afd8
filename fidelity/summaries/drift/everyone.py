"""Adjusted scores of a whole programme or site -> whether everyone moved, asked before one therapist is.

The same CUSUM as for a therapist runs over the means of periods. Each score is taken less its therapist's own
mean, so that who leaves and who joins moves nothing; the mean of a period has the spread sigma / sqrt(n).
"""

import datetime as dt
from collections.abc import Iterator
from math import sqrt
from typing import Literal, NamedTuple

import numpy as np
from scipy.special import ndtri

from fidelity.summaries.drift.cusum import Places, laid, sums
from fidelity.summaries.drift.rule import Rule, Vector
from fidelity.summaries.severity import counted

Unit = Literal["month", "week", "day"]
Moved = Literal["not_enough", "none", "watch", "moved", "improving"]

FEWEST_PERIODS = 8
FEWEST_THERAPISTS = 4
# A change of everyone is one that most share: two in three lie on its side, and the middle half of all
# changes alone would be a surprise. A few who fell far must not carry it, or it would hide them.
SHARED = 2 / 3
SURPRISING = 3.0


class Sessions(NamedTuple):
    """Adjusted scores of sessions: score, therapist, ordinal day."""

    scores: Vector
    therapist: Places
    days: Places


class Movement(NamedTuple):
    """What the period means say; `size` is mean since minus mean before, `periods` the sessions of each.

    `shared` of `compared` therapists seen before and since lie on the side of the change. `start` is the
    ordinal day on which the first period of the change begins.
    """

    status: Moved
    unit: Unit
    means: Vector
    sessions: Places
    start: int | None = None
    size: float = 0.0
    margin: float = 0.0
    compared: int = 0
    shared: int = 0


def movement(seen: Sessions, sigma: float, rule: Rule) -> Movement:
    """Whether the sessions together moved, since when and by how much."""
    unit, starts, period = periods(seen.days)
    sessions = np.bincount(period, minlength=len(starts))
    means = np.bincount(period, deviations(seen), len(starts)) / np.maximum(1, sessions)
    steady = Movement("none", unit, means, sessions)
    if len(starts) < rule.minimum or _number(seen.therapist) < FEWEST_THERAPISTS:
        return steady._replace(status="not_enough")
    for state, onset in _changes(means, sessions, starts, sigma, rule):
        own = _own_changes(seen, int(starts[onset]), sigma)
        towards = own.changes if state == "improving" else -own.changes
        if _is_shared(own._replace(changes=towards)):
            size, margin = _size(means, sessions, onset, sigma)
            return Movement(
                state,
                unit,
                means,
                sessions,
                start=int(starts[onset]),
                size=size,
                margin=margin,
                compared=len(towards),
                shared=int((towards > 0).sum()),
            )
    return steady


def periods(days: Places) -> tuple[Unit, Places, Places]:
    """Months, or weeks or days where these are too few: first day of each, and which each session is in."""
    week: Places = days - (days - 1) % 7
    longer: tuple[tuple[Unit, Places], ...] = (("month", months(days)), ("week", week))
    for unit, firsts in longer:
        starts, _ = counted(firsts)
        if len(starts) >= FEWEST_PERIODS:
            return unit, starts, np.searchsorted(starts, firsts)
    starts, _ = counted(days)
    return "day", starts, np.searchsorted(starts, days)


def months(days: Places) -> Places:
    """The first day of each day's month."""
    # Ordinal day 1 is 1 January of the year 1; numpy counts from 1970.
    epoch = dt.date(1970, 1, 1).toordinal()
    months = (days - epoch).astype("datetime64[D]").astype("datetime64[M]")
    return np.asarray(months.astype("datetime64[D]").astype(np.int64) + epoch, dtype=np.intp)


def deviations(seen: Sessions) -> Vector:
    """Each score less the mean of its therapist."""
    number = np.maximum(1, np.bincount(seen.therapist))
    means: Vector = np.bincount(seen.therapist, seen.scores) / number
    return seen.scores - means[seen.therapist]


def beside_others(seen: Sessions) -> Vector:
    """Each score less what all others together lay above their own means in that period."""
    _, starts, period = periods(seen.days)
    apart, cell = deviations(seen), period + seen.therapist * len(starts)
    own_sum, own_number = np.bincount(cell, apart)[cell], np.bincount(cell)[cell]
    in_all, number = np.bincount(period, apart)[period], np.bincount(period)[period]
    found: Vector = seen.scores - (in_all - own_sum) / np.maximum(1, number - own_number)
    return found


def _changes(
    means: Vector, sessions: Places, starts: Places, sigma: float, rule: Rule
) -> Iterator[tuple[Moved, int]]:
    """What the sums of the period means show, the worst first, with the period in which it began."""
    series = laid(means, np.array([len(means)], dtype=np.intp))
    surprising = surprises(means, sessions, sigma)
    length = np.array([float(starts[-1] - starts[0])])
    watch, act = (float(each[0]) for each in rule.limits(series.sizes.astype(np.float64), length))
    falling, rising = sums(series, -surprising, rule.k), sums(series, surprising, rule.k)
    kinds: tuple[tuple[Moved, tuple[Vector, Places], float], ...] = (
        ("moved", falling, act),
        ("watch", falling, watch),
        ("improving", rising, act),
    )
    for state, (totals, since), limit in kinds:
        over = [at for at in np.flatnonzero(totals > limit).tolist() if at >= rule.minimum - 1]
        if over:
            yield state, int(since[over[-1]])


def surprises(means: Vector, sessions: Places, sigma: float) -> Vector:
    """How far each period's mean lies from that of all sessions before it; standard normal when steady."""
    before = np.cumsum(sessions)[:-1]
    expected = np.cumsum(means * sessions)[:-1] / before
    return np.append(0.0, (means[1:] - expected) / (sigma * np.sqrt(1 / sessions[1:] + 1 / before)))


def _size(means: Vector, sessions: Places, onset: int, sigma: float) -> tuple[float, float]:
    before, since = (
        float(np.average(means[part], weights=sessions[part])) for part in (slice(onset), slice(onset, None))
    )
    margin = sigma * sqrt(1 / sessions[:onset].sum() + 1 / sessions[onset:].sum())
    return since - before, float(ndtri(0.975)) * margin


class OwnChanges(NamedTuple):
    """Of each therapist seen before and since: the change of the mean, and its spread by chance."""

    changes: Vector
    spreads: Vector


def _own_changes(seen: Sessions, start: int, sigma: float) -> OwnChanges:
    late = seen.days >= start
    top = int(seen.therapist.max()) + 1
    sums_of, numbers = (
        [np.bincount(seen.therapist[part], weights, top) for part, weights in parts]
        for parts in (
            [(~late, seen.scores[~late]), (late, seen.scores[late])],
            [(~late, None), (late, None)],
        )
    )
    both = (numbers[0] > 0) & (numbers[1] > 0)
    before, since = (total[both] / number[both] for total, number in zip(sums_of, numbers, strict=True))
    return OwnChanges(since - before, sigma * np.sqrt(1 / numbers[0][both] + 1 / numbers[1][both]))


def _is_shared(towards: OwnChanges) -> bool:
    number = len(towards.changes)
    if number < FEWEST_THERAPISTS or (towards.changes > 0).sum() < SHARED * number:
        return False
    middle = np.sort(towards.changes)[number // 4 : number - number // 4].mean()
    # The mean of the middle half varies by a tenth more than that of all.
    chance = 1.1 * sqrt(float(np.square(towards.spreads).mean()) / number)
    return bool(middle > SURPRISING * chance)


def _number(keys: Places) -> int:
    return int(np.count_nonzero(np.bincount(keys)))
