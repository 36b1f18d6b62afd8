"""Double-scored sessions -> how far apart two raters lie in each score, session by session.

The range of differences is that of Bland and Altman 1986 (https://doi.org/10.1016/S0140-6736(86)90837-8): the
mean difference and 1.96 standard deviations to either side. Where the pairs of raters change, which of the
two comes first is arbitrary; the range is then 1.96 root mean squares about zero.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import sqrt
from statistics import fmean, stdev

from fidelity.model.checklist import Score
from fidelity.model.summary import ScoreDifferences, TwoScores
from fidelity.summaries.agreement.differences import FEWEST_FOR_LIMITS
from fidelity.summaries.agreement.seen import Rated, Seen, has_name, same_raters

WIDE = 1.96


def differences_in(rated: Rated, sessions: Sequence[Seen], score: Score) -> ScoreDifferences:
    """Every two raters of a session by the alphabet, sessions by the middle of the two scores."""
    pairs = (pair for each in sessions for pair in _pairs(rated, each, score))
    found = sorted(pairs, key=lambda each: each.middle)
    known = bool(found) and same_raters(sessions) and len(sessions[0].by) == 2
    first, second = (found[0].first, found[0].second) if known else ("", "")
    middle, half = _range([each.difference for each in found], known=known)
    return ScoreDifferences(
        score=score.key,
        first=first,
        second=second,
        pairs=tuple(found),
        mean=middle,
        low=None if half is None else (middle or 0.0) - half,
        high=None if half is None else (middle or 0.0) + half,
    )


def _pairs(rated: Rated, seen: Seen, score: Score) -> Iterator[TwoScores]:
    for (first, one), (second, other) in combinations(sorted(seen.by, key=lambda each: each[0]), 2):
        left, right = rated.value(one, score), rated.value(other, score)
        if left is not None and right is not None:
            yield TwoScores(
                seen.session.session,
                seen.session.therapist,
                first if has_name(first) else rated.role(one),
                second if has_name(second) else rated.role(other),
                (left + right) / 2,
                left - right,
            )


def _range(values: Sequence[float], *, known: bool) -> tuple[float | None, float | None]:
    """The mean difference, where it means something, and half of the range."""
    enough = len(values) >= FEWEST_FOR_LIMITS
    if not values:
        return None, None
    if known:
        return fmean(values), WIDE * stdev(values) if enough else None
    return None, WIDE * sqrt(fmean([each * each for each in values])) if enough else None
