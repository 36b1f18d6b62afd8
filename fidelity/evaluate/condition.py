"""Condition -> closures that say true, false or undecided (strong Kleene) and, when asked, why."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import eq, ge, gt, le, lt
from typing import Literal, NamedTuple

from fidelity.evaluate.findings import (
    ABSENT,
    Absent,
    Check,
    Findings,
    Reasons,
    Test,
    does_not_apply,
    passed_over,
)
from fidelity.evaluate.formula import ALL_ANSWERED, formula
from fidelity.evaluate.member import same_answers
from fidelity.evaluate.ratio import Ratio
from fidelity.model.checklist import Checklist
from fidelity.model.expression import (
    And,
    Compare,
    CompareLevel,
    Comparison,
    Condition,
    Constant,
    Formula,
    GateIs,
    HasState,
    IsOneOf,
    NoOther,
    Not,
    Or,
    Quantified,
    Subject,
    ValueOf,
)
from fidelity.model.scale import Given, NonAnswer, NotGiven

COMPARISONS: dict[Comparison, Callable[[Fraction | int, Fraction | int], bool]] = {
    "at least": ge,
    "at most": le,
    "above": gt,
    "below": lt,
    "is": eq,
}


def condition(checklist: Checklist, node: Condition) -> Test:
    """The closures of a condition."""
    match node:
        case And(parts):
            return _all_true([condition(checklist, each) for each in parts])
        case Or(parts):
            return _any_true([condition(checklist, each) for each in parts])
        case Not(part):
            return _opposite(condition(checklist, part))
        case Compare(left, comparison, right):
            return _compare(checklist, left, comparison, right)
        case CompareLevel():
            return _level(node.subject, _levels_fitting(checklist, node))
        case IsOneOf(subject, codes):
            return _is_one_of(checklist, subject, codes)
        case HasState(subject, state):
            return _has_state(checklist, subject, state)
        case GateIs(gate, passes):
            return _gate(gate, passes=passes)
        case Quantified():
            return _quantified(checklist, node)
        case NoOther():
            return condition(checklist, no_other_line(checklist, node))


# ---- joined


def _all_true(parts: Sequence[Test]) -> Test:
    """One false part decides, then an undecided one."""
    return _joined(parts, decisive=False)


def _any_true(parts: Sequence[Test]) -> Test:
    """One true part decides, then an undecided one."""
    return _joined(parts, decisive=True)


def _joined(parts: Sequence[Test], *, decisive: bool) -> Test:
    tests = [each.value for each in parts]

    def value(findings: Findings) -> bool | None:
        joined: bool | None = not decisive
        for test in tests:
            found = test(findings)
            if found is decisive:
                return decisive
            if found is None:
                joined = None
        return joined

    return Test(value, lambda findings: _reasons(parts, findings, value(findings)))


def _opposite(part: Test) -> Test:
    test = part.value

    def value(findings: Findings) -> bool | None:
        found = test(findings)
        return None if found is None else not found

    return Test(value, part.reasons)


def _reasons(parts: Sequence[Test], findings: Findings, value: bool | None) -> Reasons:
    """The reasons of the parts that decide."""
    return tuple(
        reason for part in parts if part.value(findings) is value for reason in part.reasons(findings)
    )


def no_other_line(checklist: Checklist, node: NoOther) -> Condition:
    """`otherwise` is possible as long as no other line is surely true (decision 31)."""
    lines = [each.when for each in checklist.result[node.result].levels if each.id != node.level]
    return Not(Or(tuple(when for when in lines if when is not None)), node.place)


# ---- values in order

# A value; None when it is not known; ABSENT when it does not apply.
Side = Callable[[Findings], Ratio | Absent | None]


def _compare(checklist: Checklist, left: Formula, comparison: Comparison, right: Formula) -> Test:
    """Nothing is true of what does not apply; what is not known leaves it undecided (decisions 5, 6)."""
    sides = [_side(checklist, left), _side(checklist, right)]
    (first_side, first_reasons), (second_side, second_reasons) = sides
    holds = COMPARISONS[comparison]

    def value(findings: Findings) -> bool | None:
        first, second = first_side(findings), second_side(findings)
        if first is ABSENT or second is ABSENT:
            return False
        if first is None or second is None:
            return None
        return holds(first[0] * second[1], second[0] * first[1])

    def reasons(findings: Findings) -> Reasons:
        if value(findings) is not None:
            return first_reasons(findings) + second_reasons(findings)
        unknown = (why(findings) for side, why in sides if side(findings) is None)
        return tuple(reason for each in unknown for reason in each)

    if isinstance(left, ValueOf) and left.subject.kind == "score" and isinstance(right, Constant):
        return Test(_score_against(left.subject.key, comparison, right.value), reasons)
    return Test(value, reasons)


def _score_against(key: str, comparison: Comparison, mark: Fraction) -> Callable[[Findings], bool | None]:
    """By far the commonest comparison, without detours."""
    holds, (top, bottom) = COMPARISONS[comparison], mark.as_integer_ratio()

    def value(findings: Findings) -> bool | None:
        exact = findings.scores[key].exact
        return None if exact is None else holds(exact[0] * bottom, top * exact[1])

    return value


def _side(checklist: Checklist, node: Formula) -> tuple[Side, Callable[[Findings], Reasons]]:
    match node:
        case Constant(number):
            ratio = number.as_integer_ratio()
            return lambda _: ratio, lambda _: ()
        case ValueOf(Subject("question", key) as subject):
            return _points(checklist.number[key]), lambda findings: (findings.reason(subject),)
        case ValueOf(Subject("score", key) as subject):
            return lambda findings: findings.scores[key].exact, lambda findings: (findings.reason(subject),)
        case _:
            reckoning = formula(checklist, node, ALL_ANSWERED, checklist.treat)
            return lambda findings: reckoning.worth(findings).exact, reckoning.reasons


def _points(number: int) -> Side:
    """A non-answer that earns points in scores is still not known to a condition."""

    def side(findings: Findings) -> Ratio | Absent | None:
        answer = findings.said[number].answer
        if isinstance(answer, Given):
            return None if answer.points is None else answer.points.as_integer_ratio()
        return ABSENT if does_not_apply(answer) else None

    return side


# ---- answers, levels, states


def _is_one_of(checklist: Checklist, subject: Subject, codes: tuple[str, ...]) -> Test:
    match subject.kind:
        case "question":
            question = checklist.question[subject.key]
            return _answer(subject, checklist.number[subject.key], same_answers(question.scale, codes))
        case "fact":
            return _fact(subject, same_answers(checklist.fact[subject.key].scale, codes))
        case "result":
            return _level(subject, frozenset(codes))
        case "score" | "gate":
            raise TypeError(f"no answers: {subject.key}")


def _about(subject: Subject, value: Callable[[Findings], bool | None]) -> Test:
    """A test whose only reason is what one subject says."""
    return Test(value, lambda findings: (findings.reason(subject),))


def _answer(subject: Subject, number: int, codes: frozenset[str]) -> Test:
    """The recorded answer decides, also one that is no score; nothing else is true of what does not apply."""

    def value(findings: Findings) -> bool | None:
        answer = findings.said[number].answer
        if answer.code in codes:
            return True
        return False if isinstance(answer, Given) or does_not_apply(answer) else None

    return _about(subject, value)


def _fact(subject: Subject, codes: frozenset[str]) -> Test:
    def value(findings: Findings) -> bool | None:
        fact = findings.facts[subject.key]
        return fact.code in codes if isinstance(fact, Given) else None

    return _about(subject, value)


def _levels_fitting(checklist: Checklist, node: CompareLevel) -> frozenset[str]:
    levels = [each.id for each in checklist.result[node.subject.key].levels]
    mark, holds = levels.index(node.level), COMPARISONS[node.comparison]
    return frozenset(level for place, level in enumerate(levels) if holds(place, mark))


def _level(subject: Subject, levels: frozenset[str]) -> Test:
    """True if it holds for all possible levels, false if for none, or if there is none."""

    def value(findings: Findings) -> bool | None:
        inside = [level in levels for level in findings.results[subject.key].possible]
        return True if inside and all(inside) else None if any(inside) else False

    return _about(subject, value)


def _has_state(
    checklist: Checklist, subject: Subject, state: Literal["scored", "not scored", "missing"]
) -> Test:
    has = _missing(checklist, subject) if state == "missing" else _scored(checklist, subject)
    return _about(subject, lambda findings: has(findings) is not (state == "not scored"))


def _scored(checklist: Checklist, subject: Subject) -> Check:
    key = subject.key
    match subject.kind:
        case "score":
            return lambda findings: findings.scores[key].exact is not None
        case "result":
            return lambda findings: findings.results[key].level is not None
        case "question":
            number = checklist.number[key]
            return lambda findings: isinstance(findings.said[number].answer, Given)
        case "fact":
            return lambda findings: isinstance(findings.facts[key], Given)
        case "gate":
            return lambda findings: findings.gates[key] != "undecided"


def _missing(checklist: Checklist, subject: Subject) -> Check:
    """Only a blank is missing: what does not apply or could not be seen is something else."""
    if subject.kind != "question":
        scored = _scored(checklist, subject)
        return lambda findings: not scored(findings)
    number = checklist.number[subject.key]

    def missing(findings: Findings) -> bool:
        answer = findings.said[number].answer
        return isinstance(answer, NotGiven) and answer.state is NonAnswer.MISSING

    return missing


def _gate(gate: str, *, passes: bool) -> Test:
    def value(findings: Findings) -> bool | None:
        state = findings.gates[gate]
        return None if state == "undecided" else (state == "passes") is passes

    return _about(Subject("gate", gate), value)


# ---- how many of a selection

Values = list[bool | None]


class Limit(NamedTuple):
    """So many are true, or more; or the opposite: fewer are. Every one, if no number is given."""

    number: int | None
    opposite: bool = False


def _quantified(checklist: Checklist, node: Quantified) -> Test:
    """How many of the members that apply fulfil their condition; `every` has nothing to say of nothing."""
    members = [
        (passed_over(checklist, subject), condition(checklist, each)) for subject, each in node.members
    ]
    tests = [(skipped, part.value) for skipped, part in members]
    limits = _limits(node)

    def value(findings: Findings) -> bool | None:
        return _kept(limits, [test(findings) for skipped, test in tests if not skipped(findings)])

    def reasons(findings: Findings) -> Reasons:
        parts = [part for skipped, part in members if not skipped(findings)]
        if not parts:
            return tuple(findings.reason(subject) for subject, _ in node.members)
        values = [part.value(findings) for part in parts]
        deciding = [each for each in limits if _one_kept(each, values) is _kept(limits, values)]
        return tuple(
            reason for each in deciding for reason in _reasons(parts, findings, _reached(each, values))
        )

    return Test(value, reasons)


def _limits(node: Quantified) -> list[Limit]:
    number = node.number
    match node.quantifier:
        case "any":
            return [Limit(1)]
        case "no":
            return [Limit(1, opposite=True)]
        case "every":
            return [Limit(None)]
        case "at least":
            return [Limit(number)]
        case "at most":
            return [Limit(number + 1, opposite=True)]
        case "exactly":
            return [Limit(number), Limit(number + 1, opposite=True)]


def _kept(limits: list[Limit], values: Values) -> bool | None:
    """Whether all limits are kept: one that is not decides, then an undecided one."""
    kept = [_one_kept(each, values) for each in limits]
    return False if False in kept else None if None in kept else True


def _one_kept(limit: Limit, values: Values) -> bool | None:
    reached = _reached(limit, values)
    return not reached if limit.opposite and reached is not None else reached


def _reached(limit: Limit, values: Values) -> bool | None:
    """Whether so many are true, whatever the undecided ones turn out to be."""
    number = len(values) if limit.number is None else limit.number
    if limit.number is None and not values:
        return None
    if values.count(True) >= number:
        return True
    return False if len(values) - values.count(False) < number else None
