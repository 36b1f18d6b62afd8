"""Single changes -> the sets of so many of them that could lead further, and no others."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple


class Move(NamedTuple):
    """One of several questions that count alike, answered in another way.

    `gain` are the points that it brings, None where that is not known; `touches` has a bit for each
    obstacle that it could take away.
    """

    kin: int
    answer: str
    gain: Fraction | None
    touches: int


@dataclass
class Moves:
    """Moves with the largest gain first, so that too little stays too little.

    `sizes` says how many questions there are of each kin, `missing` how many points a set has to bring, and
    `obstacles` which bits it has to touch.
    """

    moves: Sequence[Move]
    sizes: Sequence[int]
    missing: Fraction | None = None
    obstacles: int = 0
    _touching: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = [each.gain for each in self.moves if each.gain is not None]
        enough = max([*known, self.missing or Fraction(0)])
        told = [each if each.gain is not None else each._replace(gain=enough) for each in self.moves]
        self.moves = sorted(told, key=_gain, reverse=True)

    def sets(self, size: int) -> Iterator[tuple[Move, ...] | None]:
        """Every set of that size that may do; None for each beginning of one, so that a bound can count."""
        return self._sets(0, size, ())

    def _sets(self, start: int, left: int, taken: tuple[Move, ...]) -> Iterator[tuple[Move, ...] | None]:
        gained = sum((_gain(each) for each in taken), Fraction(0))
        untouched = self.obstacles
        for each in taken:
            untouched &= ~each.touches
        for at in self._touching_from(start, untouched) if left == 1 else range(start, len(self.moves)):
            move = self.moves[at]
            if self.missing is not None and gained + left * _gain(move) < self.missing:
                return
            if sum(each.kin == move.kin for each in taken) == self.sizes[move.kin]:
                continue
            if left == 1:
                yield (*taken, move)
            else:
                yield None
                yield from self._sets(at, left - 1, (*taken, move))

    def _touching_from(self, start: int, bits: int) -> Sequence[int]:
        """The moves from there on that touch all of these."""
        if bits not in self._touching:
            self._touching[bits] = [at for at, move in enumerate(self.moves) if move.touches & bits == bits]
        found = self._touching[bits]
        return found[bisect_left(found, start) :]


def _gain(move: Move) -> Fraction:
    return move.gain if move.gain is not None else Fraction(0)
