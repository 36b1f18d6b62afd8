"""Courses of one score -> scores without the raters' severity, and what changed: raters, everyone, each."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import numpy as np

from fidelity.model.checklist import Checklist, Score
from fidelity.model.programme import DriftRule, Programme
from fidelity.model.summary import Drift, Everyone, SessionScore, Spread
from fidelity.summaries.adjusted import Adjusted, Covariate, Series, adjusted
from fidelity.summaries.drift import cusum, drifts, hundredth
from fidelity.summaries.drift.everyone import Movement, Sessions, beside_others, movement
from fidelity.summaries.drift.many import BY_CHANCE, listed
from fidelity.summaries.drift.order import Beside, in_order, site_of
from fidelity.summaries.drift.rule import Rule
from fidelity.summaries.drift.written import covariates, rule_of, written_for
from fidelity.summaries.series import Course, Rating, Session, scores_of


@dataclass(frozen=True, slots=True)
class Judging:
    """By what a score is judged: the checklist, the programme with its rules, the days of new training."""

    checklist: Checklist
    score: Score
    programme: Programme | None
    restarts: Mapping[str, Iterable[date]]

    @property
    def standard(self) -> Fraction | None:
        """The programme's standard of the score, or else the checklist's."""
        own = self.programme.thresholds if self.programme else ()
        set_by = (each.value for each in own if each.id == "standard" and each.of == self.score.key)
        return next(set_by, self.checklist.standard(self.score.key))

    @property
    def written(self) -> DriftRule | None:
        """The programme's drift rule of the score."""
        return written_for(self.programme, self.score, self.checklist)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The scores to judge by, each therapist's drift, and what it was measured by."""

    adjusted: Adjusted
    drifts: Mapping[str, Drift]
    spread: Spread
    everyone: tuple[Everyone, ...]


def judged(courses: Mapping[str, Course], undated: Collection[str], judging: Judging) -> Verdict:
    """What the courses show, by the programme's rule or else the default."""
    score, written = judging.score, judging.written
    rule = rule_of(written, hundredth(score))
    factors = [_covariate(courses, name) for name in covariates(written)]
    all_of = _adjusted(courses, judging, rule, factors)
    admitted = _adjusted(_admitted(courses, written), judging, rule, factors) if _picks(written) else all_of
    own, spread = drifts(admitted.series, score, undated, rule, judging.restarts)
    moves = {each.site: each for each in _movements(admitted.series, spread.sigma, rule)}
    moved = {site: each for site, each in moves.items() if each.status == "moved"}
    beside = (
        drifts(_beside(admitted.series, moved), score, undated, rule, judging.restarts)[0] if moved else {}
    )
    stricter = {name for name, each in admitted.raters.items() if each.flagged == "stricter"}
    settled = in_order(own, admitted.series, Beside(stricter, bool(admitted.raters), moved, beside))
    shown = _drawn_over(all_of.series, admitted.series, listed(settled, rule))
    chosen = any(each.listed for each in shown.values())
    named = {"rule": written.id if written else "", "by_chance": BY_CHANCE if chosen else None}
    return Verdict(all_of, shown, spread.model_copy(update=named), tuple(moves.values()))


def _adjusted(
    courses: Mapping[str, Course], judging: Judging, rule: Rule, factors: Sequence[Covariate]
) -> Adjusted:
    plain = {name: scores_of(course, judging.score, judging.checklist) for name, course in courses.items()}
    sigma = rule.sd or cusum.spread(cusum.flat([each.score for each in of] for of in plain.values())).sigma
    return adjusted(plain, hundredth(judging.score), sigma, factors)


def _covariate(courses: Mapping[str, Course], name: str) -> Covariate:
    """What each session has under this name: a column of the data, or a fact."""
    return {(who, each.session): _word(each, name) for who, course in courses.items() for each in course}


def _word(session: Session, name: str) -> str:
    given = (each.observation for each in session.ratings)
    words = (each.facts.get(name) or str(getattr(each, name, "") or "") for each in given)
    return next((word for word in words if word), "")


# ---- what a programme's rule admits


def _picks(written: DriftRule | None) -> bool:
    return written is not None and bool(written.of.sources or written.of.raters)


def _admitted(courses: Mapping[str, Course], written: DriftRule | None) -> dict[str, Course]:
    """The ratings whose evidence and rater's role the rule names; a session without any is left out."""
    found = {}
    for name, course in courses.items():
        kept = (
            (each, tuple(rating for rating in each.ratings if _is_admitted(rating, written)))
            for each in course
        )
        found[name] = tuple(replace(each, ratings=ratings) for each, ratings in kept if ratings)
    return found


def _is_admitted(rating: Rating, written: DriftRule | None) -> bool:
    who = rating.observation
    return written is None or (
        (not written.of.sources or who.evidence in written.of.sources)
        and (not written.of.raters or who.rater_role in written.of.raters)
    )


def _drawn_over(all_of: Series, admitted: Series, found: Mapping[str, Drift]) -> dict[str, Drift]:
    """The drifts with one sum for every session; a session that the rule does not admit keeps the last."""
    if all_of is admitted:
        return dict(found)
    return {name: _spun_out(each, all_of[name], admitted[name]) for name, each in found.items()}


def _spun_out(drift: Drift, all_of: Sequence[SessionScore], admitted: Sequence[SessionScore]) -> Drift:
    place = {each.session: at for at, each in enumerate(admitted)}
    latest, at = [], -1
    for each in all_of:
        at = place.get(each.session, at)
        latest.append(at)
    where = {each.session: at for at, each in enumerate(all_of)}
    return drift.model_copy(
        update={
            "cusum": tuple(drift.cusum[at] if at >= 0 else 0.0 for at in latest) if drift.cusum else (),
            "rising": tuple(drift.rising[at] if at >= 0 else 0.0 for at in latest) if drift.rising else (),
            "breaks": tuple(each._replace(at=where[admitted[each.at].session]) for each in drift.breaks),
        }
    )


# ---- everyone


def _movements(series: Series, sigma: float | None, rule: Rule) -> Iterator[Everyone]:
    """The programme, and where there are several sites each of them."""
    if sigma is None:
        return
    sites = sorted({site_of(sessions) for sessions in series.values()} - {""})
    for site in ["", *(sites if len(sites) > 1 else ())]:
        seen = sessions_flat({name: of for name, of in series.items() if not site or site_of(of) == site})
        if len(seen.scores):
            yield _everyone(site, movement(seen, sigma, rule))


def sessions_flat(series: Series) -> Sessions:
    """The dated scores, flat, with the number of their therapist."""
    given = [
        (each.judged, number, each.date.toordinal())
        for number, sessions in enumerate(series.values())
        for each in sessions
        if each.date
    ]
    scores, therapists, days = zip(*given, strict=True) if given else ((), (), ())
    return Sessions(
        np.array(scores, dtype=np.float64), np.array(therapists, dtype=np.intp), np.array(days, dtype=np.intp)
    )


def _everyone(site: str, found: Movement) -> Everyone:
    row = Everyone(site=site, status=found.status, unit=found.unit, periods=len(found.means))
    if found.start is None:
        return row
    return row.model_copy(
        update={
            "since": date.fromordinal(found.start),
            "size": found.size,
            "low": found.size - found.margin,
            "high": found.size + found.margin,
            "compared": found.compared,
            "shared": found.shared,
        }
    )


def _beside(series: Series, moved: Collection[str]) -> Series:
    """Scores less what colleagues' did at the time: those of the programme, or else of the own site."""
    sites = {name: "" if "" in moved else site_of(sessions) for name, sessions in series.items()}
    found: dict[str, Sequence[SessionScore]] = {}
    for site in set(sites.values()):
        group = {name: of for name, of in series.items() if sites[name] == site}
        seen = sessions_flat(group)
        scores = iter(beside_others(seen).tolist() if len(seen.scores) else ())
        for name, sessions in group.items():
            found[name] = tuple(each._replace(adjusted=next(scores)) for each in sessions)
    return {name: found[name] for name in series}
