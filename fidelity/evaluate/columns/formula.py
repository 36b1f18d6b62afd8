"""Formula -> columns with its exact worth, its bounds, and the number of the reason where it has none."""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple, get_args

import polars as pl

from fidelity.evaluate.columns.aggregate import over
from fidelity.evaluate.columns.interval import Interval, joined, only_where
from fidelity.evaluate.columns.known import Known
from fidelity.evaluate.columns.members import Reading, member, named, opened
from fidelity.evaluate.columns.number import (
    TRUE,
    Exact,
    all_of,
    constant,
    counted,
    either,
    kept,
    negative,
    product,
    quotient,
    total,
    where,
)
from fidelity.evaluate.columns.plan import Plan
from fidelity.model.checklist import Treatments
from fidelity.model.expression import (
    Aggregate,
    Arithmetic,
    Constant,
    Formula,
    Needing,
    Operator,
    PercentOf,
    RatioOf,
    Subject,
    ValueOf,
)
from fidelity.model.score import NotScored

WHY: tuple[str, ...] = get_args(NotScored)
HUNDRED = Constant(Fraction(100))


class Worth(NamedTuple):
    """What a formula is worth in each row; see `known.ScoreColumns`."""

    exact: Exact
    bounds: Interval
    answered: pl.Expr
    applicable: pl.Expr
    why: pl.Expr
    certain: pl.Expr


def because_of(reason: NotScored) -> pl.Expr:
    """The number of a reason."""
    return pl.lit(WHY.index(reason), pl.UInt8)


def worth(known: Known, node: Formula, needing: Needing, treat: Treatments) -> Worth:
    """The columns of a formula whose functions need so many answers, and treat non-answers so."""
    match node:
        case Constant(value):
            number = constant(value)
            return Worth(number, Interval(number, number), _number(0), _number(0), because_of(""), TRUE)
        case ValueOf(subject):
            return _operand(known, named(known, subject, treat))
        case Aggregate():
            return _aggregate(known, node, needing, treat)
        case Arithmetic(operator, left, right):
            return _arithmetic(
                known, operator, *(worth(known, each, needing, treat) for each in (left, right))
            )
        case PercentOf(part, whole_part):
            quotient_of = Arithmetic("/", Arithmetic("*", part, HUNDRED), whole_part)
            return worth(known, quotient_of, needing, treat)
        case RatioOf(top, bottom):
            return worth(known, Arithmetic("/", top, bottom), needing, treat)


def tally(known: Known, node: Formula, treat: Treatments) -> tuple[pl.Expr, pl.Expr]:
    """How many of the different things that a formula reads were answered, and how many apply."""
    readings = _readings(known, node, treat).values()
    return (
        known.plan.keep(counted([each.present & each.exact.known for each in readings])),
        known.plan.keep(counted([each.present for each in readings])),
    )


def _readings(known: Known, node: Formula, treat: Treatments) -> dict[Subject, Reading]:
    match node:
        case Constant():
            return {}
        case ValueOf(subject):
            return {subject: named(known, subject, treat)}
        case Aggregate():
            return {each: opened(known, member(known, node, each, treat)) for each in node.over}
        case Arithmetic(_, first, second) | PercentOf(first, second) | RatioOf(first, second):
            return _readings(known, first, treat) | _readings(known, second, treat)


def _number(value: int) -> pl.Expr:
    return pl.lit(value, pl.Int64)


def _operand(known: Known, reading: Reading) -> Worth:
    present, exact = reading.present, reading.exact
    value = where(present, exact)
    why = (
        pl.when(~present)
        .then(because_of("does_not_apply"))
        .when(~exact.known)
        .then(because_of("too_few_answered"))
        .otherwise(because_of(""))
    )
    return Worth(
        kept(known.plan, value),
        only_where(present, Interval(reading.low, reading.high)),
        known.plan.keep(value.known.cast(pl.Int64)),
        known.plan.keep(present.cast(pl.Int64)),
        known.plan.keep(why),
        known.plan.keep(present & reading.certain),
    )


def _aggregate(known: Known, node: Aggregate, needing: Needing, treat: Treatments) -> Worth:
    plan = known.plan
    members = over(known, node, [member(known, node, each, treat) for each in node.over])
    found, answered = members.found, members.answered
    nothing = plan.keep(found == 0)
    few = plan.keep(~nothing & ((answered == 0) | ~_enough(node.needing or needing, answered, found)))
    worked_out = members.value(0)
    exact = where(~nothing & ~few, worked_out)
    by_nought = plan.keep(~nothing & ~few & ~worked_out.known)
    bounds = only_where(~nothing & ~by_nought, Interval(members.value(1), members.value(2)))
    why = (
        pl.when(nothing)
        .then(because_of("nothing_applied"))
        .when(few)
        .then(because_of("too_few_answered"))
        .when(by_nought)
        .then(because_of("nothing_to_divide_by"))
        .otherwise(because_of(""))
    )
    certain = plan.keep(exact.known & members.certain)
    return Worth(
        kept(plan, exact),
        Interval(kept(plan, bounds.low), kept(plan, bounds.high)),
        answered,
        found,
        plan.keep(why),
        certain,
    )


def _enough(needing: Needing, answered: pl.Expr, found: pl.Expr) -> pl.Expr:
    """Whether enough of those that apply were answered, compared exactly: 2/3 of 4 means 3."""
    if needing.number is not None:
        return answered >= needing.number
    part, whole_part = (Fraction(1) if needing.share is None else needing.share).as_integer_ratio()
    return answered * whole_part >= found * part


# ---- two formulas joined by a sign


def _arithmetic(known: Known, operator: Operator, left: Worth, right: Worth) -> Worth:
    plan = known.plan
    exact = kept(plan, SIGNS[operator](plan, left.exact, right.exact))
    both = all_of([left.exact.known, right.exact.known])
    by_nought = plan.keep(both & ~exact.known)
    if operator == "/":
        known.by_nought.append(by_nought)
    certain = plan.keep(left.certain & right.certain & exact.known)
    ends = joined(plan, operator, left.bounds, right.bounds)
    low, high = (where(~by_nought, either(plan, certain, exact, end)) for end in ends)
    why = (
        pl.when(by_nought)
        .then(because_of("nothing_to_divide_by"))
        .when(both)
        .then(because_of(""))
        .when(left.why != WHY.index(""))
        .then(left.why)
        .otherwise(right.why)
    )
    return Worth(
        exact,
        Interval(kept(plan, low), kept(plan, high)),
        plan.keep(left.answered + right.answered),
        plan.keep(left.applicable + right.applicable),
        plan.keep(why),
        certain,
    )


SIGNS: dict[Operator, Callable[[Plan, Exact, Exact], Exact]] = {
    "+": lambda plan, first, second: total(plan, [first, second]),
    "-": lambda plan, first, second: total(plan, [first, negative(second)]),
    "*": product,
    "/": quotient,
}
