"""Scored observations -> what they say about therapists, items, raters and sites, with its uncertainty."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from fidelity.model.checklist import Checklist, Score
from fidelity.model.observation import Observation
from fidelity.model.programme import Programme
from fidelity.model.score import Scored, ScoredObservation
from fidelity.model.summary import (
    Discrepancy,
    Everyone,
    Provenance,
    ReasonAside,
    ScoreSummary,
    SetAside,
    Spread,
    Summary,
    TherapistSummary,
)
from fidelity.summaries import competence, delivery, evidence
from fidelity.summaries.adjusted import Adjusted
from fidelity.summaries.columns import ScoredColumns, from_scored
from fidelity.summaries.courses import Sessions, courses_in, words_of_each
from fidelity.summaries.drift.cohort import cohort
from fidelity.summaries.judged import Judging, covariate_names, dated, judged
from fidelity.summaries.limits import with_limits
from fidelity.summaries.series import usable

Restarts = Mapping[str, Iterable[date]]


@dataclass(frozen=True, slots=True)
class ScoreFindings:
    """One score of all therapists: their rows, and what is known of raters, everyone and evidence."""

    rows: Mapping[str, ScoreSummary]
    spread: Spread
    adjusted: Adjusted
    everyone: tuple[Everyone, ...]
    discrepancies: tuple[Discrepancy, ...]


def summarise(
    checklist: Checklist,
    scored: Sequence[ScoredObservation[Observation]],
    provenance: Provenance,
    programme: Programme | None = None,
    restarts: Restarts | None = None,
) -> Summary:
    """The summary that every report is made from.

    A programme's drift rule and standards are used where it has them; `restarts` are the days on which a
    therapist was trained anew, from which on the course is judged by itself.
    """
    columns = from_scored(checklist, scored, covariate_names(checklist, programme))
    ratings = [each.scored for each in usable(scored)]
    return summarise_columns(checklist, columns, provenance, programme, restarts, ratings.__getitem__)


def summarise_columns(
    checklist: Checklist,
    columns: ScoredColumns,
    provenance: Provenance,
    programme: Programme | None = None,
    restarts: Restarts | None = None,
    rated: Callable[[int], Scored] | None = None,
) -> Summary:
    """The same from columns that are there already: a million ratings in seconds.

    `rated` gives the trace of a rating by its place in the columns; without it nobody's limits are told.
    """
    kinds = evidence.by_class(columns)
    main = evidence.main_of(kinds)
    sessions = kinds[main]
    courses = courses_in(sessions)
    undated = _undated(sessions, courses)
    found = {
        score.key: _findings(
            columns, courses, kinds, undated, Judging(checklist, score, programme, restarts or {})
        )
        for score in _headline_first(checklist)
    }
    first = next(iter(found.values()), None)
    days = sessions.days[sessions.days > 0]
    summary = Summary(
        headline=checklist.headline.key if checklist.headline else None,
        therapists=_therapists(checklist, columns, courses, {key: each.rows for key, each in found.items()}),
        raters=delivery.raters(columns, sessions, checklist.headline, first.adjusted.raters if first else {}),
        sites=delivery.sites(columns, sessions, checklist.headline),
        spread=first.spread if first else None,
        provenance=provenance,
        first_date=date.fromordinal(int(days.min())) if len(days) else None,
        last_date=date.fromordinal(int(days.max())) if len(days) else None,
        set_aside=_set_aside(columns, sessions),
        evidence=main,
        adjusted=first.adjusted.done if first else False,
        linked=first.adjusted.groups if first else 0,
        mostly_one=first.adjusted.mostly_one if first else (),
        everyone=first.everyone if first else (),
        cohort=cohort(dated(first.adjusted.series)) if first else (),
        discrepancies=tuple(row for each in found.values() for row in each.discrepancies),
    )
    return summary if rated is None else with_limits(checklist, summary, columns, rated)


def _headline_first(checklist: Checklist) -> list[Score]:
    return sorted(checklist.scores, key=lambda score: score is not checklist.headline)


def _undated(sessions: Sessions, courses: Sessions) -> frozenset[str]:
    """Who was seen, and never with a date."""
    seen = set(sessions.therapist[sessions.therapist >= 0].tolist()) - set(courses.therapist.tolist())
    return frozenset(sessions.names[each] for each in seen)


def _findings(
    columns: ScoredColumns,
    courses: Sessions,
    kinds: evidence.Kinds,
    undated: Collection[str],
    judging: Judging,
) -> ScoreFindings:
    score = judging.score
    verdict = judged(columns, courses, undated, judging)
    competences = competence.competences(verdict.adjusted.series, score, judging.standard)
    sides = evidence.evidence_scores(columns, kinds, score)
    rows = {
        name: ScoreSummary(
            n=len(sessions),
            mean=competences[name].mean,
            low=competences[name].low,
            high=competences[name].high,
            estimate=competences[name].estimate,
            standard=competences[name].standard,
            more_needed=competences[name].more_needed,
            drift=verdict.drifts[name],
            sessions=sessions,
            adjusted=competences[name].adjusted,
            at_standard=competences[name].at_standard,
            by_evidence=sides.get(name, ()),
        )
        for name, sessions in verdict.adjusted.series.items()
    }
    return ScoreFindings(
        rows, verdict.spread, verdict.adjusted, verdict.everyone, tuple(evidence.discrepancies(sides, score))
    )


def _therapists(
    checklist: Checklist,
    columns: ScoredColumns,
    courses: Sessions,
    scores: Mapping[str, Mapping[str, ScoreSummary]],
) -> tuple[TherapistSummary, ...]:
    number = len(courses.names)
    raters = columns.rater.at(courses.rows).in_order
    days = courses.days.tolist()
    everything = zip(
        courses.spans.items(),
        delivery.deliveries(checklist, columns, courses),
        courses.latest(courses.first(columns.site)),
        words_of_each(courses.therapist, number, courses.first(columns.modality)),
        words_of_each(courses.therapist[courses.of_row], number, raters),
        strict=True,
    )
    return tuple(
        TherapistSummary(
            therapist=name,
            site=site,
            modality=", ".join(modalities),
            n=span.stop - span.start,
            scores={key: rows[name] for key, rows in scores.items()},
            levels=delivered.levels,
            items=delivered.items,
            doing_well=delivered.doing_well,
            parts=delivered.parts,
            gates_failed=delivered.gates_failed,
            first_date=_day(days[span][:1]),
            last_date=_day(days[span][-1:]),
            raters=tuple(sorted(own)),
            fallen=delivered.fallen,
        )
        for (name, span), delivered, site, modalities, own in everything
    )


def _day(days: Sequence[int]) -> date | None:
    return date.fromordinal(days[0]) if days else None


def _set_aside(columns: ScoredColumns, sessions: Sessions) -> tuple[SetAside, ...]:
    """The observations that no therapist's row counts, under the first reason that fits."""
    counted = np.zeros(len(columns.days), dtype=np.bool_)
    counted[sessions.rows[sessions.days[sessions.of_row] > 0]] = True
    nameless = columns.therapist.places < 0
    undated = ~nameless & ~counted & (columns.days == 0)
    other = ~nameless & ~counted & ~undated
    left_out: dict[ReasonAside, Sequence[str]] = {
        "refused": columns.refused,
        "for_cause": columns.for_cause,
        "no_therapist": columns.observed(nameless),
        "no_date": columns.observed(undated),
        "other_evidence": columns.observed(other),
    }
    return tuple(SetAside(reason=reason, observations=tuple(of)) for reason, of in left_out.items() if of)
