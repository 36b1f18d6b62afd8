"""Session scores of all therapists -> how well each delivers, and how that stands to the standard."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, sqrt
from statistics import fmean

import numpy as np
from scipy.special import stdtrit

from fidelity.model.checklist import Score
from fidelity.model.summary import Share, Standard
from fidelity.summaries.exact import Vector, runs
from fidelity.summaries.proportion import wilson
from fidelity.summaries.score_series import Series

FIRST_INTERVAL = 3
FIRST_WORD = 5
# Beyond this, more observations are no advice.
MOST_TO_ASK_FOR = 99


@dataclass(frozen=True, slots=True)
class Competence:
    """One score of one therapist, in the score's own unit; None as `ScoreSummary` says."""

    mean: float | None
    low: float | None
    high: float | None
    estimate: float | None
    standard: Standard | None
    more_needed: int | None
    adjusted: float | None = None
    at_standard: Share | None = None


@dataclass(frozen=True, slots=True)
class Pooled:
    """The standard deviation within therapists, pooled over all of them, and its degrees of freedom."""

    sd: float
    freedom: int

    def half_width(self, n: int, confidence: float) -> float:
        """Half the width of a two-sided t interval around a mean of n sessions."""
        return float(stdtrit(self.freedom, (1 + confidence) / 2)) * self.sd / sqrt(n)


def competences(series: Series, score: Score, standard: Fraction | None) -> dict[str, Competence]:
    """Each therapist's competence, as far as the sessions can show it.

    The mean that is shown is that of the scores as they were given; the adjusted one stands beside it.
    """
    scores, plain = series.by_name(series.judged), series.by_name(series.scores)
    pooled = pooled_spread(scores.values())
    estimates = best_estimates(scores, pooled)
    bar = None if standard is None else float(standard)
    reached = _at_standard(series, standard)
    return {
        name: replace(
            _competence(given, pooled, score, bar, estimates.get(name)),
            mean=fmean(plain[name]) if given else None,
            adjusted=fmean(given) if given and series.adjusted is not None else None,
            at_standard=reached.get(name),
        )
        for name, given in scores.items()
    }


def _at_standard(series: Series, standard: Fraction | None) -> dict[str, Share]:
    """How many sessions, as they were scored, lie at the standard or above, where there is one."""
    if standard is None:
        return {}
    reached = runs(series.means.at_least(standard), series.sessions.several).tolist()
    numbers = zip(series.sessions.names, reached, series.sessions.several.tolist(), strict=True)
    return {name: share(number, of) for name, number, of in numbers if of}


def share(number: int, of: int) -> Share:
    """So many of all with 95 % limits, in percent."""
    percent, low, high = (100 * each for each in wilson(number, of))
    return Share(number=number, of=of, percent=percent, low=low, high=high)


def pooled_spread(scores: Collection[Sequence[float]]) -> Pooled | None:
    """The spread of sessions around their therapist's own mean; None where nobody has two sessions."""
    freedom = sum(len(each) - 1 for each in scores if each)
    squares = sum(float(np.square(np.subtract(each, fmean(each))).sum()) for each in scores if each)
    return Pooled(sqrt(squares / freedom), freedom) if freedom else None


def _competence(
    scores: Sequence[float], pooled: Pooled | None, score: Score, bar: float | None, estimate: float | None
) -> Competence:
    if not scores:
        return Competence(None, None, None, None, None if bar is None else "too_few", None)
    middle = fmean(scores)
    low, high = interval(middle, len(scores), pooled, score)
    standard = None if bar is None else standing(middle, len(scores), pooled, bar)
    more = more_needed(middle, len(scores), pooled, bar) if standard == "cannot_tell" else None
    return Competence(middle, low, high, estimate, standard, more)


def interval(middle: float, n: int, pooled: Pooled | None, score: Score) -> tuple[float | None, float | None]:
    """The 95 % limits around a mean of n sessions, within the range of the score; none below three."""
    if n < FIRST_INTERVAL or pooled is None:
        return None, None
    half = pooled.half_width(n, 0.95)
    lowest = middle - half if score.lowest is None else max(middle - half, float(score.lowest))
    highest = middle + half if score.highest is None else min(middle + half, float(score.highest))
    return lowest, highest


def standing(middle: float, n: int, pooled: Pooled | None, bar: float) -> Standard:
    """Whether the 80 % limits around a mean lie at or above the standard, below it, or on both sides."""
    if n < FIRST_WORD or pooled is None:
        return "too_few"
    half = pooled.half_width(n, 0.80)
    if middle - half >= bar:
        return "meets"
    return "below" if middle + half < bar else "cannot_tell"


def more_needed(middle: float, n: int, pooled: Pooled | None, bar: float | None) -> int | None:
    """About how many more sessions would settle it if the mean stayed; None where that is no advice."""
    if pooled is None or bar is None or middle == bar:
        return None
    in_all = (pooled.half_width(1, 0.80) / (middle - bar)) ** 2
    more = max(1, ceil(in_all) - n) if in_all < n + MOST_TO_ASK_FOR else MOST_TO_ASK_FOR + 1
    return more if more <= MOST_TO_ASK_FOR else None


def best_estimates(scores: Mapping[str, Sequence[float]], pooled: Pooled | None) -> dict[str, float]:
    """Each mean drawn towards the others, the more the fewer its sessions; none below 4 therapists."""
    known = {name: given for name, given in scores.items() if given}
    if pooled is None or len(known) < 4:
        return {}
    means = np.array([fmean(given) for given in known.values()])
    variances = np.array([pooled.sd**2 / len(given) for given in known.values()])
    return dict(zip(known, shrunken(means, variances).tolist(), strict=True))


def shrunken(means: Vector, variances: Vector) -> Vector:
    """Empirical-Bayes estimates (Morris 1983, Journal of the American Statistical Association 78, 47-55)."""
    if not variances.any():
        return means
    k = len(means)
    total = variances + _variance_between(means, variances)
    shrinkage = (k - 3) / (k - 1) * variances / total
    return means - shrinkage * (means - np.average(means, weights=1 / total))


def _variance_between(means: Vector, variances: Vector) -> float:
    """The variance of therapists at which the weighted squares are what they should be, k - 1; or nought."""
    low, high = 0.0, float(np.square(means - means.mean()).sum())
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if _weighted_squares(means, variances + middle) > len(means) - 1 else (low, middle)
        )
    return low


def _weighted_squares(means: Vector, total: Vector) -> float:
    return float((np.square(means - np.average(means, weights=1 / total)) / total).sum())
