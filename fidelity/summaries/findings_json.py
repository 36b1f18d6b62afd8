"""What a summary found beside each therapist's scores -> JSON: raters, everyone, evidence, breaks, cohort."""

from collections.abc import Mapping
from typing import Any

from fidelity.model.summary import Drift, Row, ScoreSummary, Summary, TherapistSummary

Json = dict[str, Any]


def programme_found(summary: Summary) -> Json:
    """What was asked of raters, everyone and the evidence before anybody was judged."""
    return {
        "evidence": summary.evidence,
        "adjusted": summary.adjusted,
        "linked": summary.linked,
        "mostly_one": [row(each) for each in summary.mostly_one],
        "everyone": [row(each) for each in summary.everyone],
        "spread": None if summary.spread is None else row(summary.spread),
        "cohort": [row(each) for each in summary.cohort],
        "discrepancies": [row(each) for each in summary.discrepancies],
    }


def therapist_found(therapist: TherapistSummary) -> Json:
    """What held results down and up in the last sessions; items that fell; what stands behind each score."""
    return {
        "limits": [row(each) for each in therapist.limits],
        "strengths": [row(each) for each in therapist.strengths],
        "fallen": [row(each) for each in therapist.fallen],
        "scores": {name: _score(each) for name, each in therapist.scores.items()},
    }


def _score(score: ScoreSummary) -> Json:
    """The mean that limits and standard are about, and what else bears on it."""
    return {
        "adjusted": rounded(score.adjusted),
        "more_needed": score.more_needed,
        "at_standard": None if score.at_standard is None else row(score.at_standard),
        "by_evidence": [row(each) for each in score.by_evidence],
        "drift": _drift(score.drift),
    }


def _drift(drift: Drift) -> Json:
    """What held a claim back, the breaks in the course, the chance figures, whom to look at first."""
    return {
        "reason": drift.reason or None,
        "observed": drift.observed,
        "needed": drift.needed,
        "breaks": [
            {"at": each.at, "date": each.day.isoformat() if each.day else None, "why": each.why}
            for each in drift.breaks
        ],
        "before_break": drift.before,
        "chance": None if drift.chance is None else rounded(drift.chance._asdict()),
        "raters": list(drift.raters),
        "raters_asked": drift.asked,
        "p": rounded(drift.p),
        "listed": drift.listed,
    }


def row(found: Row) -> Json:
    """A row with its numbers rounded to 6 places."""
    told: Json = rounded(found.model_dump(mode="json"))
    return told


def rounded(value: Any) -> Any:
    """The same, floats to 6 places; adding nought turns the -0.0 that rounding leaves into 0.0."""
    if isinstance(value, float):
        return round(value, 6) + 0.0
    if isinstance(value, Mapping):
        return {key: rounded(each) for key, each in value.items()}
    return [rounded(each) for each in value] if isinstance(value, list | tuple) else value
