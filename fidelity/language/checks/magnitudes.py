"""Numbers that would grow beyond what can be worked out exactly for many records at once."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import lcm, prod
from typing import NamedTuple

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.checks.conditions import stated
from fidelity.language.checks.reachable import comparisons
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist, Question
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

MOST = 2**63 - 1
LONGEST_LITERAL = 999_999_999  # data and the language allow nine digits before the point ...
FINEST_LITERAL = 1_000_000  # ... and six after it
MOST_LCM = 40


class Size(NamedTuple):
    """The largest that a value's numerator and denominator can become."""

    top: int
    bottom: int


def too_large(_source: tree.Checklist, checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB410 for a score whose numerator or denominator, as it is compared, can pass 64 bits."""
    sizes = dict(_of_questions(checklist))
    large: set[Subject] = set()
    for kind, key in checklist.order:
        if kind == "score":
            score = checklist.score[key]
            size = _size(checklist, score.formula, sizes)
            if score.rounding is not None and max(size) <= MOST:
                places = 10**score.rounding.places
                size = Size(size.top // max(1, size.bottom // places), places)
            if max(size) > MOST:
                # What reads it would be too large only because it is.
                large.add(Subject("score", key))
                size = Size(1, 1)
            sizes[Subject("score", key)] = size
    for each in stated(checklist):
        for compare in comparisons(each.condition):
            left, right = (_size(checklist, side, sizes) for side in (compare.left, compare.right))
            if max(left.top * right.bottom, right.top * left.bottom) > MOST:
                large |= {
                    side.subject
                    for side in (compare.left, compare.right)
                    if isinstance(side, ValueOf) and side.subject in sizes
                }
    for name in dict.fromkeys(subject.key.partition(".")[0] for subject in large):
        score = next(each for each in checklist.scores if each.name == name)
        yield Problem("RB410", score.place, {"score": name})


def _size(checklist: Checklist, node: Formula, sizes: dict[Subject, Size]) -> Size:
    match node:
        case Constant(value):
            return Size(abs(value.numerator), value.denominator)
        case ValueOf(subject):
            return _of_subject(checklist, subject, sizes)
        case Aggregate():
            return _of_aggregate(checklist, node, sizes)
        case PercentOf(part, whole):
            first, second = _size(checklist, part, sizes), _size(checklist, whole, sizes)
            return _over(Size(100 * first.top, first.bottom), second)
        case RatioOf(left, right) | Arithmetic("/", left, right):
            first, second = _size(checklist, left, sizes), _size(checklist, right, sizes)
            return _over(first, second)
        case Arithmetic("*", left, right):
            first, second = _size(checklist, left, sizes), _size(checklist, right, sizes)
            return Size(first.top * second.top, first.bottom * second.bottom)
        case Arithmetic(_, left, right):
            first, second = _size(checklist, left, sizes), _size(checklist, right, sizes)
            bottom = lcm(first.bottom, second.bottom)
            tops = first.top * (bottom // first.bottom) + second.top * (bottom // second.bottom)
            return Size(tops, bottom)


def _over(first: Size, second: Size) -> Size:
    """A quotient; what both denominators have in common cancels."""
    common = lcm(first.bottom, second.bottom)
    return Size(first.top * (common // first.bottom), second.top * (common // second.bottom))


def _of_subject(checklist: Checklist, subject: Subject, sizes: dict[Subject, Size]) -> Size:
    match subject.kind:
        case "question":
            return sizes[subject]
        case "score":
            return sizes.get(subject, Size(1, 1))
        case "fact":
            span = checklist.fact[subject.key].scale.span
            whole = span is None or span.step == 1
            return (
                Size(LONGEST_LITERAL, 1) if whole else Size(LONGEST_LITERAL * FINEST_LITERAL, FINEST_LITERAL)
            )
        case "result" | "gate":
            return Size(1, 1)


def _of_questions(checklist: Checklist) -> Iterator[tuple[Subject, Size]]:
    known: dict[object, Size] = {}
    for question in checklist.questions:
        alike = (question.scale.id, question.bins)
        if alike not in known:
            known[alike] = _of_question(question)
        yield Subject("question", question.key), known[alike]


def _of_question(question: Question) -> Size:
    span = question.scale.span if question.bins is None else None
    points = [each.points for each in question.scale.choices if each.points is not None]
    points += [worth for worth, _ in question.bins.bins] if question.bins else []
    highest = max((abs(each) for each in points), default=Fraction(0))
    bottom = lcm(1, *(each.denominator for each in points))
    if span is not None:
        bottom = lcm(bottom, FINEST_LITERAL if span.step is None else span.step.denominator)
        highest = max(highest, Fraction(LONGEST_LITERAL) if span.highest is None else abs(span.highest))
    return Size(int(highest * bottom), bottom)


def _of_aggregate(checklist: Checklist, node: Aggregate, sizes: dict[Subject, Size]) -> Size:
    if node.function in ("share", "count"):
        return Size(100 * len(node.over), len(node.over))
    members = [_of_subject(checklist, each, sizes) for each in node.over]
    if all(each.kind == "question" for each in node.over):
        weights = [checklist.question[each.key].weight for each in node.over]
        bottom = lcm(*(each.bottom for each in members), *(each.denominator for each in weights))
        tops = [
            each.top * weight.numerator * bottom // (weight.denominator * each.bottom)
            for each, weight in zip(members, weights, strict=True)
        ]
        total = sum(tops)
        match node.function:
            case "percent":
                return Size(100 * total, total)
            case "mean":
                return Size(total, int(sum(weights) * bottom))
            case "sum":
                return Size(total, bottom)
            case _:
                return Size(2 * max(tops), 2 * bottom)
    bottom = _together([each.bottom for each in members])
    tops = [each.top * (bottom // each.bottom if each.bottom <= bottom else 1) for each in members]
    return Size(sum(tops), bottom * (len(members) if node.function == "mean" else 2))


def _together(bottoms: list[int]) -> int:
    """A bound on the common denominator of fractions whose own denominators are at most these."""
    highest = max(bottoms, default=1)
    common = lcm(*range(1, highest + 1)) if highest <= MOST_LCM else prod(bottoms)
    return min(common, prod(bottoms))
