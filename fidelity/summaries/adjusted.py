"""Session scores of all therapists -> the same without how strict raters are, and what is known of raters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Literal

import numpy as np

from fidelity.model.summary import MostlyOne, SessionScore
from fidelity.summaries.drift.raters import RaterTrends, rater_trends
from fidelity.summaries.severity import PRIOR, Places, Ratings, Severity, Vector, linked, mostly_one, severity

Series = Mapping[str, Sequence[SessionScore]]
# The level of a covariate in each session, by therapist and session.
Covariate = Mapping[tuple[str, str], str]
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


def adjusted(
    series: Series, point: float, sigma: float | None, covariates: Sequence[Covariate] = ()
) -> Adjusted:
    """Scores without the raters' severity; as they are where the spread within therapists is not known."""
    names = sorted({rater for of in series.values() for each in of for rater, _ in each.by_rater} - {""})
    ratings = ratings_of(series, names, covariates)
    groups = linked(ratings.therapist, ratings.rater, len(names))
    one_sided = tuple(_mostly_one(ratings, list(series), names))
    comparable = len(names) > len(set(groups.tolist()))
    if sigma is None or not (comparable or covariates):
        findings = {
            name: RaterFinding(None, None, None, 0, None, False, "", int(group))
            for name, group in zip(names, _numbered(groups), strict=True)
        }
        return Adjusted(series, False, findings, one_sided)
    found = severity(ratings, sigma, point)
    trends = _trends(series, ratings, found, (sigma / (PRIOR * point or 0.4 * sigma)) ** 2)
    raters = {
        name: _finding(number, found, trends, int(group))
        for number, (name, group) in enumerate(zip(names, _numbered(groups), strict=True))
    }
    return Adjusted(_with(series, ratings, found.adjusted), True, raters, one_sided)


def ratings_of(series: Series, names: Sequence[str], covariates: Sequence[Covariate] = ()) -> Ratings:
    """All ratings of a score, laid flat by therapist and session."""
    number = {name: place for place, name in enumerate(names)}
    of = [len(sessions) for sessions in series.values()]
    sessions = [each for given in series.values() for each in given]
    several = np.array([len(each.by_rater) for each in sessions], dtype=np.intp)
    session = np.repeat(np.arange(len(sessions)), several)
    return Ratings(
        values=np.array([value for each in sessions for _, value in each.by_rater], dtype=np.float64),
        therapist=np.repeat(np.arange(len(of)), np.array(of, dtype=np.intp))[session],
        rater=np.array(
            [number.get(rater, -1) for each in sessions for rater, _ in each.by_rater], dtype=np.intp
        ),
        session=session,
        raters=len(names),
        factors=tuple(_levels(series, each)[session] for each in covariates),
    )


def _levels(series: Series, covariate: Covariate) -> Places:
    words = [covariate.get((name, each.session), "") for name, of in series.items() for each in of]
    number = {word: place for place, word in enumerate(sorted(set(words) - {""}))}
    return np.array([number.get(word, -1) for word in words], dtype=np.intp)


def _with(series: Series, ratings: Ratings, values: Vector) -> Series:
    number = np.bincount(ratings.session)
    means = iter((np.bincount(ratings.session, values) / number).tolist())
    # Put together by hand: with a million sessions `_replace` takes most of the time of a summary.
    return {
        name: tuple(SessionScore(*each[:-1], adjusted=next(means)) for each in of)
        for name, of in series.items()
    }


def _trends(series: Series, ratings: Ratings, found: Severity, penalty: float) -> RaterTrends | None:
    days = np.array([each.date.toordinal() if each.date else 0 for of in series.values() for each in of])
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
