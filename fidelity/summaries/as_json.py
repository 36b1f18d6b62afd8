"""A summary -> the JSON that `fidelity summarise` prints."""

from typing import Any

from fidelity.model.summary import Drift, ItemCount, ScoreSummary, Summary, TherapistSummary

Json = dict[str, Any]


def as_json(summary: Summary) -> Json:
    """The whole summary; numbers are rounded to 6 places."""
    return {
        "therapists": [_therapist(each) for each in summary.therapists],
        "raters": [{"rater": each.rater, "n": each.n, "mean": _number(each.mean)} for each in summary.raters],
        "sites": [
            {"site": each.site, "therapists": each.therapists, "n": each.n, "mean": _number(each.mean)}
            for each in summary.sites
        ],
        "agreement": {},
        "sampling": {},
    }


def _therapist(row: TherapistSummary) -> Json:
    return {
        "therapist": row.therapist,
        "site": row.site,
        "n": row.n,
        "scores": {name: _score(each) for name, each in row.scores.items()},
        "items": [_item(each) for each in row.items],
        "stage": None,
    }


def _score(score: ScoreSummary) -> Json:
    return {
        "n": score.n,
        "mean": _number(score.mean),
        "low": _number(score.low),
        "high": _number(score.high),
        "estimate": _number(score.estimate),
        "standard": score.standard,
        "drift": _drift(score.drift),
    }


def _drift(drift: Drift) -> Json:
    return {
        "status": drift.status,
        "since": drift.since_date.isoformat() if drift.since_date else drift.since,
        "size": _number(drift.size),
        "low": _number(drift.low),
        "high": _number(drift.high),
        "cusum": [_number(each) for each in drift.cusum],
    }


def _item(count: ItemCount) -> Json:
    return {"item": count.item, "missed": count.missed, "rated": count.rated}


def _number(value: float | None) -> float | None:
    # Adding nought turns the -0.0 that rounding leaves into 0.0.
    return None if value is None else round(value, 6) + 0.0
