"""Formula -> closure that gives its exact worth for one observation, or why it has none."""

from collections.abc import Callable
from fractions import Fraction
from operator import add, mul, sub
from typing import Literal, NamedTuple

from fidelity.evaluate.findings import Findings, Reasons, does_not_apply, reason_of
from fidelity.evaluate.functions import FUNCTIONS, ONE, Function, Part, over
from fidelity.evaluate.interval import ANYTHING, Interval, joined
from fidelity.evaluate.member import Reader, Reading, counted, measured
from fidelity.model.checklist import Checklist, Treatments
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


class Worth(NamedTuple):
    """A value or why there is none, its bounds, how many were answered of those that apply, its reasons."""

    exact: Fraction | None
    bounds: Interval
    answered: int
    applicable: int
    reasons: Reasons
    why: NotScored = ""


Reckon = Callable[[Findings], Worth]
ALL_ANSWERED = Needing(share=Fraction(1))
HUNDRED = Constant(Fraction(100))


def formula(checklist: Checklist, node: Formula, needing: Needing, treat: Treatments) -> Reckon:
    """The closure of a formula whose functions need so many answers, and treat non-answers so."""
    match node:
        case Constant(value):
            worth = Worth(value, Interval(value, value), 0, 0, ())
            return lambda _: worth
        case ValueOf(subject):
            return _operand(_named(checklist, subject, treat), subject)
        case Aggregate():
            return _aggregate(checklist, node, needing, treat)
        case Arithmetic(operator, left, right):
            sides = (formula(checklist, side, needing, treat) for side in (left, right))
            return _arithmetic(operator, *sides)
        case PercentOf(part, whole):
            quotient = Arithmetic("/", Arithmetic("*", part, HUNDRED), whole)
            return formula(checklist, quotient, needing, treat)
        case RatioOf(top, bottom):
            return formula(checklist, Arithmetic("/", top, bottom), needing, treat)


def tally(checklist: Checklist, node: Formula, treat: Treatments) -> Callable[[Findings], tuple[int, int]]:
    """How many of the different things that a formula reads were answered, and how many apply."""
    readers = tuple(_readers(checklist, node, treat).values())

    def counts(findings: Findings) -> tuple[int, int]:
        present = [reading for read in readers if (reading := read(findings)) is not None]
        return sum(reading[0] is not None for reading in present), len(present)

    return counts


def _readers(checklist: Checklist, node: Formula, treat: Treatments) -> dict[Subject, Reader]:
    match node:
        case Constant():
            return {}
        case ValueOf(subject):
            return {subject: _named(checklist, subject, treat)}
        case Aggregate():
            return {subject: _reader(checklist, node, subject, treat) for subject in node.over}
        case Arithmetic(left=left, right=right) | PercentOf(left, right) | RatioOf(left, right):
            return _readers(checklist, left, treat) | _readers(checklist, right, treat)


def _named(checklist: Checklist, subject: Subject, treat: Treatments) -> Reader:
    """A named step that nobody could see is not known, even where functions leave it out."""
    read = measured(checklist, subject, treat)

    def named(findings: Findings) -> Reading | None:
        reading = read(findings)
        answer = findings.answers.get(subject.key)
        if reading is None and answer is not None and not does_not_apply(answer):
            return None, None, None, reason_of(subject, findings)
        return reading

    return named


def _operand(read: Reader, subject: Subject) -> Reckon:
    def worth(findings: Findings) -> Worth:
        reading = read(findings)
        if reading is None:
            return Worth(None, ANYTHING, 0, 0, (reason_of(subject, findings),), "does_not_apply")
        value, low, high, reason = reading
        why: NotScored = "too_few_answered" if value is None else ""
        return Worth(value, Interval(low, high), int(value is not None), 1, (reason,), why)

    return worth


class Member(NamedTuple):
    """A member that applies, as read, with its weight and the most it could be worth."""

    reading: Reading
    weight: Fraction
    top: Fraction


def _aggregate(checklist: Checklist, node: Aggregate, needing: Needing, treat: Treatments) -> Reckon:
    function, enough = FUNCTIONS[node.function], _enough(node.needing or needing)
    members = [
        (_reader(checklist, node, subject, treat), *weight_and_top(checklist, subject))
        for subject in node.over
    ]

    def worth(findings: Findings) -> Worth:
        found = [
            Member(reading, weight, top)
            for read, weight, top in members
            if (reading := read(findings)) is not None
        ]
        if not found:
            reasons = tuple(reason_of(subject, findings) for subject in node.over)
            return Worth(None, ANYTHING, 0, 0, reasons, "nothing_applied")
        answered = [each for each in found if each.reading[0] is not None]
        if not answered or not enough(len(answered), len(found)):
            blanks = tuple(each.reading[3] for each in found if each.reading[0] is None)
            return Worth(
                None, _bounds(function, found), len(answered), len(found), blanks, "too_few_answered"
            )
        return _value(function, found, answered)

    return worth


def _value(function: Function, found: list[Member], answered: list[Member]) -> Worth:
    exact = _at(0, function, answered)
    reasons = tuple(each.reading[3] for each in answered)
    if exact is None:
        return Worth(None, ANYTHING, len(answered), len(found), reasons, "nothing_to_divide_by")
    bounds = Interval(exact, exact) if _settled(found) else _bounds(function, found)
    return Worth(exact, bounds, len(answered), len(found), reasons)


def _reader(checklist: Checklist, node: Aggregate, subject: Subject, treat: Treatments) -> Reader:
    if node.function in {"share", "count"}:
        return counted(checklist, subject, node.rated, treat)
    return measured(checklist, subject, treat)


def weight_and_top(checklist: Checklist, subject: Subject) -> tuple[Fraction, Fraction]:
    """Only questions have weights; the top of a score is the most it can be, where that is known."""
    match subject.kind:
        case "question":
            question = checklist.question[subject.key]
            weight = ONE if question.weight == 1 else question.weight
            return weight, question.points[-1] if question.points else Fraction(0)
        case "score":
            return ONE, checklist.score[subject.key].highest or Fraction(0)
        case "result" | "fact" | "gate":
            return ONE, ONE


def _enough(needing: Needing) -> Callable[[int, int], bool]:
    """Whether enough of those that apply were answered, compared exactly: 2/3 of 4 means 3."""
    if needing.number is not None:
        number = needing.number
        return lambda answered, _: answered >= number
    part, whole = (Fraction(1) if needing.share is None else needing.share).as_integer_ratio()
    return lambda answered, applicable: answered * whole >= applicable * part


def _settled(found: list[Member]) -> bool:
    """Whether no blank, here or in a score below, leaves room."""
    return all(each.reading[0] is each.reading[1] is each.reading[2] is not None for each in found)


def _bounds(function: Function, found: list[Member]) -> Interval:
    """All blanks at worst, all blanks at best: every function grows with each of its members."""
    return Interval(_at(1, function, found), _at(2, function, found))


def _at(end: Literal[0, 1, 2], function: Function, members: list[Member]) -> Fraction | None:
    parts = [
        Part(value, each.weight, each.top) for each in members if (value := each.reading[end]) is not None
    ]
    return function(parts) if len(parts) == len(members) else None


def _arithmetic(operator: Operator, left: Reckon, right: Reckon) -> Reckon:
    sign = SIGNS[operator]

    def worth(findings: Findings) -> Worth:
        first, second = left(findings), right(findings)
        counts = (first.answered + second.answered, first.applicable + second.applicable)
        if first.exact is None or second.exact is None:
            bounds = joined(operator, first.bounds, second.bounds)
            reasons = _in_the_way(first) + _in_the_way(second)
            return Worth(None, bounds, *counts, reasons, first.why or second.why)
        exact = sign(first.exact, second.exact)
        if exact is None:
            return Worth(None, ANYTHING, *counts, second.reasons, "nothing_to_divide_by")
        certain = _certain(first) and _certain(second)
        bounds = Interval(exact, exact) if certain else joined(operator, first.bounds, second.bounds)
        return Worth(exact, bounds, *counts, first.reasons + second.reasons)

    return worth


SIGNS: dict[Operator, Callable[[Fraction, Fraction], Fraction | None]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": over,
}


def _certain(worth: Worth) -> bool:
    return worth.exact is worth.bounds.low is worth.bounds.high


def _in_the_way(worth: Worth) -> Reasons:
    return worth.reasons if worth.exact is None else ()
