"""Scored observations -> what they say about therapists, items, raters and sites, with its uncertainty."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fidelity.model.checklist import Checklist, Score
from fidelity.model.observation import Observation
from fidelity.model.programme import Programme
from fidelity.model.score import ScoredObservation
from fidelity.model.summary import (
    Discrepancy,
    Everyone,
    EvidenceClass,
    Provenance,
    ScoreSummary,
    Spread,
    Summary,
    TherapistSummary,
)
from fidelity.summaries import competence, delivery, evidence, series
from fidelity.summaries.adjusted import Adjusted
from fidelity.summaries.delivery import Asked
from fidelity.summaries.drift import items
from fidelity.summaries.drift.cohort import cohort
from fidelity.summaries.judged import Judging, judged, sessions_flat
from fidelity.summaries.series import Course

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
    kinds = evidence.by_class(series.usable(scored))
    main = evidence.main_of(kinds)
    sessions = series.sessions_of(kinds.get(main, ()))
    courses = _courses(kinds, main)
    found = {
        score.key: _findings(
            checklist, score, courses, kinds, Judging(checklist, score, programme, restarts or {})
        )
        for score in _headline_first(checklist)
    }
    first = next(iter(found.values()), None)
    asked = delivery.asked(checklist)
    dates = sorted(each.day for each in sessions if each.day)
    return Summary(
        headline=checklist.headline.key if checklist.headline else None,
        therapists=tuple(
            _therapist(checklist, asked, name, course, {key: each.rows[name] for key, each in found.items()})
            for name, course in courses.items()
        ),
        raters=delivery.raters(sessions, checklist.headline, first.adjusted.raters if first else {}),
        sites=delivery.sites(sessions, checklist.headline),
        spread=first.spread if first else None,
        provenance=provenance,
        first_date=dates[0] if dates else None,
        last_date=dates[-1] if dates else None,
        set_aside=series.set_aside(scored, sessions),
        evidence=main,
        adjusted=first.adjusted.done if first else False,
        linked=first.adjusted.groups if first else 0,
        mostly_one=first.adjusted.mostly_one if first else (),
        everyone=first.everyone if first else (),
        cohort=cohort(sessions_flat(first.adjusted.series)) if first else (),
        discrepancies=tuple(row for each in found.values() for row in each.discrepancies),
    )


def _headline_first(checklist: Checklist) -> list[Score]:
    return sorted(checklist.scores, key=lambda score: score is not checklist.headline)


def _courses(kinds: evidence.Kinds, main: EvidenceClass) -> dict[str, Course]:
    """The courses by the kind of evidence to judge by; who has only others has an empty one."""
    known = series.courses_of(series.sessions_of(kinds.get(main, ())))
    names = sorted({each.observation.therapist for of in kinds.values() for each in of} - {""})
    return {name: known.get(name, ()) for name in names}


def _findings(
    checklist: Checklist,
    score: Score,
    courses: Mapping[str, Course],
    kinds: evidence.Kinds,
    judging: Judging,
) -> ScoreFindings:
    main = evidence.main_of(kinds)
    named = {each.observation.therapist for each in kinds.get(main, ())}
    undated = {name for name, course in courses.items() if name in named and not course}
    verdict = judged(courses, undated, judging)
    standard = judging.standard
    competences = competence.competences(verdict.adjusted.series, score, standard)
    sides = evidence.evidence_scores(evidence.scores_by_class(kinds, score, checklist), score)
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
            sessions=tuple(sessions),
            adjusted=competences[name].adjusted,
            at_standard=competence.at_standard(sessions, standard),
            by_evidence=sides.get(name, ()),
        )
        for name, sessions in verdict.adjusted.series.items()
    }
    return ScoreFindings(
        rows, verdict.spread, verdict.adjusted, verdict.everyone, tuple(evidence.discrepancies(sides, score))
    )


def _therapist(
    checklist: Checklist, asked: Asked, name: str, course: Course, scores: dict[str, ScoreSummary]
) -> TherapistSummary:
    counts = delivery.item_counts(asked, course)
    return TherapistSummary(
        therapist=name,
        site=next((each.site for each in reversed(course) if each.site), ""),
        modality=", ".join(dict.fromkeys(each.modality for each in course if each.modality)),
        n=len(course),
        scores=scores,
        levels=delivery.level_counts(checklist, course),
        items=counts,
        doing_well=delivery.doing_well(counts),
        parts=delivery.parts(checklist, asked, course),
        gates_failed=delivery.gates_failed(checklist, course),
        first_date=course[0].day if course else None,
        last_date=course[-1].day if course else None,
        raters=tuple(
            sorted({each.observation.rater for session in course for each in session.ratings} - {""})
        ),
        fallen=items.fallen(delivery.item_shares(asked, course)),
    )
