"""The blanks of a record -> what its result could be if they were filled, and which would settle it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations_with_replacement, product
from math import prod
from typing import NamedTuple

from fidelity.evaluate.changes.kin import Kin
from fidelity.evaluate.changes.trials import Trials
from fidelity.model.change import Filled
from fidelity.model.checklist import Result
from fidelity.model.score import ResultValue

MOST_BLANKS, MOST_WAYS = 12, 50_000
USUAL = 20_000  # below this bound on what is tried the ways of filling blanks are bounded too

Answers = Mapping[str, tuple[str, ...]]  # by blank, all answers that it could have


class Bound:
    """Counts what is tried, up to a limit."""

    def __init__(self, most: int) -> None:
        self.left = most

    def spent(self) -> bool:
        """Takes one; whether there was none left."""
        self.left -= 1
        return self.left < 0


class Blanks(NamedTuple):
    """The blanks that a result hangs on, those that count alike together, with the answers of each."""

    kin: Sequence[Kin]
    answers: Answers

    @property
    def can_be_tried(self) -> bool:
        """Whether there are few enough ways of filling them."""
        return 0 < len(self.answers) <= MOST_BLANKS and 0 < self.ways < MOST_WAYS

    @property
    def ways(self) -> int:
        """In how many ways they could be filled."""
        return prod(len(each) for each in self.answers.values())


def filled(result: Result, blanks: Blanks, trials: Trials, most: int) -> Filled | None:
    """The levels that are left when every way of filling the blanks is tried; None where that is too much."""
    if not blanks.can_be_tried or (most < USUAL and blanks.ways > most):
        return None
    everything = [len(each) for each in blanks.kin]
    found = {level for each in _fillings(blanks, everything) for level in trials.then(each).possible}
    return Filled(tuple(each.id for each in result.levels if each.id in found), blanks.ways)


def deciding(blanks: Blanks, trials: Trials, bound: Bound) -> tuple[str, ...] | None:
    """The fewest blanks that settle the result, whatever is seen in them; None where there are no such."""
    for size in range(1, len(blanks.answers) + 1 if blanks.can_be_tried else 0):
        for counts in product(*(range(len(each) + 1) for each in blanks.kin)):
            if sum(counts) == size and _settles(blanks, counts, trials, bound):
                chosen = {key for keys, count in zip(blanks.kin, counts, strict=True) for key in keys[:count]}
                return tuple(key for key in blanks.answers if key in chosen)
            if bound.left < 0:
                return None
    return None


def _settles(blanks: Blanks, counts: Sequence[int], trials: Trials, bound: Bound) -> bool:
    """Whether so many of each kin, however they are filled, leave one level or say that it does not apply."""
    return all(not bound.spent() and _is_settled(trials.then(each)) for each in _fillings(blanks, counts))


def _is_settled(value: ResultValue) -> bool:
    return value.level is not None or not value.possible


def _fillings(blanks: Blanks, counts: Sequence[int]) -> Iterator[tuple[tuple[str, str], ...]]:
    """Every way to fill so many of each kin; of those that count alike only how often each answer comes."""
    each_kin = [
        [
            tuple(zip(keys, codes, strict=False))
            for codes in combinations_with_replacement(blanks.answers[keys[0]], count)
        ]
        for keys, count in zip(blanks.kin, counts, strict=True)
    ]
    for chosen in product(*each_kin):
        yield tuple(pair for each in chosen for pair in each)
