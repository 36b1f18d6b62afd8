"""A record as plain values -> what the rules say of it, without reasons: what the deep checks prove with."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from operator import eq, ge, gt, le, lt
from typing import Literal

from fidelity.model.checklist import AsPoints, Checklist, LeftOut, Question, Score, Treatments
from fidelity.model.expression import (
    Aggregate,
    And,
    Arithmetic,
    Compare,
    CompareLevel,
    Comparison,
    Condition,
    Constant,
    Formula,
    GateIs,
    HasState,
    IsOneOf,
    Needing,
    NoOther,
    Not,
    Or,
    PercentOf,
    Quantified,
    RatioOf,
    Subject,
    ValueOf,
)
from fidelity.model.number import read_number, rounded, written
from fidelity.model.scale import MISSING, Answer, Given, NonAnswer, NotGiven

ABSENT: Literal["absent"] = "absent"  # a score of a group that does not apply
BLANK: Literal["blank"] = "blank"

# An answer or fact; a score; the possible levels of a result; whether a gate's condition is true.
Value = Answer | Fraction | Literal["absent"] | tuple[str, ...] | bool | None
Look = Callable[[Subject], Value]
Verdict = bool | None

HUNDRED = Fraction(100)
NOT_APPLICABLE = NotGiven(NonAnswer.NOT_APPLICABLE, NonAnswer.NOT_APPLICABLE.value)
COMPARISONS: Mapping[Comparison, Callable[[Fraction | int, Fraction | int], bool]] = {
    "at least": ge,
    "at most": le,
    "above": gt,
    "below": lt,
    "is": eq,
}


def truth(checklist: Checklist, node: Condition, look: Look) -> Verdict:
    """True, false or undecided (strong Kleene), as the evaluator has it."""
    match node:
        case And(parts):
            return all_true(truth(checklist, each, look) for each in parts)
        case Or(parts):
            return opposite(all_true(opposite(truth(checklist, each, look)) for each in parts))
        case Not(part):
            return opposite(truth(checklist, part, look))
        case Compare(left, comparison, right):
            return _compared(left, comparison, right, look)
        case CompareLevel(subject, comparison, level):
            levels = [each.id for each in checklist.result[subject.key].levels]
            mark, holds = levels.index(level), COMPARISONS[comparison]
            return _among_levels(look(subject), {id for at, id in enumerate(levels) if holds(at, mark)})
        case IsOneOf(subject, codes):
            return _is_one_of(checklist, subject, codes, look(subject))
        case HasState(subject, state):
            value = look(subject)
            held = _is_missing(value) if state == "missing" else _is_scored(value)
            return held is not (state == "not scored")
        case GateIs(gate, passes):
            fired = look(Subject("gate", gate))
            return fired is not passes if isinstance(fired, bool) else None
        case Quantified():
            return _quantified(checklist, node, look)
        case NoOther(result, level):
            lines = [each.when for each in checklist.result[result].levels if each.id != level]
            return opposite(
                opposite(all_true(opposite(truth(checklist, each, look)) for each in lines if each))
            )


def all_true(verdicts: Iterable[Verdict]) -> Verdict:
    """False if one is false, then undecided if one is, else true."""
    decided: Verdict = True
    for each in verdicts:
        if each is False:
            return False
        if each is None:
            decided = None
    return decided


def opposite(verdict: Verdict) -> Verdict:
    """Not."""
    return None if verdict is None else not verdict


def levels_fitting(checklist: Checklist, result: str, look: Look, *, gates: bool = True) -> tuple[str, ...]:
    """The levels that a result can have, its gates included unless they are left out."""
    levels = checklist.result[result].levels
    verdicts = [each.when is not None and truth(checklist, each.when, look) for each in levels]
    fitting = {at for at, each in enumerate(verdicts) if each is True}
    possible = fitting or {at for at, each in enumerate(verdicts) if each is None}
    names = [each.id for each in levels]
    for gate in checklist.gates if gates else ():
        if gate.result == result:
            cap, fired = names.index(gate.cap), look(Subject("gate", gate.key))
            lowered = {min(at, cap) for at in possible}
            possible = possible if fired is False else lowered if fired is True else possible | lowered
    return tuple(names[at] for at in sorted(possible))


class Trial:
    """One record, worked out as far as somebody looks."""

    def __init__(
        self, checklist: Checklist, answers: Mapping[str, Answer], facts: Mapping[str, Answer] | None = None
    ) -> None:
        self.checklist = checklist
        self.answers = answers
        self.facts = facts or {}
        self._known: dict[Subject, Value] = {}

    def look(self, subject: Subject) -> Value:
        """The value of a subject."""
        if subject not in self._known:
            self._known[subject] = self._worked_out(subject)
        return self._known[subject]

    def _worked_out(self, subject: Subject) -> Value:
        checklist = self.checklist
        match subject.kind:
            case "question":
                applies = checklist.question[subject.key].applies
                holds = True if applies is None else truth(checklist, applies, self.look)
                answer = self.answers.get(subject.key, MISSING)
                if holds is False and not _does_not_apply(answer):
                    return NOT_APPLICABLE
                return MISSING if holds is None and not _does_not_apply(answer) else answer
            case "fact":
                return self.facts.get(subject.key, MISSING)
            case "gate":
                return truth(checklist, checklist.gate[subject.key].when, self.look)
            case "score":
                score = checklist.score[subject.key]
                return ABSENT if self._absent(score.group) else self._score(score)
            case "result":
                if self._absent(checklist.result[subject.key].group):
                    return ()
                return levels_fitting(checklist, subject.key, self.look)

    def _absent(self, group: str) -> bool:
        answers = [self.look(Subject("question", key)) for key in questions_in(self.checklist, group)]
        return bool(answers) and all(_does_not_apply(each) for each in answers)

    def _score(self, score: Score) -> Fraction | None:
        if score.only_when is not None and truth(self.checklist, score.only_when, self.look) is not True:
            return None
        exact = worth(self.checklist, score, score.formula, self.look)
        if exact is None or score.rounding is None:
            return exact
        return rounded(exact, score.rounding.places, score.rounding.mode)


def questions_in(checklist: Checklist, group: str) -> list[str]:
    """The questions of a group that can be scored; none for no group."""
    return [
        each.key
        for each in checklist.questions
        if group and checklist.item[each.item].group == group and each.scale.kind != "text"
    ]


def with_points(question: Question, answer: Answer) -> Answer:
    """The answer with its points after binning and reversing."""
    if isinstance(answer, NotGiven):
        return answer
    binned = question.bins.points(answer.number) if question.bins and answer.number is not None else None
    points = answer.points if binned is None else binned
    if points is not None and question.reversed and question.points:
        points = question.points[0] + question.points[-1] - points
    return Given(answer.code, points, answer.number)


# ---- formulas


def worth(checklist: Checklist, score: Score, node: Formula, look: Look) -> Fraction | None:
    """The exact value of a formula in a score, not yet rounded; None where it has none."""
    match node:
        case Constant(value):
            return value
        case ValueOf(subject):
            return _number(subject, look(subject), {**checklist.treat, **score.counting})
        case Aggregate():
            return _aggregate(checklist, score, node, look)
        case PercentOf(part, whole):
            return worth(
                checklist, score, Arithmetic("/", Arithmetic("*", part, Constant(HUNDRED)), whole), look
            )
        case RatioOf(top, bottom):
            return worth(checklist, score, Arithmetic("/", top, bottom), look)
        case Arithmetic(operator, left, right):
            first, second = (worth(checklist, score, each, look) for each in (left, right))
            if first is None or second is None or (operator == "/" and second == 0):
                return None
            match operator:
                case "+":
                    return first + second
                case "-":
                    return first - second
                case "*":
                    return first * second
                case "/":
                    return first / second


def _number(subject: Subject, value: Value, treat: Treatments) -> Fraction | None:
    match value:
        case Given(points=points, number=number):
            return number if subject.kind == "fact" else points
        case NotGiven(state):
            how = treat.get(state)
            return how.points if isinstance(how, AsPoints) else None
        case Fraction():
            return value
        case _:
            return None


def _aggregate(checklist: Checklist, score: Score, node: Aggregate, look: Look) -> Fraction | None:
    treat = {**checklist.treat, **score.counting}
    read = [(each, _member(checklist, node, each, look(each), treat)) for each in node.over]
    there = [(subject, value) for subject, value in read if value is not None]
    answered = [(subject, value) for subject, value in there if isinstance(value, Fraction)]
    if not answered or len(answered) < needed(node.needing or score.needing, len(there)):
        return None
    weights = [_weight(checklist, subject) for subject, _ in answered]
    values = [value for _, value in answered]
    added = sum((w * v for w, v in zip(weights, values, strict=True)), Fraction(0))
    match node.function:
        case "mean":
            return added / sum(weights) if sum(weights) else None
        case "sum":
            return added
        case "percent":
            tops = [
                max(checklist.question[subject.key].points, default=Fraction(0)) for subject, _ in answered
            ]
            top = sum((w * t for w, t in zip(weights, tops, strict=True)), Fraction(0))
            return added * 100 / top if top else None
        case "share":
            return sum(values, Fraction(0)) * 100 / len(values)
        case "count":
            return sum(values, Fraction(0))
        case "lowest":
            return min(values)
        case "highest":
            return max(values)
        case "median":
            ordered, middle = sorted(values), len(values) // 2
            return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def needed(needing: Needing, applicable: int) -> int:
    """How many of those that apply must be answered."""
    if needing.number is not None:
        return needing.number
    share = Fraction(1) if needing.share is None else needing.share
    return -(-share.numerator * applicable // share.denominator)


def _weight(checklist: Checklist, subject: Subject) -> Fraction:
    return checklist.question[subject.key].weight if subject.kind == "question" else Fraction(1)


def _member(
    checklist: Checklist, node: Aggregate, subject: Subject, value: Value, treat: Treatments
) -> Fraction | Literal["blank"] | None:
    """What one member brings in; nothing when it is passed over."""
    counting = node.function in ("share", "count")
    match value:
        case Given():
            if not counting:
                return value.points if subject.kind == "question" else value.number
            return Fraction(node.rated is None or value.code in _codes(checklist, subject, node.rated))
        case NotGiven(state):
            how = treat.get(state)
            if state is NonAnswer.NOT_APPLICABLE or isinstance(how, LeftOut):
                return None
            if isinstance(how, AsPoints):
                return Fraction(node.rated is None) if counting else how.points
            return BLANK
        case "absent" | ():
            return None
        case tuple():
            inside = [node.rated is None or each in node.rated for each in value]
            return BLANK if len(set(inside)) > 1 else Fraction(all(inside))
        case Fraction():
            return Fraction(1) if counting else value
        case _:
            return BLANK


# ---- single tests


def _compared(left: Formula, comparison: Comparison, right: Formula, look: Look) -> Verdict:
    sides = [_side(each, look) for each in (left, right)]
    if ABSENT in sides:
        return False
    first, second = sides
    if not isinstance(first, Fraction) or not isinstance(second, Fraction):
        return None
    return COMPARISONS[comparison](first, second)


def _side(node: Formula, look: Look) -> Fraction | Literal["absent"] | None:
    """A value; absent when a question does not apply (decision 5)."""
    if isinstance(node, Constant):
        return node.value
    if not isinstance(node, ValueOf):
        return None
    value = look(node.subject)
    if isinstance(value, NotGiven):
        return ABSENT if _does_not_apply(value) and node.subject.kind == "question" else None
    return _number(node.subject, value, {})


def _is_one_of(checklist: Checklist, subject: Subject, codes: tuple[str, ...], value: Value) -> Verdict:
    if subject.kind == "result":
        return _among_levels(value, set(codes))
    if not isinstance(value, Given | NotGiven):
        return None
    if value.code and value.code in _codes(checklist, subject, codes):
        return True
    decided = isinstance(value, Given) or (subject.kind == "question" and _does_not_apply(value))
    return False if decided else None


def _codes(checklist: Checklist, subject: Subject, codes: tuple[str, ...]) -> set[str]:
    """The codes as answers carry them: numbers by value."""
    if subject.kind not in ("question", "fact"):
        return set(codes)
    scale = (checklist.question if subject.kind == "question" else checklist.fact)[subject.key].scale
    return {
        code if (number := read_number(code)) is None or scale.choice(code) else written(number)
        for code in codes
    }


def _among_levels(value: Value, levels: set[str]) -> Verdict:
    inside = [each in levels for each in value] if isinstance(value, tuple) else []
    return True if inside and all(inside) else None if any(inside) else False


def _is_scored(value: Value) -> bool:
    return isinstance(value, Fraction | Given) or (isinstance(value, tuple) and len(value) == 1)


def _is_missing(value: Value) -> bool:
    return value.state is NonAnswer.MISSING if isinstance(value, NotGiven) else not _is_scored(value)


def _does_not_apply(value: Value) -> bool:
    return isinstance(value, NotGiven) and value.state is NonAnswer.NOT_APPLICABLE


# ---- how many of a selection


def _quantified(checklist: Checklist, node: Quantified, look: Look) -> Verdict:
    verdicts = [
        truth(checklist, part, look)
        for subject, part in node.members
        if not passed_over(checklist, subject, look(subject))
    ]
    match node.quantifier:
        case "every":
            return all_true(verdicts) if verdicts else None
        case "any":
            return _at_least(verdicts, 1)
        case "no":
            return opposite(_at_least(verdicts, 1))
        case "at least":
            return _at_least(verdicts, node.number)
        case "at most":
            return opposite(_at_least(verdicts, node.number + 1))
        case "exactly":
            return all_true(
                [_at_least(verdicts, node.number), opposite(_at_least(verdicts, node.number + 1))]
            )


def passed_over(checklist: Checklist, subject: Subject, value: Value) -> bool:
    """Whether a quantifier skips this value: it does not apply, or is left out."""
    if value in (ABSENT, ()):
        return True
    if subject.kind != "question" or not isinstance(value, NotGiven):
        return False
    how = checklist.treat.get(value.state)
    return value.state is NonAnswer.NOT_APPLICABLE or isinstance(how, LeftOut)


def _at_least(verdicts: list[Verdict], number: int) -> Verdict:
    if verdicts.count(True) >= number:
        return True
    return None if len(verdicts) - verdicts.count(False) >= number else False
