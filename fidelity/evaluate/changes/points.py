"""A score that adds up points -> what each answer brings into it, and how far it is from the next level."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil, floor, gcd, lcm
from typing import NamedTuple

from fidelity.evaluate.changes.answers import answer_of, possible_answers
from fidelity.evaluate.member import same_answers
from fidelity.model.band import bands_of
from fidelity.model.change import Shortfall
from fidelity.model.checklist import Checklist, Question, Result
from fidelity.model.expression import Aggregate
from fidelity.model.scale import Answer, Given
from fidelity.model.score import Scored


class Sum(NamedTuple):
    """Points of the answered questions of a score, and what its value divides them by."""

    score: str
    node: Aggregate
    answered: Mapping[str, Question]
    points: Fraction
    divisor: Fraction


def sum_behind(checklist: Checklist, key: str, scored: Scored) -> Sum | None:
    """The sum that a score is, over what was answered; nothing where it is no plain sum, mean or share."""
    score, exact = checklist.score[key], scored.scores[key].exact
    node = score.formula
    if not isinstance(node, Aggregate) or exact is None or score.rounding is not None:
        return None
    questions = [checklist.question[each.key] for each in node.over if each.kind == "question"]
    given = {each.key: each for each in questions if isinstance(scored.answers[each.key], Given)}
    brought = [worth(node, each, scored.answers[each.key]) for each in given.values()]
    known = [each for each in brought if each is not None]
    total, divisor = sum(known, Fraction(0)), _divisor(node, given.values())
    if len(known) < len(brought) or not divisor or total / divisor != exact:
        return None
    return Sum(key, node, given, total, divisor)


def worth(node: Aggregate, question: Question, answer: Answer) -> Fraction | None:
    """What an answer adds to the top of a function."""
    if not isinstance(answer, Given):
        return None
    if node.function in {"share", "count"}:
        rated = node.rated is None or answer.code in same_answers(question.scale, node.rated)
        return Fraction(rated)
    return None if answer.points is None else question.weight * answer.points


def gain(of: Sum, question: Question, now: Answer, code: str) -> Fraction | None:
    """How much more another answer would bring; None where it would change what is divided by."""
    if question.key not in of.answered:
        return None
    then, before = worth(of.node, question, answer_of(question, code)), worth(of.node, question, now)
    return None if then is None or before is None else then - before


class NextLevel(NamedTuple):
    """A level that begins above a sum, and how many points are missing; `beyond` says: more than these."""

    id: str
    missing: Fraction
    beyond: bool


def next_level(of: Sum, result: Result, number: int) -> NextLevel | None:
    """The level above this one, where the sum lies below it; None where bands do not say so."""
    bands = bands_of(result) or ()
    for level, band in zip(result.levels[number + 1 :], bands[number + 1 :], strict=False):
        missing = of.points if band.lowest is None else band.lowest * of.divisor - of.points
        above = missing > 0 or (missing == 0 and not band.with_lowest)
        return NextLevel(level.id, missing, not band.with_lowest) if above else None
    return None


def shortfall(of: Sum, result: Result, number: int, scored: Scored) -> Shortfall | None:
    """How many points are missing for the next level, on the steps that the answers can take."""
    above = next_level(of, result, number)
    gains = {key: _gains(of, each, scored.answers[key]) for key, each in of.answered.items()}
    unit = _unit(value for each in gains.values() for value in each)
    if above is None or not unit:
        return None
    exactly = above.missing / unit
    missing = unit * (floor(exactly) + 1 if above.beyond else ceil(exactly))
    steps = _fewest([max(each, default=Fraction(0)) for each in gains.values()], missing)
    return Shortfall(of.score, above.id, of.points, of.points + missing, steps) if steps else None


def _gains(of: Sum, question: Question, now: Answer) -> list[Fraction]:
    """What the other answers would bring more, or less."""
    found = (gain(of, question, now, code) for code in possible_answers(question.scale))
    return [each for each in found if each is not None]


def _unit(values: Iterable[Fraction]) -> Fraction:
    """The largest step of which all of these are a multiple."""
    known = [each for each in values if each]
    if not known:
        return Fraction(0)
    bottom = lcm(*(each.denominator for each in known))
    return Fraction(gcd(*(int(each * bottom) for each in known)), bottom)


def _fewest(most: Iterable[Fraction], missing: Fraction) -> int:
    """How many questions at least bring so many points; nought where not all together do."""
    steps, brought = 0, Fraction(0)
    for each in sorted(most, reverse=True):
        steps, brought = steps + 1, brought + each
        if brought >= missing:
            return steps if each > 0 else 0
    return 0


def _divisor(node: Aggregate, answered: Iterable[Question]) -> Fraction:
    """What the points are divided by; nought for a function that does not add up."""
    match node.function:
        case "percent":
            tops = [each.weight * each.points[-1] for each in answered if each.points]
            return sum(tops, Fraction(0)) / 100
        case "mean":
            return sum((each.weight for each in answered), Fraction(0))
        case "share":
            return Fraction(len(list(answered)), 100)
        case "sum" | "count":
            return Fraction(1)
        case _:
            return Fraction(0)
