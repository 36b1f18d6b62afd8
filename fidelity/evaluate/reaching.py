"""A condition, level or side of a boundary -> how far an outcome is from it; below one it is reached."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from fidelity.evaluate.condition import COMPARISONS
from fidelity.evaluate.coverage import side_of
from fidelity.evaluate.member import same_answers
from fidelity.model.checklist import Checklist, Level, Result
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
from fidelity.model.scale import Answer, Given
from fidelity.model.score import ResultValue, Scored, ScoreValue
from fidelity.place import Place

NOUGHT, ONE = Fraction(0), Fraction(1)
FAR = Fraction(1000)


class Tried(NamedTuple):
    """What a record led to, and the facts that it came with."""

    answers: Mapping[str, Answer]
    scores: Mapping[str, ScoreValue]
    results: Mapping[str, ResultValue]
    facts: Mapping[str, str]


Distance = Callable[[Tried], Fraction]


def tried(scored: Scored, facts: Mapping[str, str]) -> Tried:
    """An outcome as distances are measured from it."""
    return Tried(scored.answers, scored.scores, scored.results, facts)


def away_from_level(checklist: Checklist, result: Result, level: Level) -> Distance:
    """How far the result is from this level: by its own line, or capped at it by a gate."""
    caps = [each for each in checklist.gates if each.result == result.key and each.cap == level.id]
    order = [each.id for each in result.levels]
    others = [
        away(checklist, each.when, wanted=False)
        for each in checklist.gates
        if each.result == result.key and order.index(each.cap) < order.index(level.id)
    ]
    own = None if level.when is None else away(checklist, level.when, wanted=True)
    through = [away(checklist, each.when, wanted=True) for each in caps]

    def distance(outcome: Tried) -> Fraction:
        if outcome.results[result.key].level == level.id:
            return NOUGHT
        ways = [own(outcome)] if own else [each(outcome) for each in through]
        return ONE + min(ways, default=FAR) + sum((each(outcome) for each in others), NOUGHT)

    return distance


def away_from_side(
    checklist: Checklist, result: Result, comparison: Comparison, bound: Fraction, side: str
) -> Distance:
    """How far the result's score is from this side of a bound and, on it, from the bound itself.

    On the right side a gate that stays open is better: the level then shows what the score does.
    """
    gates = [
        away(checklist, each.when, wanted=False) for each in checklist.gates if each.result == result.key
    ]

    def distance(outcome: Tried) -> Fraction:
        exact = outcome.scores[result.of].exact
        if exact is None:
            return FAR
        gap = abs(exact - bound)
        if side_of(exact, comparison, bound) != side:
            return ONE + gap
        capped = any(each(outcome) for each in gates)
        return (gap / (gap + 1) + (ONE if capped else NOUGHT)) / 2

    return distance


def bounds_of(result: Result) -> Iterator[tuple[Comparison, Fraction]]:
    """The numbers that the bands of a result end at."""
    for level in result.levels:
        if result.of and level.when is not None:
            parts = level.when.parts if isinstance(level.when, And) else (level.when,)
            for part in parts:
                match part:
                    case Compare(_, comparison, Constant(bound)):
                        yield comparison, bound
                    case _:
                        pass


def bounds_with_place(checklist: Checklist, result: Result) -> Iterator[tuple[Fraction, Place]]:
    """The same with where each stands: at its threshold, where it has a name."""
    marks = {(each.id, each.of): each.place for each in checklist.thresholds}
    for level in result.levels:
        if result.of and level.when is not None:
            for part in level.when.parts if isinstance(level.when, And) else (level.when,):
                match part:
                    case Compare(_, _, Constant(bound, threshold) as constant):
                        own = marks.get((threshold, result.group), marks.get((threshold, "")))
                        yield bound, own or constant.place
                    case _:
                        pass


def away(checklist: Checklist, node: Condition, *, wanted: bool) -> Distance:
    """Nought where the condition is surely as wanted, else how much is in the way."""
    match node:
        case And(parts) | Or(parts):
            every = isinstance(node, And) is wanted
            return _joined([away(checklist, each, wanted=wanted) for each in parts], every=every)
        case Not(part):
            return away(checklist, part, wanted=not wanted)
        case Quantified():
            return _quantified(checklist, node, wanted=wanted)
        case NoOther(result, level):
            lines = [each.when for each in checklist.result[result].levels if each.id != level and each.when]
            return _joined([away(checklist, each, wanted=not wanted) for each in lines], every=wanted)
        case Compare(left, comparison, right):
            return _compared(left, comparison, right, wanted=wanted)
        case GateIs(gate, passes):
            return away(checklist, checklist.gate[gate].when, wanted=passes is not wanted)
        case CompareLevel(subject, comparison, level):
            levels = [each.id for each in checklist.result[subject.key].levels]
            holds = COMPARISONS[comparison]
            fitting = [id for at, id in enumerate(levels) if holds(at, levels.index(level)) is wanted]
            return _at_level(checklist, subject.key, fitting)
        case IsOneOf(subject, codes) if subject.kind == "result":
            levels = [each.id for each in checklist.result[subject.key].levels]
            return _at_level(checklist, subject.key, [id for id in levels if (id in codes) is wanted])
        case IsOneOf(subject, codes):
            return _answered(checklist, subject, codes, wanted=wanted)
        case HasState():
            return _in_state(node, wanted=wanted)


def _joined(parts: list[Distance], *, every: bool) -> Distance:
    def distance(outcome: Tried) -> Fraction:
        found = [each(outcome) for each in parts]
        return sum(found, NOUGHT) if every else min(found, default=FAR)

    return distance


def _at_level(checklist: Checklist, result: str, levels: list[str]) -> Distance:
    ways = [
        away_from_level(checklist, checklist.result[result], each)
        for each in checklist.result[result].levels
        if each.id in levels
    ]
    return _joined(ways, every=False)


def _quantified(checklist: Checklist, node: Quantified, *, wanted: bool) -> Distance:
    """The members that are nearest to what is wanted of so many of them."""
    toward = [away(checklist, part, wanted=True) for _, part in node.members]
    against = [away(checklist, part, wanted=False) for _, part in node.members]
    size = len(node.members)
    least, most = {
        "any": (1, size),
        "every": (size, size),
        "no": (0, 0),
        "at least": (node.number, size),
        "at most": (0, node.number),
        "exactly": (node.number, node.number),
    }[node.quantifier]

    def distance(outcome: Tried) -> Fraction:
        near, far = sorted(each(outcome) for each in toward), sorted(each(outcome) for each in against)
        enough, few = sum(near[:least], NOUGHT), sum(far[: size - most], NOUGHT)
        if wanted:
            return enough + few
        ways = [sum(far[: size - least + 1], NOUGHT)] if least else []
        ways += [sum(near[: most + 1], NOUGHT)] if most < size else []
        return min(ways, default=FAR)

    return distance


def _compared(left: Formula, comparison: Comparison, right: Formula, *, wanted: bool) -> Distance:
    holds = COMPARISONS[comparison]

    def distance(outcome: Tried) -> Fraction:
        first, second = _value(left, outcome), _value(right, outcome)
        if first is None or second is None:
            return FAR
        gap = abs(first - second)
        return NOUGHT if holds(first, second) is wanted else ONE + gap

    return distance


def _value(node: Formula, outcome: Tried) -> Fraction | None:
    match node:
        case Constant(value):
            return value
        case ValueOf(Subject("score", key)):
            return outcome.scores[key].exact
        case ValueOf(Subject("question", key)):
            answer = outcome.answers[key]
            return answer.points if isinstance(answer, Given) else None
        case _:
            return None


def _answered(checklist: Checklist, subject: Subject, codes: tuple[str, ...], *, wanted: bool) -> Distance:
    """Whether the answer or the fact is one of these."""
    if subject.kind != "question":
        return lambda outcome: NOUGHT if (outcome.facts.get(subject.key) in codes) is wanted else ONE
    own = same_answers(checklist.question[subject.key].scale, codes)

    def distance(outcome: Tried) -> Fraction:
        answer = outcome.answers[subject.key]
        known = isinstance(answer, Given) or bool(answer.code)
        return NOUGHT if known and (answer.code in own) is wanted else ONE

    return distance


def _in_state(node: HasState, *, wanted: bool) -> Distance:
    def distance(outcome: Tried) -> Fraction:
        key = node.subject.key
        match node.subject.kind:
            case "score":
                there = outcome.scores[key].exact is not None
            case "result":
                there = outcome.results[key].level is not None
            case "question":
                there = isinstance(outcome.answers[key], Given)
            case _:
                return ONE
        return NOUGHT if ((there is (node.state == "scored")) is wanted) else ONE

    return distance
