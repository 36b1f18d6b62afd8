"""A checked checklist -> the plan of all its columns, from raw values to scores, levels, gates and flags."""

from collections.abc import Iterator
from functools import partial
from itertools import takewhile
from typing import NamedTuple

import polars as pl

from fidelity.evaluate.columns.answers import (
    ABSENT,
    BLANK,
    NO_WORDS,
    Answers,
    answers_of_fact,
    answers_of_question,
    coded,
)
from fidelity.evaluate.columns.condition import verdict
from fidelity.evaluate.columns.known import Asked, Known, Verdict, aside, points_of, set_aside, told
from fidelity.evaluate.columns.number import FALSE, TRUE, Exact
from fidelity.evaluate.columns.plan import MARK
from fidelity.evaluate.columns.result import possible_levels
from fidelity.evaluate.columns.score import score_columns
from fidelity.evaluate.columns.words import looked_for
from fidelity.model.checklist import Checklist, Question
from fidelity.model.expression import Subject
from fidelity.model.scale import Given

FACT = "fact."
VALUE, REFUSED_NAMES, IS_BEYOND = (f"{MARK}{name}" for name in ("value ", "refused", "beyond"))


class Columns(NamedTuple):
    """A compiled checklist: what is known of each row, and which rows the columns cannot tell.

    `refused` names the columns whose value is no answer; `beyond` are the rows with a number that no column
    holds exactly; `not_counted` says of each question whether its answer is kept and not counted.
    """

    known: Known
    refused: pl.Expr
    beyond: pl.Expr
    flags: dict[str, Verdict]
    not_counted: dict[str, pl.Expr]


def columns_of(checklist: Checklist, names: frozenset[str]) -> Columns:
    """The columns of a checklist over a frame that has columns of these names; others are blank."""
    known = Known(checklist)
    answers = _answers(checklist)
    coded_columns = _coded(known, {name: each for name, each in answers.items() if name in names})
    for question in checklist.questions:
        found = _asked(known, answers[question.key], question.key, names, coded_columns)
        known.asked[question.key] = _with_points(known, question, found)
    for fact in checklist.facts:
        name = f"{FACT}{fact.id}"
        known.facts[fact.id] = _asked(known, answers[name], name, names, coded_columns)
    found_so = dict(_worked_through(known))
    not_counted = {each.key: found_so[each.key] for each in checklist.questions if each.key in found_so}
    flags = {each.id: verdict(aside(known), each.when) for each in checklist.flags}
    if coded_columns is None:
        return Columns(known, pl.lit(None, pl.String), FALSE, flags, not_counted)
    refused = known.plan.keep(coded_columns.struct.field(REFUSED_NAMES))
    beyond = FALSE
    if any(each.number is not None and each.denominator > 1 for each in answers.values()):
        beyond = known.plan.keep(coded_columns.struct.field(IS_BEYOND))
    return Columns(known, refused, beyond, flags, not_counted)


# ---- raw values


def _answers(checklist: Checklist) -> dict[str, Answers]:
    words = looked_for(checklist)
    of_questions = {
        each.key: answers_of_question(checklist, each, words.get(Subject("question", each.key), NO_WORDS))
        for each in checklist.questions
    }
    return of_questions | {
        f"{FACT}{each.id}": answers_of_fact(checklist, each.id, words.get(Subject("fact", each.id), NO_WORDS))
        for each in checklist.facts
    }


def _coded(known: Known, answers: dict[str, Answers]) -> pl.Expr | None:
    """All raw values at once: for each column its codes, and what is wrong with a row."""
    if not answers:
        return None
    kinds: dict[str, type[pl.DataType]] = {name: each.kind for name, each in answers.items()}
    kinds |= {f"{VALUE}{name}": pl.Int64 for name, each in answers.items() if each.number is not None}
    kinds |= {REFUSED_NAMES: pl.String, IS_BEYOND: pl.Boolean}
    return known.plan.keep(
        pl.struct(*answers).map_batches(
            partial(_looked_up, answers), return_dtype=pl.Struct(kinds), is_elementwise=True
        )
    )


def _looked_up(answers: dict[str, Answers], rows: pl.Series) -> pl.Series:
    raw = rows.struct.unnest()
    found = {name: coded(each, raw[name]) for name, each in answers.items()}
    columns = {name: each.numbers for name, each in found.items()}
    columns |= {f"{VALUE}{name}": each.values for name, each in found.items() if each.values is not None}
    refused = [
        pl.when(each.refused).then(pl.lit(name)) for name, each in found.items() if each.refused is not None
    ]
    beyond = [each.beyond for each in found.values() if each.beyond is not None]
    names = pl.concat_str(refused, separator=", ", ignore_nulls=True) if refused else pl.lit(None, pl.String)
    some = pl.any_horizontal(beyond) if beyond else FALSE
    frame = pl.DataFrame(columns).with_columns(
        pl.when(names != "").then(names).alias(REFUSED_NAMES), some.alias(IS_BEYOND)
    )
    return frame.to_struct(rows.name)


def _asked(
    known: Known, answers: Answers, name: str, names: frozenset[str], coded_columns: pl.Expr | None
) -> Asked:
    plan = known.plan
    if name not in names or coded_columns is None:
        code = plan.keep(pl.lit(BLANK, answers.kind))
        value = None if answers.number is None else _value(answers, plan.keep(pl.lit(0, pl.Int64)))
        return Asked(answers, code, value)
    code = plan.keep(coded_columns.struct.field(name))
    if answers.number is None:
        return Asked(answers, code)
    return Asked(answers, code, _value(answers, plan.keep(coded_columns.struct.field(f"{VALUE}{name}"))))


def _value(answers: Answers, column: pl.Expr) -> Exact:
    most = max(abs(answers.highest), abs(answers.lowest))
    bottom = answers.denominator
    return Exact(column, bottom, TRUE, most, bottom, bottom, answers.lowest < 0)


def _with_points(known: Known, question: Question, asked: Asked) -> Asked:
    if asked.value is None:
        return asked
    return asked._replace(points=points_of(known.plan, question, asked.value))


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
    known.recorded[question.key] = asked
    when = verdict(known, question.applies)
    known.unsure.append(when.undecided)
    given = told(asked, [isinstance(each, Given) for each in asked.answers.listed])
    yield question.key, plan.keep(when.false & given)
    kept_so = plan.keep(set_aside(asked))
    code = (
        pl.when(kept_so | when.true)
        .then(asked.code)
        .when(when.false)
        .then(pl.lit(ABSENT, asked.answers.kind))
        .otherwise(pl.lit(BLANK, asked.answers.kind))
    )
    known.asked[question.key] = asked._replace(code=plan.keep(code))
