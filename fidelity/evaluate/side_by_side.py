"""The sums of a record by one addition: what an answer brings into them lies side by side in one number.

Each sum has so many bytes of the number that it can never reach into its neighbour.
"""

from operator import getitem
from struct import Struct

from fidelity.evaluate.findings import Said, Worth
from fidelity.evaluate.packed import Summed, Worths
from fidelity.model.checklist import Checklist

SIZES = {1: "B", 2: "H", 4: "I", 8: "Q"}  # in bytes, and what `struct` calls a whole number of that size


class SideBySide:
    """The sums that scores begin with, as far as they are over questions that always apply."""

    def __init__(self, checklist: Checklist) -> None:
        self._checklist = checklist
        self.scores: list[str] = []
        self._summed: list[Summed] = []
        self._worths: list[Worths] = []
        self.layout = Struct("<")

    def take(self, score: str, summed: Summed) -> bool:
        """Whether there is a place for the sum of this score, which it then has."""
        plain = all(self._checklist.questions[number].applies is None for number in summed.tables)
        size = _size(summed.most)
        if not (plain and size):
            return False
        summed.place = len(self._summed)
        self.scores.append(score)
        self._summed.append(summed)
        self._worths.append(summed.worths)
        self.layout = Struct(self.layout.format + SIZES[size])
        return True

    def brought_in(self, number: int, said: Said) -> int:
        """What an answer to the question of this number brings into all of them."""
        parts = [each.brought_in(number, said) for each in self._summed]
        return int.from_bytes(self.layout.pack(*parts), "little")

    def worth(self, sums: tuple[int, ...]) -> dict[str, Worth]:
        """What the sums are worth, by score."""
        return dict(zip(self.scores, map(getitem, self._worths, sums), strict=True))


def _size(most: int | None) -> int:
    """The bytes that a sum needs which is never higher; 0 if there are none for it."""
    return 0 if most is None else next((size for size in SIZES if most < 1 << 8 * size), 0)
