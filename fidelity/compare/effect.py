"""What a change can do to results, and what follows: the comparability class and the next version.

| class | what changed                                                          | what may be compared       |
|-------|-----------------------------------------------------------------------|----------------------------|
| A     | nothing that people rate by, or that a score or level depends on      | everything                 |
| B     | wording, notes, translations, examples of the same items              | everything, with that said |
| C     | items put in the place of others: same number, same range, same marks | totals, with that said     |
| D     | range, number of items, formula, weight, mark, band or gate           | the items that both have   |

The smallest honest bump: patch where only the wording changed; minor where something came or went that no
result depends on; major where anything can change a result.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import Literal

Comparability = Literal["A", "B", "C", "D"]
Bump = Literal["patch", "minor", "major"]


class Effect(IntEnum):
    """What a change can do, from least to most."""

    WORDING = 0
    BESIDE = 1
    LEVELS = 2
    ITEMS = 3
    SCORING = 4


BUMPS: dict[Effect, Bump] = {
    Effect.WORDING: "patch",
    Effect.BESIDE: "minor",
    Effect.LEVELS: "major",
    Effect.ITEMS: "major",
    Effect.SCORING: "major",
}
MEANING: dict[Comparability, str] = {
    "A": "the same answers to the same questions give the same scores and levels",
    "B": "the same answers give the same scores and levels; the wording changed, and with it the question",
    "C": "items stand in the place of others; the range, the number of items and the marks are the same",
    "D": "scores or levels are worked out otherwise: compare the items that both have, not the totals",
}


def comparability(effects: Iterable[Effect], *, substituted: bool = False) -> Comparability:
    """The class of all changes together; `substituted` where new items stand in the place of old ones."""
    found = set(effects)
    if found & {Effect.LEVELS, Effect.SCORING} or (Effect.ITEMS in found and not substituted):
        return "D"
    if Effect.ITEMS in found:
        return "C"
    return "B" if Effect.WORDING in found else "A"


def smallest_honest_bump(effects: Iterable[Effect]) -> Bump:
    """How far the version number must move at least."""
    return BUMPS[max(effects, default=Effect.WORDING)]
