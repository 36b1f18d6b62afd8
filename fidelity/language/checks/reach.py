"""A score -> every value that records of this version can reach, built item by item, with a record for each.

For each (possible points, answered, applicable) the reachable points are the bits of one whole number, so
adding an item is a shift and an or. Nothing is said where there would be too many states, or where the score
is not worked out from items alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from math import factorial, lcm
from typing import NamedTuple

from fidelity.language.checks.budget import affordable, notes
from fidelity.language.checks.truth import needed, with_points
from fidelity.model.checklist import AsPoints, Checklist, LeftOut, Question, Score
from fidelity.model.expression import (
    Aggregate,
    AggregateName,
    Arithmetic,
    Constant,
    Formula,
    PercentOf,
    ValueOf,
)
from fidelity.model.number import read_number, rounded, written
from fidelity.model.scale import MISSING, Answer, Given, NonAnswer, NotGiven

MOST_STATES = 50_000
MOST_WORK = 300_000
MOST_BITS = 100_000
MOST_NUMBERS = 1_000

State = tuple[int, int, int]  # possible points, how many answered, how many apply
Stage = dict[State, int]  # the reachable points, one bit each


class Asked(NamedTuple):
    """What one question can bring in: points and the most there are, both as whole numbers, by answer."""

    key: str
    points: Mapping[int, Answer]
    top: int
    skipped: Answer | None
    blank: Answer | None


class Reached:
    """The values of a score before and after its own rounding, and how to get there."""

    def __init__(
        self,
        score: Score,
        function: AggregateName,
        by: int,
        asked: list[Asked],
        stages: list[Stage],
        raw: Mapping[Fraction, State],
    ) -> None:
        self.percent = score.kind == "percent"
        self._score = score
        self._function = function
        self._by = by
        self._asked = asked
        self._stages = stages
        self.raw = raw
        self.values: dict[Fraction, Fraction] = {}
        for value in raw:
            self.values.setdefault(_as_declared(score, value), value)

    def points(self, value: Fraction) -> str:
        """`13 of 22 points`, or `2 of 3`, where the value is such a share."""
        bottom, points, _ = self.raw[value]
        if self._function not in ("percent", "share") or not bottom:
            return ""
        top = f"{written(Fraction(points, self._by))} of {written(Fraction(bottom, self._by))}"
        return f"{top} points" if self._function == "percent" else top

    def declared(self, value: Fraction) -> list[Fraction]:
        """The values before rounding that are this one after it."""
        return [each for each in self.raw if _as_declared(self._score, each) == value]

    def record(self, value: Fraction) -> dict[str, Answer]:
        """Answers that give this value, before rounding, with as few blanks as there can be."""
        bottom, points, _ = self.raw[value]
        fitting = [
            state
            for state, bits in self._stages[-1].items()
            if state[0] == bottom and bits >> points & 1 and _enough(self._score, state)
        ]
        state = max(fitting, key=lambda each: (each[1], each[2]))
        answers: dict[str, Answer] = {}
        for number in range(len(self._asked), 0, -1):
            state, points, answer = self._step_back(number, state, points)
            answers[self._asked[number - 1].key] = answer
        return dict(reversed(answers.items()))

    def _step_back(self, number: int, state: State, points: int) -> tuple[State, int, Answer]:
        each, before = self._asked[number - 1], self._stages[number - 1]
        bottom, answered, applicable = state
        for worth, answer in each.points.items():
            came_from = (bottom - each.top, answered - 1, applicable - 1)
            if worth <= points and before.get(came_from, 0) >> (points - worth) & 1:
                return came_from, points - worth, answer
        if each.skipped is not None and before.get(state, 0) >> points & 1:
            return state, points, each.skipped
        return (bottom, answered, applicable - 1), points, each.blank or MISSING


def reached(checklist: Checklist, score: Score) -> Reached | None:
    """What a score can reach; None where that is not known. Worked out once while a checklist is checked."""
    known: dict[str, Reached | None] = notes(checklist).setdefault("reached", {})
    if score.key not in known:
        known[score.key] = _reached(checklist, score)
    return known[score.key]


def _reached(checklist: Checklist, score: Score) -> Reached | None:
    node, turned = _inner(score.formula)
    if node is None or any(each.kind != "question" for each in node.over):
        return None
    if node.needing is not None:
        score = replace(score, needing=node.needing)
    scaled = list(_all_asked(checklist, score, node))
    by = _common(each for each in scaled if each is not None)
    asked = [_whole(each, by) for each in scaled if each is not None]
    if len(asked) < len(scaled) or sum(max(each.points, default=0) for each in asked) > MOST_BITS:
        return None
    stages = _stages_of_alike(checklist, asked)
    if stages is None:
        return None
    raw: dict[Fraction, State] = {}
    together: dict[int, int] = {}
    for state, bits in stages[-1].items():
        if _enough(score, state):
            together[state[0]] = together.get(state[0], 0) | bits
    for bottom, bits in together.items():
        for points in _ones(bits):
            value = _value(node, points, bottom, by)
            changed = None if value is None else turned(value)
            if changed is not None:
                raw.setdefault(changed, (bottom, points, 0))
    return Reached(score, node.function, by, asked, stages, raw) if raw else None


class Turned(NamedTuple):
    """What is done to a value after the function: times this and, then, plus that."""

    times: Fraction = Fraction(1)
    plus: Fraction = Fraction(0)

    def __call__(self, value: Fraction) -> Fraction:
        """The value so changed."""
        return value * self.times + self.plus


def _inner(node: Formula) -> tuple[Aggregate | None, Turned]:
    """The one function in a formula, and the plain arithmetic around it."""
    match node:
        case Aggregate(function) if function not in ("lowest", "highest", "median"):
            return node, Turned()
        case ValueOf(subject) if subject.kind == "question":
            return Aggregate("sum", (subject,)), Turned()
        case Arithmetic("+", inner, Constant(number)) | Arithmetic("+", Constant(number), inner):
            found, turned = _inner(inner)
            return found, Turned(turned.times, turned.plus + number)
        case Arithmetic("-", inner, Constant(number)):
            found, turned = _inner(inner)
            return found, Turned(turned.times, turned.plus - number)
        case Arithmetic("*", inner, Constant(number)) | Arithmetic("*", Constant(number), inner):
            found, turned = _inner(inner)
            return found, Turned(turned.times * number, turned.plus * number)
        case Arithmetic("/", inner, Constant(number)) if number:
            found, turned = _inner(inner)
            return found, Turned(turned.times / number, turned.plus / number)
        case PercentOf(inner, Constant(number)) if number:
            found, turned = _inner(inner)
            return found, Turned(turned.times * 100 / number, turned.plus * 100 / number)
        case _:
            return None, Turned()


# ---- one question


class Scaled(NamedTuple):
    """The same as Asked, before everything is brought to whole numbers."""

    key: str
    points: Mapping[Fraction, Answer]
    top: Fraction
    skipped: Answer | None
    blank: Answer | None


def _all_asked(checklist: Checklist, score: Score, node: Aggregate) -> Iterator[Scaled | None]:
    known: dict[object, Scaled | None] = {}
    for question in (checklist.question[each.key] for each in node.over):
        never = question.applies is None
        alike = (question.scale.id, question.weight, question.reversed, question.bins, never)
        if alike not in known:
            known[alike] = _asked(checklist, score, node, question)
        found = known[alike]
        yield found and found._replace(key=question.key)


def _asked(checklist: Checklist, score: Score, node: Aggregate, question: Question) -> Scaled | None:
    answers = all_answers(question)
    if answers is None:
        return None
    treat = {**checklist.treat, **score.counting}
    counting = node.function in ("share", "count")
    codes = _rated(question, node.rated)
    points: dict[Fraction, Answer] = {}
    skipped: Answer | None = None
    for answer in answers:
        if isinstance(answer, Given):
            worth = Fraction(codes is None or answer.code in codes) if counting else answer.points
            if worth is None:
                return None
            points.setdefault(worth, answer)
        elif answer.state is NonAnswer.NOT_APPLICABLE:
            skipped = answer
    if question.applies is not None and skipped is None:
        skipped = NotGiven(NonAnswer.NOT_APPLICABLE, NonAnswer.NOT_APPLICABLE.value)
    for state, how in treat.items():
        match how:
            case LeftOut():
                skipped = skipped or NotGiven(state, state.value)
            case AsPoints(worth):
                points.setdefault(
                    Fraction(codes is None) if counting else worth, NotGiven(state, state.value)
                )
            case _:
                pass
    weight = Fraction(1) if counting else question.weight
    top = {
        "percent": max(question.points, default=Fraction(0)) * weight,
        "mean": weight,
        "share": Fraction(1),
    }.get(node.function, Fraction(0))
    partial = score.needing.number is not None or (score.needing.share or Fraction(1)) < 1
    weighed = {weight * worth: answer for worth, answer in sorted(points.items(), reverse=True)}
    return Scaled(question.key, weighed, top, skipped, MISSING if partial else None)


def _rated(question: Question, rated: tuple[str, ...] | None) -> set[str] | None:
    if rated is None:
        return None
    return {
        code if (number := read_number(code)) is None or question.scale.choice(code) else written(number)
        for code in rated
    }


def all_answers(question: Question) -> list[Answer] | None:
    """Every answer that a rater can give, blanks left out; None where there are too many."""
    scale = question.scale
    found: list[Answer] = [each.answer for each in scale.choices if each.means is not NonAnswer.MISSING]
    if scale.span is not None:
        found = [each for each in found if isinstance(each, NotGiven) or each.number is None]
        span = scale.span
        if span.highest is None or span.step is None:
            return None
        steps = (span.highest - span.lowest) / span.step
        if steps > MOST_NUMBERS:
            return None
        numbers = [span.lowest + at * span.step for at in range(int(steps) + 1)]
        meant = {read_number(each.id) for each in scale.choices if each.means is not None}
        found += [Given(written(each), each, each) for each in numbers if each not in meant]
    return None if scale.kind == "text" else [with_points(question, each) for each in found]


def _common(asked: Iterator[Scaled]) -> int:
    by = 1
    for each in asked:
        by = lcm(by, each.top.denominator, *(worth.denominator for worth in each.points))
    return by


def _whole(each: Scaled, by: int) -> Asked:
    points = {int(worth * by): answer for worth, answer in each.points.items()}
    return Asked(each.key, points, int(each.top * by), each.skipped, each.blank)


# ---- item by item


def _stages_of_alike(checklist: Checklist, asked: list[Asked]) -> list[Stage] | None:
    """The stages, worked out once for all groups of a family that have the same scales."""
    known: dict[object, list[Stage] | None] = notes(checklist).setdefault("stages", {})
    key = tuple((*sorted(each.points), each.top, each.skipped is None, each.blank is None) for each in asked)
    if key not in known:
        afforded = affordable(checklist, _least_work(asked))
        known[key] = _stages(asked) if afforded else None
    return known[key]


def _stages(asked: list[Asked]) -> list[Stage] | None:
    if _least_work(asked) > MOST_WORK:
        return None
    stages: list[Stage] = [{(0, 0, 0): 1}]
    work = 0
    for each in asked:
        after: Stage = {}
        for state, bits in stages[-1].items():
            bottom, answered, applicable = state
            if each.skipped is not None:
                after[state] = after.get(state, 0) | bits
            if each.blank is not None:
                blank = (bottom, answered, applicable + 1)
                after[blank] = after.get(blank, 0) | bits
            if each.points:
                shifted = 0
                for worth in each.points:
                    shifted |= bits << worth
                given = (bottom + each.top, answered + 1, applicable + 1)
                after[given] = after.get(given, 0) | shifted
        work += len(after) * (len(each.points) + 2)
        if work > MOST_WORK or sum(bits.bit_count() for bits in after.values()) > MOST_STATES:
            return None
        stages.append(after)
    return stages


def _least_work(asked: list[Asked]) -> int:
    """About how much it will be at least: a dimension more for steps that may not apply, and for blanks."""
    kinds = (
        1 + any(each.skipped is not None for each in asked) + any(each.blank is not None for each in asked)
    )
    choices = 2 + sum(len(each.points) for each in asked) // max(1, len(asked))
    work: int = len(asked) ** kinds * choices
    return work // factorial(kinds)


def _enough(score: Score, state: State) -> bool:
    _, answered, applicable = state
    return answered > 0 and answered >= needed(score.needing, applicable)


def _ones(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def _value(node: Aggregate, points: int, bottom: int, by: int) -> Fraction | None:
    match node.function:
        case "percent" | "share":
            return Fraction(points * 100, bottom) if bottom else None
        case "mean":
            return Fraction(points, bottom) if bottom else None
        case _:
            return Fraction(points, by)


def _as_declared(score: Score, value: Fraction) -> Fraction:
    if score.rounding is None:
        return value
    return rounded(value, score.rounding.places, score.rounding.mode)
