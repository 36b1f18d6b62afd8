"""The results of the same records under two versions -> which of them move, and how often which way."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

# Possible levels of a result by its key; one level is decided, several are not.
Levels = Mapping[str, tuple[str, ...]]


class Moved(NamedTuple):
    """A record whose result is another one; undecided results show what is possible."""

    observation: str
    result: str
    before: str
    after: str


class Way(NamedTuple):
    """How many records went from one level to another, and the first three of them."""

    result: str
    before: str
    after: str
    number: int
    examples: tuple[str, ...]


def moved_results(records: Iterable[tuple[str, Levels, Levels]]) -> list[Moved]:
    """Each move, for the results that both versions have; a record is its name and both outcomes."""
    return [
        Moved(name, key, _told(before[key]), _told(after[key]))
        for name, before, after in records
        for key in before
        if key in after and before[key] != after[key]
    ]


def ways(moved: Iterable[Moved], examples: int = 3) -> list[Way]:
    """The moves counted by where they lead, the commonest first."""
    several = list(moved)
    counted = Counter((each.result, each.before, each.after) for each in several)
    return [
        Way(*way, number, tuple(each.observation for each in several if each[1:] == way)[:examples])
        for way, number in counted.most_common()
    ]


def _told(possible: tuple[str, ...]) -> str:
    return " or ".join(possible) or "no level"
