"""What a change can do to results, and what follows: the comparability class and the next version.

| class | what changed                                                  | what may be compared          |
|-------|---------------------------------------------------------------|-------------------------------|
| A     | wording, notes, translations, examples                        | everything                    |
| B     | items and rules beside the scores; thresholds, bands, gates   | scores; levels not            |
| C     | items added to scores, or dropped from them                   | the items that both have      |
| D     | how scores are worked out: formulas, scales, points, weights  | nothing without scoring anew  |

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


CLASSES: dict[Effect, Comparability] = {
    Effect.WORDING: "A",
    Effect.BESIDE: "B",
    Effect.LEVELS: "B",
    Effect.ITEMS: "C",
    Effect.SCORING: "D",
}
BUMPS: dict[Effect, Bump] = {
    Effect.WORDING: "patch",
    Effect.BESIDE: "minor",
    Effect.LEVELS: "major",
    Effect.ITEMS: "major",
    Effect.SCORING: "major",
}
MEANING: dict[Comparability, str] = {
    "A": "the same answers give the same scores and levels",
    "B": "scores can be compared, levels only under one set of rules",
    "C": "only the items that both have can be compared",
    "D": "scores cannot be compared without scoring anew",
}


def comparability(effects: Iterable[Effect]) -> Comparability:
    """The class of all changes together."""
    return CLASSES[max(effects, default=Effect.WORDING)]


def smallest_honest_bump(effects: Iterable[Effect]) -> Bump:
    """How far the version number must move at least."""
    return BUMPS[max(effects, default=Effect.WORDING)]
