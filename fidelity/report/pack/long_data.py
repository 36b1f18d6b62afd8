"""Scored observations -> tables of de-identified data: who and when by codes and days, answers, outcomes."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from fidelity.model.checklist import Checklist
from fidelity.model.coding import Coding, occasion_code
from fidelity.model.observation import Observation
from fidelity.model.scale import Given, NotGiven
from fidelity.model.score import ResultValue, ScoredObservation

Records = Sequence[ScoredObservation[Observation]]
Cell = str | int | float | None
Type = Literal["text", "whole number", "number"]
Rows = list[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Variable:
    """A column of the data: its name, and what it holds."""

    name: str
    type: Type = "text"


@dataclass(frozen=True, slots=True)
class Data:
    """A table of data, its rows in order of the codes, so that their order tells nothing."""

    name: str
    variables: tuple[Variable, ...]
    rows: Rows


@dataclass(frozen=True, slots=True)
class Part:
    """A checklist with its scored observations."""

    checklist: Checklist
    scored: Records


WHO = tuple(
    Variable(name) for name in ("observation", "session", "therapist", "client", "rater", "site", "arm")
)
DAY = Variable("day", "whole number")


def long_data(parts: Sequence[Part], coding: Coding) -> list[Data]:
    """Three tables that go together by `observation`; refused observations are in none."""
    first = first_days(each.observation for part in parts for each in part.scored)
    return [_observations(parts, coding, first), _answers(parts, coding, first), _outcomes(parts, coding)]


def first_days(observations: Iterable[Observation]) -> dict[str, dt.date]:
    """The day of each therapist's first observation: day 0."""
    found: dict[str, dt.date] = {}
    for each in observations:
        if each.therapist and each.date is not None:
            found[each.therapist] = min(each.date, found.get(each.therapist, each.date))
    return found


def _day(observation: Observation, first: Mapping[str, dt.date]) -> int | None:
    begin = first.get(observation.therapist)
    return None if observation.date is None or begin is None else (observation.date - begin).days


def _who(observation: Observation, coding: Coding) -> tuple[Cell, ...]:
    return (
        coding.code("observation", observation.observation),
        occasion_code(coding, observation),
        *(
            coding.code(kind, getattr(observation, kind)) or None
            for kind in ("therapist", "client", "rater", "site")
        ),
        observation.arm or None,
    )


def _kept(parts: Sequence[Part]) -> Iterator[tuple[Checklist, ScoredObservation[Observation]]]:
    return ((part.checklist, each) for part in parts for each in part.scored if each.scored is not None)


# ---- one row per observation


PLAIN = ("rater_role", "evidence", "modality", "language", "selection")


def _observations(parts: Sequence[Part], coding: Coding, first: Mapping[str, dt.date]) -> Data:
    facts = told_facts(part.checklist for part in parts)
    variables = (
        *WHO,
        DAY,
        Variable("rated_after_days", "whole number"),
        Variable("minutes", "number"),
        *(Variable(name) for name in (*PLAIN, "checklist", "version")),
        *(Variable(f"fact.{fact}") for fact in facts),
    )
    rows: Rows = []
    for checklist, each in _kept(parts):
        who = each.observation
        rows.append(
            (
                *_who(who, coding),
                _day(who, first),
                None if who.date is None or who.rated_on is None else (who.rated_on - who.date).days,
                _number(who.minutes),
                *(getattr(who, name) or None for name in PLAIN),
                checklist.id,
                checklist.about.version,
                *(who.facts.get(fact) or None for fact in facts),
            )
        )
    return Data("observations", variables, sorted(rows, key=_by_code))


def told_facts(checklists: Iterable[Checklist]) -> list[str]:
    """The facts about sessions that are answered on a scale; free text stays out."""
    return list(
        dict.fromkeys(
            fact.id for checklist in checklists for fact in checklist.facts if fact.scale.kind != "text"
        )
    )


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _by_code(row: tuple[Cell, ...]) -> str:
    return str(row[0])


# ---- one row per observation and item


def _answers(parts: Sequence[Part], coding: Coding, first: Mapping[str, dt.date]) -> Data:
    variables = (
        *WHO,
        DAY,
        Variable("checklist"),
        Variable("item"),
        Variable("answer"),
        Variable("state"),
        Variable("points", "number"),
    )
    rows = [
        (*_who(each.observation, coding), _day(each.observation, first), checklist.id, *answer)
        for checklist, each in _kept(parts)
        for answer in _answered(checklist, each)
    ]
    return Data("answers", variables, sorted(rows, key=_by_code))


def _answered(checklist: Checklist, each: ScoredObservation[Observation]) -> Iterator[tuple[Cell, ...]]:
    answers = each.scored.answers if each.scored else {}
    for question in checklist.questions:
        match answers.get(question.key):
            case Given() if question.scale.kind == "text":
                yield (question.key, None, "answered", None)
            case Given(code=code, points=points):
                yield (question.key, code, "answered", _number(points))
            case NotGiven(state=state):
                yield (question.key, None, state.value, None)
            case None:
                yield (question.key, None, "missing", None)


# ---- one row per observation and outcome


def _outcomes(parts: Sequence[Part], coding: Coding) -> Data:
    variables = (
        Variable("observation"),
        Variable("checklist"),
        Variable("outcome"),
        Variable("kind"),
        Variable("number", "number"),
        Variable("exact"),
        Variable("level"),
        Variable("answered", "whole number"),
        Variable("applicable", "whole number"),
        Variable("not_scored"),
    )
    rows = [
        (coding.code("observation", each.observation.observation), checklist.id, *outcome)
        for checklist, each in _kept(parts)
        for outcome in _found(each)
    ]
    return Data("outcomes", variables, sorted(rows, key=_by_code))


def _found(each: ScoredObservation[Observation]) -> Iterator[tuple[Cell, ...]]:
    scored = each.scored
    if scored is None:
        return
    for key, value in scored.scores.items():
        exact = None if value.exact is None else str(value.exact)
        number, why = _number(value.exact), value.not_scored or None
        yield (key, "score", number, exact, None, value.answered, value.applicable, why)
    for key, result in scored.results.items():
        yield (key, "result", None, None, result.level, None, None, _open(result))
    for key, state in scored.gates.items():
        yield (key, "gate", None, None, state, None, None, None)
    for key, raised in scored.flags.items():
        yield (
            key,
            "flag",
            None,
            None,
            "undecided" if raised is None else "yes" if raised else "no",
            None,
            None,
            None,
        )


def _open(result: ResultValue) -> str | None:
    """Why there is no level."""
    if result.level is not None:
        return None
    return "undecided" if result.possible else "does_not_apply"
