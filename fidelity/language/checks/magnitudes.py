"""Numbers that would grow beyond what can be worked out exactly for many records at once."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import gcd, lcm, prod
from typing import NamedTuple

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.checks.conditions import stated
from fidelity.language.checks.reachable import comparisons
from fidelity.language.scope import Scope
from fidelity.model.checklist import AsPoints, Checklist, Question
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
    """The largest that a value's numerator and denominator can become; a `fixed` one never changes."""

    top: int
    bottom: int
    fixed: bool = True


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
                size = Size(size.top * places + 1, places)
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
            fixed = first.fixed and second.fixed
            return Size(first.top * second.top, first.bottom * second.bottom, fixed)
        case Arithmetic(_, left, right):
            return _sum([_size(checklist, left, sizes), _size(checklist, right, sizes)])


def _over(first: Size, second: Size) -> Size:
    """A quotient; what two denominators that never change have in common cancels."""
    common = gcd(first.bottom, second.bottom) if first.fixed and second.fixed else 1
    return Size(
        first.top * (second.bottom // common), max(1, second.top * (first.bottom // common)), fixed=False
    )


def _sum(parts: Sequence[Size]) -> Size:
    """Brought to one denominator, each numerator grows by what its own one lacks."""
    bottom, fixed = _together(parts), all(each.fixed for each in parts)
    return Size(
        sum(each.top * (bottom // each.bottom if each.fixed else bottom) for each in parts), bottom, fixed
    )


def _together(parts: Sequence[Size]) -> int:
    """A bound on the common denominator: of those that change, any up to the largest may come along."""
    changing = [each.bottom for each in parts if not each.fixed]
    fixed = lcm(*(each.bottom for each in parts if each.fixed))
    highest = max(changing, default=1)
    common = lcm(*range(1, highest + 1)) if highest <= MOST_LCM else prod(changing)
    return int(fixed * min(common, prod(changing)))


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
    treated = [checklist.treat, *(each.counting for each in checklist.scores)]
    earned = [how.points for each in treated for how in each.values() if isinstance(how, AsPoints)]
    for question in checklist.questions:
        alike = (question.scale.id, question.bins)
        if alike not in known:
            known[alike] = _of_question(question, earned)
        yield Subject("question", question.key), known[alike]


def _of_question(question: Question, earned: Sequence[Fraction]) -> Size:
    span = question.scale.span
    points = [*earned, *(each.points for each in question.scale.choices if each.points is not None)]
    points += [worth for worth, _ in question.bins.bins] if question.bins else []
    highest = max((abs(each) for each in points), default=Fraction(0))
    bottom = lcm(1, *(each.denominator for each in points))
    if span is not None:
        bottom = lcm(bottom, FINEST_LITERAL if span.step is None else span.step.denominator)
        highest = max(highest, Fraction(LONGEST_LITERAL) if span.highest is None else abs(span.highest))
    return Size(int(highest * bottom), bottom)


def _of_aggregate(checklist: Checklist, node: Aggregate, sizes: dict[Subject, Size]) -> Size:
    if node.function == "count":
        return Size(len(node.over), 1)
    if node.function == "share":
        return Size(100 * len(node.over), len(node.over), fixed=False)
    members = [_of_subject(checklist, each, sizes) for each in node.over]
    measures = [_weight_and_top(checklist, each) for each in node.over]
    match node.function:
        case "mean" | "sum" | "percent":
            weighed = _sum(
                [_times(each, weight) for each, (weight, _) in zip(members, measures, strict=True)]
            )
            if node.function == "sum":
                return weighed
            lines = [weight * (1 if node.function == "mean" else top) for weight, top in measures]
            below = lcm(*(each.denominator for each in lines))
            line = Size(int(sum(lines) * below), below)
            return _over(_times(weighed, Fraction(1 if node.function == "mean" else 100)), line)
        case "median":
            two = sorted(members, key=lambda each: each.top)[-2:]
            bottom = 2 * max(each.bottom for each in members) ** 2
            return Size(bottom * max(each.top for each in two), bottom, fixed=False)
        case _:
            return Size(max(each.top for each in members), max(each.bottom for each in members), fixed=False)


def _times(size: Size, factor: Fraction) -> Size:
    top, bottom = factor.as_integer_ratio()
    return Size(size.top * top, size.bottom * bottom, size.fixed)


def _weight_and_top(checklist: Checklist, subject: Subject) -> tuple[Fraction, Fraction]:
    match subject.kind:
        case "question":
            question = checklist.question[subject.key]
            return question.weight, (question.points or (Fraction(0),))[-1]
        case "score":
            return Fraction(1), checklist.score[subject.key].highest or Fraction(0)
        case _:
            return Fraction(1), Fraction(1)
