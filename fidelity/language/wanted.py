"""Where reading stopped -> what could stand there, in people's words; advice where no repair is simple."""

import re

from fidelity.language.repairs import Spot, Stuck
from fidelity.language.statements import kinds, mistakes

MOST_NAMED = 12
WORDS_LOOKED_BACK = 4


def what_can_stand(spot: Spot) -> str:
    """The parts and words that fit a spot; at the start of a line those of the block before new blocks."""
    parts = [name for part, name in mistakes()["parts"].items() if part in spot.parts]
    statements = [
        word for word in sorted(kinds(), key=lambda word: kinds()[word].block) if word in spot.words
    ]
    others = sorted(spot.words - set(statements), key=lambda word: (-len(word), word))
    listed = [*parts, *statements, *others]
    return ", ".join(listed[:MOST_NAMED]) + (" ..." if len(listed) > MOST_NAMED else "")


def advice_for(stuck: Stuck) -> str:
    """What can be said to a mistake that has no simple remedy; nothing where we know of none."""
    starts = [spot.start for spot in stuck.spots[-WORDS_LOOKED_BACK:]]
    for told in mistakes()["advice"]:
        if any(re.compile(told["pattern"]).match(stuck.text, start) for start in starts):
            return str(told["say"])
    return ""
