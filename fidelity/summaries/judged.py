"""Courses and a score -> scores without the raters' severity, and what changed: raters, everyone, each."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import numpy as np

from fidelity.model.checklist import Checklist, Result, Score
from fidelity.model.programme import DriftRule, Programme
from fidelity.model.summary import Drift, Everyone, Spread
from fidelity.summaries.adjusted import Adjusted, adjusted
from fidelity.summaries.columns import ScoredColumns, Words
from fidelity.summaries.courses import Sessions, first_days
from fidelity.summaries.drift import cusum, drifts, hundredth
from fidelity.summaries.drift.everyone import Movement, beside_others, movement
from fidelity.summaries.drift.everyone import Sessions as Seen
from fidelity.summaries.drift.many import BY_CHANCE, listed
from fidelity.summaries.drift.order import Beside, in_order
from fidelity.summaries.drift.rule import Rule
from fidelity.summaries.drift.written import SITE, covariates, rule_of, unused, written_for
from fidelity.summaries.exact import Flags, Places
from fidelity.summaries.score_series import Series, series_of


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

    @property
    def written_for_sites(self) -> DriftRule | None:
        """The programme's drift rule of the score for each site."""
        return written_for(self.programme, self.score, self.checklist, SITE)

    @property
    def result(self) -> Result | None:
        """The first result that reads the score."""
        return next((each for each in self.checklist.results if each.of == self.score.key), None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The scores to judge by, each therapist's drift, and what it was measured by."""

    adjusted: Adjusted
    drifts: Mapping[str, Drift]
    spread: Spread
    everyone: tuple[Everyone, ...]


def covariate_names(checklist: Checklist, programme: Programme | None) -> tuple[str, ...]:
    """What the programme's rules adjust any score of a checklist for, beside raters."""
    rules = (written_for(programme, score, checklist) for score in checklist.scores)
    return tuple(dict.fromkeys(name for rule in rules for name in covariates(rule)))


def judged(columns: ScoredColumns, courses: Sessions, undated: Collection[str], judging: Judging) -> Verdict:
    """What the courses show, by the programme's rule or else the default."""
    score, written = judging.score, judging.written
    rule = rule_of(written, hundredth(score))
    factors = [courses.first(columns.covariates[name]) for name in covariates(written)]
    all_of = _adjusted(columns, courses, judging, rule, factors)
    picked = _admitted(columns, courses, written) if _picks(written) else courses
    admitted = all_of if picked is courses else _adjusted(columns, picked, judging, rule, factors)
    own, spread = drifts(admitted.series, score, undated, rule, judging.restarts)
    for_sites = rule_of(judging.written_for_sites, hundredth(score)) if judging.written_for_sites else rule
    moves = {each.site: each for each in _movements(admitted.series, spread.sigma, rule, for_sites)}
    moved = {site: each for site, each in moves.items() if each.status == "moved"}
    beside = (
        drifts(_beside(admitted.series, moved), score, undated, rule, judging.restarts)[0] if moved else {}
    )
    stricter = {name for name, each in admitted.raters.items() if each.flagged == "stricter"}
    settled = in_order(own, admitted.series, Beside(stricter, bool(admitted.raters), moved, beside))
    shown = _drawn_over(all_of.series, admitted.series, listed(settled, rule))
    chosen = any(each.listed for each in shown.values())
    named = {
        "rule": written.id if written else "",
        "by_chance": BY_CHANCE if chosen else None,
        "unused": tuple(each.title for each in unused(judging.programme)),
    }
    return Verdict(all_of, shown, spread.model_copy(update=named), tuple(moves.values()))


def _adjusted(
    columns: ScoredColumns, courses: Sessions, judging: Judging, rule: Rule, factors: Sequence[Words]
) -> Adjusted:
    plain = series_of(columns, courses, judging.score.key, judging.result)
    sigma = rule.sd or cusum.spread(cusum.laid(plain.scores, plain.sessions.several)).sigma
    own = [each.at(plain.sessions.place) for each in factors]
    return adjusted(plain, hundredth(judging.score), sigma, own)


# ---- what a programme's rule admits


def _picks(written: DriftRule | None) -> bool:
    return written is not None and bool(written.of.sources or written.of.raters)


def _admitted(columns: ScoredColumns, courses: Sessions, written: DriftRule | None) -> Sessions:
    """The ratings whose evidence and rater's role the rule names; a session without any is left out."""
    sources, raters = (written.of.sources, written.of.raters) if written else ((), ())
    admitted = _among(columns.evidence, sources) & _among(columns.rater_role, raters)
    picked = courses.rated(admitted[courses.rows])
    return replace(picked, days=first_days(columns, picked))


def _among(column: Words, named: Collection[str]) -> Flags:
    """Whose word is one of those named; everybody where none is."""
    if not named:
        return np.ones(len(column.places), dtype=np.bool_)
    # The last flag is that of a blank, which -1 finds.
    return np.array([*(word in named for word in column.words), False])[column.places]


def _drawn_over(all_of: Series, admitted: Series, found: Mapping[str, Drift]) -> dict[str, Drift]:
    """The drifts with one sum for every session; a session that the rule does not admit keeps the last."""
    if all_of is admitted:
        return dict(found)
    return {
        name: _spun_out(
            each,
            all_of.sessions.place[all_of.sessions.spans[name]],
            admitted.sessions.place[admitted.sessions.spans[name]],
        )
        for name, each in found.items()
    }


def _spun_out(drift: Drift, all_of: Places, admitted: Places) -> Drift:
    latest = (np.searchsorted(admitted, all_of, side="right") - 1).tolist()
    where = np.searchsorted(all_of, admitted).tolist()
    return drift.model_copy(
        update={
            "cusum": tuple(drift.cusum[at] if at >= 0 else 0.0 for at in latest) if drift.cusum else (),
            "rising": tuple(drift.rising[at] if at >= 0 else 0.0 for at in latest) if drift.rising else (),
            "breaks": tuple(each._replace(at=where[each.at]) for each in drift.breaks),
        }
    )


# ---- everyone


def _movements(series: Series, sigma: float | None, rule: Rule, for_sites: Rule) -> Iterator[Everyone]:
    """The programme, and where there are several sites each of them, by the rule for sites."""
    if sigma is None:
        return
    homes = np.array(series.sessions.latest(series.site), dtype=object)
    sites = sorted(set(homes.tolist()) - {""})
    for site in ["", *(sites if len(sites) > 1 else ())]:
        seen = dated(series, homes == site if site else None)
        if len(seen.scores):
            yield _everyone(site, movement(seen, sigma, for_sites if site else rule))


def dated(series: Series, people: Flags | None = None) -> Seen:
    """The dated scores with the number of their therapist, of all therapists or of some."""
    kept = _dated(series, people)
    return Seen(series.judged[kept], series.sessions.therapist[kept], series.sessions.days[kept])


def _dated(series: Series, people: Flags | None) -> Flags:
    known: Flags = series.sessions.days > 0
    return known if people is None else known & people[series.sessions.therapist]


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
    sites = np.array(
        ["" if "" in moved else site for site in series.sessions.latest(series.site)], dtype=object
    )
    found = series.judged.copy()
    for site in set(sites.tolist()):
        kept = _dated(series, sites == site)
        if kept.any():
            found[kept] = beside_others(dated(series, sites == site))
    return replace(series, adjusted=found)
