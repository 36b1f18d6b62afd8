"""A scored observation -> the shape that `fidelity score` writes as JSON."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from fidelity.model.checklist import Checklist, Score
from fidelity.model.expression import Needing, aggregates_in
from fidelity.model.number import written
from fidelity.model.score import NotScored, Reason, ResultValue, Scored, ScoreValue, shown_score

if TYPE_CHECKING:
    from fidelity.model.observation import Observation


def as_json(checklist: Checklist, observation: "Observation", scored: Scored | None) -> dict[str, Any]:
    """One entry of `observations`; a refused record has its problems and no outcomes."""
    outcomes = _no_outcomes() if scored is None else _outcomes(checklist, scored)
    return {
        "observation": observation.observation,
        "session": observation.session,
        "therapist": observation.therapist,
        "client": observation.client,
        "rater": observation.rater,
        "rater_role": observation.rater_role,
        "evidence": observation.evidence,
        "site": observation.site,
        "date": None if observation.date is None else observation.date.isoformat(),
        "facts": dict(observation.facts),
        **outcomes,
        **_for_programmes(observation, scored),
        "refused": [each.as_json() for each in observation.refused],
    }


def _for_programmes(observation: "Observation", scored: Scored | None) -> dict[str, Any]:
    """What only a programme asks: observed for a cause, or no evidence; a late rating is (decision 19)."""
    why = {mark.why for mark in scored.marks if mark.code == "RB511"} if scored else set()
    said: dict[str, Any] = {} if observation.selection == "planned" else {"selection": observation.selection}
    return said | ({"is_evidence": why <= {"too_late"}} if why else {})


def _no_outcomes() -> dict[str, Any]:
    by_name: dict[str, Any] = {name: {} for name in ("scores", "results", "gates", "flags", "lists")}
    return {**by_name, "comments_needed": [], "marks": []}


def _outcomes(checklist: Checklist, scored: Scored) -> dict[str, Any]:
    return {
        "scores": {key: _score(checklist.score[key], value) for key, value in scored.scores.items()},
        "results": {key: _result(value) for key, value in scored.results.items()},
        "gates": dict(scored.gates),
        "flags": dict(scored.flags),
        "lists": {name: list(items) for name, items in scored.lists.items()},
        "comments_needed": list(scored.comments_needed),
        "marks": [
            {"code": code, "item": item}
            for code, item in dict.fromkeys((each.code, each.item) for each in scored.marks)
        ],
    }


def _score(score: Score, value: ScoreValue) -> dict[str, Any]:
    return {
        "exact": _exact(value.exact),
        "shown": None if value.exact is None else shown_score(score, value.exact),
        "answered": value.answered,
        "applicable": value.applicable,
        "low": _exact(value.low),
        "high": _exact(value.high),
        "reason": reason_in_words(score, value),
    }


def _exact(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _result(value: ResultValue) -> dict[str, Any]:
    return {"level": value.level, "possible": list(value.possible), "because": list(value.because)}


# ---- why there is no score


def reason_in_words(score: Score, value: ScoreValue) -> str | None:
    """Why the score was not given, as one plain sentence; nothing when it was."""
    return sentence(score, value.not_scored, value.answered, value.applicable, absent_words(value))


def absent_words(value: ScoreValue) -> str:
    """What does not apply, so that there is no score; also where that holds for a score that it reads."""
    return ", ".join(dict.fromkeys(_absent(value.reason)))


def _absent(reason: Reason) -> Iterator[str]:
    for each in reason.children:
        if each.kind == "not_applicable":
            yield each.subject
        elif each.kind == "not_scored" and each.value == "does_not_apply":
            yield from _absent(each)


def sentence(score: Score, why: NotScored, answered: int, applicable: int, absent: str) -> str | None:
    """The same from what is known of the score."""
    if not why:
        return None
    return SENTENCES[why].format(
        answered=answered, applicable=applicable, needed=_needed(score), absent=absent
    )


SENTENCES: Mapping[NotScored, str] = {
    "nothing_applied": "None of what it is worked out from applied.",
    "too_few_answered": "Too few items were answered: {answered} of {applicable}, {needed} needed.",
    "nothing_to_divide_by": "Nothing to divide by.",
    "only_when": "The condition for giving this score was not met.",
    "does_not_apply": "This does not apply: {absent}.",
    "checklist_does_not_apply": "The checklist does not apply to this session.",
    "undecided": "It is not known whether the checklist applies to this session.",
}


def _needed(score: Score) -> str:
    """What the score asks for; where its parts ask for different shares, only that."""
    asked = {each.needing or score.needing for each in aggregates_in(score.formula)}
    return _asked(next(iter(asked), score.needing)) if len(asked) <= 1 else "in each part its own share is"


def _asked(needing: Needing) -> str:
    if needing.number is not None:
        return f"at least {needing.number} are"
    if needing.share is None or needing.share == 1:
        return "all are"
    percent = written(needing.share * 100)
    return f"at least {needing.share if '/' in percent else f'{percent}%'} are"
