"""A formula -> the lowest and the highest that it can be; None where there is no bound."""

from fractions import Fraction
from itertools import product

from fidelity.model.checklist import Checklist
from fidelity.model.expression import (
    Aggregate,
    Arithmetic,
    Constant,
    Formula,
    PercentOf,
    RatioOf,
    Subject,
    ValueOf,
)

Interval = tuple[Fraction | None, Fraction | None]
NOUGHT = Fraction(0)


def interval(checklist: Checklist, node: Formula) -> Interval:
    """The ends between which a formula's value lies."""
    match node:
        case Constant(value):
            return value, value
        case ValueOf(subject):
            return _of_subject(checklist, subject)
        case Aggregate():
            return _of_aggregate(checklist, node)
        case PercentOf() | RatioOf():
            return NOUGHT, None
        case Arithmetic(operator, left, right):
            first, second = interval(checklist, left), interval(checklist, right)
            match operator:
                case "+":
                    return _plus(first[0], second[0]), _plus(first[1], second[1])
                case "-":
                    return _minus(first[0], second[1]), _minus(first[1], second[0])
                case "*":
                    return _times(first, second)
                case "/":
                    return _times(first, _inverse(second))


def _of_subject(checklist: Checklist, subject: Subject) -> Interval:
    match subject.kind:
        case "question":
            question = checklist.question[subject.key]
            if question.points:
                return question.points[0], question.points[-1]
            return (question.scale.span.lowest if question.scale.span else NOUGHT), None
        case "score":
            score = checklist.score[subject.key]
            return score.lowest, score.highest
        case "fact":
            span = checklist.fact[subject.key].scale.span
            return (span.lowest, span.highest) if span else (NOUGHT, None)
        case "result" | "gate":
            return NOUGHT, None


def _of_aggregate(checklist: Checklist, node: Aggregate) -> Interval:
    ends = [_of_subject(checklist, subject) for subject in node.over]
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    match node.function:
        case "count":
            return NOUGHT, Fraction(len(node.over))
        case "percent" | "share":
            return NOUGHT, Fraction(100)
        case "sum":
            # A step that does not apply brings in nothing, so a sum can be as low as one item.
            return (None if None in lows else min(low for low in lows if low is not None)), None
        case _:
            low = None if None in lows else min(low for low in lows if low is not None)
            return low, (None if None in highs else max(high for high in highs if high is not None))


def _plus(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return None if a is None or b is None else a + b


def _minus(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return None if a is None or b is None else a - b


def _times(first: Interval, second: Interval) -> Interval:
    known = [end for each in (first, second) for end in each if end is not None]
    if len(known) == 4:
        corners = [a * b for a, b in product(first, second) if a is not None and b is not None]
        return min(corners), max(corners)
    if first[0] is not None and second[0] is not None and first[0] >= 0 and second[0] >= 0:
        return first[0] * second[0], None
    return None, None


def _inverse(each: Interval) -> Interval:
    low, high = each
    if low is None or low < 0:
        return None, None
    return (1 / high if high else NOUGHT), (1 / low if low else None)
