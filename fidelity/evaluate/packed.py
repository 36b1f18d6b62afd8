"""A function over questions -> how many apply, how many are answered, and the value, by one addition.

What an answer brings in is packed into one whole number of four parts, from the right: 1 if it applies, 1 if
it is answered, what it adds below the line, what it adds above it. No part can run over into the next, so the
sum of these numbers is the four sums side by side.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import lcm
from operator import getitem, itemgetter
from typing import NamedTuple

from fidelity.evaluate.findings import Findings, Said, Worth
from fidelity.evaluate.member import Cells, cells, weight_and_top
from fidelity.evaluate.ratio import Ratio, over
from fidelity.evaluate.recorded import MOST_KEPT
from fidelity.model.checklist import AsPoints, Checklist, Question, Treatments
from fidelity.model.expression import Aggregate, AggregateName, Needing, Subject

NOTHING, ONE = Fraction(0), Fraction(1)
MOST_SUMS = 10_000


class Enough(NamedTuple):
    """So many must be answered, and so large a part of those that apply."""

    number: int
    part: int
    whole: int

    def is_reached(self, answered: int, applicable: int) -> bool:
        """Compared exactly: 2/3 of 4 means 3."""
        return answered >= self.number and answered * self.whole >= applicable * self.part


def enough(needing: Needing) -> Enough:
    """What is needed in numbers; at least one answer always is."""
    if needing.number is not None:
        return Enough(max(1, needing.number), 0, 1)
    return Enough(1, *(ONE if needing.share is None else needing.share).as_integer_ratio())


NOTHING_APPLIED = Worth(None, 0, 0, "nothing_applied")


def summed(
    checklist: Checklist, node: Aggregate, needs: Enough, treat: Treatments
) -> Callable[[Findings], Worth] | None:
    """The closure that adds up; None for a function that needs its values one by one."""
    if node.function in {"lowest", "highest", "median"} or any(each.kind != "question" for each in node.over):
        return None
    finest = _finest(checklist, node, treat)
    if finest is None:
        return None
    measures = [_measure(checklist, node, each) for each in node.over]
    above = finest * lcm(*(weight.denominator for weight, _ in measures))
    below = lcm(*(line.denominator for _, line in measures))
    bits = Bits(len(node.over).bit_length(), int(sum(line for _, line in measures) * below).bit_length())
    tables = [
        Packed(cells(checklist, node, subject, treat), int(weight * above), int(line * below), bits)
        for subject, (weight, line) in zip(node.over, measures, strict=True)
    ]
    numbers = [checklist.number[each.key] for each in node.over]
    pick = itemgetter(*numbers) if len(numbers) > 1 else lambda said: (said[numbers[0]],)
    worths = Worths(node.function, needs, bits, (above, below))

    return lambda findings: worths[sum(map(getitem, tables, pick(findings.said)))]


class Bits(NamedTuple):
    """How long a count can become, and the sum below the line."""

    of_count: int
    below: int


class Packed(dict[Said, int]):
    """What each answer to a question brings in, packed; worked out once for each."""

    def __init__(self, cell: Cells, weight: int, line: int, bits: Bits) -> None:
        super().__init__()
        self.cell, self.weight, self.line, self.bits = cell, weight, line, bits

    def __missing__(self, said: Said) -> int:
        packed = self._packed(self.cell(said.answer))
        if len(self) < MOST_KEPT:
            self[said] = packed
        return packed

    def _packed(self, found: tuple[Fraction | None, ...] | None) -> int:
        if found is None:
            return 0
        if found[0] is None:
            return 1
        of_count, of_line = self.bits
        above_and_below = (int(found[0] * self.weight) << of_line) + self.line
        return (((above_and_below << of_count) + 1) << of_count) + 1


class Worths(dict[int, Worth]):
    """What each packed sum is worth, worked out once for each: only so many sums can be."""

    def __init__(self, function: AggregateName, needs: Enough, bits: Bits, units: tuple[int, int]) -> None:
        super().__init__()
        self.function, self.needs, self.bits, self.units = function, needs, bits, units

    def __missing__(self, packed: int) -> Worth:
        worth = self._worth(packed)
        if len(self) < MOST_SUMS:
            self[packed] = worth
        return worth

    def _worth(self, packed: int) -> Worth:
        of_count, of_line = self.bits
        rest, applicable = divmod(packed, 1 << of_count)
        rest, answered = divmod(rest, 1 << of_count)
        top, line = divmod(rest, 1 << of_line)
        if not applicable:
            return NOTHING_APPLIED
        if not self.needs.is_reached(answered, applicable):
            return Worth(None, answered, applicable, "too_few_answered")
        exact = self._exact(top, line)
        return Worth(exact, answered, applicable, "" if exact else "nothing_to_divide_by")

    def _exact(self, top: int, line: int) -> Ratio | None:
        """The sum above the line over the sum below it, each brought back from its own unit."""
        above, below = self.units
        match self.function:
            case "percent" | "share":
                return over(100 * top * below, line * above)
            case "mean":
                return over(top * below, line * above)
            case _:
                return top, above


def _measure(checklist: Checklist, node: Aggregate, subject: Subject) -> tuple[Fraction, Fraction]:
    """How often a value counts above the line, and what comes below; `share` and `count` have no weights."""
    weight, top = weight_and_top(checklist, subject)
    match node.function:
        case "mean":
            return weight, weight
        case "percent":
            return weight, weight * top
        case "share":
            return ONE, ONE
        case "count":
            return ONE, NOTHING
        case _:
            return weight, NOTHING


def _finest(checklist: Checklist, node: Aggregate, treat: Treatments) -> int | None:
    """So many parts of one that every value is a whole number of them; None where it can be any fraction."""
    if node.function in {"share", "count"}:
        return 1
    questions = [checklist.question[each.key] for each in node.over]
    if any(each.scale.span is not None and each.scale.span.step is None for each in questions):
        return None
    return lcm(*(value.denominator for each in questions for value in _values(each, treat)))


def _values(question: Question, treat: Treatments) -> Iterator[Fraction]:
    """Numbers of which every value of the question is a sum."""
    yield from question.points
    yield from (each.points for each in question.scale.choices if each.points is not None)
    yield from (points for points, _ in (question.bins.bins if question.bins else ()))
    yield from (how.points for how in treat.values() if isinstance(how, AsPoints))
    if question.scale.span is not None:
        yield question.scale.span.lowest
        yield question.scale.span.step or ONE
