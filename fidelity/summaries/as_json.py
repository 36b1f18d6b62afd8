"""A summary -> the JSON that `fidelity summarise` prints."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from fidelity.model.standing import DoseStanding, StageStanding, Standings, TherapistStanding
from fidelity.model.summary import (
    Agreement,
    Audit,
    Drift,
    ItemCount,
    Sampling,
    ScoreSummary,
    Summary,
    TherapistSummary,
)
from fidelity.summaries.agreement.study_json import agreement_as_json
from fidelity.summaries.findings_json import programme_found, row, therapist_found
from fidelity.summaries.plain import plain

Json = dict[str, Any]
Said = Callable[[StageStanding], Sequence[str]]  # what a stage still needs, in plain words


class Whole(NamedTuple):
    """What is known of the study as a whole."""

    agreement: Agreement | None = None
    sampling: Sampling | None = None
    audit: Audit | None = None


NOTHING = Whole()


def as_json(
    summary: Summary,
    others: Mapping[str, Summary] | None = None,
    standings: Standings | None = None,
    missing: Said = lambda _: (),
    whole: Whole = NOTHING,
) -> Json:
    """The whole summary; numbers are rounded to 6 places.

    With a programme: the scores of its other checklists by checklist, and where everybody stands.
    """
    return {
        "therapists": _therapists(summary, others or {}, standings, missing),
        **({} if standings is None else {"on": standings.day.isoformat() if standings.day else None}),
        "raters": [row(each) for each in summary.raters],
        "sites": [
            {"site": each.site, "therapists": each.therapists, "n": each.n, "mean": _number(each.mean)}
            for each in summary.sites
        ],
        "agreement": {} if whole.agreement is None else agreement_as_json(whole.agreement),
        "sampling": {} if whole.sampling is None else plain(whole.sampling),
        "audit": {} if whole.audit is None else plain(whole.audit),
        **programme_found(summary),
    }


def _therapists(
    summary: Summary, others: Mapping[str, Summary], standings: Standings | None, missing: Said
) -> list[Json]:
    if standings is None:
        return [_therapist(each) for each in summary.therapists]
    rows = {each.therapist: each for each in summary.therapists}
    beside = {id: {each.therapist: each for each in other.therapists} for id, other in others.items()}
    blank = _unseen(summary)
    found = []
    for each in standings.therapists:
        row = rows.get(each.therapist, blank)
        found.append(
            _standing_beside(row, {id: of.get(each.therapist) for id, of in beside.items()}, each, missing)
        )
    return found


def _unseen(summary: Summary) -> TherapistSummary:
    """The row of somebody of whom no session was observed with the first checklist."""
    scores = summary.therapists[0].scores if summary.therapists else {}
    nothing = {
        name: ScoreSummary(
            n=0,
            mean=None,
            low=None,
            high=None,
            estimate=None,
            standard="too_few" if each.standard else None,
            more_needed=None,
            drift=Drift(status="not_enough", needed=each.drift.needed, reason="few_observations"),
            sessions=(),
        )
        for name, each in scores.items()
    }
    return TherapistSummary(
        therapist="",
        site="",
        modality="",
        n=0,
        scores=nothing,
        levels={},
        items=(),
        doing_well=(),
        parts=(),
        gates_failed={},
        first_date=None,
        last_date=None,
        raters=(),
    )


def _standing_beside(
    row: TherapistSummary,
    others: Mapping[str, TherapistSummary | None],
    standing: TherapistStanding,
    missing: Said,
) -> Json:
    """One therapist with the scores of all checklists; a name that two share stays the first one's."""
    found = _therapist(row)
    found |= {"therapist": standing.therapist, "site": row.site or standing.site}
    for id, other in others.items():
        if other is None:
            continue
        found["n"] += other.n
        for name, score in other.scores.items():
            found["scores"][f"{id}.{name}" if name in found["scores"] else name] = _score(score)
    found["stage"] = standing.stage.stage.id if standing.stage else None
    found["stages"] = [_stage(each, missing) for each in standing.stages]
    found["doses"] = {each.key: _dose(each) for each in standing.doses}
    found["summaries"] = {
        name: None if value is None else str(value) for name, value in standing.figures.items()
    }
    found["drifts"] = dict(standing.drifts)
    return found


def _stage(each: StageStanding, missing: Said) -> Json:
    renewable = each.standing == "reached" and each.until is not None and bool(each.stage.renewed)
    return {
        "stage": each.stage.id,
        "title": each.stage.title,
        "standing": each.standing,
        "since": each.since.isoformat() if each.since else None,
        "until": each.until.isoformat() if each.until else None,
        "reassess_by": each.until.isoformat() if renewable and each.until else None,
        "decided_by": [
            {
                "observation": one.observation,
                "date": one.day.isoformat(),
                "checklist": one.checklist,
                "evidence": one.source,
                "met": one.holds,
                "showed": dict(one.showed),
            }
            for one in each.decided_by
        ],
        "facts": dict(each.facts),
        "missing": list(missing(each)),
    }


def _dose(each: DoseStanding) -> Json:
    return {
        "contacts": each.contacts,
        "duration": each.duration,
        "number": each.number,
        "first": each.first.isoformat() if each.first else None,
        "last": each.last.isoformat() if each.last else None,
    }


def _therapist(row: TherapistSummary) -> Json:
    return {
        "therapist": row.therapist,
        "site": row.site,
        "n": row.n,
        "scores": {name: _score(each) for name, each in row.scores.items()},
        "items": [_item(each) for each in row.items],
        "stage": None,
        "found": therapist_found(row),
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
