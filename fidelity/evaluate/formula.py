"""Formula -> closures that give its exact worth for one observation, or why it has none."""

from collections.abc import Callable
from fractions import Fraction

from fidelity.evaluate.aggregate import aggregate
from fidelity.evaluate.findings import ABSENT, UNBOUNDED, Bounds, Findings, Reasons, Worth
from fidelity.evaluate.interval import Interval, joined
from fidelity.evaluate.member import Member, member, named
from fidelity.evaluate.ratio import reckoned
from fidelity.evaluate.reckoning import Reckoning
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

ALL_ANSWERED = Needing(share=Fraction(1))
HUNDRED = Constant(Fraction(100))


def formula(checklist: Checklist, node: Formula, needing: Needing, treat: Treatments) -> Reckoning:
    """The closures of a formula whose functions need so many answers, and treat non-answers so."""
    match node:
        case Constant(value):
            return _constant(value)
        case ValueOf(subject):
            return _operand(named(checklist, subject, treat))
        case Aggregate():
            return aggregate(checklist, node, needing, treat)
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
    members = tuple(_members(checklist, node, treat).values())

    def counts(findings: Findings) -> tuple[int, int]:
        values = [each.value(findings) for each in members]
        applicable = len(values) - values.count(ABSENT)
        return applicable - values.count(None), applicable

    return counts


def _members(checklist: Checklist, node: Formula, treat: Treatments) -> dict[Subject, Member]:
    match node:
        case Constant():
            return {}
        case ValueOf(subject):
            return {subject: named(checklist, subject, treat)}
        case Aggregate():
            return {subject: member(checklist, node, subject, treat) for subject in node.over}
        case Arithmetic(left=left, right=right) | PercentOf(left, right) | RatioOf(left, right):
            return _members(checklist, left, treat) | _members(checklist, right, treat)


# ---- one number


def _constant(value: Fraction) -> Reckoning:
    worth, bounds = Worth(value.as_integer_ratio(), 0, 0), Bounds(Interval(value, value), settled=True)
    return Reckoning(lambda _: worth, lambda _: bounds, lambda _: ())


DOES_NOT_APPLY = Worth(None, 0, 0, "does_not_apply")
BLANK = Worth(None, 0, 1, "too_few_answered")


def _operand(read: Member) -> Reckoning:
    def worth(findings: Findings) -> Worth:
        value = read.value(findings)
        if value is ABSENT:
            return DOES_NOT_APPLY
        return BLANK if value is None else Worth(value.as_integer_ratio(), 1, 1)

    def bounds(findings: Findings) -> Bounds:
        return UNBOUNDED if read.value(findings) is ABSENT else read.bounds(findings)

    return Reckoning(worth, bounds, lambda findings: (read.reason(findings),))


# ---- two formulas joined by a sign


def _arithmetic(operator: Operator, left: Reckoning, right: Reckoning) -> Reckoning:
    def worth(findings: Findings) -> Worth:
        first, second = left.worth(findings), right.worth(findings)
        counts = (first.answered + second.answered, first.applicable + second.applicable)
        if first.exact is None or second.exact is None:
            return Worth(None, *counts, first.why or second.why)
        exact = reckoned(operator, first.exact, second.exact)
        return Worth(exact, *counts, "nothing_to_divide_by" if exact is None else "")

    def bounds(findings: Findings) -> Bounds:
        found = worth(findings)
        if found.why == "nothing_to_divide_by" and _both_known(findings):
            return UNBOUNDED
        first, second = left.bounds(findings), right.bounds(findings)
        if found.exact is not None and first.settled and second.settled:
            value = Fraction(*found.exact)
            return Bounds(Interval(value, value), settled=True)
        return Bounds(joined(operator, first.ends, second.ends))

    def reasons(findings: Findings) -> Reasons:
        found = worth(findings)
        if found.exact is not None:
            return left.reasons(findings) + right.reasons(findings)
        if _both_known(findings):
            return right.reasons(findings)
        return tuple(
            reason
            for side in (left, right)
            if side.worth(findings).exact is None
            for reason in side.reasons(findings)
        )

    def _both_known(findings: Findings) -> bool:
        return left.worth(findings).exact is not None and right.worth(findings).exact is not None

    return Reckoning(worth, bounds, reasons)
