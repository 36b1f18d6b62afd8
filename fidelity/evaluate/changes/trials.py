"""A record and other answers -> the result they would have given, worked out once for all that are alike."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property

from fidelity.evaluate.changes.answers import answer_of
from fidelity.evaluate.changes.asked import Asked, Record
from fidelity.evaluate.changes.roles import Part, Role
from fidelity.evaluate.condition import COMPARISONS
from fidelity.model.expression import Compare, Constant
from fidelity.model.scale import Answer, Given
from fidelity.model.score import ResultValue

Changed = Iterable[tuple[str, str]]  # questions or facts, each with another answer
Feature = tuple[object, ...]
Amount = Fraction | int  # whole numbers, by far the commonest, are added as such
Brought = tuple[tuple[Feature, Amount], ...]

ONE = 1


class Trials:
    """The results of one record with other answers.

    Rules see points and counts, not who brought them: changes that add up to the same in every place of
    the rules have the same result, and it is worked out once.
    """

    def __init__(self, asked: Asked, record: Record) -> None:
        self._asked = asked
        self._record = record
        self._known: dict[frozenset[tuple[Feature, Amount]], ResultValue] = {}
        self._differences: dict[tuple[str, str], Brought] = {}

    @property
    def evaluations(self) -> int:
        """How often the rules were worked out."""
        return len(self._known)

    def then(self, changed: Changed) -> ResultValue:
        """The result with these answers instead."""
        changed = tuple(changed)
        added: dict[Feature, Amount] = defaultdict(int)
        for key, code in changed:
            for feature, amount in self._difference(key, code):
                added[feature] += amount
        same = frozenset(each for each in added.items() if each[1])
        if same not in self._known:
            self._known[same] = self._worked_out(dict(changed))
        return self._known[same]

    def _worked_out(self, changed: Mapping[str, str]) -> ResultValue:
        answers, facts = dict(self._record.answers), dict(self._record.facts)
        for key, code in changed.items():
            (answers if key in self._asked.roles else facts)[key] = code
        return self._asked.evaluator(answers, facts).results[self._asked.result.key]

    def _difference(self, key: str, code: str) -> Brought:
        """What another answer takes away and brings, place by place."""
        if (key, code) not in self._differences:
            self._differences[key, code] = self._worked_difference(key, code)
        return self._differences[key, code]

    def _worked_difference(self, key: str, code: str) -> Brought:
        role = self._asked.roles.get(key)
        if role is None or role.is_alone:
            return ((("alone", key, code), ONE),)
        then = answer_of(self._asked.checklist.question[key], code)
        lost = ((feature, -amount) for feature, amount in self._brought(role, self._record.now[key]))
        return (*lost, *self._brought(role, then))

    def _brought(self, role: Role, answer: Answer) -> Iterator[tuple[Feature, Amount]]:
        number = self._numbers[role]
        for part in role.parts:
            if not isinstance(answer, Given):
                yield (part.number, number, answer.state), ONE
            elif part.kind == "points" and answer.points is not None:
                points = role.weight * answer.points
                yield (part.number,), points.numerator if points.denominator == 1 else points
                yield (part.number, number, "rated"), ONE
            else:
                yield (part.number, number, "answer", _what_counts(part, answer)), ONE

    @cached_property
    def _numbers(self) -> Mapping[Role, int]:
        """A short name for each role."""
        return {role: number for number, role in enumerate(dict.fromkeys(self._asked.roles.values()))}


def _what_counts(part: Part, answer: Given) -> object:
    """Of a member that is only compared with a number whether it reaches that, else the answer itself."""
    match part.said:
        case Compare(_, comparison, Constant(mark)) if part.kind == "member" and answer.points is not None:
            return COMPARISONS[comparison](answer.points, mark)
        case _:
            return answer.code
