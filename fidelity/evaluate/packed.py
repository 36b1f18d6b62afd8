"""A function over questions -> how many apply, how many are answered, and the value, by one addition.

What an answer brings in is packed into one whole number of four parts, from the right: 1 if it applies, 1 if
it is answered, what it adds below the line, what it adds above it. No part can run over into the next, so the
sum of these numbers is the four sums side by side.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from fractions import Fraction
from math import lcm
from operator import getitem, itemgetter
from typing import Any, NamedTuple

from fidelity.evaluate.findings import MOST_KEPT, Findings, Said, Worth
from fidelity.evaluate.member import Cells, cells, weight_and_top
from fidelity.evaluate.ratio import Ratio, over, reduced
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


def summed(checklist: Checklist, node: Aggregate, needs: Enough, treat: Treatments) -> "Summed | None":
    """The closure that adds up; None for a function that needs its values one by one."""
    if node.function in {"lowest", "highest", "median"} or any(each.kind != "question" for each in node.over):
        return None
    questions = [checklist.question[each.key] for each in node.over]
    first = {_kind(each): each for each in questions}
    finest = _finest(node, first.values(), treat)
    if finest is None:
        return None
    kinds = {kind: _counted(checklist, node, each, treat) for kind, each in first.items()}
    above = finest * lcm(*(each.weight.denominator for each in kinds.values()))
    below = lcm(*(each.line.denominator for each in kinds.values()))
    alike = [kinds[_kind(each)] for each in questions]
    bits = Bits(len(alike).bit_length(), int(sum(each.line for each in alike) * below).bit_length())
    tables = [Packed(each.cells, int(each.weight * above), int(each.line * below), bits) for each in alike]
    most = [
        table.packed(each.highest)
        for table, each in zip(tables, alike, strict=True)
        if each.highest is not None
    ]
    worths = Worths(node.function, needs, bits, (above, below))
    numbers = [checklist.number[each.key] for each in questions]
    return Summed(numbers, tables, worths, sum(most) if len(most) == len(alike) else None)


class Kind(NamedTuple):
    """How questions count that count alike: mostly a few kinds, where there are hundreds of questions.

    Their cells, how often they count above and below the line, and their highest value, None without an end.
    """

    cells: Cells
    weight: Fraction
    line: Fraction
    highest: Fraction | None


def _counted(checklist: Checklist, node: Aggregate, question: Question, treat: Treatments) -> Kind:
    subject = Subject("question", question.key)
    weight, line = _measure(checklist, node, subject)
    return Kind(cells(checklist, node, subject, treat), weight, line, _highest(node, question, treat))


def _kind(question: Question) -> Hashable:
    """Scales and bins are the same where they are one object."""
    return id(question.scale), id(question.bins), question.reversed, question.weight.as_integer_ratio()


class Summed:
    """Adds up what the answers bring in, and says what the sum is worth.

    `most` is the highest that the sum can be, if it has an end. A sum that has a `place` was added up beside
    others when the record was read.
    """

    __slots__ = ("_pick", "_tables", "most", "place", "tables", "worths")

    def __init__(
        self, numbers: Sequence[int], tables: Sequence["Packed"], worths: "Worths", most: int | None
    ) -> None:
        self.tables, self.worths, self.most = dict(zip(numbers, tables, strict=True)), worths, most
        self.place: int | None = None
        self._tables, self._pick = tables, picking(numbers)

    def __call__(self, findings: Findings) -> Worth:
        """The worth for one observation."""
        if self.place is not None:
            return self.worths[findings.sums[self.place]]
        return self.worths[sum(map(getitem, self._tables, self._pick(findings.said)))]

    def brought_in(self, number: int, said: Said) -> int:
        """What an answer to the question of this number brings in."""
        return self.tables[number][said] if number in self.tables else 0


def picking(keys: Sequence[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """What takes the values at these keys out of a list or mapping, together."""
    match keys:
        case []:
            return lambda _: ()
        case [key]:
            return lambda values: (values[key],)
        case _:
            return itemgetter(*keys)


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
        found = self.cell(said.answer)
        packed = 0 if found is None else 1 if found[0] is None else self.packed(found[0])
        if len(self) < MOST_KEPT:
            self[said] = packed
        return packed

    def packed(self, value: Fraction) -> int:
        """What a value brings in."""
        of_count, of_line = self.bits
        above_and_below = (int(value * self.weight) << of_line) + self.line
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
        return Worth(exact, answered, applicable, "" if exact else "nothing_to_divide_by", reduced(exact))

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


def _finest(node: Aggregate, questions: Iterable[Question], treat: Treatments) -> int | None:
    """So many parts of one that every value is a whole number of them; None where it can be any fraction."""
    if node.function in {"share", "count"}:
        return 1
    if any(each.scale.span is not None and each.scale.span.step is None for each in questions):
        return None
    return lcm(*(value.denominator for each in questions for value in _values(each, treat)))


def _highest(node: Aggregate, question: Question, treat: Treatments) -> Fraction | None:
    """The highest value that there can be; None where there is no end. None is ever below nought."""
    if node.function in {"share", "count"}:
        return ONE
    span = question.scale.span
    return None if span and span.highest is None else max(_values(question, treat), default=NOTHING)


def _values(question: Question, treat: Treatments) -> Iterator[Fraction]:
    """Numbers of which every value of the question is a sum, the highest among them if there is one."""
    yield from question.points
    yield from (each.points for each in question.scale.choices if each.points is not None)
    yield from (points for points, _ in (question.bins.bins if question.bins else ()))
    yield from (how.points for how in treat.values() if isinstance(how, AsPoints))
    if question.scale.span is not None:
        yield question.scale.span.lowest
        yield question.scale.span.highest or NOTHING
        yield question.scale.span.step or ONE
