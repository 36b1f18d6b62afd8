"""Condition -> closure that gives true, false or undecided (strong Kleene), with the reasons for it."""

from collections.abc import Callable
from fractions import Fraction
from operator import eq, ge, gt, le, lt
from typing import Literal

from fidelity.evaluate.findings import (
    Findings,
    Reasons,
    Test,
    Verdict,
    does_not_apply,
    passed_over,
    reason_of,
)
from fidelity.evaluate.formula import ALL_ANSWERED, Reckon, formula
from fidelity.evaluate.member import same_answers
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
from fidelity.model.scale import Answer, Given, NonAnswer, NotGiven

COMPARISONS: dict[Comparison, Callable[[Fraction | int, Fraction | int], bool]] = {
    "at least": ge,
    "at most": le,
    "above": gt,
    "below": lt,
    "is": eq,
}


def condition(checklist: Checklist, node: Condition) -> Test:
    """The closure of a condition."""
    match node:
        case And(parts) | Or(parts):
            join = _all_true if isinstance(node, And) else _any_true
            return _joined([condition(checklist, each) for each in parts], join)
        case Not(part):
            return _not(condition(checklist, part))
        case Compare(left, comparison, right):
            return _compare(_side(checklist, left), comparison, _side(checklist, right))
        case CompareLevel():
            return _level(node.subject.key, _levels_fitting(checklist, node))
        case IsOneOf(subject, codes):
            return _is_one_of(checklist, subject, codes)
        case HasState(subject, state):
            return _has_state(subject, state)
        case GateIs(gate, passes):
            return _gate(gate, passes=passes)
        case Quantified():
            return _quantified(checklist, node)
        case NoOther():
            return condition(checklist, no_other_line(checklist, node))


# ---- joined


def _joined(parts: list[Test], join: Callable[[list[Verdict]], Verdict]) -> Test:
    def test(findings: Findings) -> Verdict:
        return join([part(findings) for part in parts])

    return test


def _not(part: Test) -> Test:
    def test(findings: Findings) -> Verdict:
        return _opposite(part(findings))

    return test


def _all_true(verdicts: list[Verdict]) -> Verdict:
    """One false part decides, then an undecided one; the reasons are those of the parts that decide."""
    values = {value for value, _ in verdicts}
    decided = False if False in values else None if None in values else True
    return decided, _reasons(verdicts, value=decided)


def _any_true(verdicts: list[Verdict]) -> Verdict:
    values = {value for value, _ in verdicts}
    decided = True if True in values else None if None in values else False
    return decided, _reasons(verdicts, value=decided)


def _opposite(verdict: Verdict) -> Verdict:
    value, reasons = verdict
    return (None if value is None else not value), reasons


def _reasons(verdicts: list[Verdict], *, value: bool | None) -> Reasons:
    return tuple(reason for each, reasons in verdicts if each is value for reason in reasons)


def no_other_line(checklist: Checklist, node: NoOther) -> Condition:
    """`otherwise` is possible as long as no other line is surely true (decision 31)."""
    lines = [each.when for each in checklist.result[node.result].levels if each.id != node.level]
    return Not(Or(tuple(when for when in lines if when is not None)), node.place)


# ---- values in order

# A value, or None when it is not known; whether it does not apply; why.
Side = Callable[[Findings], tuple[Fraction | None, bool, Reasons]]


def _side(checklist: Checklist, node: Formula) -> Side:
    match node:
        case Constant(value):
            return lambda _: (value, False, ())
        case ValueOf(Subject("question", key)):
            return lambda findings: (*_points(findings.answers[key]), (findings.why[key],))
        case ValueOf(Subject("score", key)):
            return lambda findings: (findings.scores[key].exact, False, (findings.scores[key].reason,))
        case _:
            return _worth(formula(checklist, node, ALL_ANSWERED, checklist.treat))


def _points(answer: Answer) -> tuple[Fraction | None, bool]:
    """A non-answer that earns points in scores is still not known to a condition."""
    return (answer.points, False) if isinstance(answer, Given) else (None, does_not_apply(answer))


def _worth(reckon: Reckon) -> Side:
    def side(findings: Findings) -> tuple[Fraction | None, bool, Reasons]:
        worth = reckon(findings)
        return worth.exact, False, worth.reasons

    return side


def _compare(left: Side, comparison: Comparison, right: Side) -> Test:
    """Nothing is true of what does not apply; what is not known leaves it undecided (decisions 5, 6)."""
    holds = COMPARISONS[comparison]

    def test(findings: Findings) -> Verdict:
        first, first_absent, first_reasons = left(findings)
        second, second_absent, second_reasons = right(findings)
        if first_absent or second_absent:
            return False, first_reasons + second_reasons
        if first is None or second is None:
            unknown = (first_reasons if first is None else ()) + (second_reasons if second is None else ())
            return None, unknown
        return holds(first, second), first_reasons + second_reasons

    return test


# ---- answers, levels, states


def _is_one_of(checklist: Checklist, subject: Subject, codes: tuple[str, ...]) -> Test:
    match subject.kind:
        case "question":
            return _answer(subject.key, same_answers(checklist.question[subject.key].scale, codes))
        case "fact":
            return _fact(subject, same_answers(checklist.fact[subject.key].scale, codes))
        case "result":
            return _level(subject.key, frozenset(codes))
        case "score" | "gate":
            raise TypeError(f"no answers: {subject.key}")


def _answer(key: str, codes: frozenset[str]) -> Test:
    """The recorded answer decides, also one that is no score; nothing else is true of what does not apply."""

    def test(findings: Findings) -> Verdict:
        answer, reasons = findings.answers[key], (findings.why[key],)
        if answer.code in codes:
            return True, reasons
        return (False if isinstance(answer, Given) or does_not_apply(answer) else None), reasons

    return test


def _fact(subject: Subject, codes: frozenset[str]) -> Test:
    def test(findings: Findings) -> Verdict:
        fact = findings.facts[subject.key]
        return (fact.code in codes if isinstance(fact, Given) else None), (reason_of(subject, findings),)

    return test


def _levels_fitting(checklist: Checklist, node: CompareLevel) -> frozenset[str]:
    levels = [each.id for each in checklist.result[node.subject.key].levels]
    mark, holds = levels.index(node.level), COMPARISONS[node.comparison]
    return frozenset(level for place, level in enumerate(levels) if holds(place, mark))


def _level(key: str, levels: frozenset[str]) -> Test:
    """True if it holds for all possible levels, false if for none, or if there is none."""

    def test(findings: Findings) -> Verdict:
        found = findings.results[key]
        inside = [level in levels for level in found.possible]
        value = True if inside and all(inside) else None if any(inside) else False
        return value, (found.reason,)

    return test


def _has_state(subject: Subject, state: Literal["scored", "not scored", "missing"]) -> Test:
    def test(findings: Findings) -> Verdict:
        value = _missing(subject, findings) if state == "missing" else _scored(subject, findings)
        return value is not (state == "not scored"), (reason_of(subject, findings),)

    return test


def _scored(subject: Subject, findings: Findings) -> bool:
    match subject.kind:
        case "score":
            return findings.scores[subject.key].exact is not None
        case "result":
            return findings.results[subject.key].level is not None
        case "question":
            return isinstance(findings.answers[subject.key], Given)
        case "fact":
            return isinstance(findings.facts[subject.key], Given)
        case "gate":
            return findings.gates[subject.key] != "undecided"


def _missing(subject: Subject, findings: Findings) -> bool:
    """Only a blank is missing: what does not apply or could not be seen is something else."""
    if subject.kind != "question":
        return not _scored(subject, findings)
    answer = findings.answers[subject.key]
    return isinstance(answer, NotGiven) and answer.state is NonAnswer.MISSING


def _gate(gate: str, *, passes: bool) -> Test:
    def test(findings: Findings) -> Verdict:
        state = findings.gates[gate]
        value = None if state == "undecided" else (state == "passes") is passes
        return value, (findings.gate_reasons[gate],)

    return test


# ---- how many of a selection


def _quantified(checklist: Checklist, node: Quantified) -> Test:
    members = [
        (passed_over(checklist, subject), condition(checklist, each)) for subject, each in node.members
    ]
    decide = _decision(node)

    def test(findings: Findings) -> Verdict:
        verdicts = [part(findings) for skipped, part in members if not skipped(findings)]
        if verdicts:
            return decide(verdicts)
        nothing = tuple(reason_of(subject, findings) for subject, _ in node.members)
        return decide(verdicts)[0], nothing

    return test


def _decision(node: Quantified) -> Callable[[list[Verdict]], Verdict]:
    """What the members that apply say together; only `every` has nothing to say of nothing."""
    number = node.number
    match node.quantifier:
        case "any":
            return _any_true
        case "no":
            return lambda verdicts: _opposite(_any_true(verdicts))
        case "every":
            return lambda verdicts: _all_true(verdicts) if verdicts else (None, ())
        case "at least":
            return lambda verdicts: _at_least(verdicts, number)
        case "at most":
            return lambda verdicts: _opposite(_at_least(verdicts, number + 1))
        case "exactly":
            return lambda verdicts: _all_true(
                [_at_least(verdicts, number), _opposite(_at_least(verdicts, number + 1))]
            )


def _at_least(verdicts: list[Verdict], number: int) -> Verdict:
    true, false = (sum(each is value for each, _ in verdicts) for value in (True, False))
    if true >= number:
        return True, _reasons(verdicts, value=True)
    if len(verdicts) - false < number:
        return False, _reasons(verdicts, value=False)
    return None, _reasons(verdicts, value=None)
