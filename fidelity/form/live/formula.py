"""A formula of the language -> the cells that hold its exact worth."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from fidelity.form.live.known import Known
from fidelity.form.live.members import Member, measured, member
from fidelity.form.live.number import (
    NOTHING,
    Exact,
    constant,
    negative,
    on_one_bottom,
    product,
    quotient,
    subset_sums,
    total,
    within,
)
from fidelity.form.live.working import MOST_PARTS, NoFormula, added, all_of, called, when
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

ALL_ANSWERED = Needing(share=Fraction(1))
HUNDRED = Constant(Fraction(100))


def worth(known: Known, node: Formula, needing: Needing, treat: Treatments) -> Exact:
    """The value of a formula whose functions need so many answers, and treat non-answers so."""
    match node:
        case Constant(value):
            return constant(value)
        case ValueOf(subject):
            there = measured(known, subject, treat)
            return _known_too(known, there.value, there.present)
        case Aggregate():
            return _aggregate(known, node, needing, treat)
        case Arithmetic(operator, left, right):
            first, second = (worth(known, side, needing, treat) for side in (left, right))
            return _joined(known, operator, first, second)
        case PercentOf(part, of):
            return worth(known, Arithmetic("/", Arithmetic("*", part, HUNDRED), of), needing, treat)
        case RatioOf(top, bottom):
            return worth(known, Arithmetic("/", top, bottom), needing, treat)


def _known_too(known: Known, value: Exact, truth: str) -> Exact:
    """The number, known only where this is true too; where it is not, its top is 0."""
    here = known.working.keep(all_of([value.known, truth]))
    if here == value.known:
        return value
    return value._replace(top=known.working.keep(when(here, value.top, "0")), known=here)


def _joined(known: Known, operator: Operator, first: Exact, second: Exact) -> Exact:
    working = known.working
    match operator:
        case "*":
            return product(working, first, second)
        case "/":
            return quotient(working, first, second)
        case "-":
            return _nought_where_unknown(known, total(working, [first, negative(second)]))
        case "+":
            return _nought_where_unknown(known, total(working, [first, second]))


def _nought_where_unknown(known: Known, value: Exact) -> Exact:
    return value._replace(top=known.working.keep(when(value.known, value.top, "0")))


# ---- functions over several subjects


class Weighed(NamedTuple):
    """A member with its weight and the most it could be worth."""

    member: Member
    weight: Fraction
    top: Fraction


def _aggregate(known: Known, node: Aggregate, needing: Needing, treat: Treatments) -> Exact:
    members = [
        Weighed(member(known, node, subject, treat), *_weight_and_top(known, subject))
        for subject in node.over
    ]
    if not members:
        return NOTHING
    here = [_answered(known, each.member) for each in members]
    asked_for = node.needing or needing
    found = known.working.keep(added(each.member.present for each in members))
    answered = known.working.keep(added(here))
    enough = known.working.keep(f"IF(AND({answered}>0,{_enough(asked_for, answered, found)}),1,0)")
    values = [_known_too(known, each.member.value, truth) for each, truth in zip(members, here, strict=True)]
    value = _value(known, node, _Over(members, here, values, asked_for))
    return _nought_where_unknown(known, _known_too(known, value, enough))


def _answered(known: Known, one: Member) -> str:
    return known.working.keep(all_of([one.present, one.value.known]))


def _weight_and_top(known: Known, subject: Subject) -> tuple[Fraction, Fraction]:
    match subject.kind:
        case "question":
            question = known.checklist.question[subject.key]
            return question.weight, question.points[-1] if question.points else Fraction(0)
        case "score":
            return Fraction(1), known.checklist.score[subject.key].highest or Fraction(0)
        case "result" | "fact" | "gate":
            return Fraction(1), Fraction(1)


def _enough(needing: Needing, answered: str, found: str) -> str:
    if needing.number is not None:
        return f"{answered}>={needing.number}"
    part, of = (Fraction(1) if needing.share is None else needing.share).as_integer_ratio()
    return f"{answered}*{of}>={found}*{part}"


class _Over(NamedTuple):
    """Members, 1 for each that is answered, their values (0 where they are not), how many are needed."""

    members: Sequence[Weighed]
    here: Sequence[str]
    values: Sequence[Exact]
    needing: Needing


def _value(known: Known, node: Aggregate, over: _Over) -> Exact:
    working = known.working
    match node.function:
        case "sum":
            return _sum(known, over)
        case "mean":
            return quotient(working, _sum(known, over), _of_answered(known, over, _weights(over)))
        case "percent":
            tops = [each.top * each.weight for each in over.members]
            hundred = product(working, _sum(known, over), constant(Fraction(100)))
            return quotient(working, hundred, _of_answered(known, over, tops))
        case "count":
            return _sum(known, over, weighed=False)
        case "share":
            hundred = product(working, _sum(known, over, weighed=False), constant(Fraction(100)))
            return quotient(working, hundred, _of_answered(known, over, [Fraction(1)] * len(over.members)))
        case "lowest":
            return _ordered(known, over, "MIN", 1)
        case "highest":
            return _ordered(known, over, "MAX", 1)
        case "median":
            return _ordered(known, over, "MEDIAN", 2)


def _weights(over: _Over) -> list[Fraction]:
    return [each.weight for each in over.members]


def _sum(known: Known, over: _Over, *, weighed: bool = True) -> Exact:
    """The sum of what is answered; what is not counts 0."""
    parts = [
        product(known.working, value, constant(each.weight)) if weighed and each.weight != 1 else value
        for each, value in zip(over.members, over.values, strict=True)
    ]
    return total(known.working, [each._replace(known="1") for each in parts])


def _of_answered(known: Known, over: _Over, amounts: Sequence[Fraction]) -> Exact:
    """The sum of an amount for each that is answered, with all that it can be."""
    working = known.working
    bottom = within(_common(amounts))
    sizes = [int(each * bottom) for each in amounts]
    cells = [f"{truth}*{size}" if size != 1 else truth for truth, size in zip(over.here, sizes, strict=True)]
    top = working.keep(called("SUM", cells))
    always = [
        size
        for each, size in zip(over.members, sizes, strict=True)
        if not each.member.can_be_absent and _all_needed(over)
    ]
    free = list(sizes)
    for size in always:
        free.remove(size)
    signed = any(each < 0 for each in sizes)
    choices = frozenset[int]() if signed else subset_sums(always, free)
    most = within(sum(map(abs, sizes)))
    return Exact(top, bottom, "1", most, bottom, bottom, signed, choices)


def _common(amounts: Sequence[Fraction]) -> int:
    return lcm(*(each.denominator for each in amounts))


def _all_needed(over: _Over) -> bool:
    """Whether a value is only given where every member that is there is answered."""
    share, number = over.needing.share, over.needing.number
    if number is not None:
        return number >= len(over.members)
    return share is None or share >= 1


def _ordered(known: Known, over: _Over, function: str, times: int) -> Exact:
    """The lowest, highest or middle one of those answered; texts in cells are passed over."""
    working = known.working
    raised, one = on_one_bottom(working, over.values)
    if len(raised) > MOST_PARTS:
        raise NoFormula
    cells = [
        working.keep(f'IF({truth}=1,{top},"")') for truth, (top, _) in zip(over.here, raised, strict=True)
    ]
    top = working.keep(f"IF(COUNT({','.join(cells)})>0,{function}({','.join(cells)})*{times},0)")
    signed = any(each.signed for each in over.values)
    most = within(times * max(size for _, size in raised))
    found = Exact(top, one.bottom, "1", most, one.most_bottom, one.common, signed)
    return product(working, found, constant(Fraction(1, times))) if times > 1 else found
