"""What one subject brings into a formula, in columns: its value and ends, where it applies."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import polars as pl

from fidelity.evaluate.columns.known import (
    Asked,
    Known,
    absent,
    decided,
    has_value,
    listed_exact,
    told,
    value_among,
    with_values,
)
from fidelity.evaluate.columns.number import TRUE, Exact, constant, either
from fidelity.evaluate.findings import does_not_apply
from fidelity.evaluate.member import counted as counted_row
from fidelity.evaluate.member import measured as measured_row
from fidelity.evaluate.member import same_answers
from fidelity.model.checklist import Treatments
from fidelity.model.expression import Aggregate, Subject


class Reading(NamedTuple):
    """What a subject brings in, where it is present: its value, and the lowest and highest it could be."""

    present: pl.Expr
    exact: Exact
    low: Exact
    high: Exact
    certain: pl.Expr


# The value and its two ends for each answer of a list; None where the subject is left out.
Cell = tuple[Fraction | None, Fraction | None, Fraction | None]
Cells = Sequence[Cell | None]


class Listed(NamedTuple):
    """A question whose answers are all in a list, with what each brings in."""

    asked: Asked
    cells: Cells


Member = Listed | Reading


def member(known: Known, node: Aggregate, subject: Subject, treat: Treatments) -> Member:
    """What a subject brings into a function."""
    if node.function in {"share", "count"}:
        return _counted(known, subject, node.rated, treat)
    return _measured(known, subject, treat)


def _measured(known: Known, subject: Subject, treat: Treatments) -> Member:
    match subject.kind:
        case "question":
            asked = known.asked[subject.key]
            cell = measured_row(known.checklist.question[subject.key], treat)
            found = Listed(asked, [cell(each) for each in asked.answers.listed])
            return found if asked.points is None else _with_values(known, found, asked.points)
        case "score":
            return _score(known, subject.key)
        case "fact":
            return _fact(known, known.facts[subject.key])
        case "result" | "gate":
            raise TypeError(f"no number: {subject.key}")


def _counted(known: Known, subject: Subject, rated: tuple[str, ...] | None, treat: Treatments) -> Member:
    match subject.kind:
        case "question":
            return _counted_question(known, subject, rated, treat)
        case "result":
            return _counted_level(known, subject.key, rated)
        case "score" | "fact" | "gate":
            return _answered(known, opened(known, _measured(known, subject, treat)))


def _counted_question(
    known: Known, subject: Subject, rated: tuple[str, ...] | None, treat: Treatments
) -> Member:
    asked = known.asked[subject.key]
    cell = counted_row(known.checklist.question[subject.key], rated, treat)
    found = Listed(asked, [cell(each) for each in asked.answers.listed])
    if asked.value is None:
        return found
    if rated is None:
        return _with_values(known, found, constant(Fraction(1)))
    codes = same_answers(known.checklist.question[subject.key].scale, rated)
    among = value_among(asked.value, codes)
    return _with_values(known, found, _one_or_nought(known, among))


def _one_or_nought(known: Known, truth: pl.Expr) -> Exact:
    return Exact(known.plan.keep(truth.cast(pl.Int64)), 1, TRUE, 1, 1, 1)


def _counted_level(known: Known, key: str, rated: tuple[str, ...] | None) -> Reading:
    """A result counts only when its possible levels are all in the list, or all outside (decision 9)."""
    possible = known.results[key]
    present = possible != 0
    if rated is None:
        settled = decided(known, key)
        inside = TRUE
    else:
        levels = known.checklist.result[key].levels
        fitting = sum(1 << place for place, each in enumerate(levels) if each.id in rated)
        inside = (possible & fitting) != 0
        settled = ((possible & fitting) == possible) | ~inside
    return _told_oropened(known, known.plan.keep(present), inside, known.plan.keep(settled))


def _answered(known: Known, reading: Reading) -> Reading:
    return _told_oropened(known, reading.present, TRUE, reading.exact.known)


def _told_oropened(known: Known, present: pl.Expr, truth: pl.Expr, settled: pl.Expr) -> Reading:
    """1 or 0 where it is settled; elsewhere not known, and either."""
    value = _one_or_nought(known, truth)
    low = known.plan.keep((truth & settled).cast(pl.Int64))
    high = known.plan.keep((truth | ~settled).cast(pl.Int64))
    lowest, highest = Exact(low, 1, TRUE, 1, 1, 1), Exact(high, 1, TRUE, 1, 1, 1)
    return Reading(present, value._replace(known=settled), lowest, highest, settled)


def _score(known: Known, key: str) -> Reading:
    found = known.scores[key]
    present = known.plan.keep(~absent(known, known.checklist.score[key].group))
    return Reading(present, found.exact, found.low, found.high, found.certain)


def _fact(known: Known, asked: Asked) -> Reading:
    numbers = [getattr(each, "number", None) for each in asked.answers.listed]
    number = with_values(known.plan, asked, listed_exact(known.plan, asked, numbers), asked.value)
    return Reading(TRUE, number, number, number, number.known)


def _with_values(known: Known, found: Listed, values: Exact) -> Reading:
    """What the list brings in and, where the answer stands in the column of values, those."""
    reading = opened(known, found)
    here = known.plan.keep(has_value(found.asked))
    exact, low, high = (
        either(known.plan, here, values, each) for each in (reading.exact, reading.low, reading.high)
    )
    certain = known.plan.keep(reading.certain | here)
    return Reading(known.plan.keep(reading.present | here), exact, low, high, certain)


def opened(known: Known, member: Member) -> Reading:
    """The member with a column for everything it brings in."""
    if isinstance(member, Reading):
        return member
    asked, cells = member
    columns = [
        listed_exact(known.plan, asked, [None if cell is None else cell[end] for cell in cells])
        for end in range(3)
    ]
    present = known.plan.keep(told(asked, [cell is not None for cell in cells]))
    return Reading(present, columns[0], columns[1], columns[2], columns[0].known)


def named(known: Known, subject: Subject, treat: Treatments) -> Reading:
    """A named step that nobody could see is not known, even where functions leave it out."""
    member = _measured(known, subject, treat)
    if subject.kind != "question":
        return opened(known, member)
    asked = known.asked[subject.key]
    reading = opened(known, member)
    seen = [not does_not_apply(each) for each in asked.answers.listed]
    return reading._replace(present=known.plan.keep(reading.present | told(asked, seen)))
