"""Session scores of all therapists -> the same without how strict raters are, and what is known of raters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import Literal

import numpy as np

from fidelity.model.summary import MostlyOne
from fidelity.summaries.columns import Words
from fidelity.summaries.drift.raters import RaterTrends, rater_trends
from fidelity.summaries.score_series import Series
from fidelity.summaries.severity import PRIOR, Places, Ratings, Severity, Vector, linked, mostly_one, severity

Flag = Literal["", "stricter", "milder"]
FLAGS: Mapping[int, Flag] = {-1: "stricter", 0: "", 1: "milder"}


@dataclass(frozen=True, slots=True)
class RaterFinding:
    """What is known of one rater beside counts and means; None where too little is."""

    severity: float | None
    change: float | None
    z: float | None
    twice: int
    twice_z: float | None
    fixed: bool
    flagged: Flag
    group: int


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The series to judge by, with `adjusted` scores where they could be worked out; raters by name."""

    series: Series
    done: bool
    raters: Mapping[str, RaterFinding]
    mostly_one: tuple[MostlyOne, ...]

    @property
    def groups(self) -> int:
        """In how many groups of comparable raters they fall."""
        return len({each.group for each in self.raters.values()})


def adjusted(series: Series, point: float, sigma: float | None, covariates: Sequence[Words] = ()) -> Adjusted:
    """Scores without the raters' severity; as they are where the spread within therapists is not known.

    A covariate has the level of each session.
    """
    raters = series.raters.in_order
    names, ratings = raters.words, _ratings_of(series, raters, covariates)
    groups = linked(ratings.therapist, ratings.rater, len(names))
    one_sided = tuple(_mostly_one(ratings, series.sessions.names, names))
    comparable = len(names) > len(set(groups.tolist()))
    if sigma is None or not (comparable or covariates):
        findings = {
            name: RaterFinding(None, None, None, 0, None, False, "", int(group))
            for name, group in zip(names, _numbered(groups), strict=True)
        }
        return Adjusted(series, False, findings, one_sided)
    found = severity(ratings, sigma, point)
    trends = _trends(series, ratings, found, (sigma / (PRIOR * point or 0.4 * sigma)) ** 2)
    findings = {
        name: _finding(number, found, trends, int(group))
        for number, (name, group) in enumerate(zip(names, _numbered(groups), strict=True))
    }
    means = np.bincount(ratings.session, found.adjusted) / series.sessions.sizes
    return Adjusted(replace(series, adjusted=means), True, findings, one_sided)


def _ratings_of(series: Series, raters: Words, covariates: Sequence[Words]) -> Ratings:
    session = series.sessions.of_row
    return Ratings(
        values=series.given,
        therapist=series.sessions.therapist[session],
        rater=raters.places,
        session=session,
        raters=len(raters.words),
        factors=tuple(each.in_order.places[session] for each in covariates),
    )


def _trends(series: Series, ratings: Ratings, found: Severity, penalty: float) -> RaterTrends | None:
    days = series.sessions.days
    if not len(days) or not days.all():
        return None
    weights = ratings.weights
    in_all = np.maximum(np.bincount(ratings.therapist, weights), 1e-300)
    means: Vector = np.bincount(ratings.therapist, weights * found.adjusted) / in_all
    left = found.adjusted - means[ratings.therapist]
    return rater_trends(ratings, left, days[ratings.session].astype(np.float64), penalty)


def _finding(number: int, found: Severity, trends: RaterTrends | None, group: int) -> RaterFinding:
    effect = float(found.raters[number])
    if trends is None:
        return RaterFinding(effect, None, None, 0, None, False, "", group)
    return RaterFinding(
        severity=effect,
        change=_known(trends.change[number]),
        z=_known(trends.z[number]),
        twice=int(trends.twice[number]),
        twice_z=_known(trends.twice_z[number]),
        fixed=bool(trends.fixed[number]),
        flagged=FLAGS[int(trends.flagged[number])],
        group=group,
    )


def _known(value: float) -> float | None:
    return None if isnan(value) else float(value)


def _numbered(groups: Places) -> list[int]:
    """The groups from 1 on, in the order of their first rater."""
    order = {group: place for place, group in enumerate(dict.fromkeys(groups.tolist()), start=1)}
    return [order[each] for each in groups.tolist()]


def _mostly_one(ratings: Ratings, therapists: Sequence[str], names: Sequence[str]) -> Iterator[MostlyOne]:
    """Said where there is more than one rater at all; with a single one it is no news."""
    if len(names) > 1:
        for who, whose, share in mostly_one(ratings.therapist, ratings.rater, ratings.session):
            yield MostlyOne(therapist=therapists[who], rater=names[whose], share=share)
