"""Scored observations -> what they say about therapists, items, raters and sites, with its uncertainty."""

from collections.abc import Mapping, Sequence

from fidelity.model.checklist import Checklist, Score
from fidelity.model.observation import Observation
from fidelity.model.score import ScoredObservation
from fidelity.model.summary import Provenance, ScoreSummary, Spread, Summary, TherapistSummary
from fidelity.summaries import competence, delivery, drift, series
from fidelity.summaries.delivery import Asked
from fidelity.summaries.series import Course


def summarise(
    checklist: Checklist, scored: Sequence[ScoredObservation[Observation]], provenance: Provenance
) -> Summary:
    """The summary that every report is made from."""
    sessions = series.sessions_of(series.usable(scored))
    courses = series.courses_of(sessions)
    judged = {score.key: _judged(checklist, score, courses) for score in _headline_first(checklist)}
    asked = delivery.asked(checklist)
    dates = sorted(each.day for each in sessions if each.day)
    return Summary(
        headline=checklist.headline.key if checklist.headline else None,
        therapists=tuple(
            _therapist(checklist, asked, name, course, {key: rows[name] for key, (rows, _) in judged.items()})
            for name, course in courses.items()
        ),
        raters=delivery.raters(sessions, checklist.headline),
        sites=delivery.sites(sessions, checklist.headline),
        spread=next((spread for _, spread in judged.values()), None),
        provenance=provenance,
        first_date=dates[0] if dates else None,
        last_date=dates[-1] if dates else None,
        set_aside=series.set_aside(scored, sessions),
    )


def _headline_first(checklist: Checklist) -> list[Score]:
    return sorted(checklist.scores, key=lambda score: score is not checklist.headline)


def _judged(
    checklist: Checklist, score: Score, courses: Mapping[str, Course]
) -> tuple[dict[str, ScoreSummary], Spread]:
    per_therapist = {name: series.scores_of(course, score, checklist) for name, course in courses.items()}
    competences = competence.competences(per_therapist, score, checklist.standard(score.key))
    drifts, spread = drift.drifts(
        per_therapist, score, undated={name for name in courses if not courses[name]}
    )
    rows = {
        name: ScoreSummary(
            n=len(sessions),
            mean=competences[name].mean,
            low=competences[name].low,
            high=competences[name].high,
            estimate=competences[name].estimate,
            standard=competences[name].standard,
            more_needed=competences[name].more_needed,
            drift=drifts[name],
            sessions=sessions,
        )
        for name, sessions in per_therapist.items()
    }
    return rows, spread


def _therapist(
    checklist: Checklist, asked: Asked, name: str, course: Course, scores: dict[str, ScoreSummary]
) -> TherapistSummary:
    items = delivery.item_counts(asked, course)
    return TherapistSummary(
        therapist=name,
        site=next((each.site for each in reversed(course) if each.site), ""),
        modality=", ".join(dict.fromkeys(each.modality for each in course if each.modality)),
        n=len(course),
        scores=scores,
        levels=delivery.level_counts(checklist, course),
        items=items,
        doing_well=delivery.doing_well(items),
        parts=delivery.parts(checklist, asked, course),
        gates_failed=delivery.gates_failed(checklist, course),
        first_date=course[0].day if course else None,
        last_date=course[-1].day if course else None,
        raters=tuple(
            sorted({each.observation.rater for session in course for each in session.ratings} - {""})
        ),
    )
