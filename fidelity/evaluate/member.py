"""What one subject brings into a formula: nothing if it does not apply, else its value and its bounds."""

from collections.abc import Callable
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from fidelity.evaluate.findings import (
    ABSENT,
    MOST_KEPT,
    UNBOUNDED,
    Absent,
    Bounds,
    Findings,
    Said,
    absent,
    does_not_apply,
    skipped_states,
)
from fidelity.evaluate.functions import ONE
from fidelity.evaluate.interval import Interval
from fidelity.evaluate.ratio import reduced
from fidelity.model.checklist import AsPoints, Checklist, Question, Treatments
from fidelity.model.expression import Aggregate, Subject
from fidelity.model.number import read_number, written
from fidelity.model.scale import Answer, Given, Scale
from fidelity.model.score import Reason

Exact = Fraction | None
Ends = tuple[Exact, Exact]
Rated = tuple[str, ...] | None

# What an answer brings in: its value, or None for a blank; the lowest and the highest that it could be.
Cell = tuple[Exact, Exact, Exact]
Cells = Callable[[Answer], Cell | None]

NO, YES = Fraction(0), Fraction(1)
EITHER, SURELY_NO, SURELY_YES = (
    Bounds(Interval(NO, YES)),
    Bounds(Interval(NO, NO), settled=True),
    Bounds(Interval(YES, YES), settled=True),
)


class Member(NamedTuple):
    """One subject as a formula reads it; the bounds are those of one that applies."""

    value: Callable[[Findings], Exact | Absent]
    bounds: Callable[[Findings], Bounds]
    reason: Callable[[Findings], Reason]


def member(checklist: Checklist, node: Aggregate, subject: Subject, treat: Treatments) -> Member:
    """The subject as a function of the language reads it."""
    if subject.kind == "question":
        return _question(checklist, subject, cells(checklist, node, subject, treat))
    if node.function not in {"share", "count"}:
        return _measured(checklist, subject)
    if subject.kind == "result":
        return _level(subject, node.rated)
    return _known(_measured(checklist, subject))


def named(checklist: Checklist, subject: Subject, treat: Treatments) -> Member:
    """The subject by its name: what nobody could see is not known, even where functions leave it out."""
    if subject.kind != "question":
        return _measured(checklist, subject)
    read = measured(checklist.question[subject.key], treat)

    def cell(answer: Answer) -> Cell | None:
        found = read(answer)
        return (None, None, None) if found is None and not does_not_apply(answer) else found

    return _question(checklist, subject, cell)


# ---- questions: what each answer brings in


def cells(checklist: Checklist, node: Aggregate, subject: Subject, treat: Treatments) -> Cells:
    """What each answer to a question brings into a function."""
    question = checklist.question[subject.key]
    if node.function in {"share", "count"}:
        return counted(question, node.rated, treat)
    return measured(question, treat)


def measured(question: Question, treat: Treatments) -> Cells:
    """Its points."""
    return _cells(treat, attrgetter("points"), _ends(question))


def counted(question: Question, rated: Rated, treat: Treatments) -> Cells:
    """1 or 0: whether it is rated so or, where nothing is asked for, whether it is answered."""
    return _cells(treat, _one_of(question.scale, rated), (NO, YES))


def same_answers(scale: Scale, codes: tuple[str, ...]) -> frozenset[str]:
    """The codes as answers carry them: numbers are compared by value, so 2.50 is 2.5."""
    return frozenset(_code(scale, each) for each in codes)


def _code(scale: Scale, code: str) -> str:
    number = read_number(code)
    return code if number is None or scale.choice(code) is not None else written(number)


def _one_of(scale: Scale, rated: Rated) -> Callable[[Given], Fraction]:
    if rated is None:
        return lambda _: YES
    codes = same_answers(scale, rated)
    return lambda answer: YES if answer.code in codes else NO


def _cells(treat: Treatments, value_of: Callable[[Given], Exact], ends: Ends) -> Cells:
    skipped = skipped_states(treat)
    earned = {
        state: value_of(Given("", how.points)) for state, how in treat.items() if isinstance(how, AsPoints)
    }

    def cell(answer: Answer) -> Cell | None:
        if isinstance(answer, Given):
            value = value_of(answer)
        elif answer.state in skipped:
            return None
        elif answer.state in earned:
            value = earned[answer.state]
        else:
            return None, *ends
        return value, value, value

    return cell


def _ends(question: Question) -> Ends:
    """The lowest and the highest points; a count without an upper end has only the lowest."""
    if question.points:
        return question.points[0], question.points[-1]
    return (question.scale.span.lowest if question.scale.span else None), None


class Brought(dict[Said, Cell | None]):
    """What was brought in by each answer, worked out once."""

    def __init__(self, cell: Cells) -> None:
        super().__init__()
        self.cell = cell

    def __missing__(self, said: Said) -> Cell | None:
        found = self.cell(said.answer)
        if len(self) < MOST_KEPT:
            self[said] = found
        return found


def _question(checklist: Checklist, subject: Subject, cell: Cells) -> Member:
    number, brought = checklist.number[subject.key], Brought(cell)

    def value(findings: Findings) -> Exact | Absent:
        found = brought[findings.said[number]]
        return ABSENT if found is None else found[0]

    def bounds(findings: Findings) -> Bounds:
        found = brought[findings.said[number]]
        return UNBOUNDED if found is None else Bounds(Interval(*found[1:]), found[0] is not None)

    if checklist.question[subject.key].applies is None:
        return Member(value, bounds, lambda findings: findings.said[number].reason)
    return Member(value, bounds, _reason(subject))


def _reason(subject: Subject) -> Callable[[Findings], Reason]:
    return lambda findings: findings.reason(subject)


# ---- scores, facts, results


def _measured(checklist: Checklist, subject: Subject) -> Member:
    match subject.kind:
        case "score":
            return _score(checklist, subject)
        case "fact":
            return _fact(subject)
        case "question" | "result" | "gate":
            raise TypeError(f"no number: {subject.key}")


def _score(checklist: Checklist, subject: Subject) -> Member:
    key, gone = subject.key, absent(checklist, checklist.score[subject.key].group)

    def value(findings: Findings) -> Exact | Absent:
        return ABSENT if gone(findings) else reduced(findings.scores[key].exact)

    return Member(value, lambda findings: findings.bounds(key), _reason(subject))


def _fact(subject: Subject) -> Member:
    key = subject.key

    def value(findings: Findings) -> Exact:
        answer = findings.facts[key]
        return answer.number if isinstance(answer, Given) else None

    def bounds(findings: Findings) -> Bounds:
        number = value(findings)
        return Bounds(Interval(number, number), number is not None)

    return Member(value, bounds, _reason(subject))


def _level(subject: Subject, rated: Rated) -> Member:
    """A result counts only when its possible levels are all in the list, or all outside (decision 9)."""
    key = subject.key

    def value(findings: Findings) -> Exact | Absent:
        found = findings.results[key]
        if not found.possible:
            return ABSENT
        if rated is None:
            return None if found.level is None else YES
        inside = [level in rated for level in found.possible]
        return YES if all(inside) else None if any(inside) else NO

    return Member(value, _one_or_nought(value), _reason(subject))


def _known(read: Member) -> Member:
    """Whether there is a value at all."""

    def value(findings: Findings) -> Exact | Absent:
        found = read.value(findings)
        return YES if isinstance(found, Fraction) else found

    return Member(value, _one_or_nought(value), read.reason)


def _one_or_nought(value: Callable[[Findings], Exact | Absent]) -> Callable[[Findings], Bounds]:
    def bounds(findings: Findings) -> Bounds:
        found = value(findings)
        return EITHER if not isinstance(found, Fraction) else SURELY_YES if found else SURELY_NO

    return bounds


# ---- what counts how much


def weight_and_top(checklist: Checklist, subject: Subject) -> tuple[Fraction, Fraction]:
    """Only questions have weights; the top of a score is the most it can be, where that is known."""
    match subject.kind:
        case "question":
            question = checklist.question[subject.key]
            weight = ONE if question.weight == 1 else question.weight
            return weight, question.points[-1] if question.points else NO
        case "score":
            return ONE, checklist.score[subject.key].highest or NO
        case "result" | "fact" | "gate":
            return ONE, ONE
