"""Session scores of all therapists -> whether each one's delivery changed, since when, and by how much.

The rule is the self-starting CUSUM (Hawkins 1987, The Statistician 36, 299-315) on the spread of the whole
programme. Its limits are set by simulation: of 100 steady therapists with 12 observations a year about 7 get
"watch" and 2 or 3 get "act".
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from fidelity.model.checklist import Score
from fidelity.model.summary import Drift, DriftStatus, HeldBack, SessionScore, Spread

Vector = NDArray[np.float64]
Sums = Sequence[float]

ALLOWANCE = 0.5
FIRST_CLAIM = 6
ENOUGH_DIFFERENCES = 25
# Points of 100: a smaller spread is a rater who rounds, a smaller fall is not worth a talk.
SMALLEST_SIGMA, SMALLEST_FALL = 3, 5
WATCH, ACT = 3.0, 4.0
FALSE_WATCH, FALSE_ACT = 0.07, 0.025
# For more observations a year than the first: the limits that keep 10 % false "watch" and 2 % false "act".
LIMITS = {
    20: (3.22, 4.67),
    30: (3.67, 5.18),
    40: (4.01, 5.55),
    60: (4.41, 6.00),
    100: (4.95, 6.53),
    250: (5.90, 7.53),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What a score is measured by, in its own unit: one point of 100, and the pooled sigma if it is known."""

    point: float
    sigma: float | None
    differences: int


@dataclass(frozen=True, slots=True)
class Change:
    """What the sums of one therapist say; `onset` counts the sessions before the change."""

    status: DriftStatus
    onset: int | None = None
    held_back: HeldBack = ""


def drifts(
    series: Mapping[str, Sequence[SessionScore]], score: Score, undated: Collection[str] = ()
) -> tuple[dict[str, Drift], Spread]:
    """Each therapist's drift, and the spread of the programme that it was measured by."""
    scores = {name: centred(sessions) for name, sessions in series.items()}
    measure = measure_of(scores.values(), hundredth(score))
    found = {name: drift_of(sessions, measure, undated=name in undated) for name, sessions in series.items()}
    return found, _spread(found, scores, measure)


def centred(sessions: Sequence[SessionScore]) -> Vector:
    """The scores less the first one, so that a constant added to all of them changes nothing at all."""
    scores: Vector = np.array([each.score for each in sessions], dtype=np.float64)
    return np.subtract(scores, scores[:1])


def hundredth(score: Score) -> float:
    """One point of 100 in the score's own unit; nought for a count or ratio, which has no range."""
    if score.kind == "percent":
        return 1.0
    if score.lowest is None or score.highest is None:
        return 0.0
    return float(score.highest - score.lowest) / 100


def measure_of(scores: Iterable[Vector], point: float) -> Measure:
    """The spread of sessions from successive differences, which no trend inflates.

    The mean square successive difference (von Neumann 1941, Annals of Mathematical Statistics 12, 153-162).
    """
    steps = np.concatenate([np.zeros(0), *(np.diff(each) for each in scores)])
    if len(steps) < ENOUGH_DIFFERENCES:
        return Measure(point, None, len(steps))
    sigma = max(SMALLEST_SIGMA * point, sqrt(float(np.square(steps).mean()) / 2))
    return Measure(point, sigma or None, len(steps))


def drift_of(sessions: Sequence[SessionScore], measure: Measure, *, undated: bool = False) -> Drift:
    """What the sessions of one therapist say, measured by the spread of all."""
    scores = centred(sessions)
    summed = _summed(sessions, scores, measure, undated=undated)
    if summed.reason or measure.sigma is None:
        return summed
    change = change_in(scores, summed, SMALLEST_FALL * measure.point)
    if change.onset is None:
        return summed.model_copy(update={"status": change.status})
    size, margin = size_of(scores, change.onset, measure.sigma)
    return summed.model_copy(
        update={
            "status": change.status,
            "since": sessions[change.onset].session,
            "since_date": sessions[change.onset].date,
            "size": size,
            "low": size - margin,
            "high": size + margin,
            "reason": change.held_back,
        }
    )


def _summed(sessions: Sequence[SessionScore], scores: Vector, measure: Measure, *, undated: bool) -> Drift:
    """The sums and the limits, before anything is claimed from them."""
    surprising = surprises(scores, measure.sigma) if measure.sigma and sessions else None
    watch, act = limits(sessions)
    return Drift(
        status="not_enough",
        cusum=() if surprising is None else cusum(-surprising),
        rising=() if surprising is None else cusum(surprising),
        observed=len(sessions),
        watch=watch,
        act=act,
        reason="no_dates" if undated else _held_back(len(sessions), measure),
    )


def _held_back(sessions: int, measure: Measure) -> HeldBack:
    if sessions < FIRST_CLAIM:
        return "few_observations"
    if measure.differences < ENOUGH_DIFFERENCES:
        return "few_differences"
    return "" if measure.sigma else "no_range"


def surprises(scores: Vector, sigma: float) -> Vector:
    """How far each session lies from the mean of those before; standard normal when steady."""
    before = np.arange(1, len(scores))
    expected = np.cumsum(scores)[:-1] / before
    return (scores[1:] - expected) / (sigma * np.sqrt(1 + 1 / before))


def cusum(surprising: Vector) -> tuple[float, ...]:
    """What has added up after each session, less an allowance each time; never below nought."""
    steps: list[float] = surprising.tolist()
    return tuple(accumulate(steps, lambda total, step: max(0.0, total + step - ALLOWANCE), initial=0.0))


def limits(sessions: Sequence[SessionScore]) -> tuple[float, float]:
    """Above which sums to watch and to act; higher for those observed so often that chance has more tries."""
    days = [each.date for each in sessions if each.date]
    a_year = len(days) / max(1.0, (days[-1] - days[0]).days / 365.25) if days else 0
    if a_year <= min(LIMITS):
        return WATCH, ACT
    watch, act = (
        np.interp(log(a_year), np.log(list(LIMITS)), heights)
        for heights in zip(*LIMITS.values(), strict=True)
    )
    return float(watch), float(act)


def change_in(scores: Vector, summed: Drift, smallest_fall: float) -> Change:
    """The worst that the sums ever showed: a status stays until somebody has looked into it."""
    to_act, to_watch = over(summed.cusum, summed.act), over(summed.cusum, summed.watch)
    steep = [now for now in to_act if _fall(scores[: now + 1], onset(summed.cusum, now)) >= smallest_fall]
    if steep:
        return Change("act", onset(summed.cusum, steep[-1]))
    if to_watch:
        return Change("watch", onset(summed.cusum, to_watch[-1]), "small_fall" if to_act else "")
    better = over(summed.rising, summed.act)
    return Change("improving", onset(summed.rising, better[-1])) if better else Change("none")


def over(sums: Sums, limit: float) -> list[int]:
    """The sessions, from the sixth on, after which the sum stood above the limit."""
    return [now for now, total in enumerate(sums) if now >= FIRST_CLAIM - 1 and total > limit]


def onset(sums: Sums, now: int) -> int:
    """The first session after the sum was last nought."""
    return max(earlier for earlier in range(now) if sums[earlier] == 0) + 1


def _fall(scores: Vector, onset: int) -> float:
    return float(scores[:onset].mean() - scores[onset:].mean())


def size_of(scores: Vector, onset: int, sigma: float) -> tuple[float, float]:
    """The mean since the onset less the mean before, and half the width of its 95 % interval."""
    margin = float(ndtri(0.975)) * sigma * sqrt(1 / onset + 1 / (len(scores) - onset))
    return -_fall(scores, onset), margin


def _spread(found: Mapping[str, Drift], scores: Mapping[str, Vector], measure: Measure) -> Spread:
    judged = [name for name, each in found.items() if each.status != "not_enough"]
    return Spread(
        sigma=measure.sigma,
        differences=measure.differences,
        lag1=lag1(scores[name] for name in judged if found[name].status == "none"),
        expected_false_act=FALSE_ACT * len(judged) if measure.sigma else None,
        expected_false_watch=FALSE_WATCH * len(judged) if measure.sigma else None,
        judged=len(judged),
    )


def lag1(scores: Iterable[Vector]) -> float | None:
    """The correlation of successive sessions, pooled over therapists; None where no score ever differs."""
    rests = [each - each.mean() for each in scores]
    squares = sum(float(rest @ rest) for rest in rests)
    return sum(float(rest[1:] @ rest[:-1]) for rest in rests) / squares if squares else None
