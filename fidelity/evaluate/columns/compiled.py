"""A checked checklist -> the plan of all its columns, from raw values to scores, levels, gates and flags."""

from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

import polars as pl

from fidelity.evaluate.columns.answers import (
    ABSENT,
    BEYOND,
    BLANK,
    REFUSED,
    Answers,
    answers_of_fact,
    answers_of_question,
    numbers,
    values,
)
from fidelity.evaluate.columns.condition import verdict
from fidelity.evaluate.columns.known import Asked, Known, Verdict, points_of, set_aside, told
from fidelity.evaluate.columns.number import FALSE, TRUE, Exact, any_of
from fidelity.evaluate.columns.result import possible_levels
from fidelity.evaluate.columns.score import score_columns
from fidelity.model.checklist import Checklist, Question
from fidelity.model.scale import Given

FACT = "fact."


class Columns(NamedTuple):
    """A compiled checklist: what is known of each row, and which rows the columns cannot tell.

    `refused` are the rows with an answer that is none, by column; `beyond` those with a number that no
    column holds exactly; `not_counted` says of each question whether its answer is kept and not counted.
    """

    known: Known
    refused: dict[str, pl.Expr]
    beyond: pl.Expr
    flags: dict[str, Verdict]
    not_counted: dict[str, pl.Expr]


def columns_of(checklist: Checklist, names: frozenset[str]) -> Columns:
    """The columns of a checklist over a frame that has columns of these names; others are blank."""
    known = Known(checklist)
    refused: dict[str, pl.Expr] = {}
    beyond: list[pl.Expr] = []
    for question in checklist.questions:
        answers = answers_of_question(checklist, question)
        found = _coded(known, answers, question.key, names)
        known.asked[question.key] = _asked(known, question, found)
        refused[question.key] = found.refused
        beyond.append(found.beyond)
    for fact in checklist.facts:
        answers = answers_of_fact(checklist, fact.id)
        found = _coded(known, answers, f"{FACT}{fact.id}", names)
        known.facts[fact.id] = found.asked
        refused[f"{FACT}{fact.id}"] = found.refused
        beyond.append(found.beyond)
    not_counted = dict(_worked_through(known))
    flags = {each.id: verdict(known, each.when) for each in checklist.flags}
    return Columns(known, refused, known.plan.keep(any_of(beyond)), flags, not_counted)


# ---- raw values


class _Coded(NamedTuple):
    """A question or fact with the rows whose raw value is no answer, or one that no column holds."""

    asked: Asked
    refused: pl.Expr
    beyond: pl.Expr


def _coded(known: Known, answers: Answers, name: str, names: frozenset[str]) -> _Coded:
    plan = known.plan
    if name not in names:
        code = plan.keep(pl.lit(BLANK, pl.UInt32))
        value = None if answers.number is None else _value(answers, plan.keep(pl.lit(0, pl.Int64)))
        return _Coded(Asked(answers, code, value), FALSE, FALSE)
    raw = plan.keep(
        pl.col(name).map_batches(
            lambda series: numbers(answers, series), return_dtype=pl.Int32, is_elementwise=True
        )
    )
    code = plan.keep(raw.clip(lower_bound=BLANK).cast(pl.UInt32))
    if answers.number is None:
        value = None
    else:
        value = _value(
            answers,
            plan.keep(
                pl.col(name).map_batches(
                    lambda series: values(answers, series), return_dtype=pl.Int64, is_elementwise=True
                )
            ),
        )
    return _Coded(Asked(answers, code, value), plan.keep(raw == REFUSED), plan.keep(raw == BEYOND))


def _value(answers: Answers, column: pl.Expr) -> Exact:
    most = max(abs(answers.highest), abs(answers.lowest))
    bottom = answers.denominator
    return Exact(column, bottom, TRUE, most, bottom, bottom, answers.lowest < 0)


def _asked(known: Known, question: Question, found: _Coded) -> Asked:
    value = found.asked.value
    if value is None:
        return found.asked
    return found.asked._replace(points=points_of(known.plan, question, value))


# ---- the order of work


def _worked_through(known: Known) -> Iterator[tuple[str, pl.Expr]]:
    """Works out everything in the checklist's order; gives each question's answers that do not count."""
    checklist = known.checklist
    first = len(list(takewhile(lambda each: each[0] == "question", checklist.order)))
    for place, (kind, key) in enumerate(checklist.order):
        if place == first:
            _apply(known)
        match kind:
            case "question":
                yield from _asked_when(known, checklist.question[key])
            case "score":
                known.scores[key] = score_columns(known, checklist.score[key])
            case "gate":
                known.gates[key] = verdict(known, checklist.gate[key].when)
            case "result":
                known.results[key] = possible_levels(known, checklist.result[key])
    if first == len(checklist.order):
        _apply(known)


def _apply(known: Known) -> None:
    if known.checklist.applies is not None:
        known.applies = verdict(known, known.checklist.applies)


def _asked_when(known: Known, question: Question) -> Iterator[tuple[str, pl.Expr]]:
    """A question that does not apply is not counted, one of which it is not known is missing."""
    if question.applies is None:
        return
    plan, asked = known.plan, known.asked[question.key]
    when = verdict(known, question.applies)
    given = told(asked, [isinstance(each, Given) for each in asked.answers.listed])
    yield question.key, plan.keep(when.false & given)
    kept_so = plan.keep(set_aside(asked))
    code = (
        pl.when(kept_so | when.true)
        .then(asked.code)
        .when(when.false)
        .then(pl.lit(ABSENT, pl.UInt32))
        .otherwise(pl.lit(BLANK, pl.UInt32))
    )
    known.asked[question.key] = asked._replace(code=plan.keep(code))
